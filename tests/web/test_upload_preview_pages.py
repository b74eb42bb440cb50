"""What a decision about a file would change, on its page."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from indicators.actions.previews import compute_preview
from indicators.models import AuditEvent, Note, Run, Upload, UploadPreview
from indicators.presenters.preview import preview_view
from indicators.presenters.row_differences import rows_view
from indicators.queries.previews import BaseMove, PreviewSheet, preview_sheets
from indicators.vocabulary import PreviewStep, UploadState, Verdict
from tests.actions.cast import World, build_world
from tests.web.test_upload_pages import posted, upload_of

NOTES = b"id,theme,quote,language,source,speaker,related_indicator\nN1,t,q,ru,g,t,S01\n"
OLD = {"value": 4.021, "n": 40, "verdict": "", "reason": "", "status": ""}
NEW = {"value": 4.184, "n": 80, "verdict": Verdict.INCREASED, "reason": "", "status": "met"}


@pytest.fixture
def world(db, monkeypatch) -> World:
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", lambda run_id: None)
    return build_world()


@pytest.fixture
def asked(monkeypatch) -> list[int]:
    """Previews sent to the background."""
    found: list[int] = []
    monkeypatch.setattr("indicators.views.upload_preview.enqueue_preview", found.append)
    return found


@pytest.fixture
def client(world) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.person("olga"))
    return client


def url(name: str, *args) -> str:
    return reverse(name, args=["p", *args])


def worked_out(world, upload, step=PreviewStep.ACCEPT, **fields) -> UploadPreview:
    content = {
        "counts": {"answers": 40},
        "funnel": [44, 43, 42, 40],
        "bases": [
            {
                "wave": "W1",
                "respondent": "student",
                "before": 40,
                "after": 80,
                "schools": [["IS-01", 40, 60], ["IS-02", 0, 20]],
            }
        ],
        "figures": [
            {"measure": world.score.measure.code, "wave": "W1", "before": OLD, "after": NEW}
        ],
    }
    values = {"content": content, "finished_at": timezone.now()} | fields
    return UploadPreview.objects.create(upload=upload, step=step, **values)


def test_a_checked_file_asks_for_its_preview(client, world, asked):
    client.post(url("upload-new"), posted(content=NOTES))
    upload = Upload.objects.get()
    assert asked == []  # nobody knows of which wave the notes are
    client.post(url("upload-describe", upload.pk), {"kind": "notes", "wave": "W0"})
    preview = UploadPreview.objects.get()
    assert asked == [preview.pk]
    page = client.get(url("upload-detail", preview.upload_id))
    assert "being worked out" in page.content.decode()
    compute_preview(preview_id=preview.pk)
    page = client.get(url("upload-detail", preview.upload_id))
    assert "No number of the project changes." in page.content.decode()


def test_a_blocked_file_has_no_preview(client, world, asked):
    client.post(url("upload-new"), posted(content=b"\x00\x01\x02"))
    assert asked == []
    assert not UploadPreview.objects.exists()


def test_figures_are_shown_before_and_after(client, world):
    upload = upload_of(world)
    worked_out(world, upload)
    page = client.get(url("upload-detail", upload.pk))
    (preview,) = page.context["previews"]
    (line,) = preview.lines
    assert (line.value, line.n) == ("4.02 → 4.18", "40 → 80")
    assert (line.word, line.status) == ("– → increased", "– → met")
    assert line.is_word_new
    assert line.is_status_new
    (base,) = preview.bases
    assert (base.n, base.n_schools) == ("40 → 80", "2")
    assert base.schools == "IS-01 40 → 60, IS-02 0 → 20"
    assert preview.sentence == ("1 indicator changes, 1 word for a change, 1 status of a target.")
    assert [step.n for step in preview.funnel] == [44, 43, 42, 40]


def test_what_stays_is_said_once(world):
    upload = upload_of(world)
    same = {**OLD, "n": 41}
    row = {"measure": world.score.measure.code, "wave": "W1", "before": OLD, "after": same}
    preview = worked_out(world, upload, content={"figures": [row]})
    with translation.override("en"):
        (line,) = preview_view(preview_sheets(upload)[preview.step]).lines
    assert (line.value, line.n, line.word) == ("4.02", "40 → 41", "–")


def test_an_old_preview_says_so(client, world):
    upload = upload_of(world)
    worked_out(world, upload)
    text = client.get(url("upload-detail", upload.pk)).content.decode()
    assert "Out of date" not in text
    AuditEvent.objects.create(project=world.project, kind="target.changed")
    assert "Out of date" in client.get(url("upload-detail", upload.pk)).content.decode()


@pytest.mark.parametrize(
    ("error", "content", "said"),
    [
        ("refused", {}, "problems block"),
        ("not_withdrawn", {"what": "IS-24"}, "(IS-24)"),
        ("failed", {}, "could not be worked out"),
    ],
)
def test_what_stands_in_the_way_is_said(client, world, error, content, said):
    upload = upload_of(world)
    worked_out(world, upload, error=error, content=content)
    assert said in client.get(url("upload-detail", upload.pk)).content.decode()


@pytest.mark.parametrize(
    ("state", "n_blocking", "steps"),
    [
        (UploadState.RECEIVED, 0, []),
        (UploadState.CHECKED, 0, ["accept"]),
        (UploadState.CHECKED, 1, []),
        (UploadState.ACCEPTED, 0, ["withdraw"]),
        (UploadState.WITHDRAWN, 0, ["accept"]),
    ],
)
def test_only_a_decision_that_is_possible_is_looked_at(client, world, state, n_blocking, steps):
    upload = upload_of(world, state, n_blocking=n_blocking, accepted_at=timezone.now())
    page = client.get(url("upload-detail", upload.pk))
    assert [preview.step for preview in page.context["previews"]] == steps
    assert ("Not worked out yet" in page.content.decode()) == bool(steps)


def test_a_preview_is_asked_for_again(client, world, asked):
    upload = upload_of(world, UploadState.ACCEPTED, accepted_at=timezone.now())
    done = worked_out(world, upload, PreviewStep.WITHDRAW)
    answer = client.post(url("upload-preview", upload.pk), {"step": "withdraw"})
    assert answer.url == url("upload-detail", upload.pk)
    assert asked == [done.pk]
    part = client.get(url("upload-previews", upload.pk))
    assert part.status_code == 200
    assert "hx-get" in part.content.decode()
    UploadPreview.objects.update(finished_at=timezone.now())
    assert client.get(url("upload-previews", upload.pk)).status_code == 286


@pytest.mark.parametrize("step", ["", "explode", "\x00"])
def test_a_made_up_decision_does_not_exist(client, world, asked, step):
    upload = upload_of(world)
    assert client.post(url("upload-preview", upload.pk), {"step": step}).status_code == 404
    assert asked == []


def test_a_long_list_of_schools_is_cut(world):
    schools = tuple((f"IS-{n}", 0, n) for n in range(1, 41))
    base = BaseMove("Endline", "student", 0, 820, schools)
    sheet = PreviewSheet("accept", True, False, "", "", None, {}, (), (base,), ())
    with translation.override("en"):
        (line,) = preview_view(sheet).bases
    assert line.schools.endswith("IS-30 0 → 30 … (+10)")


def test_few_queries(client, world, django_assert_max_num_queries):
    upload = upload_of(world)
    worked_out(world, upload)
    with django_assert_max_num_queries(22):
        client.get(url("upload-detail", upload.pk))
    with django_assert_max_num_queries(10):
        client.get(url("upload-previews", upload.pk))


# --- a corrected version ------------------------------------------------------------------

ROWS = {
    "n_before": 4,
    "n_after": 4,
    "n_same": 2,
    "n_changed": 1,
    "n_added": 1,
    "n_removed": 1,
    "added": [5],
    "removed": [3],
    "changed": [{"row": 4, "column": "<b>", "before": "1", "after": ""}],
    "columns_added": ["s_new"],
    "columns_removed": [],
}


@pytest.fixture
def earlier(world):
    return upload_of(world, UploadState.ACCEPTED, accepted_at=timezone.now(), file_name="first.csv")


@pytest.fixture
def corrected(world, earlier):
    upload = upload_of(world, sha256="cd" * 32)
    worked_out(world, upload)
    worked_out(world, upload, PreviewStep.REPLACE, replaces=earlier, content={"rows": ROWS})
    return upload


def test_a_corrected_version_is_shown_beside_the_earlier_one(client, corrected, earlier):
    page = client.get(url("upload-detail", corrected.pk))
    replace, accept = page.context["previews"]
    assert (replace.step, accept.step) == ("replace", "accept")
    assert [n for _what, n in replace.rows.counts] == ["2", "1", "1", "1"]
    assert [which for _what, which in replace.rows.lists] == ["5", "3", "s_new"]
    assert not replace.rows.is_cut
    text = page.content.decode()
    assert "first.csv" in text
    assert "&lt;b&gt;" in text
    assert url("upload-replace", corrected.pk) in text


def test_nothing_is_replaced_that_counts_no_more(client, corrected, earlier):
    type(earlier).objects.filter(pk=earlier.pk).update(state=UploadState.WITHDRAWN)
    page = client.get(url("upload-detail", corrected.pk))
    assert [preview.step for preview in page.context["previews"]] == ["accept"]


def test_long_differences_are_cut_and_say_so():
    cell = {"row": 4, "column": "a", "before": "1", "after": "2"}
    many = [{**cell, "row": n} for n in range(2, 202)]
    rows = {**ROWS, "changed": many, "n_changed": 900, "added": list(range(200)), "n_added": 999}
    view = rows_view(rows)
    assert view.is_cut
    assert len(view.cells) == 50
    assert view.lists[0][1].endswith("49 …")


def test_replacing_asks_what_was_corrected(client, corrected, earlier):
    answer = client.post(url("upload-replace", corrected.pk), {"reason": " "}, follow=True)
    assert "Say what was corrected" in answer.content.decode()
    earlier.refresh_from_db()
    assert earlier.state == UploadState.ACCEPTED


def test_a_file_without_an_earlier_version_replaces_nothing(client, world):
    upload = upload_of(world)
    answer = client.post(url("upload-replace", upload.pk), {"reason": "x"}, follow=True)
    assert "Not replaced" in answer.content.decode()


def test_a_corrected_file_takes_the_place_of_the_earlier_one(client, world, asked):
    """Through the pages only: load, accept, load the corrected version, replace."""
    client.post(url("upload-new"), posted("first.csv", NOTES))
    first = Upload.objects.get()
    said = {"kind": "notes", "wave": "W0"}
    client.post(url("upload-describe", first.pk), said)
    client.post(url("upload-accept", first.pk))
    client.post(url("upload-new"), posted("second.csv", NOTES.replace(b",q,", b",better,")))
    second = Upload.objects.exclude(pk=first.pk).get()
    client.post(url("upload-describe", second.pk), said)
    compute_preview(preview_id=asked[-1])
    text = client.get(url("upload-detail", second.pk)).content.decode()
    assert "better" in text
    answer = client.post(url("upload-replace", second.pk), {"reason": "wording"}, follow=True)
    assert "Replaced" in answer.content.decode()
    assert Note.objects.get(upload__state=UploadState.ACCEPTED).quote == "better"
    first.refresh_from_db()
    assert (first.state, first.withdrawal_reason) == (UploadState.WITHDRAWN, "wording")
    assert Run.objects.count() == 1
