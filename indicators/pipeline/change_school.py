"""Compared: the change of one school between two waves, from its own answers.

Welch's test, inflated for classes; shares of teachers and parents by Newcombe and Fisher (method
section 8). Most schools are too small for a clear word, so the detectable change goes along.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from indicators.pipeline.change import uses_common_items
from indicators.pipeline.estimate import number
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import ChangeRow
from indicators.pipeline.pair import Pair
from indicators.pipeline.sampling import refusal
from indicators.pipeline.shapes import FloatArray, MeasureSpec
from indicators.pipeline.totals import Cells
from indicators.stats.moments import mean_sd
from indicators.stats.power import detectable_change
from indicators.stats.results import Result, SchoolResults, refused
from indicators.stats.school import class_deff, newcombe_change, welch_change
from indicators.stats.verdict import verdict_change
from indicators.vocabulary import (
    SHARE_MEASURES,
    Reason,
    Respondent,
    Scope,
    Selection,
    Verdict,
)

NO_TEST = refused(Reason.NO_DATA, n=0, n_clusters=0, method="difference")


def school_changes(
    spec: MeasureSpec,
    pair: Pair,
    selection: Selection,
    rules: Rules,
    *,
    class_sizes: FloatArray | None,
    margin: float | None,
) -> Iterator[ChangeRow]:
    """Change of every school with answers in the later wave, or in the earlier one only.

    `class_sizes` (G, classes): answers per class of the lines of `pair`, for students; None where
    respondents do not sit in classes.
    """
    mean1, sd1 = mean_sd(*_parts(pair.before))
    mean2, sd2 = mean_sd(*_parts(pair.after))
    refused = refusal(spec.respondent, selection)
    results, detectable = None, np.full(len(pair.lineages), np.nan)
    if refused is None and spec.common_items:
        deff = _deff(pair, class_sizes, rules)
        results = _school_results(spec, pair, (mean1, sd1), (mean2, sd2), deff, rules)
        detectable = _detectable(pair, sd1, sd2, deff)
    correlation = None if class_sizes is None else rules.class_correlation
    columns = _Columns(mean1, mean2, detectable, correlation)
    for i, code in enumerate(_codes(pair)):
        if code:
            result = None if results is None else results.at(i)
            yield _row(
                spec, pair, i, code, columns, _judged(pair, i, refused, result, margin, rules)
            )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Of all schools, shape (G,): means of both waves, smallest change seen; what widened them."""

    before: FloatArray
    after: FloatArray
    detectable: FloatArray
    class_correlation: float | None


@dataclass(frozen=True, slots=True)
class _Judgement:
    """`result` is None where there is no test; `method` then says what the difference is."""

    verdict: Verdict = Verdict.NOT_APPLICABLE
    reason: Reason | None = None
    result: Result | None = None
    margin: float | None = None


def _judged(
    pair: Pair,
    i: int,
    refused: Reason | None,
    result: Result | None,
    margin: float | None,
    rules: Rules,
) -> _Judgement:
    if pair.before.n[i] == 0 or pair.after.n[i] == 0:
        return _Judgement(reason=Reason.NOT_IN_BOTH_WAVES)
    if result is None and refused is None:
        return _Judgement(Verdict.NOT_COMPARABLE, Reason.NOT_COMPARABLE)
    if result is None:
        return _Judgement(reason=refused)
    verdict, _ = verdict_change(result, margin=margin, alpha=rules.alpha, n_schools=None)
    return _Judgement(verdict or Verdict.NOT_APPLICABLE, result.reason, result, margin)


def _row(
    spec: MeasureSpec, pair: Pair, i: int, code: str, columns: _Columns, found: _Judgement
) -> ChangeRow:
    first, second = number(columns.before[i]), number(columns.after[i])
    result = found.result or NO_TEST
    difference = None if first is None or second is None else second - first
    if result.estimate is not None:
        difference = result.estimate
    return ChangeRow(
        measure=spec.code,
        wave_from=pair.wave_from,
        wave_to=pair.wave_to,
        scope=Scope.SCHOOL,
        verdict=found.verdict,
        school=code,
        baseline=first,
        endline=second,
        n_baseline=int(pair.before.n[i]),
        n_endline=int(pair.after.n[i]),
        n_schools=int(pair.before.n[i] > 0 < pair.after.n[i]),
        difference=None if found.verdict is Verdict.NOT_COMPARABLE else difference,
        se=result.se or None,
        df=result.df,
        t=result.t,
        p=result.p,
        ci_low=result.ci_low,
        ci_high=result.ci_high,
        ci90_low=result.ci90_low,
        ci90_high=result.ci90_high,
        margin=found.margin,
        detectable=number(columns.detectable[i]),
        class_correlation=columns.class_correlation,
        reason=found.reason,
        is_on_common_items=uses_common_items(spec),
        method=result.method,
    )


def _parts(cells: Cells) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray | None]:
    return cells.n, cells.total, cells.squares, cells.weight


def _codes(pair: Pair) -> list[str]:
    """The newest code of every line, empty where nobody answered in either wave."""
    return [
        after or before for after, before in zip(pair.after_codes, pair.before_codes, strict=True)
    ]


def _deff(pair: Pair, class_sizes: FloatArray | None, rules: Rules) -> FloatArray:
    if class_sizes is None:
        return np.ones(len(pair.lineages))
    return class_deff(class_sizes, rules.class_correlation)


def _school_results(
    spec: MeasureSpec,
    pair: Pair,
    first: tuple[FloatArray, FloatArray],
    second: tuple[FloatArray, FloatArray],
    deff: FloatArray,
    rules: Rules,
) -> SchoolResults:
    # Newcombe and Fisher take answers as independent, which students of one class are not.
    is_counted = spec.kind in SHARE_MEASURES and pair.before.weight is pair.after.weight is None
    if is_counted and spec.respondent is not Respondent.STUDENT:
        return newcombe_change(
            pair.before.total,
            pair.before.n,
            pair.after.total,
            pair.after.n,
            min_n=rules.min_group_verdict,
        )
    return welch_change(
        pair.before.n,
        *first,
        pair.after.n,
        *second,
        deff=deff,
        min_n=rules.min_group_verdict,
    )


def _detectable(pair: Pair, sd1: FloatArray, sd2: FloatArray, deff: FloatArray) -> FloatArray:
    """Smallest change of one school seen with 80 % power, in the measure's units."""
    n1, n2 = pair.before.n, pair.after.n
    out = np.full(len(n1), np.nan)
    enough = (n1 > 1) & (n2 > 1)
    if enough.any():
        pooled = np.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2)[enough] / (n1 + n2 - 2)[enough])
        out[enough] = detectable_change(n1[enough], n2[enough], deff[enough]) * pooled
    return out
