"""Calculations: asked for, carried out in the background, stored as rows of a run.

Results are written in one transaction at the end, so a calculation that is killed leaves nothing
behind but its own row, and can be repeated.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from indicators.actions.audit import record
from indicators.actions.run_rows import store_results
from indicators.models import (
    Project,
    Run,
    User,
)
from indicators.pipeline.calculate import calculate
from indicators.pipeline.outcomes import Results
from indicators.queries.calculation import calculation_inputs, fingerprint
from indicators.vocabulary import RunState
from mel import VERSION

UNFINISHED = (RunState.WAITING, RunState.RUNNING)
SECONDS_BETWEEN_UPDATES = 0.25


class RunCancelled(Exception):
    """Somebody asked the calculation to stop."""


@transaction.atomic
def request_run(*, project: Project, by: User | None) -> Run:
    """Ask for a calculation. One that still waits is reused: it will see the newest data."""
    waiting = (
        Run.objects.select_for_update().filter(project=project, state=RunState.WAITING).first()
    )
    if waiting is not None:
        return waiting
    run = Run.objects.create(project=project, started_by=by, code_version=VERSION)
    record("run.requested", run, by=by, project=project)
    return run


def is_up_to_date(*, project: Project) -> Run | None:
    """The newest finished run when nothing it was computed from has changed since."""
    newest = Run.objects.filter(project=project, state=RunState.DONE).order_by("-id").first()
    if newest is None or newest.code_version != VERSION:
        return None
    _, names = calculation_inputs(project)
    return newest if newest.input_sha256 == fingerprint(names) else None


def run_calculation(*, run_id: int, progress: Callable[[Run], None] | None = None) -> Run:
    """Carry out a requested calculation. Doing it twice, or again after a crash, is safe."""
    run = _claim(run_id)
    if run.state == RunState.DONE:
        return run
    try:
        inputs, names = calculation_inputs(run.project)
        run.inputs, run.input_sha256 = names, fingerprint(names)
        results = calculate(inputs, _Reporter(run, progress))
        _store(run, results)
    except RunCancelled:
        _end(run, RunState.INTERRUPTED, "")
    except Exception as error:
        _end(run, RunState.FAILED, f"{type(error).__name__}: {error}")
        raise
    if progress is not None:
        progress(run)
    return run


@transaction.atomic
def _claim(run_id: int) -> Run:
    run = Run.objects.select_for_update().select_related("project").get(pk=run_id)
    if run.state != RunState.DONE:
        run.state, run.started_at, run.error = RunState.RUNNING, timezone.now(), ""
        run.done = run.total = 0
        run.save()
    return run


class _Reporter:
    """Writes the progress of a run to its row, a few times a second at most."""

    def __init__(self, run: Run, listener: Callable[[Run], None] | None) -> None:
        self.run, self.listener, self.last = run, listener, 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if step == self.run.step and now - self.last < SECONDS_BETWEEN_UPDATES:
            return
        self.last = now
        self.run.step, self.run.done, self.run.total = step, done, total
        Run.objects.filter(pk=self.run.pk).update(step=step, done=done, total=total)
        if self.listener is not None:
            self.listener(self.run)
        if Run.objects.filter(pk=self.run.pk, cancel_asked=True).exists():
            raise RunCancelled


def _end(run: Run, state: RunState, error: str) -> None:
    run.state, run.error, run.finished_at = state, error, timezone.now()
    run.save(update_fields=["state", "error", "finished_at", "inputs", "input_sha256"])


@transaction.atomic
def _store(run: Run, results: Results) -> None:
    """All rows and the final state at once."""
    locked = Run.objects.select_for_update().get(pk=run.pk)
    if locked.state == RunState.DONE:  # another worker was faster; its rows stand
        return
    store_results(run, results)
    run.step, run.done, run.total = "done", 1, 1
    run.state, run.finished_at = RunState.DONE, timezone.now()
    run.save()
    record(
        "run.finished",
        run,
        by=run.started_by,
        project=run.project,
        after={"input_sha256": run.input_sha256, "n_estimates": len(results.estimates)},
    )


def cancel_run(*, run: Run, by: User) -> None:
    """Ask a calculation to stop at its next step."""
    with transaction.atomic():
        Run.objects.filter(pk=run.pk, state__in=UNFINISHED).update(cancel_asked=True)
        record("run.cancel_asked", run, by=by, project=run.project)


def mark_interrupted() -> int:
    """Runs that a stopped process left behind. Only where this process does the work itself."""
    return Run.objects.filter(state__in=UNFINISHED).update(
        state=RunState.INTERRUPTED, finished_at=timezone.now()
    )
