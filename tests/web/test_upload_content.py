"""Dropping files: each is recognised by its content, and a person has the last word."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.actions.load_project import load_project
from indicators.actions.receive import receive_files
from indicators.models import AuditEvent, Membership, Project, Upload, User, Wave
from indicators.vocabulary import FileKind, RoleName, UploadState, WaveState
from tests.pipeline.import_cases import DEMO, DIRTY

BASE, END = DEMO / "baseline", DEMO / "endline"


@pytest.fixture
def project(db) -> Project:
    return load_project(directory=DEMO, by=None).project


@pytest.fixture
def officer(project) -> User:
    user = User.objects.create_user("olga", first_name="Olga")
    Membership.objects.create(user=user, project=project, role=RoleName.OFFICER)
    return user


@pytest.fixture
def client(officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer)
    return client


def url(project, name: str, *args) -> str:
    return reverse(name, args=[project.code, *args])


def file_of(path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def drop(client, project, *paths):
    files = {"file": [file_of(path) for path in paths]}
    return client.post(url(project, "upload-new"), files, follow=True)


def text_of(page) -> str:
    return " ".join(page.content.decode().split())


def test_several_files_become_several_uploads_each_recognised(client, project, officer):
    paths = (
        BASE / "student_googleforms_ru.csv",
        BASE / "director_checklist" / "IS-03_Bilim-Darak.xlsx",
        BASE / "desk_data.xlsx",
        END / "teacher_kobo.csv",
        END / "manual_values.csv",
        DIRTY / "renamed_text.xlsx",
    )
    page = drop(client, project, *paths)
    assert page.redirect_chain[-1][0] == url(project, "upload-list")
    assert "6 files were received" in text_of(page)
    found = {
        upload.file_name: (
            upload.kind,
            upload.wave.code if upload.wave else "",
            upload.version.instrument.code if upload.version else "",
        )
        for upload in Upload.objects.filter(project=project)
    }
    assert found == {
        "student_googleforms_ru.csv": ("survey", "W0", "student"),
        "IS-03_Bilim-Darak.xlsx": ("checklist", "W0", "director"),
        "desk_data.xlsx": ("desk", "W0", ""),
        "teacher_kobo.csv": ("survey", "W1", "teacher"),
        "manual_values.csv": ("manual", "", ""),
        "renamed_text.xlsx": ("", "", ""),
    }
    assert set(Upload.objects.values_list("state", flat=True)) == {UploadState.CHECKED}
    assert AuditEvent.objects.filter(kind="upload.received", by=officer).count() == len(paths)
    assert "not recognised: say what it is" in text_of(page)


def test_one_file_opens_its_page_and_says_how_it_was_recognised(client, project):
    page = drop(client, project, BASE / "student_googleforms_ru.csv")
    upload = Upload.objects.get()
    assert page.redirect_chain[-1][0] == url(project, "upload-detail", upload.pk)
    text = text_of(page)
    assert "questions of “Student survey” stand in the file" in text
    assert "lie in the fieldwork of this wave" in text
    assert "Its wordings are Russian." in text
    assert not page.context["content"].asks
    form = page.context["content_form"]
    assert form["kind"].value() == "survey"
    assert form["wave"].value() == "W0"
    assert form["version"].value() == upload.version_id


def test_an_unknown_file_blocks_and_asks(client, project):
    page = drop(client, project, DIRTY / "renamed_text.xlsx")
    upload = Upload.objects.get()
    assert page.context["content"].asks
    kinds = set(upload.problems.values_list("kind", flat=True))
    assert kinds == {"kind_not_named", "file_type_mismatch"}
    assert upload.n_blocking == 2
    client.post(url(project, "upload-accept", upload.pk))
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKED


def test_two_questionnaires_in_one_table_are_both_named(client, project):
    teacher, parent = (
        (DEMO / path).read_bytes().decode().splitlines()[0]
        for path in ("endline/teacher_kobo.csv", "baseline/parent_forms.csv")
    )
    file = SimpleUploadedFile("both.csv", f"{teacher};{parent.replace(',', ';')}\n1;2\n".encode())
    page = client.post(url(project, "upload-new"), {"file": file}, follow=True)
    assert Upload.objects.get().kind == ""
    assert "It may be several things:" in text_of(page)
    assert len(page.context["content"].lines) == 3


def test_the_officer_says_what_a_file_is_and_it_is_checked_anew(client, project, officer):
    drop(client, project, BASE / "qualitative.csv")
    upload = Upload.objects.get()
    assert (upload.kind, upload.wave) == (FileKind.NOTES, None)
    assert upload.problems.get().kind == "wave_not_named"
    said = {"kind": "notes", "wave": "W0", "version": ""}
    page = client.post(url(project, "upload-describe", upload.pk), said, follow=True)
    upload.refresh_from_db()
    assert upload.wave.code == "W0"
    assert upload.n_rows == 26
    assert not upload.n_blocking
    assert "checked anew" in text_of(page)
    event = AuditEvent.objects.get(kind="upload.described")
    assert (event.by, event.before["wave"], event.after["wave"]) == (officer, "", "W0")


def test_a_kind_without_a_questionnaire_forgets_the_version(client, project):
    drop(client, project, END / "teacher_kobo.csv")
    upload = Upload.objects.get()
    said = {"kind": "desk", "wave": "W1", "version": upload.version_id}
    client.post(url(project, "upload-describe", upload.pk), said)
    upload.refresh_from_db()
    assert (upload.kind, upload.version) == (FileKind.DESK, None)


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "novel"},
        {"kind": ""},
        {"wave": "W9"},
        {"wave": "\x00"},
        {"version": "999999"},
        {"version": "x"},
        {"wave": ""},
        {"version": ""},
    ],
)
def test_a_wrong_description_changes_nothing(client, project, bad):
    drop(client, project, END / "teacher_kobo.csv")
    upload = Upload.objects.get()
    said = {"kind": "survey", "wave": "W1", "version": upload.version_id} | bad
    page = client.post(url(project, "upload-describe", upload.pk), said, follow=True)
    assert "need a wave and a questionnaire" in text_of(page)
    assert not AuditEvent.objects.filter(kind="upload.described").exists()


def test_what_is_decided_is_not_described_again(client, project):
    drop(client, project, BASE / "qualitative.csv")
    Upload.objects.update(state=UploadState.WITHDRAWN, withdrawn_at=timezone.now())
    upload = Upload.objects.get()
    said = {"kind": "notes", "wave": "W0", "version": ""}
    page = client.post(url(project, "upload-describe", upload.pk), said, follow=True)
    assert "present state" in text_of(page)
    assert "content_form" not in page.context
    assert Upload.objects.get().wave is None


def test_the_only_open_wave_is_taken_and_said(client, project):
    Wave.objects.filter(code="W0").update(state=WaveState.LOCKED)
    page = drop(client, project, BASE / "qualitative.csv")
    assert Upload.objects.get().wave.code == "W1"
    assert "this wave is the only open one" in text_of(page)


def test_dates_that_fit_no_wave_are_shown(client, project):
    header, first = (END / "teacher_kobo.csv").read_text().splitlines()[:2]
    file = SimpleUploadedFile("old.csv", f"{header}\n{first.replace('2027-', '2019-')}\n".encode())
    page = client.post(url(project, "upload-new"), {"file": file}, follow=True)
    assert Upload.objects.get().wave is None
    assert "fit no wave" in text_of(page)


def test_the_content_costs_few_queries(client, project, django_assert_max_num_queries):
    drop(client, project, BASE / "student_googleforms_ru.csv")
    with django_assert_max_num_queries(23):
        client.get(url(project, "upload-detail", Upload.objects.get().pk))


def test_recognising_costs_the_same_for_many_files(project, officer, django_assert_num_queries):
    """What the project knows is read once, not per file."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    path = END / "manual_values.csv"

    def queries(n: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            files = [(f"{k}.csv", file_of(path)) for k in range(n)]
            receive_files(project=project, files=files, by=officer)
        return len(caught)

    one, three, five = queries(1), queries(3), queries(5)
    assert five - three == three - one
