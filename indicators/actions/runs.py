"""Calculations: asked for, carried out in the background, stored as rows of a run.

Results are written in one transaction at the end, so a calculation that is killed leaves nothing
behind but its own row, and can be repeated. A run may be handed out twice (a worker died, or it
was asked for twice): whoever finishes first stores, everybody else finds it done.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.utils import timezone

from indicators.actions.audit import record
from indicators.actions.run_rows import store_results
from indicators.models import AuditEvent, Project, Run, User
from indicators.pipeline.calculate import calculate
from indicators.pipeline.outcomes import Results
from indicators.queries.calculation import calculation_inputs, fingerprint
from indicators.vocabulary import RunState
from mel import VERSION

UNFINISHED = (RunState.WAITING, RunState.RUNNING)
SECONDS_BETWEEN_UPDATES = 0.25
# A run that broke off so often takes its process down each time (memory): stop handing it out.
MOST_RESTARTS = 3
# Files may be accepted and withdrawn while numbers are computed: how often to begin again.
MOST_ATTEMPTS = 5


class RunCancelled(Exception):
    """The calculation is to stop: somebody asked, or its process ends."""


class InputsKeepChanging(Exception):
    """The data changed during every attempt."""


@transaction.atomic
def request_run(*, project: Project, by: User | None) -> Run:
    """Ask for a calculation. One that still waits is reused: it will see the newest data."""
    Project.objects.select_for_update().get(pk=project.pk)  # two who ask at once get the same run
    waiting = Run.objects.filter(project=project, state=RunState.WAITING).first()
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
    return newest if newest.input_sha256 == _fingerprint_now(project.pk) else None


def unfinished_runs() -> list[int]:
    """Runs that wait, or that a stopped worker may have left in the middle; oldest first."""
    found = Run.objects.filter(state__in=UNFINISHED).order_by("id")
    return list(found.values_list("pk", flat=True))


def run_calculation(*, run_id: int, progress: Callable[[Run], None] | None = None) -> Run:
    """Carry out a requested calculation. Doing it twice, or again after a crash, is safe.

    `progress` hears of every step; it may raise RunCancelled to stop. An error is written on the
    run and raised.
    """
    run = _claim(run_id)
    if run.state != RunState.RUNNING:
        return run
    try:
        _calculate(run, _Reporter(run, progress))
    except RunCancelled:
        _end(run, RunState.INTERRUPTED)
    except Exception as error:
        _end(run, RunState.FAILED, f"{type(error).__name__}: {error}")
        raise
    except BaseException:  # Ctrl-C, or the worker is told to go
        _end(run, RunState.INTERRUPTED)
        raise
    if progress is not None and run.state == RunState.DONE:
        with suppress(RunCancelled):  # too late
            progress(run)
    return run


@transaction.atomic
def _claim(run_id: int) -> Run:
    """The run, RUNNING when it is to be carried out and in its final state otherwise."""
    run = Run.objects.select_for_update().select_related("project").get(pk=run_id)
    if run.state in (RunState.DONE, RunState.FAILED):
        return run
    broke_off = run.state == RunState.RUNNING
    run.started_at, run.finished_at, run.error = timezone.now(), None, ""
    run.step, run.done, run.total, run.code_version = "", 0, 0, VERSION
    if run.cancel_asked:
        run.state, run.finished_at = RunState.INTERRUPTED, timezone.now()
    elif broke_off and _restarts(run) >= MOST_RESTARTS:
        run.state, run.finished_at = RunState.FAILED, timezone.now()
        run.error = f"It broke off {MOST_RESTARTS + 1} times without a message (memory?)."
    else:
        run.state = RunState.RUNNING
        if broke_off:
            record("run.restarted", run, by=None, project=run.project)
    run.save()
    return run


def _restarts(run: Run) -> int:
    found = AuditEvent.objects.filter(project=run.project, kind="run.restarted")
    return found.filter(object_type="run", object_id=str(run.pk)).count()


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
        # With the state: a process that started meanwhile may have taken this one for stopped.
        row = Run.objects.filter(pk=self.run.pk).exclude(state=RunState.DONE)
        row.update(state=RunState.RUNNING, finished_at=None, step=step, done=done, total=total)
        if self.listener is not None:
            self.listener(self.run)
        if Run.objects.filter(pk=self.run.pk, cancel_asked=True).exists():
            raise RunCancelled


def _calculate(run: Run, report: _Reporter) -> None:
    """Compute and store. Whatever was accepted, withdrawn or edited meanwhile means once more:

    answers are read while the calculation goes on, so only a fingerprint that is the same before
    and after says that all of them were there.
    """
    for _ in range(MOST_ATTEMPTS):
        project = Project.objects.get(pk=run.project_id)
        inputs, names = calculation_inputs(project)
        run.inputs, run.input_sha256 = names, fingerprint(names)
        try:
            results = calculate(inputs, report)
        except RunCancelled:
            raise
        except Exception:
            if _fingerprint_now(project.pk) == run.input_sha256:
                raise
            continue  # it stumbled over data that were taken away
        report("store", 1, 1)
        if _store(run, results):
            return
    raise InputsKeepChanging("files or definitions changed during every attempt")


def _fingerprint_now(project_id: int) -> str:
    return fingerprint(calculation_inputs(Project.objects.get(pk=project_id))[1])


@transaction.atomic
def _store(run: Run, results: Results) -> bool:
    """All rows and the final state at once; False when the inputs are no longer these."""
    locked = Run.objects.select_for_update().get(pk=run.pk)
    if locked.state == RunState.DONE:  # another worker was faster; its rows stand
        run.refresh_from_db()
        return True
    if locked.cancel_asked:
        raise RunCancelled
    if _fingerprint_now(run.project_id) != run.input_sha256:
        return False
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
    return True


def _end(run: Run, state: RunState, error: str = "") -> None:
    """Close a run that did not succeed, unless another worker finished it."""
    changed: dict[str, Any] = {"state": state, "error": error, "finished_at": timezone.now()}
    Run.objects.filter(pk=run.pk).exclude(state=RunState.DONE).update(
        **changed, inputs=run.inputs, input_sha256=run.input_sha256
    )
    run.refresh_from_db()


@transaction.atomic
def cancel_run(*, run: Run, by: User) -> None:
    """Stop a calculation: at its next step, or at once when it has not begun."""
    row = Run.objects.select_for_update().get(pk=run.pk)
    if row.state not in UNFINISHED:
        return
    row.cancel_asked = True
    if row.state == RunState.WAITING:  # whoever asks next gets a new run, not this one
        row.state, row.finished_at = RunState.INTERRUPTED, timezone.now()
    row.save(update_fields=["cancel_asked", "state", "finished_at"])
    record("run.cancel_asked", row, by=by, project=row.project)


def mark_interrupted() -> int:
    """Runs that a stopped process left behind. Only where this process does the work itself."""
    return Run.objects.filter(state__in=UNFINISHED).update(
        state=RunState.INTERRUPTED, finished_at=timezone.now()
    )
