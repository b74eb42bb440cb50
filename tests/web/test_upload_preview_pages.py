"""What a decision about a file would change, on its page."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from indicators.actions.previews import compute_preview
from indicators.models import AuditEvent, UploadPreview
from indicators.presenters.preview import preview_view
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
    with django_assert_max_num_queries(14):
        client.get(url("upload-detail", upload.pk))
    with django_assert_max_num_queries(10):
        client.get(url("upload-previews", upload.pk))
