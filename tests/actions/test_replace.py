"""A corrected version of a file: recognised, shown beside the earlier one, put in its place."""

import csv
import io
from typing import Any

import pytest

from indicators.actions.previews import compute_preview, request_preview
from indicators.actions.replace import earlier_version, replace_upload
from indicators.actions.uploads import (
    UploadClosed,
    UploadRefused,
    check_upload,
    receive_upload,
)
from indicators.models import AuditEvent, Dataset, Project, Upload, UploadPreview, User, Wave
from indicators.pipeline.calculate import calculate
from indicators.pipeline.differences import figures
from indicators.queries.calculation import calculation_inputs
from indicators.queries.import_context import version_in_wave
from indicators.vocabulary import FileKind, PreviewStep, UploadState
from tests.actions.upload_cases import CHECKLISTS, PARENTS, load
from tests.pipeline.import_cases import DIRTY


def rows_of_parents() -> list[list[str]]:
    text = PARENTS.read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def as_file(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def checked(project: Project, content: bytes, by: User, **fields: Any) -> Upload:
    wave = Wave.objects.get(project=project, code=fields.pop("wave", "W0"))
    instrument = fields.pop("instrument", "parent")
    values = {"kind": FileKind.SURVEY, "file_name": "corrected.csv"} | fields
    version = version_in_wave(project=project, wave=wave, instrument=instrument)
    upload = receive_upload(
        project=project, content=content, wave=wave, version=version, by=by, **values
    )
    return check_upload(upload=upload, by=by)


@pytest.fixture
def earlier(demo: Project) -> Upload:
    upload = load(demo, PARENTS, "survey", "W0", instrument="parent").upload
    assert upload is not None
    return upload


@pytest.fixture
def corrected(demo: Project, officer: User, earlier: Upload) -> Upload:
    """Two rows removed and three answers emptied."""
    rows = rows_of_parents()
    place = next(i for i, name in enumerate(rows[0]) if any(r[i] for r in rows[1:4]) and i > 5)
    for number in (10, 11, 12):
        rows[number][place] = ""
    return checked(demo, as_file([*rows[:100], *rows[102:]]), officer)


def test_a_corrected_version_is_recognised_with_its_differences(earlier, corrected):
    found = earlier_version(corrected)
    assert found is not None
    other, rows = found
    assert other == earlier
    assert (rows.n_removed, rows.n_added) == (2, 0)
    assert 0 < rows.n_changed <= 3
    assert {cell.after for cell in rows.changed} == {""}
    assert {cell.row for cell in rows.changed} <= {11, 12, 13}


def test_what_a_replacement_is_said_to_change_is_what_changes(demo, officer, earlier, corrected):
    preview = request_preview(upload=corrected, step=PreviewStep.ACCEPT)
    compute_preview(preview_id=preview.pk)
    found = UploadPreview.objects.get(upload=corrected, step=PreviewStep.REPLACE)
    assert (found.replaces, found.error) == (earlier, "")
    assert found.content["rows"]["n_removed"] == 2
    (base,) = found.content["bases"]
    replace_upload(upload=corrected, earlier=earlier, by=officer, reason="two test rows")
    earlier.refresh_from_db()
    assert (earlier.state, corrected.state) == (UploadState.WITHDRAWN, UploadState.ACCEPTED)
    assert Dataset.objects.get().n_used == base["after"]
    inputs, _names = calculation_inputs(demo)
    now = figures(calculate(inputs), inputs.targets)
    foretold = {(m["measure"], m["wave"]): m["after"] for m in found.content["figures"]}
    assert foretold
    assert all(now[key].value == figure["value"] for key, figure in foretold.items())
    assert all(now[key].n == figure["n"] for key, figure in foretold.items())


def test_a_replacement_is_one_trail(officer, earlier, corrected):
    replace_upload(upload=corrected, earlier=earlier, by=officer, reason="two test rows")
    kinds = list(AuditEvent.objects.order_by("-pk").values_list("kind", flat=True)[:3])
    assert kinds == ["upload.replaced", "upload.accepted", "upload.withdrawn"]
    event = AuditEvent.objects.get(kind="upload.replaced")
    assert (event.before["upload"], event.after["upload"]) == (earlier.pk, corrected.pk)
    assert event.reason == "two test rows"


def test_a_replacement_that_is_refused_changes_nothing(demo, officer):
    earlier = load(demo, PARENTS, "survey", "W0", instrument="parent").upload
    assert earlier is not None
    content = (DIRTY / "empty.csv").read_bytes()
    wrong = checked(demo, content, officer)
    events = AuditEvent.objects.count()
    with pytest.raises(UploadRefused):
        replace_upload(upload=wrong, earlier=earlier, by=officer, reason="x")
    earlier.refresh_from_db()
    assert earlier.state == UploadState.ACCEPTED
    assert Dataset.objects.count() == 1
    assert AuditEvent.objects.count() == events


def test_only_a_file_that_counts_for_the_same_wave_is_replaced(demo, officer, earlier, corrected):
    later = checked(demo, as_file(rows_of_parents()[:50]), officer, wave="W1")
    assert earlier_version(later) is None
    for upload in (later, earlier):
        with pytest.raises(UploadClosed):
            replace_upload(upload=upload, earlier=earlier, by=officer, reason="x")
    replace_upload(upload=corrected, earlier=earlier, by=officer, reason="x")
    other = checked(demo, as_file(rows_of_parents()[:2000]), officer)
    with pytest.raises(UploadClosed):
        replace_upload(upload=other, earlier=earlier, by=officer, reason="x")


def test_another_file_and_the_same_file_replace_nothing(demo, officer, earlier):
    rows = rows_of_parents()
    others = [[*row[:1], *(f"{cell} {n}" for cell in row[1:])] for n, row in enumerate(rows[1:60])]
    stamped = [[f"2025-10-07 0{n}", *row[1:]] for n, row in enumerate(others)]
    assert earlier_version(checked(demo, as_file([rows[0], *stamped]), officer)) is None
    assert earlier_version(checked(demo, PARENTS.read_bytes(), officer)) is None


def test_a_lost_file_is_passed_over(corrected, earlier):
    Upload.objects.filter(pk=earlier.pk).update(stored_as="uploads/none")
    assert earlier_version(corrected) is None


def test_a_checklist_that_is_taken_can_be_replaced(demo, officer):
    path = sorted(CHECKLISTS.iterdir())[0]
    first = load(demo, path, "checklist", "W0", instrument="director").upload
    assert first is not None
    book = io.BytesIO()
    from openpyxl import load_workbook

    sheets = load_workbook(path)
    sheets.properties.title = "second version"
    sheets.save(book)
    fields = {"kind": FileKind.CHECKLIST, "file_name": "second.xlsx", "instrument": "director"}
    second = checked(demo, book.getvalue(), officer, **fields)
    assert second.n_blocking
    preview = request_preview(upload=second, step=PreviewStep.ACCEPT)
    assert compute_preview(preview_id=preview.pk).error == "refused"
    found = UploadPreview.objects.get(upload=second, step=PreviewStep.REPLACE)
    assert (found.error, found.replaces) == ("", first)
    replace_upload(upload=second, earlier=first, by=officer, reason="x")
    second.refresh_from_db()
    assert (second.state, second.n_blocking) == (UploadState.ACCEPTED, 0)
