"""Compared: the change of a measure between two waves, for the project and its groups.

The same schools in both waves: pooled difference of respondents, CR2 with the school as cluster,
and the school-by-school second look (method section 5). A sample of schools: weighted difference
with the linearised error of its strata. One school's change is in `change_school`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from indicators.pipeline.change_rows import (
    margin_for,
    not_comparable,
    with_result,
    with_second_look,
)
from indicators.pipeline.estimate import number
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import ChangeRow
from indicators.pipeline.pair import Pair
from indicators.pipeline.sampling import NO_STRATA, Strata, contrast_sample, line_strata, refusal
from indicators.pipeline.shapes import FloatArray, MeasureSpec, SchoolSpec
from indicators.pipeline.totals import EVERYBODY, Cells, Place, beside
from indicators.stats.cr2 import METHOD as CR2
from indicators.stats.cr2 import contrasts_cr2
from indicators.stats.linear import contrasts_taylor
from indicators.stats.moments import mean_sd
from indicators.stats.paired import TIE, PairedResult, paired_schools
from indicators.stats.power import detectable_contrast
from indicators.stats.results import Result
from indicators.stats.survey import METHOD as SAMPLE
from indicators.stats.verdict import verdict_change
from indicators.vocabulary import MeasureKind, Reason, Scope, Selection, Verdict

BEFORE_AFTER = (-1.0, 1.0)


def uses_common_items(spec: MeasureSpec) -> bool:
    """Whether the change is computed on fewer items than the level."""
    return bool(spec.common_items) and spec.common_items != spec.items


def project_change(
    spec: MeasureSpec,
    pair: Pair,
    selection: Selection,
    rules: Rules,
    *,
    schools: Mapping[str, SchoolSpec] | None = None,
    strata: Strata = NO_STRATA,
) -> ChangeRow:
    """The project's change of one measure; `pair` on the items worded alike, where some are.

    `schools` and `strata` are read for a sample of schools only.
    """
    refused = refusal(spec.respondent, selection)
    if selection is Selection.SAMPLE and refused is None:
        return _sample_change(spec, pair, rules, schools or {}, strata)
    row = panel_change(spec, pair, refused, rules)
    is_tested = row.method in (CR2, SAMPLE)
    return with_second_look(row, second_look(pair), rules) if is_tested else row


def panel_change(spec: MeasureSpec, pair: Pair, refused: Reason | None, rules: Rules) -> ChangeRow:
    """The change on the schools of both waves and its CR2 test, before the second look."""
    row = _row(spec, pair, _panel(pair.before, pair.after), EVERYBODY)
    row = _with_schools(row, spec, pair)
    if not spec.common_items:
        return not_comparable(row)
    if refused is not None or row.reason is not None:
        row = replace(row, reason=refused or row.reason)
        # Counts of schools up and down would be a claim that self-selected answers cannot carry.
        return row if refused is Reason.CENSUS else replace(row, n_up=None, n_down=None)
    result = _tests(pair.before, pair.after)[0]
    overall = _over_all_schools(pair)
    row = with_result(row, result, margin_for(spec, rules, _spread(pair)), None)
    return replace(row, all_se=overall.se or None, detectable=_detectable(result, rules))


def group_changes(
    spec: MeasureSpec, pair: Pair, selection: Selection, rules: Rules
) -> Iterator[ChangeRow]:
    """The change of every group on its schools of both waves: numbers and ranges, no word.

    A sample of schools and refused surveys give none.
    """
    is_open = refusal(spec.respondent, selection) is None and selection is not Selection.SAMPLE
    before, after = pair.groups_before, pair.groups_after
    if before is None or after is None or not is_open or not spec.common_items:
        return
    results = _tests(before, after)
    panel = _panel(before, after)
    for i, place in enumerate(pair.groups):
        row = _row(spec, pair, (panel[0].column(i), panel[1].column(i)), place)
        if row.difference is not None:
            row = with_result(row, results[i], None, None)
            yield replace(row, reason=row.reason or Reason.EXPLORATORY)


def _waves(before: Cells, after: Cells) -> tuple[np.ndarray, np.ndarray]:
    """n and total of every column, shape (columns, schools, 2)."""

    def stack(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        both = np.stack([first.T, second.T], axis=-1)
        return both[None] if both.ndim == 2 else both

    return stack(before.n, after.n), stack(before.total, after.total)


def _panel(before: Cells, after: Cells) -> tuple[Cells, Cells]:
    """Both waves with the schools that have answers in one of them only set to nothing."""
    both = (before.n > 0) & (after.n > 0)

    def keep(values: FloatArray) -> FloatArray:
        return np.where(both, values, 0.0)

    return before.each(keep), after.each(keep)


def _tests(before: Cells, after: Cells) -> list[Result]:
    """CR2 on the schools of both waves; the linearised error where answers have weights."""
    first, second = _panel(before, after)
    if first.weight is None and second.weight is None:
        return contrasts_cr2(*_waves(first, second), BEFORE_AFTER)
    columns = [(first, second)]
    if first.n.ndim > 1:
        columns = [(first.column(i), second.column(i)) for i in range(first.n.shape[1])]
    return [_weighted(pair, are_waves=False) for pair in columns]


def _weighted(waves: Sequence[Cells], *, are_waves: bool) -> Result:
    cells = beside(waves)
    return contrast_sample(cells, BEFORE_AFTER, ("",) * len(cells.n), are_waves=are_waves)


def _over_all_schools(pair: Pair) -> Result:
    """The same difference over the schools of either wave, with its linearised error."""
    if pair.before.weight is None and pair.after.weight is None:
        return contrasts_taylor(*_waves(pair.before, pair.after), BEFORE_AFTER)[0]
    return _weighted((pair.before, pair.after), are_waves=True)


def _spread(pair: Pair) -> float | None:
    """SD of the baseline answers on the schools of both waves."""
    first = _panel(pair.before, pair.after)[0].sums
    return number(mean_sd(first.n, first.total, first.squares, first.weight)[1])


def _detectable(result: Result, rules: Rules) -> float | None:
    """Smallest change of all schools together seen with 80 % power, from this very error."""
    if not result.se or result.df is None:
        return None
    return detectable_contrast(result.se, result.df, alpha=rules.alpha)


def second_look(pair: Pair) -> PairedResult:
    """Every school one number: the unweighted mean of the schools' changes, and its sign flip."""
    first, second = (
        mean_sd(cells.n, cells.total, cells.squares, cells.weight)[0]
        for cells in (pair.before, pair.after)
    )
    return paired_schools(pair.before.n, first, pair.after.n, second)


def _sample_change(
    spec: MeasureSpec,
    pair: Pair,
    rules: Rules,
    schools: Mapping[str, SchoolSpec],
    strata: Strata,
) -> ChangeRow:
    """A sample of schools, drawn anew or the same again: all answers of both waves, linearised
    error, df = schools - strata (method section 5.2).
    """
    row = _row(spec, pair, (pair.before, pair.after), EVERYBODY)
    if not spec.common_items:
        return not_comparable(row)
    labels = line_strata(pair.lineages, schools, strata, (pair.in_before, pair.in_after))
    cells = beside([pair.before, pair.after])
    result = contrast_sample(cells, BEFORE_AFTER, labels, are_waves=True)
    first = pair.before.sums
    sd = number(mean_sd(first.n, first.total, first.squares, first.weight)[1])
    margin = margin_for(spec, rules, sd)
    verdict, _ = verdict_change(result, margin=margin, alpha=rules.alpha, n_schools=None)
    row = replace(row, n_schools=result.n_clusters, n_up=None, n_down=None)
    row = with_result(row, result, margin, verdict)
    return replace(row, detectable=_detectable(result, rules))


def _value(spec: MeasureSpec, cells: Cells) -> float | None:
    if not cells.n:
        return None
    total = float(cells.total)
    return total if spec.kind is MeasureKind.SCHOOLS_COUNT else total / float(cells.mass)


def _minus(second: float | None, first: float | None) -> float | None:
    return None if first is None or second is None else second - first


def _row(spec: MeasureSpec, pair: Pair, panel: tuple[Cells, Cells], place: Place) -> ChangeRow:
    """Levels and difference of the cells (G,) of both waves, with schools up and down."""
    before, after = panel
    first, second = _value(spec, before.sums), _value(spec, after.sums)
    both = (before.n > 0) & (after.n > 0)
    moved = after.total[both] / after.mass[both] - before.total[both] / before.mass[both]
    is_empty = first is None or second is None
    return ChangeRow(
        measure=spec.code,
        wave_from=pair.wave_from,
        wave_to=pair.wave_to,
        scope=Scope.GROUP if place[0] else Scope.PROJECT,
        verdict=Verdict.NOT_APPLICABLE,
        group_by=place[0],
        group=place[1],
        baseline=first,
        endline=second,
        n_baseline=int(before.n.sum()),
        n_endline=int(after.n.sum()),
        n_schools=int(both.sum()),
        difference=_minus(second, first),
        n_up=int((moved > TIE).sum()),
        n_down=int((moved < -TIE).sum()),
        is_on_common_items=uses_common_items(spec),
        reason=_why_empty(pair) if is_empty else None,
        method="difference",
    )


def _with_schools(row: ChangeRow, spec: MeasureSpec, pair: Pair) -> ChangeRow:
    """The figure over all schools beside the one over the schools of both waves."""
    first, second = _value(spec, pair.before.sums), _value(spec, pair.after.sums)
    left = (pair.before.n > 0) & (pair.after.n == 0)
    joined = (pair.before.n == 0) & (pair.after.n > 0)
    return replace(
        row,
        all_difference=_minus(second, first),
        schools_left=tuple(pair.before_codes[i] for i in np.flatnonzero(left)),
        schools_joined=tuple(pair.after_codes[i] for i in np.flatnonzero(joined)),
    )


def _why_empty(pair: Pair) -> Reason:
    has_any = pair.before.n.any() or pair.after.n.any()
    return Reason.NOT_IN_BOTH_WAVES if has_any else Reason.NO_DATA
