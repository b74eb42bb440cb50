"""The page of a large file: progress, cancel, begin again, and what a killed process left."""

import pytest
from django.test import Client
from django.utils import timezone

from indicators import tasks
from indicators.models import Run, Upload, UploadJob, UploadPreview
from indicators.models.upload_job import SILENCE
from indicators.vocabulary import RunState, UploadState, UploadStep
from tests.actions.cast import World, build_world
from tests.web.test_upload_pages import posted, upload_of, url


@pytest.fixture
def world(db, settings, monkeypatch) -> World:
    settings.BACKGROUND_BYTES = 10
    monkeypatch.setattr("indicators.tasks.enqueue_calculation", lambda run_id: None)
    monkeypatch.setattr("indicators.tasks.enqueue_preview", lambda preview_id: None)
    return build_world()


@pytest.fixture
def client(world) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.person("olga"))
    return client


def job_of(upload, state=RunState.RUNNING, **fields) -> UploadJob:
    values = {"step": UploadStep.READ, "heard_at": timezone.now()} | fields
    return UploadJob.objects.create(upload=upload, state=state, **values)


def page(client, upload) -> str:
    return client.get(url("upload-detail", upload.pk)).content.decode()


NOTES = (
    "id,theme,quote,language,source,speaker,related_indicator\n"
    "N1,climate,It is calmer now,en,focus group,teacher,S01\n"
)


def test_a_large_file_is_read_in_the_background(
    client, world, django_capture_on_commit_callbacks, monkeypatch
):
    asked = []
    monkeypatch.setattr("indicators.views.upload_preview.enqueue_load", asked.append)
    client.post(url("upload-new"), posted(content=NOTES.encode()))
    upload, job = Upload.objects.get(), UploadJob.objects.get()
    assert asked == [job.pk]
    waiting = page(client, upload)
    assert "Reading and checking: waiting for its turn." in waiting
    assert "What is in it" in waiting
    assert url("upload-accept", upload.pk) not in waiting  # everything else waits
    tasks.load(job.pk)
    upload.refresh_from_db()
    assert (upload.kind, upload.state) == ("notes", UploadState.CHECKED)
    assert UploadPreview.objects.filter(upload=upload).count() == (0 if upload.n_blocking else 1)


def test_accepting_a_large_file_ends_with_a_calculation(client, world, monkeypatch):
    asked = []
    monkeypatch.setattr("indicators.views.upload_preview.enqueue_load", asked.append)
    monkeypatch.setattr("indicators.views.upload_job.enqueue_load", asked.append)
    client.post(url("upload-new"), posted(content=NOTES.encode()))
    tasks.load(asked.pop())
    Upload.objects.update(wave=world.endline)  # the officer says which; quotes name none
    upload = Upload.objects.get()
    client.post(url("upload-check", upload.pk))
    tasks.load(asked.pop())
    upload.refresh_from_db()
    assert upload.n_blocking == 0, list(upload.problems.values())
    client.post(url("upload-accept", upload.pk))
    assert UploadJob.objects.get(pk=asked[0]).step == UploadStep.ACCEPT
    tasks.load(asked.pop())
    upload.refresh_from_db()
    assert upload.state == UploadState.ACCEPTED
    assert Run.objects.count() == 1
    assert "progress" not in page(client, upload)


def test_progress_is_told_and_can_be_cancelled(client, world):
    upload = upload_of(world)
    job = job_of(upload, percent=40)
    assert "Reading and checking: 40 % done." in page(client, upload)
    part = client.get(url("upload-progress", upload.pk))
    assert (part.status_code, "HX-Refresh" in part) == (200, False)
    assert 'value="40"' in part.content.decode()
    client.post(url("upload-cancel", upload.pk))
    job.refresh_from_db()
    assert job.cancel_asked
    assert "It stops within a second." in page(client, upload)


def test_the_page_asks_no_more_when_the_step_is_over(client, world):
    upload = upload_of(world)
    job_of(upload, RunState.DONE)
    part = client.get(url("upload-progress", upload.pk))
    assert (part.status_code, part["HX-Refresh"]) == (286, "true")
    client.post(url("upload-cancel", upload_of(world, sha256="cd" * 32).pk))  # has no step at all
    assert not UploadJob.objects.filter(cancel_asked=True).exists()


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"state": RunState.INTERRUPTED}, "was stopped. Nothing was stored"),
        ({"state": RunState.INTERRUPTED, "cancel_asked": True}, "Cancelled. Nothing was stored"),
        ({"heard_at": None}, "has not been heard of for minutes. Nothing was stored"),
        ({"state": RunState.FAILED, "error": "refused"}, "problems block the file"),
        ({"state": RunState.FAILED, "error": "file_lost"}, "no longer in the storage"),
        ({"state": RunState.FAILED, "error": "broke_off"}, "too little memory"),
        ({"state": RunState.FAILED, "error": "OSError: x"}, "Something went wrong"),
    ],
)
def test_what_became_of_a_step_that_did_not_end_well(client, world, monkeypatch, fields, text):
    upload = upload_of(world)
    job_of(upload, **fields)
    shown = page(client, upload)
    assert text in shown
    assert "OSError" not in shown  # for the log, not for the page
    asked = []
    monkeypatch.setattr("indicators.views.upload_job.enqueue_load", asked.append)
    assert 'value="read"' in shown
    client.post(url("upload-step", upload.pk), {"step": "read"})
    assert UploadJob.objects.get(pk=asked[0]).state == RunState.WAITING


def test_the_same_file_twice_is_not_begun_again(client, world):
    upload = upload_of(world)
    job_of(upload, RunState.FAILED, error="already_accepted")
    shown = page(client, upload)
    assert "the same file counts already" in shown
    assert url("upload-step", upload.pk) not in shown


def test_a_step_that_cannot_be_taken_now(client, world):
    upload = upload_of(world)
    job_of(upload)
    answer = client.post(url("upload-step", upload.pk), {"step": "accept"}, follow=True)
    assert "not possible in the present state" in answer.content.decode()
    assert client.post(url("upload-step", upload.pk), {"step": "burn"}).status_code == 404


def test_silence_is_told_apart_from_work(client, world):
    upload = upload_of(world)
    job_of(upload, heard_at=timezone.now() - 2 * SILENCE)
    part = client.get(url("upload-progress", upload.pk))
    assert part["HX-Refresh"] == "true"  # the whole page says so, with a button


def test_few_queries(client, world, django_assert_max_num_queries):
    upload = upload_of(world)
    job_of(upload)
    with django_assert_max_num_queries(8):
        client.get(url("upload-progress", upload.pk))
