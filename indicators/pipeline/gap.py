"""Gaps: the difference of two means, and its change (method section 6).

Two groups of one question, or the same question to two kinds of respondents. Stacked, clustered on
the school, CR2; the change is the contrast of four means, so stable habits cancel. The gaps between
the groups of a measure are in `gap_group`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from indicators.pipeline.change_rows import with_result, with_second_look
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import ChangeRow, EstimateRow
from indicators.pipeline.register import register_of
from indicators.pipeline.sampling import contrast_sample
from indicators.pipeline.shapes import GapSpec, SchoolSpec
from indicators.pipeline.totals import Cells, Totals, beside, group_cells
from indicators.stats.cr2 import contrast_cr2
from indicators.stats.linear import contrast_taylor
from indicators.stats.moments import mean_sd
from indicators.stats.paired import PairedResult, paired_schools
from indicators.stats.results import Result, refused
from indicators.vocabulary import Reason, Scope, Verdict

FIRST_MINUS_SECOND = (1.0, -1.0)
GAP_AFTER_MINUS_BEFORE = (-1.0, 1.0, 1.0, -1.0)
MIN_FOR_SECOND_LOOK = 5


@dataclass(frozen=True, slots=True)
class GapCells:
    """Two cells per line of schools: arrays (G, 2), first and second.

    `strata` (G,) of a sample of schools; empty when all schools were asked.
    """

    lineages: tuple[str, ...]
    cells: Cells
    unequal: Reason | None = None  # why no uncertainty may be shown
    strata: tuple[str, ...] = ()


def gap_cells(
    spec: GapSpec,
    first: Totals,
    second: Totals,
    schools: Mapping[str, SchoolSpec],
    lineages: tuple[str, ...],
    refused_by: Reason | None = None,
) -> GapCells:
    """The two means of a gap side by side, on the given lines of schools."""
    sides = [
        _side(first, spec.group_by, spec.first_group, schools, lineages),
        _side(second, spec.group_by, spec.second_group, schools, lineages),
    ]
    return GapCells(lineages, beside(sides), refused_by)


def _side(
    totals: Totals,
    group_by: str,
    group: str,
    schools: Mapping[str, SchoolSpec],
    lineages: tuple[str, ...],
) -> Cells:
    cells = totals.schools
    if group_by:
        keys, groups = group_cells(group_by, totals, schools)
        if group not in keys:
            return Cells(*(np.zeros(len(lineages)) for _ in range(3)))
        cells = groups.column(keys.index(group))
    rows = register_of(schools).rows(totals.school_codes, lineages)
    return cells.take(rows, len(lineages))


def gap_estimate(spec: GapSpec, wave: str, gap: GapCells) -> EstimateRow:
    """The gap of one wave as an estimate; `counts` hold the two numbers of answers."""
    sums = gap.cells.n.sum(axis=0)
    result = _test(gap.cells, FIRST_MINUS_SECOND, gap)
    value = difference(gap.cells)
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


def _test(cells: Cells, coefs: tuple[float, ...], gap: GapCells) -> Result:
    """CR2 over all schools; the linearised error of a sample of schools or of weighted answers."""
    if gap.strata:
        return contrast_sample(cells, coefs, gap.strata)
    if cells.weight is not None:
        return contrast_sample(cells, coefs, ("",) * len(gap.lineages))
    return contrast_cr2(cells.n, cells.total, coefs)


def difference(cells: Cells, column: int = 0) -> float | None:
    """First mean minus second of two neighbouring columns of cells (G, K)."""
    pair = cells.each(lambda a: a[:, column : column + 2]).sums
    if (pair.n == 0).any():
        return None
    first, second = pair.total / pair.mass
    return float(first - second)


def gap_change(
    spec: GapSpec, waves: tuple[str, str], before: GapCells, after: GapCells, rules: Rules
) -> ChangeRow:
    """Did the gap change? On the schools with answers in both waves (same lines).

    A sample of schools: on all schools of both waves.
    """
    cells = beside([before.cells, after.cells])
    both = (before.cells.n.sum(axis=1) > 0) & (after.cells.n.sum(axis=1) > 0)
    panel = cells if before.strata else cells.each(lambda a: np.where(both[:, None], a, 0.0))
    row = _plain_row(spec, waves, panel, cells)
    reason = before.unequal or after.unequal or row.reason
    if reason is not None:
        return replace(row, reason=reason)
    result = _test(panel, GAP_AFTER_MINUS_BEFORE, before)
    overall = None
    if (
        not before.strata and cells.weight is None
    ):  # of a sample the test itself is over all schools
        overall = contrast_taylor(cells.n, cells.total, GAP_AFTER_MINUS_BEFORE).se
    row = replace(
        with_result(row, result, _margin(spec, panel, rules), None), all_se=overall or None
    )
    return with_second_look(row, _second_look(panel), rules)


def _margin(spec: GapSpec, panel: Cells, rules: Rules) -> float | None:
    """The indicator's own, else a share of the baseline SD of both sides together."""
    if spec.margin is not None:
        return spec.margin if spec.margin > 0 else None
    first = panel.each(lambda a: a[:, :2].sum())
    _, spread = mean_sd(first.n, first.total, first.squares, first.weight)
    margin = rules.margin_sd * float(spread)
    return margin if margin > 0 else None


def _second_look(panel: Cells) -> PairedResult:
    """Gap of every school with enough answers in all four cells, before and after."""
    mean, _ = mean_sd(panel.n, panel.total, panel.squares, panel.weight)
    least = panel.n.min(axis=1)
    return paired_schools(
        least,
        mean[:, 0] - mean[:, 1],
        least,
        mean[:, 2] - mean[:, 3],
        min_n=MIN_FOR_SECOND_LOOK,
    )


def _plain_row(spec: GapSpec, waves: tuple[str, str], panel: Cells, everyone: Cells) -> ChangeRow:
    first, second = difference(panel), difference(panel, 2)
    all_first, all_second = difference(everyone), difference(everyone, 2)
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
        n_schools=int(panel.n.any(axis=1).sum()),
        difference=None if first is None or second is None else second - first,
        all_difference=(
            None if all_first is None or all_second is None else all_second - all_first
        ),
        reason=Reason.NOT_IN_BOTH_WAVES if first is None or second is None else None,
        method="difference",
    )
