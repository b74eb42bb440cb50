"""Unknown and misspelt schools in a file: chosen once, remembered, checked anew."""

import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from indicators.models import AuditEvent, Problem, School, SchoolAlias, Upload
from indicators.vocabulary import UploadState
from tests.pipeline.import_cases import DEMO
from tests.web.test_upload_content import client, drop, officer, project, text_of, url

__all__ = ["client", "officer", "project"]
ANSWERS = DEMO / "endline" / "teacher_kobo.csv"


@pytest.fixture(autouse=True)
def no_calculation(monkeypatch):
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", lambda run_id: None)


@pytest.fixture
def upload(client, project) -> Upload:
    """Answers of teachers whose first school nobody knows and whose second is misspelt."""
    header, *rows = ANSWERS.read_text().splitlines()[:9]
    for place, name in ((0, "Бүркүт-Атака мектеби"), (1, "Тан-Шола")):
        rows[place] = re.sub(r"is_\d\d", name, rows[place], count=1)
    rows = [row for row in rows if "is_24" not in row]  # a school of a register not loaded here
    file = SimpleUploadedFile("t.csv", "\n".join([header, *rows]).encode())
    client.post(url(project, "upload-new"), {"file": file})
    return Upload.objects.get()


def choose(client, project, upload, **fields):
    return client.post(url(project, "upload-schools", upload.pk), fields, follow=True)


def names(page) -> list[tuple[str, bool]]:
    view = page.context["school_names"]
    return [(name.text, name.is_unknown) for name in view.names] if view else []


def test_unknown_names_come_first_and_alike_schools_before_all(client, project, upload):
    page = client.get(url(project, "upload-detail", upload.pk))
    assert names(page) == [("Бүркүт-Атака мектеби", True), ("Тан-Шола", False)]
    unknown, misspelt = page.context["school_names"].names
    assert [(choice.code, choice.is_chosen) for choice in misspelt.alike] == [("IS-01", True)]
    assert not any(choice.is_chosen for choice in unknown.alike)
    assert len(page.context["school_names"].schools) == School.objects.count()
    assert "1 row, unknown" in text_of(page)


def test_a_chosen_school_is_remembered_and_the_file_checked_anew(client, project, upload, officer):
    assert upload.n_blocking == 1
    page = choose(client, project, upload, text="Бүркүт-Атака мектеби", school="IS-07")
    upload.refresh_from_db()
    assert upload.n_blocking == 0
    assert "Remembered" in text_of(page)
    assert names(page) == [("Тан-Шола", False)]
    alias = SchoolAlias.objects.get(text="Бүркүт-Атака мектеби")
    assert alias.school.code == "IS-07"
    event = AuditEvent.objects.get(kind="school.alias_added")
    assert (event.by, event.after["alias"], event.object_id) == (
        officer,
        alias.text,
        str(alias.school_id),
    )
    later = SimpleUploadedFile("later.csv", _content(upload) + b"\n")
    client.post(url(project, "upload-new"), {"file": later})
    assert Upload.objects.first().n_blocking == 0


def _content(upload) -> bytes:
    with default_storage.open(upload.stored_as) as file:
        return file.read()


def test_every_suggestion_at_once(client, project):
    drop(client, project, DEMO / "baseline" / "student_googleforms.xlsx")
    upload = Upload.objects.get()
    suggested = set(
        upload.problems.filter(kind="misspelt_school").values_list("value", "suggestion")
    )
    assert len(suggested) > 1
    page = choose(client, project, upload)
    assert {(a.text, a.school.code) for a in SchoolAlias.objects.all()} >= suggested
    assert names(page) == []
    assert not upload.problems.filter(kind="misspelt_school").exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"text": "Бүркүт-Атака мектеби", "school": ""},
        {"text": "Бүркүт-Атака мектеби", "school": "IS-99"},
        {"text": "Бүркүт-Атака мектеби", "school": "\x00"},
        {"text": "", "school": "IS-01"},
        {"text": "a name of no problem", "school": "IS-01"},
    ],
)
def test_what_was_not_asked_is_not_remembered(client, project, upload, bad):
    before = SchoolAlias.objects.count()
    page = choose(client, project, upload, **bad)
    assert "Choose a school" in text_of(page)
    assert SchoolAlias.objects.count() == before


def test_a_name_of_another_school_is_refused(client, project, upload):
    other = School.objects.get(code="IS-02")
    SchoolAlias.objects.create(school=other, text="x", normalised="бүркүт атака мектеби")
    page = choose(client, project, upload, text="Бүркүт-Атака мектеби", school="IS-01")
    assert "is called so already" in text_of(page)
    assert AuditEvent.objects.filter(kind="school.alias_added").count() == 0


def test_after_the_decision_nothing_is_asked(client, project, upload):
    Upload.objects.update(state=UploadState.WITHDRAWN, withdrawn_at=timezone.now())
    page = choose(client, project, upload, text="Тан-Шола", school="IS-01")
    assert "present state" in text_of(page)
    assert "school_names" not in page.context


def test_a_number_may_stand_for_a_school(client, project):
    """In a file of codes the cell is a number; the alias is compared with its digits."""
    header, first, *_rest = ANSWERS.read_text().splitlines()
    row = re.sub(r"is_\d\d", "4711", first, count=1)
    file = SimpleUploadedFile("n.csv", f"{header}\n{row}\n".encode())
    client.post(url(project, "upload-new"), {"file": file})
    upload = Upload.objects.get()
    assert upload.n_blocking == 1
    choose(client, project, upload, text="4711", school="IS-07")
    upload.refresh_from_db()
    assert upload.n_blocking == 0


def test_a_file_without_open_names_shows_none(client, project):
    drop(client, project, DEMO / "baseline" / "desk_data.xlsx")
    page = client.get(url(project, "upload-detail", Upload.objects.get().pk))
    assert page.context["school_names"] is None


def test_many_names_cost_no_more_queries(client, project, upload, django_assert_max_num_queries):
    for number in range(60):
        Problem.objects.create(
            upload=upload, severity="block", kind="unknown_school", value=f"School {number}"
        )
    with django_assert_max_num_queries(20):
        page = client.get(url(project, "upload-detail", upload.pk))
    assert "and 22 more names" in text_of(page)
    assert len(names(page)) == 40


def leave_out(client, project, upload, text, reason):
    said = {"text": text, "reason": reason}
    return client.post(url(project, "upload-leave-out", upload.pk), said, follow=True)


def test_rows_of_a_school_outside_the_project_are_left_out_with_a_reason(
    client, project, upload, officer
):
    n_before = upload.n_rows
    page = leave_out(client, project, upload, "Бүркүт-Атака мектеби", "Another project's school")
    upload.refresh_from_db()
    assert "The rows are left out" in text_of(page)
    assert upload.left_out == {"Бүркүт-Атака мектеби": "Another project's school"}
    assert (upload.n_blocking, upload.n_rows) == (0, n_before)
    assert upload.problems.get(kind="school_left_out").severity == "row"
    event = AuditEvent.objects.get(kind="upload.rows_left_out")
    assert (event.by, event.reason) == (officer, "Another project's school")
    left = page.context["school_names"].names[0]
    assert (left.text, left.can_leave_out) == ("Бүркүт-Атака мектеби", False)
    client.post(url(project, "upload-accept", upload.pk))
    upload.refresh_from_db()
    assert upload.state == UploadState.ACCEPTED
    assert upload.dataset.n_used == upload.dataset.n_answered - 1


def test_rows_left_out_count_again_when_a_school_is_chosen(client, project, upload):
    leave_out(client, project, upload, "Бүркүт-Атака мектеби", "unknown")
    choose(client, project, upload, text="Бүркүт-Атака мектеби", school="IS-07")
    assert not upload.problems.filter(kind="school_left_out").exists()


def test_rows_of_desk_data_are_left_out_too(client, project):
    text = "Код,Год,Сдавали ОРТ,Средний балл ОРТ\nIS-77,2025,5,100\nIS-01,2025,5,100\n"
    file = SimpleUploadedFile("d.csv", text.encode())
    client.post(url(project, "upload-new"), {"file": file})
    upload = Upload.objects.get()
    assert upload.n_blocking == 1
    leave_out(client, project, upload, "IS-77", "closed")
    upload.refresh_from_db()
    assert (upload.n_blocking, upload.n_rows) == (0, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("Бүркүт-Атака мектеби", " "), ("Тан-Шола", "a school"), ("", "x"), ("elsewhere", "x")],
)
def test_only_unknown_names_are_left_out_and_with_a_reason(client, project, upload, text, reason):
    page = leave_out(client, project, upload, text, reason)
    assert "Say why" in text_of(page)
    upload.refresh_from_db()
    assert upload.left_out == {}


def test_nothing_is_left_out_after_the_decision(client, project, upload):
    Upload.objects.update(state=UploadState.WITHDRAWN, withdrawn_at=timezone.now())
    page = leave_out(client, project, upload, "Бүркүт-Атака мектеби", "x")
    assert "present state" in text_of(page)
