"""Large files in the background: progress, cancel, a process that ends, the same job twice."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from indicators.actions import upload_jobs
from indicators.actions.receive import receive_files
from indicators.actions.upload_jobs import (
    MOST_ATTEMPTS,
    JobCancelled,
    cancel_job,
    check_soon,
    mark_jobs_interrupted,
    request_job,
    run_job,
    unfinished_jobs,
)
from indicators.actions.uploads import UploadClosed, accept_upload
from indicators.models import AnswerColumn, AuditEvent, Dataset, Project, Upload, UploadJob, User
from indicators.models.upload_job import SILENCE
from indicators.vocabulary import FileKind, RunState, UploadState, UploadStep
from tests.actions.upload_cases import PARENTS

READ, ACCEPT = UploadStep.READ, UploadStep.ACCEPT


@pytest.fixture(autouse=True)
def every_file_is_large(settings: Any) -> None:
    settings.BACKGROUND_BYTES = 10


@pytest.fixture(autouse=True)
def ticks_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_jobs, "SECONDS_BETWEEN_UPDATES", -1)


@pytest.fixture
def upload(demo: Project, officer: User) -> Upload:
    file = io.BytesIO(PARENTS.read_bytes())
    (received,) = receive_files(project=demo, files=[("parents.csv", file)], by=officer)
    return received


def asked(upload: Upload, step: UploadStep, by: User) -> UploadJob:
    return request_job(upload=upload, step=step, by=by)


def read(upload: Upload, by: User) -> Upload:
    assert run_job(job_id=asked(upload, READ, by).pk).state == RunState.DONE
    upload.refresh_from_db()
    return upload


def nothing_is_stored(upload: Upload) -> bool:
    upload.refresh_from_db()
    rows = (
        Dataset.objects.filter(upload=upload),
        AnswerColumn.objects.filter(dataset__upload=upload),
    )
    return upload.state != UploadState.ACCEPTED and not any(one.exists() for one in rows)


def test_a_large_file_is_only_kept_at_first(upload: Upload) -> None:
    assert (upload.state, upload.kind, upload.n_rows) == (UploadState.RECEIVED, "", 0)
    assert default_storage.size(upload.stored_as) == upload.size == PARENTS.stat().st_size


def test_reading_finds_what_a_small_file_is_told_at_once(
    upload: Upload, demo: Project, officer: User, settings: Any
) -> None:
    read(upload, officer)
    settings.BACKGROUND_BYTES = 2**30
    file = io.BytesIO(PARENTS.read_bytes())
    (at_once,) = receive_files(project=demo, files=[("parents.csv", file)], by=officer)
    names = ("kind", "wave", "version", "state", "format", "mapping", "recognition", "n_rows")
    for name in (*names, "n_problems", "n_blocking"):
        assert getattr(upload, name) == getattr(at_once, name), name
    assert upload.kind == FileKind.SURVEY
    found = [
        list(one.problems.order_by("id").values_list("kind", "row")) for one in (upload, at_once)
    ]
    assert found[0] == found[1]


def test_accepting_gives_the_dataset_that_accepting_at_once_gives(
    upload: Upload, officer: User
) -> None:
    read(upload, officer)
    seen = []
    job = run_job(
        job_id=asked(upload, ACCEPT, officer).pk, progress=lambda j: seen.append(j.percent)
    )
    assert (job.state, job.percent) == (RunState.DONE, 100)
    assert seen == sorted(seen)
    assert len(set(seen)) > 3
    first = Dataset.objects.get(upload=upload).sha256
    assert AuditEvent.objects.filter(kind="upload.accepted", by=officer).count() == 1
    upload.refresh_from_db()
    assert upload.state == UploadState.ACCEPTED
    Dataset.objects.all().delete()
    Upload.objects.update(state=UploadState.CHECKED)
    upload.refresh_from_db()
    accept_upload(upload=upload, by=officer)
    assert Dataset.objects.get(upload=upload).sha256 == first


def test_a_cancelled_step_stores_nothing_and_can_be_begun_again(
    upload: Upload, officer: User
) -> None:
    read(upload, officer)
    job = asked(upload, ACCEPT, officer)
    ended = run_job(job_id=job.pk, progress=lambda j: cancel_job(job=j, by=officer))
    assert ended.state == RunState.INTERRUPTED
    assert nothing_is_stored(upload)
    assert AuditEvent.objects.filter(kind="upload.load_cancelled").count() == 1
    again = asked(upload, ACCEPT, officer)
    assert again != job
    assert run_job(job_id=again.pk).state == RunState.DONE


def test_a_cancel_in_the_last_moment_stores_nothing(
    upload: Upload, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the last tick, before the transaction that stores."""
    read(upload, officer)
    original = upload_jobs.read_upload

    def then_cancelled(*args: Any) -> Any:
        found = original(*args)
        UploadJob.objects.update(cancel_asked=True)
        return found

    monkeypatch.setattr(upload_jobs, "read_upload", then_cancelled)
    assert run_job(job_id=asked(upload, ACCEPT, officer).pk).state == RunState.INTERRUPTED
    assert nothing_is_stored(upload)


def test_a_step_that_waits_is_cancelled_at_once(upload: Upload, officer: User) -> None:
    job = asked(upload, READ, officer)
    cancel_job(job=job, by=officer)
    assert run_job(job_id=job.pk).state == RunState.INTERRUPTED
    assert upload.problems.count() == 0
    cancel_job(job=job, by=officer)  # nothing is left to cancel
    assert AuditEvent.objects.filter(kind="upload.load_cancelled").count() == 1


def test_asking_twice_gives_the_step_that_is_under_way(upload: Upload, officer: User) -> None:
    job = asked(upload, READ, officer)
    assert asked(upload, READ, officer) == job
    with pytest.raises(UploadClosed):
        asked(upload, ACCEPT, officer)
    assert unfinished_jobs() == [job.pk]


def test_a_step_that_fell_silent_is_given_up_for_a_new_one(upload: Upload, officer: User) -> None:
    job = asked(upload, READ, officer)
    UploadJob.objects.update(state=RunState.RUNNING, heard_at=timezone.now() - 2 * SILENCE)
    again = asked(upload, READ, officer)
    job.refresh_from_db()
    assert again != job
    assert job.state == RunState.INTERRUPTED


def test_a_process_that_was_given_up_stores_nothing_when_it_comes_back(
    upload: Upload, officer: User
) -> None:
    read(upload, officer)
    job = asked(upload, ACCEPT, officer)

    def given_up(_job: UploadJob) -> None:
        UploadJob.objects.filter(pk=job.pk).update(state=RunState.INTERRUPTED)

    assert run_job(job_id=job.pk, progress=given_up).state == RunState.INTERRUPTED
    assert nothing_is_stored(upload)


def test_a_job_handed_out_twice_is_stored_once(upload: Upload, officer: User) -> None:
    read(upload, officer)
    job = asked(upload, ACCEPT, officer)
    inner: list[str] = []

    def another_worker(_job: UploadJob) -> None:
        if not inner:
            inner.append("begun")
            inner.append(run_job(job_id=job.pk).state)

    # Here both are one process: the second one finishes inside the first.
    assert run_job(job_id=job.pk, progress=another_worker).state == RunState.DONE
    assert inner == ["begun", RunState.DONE]
    assert Dataset.objects.filter(upload=upload).count() == 1
    assert run_job(job_id=job.pk).state == RunState.DONE  # a third finds it done


def test_a_process_told_to_go_leaves_the_step_for_another(upload: Upload, officer: User) -> None:
    job = asked(upload, READ, officer)

    def told_to_go(_job: UploadJob) -> None:
        raise JobCancelled

    assert run_job(job_id=job.pk, progress=told_to_go).state == RunState.INTERRUPTED

    def interrupted(_job: UploadJob) -> None:
        raise KeyboardInterrupt

    again = asked(upload, READ, officer)
    with pytest.raises(KeyboardInterrupt):
        run_job(job_id=again.pk, progress=interrupted)
    again.refresh_from_db()
    assert again.state == RunState.INTERRUPTED


def test_what_a_stopped_process_left_is_marked(upload: Upload, officer: User) -> None:
    job = asked(upload, READ, officer)
    assert mark_jobs_interrupted() == 1
    job.refresh_from_db()
    assert (job.state, job.finished_at is None) == (RunState.INTERRUPTED, False)


def test_a_job_that_takes_its_process_down_each_time_is_given_up(
    upload: Upload, officer: User
) -> None:
    job = asked(upload, READ, officer)
    UploadJob.objects.update(state=RunState.RUNNING, attempts=MOST_ATTEMPTS)
    ended = run_job(job_id=job.pk)
    assert (ended.state, ended.error) == (RunState.FAILED, "broke_off")


def test_what_stands_in_the_way_is_named(upload: Upload, officer: User, demo: Project) -> None:
    read(upload, officer)
    Upload.objects.update(version=None)  # the officer has yet to say which questionnaire
    upload.refresh_from_db()
    job = run_job(job_id=asked(upload, ACCEPT, officer).pk)
    assert (job.state, job.error) == (RunState.FAILED, "refused")
    default_storage.delete(upload.stored_as)
    job = run_job(job_id=asked(upload, READ, officer).pk)
    assert (job.state, job.error) == (RunState.FAILED, "file_lost")
    assert nothing_is_stored(upload)


def test_the_same_file_twice(upload: Upload, officer: User, demo: Project) -> None:
    file = io.BytesIO(PARENTS.read_bytes())
    (twin,) = receive_files(project=demo, files=[("parents.csv", file)], by=officer)
    for one in (upload, twin):
        read(one, officer)
    assert run_job(job_id=asked(upload, ACCEPT, officer).pk).state == RunState.DONE
    job = run_job(job_id=asked(twin, ACCEPT, officer).pk)
    assert (job.state, job.error) == (RunState.FAILED, "already_accepted")
    with pytest.raises(UploadClosed):
        asked(upload, ACCEPT, officer)


def test_a_step_that_came_too_late(upload: Upload, officer: User) -> None:
    read(upload, officer)
    job = asked(upload, READ, officer)
    Upload.objects.update(state=UploadState.ACCEPTED, accepted_at=timezone.now())
    ended = run_job(job_id=job.pk)
    assert (ended.state, ended.error) == (RunState.FAILED, "closed")


def test_an_error_is_kept_on_the_job_and_raised(
    upload: Upload, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any) -> None:
        raise RuntimeError("disk")

    monkeypatch.setattr(upload_jobs, "received_tables", broken)
    job = asked(upload, READ, officer)
    with pytest.raises(RuntimeError):
        run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (RunState.FAILED, "RuntimeError: disk")


def test_a_check_waits_for_the_background_only_where_the_file_is_large(
    upload: Upload, officer: User, settings: Any
) -> None:
    check_soon(upload=upload, by=officer)
    assert UploadJob.objects.get().step == READ
    settings.BACKGROUND_BYTES = 2**30
    read(upload, officer)
    check_soon(upload=upload, by=officer)
    assert UploadJob.objects.count() == 1


def test_a_job_is_silent_only_while_it_runs(upload: Upload, officer: User) -> None:
    job = asked(upload, READ, officer)
    assert not job.is_silent
    job.state = RunState.RUNNING
    assert job.is_silent
    job.heard_at = timezone.now() - timedelta(seconds=5)
    assert not job.is_silent
