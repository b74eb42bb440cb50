"""Compared: the change of one school between two waves, from its own answers.

Welch's test, inflated for classes; shares of teachers and parents by Newcombe and Fisher (method
section 8). Most schools are too small for a clear word, so the detectable change goes along.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from indicators.pipeline.change import uses_common_items
from indicators.pipeline.change_rows import not_comparable, with_result
from indicators.pipeline.estimate import number
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import ChangeRow
from indicators.pipeline.pair import Pair
from indicators.pipeline.sampling import refusal
from indicators.pipeline.shapes import FloatArray, MeasureSpec
from indicators.pipeline.totals import Cells
from indicators.stats.moments import mean_sd
from indicators.stats.power import detectable_change
from indicators.stats.results import Result, SchoolResults
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
    is_in_both = pair.is_in_both
    for i, code in enumerate(_codes(pair)):
        if not code:
            continue
        row = replace(
            _empty_row(spec, pair, code),
            baseline=number(mean1[i]),
            endline=number(mean2[i]),
            n_baseline=int(pair.before.n[i]),
            n_endline=int(pair.after.n[i]),
            n_schools=int(is_in_both[i]),
            difference=number(mean2[i] - mean1[i]),
            detectable=number(detectable[i]),
        )
        result = None if results is None else results.at(i)
        yield _judged(row, refused, result, margin, rules)


def _parts(cells: Cells) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray | None]:
    return cells.n, cells.total, cells.squares, cells.weight


def _empty_row(spec: MeasureSpec, pair: Pair, code: str) -> ChangeRow:
    return ChangeRow(
        measure=spec.code,
        wave_from=pair.wave_from,
        wave_to=pair.wave_to,
        scope=Scope.SCHOOL,
        school=code,
        verdict=Verdict.NOT_APPLICABLE,
        is_on_common_items=uses_common_items(spec),
        method="difference",
    )


def _codes(pair: Pair) -> list[str]:
    """The newest code of every line, empty where nobody answered in either wave."""
    return [
        after or before for after, before in zip(pair.after_codes, pair.before_codes, strict=True)
    ]


def _deff(pair: Pair, class_sizes: FloatArray | None, rules: Rules) -> FloatArray:
    if class_sizes is None:
        return np.ones(len(pair.lineages))
    return class_deff(class_sizes, rules.class_correlation)


def _judged(
    row: ChangeRow,
    refused: Reason | None,
    result: Result | None,
    margin: float | None,
    rules: Rules,
) -> ChangeRow:
    if row.n_baseline == 0 or row.n_endline == 0:
        return replace(row, reason=Reason.NOT_IN_BOTH_WAVES)
    if result is None:
        return not_comparable(row) if refused is None else replace(row, reason=refused)
    verdict, _ = verdict_change(result, margin=margin, alpha=rules.alpha, n_schools=None)
    return with_result(row, result, margin, verdict)


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
