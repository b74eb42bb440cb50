"""Large files: read, checked and accepted in the background, with progress and cancel.

A file is read without any lock; what a step stores and its state "done" are one transaction. So a
process that is killed leaves nothing behind but a job that is not done, and the job can be taken up
again, or asked for anew. A job handed out twice is stored once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from indicators.actions.audit import record
from indicators.actions.received import received_tables
from indicators.actions.recognise_upload import recognise_upload
from indicators.actions.upload_check import (
    AlreadyAccepted,
    UploadClosed,
    UploadRefused,
    check_upload,
    is_large,
    locked_upload,
    read_upload,
    store_check,
)
from indicators.actions.uploads import check_open, store_reading
from indicators.models import Upload, UploadJob
from indicators.models.upload_job import UNFINISHED
from indicators.pipeline.ticking import Tick, part
from indicators.vocabulary import RunState, UploadState, UploadStep

if TYPE_CHECKING:
    from indicators.models import User

SECONDS_BETWEEN_UPDATES = 0.25
# A job that broke off so often takes its process down each time (memory): stop handing it out.
MOST_ATTEMPTS = 4
READING = 0.8  # share of a step in which the file is read


class JobCancelled(Exception):
    """The job is to stop: somebody asked, another process took it, or this one ends."""


def check_soon(*, upload: Upload, by: User | None) -> Upload:
    """Check a file anew: at once, or a large one in the background by a job that then waits."""
    if is_large(upload):
        request_job(upload=upload, step=UploadStep.READ, by=by)
        return upload
    return check_upload(upload=upload, by=by)


@transaction.atomic
def request_job(*, upload: Upload, step: UploadStep, by: User | None) -> UploadJob:
    """Ask for a step of a file. One that is under way is reused, one that fell silent given up.

    Raises UploadClosed when another step is under way or the step does not fit the file's state.
    """
    locked = locked_upload(upload)
    if locked.state == UploadState.ACCEPTED:
        raise UploadClosed
    job = UploadJob.objects.filter(upload=locked, state__in=UNFINISHED).first()
    if job is not None and not job.is_silent:
        if job.step != step:
            raise UploadClosed
        return job
    if job is not None:
        job.state, job.finished_at = RunState.INTERRUPTED, timezone.now()
        job.save(update_fields=["state", "finished_at"])
    return UploadJob.objects.create(upload=locked, step=step, created_by=by)


def unfinished_jobs() -> list[int]:
    """Jobs that wait, or that a stopped worker may have left in the middle; oldest first."""
    found = UploadJob.objects.filter(state__in=UNFINISHED).order_by("id")
    return list(found.values_list("pk", flat=True))


def mark_jobs_interrupted() -> int:
    """Jobs that a stopped process left behind. Only where this process does the work itself."""
    return UploadJob.objects.filter(state__in=UNFINISHED).update(
        state=RunState.INTERRUPTED, finished_at=timezone.now()
    )


@transaction.atomic
def cancel_job(*, job: UploadJob, by: User) -> None:
    """Stop a step: at its next tick, or at once when nobody works on it. What is done stays."""
    row = UploadJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if row.state not in UNFINISHED:
        return
    row.cancel_asked = True
    if row.state == RunState.WAITING or row.is_silent:
        row.state, row.finished_at = RunState.INTERRUPTED, timezone.now()
    row.save(update_fields=["cancel_asked", "state", "finished_at"])
    project = row.upload.project
    record("upload.load_cancelled", row.upload, by=by, project=project, after={"step": row.step})


def run_job(*, job_id: int, progress: Callable[[UploadJob], None] | None = None) -> UploadJob:
    """Carry out a step that was asked for. Doing it twice, or again after a crash, is safe.

    `progress` hears of every tick; it may raise JobCancelled to stop. What stands in the way of the
    step is named on the job; any other error too, and is raised.
    """
    job = _claim(job_id)
    if job.state != RunState.RUNNING:
        return job
    try:
        _carry_out(job, _Reporter(job, progress))
    except JobCancelled:
        _end(job, RunState.INTERRUPTED)
    except (UploadRefused, AlreadyAccepted, UploadClosed, FileNotFoundError) as error:
        _end(job, RunState.FAILED, ERRORS[type(error)])
    except Exception as error:
        _end(job, RunState.FAILED, f"{type(error).__name__}: {error}")
        raise
    except BaseException:  # Ctrl-C, or the worker is told to go
        _end(job, RunState.INTERRUPTED)
        raise
    job.refresh_from_db()
    return job


ERRORS: dict[type[Exception], str] = {
    UploadRefused: "refused",
    AlreadyAccepted: "already_accepted",
    UploadClosed: "closed",
    FileNotFoundError: "file_lost",
}


@transaction.atomic
def _claim(job_id: int) -> UploadJob:
    """The job, RUNNING when it is to be carried out and in its final state otherwise."""
    job = (
        UploadJob.objects.select_for_update(of=("self",))
        .select_related("created_by", "upload__project", "upload__wave")
        .select_related("upload__version__instrument")
        .get(pk=job_id)
    )
    if job.state not in UNFINISHED:
        return job
    job.state, job.attempts = RunState.RUNNING, job.attempts + 1
    job.percent, job.heard_at = 0, timezone.now()
    if job.cancel_asked:
        job.state, job.finished_at = RunState.INTERRUPTED, timezone.now()
    elif job.attempts > MOST_ATTEMPTS:
        job.state, job.finished_at = RunState.FAILED, timezone.now()
        job.error = "broke_off"
    job.save()
    return job


class _Reporter:
    """Writes how far a job is to its row, a few times a second at most, and hears of a cancel."""

    def __init__(self, job: UploadJob, listener: Callable[[UploadJob], None] | None) -> None:
        self.job, self.listener, self.last = job, listener, 0.0

    def __call__(self, share: float) -> None:
        now = time.monotonic()
        if now - self.last < SECONDS_BETWEEN_UPDATES:
            return
        self.last = now
        self.job.percent = round(100 * share)
        row = UploadJob.objects.filter(pk=self.job.pk, state=RunState.RUNNING, cancel_asked=False)
        if not row.update(percent=self.job.percent, heard_at=timezone.now()):
            raise JobCancelled
        if self.listener is not None:
            self.listener(self.job)


def _carry_out(job: UploadJob, tick: Tick) -> None:
    upload, by = job.upload, job.created_by
    if job.step == UploadStep.ACCEPT:
        check_open(upload)
        reading = read_upload(upload, tick)
        with transaction.atomic():
            _finish(job)
            store_reading(upload=upload, reading=reading, by=by)
        return
    raw = received_tables(upload, part(tick, 0, READING))
    with transaction.atomic():
        if not upload.kind:
            recognise_upload(upload=upload, raw=raw, by=by)
    reading = read_upload(upload, part(tick, READING, 1), raw)
    with transaction.atomic():
        _finish(job)
        store_check(upload=upload, reading=reading, by=by)


def _finish(job: UploadJob) -> None:
    """Take the job for done, in the transaction that stores what it did.

    Raises JobCancelled when it was cancelled, or given up and begun anew by another process.
    """
    row = UploadJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if row.state != RunState.RUNNING or row.cancel_asked or row.attempts != job.attempts:
        raise JobCancelled
    row.state, row.percent, row.finished_at = RunState.DONE, 100, timezone.now()
    row.save()


def _end(job: UploadJob, state: RunState, error: str = "") -> None:
    """Close a job that did not succeed, unless another process has it or finished it."""
    UploadJob.objects.filter(pk=job.pk, state=RunState.RUNNING, attempts=job.attempts).update(
        state=state, error=error, finished_at=timezone.now()
    )
