"""Columns of a file: assigned to questions once, remembered for the questionnaire."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone

from indicators.actions.uploads import import_file
from indicators.forms.columns import chosen_columns
from indicators.models import AuditEvent, ColumnMapping, Problem, Upload, Wave
from indicators.vocabulary import FileKind, UploadState
from tests.pipeline.import_cases import DEMO
from tests.web.test_upload_content import client, drop, officer, project, text_of, url

__all__ = ["client", "officer", "project"]
ANSWERS = DEMO / "endline" / "teacher_kobo.csv"
NAMES = ("background/t_sex", "background/t_level")
TYPED = ("gender of the respondent", "stage taught at")


def content(n_rows: int = 9) -> bytes:
    """Answers of teachers with two headers that no form knows."""
    header, *rows = ANSWERS.read_text().splitlines()[: n_rows + 1]
    for name, typed in zip(NAMES, TYPED, strict=True):
        assert name in header
        header = header.replace(name, typed)
    rows = [row for row in rows if "is_24" not in row]  # a school of a register not loaded here
    return "\n".join([header, *rows]).encode()


def send(client, project, data: bytes, name: str = "t.csv"):
    files = {"file": SimpleUploadedFile(name, data)}
    return client.post(url(project, "upload-new"), files, follow=True)


@pytest.fixture
def upload(client, project) -> Upload:
    send(client, project, content())
    return Upload.objects.get()


def choose(client, project, upload, *items: str, headers=TYPED):
    said = {"header": list(headers), "item": list(items)}
    return client.post(url(project, "upload-columns", upload.pk), said, follow=True)


def open_kinds(upload) -> set[str]:
    found = upload.problems.filter(kind__in=("unknown_extra_column", "missing_required_column"))
    return {row.column if row.kind == "unknown_extra_column" else row.value for row in found}


def test_unknown_columns_are_listed_with_all_questions(client, project, upload):
    page = client.get(url(project, "upload-detail", upload.pk))
    view = page.context["columns"]
    assert {column.header for column in view.columns} == set(TYPED)
    assert {column.chosen for column in view.columns} == {""}
    assert {question.value for question in view.questions} >= {"t_sex", "t_level"}
    assert "no question, not read" in text_of(page)


def test_a_column_is_mapped_left_out_and_decided_anew(client, project, upload, officer):
    page = choose(client, project, upload, "t_sex", "-")
    upload.refresh_from_db()
    assert upload.mapping == {TYPED[0]: "t_sex", TYPED[1]: ""}
    assert "Remembered" in text_of(page)
    assert not open_kinds(upload) & {*TYPED, "t_sex"}
    kept = {row.header: row.item and row.item.name for row in ColumnMapping.objects.all()}
    assert kept == {TYPED[0]: "t_sex", TYPED[1]: None}
    event = AuditEvent.objects.get(kind="column.mapped")
    assert (event.by, event.before) == (officer, dict.fromkeys(TYPED))
    assert event.after == upload.mapping
    shown = {column.header: column.chosen for column in page.context["columns"].columns}
    assert shown == {TYPED[0]: "t_sex", TYPED[1]: "-"}
    choose(client, project, upload, "", "t_level")
    upload.refresh_from_db()
    assert upload.mapping == {TYPED[1]: "t_level"}
    assert [row.item.name for row in ColumnMapping.objects.all()] == ["t_level"]
    assert open_kinds(upload) >= {TYPED[0]}


def test_the_next_file_needs_no_decision(client, project, upload, officer):
    choose(client, project, upload, "t_sex", "t_level")
    page = send(client, project, content(8), "next.csv")
    following = Upload.objects.get(file_name="next.csv")
    assert following.mapping == dict(zip(TYPED, ("t_sex", "t_level"), strict=True))
    assert not open_kinds(following) & set(TYPED)
    assert page.context["columns"].n_open == 0
    for dry_run in (True, False):
        report = import_file(
            project=project,
            wave=Wave.objects.get(code="W1"),
            kind=FileKind.SURVEY,
            file_name="third.csv",
            content=content(7),
            instrument="teacher",
            by=officer,
            dry_run=dry_run,
        )
        assert not [p for p in report.problems if p.column in TYPED]


def test_an_unchanged_choice_writes_no_event(client, project, upload):
    choose(client, project, upload, "", "")
    assert not AuditEvent.objects.filter(kind="column.mapped").exists()
    assert not ColumnMapping.objects.exists()


@pytest.mark.parametrize(
    ("items", "headers"),
    [
        (("t_sex",), TYPED),
        ((), ()),
        (("no_such_item", "-"), TYPED),
        (("t_sex\x00x", "-"), TYPED),
        (("s_sex", "-"), TYPED),
        (("t_sex",), ("a header of another file",)),
    ],
)
def test_a_choice_that_does_not_fit_changes_nothing(client, project, upload, items, headers):
    page = choose(client, project, upload, *items, headers=headers)
    assert "Choose a question" in text_of(page)
    upload.refresh_from_db()
    assert upload.mapping == {}
    assert not ColumnMapping.objects.exists()


def test_too_long_a_list_is_refused():
    fields = "&".join("header=a&item=-" for _ in range(1001))
    assert chosen_columns(QueryDict(fields)) is None


def test_two_columns_for_one_question_block_the_file(client, project, upload):
    choose(client, project, upload, "t_sex", "t_sex")
    upload.refresh_from_db()
    assert upload.problems.filter(kind="duplicate_header", severity="block").count() == 1


def test_after_the_decision_nothing_is_mapped(client, project, upload):
    Upload.objects.update(state=UploadState.WITHDRAWN, withdrawn_at=timezone.now())
    page = choose(client, project, upload, "t_sex", "-")
    assert "present state" in text_of(page)
    assert "columns" not in page.context


def test_a_resembling_question_is_offered_first(client, project):
    page = drop(client, project, DEMO.parents[2] / "tests/golden/dirty/student_googleforms.xlsx")
    changed, unknown = page.context["columns"].columns
    assert changed.alike.value == "s_student_council"
    assert "worded a little differently" in changed.note
    assert unknown.alike is None


def test_a_file_of_records_has_no_columns_to_decide(client, project):
    page = drop(client, project, DEMO / "baseline" / "desk_data.xlsx")
    assert page.context["columns"] is None


def test_many_columns_cost_no_more_queries(client, project, upload, django_assert_max_num_queries):
    for number in range(120):
        Problem.objects.create(
            upload=upload, severity="warning", kind="header_unclear", column=f"column {number}"
        )
    with django_assert_max_num_queries(23):
        page = client.get(url(project, "upload-detail", upload.pk))
    assert len(page.context["columns"].columns) == 100
    assert "and 22 more columns" in text_of(page)
