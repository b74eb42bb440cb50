"""A preview says beforehand what then happens, and leaves nothing behind."""

from typing import Any

import pytest

from indicators.actions.previews import compute_preview, request_preview
from indicators.actions.runs import request_run, run_calculation
from indicators.actions.uploads import accept_upload, check_upload, withdraw_upload
from indicators.models import (
    AuditEvent,
    Dataset,
    Estimate,
    Exclusion,
    Run,
    Upload,
    UploadPreview,
    User,
    Wave,
)
from indicators.pipeline.calculate import calculate
from indicators.pipeline.differences import Figure, figures
from indicators.queries.calculation import calculation_inputs
from indicators.queries.import_context import version_in_wave
from indicators.queries.previews import data_mark, preview_sheets
from indicators.vocabulary import PreviewStep, UploadState
from tests.actions.upload_cases import CHECKLISTS, REGISTER, TEACHERS, load, received
from tests.operations.digest import results_of
from tests.pipeline.import_cases import DEMO, DIRTY

LATER = DEMO / "endline" / "teacher_kobo.csv"


def preview_of(upload: Upload, step: PreviewStep = PreviewStep.ACCEPT) -> dict[str, Any]:
    preview = compute_preview(preview_id=request_preview(upload=upload, step=step).pk)
    assert preview.finished_at is not None
    assert preview.error == ""
    return dict(preview.content)


def figures_now(project) -> dict[tuple[str, str], Any]:
    inputs, _names = calculation_inputs(project)
    return figures(calculate(inputs), inputs.targets)


def as_foretold(content) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {(m["measure"], m["wave"]): tuple(m["after"].values()) for m in content["figures"]}


def differing(before, after) -> dict[tuple[str, str], tuple[Any, ...]]:
    pairs = {k: (before.get(k, Figure()), after.get(k, Figure())) for k in before | after}
    found = {key: new for key, (old, new) in pairs.items() if old != new}
    return {k: (f.value, f.n, f.verdict, f.reason, f.status) for k, f in found.items()}


def accepted(project, path, kind, wave, instrument="") -> Upload:
    report = load(project, path, kind, wave, instrument=instrument)
    assert report.is_accepted, report.problems
    assert report.upload is not None
    return report.upload


def both_waves(project) -> tuple[Upload, Upload]:
    """Teachers of the baseline and, after a change of the register, of the endline."""
    first = accepted(project, TEACHERS, "survey", "W0", "teacher")
    accepted(project, REGISTER, "register", "W1")
    return first, accepted(project, LATER, "survey", "W1", "teacher")


def checked(project, path, officer: User, wave: str = "W0") -> Upload:
    upload = received(project, path, officer)
    upload.wave = Wave.objects.get(project=project, code=wave)
    upload.version = version_in_wave(project=project, wave=upload.wave, instrument="teacher")
    upload.save()
    return check_upload(upload=upload, by=officer)


def test_what_an_acceptance_is_said_to_change_is_what_changes(demo, officer):
    accepted(demo, TEACHERS, "survey", "W0", "teacher")
    accepted(demo, REGISTER, "register", "W1")
    before = figures_now(demo)
    upload = checked(demo, LATER, officer, "W1")
    content = preview_of(upload)
    accept_upload(upload=upload, by=officer)
    assert as_foretold(content) == differing(before, figures_now(demo))
    dataset = Dataset.objects.get(upload=upload)
    assert content["funnel"] == [
        *(dataset.n_opened, dataset.n_consented, dataset.n_answered, dataset.n_used)
    ]
    (base,) = content["bases"]
    assert (base["before"], base["after"]) == (0, dataset.n_used)
    assert sum(after for _code, _before, after in base["schools"]) == dataset.n_used
    assert any(m["after"]["verdict"] for m in content["figures"])


def test_what_a_withdrawal_is_said_to_change_is_what_changes(demo, officer):
    _first, upload = both_waves(demo)
    content = preview_of(upload, PreviewStep.WITHDRAW)
    before = figures_now(demo)
    withdraw_upload(upload=upload, by=officer, reason="x")
    assert as_foretold(content) == differing(before, figures_now(demo))
    assert {m["after"]["n"] for m in content["figures"] if m["wave"] == "W1"} == {0}
    (base,) = content["bases"]
    assert base["after"] == 0


@pytest.mark.parametrize("kind", ["manual", "desk", "checklist", "register"])
def test_every_kind_of_file_has_a_preview(demo, officer, kind):
    path, wave = {
        "manual": (DEMO / "endline" / "manual_values.csv", "W1"),
        "desk": (DEMO / "baseline" / "desk_data.xlsx", "W0"),
        "checklist": (sorted(CHECKLISTS.iterdir())[0], "W0"),
        "register": (REGISTER, "W1"),
    }[kind]
    upload = accepted(demo, path, kind, wave, "director" if kind == "checklist" else "")
    withdraw_upload(upload=upload, by=officer, reason="x")
    content = preview_of(upload)
    assert content["counts"]
    assert bool(content["figures"]) == (kind != "register")
    assert upload.state == UploadState.WITHDRAWN


def test_a_preview_leaves_nothing_behind(demo, officer):
    upload = checked(demo, TEACHERS, officer)
    events = AuditEvent.objects.count()
    preview_of(upload)
    upload.refresh_from_db()
    assert (upload.state, upload.accepted_at) == (UploadState.CHECKED, None)
    assert not Dataset.objects.exists()
    assert not Run.objects.exists()
    assert not Estimate.objects.exists()
    assert AuditEvent.objects.count() == events


def test_a_preview_is_out_of_date_once_the_data_change(demo, officer):
    upload = checked(demo, TEACHERS, officer)
    preview_of(upload)
    assert not preview_sheets(upload)["accept"].is_outdated
    mark = data_mark(demo)
    request_run(project=demo, by=officer)
    check_upload(upload=upload, by=officer)
    assert data_mark(demo) == mark
    load(demo, DEMO / "endline" / "manual_values.csv", "manual", "W1")
    assert preview_sheets(upload)["accept"].is_outdated
    preview_of(upload)
    assert not preview_sheets(upload)["accept"].is_outdated
    assert UploadPreview.objects.count() == 1


def test_a_decision_that_is_not_possible_says_so(demo, officer):
    upload = checked(demo, DIRTY / "teacher_kobo.xlsx", officer)
    preview = request_preview(upload=upload, step=PreviewStep.ACCEPT)
    assert compute_preview(preview_id=preview.pk).error == "refused"
    register = accepted(demo, REGISTER, "register", "W1")
    accepted(demo, LATER, "survey", "W1", "teacher")
    standing = request_preview(upload=register, step=PreviewStep.WITHDRAW)
    found = compute_preview(preview_id=standing.pk)
    assert (found.error, found.content) == ("not_withdrawn", {"what": "IS-24"})


def test_an_error_is_written_down_and_raised(demo, officer, monkeypatch):
    upload = checked(demo, TEACHERS, officer)
    preview = request_preview(upload=upload, step=PreviewStep.ACCEPT)

    def broken(inputs: Any) -> None:
        raise ArithmeticError

    monkeypatch.setattr("indicators.actions.previews.calculate", broken)
    with pytest.raises(ArithmeticError):
        compute_preview(preview_id=preview.pk)
    preview.refresh_from_db()
    assert preview.error == "failed"
    assert preview.finished_at is not None


# --- accepted again -----------------------------------------------------------------------


def test_a_file_accepted_again_is_back_identically(demo, officer):
    """The data, what was decided about its rows, and every result."""
    upload, _later = both_waves(demo)
    dataset = Dataset.objects.get(upload=upload)
    Exclusion.objects.create(dataset=dataset, row=7, reason="a test sheet", created_by=officer)
    sha256 = dataset.sha256
    first = run_calculation(run_id=request_run(project=demo, by=None).pk)
    expected = results_of(first.pk)
    withdraw_upload(upload=upload, by=officer, reason="to look at it")
    without = run_calculation(run_id=request_run(project=demo, by=None).pk)
    assert results_of(without.pk) != expected
    accept_upload(upload=upload, by=officer)
    assert (upload.state, upload.withdrawn_at, upload.withdrawal_reason) == ("accepted", None, "")
    assert upload.exclusions == []
    assert Dataset.objects.get(upload=upload).sha256 == sha256
    exclusion = Exclusion.objects.get()
    assert (exclusion.row, exclusion.reason, exclusion.created_by) == (7, "a test sheet", officer)
    again = run_calculation(run_id=request_run(project=demo, by=None).pk)
    assert again.input_sha256 == first.input_sha256
    assert results_of(again.pk) == expected


def test_a_decision_of_somebody_deleted_comes_back_without_the_name(demo, officer):
    upload = accepted(demo, TEACHERS, "survey", "W0", "teacher")
    dataset = Dataset.objects.get(upload=upload)
    gone = User.objects.create_user("gone")
    Exclusion.objects.create(dataset=dataset, row=7, reason="x", created_by=gone)
    withdraw_upload(upload=upload, by=officer, reason="x")
    gone.delete()
    accept_upload(upload=upload, by=officer)
    assert Exclusion.objects.get().created_by is None
