"""Rows left out before a file is accepted: from a problem or typed, with a reason, taken back."""

import pytest
from django.utils import timezone

from indicators.models import AuditEvent, Dataset, Exclusion, LeftOutRow, Upload
from indicators.presenters.left_out_rows import as_ranges
from indicators.vocabulary import UploadState
from tests.actions.upload_cases import teachers
from tests.pipeline.import_cases import DEMO
from tests.web.test_upload_content import client, drop, officer, project, text_of, url
from tests.web.test_upload_values import send

__all__ = ["client", "officer", "project"]
DESK = (
    "Код,Год,Сдавали ОРТ,Средний балл ОРТ\nIS-77,2025,5,100\nIS-78,2025,5,100\nIS-01,2025,5,100\n"
)


@pytest.fixture(autouse=True)
def no_calculation(monkeypatch):
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", lambda run_id: None)


@pytest.fixture
def upload(client, project) -> Upload:
    """Nine rows; the second repeats the key of the first with other answers, which blocks."""
    return send(client, project, teachers(t_comp_ict=("7", "4", "5"), _uuid=("u-1", "u-1")))


def leave_out(client, project, upload, rows, reason="sent in error", **fields):
    said = {"rows": rows, "reason": reason, **fields}
    return client.post(url(project, "upload-rows", upload.pk), said, follow=True)


def take_back(client, project, upload, rows, sheet=""):
    said = {"rows": rows, "sheet": sheet}
    return client.post(url(project, "upload-rows-back", upload.pk), said, follow=True)


def left() -> list[int]:
    return list(LeftOutRow.objects.order_by("row").values_list("row", flat=True))


def problem(upload, kind):
    return upload.problems.filter(kind=kind).order_by("id").first()


def test_rows_of_a_problem_are_left_out_and_its_block_is_gone(client, project, upload, officer):
    assert upload.n_blocking == 1
    blocking = problem(upload, "duplicate_uuid_different_content")
    page = client.get(url(project, "upload-detail", upload.pk))
    assert f"{url(project, 'upload-rows', upload.pk)}?problem={blocking.pk}" in text_of(page)
    page = client.get(url(project, "upload-rows", upload.pk), {"problem": blocking.pk})
    assert page.context["form"]["rows"].value() == "3"
    page = leave_out(client, project, upload, "3")
    assert "1 row is left out" in text_of(page)
    upload.refresh_from_db()
    assert (upload.n_blocking, upload.n_rows) == (0, 9)
    listed = upload.problems.get(kind="row_left_out")
    assert (listed.severity, listed.row, listed.params["reason"]) == ("row", 3, "sent in error")
    event = AuditEvent.objects.get(kind="upload.rows_left_out")
    assert (event.by, event.reason) == (officer, "sent in error")
    assert event.after == {"rows": [3], "sheet": ""}
    client.post(url(project, "upload-accept", upload.pk))
    dataset = Dataset.objects.get()
    assert (dataset.n_opened, dataset.n_used) == (9, 8)


def test_typed_rows_are_left_out_and_taken_back(client, project, upload, officer):
    page = leave_out(client, project, upload, "2-4, 7", "a trial")
    assert left() == [2, 3, 4, 7]
    (view,) = page.context["left_out"]
    assert (view.rows, view.where, view.reason) == ("2-4, 7", "4 rows: 2-4, 7", "a trial")
    assert view.created_by == "Olga"
    take_back(client, project, upload, "3-4")
    assert left() == [2, 7]
    event = AuditEvent.objects.get(kind="upload.rows_taken_back")
    assert event.before == {"rows": [3, 4], "sheet": "", "reasons": ["a trial"]}
    assert sorted(upload.problems.filter(kind="row_left_out").values_list("row", flat=True)) == [
        2,
        7,
    ]
    take_back(client, project, upload, "3-4")
    assert AuditEvent.objects.filter(kind="upload.rows_taken_back").count() == 1


def test_a_row_left_out_before_keeps_its_reason(client, project, upload):
    leave_out(client, project, upload, "3", "first")
    leave_out(client, project, upload, "3,4", "second")
    leave_out(client, project, upload, "3", "third")
    assert list(LeftOutRow.objects.order_by("row").values_list("row", "reason")) == [
        (3, "first"),
        (4, "second"),
    ]


@pytest.mark.parametrize(
    ("rows", "reason", "error"),
    [
        ("1", "x", "no answers stand in these rows: 1."),
        ("3, 40-42", "x", "no answers stand in these rows: 40-42."),
        ("x", "x", "Write row numbers like 3, 7-9."),
        ("3", " ", "This field is required."),
        ("", "x", "This field is required."),
    ],
)
def test_what_is_refused_is_said_beside_the_box_and_nothing_typed_is_lost(
    client, project, upload, rows, reason, error
):
    page = leave_out(client, project, upload, rows, reason)
    assert error in text_of(page)
    assert page.context["form"]["rows"].value() == rows
    assert left() == []
    assert not upload.problems.filter(kind="left_out_row_not_found").exists()


def test_all_rows_of_a_kind_are_offered_at_once(client, project):
    page = drop(client, project, DEMO.parents[2] / "tests/golden/dirty/teacher_kobo.xlsx")
    upload = Upload.objects.get()
    same = upload.problems.filter(kind="out_of_range_code")
    rows = sorted(set(same.values_list("row", flat=True)))
    assert len(rows) > 1
    address = url(project, "upload-rows", upload.pk)
    assert f"{address}?problem={same.order_by('id')[0].pk}&amp;all=1" in page.content.decode()
    page = client.get(address, {"problem": same[0].pk, "all": 1})
    assert page.context["form"]["rows"].value() == as_ranges(rows)
    page = client.get(address, {"problem": same[0].pk})
    assert page.context["form"]["rows"].value() == str(same[0].row)
    assert "The scale has no such number." in text_of(page)


@pytest.mark.parametrize("said", ["x", "999999999", "9" * 30, ""])
def test_a_problem_of_no_file_leaves_the_boxes_empty(client, project, upload, said):
    page = client.get(url(project, "upload-rows", upload.pk), {"problem": said})
    assert page.status_code == 200
    assert not page.context["form"]["rows"].value()


def test_problems_of_headers_and_of_rows_left_out_offer_nothing(client, project, upload):
    leave_out(client, project, upload, "3")
    for one in upload.problems.filter(severity="row"):
        page = client.get(url(project, "upload-rows", upload.pk), {"problem": one.pk})
        assert not page.context["form"]["rows"].value()
    drop(client, project, DEMO.parents[2] / "tests/golden/dirty/student_googleforms.xlsx")
    other = Upload.objects.first()
    header = problem(other, "unknown_extra_column")
    page = client.get(url(project, "upload-rows", other.pk), {"problem": header.pk})
    assert not page.context["form"]["rows"].value()


def test_the_page_says_which_of_the_two_is_at_work(client, project, upload):
    leave_out(client, project, upload, "3")
    page = text_of(client.get(url(project, "upload-detail", upload.pk)))
    assert "can be taken back until the file is accepted" in page
    assert "Left out since the file was accepted" not in page
    client.post(url(project, "upload-accept", upload.pk))
    excluded = {"rows": "5", "reason": "doubtful"}
    client.post(url(project, "upload-exclude", upload.pk), excluded)
    assert Exclusion.objects.get().row == 5
    page = text_of(client.get(url(project, "upload-detail", upload.pk)))
    assert "To take them back, withdraw the file" in page
    assert "Left out since the file was accepted" in page
    assert "Take back" not in page
    assert "present state" in text_of(leave_out(client, project, upload, "6"))
    assert "present state" in text_of(take_back(client, project, upload, "3"))
    assert left() == [3]


def test_a_withdrawn_file_comes_back_as_it_was(client, project, upload):
    leave_out(client, project, upload, "3")
    client.post(url(project, "upload-accept", upload.pk))
    sha256 = Dataset.objects.get().sha256
    client.post(url(project, "upload-withdraw", upload.pk), {"reason": "a look"})
    client.post(url(project, "upload-accept", upload.pk))
    assert Dataset.objects.get().sha256 == sha256
    client.post(url(project, "upload-withdraw", upload.pk), {"reason": "rows"})
    client.post(url(project, "upload-check", upload.pk))
    take_back(client, project, upload, "3")
    upload.refresh_from_db()
    assert upload.n_blocking == 1


def test_rows_of_desk_data_are_left_out_by_sheet(client, project):
    upload = send(client, project, DESK.encode(), "d.csv")
    assert upload.n_blocking == 2
    leave_out(client, project, upload, "2-3", "of another project")
    upload.refresh_from_db()
    assert (upload.n_blocking, upload.n_rows) == (0, 1)


def test_a_sheet_is_chosen_where_the_file_has_several(client, project):
    drop(client, project, DEMO.parents[2] / "tests/golden/dirty/desk_data.xlsx")
    upload = Upload.objects.get()
    page = client.get(url(project, "upload-detail", upload.pk))
    sheets = [sheet for sheet, _ in page.context["rows_form"].fields["sheet"].choices]
    assert len(sheets) > 1
    named = upload.problems.filter(row__isnull=False, sheet=sheets[1]).exclude(severity="row")
    row = named.order_by("-row")[0].row
    leave_out(client, project, upload, str(row), sheet=sheets[1])
    assert LeftOutRow.objects.get().sheet == sheets[1]
    listed = upload.problems.get(kind="row_left_out")
    assert (listed.sheet, listed.row) == (sheets[1], row)
    page = leave_out(client, project, upload, "3", sheet="no such sheet")
    assert "no such sheet" in text_of(page)
    assert LeftOutRow.objects.count() == 1


def test_a_template_of_a_checklist_has_no_rows_to_leave_out(client, project):
    page = drop(client, project, DEMO.parents[2] / "tests/golden/dirty/director_IS-03.xlsx")
    assert "rows_form" not in page.context
    page = leave_out(client, project, Upload.objects.get(), "5")
    assert "no answers stand in these rows" in text_of(page)


def test_after_withdrawal_nothing_is_left_out(client, project, upload):
    Upload.objects.update(state=UploadState.WITHDRAWN, withdrawn_at=timezone.now())
    assert "present state" in text_of(leave_out(client, project, upload, "3"))
    assert left() == []


def test_rows_are_written_as_they_are_typed():
    assert as_ranges((3, 7, 8, 9, 11)) == "3, 7-9, 11"
    assert as_ranges(()) == ""


def test_few_queries(client, project, upload, django_assert_max_num_queries):
    leave_out(client, project, upload, "2-9", "one")
    with django_assert_max_num_queries(22):
        client.get(url(project, "upload-detail", upload.pk))
    with django_assert_max_num_queries(10):
        client.get(url(project, "upload-rows", upload.pk))
