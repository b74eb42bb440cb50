"""Targets against actuals of a project in one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from indicators.models import Assessment, Change, Estimate, Wave
from indicators.queries.group_lines import group_lines, school_groups
from indicators.queries.results import indicator_heads, limits_of, line_of, wave_head
from indicators.results import IndicatorHead, Line, Performance, PerformanceRow, WaveHead
from indicators.vocabulary import Scope

if TYPE_CHECKING:
    from indicators.models import Project, Run


def performance(
    *, project: Project, run: Run, min_group: int, min_schools: int = 1, group: str = ""
) -> Performance:
    """All indicators in all waves with a value or a target.

    Eight queries, and two for every later wave with a group, whatever the number of schools.
    `group`: key of a SchoolGroup; one that the run does not know is no group.
    """
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
        measured={wave for (_, wave), row in estimates.items() if row.value is not None},
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
    groups = school_groups(project=project, run=run)
    table = Performance(
        baseline=first,
        later=later,
        rows=rows,
        groups=groups,
        group=next((one for one in groups if one.key == group), None),
        limits=limits_of(project),
    )
    limits = {"min_group": min_group, "min_schools": min_schools}
    return replace(table, group_rows=_group_rows(table, run, limits))


def _group_rows(
    table: Performance, run: Run, limits: Mapping[str, int]
) -> tuple[PerformanceRow, ...]:
    if table.group is None:
        return ()
    columns = [
        group_lines(
            (row.lines[place] for row in table.rows),
            run=run,
            waves=pair,
            group=table.group,
            limits=limits,
        )
        for place, pair in enumerate(table.pairs)
    ]
    return tuple(map(PerformanceRow, zip(*columns, strict=True)))


def _waves(
    project: Project, *, measured: set[int], judged: set[int]
) -> tuple[WaveHead | None, tuple[WaveHead, ...]]:
    """The first wave with results and the later ones, in their order."""
    rows = Wave.objects.filter(project=project, pk__in=measured | judged).order_by("position")
    waves = [wave_head(row) for row in rows]
    first = next((wave for wave in waves if wave.pk in measured), None)
    return first, tuple(wave for wave in waves if first is None or wave.position > first.position)
