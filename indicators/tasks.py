"""Work in the background: a primary key in, one action called, the outcome on a row.

With a broker the task goes to a Celery worker; without one the same task runs in a thread of this
process. `enqueue_calculation` alone knows the difference.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import structlog
from celery import shared_task
from django.conf import settings
from django.db import connections, transaction

from indicators.actions.runs import run_calculation

log = structlog.get_logger(__name__)


@shared_task(name="indicators.calculate", acks_late=True)
def calculate(run_id: int) -> None:
    """Carry out one calculation."""
    run_calculation(run_id=run_id)


def enqueue_calculation(run_id: int) -> None:
    """Start the calculation once the current transaction is committed."""
    transaction.on_commit(lambda: _send(run_id))


def _send(run_id: int) -> None:
    if getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False):
        calculate.apply(args=[run_id], throw=True)
    elif settings.CELERY_BROKER_URL:
        calculate.delay(run_id)
    else:
        _pool().submit(_in_thread, run_id)


@cache
def _pool() -> ThreadPoolExecutor:
    # One at a time: SQLite has one writer, and a second calculation would only wait.
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="calculate")


def _in_thread(run_id: int) -> None:
    try:
        calculate.apply(args=[run_id], throw=True)
    except Exception:
        log.exception("calculation_failed", run_id=run_id)  # the run's row tells the officer
    finally:
        connections.close_all()
