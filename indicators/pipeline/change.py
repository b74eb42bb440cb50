"""Compared: the change of a measure between two waves on the same schools.

Pooled difference of respondents, CR2 with the school as cluster, and the school-by-school second
look (method section 5). One school's change is in `change_school`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from indicators.pipeline.estimate import number, refusal
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import ChangeRow
from indicators.pipeline.shapes import IntArray, MeasureSpec, SchoolSpec
from indicators.pipeline.tally import Cells, Totals
from indicators.stats.cr2 import contrast_cr2
from indicators.stats.linear import contrast_taylor
from indicators.stats.moments import mean_sd
from indicators.stats.paired import PairedResult, paired_schools
from indicators.stats.results import Result
from indicators.stats.verdict import verdict_change
from indicators.vocabulary import (
    SHARE_MEASURES,
    MeasureKind,
    Reason,
    Scope,
    SecondLook,
    Selection,
    Verdict,
)

BEFORE_AFTER = np.array([-1.0, 1.0])
UNTESTED: dict[str, Any] = dict.fromkeys(
    (
        *("se", "df", "t", "p", "ci_low", "ci_high", "ci90_low", "ci90_high", "all_se"),
        *("second_look", "school_difference", "school_ci_low", "school_ci_high", "p_sign_flip"),
    )
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two waves of one measure brought onto the same lines of schools.

    Arrays (G,) over `lineages`; `before_codes`/`after_codes` name the school of each wave ("" =
    not in that wave).
    """

    wave_from: str
    wave_to: str
    lineages: tuple[str, ...]
    before_codes: tuple[str, ...]
    after_codes: tuple[str, ...]
    before: Cells
    after: Cells

    @property
    def is_in_both(self) -> np.ndarray:
        return (self.before.n > 0) & (self.after.n > 0)


def lineage_rows(
    codes: Sequence[str], schools: Mapping[str, SchoolSpec], lineages: Sequence[str]
) -> IntArray:
    """Position of each school's line in `lineages`."""
    position = {lineage: i for i, lineage in enumerate(lineages)}
    return np.array([position[schools[code].lineage] for code in codes], dtype=np.int64)


def pair_waves(
    wave_from: str,
    wave_to: str,
    before: Totals,
    after: Totals,
    schools: Mapping[str, SchoolSpec],
) -> Pair:
    """Align two waves by the line of each school (a merged school continues the old one)."""
    lineages = tuple(
        sorted({schools[code].lineage for code in (*before.school_codes, *after.school_codes)})
    )
    size = len(lineages)
    first = lineage_rows(before.school_codes, schools, lineages)
    second = lineage_rows(after.school_codes, schools, lineages)
    return Pair(
        wave_from,
        wave_to,
        lineages,
        _names(before, first, size),
        _names(after, second, size),
        before.schools.take(first, size),
        after.schools.take(second, size),
    )


def _names(totals: Totals, rows: IntArray, size: int) -> tuple[str, ...]:
    names = [""] * size
    for row, code, n in zip(rows, totals.school_codes, totals.schools.n, strict=True):
        if n > 0:
            names[row] = code
    return tuple(names)


def margin_for(spec: MeasureSpec, rules: Rules, sd: float | None) -> float | None:
    """The smallest change that matters: the indicator's own, else the project's rule.

    None where it is not set (0 in the settings) or the answers do not vary.
    """
    if spec.margin is not None:
        margin = spec.margin
    elif spec.kind in SHARE_MEASURES:
        margin = rules.margin_share
    elif spec.kind is MeasureKind.NPS:
        margin = rules.margin_nps
    else:
        margin = rules.margin_sd * (sd or 0.0)
    return margin if margin > 0 else None


def uses_common_items(spec: MeasureSpec) -> bool:
    """Whether the change is computed on fewer items than the level."""
    return bool(spec.common_items) and spec.common_items != spec.items


def project_change(spec: MeasureSpec, pair: Pair, selection: Selection, rules: Rules) -> ChangeRow:
    """The project's change of one measure; `pair` on the items worded alike, where some are."""
    both = pair.is_in_both
    before, after = sums(pair.before, both), sums(pair.after, both)
    _, sd1 = mean_sd(*before)
    row = _plain_row(spec, pair, before, after)
    row = replace(
        row,
        all_difference=_all_difference(spec, pair),
        is_on_common_items=uses_common_items(spec),
    )
    margin = margin_for(spec, rules, number(sd1))
    refused = refusal(spec.respondent, selection)
    if not spec.common_items:
        return not_comparable(row)
    if refused is not None or row.reason is not None:
        row = replace(row, reason=refused or row.reason)
        # Counts of schools up and down would be a claim that self-selected answers cannot carry.
        return row if refused is Reason.CENSUS else replace(row, n_up=None, n_down=None)
    n = np.column_stack([pair.before.n, pair.after.n])
    total = np.column_stack([pair.before.total, pair.after.total])
    result = contrast_cr2(n[both], total[both], BEFORE_AFTER)
    paired = _second_look(pair)
    overall = contrast_taylor(n, total, BEFORE_AFTER)
    verdict, look = verdict_change(
        result,
        margin=margin,
        alpha=rules.alpha,
        second_p=paired.p_sign_flip,
        n_schools=int(both.sum()),
    )
    row = replace(with_result(row, result, margin, verdict), all_se=overall.se or None)
    return with_second_look(row, paired, look)


def not_comparable(row: ChangeRow) -> ChangeRow:
    """Both levels stay, the difference goes: it would mix wording and change."""
    return replace(
        row,
        verdict=Verdict.NOT_COMPARABLE,
        reason=Reason.NOT_COMPARABLE,
        difference=None,
        all_difference=None,
        n_up=None,
        n_down=None,
        **UNTESTED,
    )


def _second_look(pair: Pair) -> PairedResult:
    first, _ = mean_sd(pair.before.n, pair.before.total, pair.before.squares)
    second, _ = mean_sd(pair.after.n, pair.after.total, pair.after.squares)
    return paired_schools(pair.before.n, first, pair.after.n, second)


def with_second_look(row: ChangeRow, paired: PairedResult, look: SecondLook) -> ChangeRow:
    """`row` with the school-by-school result and whether it agrees with the verdict."""
    has_verdict = row.verdict is not Verdict.NOT_APPLICABLE
    return replace(
        row,
        second_look=look if has_verdict else None,
        school_difference=paired.result.estimate,
        school_ci_low=paired.result.ci_low,
        school_ci_high=paired.result.ci_high,
        n_up=paired.n_up,
        n_down=paired.n_down,
        p_sign_flip=paired.p_sign_flip,
    )


def with_result(
    row: ChangeRow, result: Result, margin: float | None, verdict: Verdict | None
) -> ChangeRow:
    """`row` with the test of its difference; a refused test gives its reason instead of a word."""
    return replace(
        row,
        difference=row.difference if result.estimate is None else result.estimate,
        se=result.se or None,
        df=result.df,
        t=result.t,
        p=result.p,
        ci_low=result.ci_low,
        ci_high=result.ci_high,
        ci90_low=result.ci90_low,
        ci90_high=result.ci90_high,
        margin=margin,
        verdict=verdict or Verdict.NOT_APPLICABLE,
        reason=result.reason,
        method=result.method,
    )


def result_of(row: ChangeRow) -> Result:
    """The test of a row as the statistics give it."""
    return Result(
        estimate=row.difference,
        se=row.se,
        df=row.df,
        t=row.t,
        p=row.p,
        ci_low=row.ci_low,
        ci_high=row.ci_high,
        ci90_low=row.ci90_low,
        ci90_high=row.ci90_high,
        n=row.n_baseline + row.n_endline,
        n_clusters=row.n_schools,
        method=row.method,
    )


def sums(cells: Cells, rows: np.ndarray) -> tuple[float, float, float]:
    """n, total and squares over the chosen rows."""
    return (
        float(cells.n[rows].sum()),
        float(cells.total[rows].sum()),
        float(cells.squares[rows].sum()),
    )


def _value(spec: MeasureSpec, n: float, total: float) -> float | None:
    if n == 0:
        return None
    return total if spec.kind is MeasureKind.SCHOOLS_COUNT else total / n


def _minus(second: float | None, first: float | None) -> float | None:
    return None if first is None or second is None else second - first


def _all_difference(spec: MeasureSpec, pair: Pair) -> float | None:
    everyone = np.ones(len(pair.lineages), dtype=bool)
    n1, total1, _ = sums(pair.before, everyone)
    n2, total2, _ = sums(pair.after, everyone)
    return _minus(_value(spec, n2, total2), _value(spec, n1, total1))


def _plain_row(
    spec: MeasureSpec,
    pair: Pair,
    before: tuple[float, float, float],
    after: tuple[float, float, float],
) -> ChangeRow:
    both = pair.is_in_both
    first, second = _value(spec, *before[:2]), _value(spec, *after[:2])
    moved = (
        pair.after.total[both] * pair.before.n[both]
        - pair.before.total[both] * (pair.after.n[both])
    )
    left = (pair.before.n > 0) & (pair.after.n == 0)
    joined = (pair.before.n == 0) & (pair.after.n > 0)
    reason = None if both.any() else _why_empty(pair)
    return ChangeRow(
        measure=spec.code,
        wave_from=pair.wave_from,
        wave_to=pair.wave_to,
        scope=Scope.PROJECT,
        verdict=Verdict.NOT_APPLICABLE,
        baseline=first,
        endline=second,
        n_baseline=int(before[0]),
        n_endline=int(after[0]),
        n_schools=int(both.sum()),
        difference=_minus(second, first),
        n_up=int((moved > 0).sum()),
        n_down=int((moved < 0).sum()),
        schools_left=tuple(pair.before_codes[i] for i in np.flatnonzero(left)),
        schools_joined=tuple(pair.after_codes[i] for i in np.flatnonzero(joined)),
        reason=reason,
        method="difference",
    )


def _why_empty(pair: Pair) -> Reason:
    has_any = pair.before.n.sum() > 0 or pair.after.n.sum() > 0
    return Reason.NOT_IN_BOTH_WAVES if has_any else Reason.NO_DATA
