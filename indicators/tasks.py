"""Work in the background: a primary key in, one action called, the outcome on a row.

With a broker the task goes to a Celery worker; without one, or while it does not answer, the same
task runs in a thread of this process. `enqueue_calculation` alone knows the difference.

What happens when something stops:

* A worker that is killed leaves a run that says "running" and nothing else. The next worker that
  starts carries it out (`hand_out_unfinished`), as it does with runs whose message was lost;
  without a restart the broker hands the message to another worker when its visibility timeout is
  over (acks_late). Who does not want to wait asks again: that is a new run. A run that kills its
  worker each time is given up after a few restarts.
* A broker that does not answer within a second: this process calculates. The officer has the
  numbers, and the log has an error for whoever looks after the machine.
* A process that calculates itself and is told to go stops at the next step (`stop_background`);
  if it was killed, the run is marked interrupted at the next start.
* The same holds for the steps of large files (`load`), which store everything or nothing.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db import connections, transaction
from kombu.exceptions import KombuError

from indicators.actions.comparisons import compute_comparison
from indicators.actions.effect_jobs import (
    EffectCancelled,
    compute_effect,
    mark_effects_interrupted,
    waiting_effects,
)
from indicators.actions.previews import compute_preview, preview_of_checked
from indicators.actions.runs import (
    RunCancelled,
    mark_interrupted,
    request_run,
    run_calculation,
    unfinished_runs,
)
from indicators.actions.upload_jobs import (
    JobCancelled,
    mark_jobs_interrupted,
    run_job,
    unfinished_jobs,
)
from indicators.models import DefinitionEffect, Run, UploadJob
from indicators.vocabulary import RunState, UploadStep

log = structlog.get_logger(__name__)

BROKER_SECONDS = 1.0
_stopping = threading.Event()


@shared_task(name="indicators.calculate", acks_late=True)
def calculate(run_id: int) -> None:
    """Carry out one calculation."""
    run_calculation(run_id=run_id, progress=_stop_if_told)


@shared_task(name="indicators.preview", acks_late=True)
def preview(preview_id: int) -> None:
    """Find out what a decision about a file would change. One that was lost is asked for again."""
    compute_preview(preview_id=preview_id)


@shared_task(name="indicators.comparison", acks_late=True)
def comparison(comparison_id: int) -> None:
    """Compute a comparison that was asked for. One that was lost is asked for again."""
    compute_comparison(comparison_id=comparison_id)


@shared_task(name="indicators.effect", acks_late=True)
def effect(effect_id: int) -> None:
    """Work out what a changed definition would do. One that was lost is asked for again."""
    compute_effect(effect_id=effect_id, progress=_stop_effect_if_told)


@shared_task(name="indicators.load", acks_late=True)
def load(job_id: int) -> None:
    """Carry out one step of a large file, and what a small file's step is followed by at once."""
    job = run_job(job_id=job_id, progress=_stop_loading_if_told)
    if job.state != RunState.DONE:
        return
    if job.step == UploadStep.ACCEPT:
        run = request_run(project=job.upload.project, by=job.created_by)
        enqueue_calculation(run.pk)
    elif (asked := preview_of_checked(upload=job.upload)) is not None:
        enqueue_preview(asked.pk)


def enqueue_load(job_id: int) -> None:
    """Start a step of a large file once the current transaction is committed."""
    transaction.on_commit(lambda: _send(load, job_id))


def enqueue_calculation(run_id: int) -> None:
    """Start the calculation once the current transaction is committed."""
    transaction.on_commit(lambda: _send(calculate, run_id))


def enqueue_preview(preview_id: int) -> None:
    """Start the preview once the current transaction is committed."""
    transaction.on_commit(lambda: _send(preview, preview_id))


def enqueue_comparison(comparison_id: int) -> None:
    """Start the comparison once the current transaction is committed."""
    transaction.on_commit(lambda: _send(comparison, comparison_id))


def enqueue_effect(effect_id: int) -> None:
    """Start working out an effect once the current transaction is committed."""
    transaction.on_commit(lambda: _send(effect, effect_id))


def _send(task: Any, pk: int) -> None:
    if getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False):
        task.apply(args=[pk], throw=True)
    elif not (settings.CELERY_BROKER_URL and _is_queued(task, pk)):
        _pool().submit(_in_thread, task, pk)


# --- with a broker ------------------------------------------------------------------------


def _is_queued(task: Any, pk: int) -> bool:
    """Whether the broker took the task; a request never waits for it longer than a second or two.

    A connection of its own: the pooled ones of Celery wait and try again for much longer.
    """
    limits = {
        "socket_connect_timeout": BROKER_SECONDS,
        "socket_timeout": BROKER_SECONDS,
        "connect_retries_timeout": BROKER_SECONDS,
        "max_retries": 1,
        "interval_start": 0.1,
    }
    options = {**getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {}), **limits}
    url = settings.CELERY_BROKER_URL
    try:
        with task.app.connection_for_write(url, transport_options=options) as connection:
            task.apply_async([pk], connection=connection, retry=False)
    except (KombuError, OSError) as error:
        known = {"task": task.name, "pk": pk, "error": str(error)}
        log.error("broker_does_not_answer", **known, now="calculated here")
        return False
    return True


@worker_ready.connect
def hand_out_unfinished(**_: Any) -> None:
    """A worker starts: what another one left in the middle, or nobody was told of, is done now.

    A run that is alive elsewhere is computed twice then, and stored once.
    """
    try:
        for job_id in unfinished_jobs():
            load.delay(job_id)
        for run_id in unfinished_runs():
            calculate.delay(run_id)
        for effect_id in waiting_effects():
            effect.delay(effect_id)
    finally:
        connections.close_all()  # the main process of a worker has no other use for one


# --- in this process ----------------------------------------------------------------------


@cache
def _pool() -> ThreadPoolExecutor:
    # One at a time: SQLite has one writer, and a second calculation would only wait.
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="calculate")


def _in_thread(task: Any, pk: int) -> None:
    try:
        task.apply(args=[pk], throw=True)
    except Exception:
        log.exception("calculation_failed", task=task.name, pk=pk)  # the row tells the officer
    finally:
        connections.close_all()


def _stop_if_told(run: Run) -> None:
    if _stopping.is_set():
        raise RunCancelled


def _stop_loading_if_told(job: UploadJob) -> None:
    if _stopping.is_set():
        raise JobCancelled


def _stop_effect_if_told(row: DefinitionEffect) -> None:
    if _stopping.is_set():
        raise EffectCancelled


def mark_all_interrupted() -> None:
    """What a stopped process left behind. Only where this process does the work itself."""
    mark_interrupted()
    mark_jobs_interrupted()
    mark_effects_interrupted()


def stop_background() -> None:
    """This process ends: leave the calculation or file at its next step, and begin no other."""
    _stopping.set()
    if _pool.cache_info().currsize:
        _pool().shutdown(wait=False, cancel_futures=True)
