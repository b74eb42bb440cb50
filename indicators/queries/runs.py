"""Calculations of a project, newest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from indicators.models import Run
from indicators.queries.consistency import checked_of
from indicators.queries.lost_citations import lost_citations
from indicators.queries.paging import Paged
from indicators.vocabulary import RunState

if TYPE_CHECKING:
    from indicators.models import Project

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class RunRow:
    pk: int
    state: str
    step: str
    done: int
    total: int
    error: str
    is_cancel_asked: bool
    started_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    code_version: str
    input_sha256: str
    n_inputs: int
    published_at: datetime | None
    withdrawn_at: datetime | None
    note: str
    is_shown: bool  # the release donors see now
    checked: tuple[int, int] | None = None  # comparisons between its figures, contradictions
    n_lost: int = 0  # references of texts that lead nowhere

    @property
    def is_final(self) -> bool:
        return self.state not in (RunState.WAITING, RunState.RUNNING)

    @property
    def is_done(self) -> bool:
        return self.state == RunState.DONE

    @property
    def is_published(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class RunPage(Paged):
    rows: tuple[RunRow, ...]
    number: int
    has_next: bool


def run_page(*, project: Project, number: int) -> RunPage:
    """One page of calculations. Two queries."""
    runs = Run.objects.filter(project=project).select_related("started_by", "release")
    start = (number - 1) * PER_PAGE
    found = list(runs.defer("inputs")[start : start + PER_PAGE + 1])
    shown = _shown(project)
    rows = tuple(_row(run, shown, 0) for run in found[:PER_PAGE])
    return RunPage(rows, number, len(found) > PER_PAGE)


def run_row(run: Run) -> RunRow:
    """One calculation, with how many inputs it names and what its checks found."""
    datasets = run.inputs.get("datasets", ()) if isinstance(run.inputs, dict) else ()
    row = replace(_row(run, _shown(run.project), len(datasets)), checked=checked_of(run))
    return replace(row, n_lost=len(lost_citations(run.project)) if row.is_done else 0)


def _shown(project: Project) -> int | None:
    runs = Run.objects.filter(
        project=project,
        state=RunState.DONE,
        release__isnull=False,
        release__withdrawn_at__isnull=True,
    )
    return runs.order_by("-id").values_list("pk", flat=True).first()


def _row(run: Run, shown: int | None, n_inputs: int) -> RunRow:
    release = getattr(run, "release", None)
    person = run.started_by
    return RunRow(
        pk=run.pk,
        state=run.state,
        step=run.step,
        done=run.done,
        total=run.total,
        error=run.error,
        is_cancel_asked=run.cancel_asked,
        started_by=(person.get_full_name() or person.get_username()) if person else "",
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        code_version=run.code_version,
        input_sha256=run.input_sha256,
        n_inputs=n_inputs,
        published_at=release.published_at if release else None,
        withdrawn_at=release.withdrawn_at if release else None,
        note=release.note if release else "",
        is_shown=run.pk == shown,
    )


def newest_run_row(project: Project) -> RunRow | None:
    """The calculation asked for last, whatever became of it. Two queries."""
    run = (
        Run.objects.filter(project=project)
        .select_related("project", "started_by", "release")
        .defer("inputs")
        .first()
    )
    return None if run is None else _row(run, None, 0)
