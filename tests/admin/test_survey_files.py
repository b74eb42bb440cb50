"""Survey files through the admin: recognised, previewed, confirmed, refused, handed out again."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from indicators.actions.withdraw import remove_accepted
from indicators.admin.kept import FOLDER
from indicators.models import AuditEvent, Dataset, Project, Run, School, Upload, User, Wave
from indicators.vocabulary import UploadState
from tests.actions.test_dataset_export import answers_sha256
from tests.pipeline.import_cases import DEMO, DIRTY
from tests.resources.demo import load_demo

pytestmark = pytest.mark.django_db

BASE = DEMO / "baseline"
STUDENTS, TEACHERS = BASE / "student_googleforms.xlsx", BASE / "teacher_kobo.xlsx"
FORM = reverse("admin:indicators_upload_import")
CONFIRM = reverse("admin:indicators_upload_process_import")
EXPORT = reverse("admin:indicators_dataset_export")


@pytest.fixture(autouse=True)
def no_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indicators.admin.files.enqueue_calculation", lambda run_id: None)


@pytest.fixture
def client(sign_in: Any) -> Client:
    client: Client = sign_in("officer")
    return client


def choose(client: Client, project: Project, path: Path | SimpleUploadedFile, **said: Any) -> Any:
    file = path
    if isinstance(path, Path):
        file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(FORM, {"project": project.pk, "import_file": file, **said})


def confirm(client: Client, preview: Any, **changes: Any) -> Any:
    initial = preview.context["confirm_form"].initial
    data = {name: value for name, value in initial.items() if value is not None}
    return client.post(CONFIRM, data | changes, follow=True)


def text_of(page: Any) -> str:
    return " ".join(page.content.decode().split())


# --- what a preview shows -----------------------------------------------------------------


def test_a_file_is_recognised_previewed_and_confirmed(
    client: Client, people: dict[str, User], project: Project, media: Path
) -> None:
    preview = choose(client, project, STUDENTS)
    shown = preview.context["preview"]
    facts = dict(shown.facts)
    assert facts["What is in it"] == "survey answers"
    assert facts["Questionnaire"].startswith("Student")
    assert (facts["Wave"], facts["Rows"], facts["used"]) == ("Baseline", "779", "773")
    assert len(shown.rows) == 200
    assert shown.shown == "The first 200 of 779 rows"
    assert shown.header[0] == "Timestamp"
    assert not Upload.objects.exists()
    assert not AuditEvent.objects.filter(kind__startswith="upload").exists()

    page = confirm(client, preview)
    assert "Accepted: the data count. A new calculation has started." in text_of(page)
    upload = Upload.objects.get()
    assert (upload.state, upload.created_by) == (UploadState.ACCEPTED, people["officer"])
    assert upload.dataset.n_used == 773
    kinds = AuditEvent.objects.filter(object_label=upload.file_name).values_list("kind", flat=True)
    assert set(kinds) == {"upload.received", "upload.accepted"}
    assert Run.objects.count() == 1
    assert not list((media / FOLDER).iterdir())


def test_the_answers_of_those_who_refused_are_not_shown(client: Client, project: Project) -> None:
    rows = {one.number: one for one in choose(client, project, STUDENTS).context["preview"].rows}
    refused = [one for one in rows.values() if one.key == "skip"]
    assert refused
    assert not any(cell.text for one in refused for cell in one.cells)
    dirty = choose(client, project, DIRTY / "student_googleforms.xlsx").context["preview"]
    by_number = {one.number: one for one in dirty.rows}
    for number in (20, 21, 22):  # said no, said no, said nothing
        assert (by_number[number].key, *{cell.text for cell in by_number[number].cells}) == (
            "skip",
            "",
        )
    assert by_number[8].key == "skip"  # left out for want of a school: shown
    assert any(cell.text for cell in by_number[8].cells)


def test_what_blocks_is_listed_marked_and_cannot_be_confirmed(
    client: Client, project: Project
) -> None:
    preview = choose(client, project, DIRTY / "student_googleforms.xlsx")
    shown, text = preview.context["preview"], text_of(preview)
    assert shown.is_blocked
    assert "confirm_form" not in preview.context
    assert "This file cannot be confirmed" in text
    assert [(one.key, one.n) for one in shown.counts] == [
        ("block", "1"), ("row", "4"), ("cell", "6"), ("warning", "11"),
    ]  # fmt: skip
    result = preview.context["result"]
    assert [(row, len(errors)) for row, errors in result.row_errors()] == [(5, 1)]
    assert "There is no such school" in str(result.row_errors()[0][1][0].error)
    (row,) = [one for one in shown.rows if one.number == 5]
    assert row.key == "error"
    assert [cell.text for cell in row.cells if cell.is_marked] == ["«Бүркүт-Ата» орто мектеби"]
    assert "row 5" in text
    assert "suggestion: IS-01" in text
    assert not Upload.objects.exists()


def test_a_blocked_file_that_is_confirmed_all_the_same_stays_listed(
    client: Client, project: Project
) -> None:
    """Two steps, and between them a school got another code: nothing is stored by half."""
    preview = choose(client, project, STUDENTS)
    School.objects.filter(project=project, code="IS-05").delete()
    page = confirm(client, preview)
    assert "Not accepted: problems block the file." in text_of(page)
    upload = Upload.objects.get()
    assert upload.state == UploadState.CHECKED
    assert upload.problems.filter(severity="block").exists()
    assert not Dataset.objects.exists()
    assert page.redirect_chain[-1][0].endswith(f"?upload__id__exact={upload.pk}")
    assert "unknown_school" in text_of(page)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("ky", ["Бул файлды ырастоого болбойт", "Файлды текшерүү", "Бардык саптар"]),
        ("ru", ["Этот файл подтвердить нельзя", "Проверить файл", "Все строки"]),
        ("en", ["This file cannot be confirmed", "Check the file", "All rows"]),
    ],
)
def test_the_pages_speak_the_language_of_the_person(
    people: dict[str, User], project: Project, language: str, texts: list[str]
) -> None:
    client = Client(headers={"accept-language": language})
    client.force_login(people["officer"])
    text = text_of(choose(client, project, DIRTY / "student_googleforms.xlsx"))
    for one in texts:
        assert one in text


def test_the_pages_keep_the_content_policy(client: Client, project: Project) -> None:
    choose_page = client.get(FORM)
    preview = choose(client, project, STUDENTS)
    for page in (choose_page, preview, client.get(EXPORT)):
        text = page.content.decode()
        assert page.status_code == 200
        assert not re.search(r"\son[a-z]+=|\sstyle=|<style|<script(?![^>]*\ssrc=)", text)


# --- what is said and what is recognised -------------------------------------------------------


def test_what_a_person_says_stands(client: Client, project: Project) -> None:
    wave = Wave.objects.get(project=project, code="W1")
    preview = choose(client, project, TEACHERS, wave=wave.pk)
    shown = preview.context["preview"]
    assert dict(shown.facts)["Wave"] == "Endline"
    text = text_of(preview)
    assert "251 of 251 dates lie outside the dates of the wave" in text
    assert "the file may belong to another wave" in text
    students = wave.wave_instruments.get(version__instrument__code="student").version
    text = text_of(choose(client, project, TEACHERS, wave=wave.pk, version=students.pk))
    assert "this is another questionnaire" in text
    assert "confirm_form" not in choose(client, project, TEACHERS, kind="desk").context


def test_a_version_named_with_a_wave_that_does_not_use_it(client: Client, project: Project) -> None:
    first = Wave.objects.get(project=project, code="W0")
    last = Wave.objects.get(project=project, code="W1")
    endline = last.wave_instruments.get(version__instrument__code="student").version
    page = choose(client, project, STUDENTS, wave=first.pk, version=endline.pk)
    assert "confirm_form" not in page.context
    assert [p.kind for p in page.context["result"].problems] == ["questionnaire_not_named"]


def test_a_file_with_two_questionnaires_asks_which(client: Client, project: Project) -> None:
    content = both()
    page = choose(client, project, SimpleUploadedFile("both.xlsx", content))
    assert [p.kind for p in page.context["result"].problems] == ["kind_not_named"]
    wave = Wave.objects.get(project=project, code="W0")
    for instrument in ("student", "teacher"):
        version = wave.wave_instruments.get(version__instrument__code=instrument).version
        said = {"wave": wave.pk, "version": version.pk}
        preview = choose(client, project, SimpleUploadedFile("both.xlsx", content), **said)
        confirm(client, preview)
    stored = {one.version.instrument.code: one.n_opened for one in Dataset.objects.all()}
    assert stored == {"student": 39, "teacher": 39}


def both() -> bytes:
    """A workbook with a sheet of students and one of teachers."""
    book = Workbook()
    book.remove(book.active)
    for path in (STUDENTS, TEACHERS):
        sheet = book.create_sheet(path.stem)
        rows = load_workbook(path).worksheets[0].iter_rows(values_only=True)
        for row, _ in zip(rows, range(40), strict=False):
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_other_sorts_of_files_come_in_too(client: Client, project: Project) -> None:
    for path in (BASE / "desk_data.xlsx", BASE / "director_checklist" / "IS-03_Bilim-Darak.xlsx"):
        assert "Accepted" in text_of(confirm(client, choose(client, project, path)))
    assert Upload.objects.filter(state=UploadState.ACCEPTED).count() == 2


def test_a_file_that_counts_already(client: Client, project: Project) -> None:
    first = choose(client, project, TEACHERS)
    second = choose(client, project, TEACHERS)
    confirm(client, first)
    again = choose(client, project, TEACHERS)
    assert "The same file counts already, loaded as teacher_kobo.xlsx" in text_of(again)
    assert "confirm_form" not in again.context
    # Previewed by two people at once: the second confirmation changes nothing and says so.
    assert "Nothing to do: the same file counts already" in text_of(confirm(client, second))
    assert Dataset.objects.count() == 1


@pytest.mark.parametrize("changes", [{}, {"import_file_name": "../../etc/passwd"}])
def test_a_preview_is_confirmed_once(
    client: Client, project: Project, changes: dict[str, str]
) -> None:
    preview = choose(client, project, TEACHERS)
    if not changes:
        confirm(client, preview)
    page = confirm(client, preview, **changes)
    assert "This preview was confirmed already, or is older than a day." in text_of(page)
    assert Dataset.objects.count() == (0 if changes else 1)


def test_bad_input_is_told(client: Client, project: Project, settings: Any) -> None:
    other = load_demo("other")
    foreign = Wave.objects.get(project=other, code="W0")
    assert choose(client, project, TEACHERS, wave=foreign.pk).context["form"].errors["wave"]
    assert choose(client, other, TEACHERS).context["form"].errors["project"]
    empty = SimpleUploadedFile("a.csv", b"")
    assert choose(client, project, empty).context["form"].errors["import_file"]
    assert client.post(FORM, {"project": project.pk}).context["form"].errors["import_file"]
    assert choose(client, project, TEACHERS, kind="nonsense").context["form"].errors["kind"]
    settings.UPLOAD_MAX_BYTES = 10
    assert "is larger than" in text_of(choose(client, project, TEACHERS))
    broken = SimpleUploadedFile("a.xlsx", b"PK\x03\x04no workbook")
    settings.UPLOAD_MAX_BYTES = 1000
    assert "confirm_form" not in choose(client, project, broken).context


def test_a_superuser_names_waves_of_the_right_project(sign_in: Any, project: Project) -> None:
    client, other = sign_in("superuser"), load_demo("other")
    foreign = Wave.objects.get(project=other, code="W0")
    version = foreign.wave_instruments.get(version__instrument__code="student").version
    errors = (
        choose(client, project, TEACHERS, wave=foreign.pk, version=version.pk)
        .context["form"]
        .errors
    )
    assert set(errors) == {"wave", "version"}
    assert "Accepted" in text_of(confirm(client, choose(client, other, TEACHERS)))
    assert Upload.objects.get().project == other


# --- who, how fast, the same as elsewhere ------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anonymous", 302), ("donor", 302), ("director", 302), ("staff donor", 302),
        ("stranger", 302), ("administrator", 403), ("officer", 200), ("superuser", 200),
    ],
)  # fmt: skip
def test_who_may_load_and_take_out(sign_in: Any, project: Project, who: str, status: int) -> None:
    client = sign_in(who)
    assert client.get(FORM).status_code == status
    assert client.get(EXPORT).status_code == status
    refused = {302, 403} if status != 200 else {200}
    assert client.post(CONFIRM, {}).status_code in refused
    assert client.post(EXPORT, {}).status_code in refused
    answer = choose(client, project, TEACHERS)
    assert answer.status_code == status
    assert not Upload.objects.exists()


def test_the_steps_take_few_queries(client: Client, project: Project) -> None:
    client.get(FORM)
    counts = {}
    with CaptureQueriesContext(connection) as caught:
        client.get(FORM)
    counts["form"] = len(caught)
    for path in (TEACHERS, BASE / "parent_forms.csv"):
        with CaptureQueriesContext(connection) as caught:
            preview = choose(client, project, path)
        counts[path.name] = len(caught)
        with CaptureQueriesContext(connection) as caught:
            confirm(client, preview)
        counts[f"confirmed {path.name}"] = len(caught)
    with CaptureQueriesContext(connection) as caught:
        client.get(EXPORT)
    counts["export"] = len(caught)
    assert counts["form"] <= 12, counts
    assert counts["export"] <= 10, counts
    # Whatever the number of rows: 251 and 2603.
    assert max(counts.values()) <= 130, counts


@pytest.mark.parametrize("path", [STUDENTS, BASE / "parent_forms.csv"], ids=lambda path: path.name)
def test_page_admin_and_command_store_the_same(
    client: Client, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indicators.views.upload.go_on", lambda upload: None)
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", lambda run_id: None)
    confirm(client, choose(client, project, path))
    stored = [facts_of(take_back())]
    file = SimpleUploadedFile(path.name, path.read_bytes())
    client.post(reverse("upload-new", args=[project.code]), {"file": file})
    client.post(reverse("upload-accept", args=[project.code, Upload.objects.latest("pk").pk]))
    stored.append(facts_of(take_back()))
    instrument = path.name.split("_", maxsplit=1)[0]
    options = ["--project", project.code, "--wave", "W0", "--kind", "survey"]
    call_command(
        "import_file", str(path), *options, "--instrument", instrument, stdout=io.StringIO()
    )
    stored.append(facts_of(take_back()))
    assert stored[0] == stored[1] == stored[2]


def take_back() -> tuple[Upload, Dataset]:
    """The upload accepted last and its dataset, which then makes room for the next door."""
    dataset = Dataset.objects.select_related("upload").get()
    upload = dataset.upload
    remove_accepted(upload=upload, by=None)
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.WITHDRAWN)
    return upload, dataset


def facts_of(kept: tuple[Upload, Dataset]) -> tuple[Any, ...]:
    upload, dataset = kept
    problems = upload.problems.order_by("id").values_list(
        "severity", "kind", "sheet", "row", "column", "value", "suggestion"
    )
    return dataset.sha256, upload.n_rows, upload.format, upload.version_id, list(problems)


# --- out again ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "ending"), [(0, "xlsx"), (1, "csv"), (2, "sav")])
def test_out_and_back_in_is_the_same_dataset(
    client: Client, people: dict[str, User], project: Project, number: int, ending: str
) -> None:
    confirm(client, choose(client, project, TEACHERS))
    dataset = Dataset.objects.get()
    assert (
        f"?dataset={dataset.pk}"
        in client.get(reverse("admin:indicators_dataset_changelist")).content.decode()
    )
    data = {"dataset": dataset.pk, "format": str(number), "language": "ky"}
    response = client.post(EXPORT, data)
    name = f"answers-teacher-W0-{dataset.upload_id}.{ending}"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "no-store" in response["Cache-Control"]
    event = AuditEvent.objects.get(kind="answers.exported")
    assert (event.by, event.after["format"], event.after["people"]) == (
        people["officer"], ending, dataset.n_used,
    )  # fmt: skip
    before = answers_sha256(dataset)
    take_back()
    wave = Wave.objects.get(project=project, code="W0")  # the answers handed out hold no dates
    file = SimpleUploadedFile(name, response.content)
    confirm(client, choose(client, project, file, wave=wave.pk))
    assert answers_sha256(Dataset.objects.get()) == before


def test_answers_of_another_project_are_not_handed_out(client: Client, project: Project) -> None:
    other = load_demo("other")
    call_command(
        "import_file", str(TEACHERS), "--project", other.code, "--wave", "W0", "--kind", "survey",
        "--instrument", "teacher", stdout=io.StringIO(),
    )  # fmt: skip
    foreign = Dataset.objects.get()
    page = client.post(EXPORT, {"dataset": foreign.pk, "format": "1", "language": "en"})
    assert page.context["form"].errors["dataset"]
    assert not AuditEvent.objects.filter(kind="answers.exported").exists()
