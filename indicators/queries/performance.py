"""Targets against actuals of a project in one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indicators.models import Assessment, Change, Estimate, Wave
from indicators.queries.results import indicator_heads, line_of, wave_head
from indicators.results import IndicatorHead, Line, Performance, PerformanceRow, WaveHead
from indicators.vocabulary import Scope

if TYPE_CHECKING:
    from indicators.models import Project, Run


def performance(*, project: Project, run: Run, min_group: int) -> Performance:
    """All indicators in all waves with a value or a target. Five queries."""
    estimates = {
        (row.measure_id, row.wave_id): row
        for row in Estimate.objects.filter(run=run, scope=Scope.PROJECT)
    }
    assessments = {
        (row.target.indicator_id, row.target.wave_id): row
        for row in Assessment.objects.filter(run=run, target__school=None).select_related("target")
    }
    first, later = _waves(
        project,
        measured={wave for _measure, wave in estimates},
        judged={wave for _indicator, wave in assessments},
    )
    changes = {
        (row.measure_id, row.wave_to_id): row
        for row in Change.objects.filter(
            run=run, scope=Scope.PROJECT, wave_from=first.pk if first else None
        )
    }

    def line(head: IndicatorHead, wave: WaveHead | None) -> Line:
        then, now = (
            estimates.get((head.measure_id, one.pk)) if one else None for one in (first, wave)
        )
        return line_of(
            head,
            then=then,
            now=now,
            change=changes.get((head.measure_id, wave.pk)) if wave else None,
            assessment=assessments.get((head.pk, wave.pk)) if wave else None,
            min_group=min_group,
        )

    rows = tuple(
        PerformanceRow(tuple(line(head, wave) for wave in later or (None,)))
        for head in indicator_heads(project, run)
    )
    return Performance(first, later, rows)


def _waves(
    project: Project, *, measured: set[int], judged: set[int]
) -> tuple[WaveHead | None, tuple[WaveHead, ...]]:
    """The first wave with results and the later ones, in their order."""
    rows = Wave.objects.filter(project=project, pk__in=measured | judged).order_by("position")
    waves = [wave_head(row) for row in rows]
    first = next((wave for wave in waves if wave.pk in measured), None)
    return first, tuple(wave for wave in waves if first is None or wave.position > first.position)
