"""Files: loaded, looked at, accepted, withdrawn and handed out again unchanged."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from indicators.models import Note, Problem, Run, Upload
from indicators.presenters.upload import harmless
from indicators.vocabulary import FileKind, UploadState
from tests.actions.cast import World, build_world

NOTES = b"note_id,wave,indicator_code,theme,quote,language,source,speaker\n"


@pytest.fixture
def world(db, monkeypatch) -> World:
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", lambda run_id: None)
    return build_world()


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


def url(name: str, *args) -> str:
    return reverse(name, args=["p", *args])


def upload_of(world, state=UploadState.CHECKED, **fields) -> Upload:
    values = {
        "kind": FileKind.NOTES,
        "wave": world.endline,
        "file_name": "notes <b>.csv",
        "stored_as": "uploads/none",
        "sha256": "ab" * 32,
        "size": 1234,
        "n_rows": 3,
    }
    return Upload.objects.create(project=world.project, state=state, **(values | fields))


def problem(upload, severity="row", kind="unknown_school", **fields) -> Problem:
    values = {"sheet": "Sheet1", "column": "school", "value": "Толкун"}
    return Problem.objects.create(upload=upload, severity=severity, kind=kind, **(values | fields))


def posted(name="notes.csv", content=NOTES) -> dict:
    return {"file": SimpleUploadedFile(name, content)}


CAST = [("olga", 0), ("dina", 403), ("bek", 403), ("donna", 403), ("adam", 403), ("sam", 404)]


@pytest.mark.parametrize(("who", "refused"), CAST)
def test_who_may_see_load_and_decide(client, world, who, refused):
    upload = upload_of(world)
    client.force_login(world.person(who))
    for name in ("upload-detail", "upload-problems"):
        assert client.get(url(name, upload.pk)).status_code == (refused or 200)
    for name in ("upload-list", "upload-new"):
        assert client.get(url(name)).status_code == (refused or 200)
    # The officer gets 404 here: the bytes of this made-up row were never stored.
    assert client.get(url("upload-download", upload.pk)).status_code == (refused or 404)
    for name in ("upload-check", "upload-accept", "upload-withdraw"):
        assert client.get(url(name, upload.pk)).status_code == 405
    answer = client.post(url("upload-withdraw", upload.pk), {"reason": "twice"})
    assert answer.status_code == (refused or 302)
    assert (Upload.objects.get().state == UploadState.WITHDRAWN) is (not refused)
    # What is accepted is neither read nor accepted again.
    Upload.objects.update(state=UploadState.ACCEPTED, accepted_at=timezone.now())
    for name in ("upload-check", "upload-accept"):
        assert client.post(url(name, upload.pk)).status_code == (refused or 302)
    assert client.post(url("upload-new"), posted()).status_code == (refused or 302)


def test_a_file_is_kept_checked_and_given_back_unchanged(client, world):
    client.force_login(world.person("olga"))
    content = "а=1;\ufeff\x00".encode()
    answer = client.post(url("upload-new"), posted("../../=evil.csv", content))
    upload = Upload.objects.get()
    assert answer.url == url("upload-detail", upload.pk)
    assert (upload.state, upload.created_by) == (UploadState.CHECKED, world.person("olga"))
    assert client.get(answer.url).status_code == 200
    back = client.get(url("upload-download", upload.pk))
    assert b"".join(back.streaming_content) == content
    assert back["Content-Disposition"].startswith("attachment")
    assert "/" not in back["Content-Disposition"].partition("filename")[2].replace("UTF-8''", "")
    assert back["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"file": ""},
        {"file": SimpleUploadedFile("empty.csv", b"")},
        {"file": [SimpleUploadedFile(f"{n}.csv", b"a") for n in range(61)]},
        {"file": [SimpleUploadedFile("a.csv", b"a"), SimpleUploadedFile("b.csv", b"")]},
    ],
)
def test_bad_input_is_explained(client, world, bad):
    client.force_login(world.person("olga"))
    page = client.post(url("upload-new"), bad)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Upload.objects.exists()


def test_an_untouched_form_shows_no_errors(client, world):
    client.force_login(world.person("olga"))
    assert not client.get(url("upload-new")).context["form"].is_bound


def test_too_large_a_file_is_refused(client, world, settings):
    settings.UPLOAD_MAX_BYTES = 10
    client.force_login(world.person("olga"))
    page = client.post(url("upload-new"), posted())
    assert "file" in page.context["form"].errors


def test_problems_are_grouped_heaviest_first(client, world):
    upload = upload_of(world, n_blocking=0)
    for row in range(3, 40):
        problem(upload, row=row)
    problem(upload, severity="warning", kind="date_as_text", row=7, value="3.10.2027")
    client.force_login(world.person("olga"))
    page = client.get(url("upload-detail", upload.pk))
    assert [(s.key, s.n, len(s.lines)) for s in page.context["sections"]] == [
        ("row", "37", 1),
        ("warning", "1", 1),
    ]
    line = page.context["sections"][0].lines[0]
    assert line.where.startswith("sheet Sheet1, 37 rows: 3, 4, 5")
    assert line.where.endswith("…")
    assert "notes &lt;b&gt;.csv" in page.content.decode()
    (row,) = client.get(url("upload-list")).context["lines"]
    assert [(c.key, c.n) for c in row.problems] == [("row", "37"), ("warning", "1")]


@pytest.mark.parametrize(
    ("state", "n_blocking", "buttons"),
    [
        (UploadState.RECEIVED, 0, {"check", "withdraw"}),
        (UploadState.CHECKED, 0, {"check", "accept", "withdraw"}),
        (UploadState.CHECKED, 2, {"check", "withdraw"}),
        (UploadState.ACCEPTED, 0, {"withdraw"}),
        (UploadState.WITHDRAWN, 0, {"check", "accept"}),
        (UploadState.WITHDRAWN, 2, {"check"}),
    ],
)
def test_only_what_is_possible_is_offered(client, world, state, n_blocking, buttons):
    accepted = timezone.now() if state == UploadState.ACCEPTED else None
    upload = upload_of(world, state, n_blocking=n_blocking, accepted_at=accepted)
    client.force_login(world.person("olga"))
    text = client.get(url("upload-detail", upload.pk)).content.decode()
    offered = {b for b in ("check", "accept", "withdraw") if url(f"upload-{b}", upload.pk) in text}
    assert offered == buttons


def test_withdrawing_asks_why(client, world):
    upload = upload_of(world)
    client.force_login(world.person("olga"))
    answer = client.post(url("upload-withdraw", upload.pk), {"reason": " "}, follow=True)
    assert "Say why" in answer.content.decode()
    assert Upload.objects.get().state == UploadState.CHECKED
    assert not Run.objects.exists()


def test_a_blocked_file_is_not_accepted_and_says_so(client, world):
    client.force_login(world.person("olga"))
    client.post(url("upload-new"), posted(content=b"\x00\x01\x02"))
    upload = Upload.objects.get()
    assert upload.n_blocking
    answer = client.post(url("upload-accept", upload.pk), follow=True)
    assert "Not accepted" in answer.content.decode()
    assert Upload.objects.get().state == UploadState.CHECKED
    assert not Run.objects.exists()


@pytest.mark.parametrize("step", ["check", "accept", "withdraw"])
def test_a_step_that_is_over_is_explained(client, world, step):
    over = UploadState.WITHDRAWN if step == "withdraw" else UploadState.ACCEPTED
    upload = upload_of(world, over, accepted_at=timezone.now())
    client.force_login(world.person("olga"))
    answer = client.post(url(f"upload-{step}", upload.pk), {"reason": "x"}, follow=True)
    assert "present state" in answer.content.decode()


def test_problems_as_a_table_run_nothing(client, world):
    upload = upload_of(world)
    problem(upload, row=3, value="=1+1", column="@SUM(A1)", suggestion="-2")
    client.force_login(world.person("olga"))
    answer = client.get(url("upload-problems", upload.pk))
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    _header, row = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    assert row[3:] == ["3", "'@SUM(A1)", "'=1+1", "'-2"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_neutralised(start):
    assert harmless(f"{start}x") == f"'{start}x"
    assert harmless("x=") == "x="


def test_an_empty_list_says_what_to_do(client, world):
    client.force_login(world.person("olga"))
    assert "No file has been loaded yet" in client.get(url("upload-list")).content.decode()


def test_the_newest_file_comes_first(client, world):
    for number in range(3):
        upload_of(world, sha256=f"{number:064d}", file_name=f"{number}.csv")
    client.force_login(world.person("olga"))
    lines = client.get(url("upload-list")).context["lines"]
    assert [line.file_name for line in lines] == ["2.csv", "1.csv", "0.csv"]


def test_few_queries(client, world, django_assert_max_num_queries):
    for number in range(20):
        problem(upload_of(world, sha256=f"{number:064d}"), row=number)
    client.force_login(world.person("olga"))
    with django_assert_max_num_queries(9):
        client.get(url("upload-list"))
    with django_assert_max_num_queries(18):
        client.get(url("upload-detail", Upload.objects.first().pk))


def test_another_projects_file_does_not_exist_here(client, world):
    other = upload_of(build_world("q"))
    client.force_login(world.person("olga"))
    assert client.get(url("upload-detail", other.pk)).status_code == 404


def test_a_mended_workbook_is_accepted(client, world):
    """The marked workbook of a refused file, its bad cell corrected, loaded again."""
    client.force_login(world.person("olga"))
    header = "id,theme,quote,language,source,speaker,related_indicator\n"
    row = "N1,theme,=1+1,ru,group,teacher,S99\n"
    client.post(url("upload-new"), posted(content=(header + row).encode()))
    first = Upload.objects.get()
    client.post(url("upload-describe", first.pk), {"kind": "notes", "wave": "W0"})
    first.refresh_from_db()
    assert first.n_problems
    answer = client.get(url("upload-marked", first.pk))
    assert answer["Cache-Control"] == "no-store"
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[1]
    bad = [cell for line in sheet.iter_rows() for cell in line if cell.comment]
    assert [cell.value for cell in bad] == ["S99"]
    bad[0].value, bad[0].comment = "S01", None
    saved = io.BytesIO()
    book.save(saved)
    client.post(url("upload-new"), posted("mended.xlsx", saved.getvalue()))
    mended = Upload.objects.exclude(pk=first.pk).get()
    client.post(url("upload-describe", mended.pk), {"kind": "notes", "wave": "W0"})
    mended.refresh_from_db()
    assert mended.n_problems == 0
    client.post(url("upload-accept", mended.pk))
    assert Note.objects.get().quote == "=1+1"


def test_problems_of_one_kind_stand_together_with_their_count(client, world):
    upload = upload_of(world)
    params = {"suggestion": "IS-07"}
    for row in (3, 4):
        problem(upload, "warning", "school_written_differently", row=row, value="A", params=params)
    problem(
        upload,
        "warning",
        "school_written_differently",
        row=5,
        value="B",
        params={"suggestion": "IS-08"},
    )
    problem(upload, "warning", "date_as_text", row=7, params={"suggestion": "3 May"})
    client.force_login(world.person("olga"))
    page = client.get(url("upload-detail", upload.pk))
    (section,) = page.context["sections"]
    assert [(kind.n, len(kind.lines)) for kind in section.kinds] == [("3", 2), ("1", 1)]
    assert "…" in section.kinds[0].text
    assert "3 May" in section.kinds[1].text
    assert page.content.decode().count("<details") >= 1
