"""Gaps: the difference of two means inside the same schools, and its change (method section 6).

Two groups of one question, or the same question to two kinds of respondents. Stacked, clustered on
the school, CR2; the change is the contrast of four means, so stable habits cancel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from indicators.pipeline.change import (
    lineage_rows,
    with_result,
    with_second_look,
)
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import ChangeRow, EstimateRow, GapRow
from indicators.pipeline.shapes import GapSpec, SchoolSpec
from indicators.pipeline.tally import Cells, Totals
from indicators.stats.cr2 import contrast_cr2
from indicators.stats.linear import contrast_taylor
from indicators.stats.moments import mean_sd
from indicators.stats.paired import PairedResult, paired_schools
from indicators.stats.results import refused
from indicators.stats.verdict import verdict_change
from indicators.vocabulary import Reason, Scope, Verdict

FIRST_MINUS_SECOND = np.array([1.0, -1.0])
GAP_AFTER_MINUS_BEFORE = np.array([-1.0, 1.0, 1.0, -1.0])
MIN_FOR_SECOND_LOOK = 5


@dataclass(frozen=True, slots=True)
class GapCells:
    """Two cells per line of schools: arrays (G, 2), first and second."""

    lineages: tuple[str, ...]
    cells: Cells
    unequal: Reason | None = None  # why no uncertainty may be shown


def gap_cells(
    spec: GapSpec,
    first: Totals,
    second: Totals,
    schools: Mapping[str, SchoolSpec],
    lineages: tuple[str, ...],
    refused_by: Reason | None = None,
) -> GapCells:
    """The two means of a gap side by side, on the given lines of schools."""
    sides = (
        _side(first, spec.group_by, spec.first_group, schools, lineages),
        _side(second, spec.group_by, spec.second_group, schools, lineages),
    )
    stacked = Cells(
        np.column_stack([side.n for side in sides]),
        np.column_stack([side.total for side in sides]),
        np.column_stack([side.squares for side in sides]),
    )
    return GapCells(lineages, stacked, refused_by)


def _side(
    totals: Totals,
    group_by: str,
    group: str,
    schools: Mapping[str, SchoolSpec],
    lineages: tuple[str, ...],
) -> Cells:
    cells = totals.schools
    if group_by:
        position = totals.group_keys[group_by].index(group)
        by_group = totals.groups[group_by]
        cells = Cells(
            by_group.n[:, position], by_group.total[:, position], by_group.squares[:, position]
        )
    return cells.take(lineage_rows(totals.school_codes, schools, lineages), len(lineages))


def gap_estimate(spec: GapSpec, wave: str, gap: GapCells) -> EstimateRow:
    """The gap of one wave as an estimate; `counts` hold the two numbers of answers."""
    sums = gap.cells.n.sum(axis=0)
    result = contrast_cr2(gap.cells.n, gap.cells.total, FIRST_MINUS_SECOND)
    value = _difference(gap.cells)
    if gap.unequal is not None and value is not None:
        result = refused(
            gap.unequal,
            n=result.n,
            n_clusters=result.n_clusters,
            method="difference",
            estimate=value,
        )
    return EstimateRow(
        measure=spec.code,
        wave=wave,
        scope=Scope.PROJECT,
        n=int(sums.sum()),
        n_schools=result.n_clusters,
        value=value,
        se=result.se if result.reason is None else None,
        df=result.df,
        ci_low=result.ci_low,
        ci_high=result.ci_high,
        counts={"first": int(sums[0]), "second": int(sums[1])},
        method=result.method,
        reason=result.reason,
    )


def _difference(cells: Cells, column: int = 0) -> float | None:
    n = cells.n[:, column : column + 2].sum(axis=0)
    if (n == 0).any():
        return None
    first, second = cells.total[:, column : column + 2].sum(axis=0) / n
    return float(first - second)


def group_gap(measure: str, wave: str, spec: GapSpec, gap: GapCells) -> GapRow:
    """The gap between two groups of one measure as a row of its own."""
    row = gap_estimate(spec, wave, gap)
    result = contrast_cr2(gap.cells.n, gap.cells.total, FIRST_MINUS_SECOND)
    sums = gap.cells.n.sum(axis=0)
    return GapRow(
        measure=measure,
        wave=wave,
        group_by=spec.group_by,
        first_group=spec.first_group,
        second_group=spec.second_group,
        value=row.value,
        se=row.se,
        df=row.df,
        p=result.p if row.reason is None else None,
        ci_low=row.ci_low,
        ci_high=row.ci_high,
        n_first=int(sums[0]),
        n_second=int(sums[1]),
        n_schools=row.n_schools,
        reason=row.reason,
    )


def gap_change(
    spec: GapSpec, waves: tuple[str, str], before: GapCells, after: GapCells, rules: Rules
) -> ChangeRow:
    """Did the gap change? On the schools with answers in both waves (same lines)."""
    both = (before.cells.n.sum(axis=1) > 0) & (after.cells.n.sum(axis=1) > 0)
    n = np.hstack([before.cells.n, after.cells.n])
    total = np.hstack([before.cells.total, after.cells.total])
    squares = np.hstack([before.cells.squares, after.cells.squares])
    panel = Cells(n[both], total[both], squares[both])
    row = _plain_row(spec, waves, panel, Cells(n, total, squares))
    reason = before.unequal or after.unequal or row.reason
    if reason is not None:
        return replace(row, reason=reason)
    result = contrast_cr2(panel.n, panel.total, GAP_AFTER_MINUS_BEFORE)
    paired = _second_look(panel)
    margin = _margin(spec, panel, rules)
    verdict, look = verdict_change(
        result,
        margin=margin,
        alpha=rules.alpha,
        second_p=paired.p_sign_flip,
        n_schools=int(both.sum()),
    )
    overall = contrast_taylor(n, total, GAP_AFTER_MINUS_BEFORE).se
    row = replace(with_result(row, result, margin, verdict), all_se=overall or None)
    return with_second_look(row, paired, look)


def _margin(spec: GapSpec, panel: Cells, rules: Rules) -> float | None:
    """The indicator's own, else a share of the baseline SD of both sides together."""
    if spec.margin is not None:
        return spec.margin if spec.margin > 0 else None
    _, spread = mean_sd(panel.n[:, :2].sum(), panel.total[:, :2].sum(), panel.squares[:, :2].sum())
    margin = rules.margin_sd * float(spread)
    return margin if margin > 0 else None


def _second_look(panel: Cells) -> PairedResult:
    """Gap of every school with enough answers in all four cells, before and after."""
    mean, _ = mean_sd(panel.n, panel.total, panel.squares)
    least = panel.n.min(axis=1)
    return paired_schools(
        least,
        mean[:, 0] - mean[:, 1],
        least,
        mean[:, 2] - mean[:, 3],
        min_n=MIN_FOR_SECOND_LOOK,
    )


def _plain_row(spec: GapSpec, waves: tuple[str, str], panel: Cells, everyone: Cells) -> ChangeRow:
    first, second = _difference(panel), _difference(panel, 2)
    all_first, all_second = _difference(everyone), _difference(everyone, 2)
    return ChangeRow(
        measure=spec.code,
        wave_from=waves[0],
        wave_to=waves[1],
        scope=Scope.PROJECT,
        verdict=Verdict.NOT_APPLICABLE,
        baseline=first,
        endline=second,
        n_baseline=int(panel.n[:, :2].sum()),
        n_endline=int(panel.n[:, 2:].sum()),
        n_schools=len(panel.n),
        difference=None if first is None or second is None else second - first,
        all_difference=(
            None if all_first is None or all_second is None else all_second - all_first
        ),
        reason=Reason.NOT_IN_BOTH_WAVES if first is None or second is None else None,
        method="difference",
    )
