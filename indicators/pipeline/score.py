"""Scored: from answer codes to one number per respondent and measure. NaN is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indicators.pipeline.shapes import MISSING, FloatArray, IntArray, MeasureSpec
from indicators.vocabulary import MeasureKind

Answers = Mapping[str, IntArray]

PERCENT = 100.0
COMMON_SCALE = (1.0, 5.0)  # on which indices of several scales stand side by side
PROMOTER_FROM, DETRACTOR_TO = 9, 6
ROUNDING = 1e-9  # 0.55 of 20 items are 11, not 11.000000000000002


def score(spec: MeasureSpec, answers: Answers, items: Sequence[str] | None = None) -> FloatArray:
    """The value of `spec` for every respondent, shape (n,), NaN where it has none.

    `answers[item]` are codes with MISSING; an item not in `answers` was not asked (all missing).
    `items` replaces the items of an index (the series on the items worded alike).
    Index: mean of the answered items when at least `min_share` of them are answered, reversed
    items as low + high - x; with `positive_codes` the percent of answered items answered so,
    "undecided" being answered. Share: 1 or 0 over everyone who chose any option. Mean: substantive
    options only. Recommend score: 9-10 -> 100, 7-8 -> 0, 0-6 -> -100. Source: method section 2.
    """
    names = tuple(spec.items if items is None else items)
    if spec.kind is MeasureKind.INDEX_MEAN:
        return _index(spec, answers, names)
    codes = answers.get(names[0])
    if codes is None:
        n = len(next(iter(answers.values()))) if answers else 0
        return np.full(n, np.nan)
    if spec.kind is MeasureKind.ITEM_MEAN:
        return _as_numbers(codes, spec.unscored_codes)
    if spec.kind is MeasureKind.NPS:
        return _recommend(_as_numbers(codes, spec.unscored_codes))
    if spec.kind is MeasureKind.OPTION_SHARE:
        return _share(codes, _has_option(codes, spec.option))
    return _share(codes, np.isin(codes, sorted(spec.codes)))


def item_scores(
    spec: MeasureSpec, answers: Answers, items: Sequence[str] | None = None
) -> FloatArray:
    """Every item of an index as it enters the index: (n, items), NaN not answered or not asked."""
    n = len(next(iter(answers.values()))) if answers else 0
    unasked = np.full(n, np.nan)
    columns = [
        _item_score(spec, name, answers[name]) if name in answers else unasked
        for name in (spec.items if items is None else items)
    ]
    return np.column_stack(columns)


def scored_rows(is_answered: NDArray[np.bool_], min_share: float) -> NDArray[np.bool_]:
    """Whether a sheet answers enough items for an index: (n, items) to (n,)."""
    return _is_enough(is_answered.sum(axis=1), is_answered.shape[1], min_share)


def _is_enough(answered: NDArray[Any], n_items: int, min_share: float) -> NDArray[np.bool_]:
    return np.asarray((answered >= min_share * n_items - ROUNDING) & (answered > 0))


def _index(spec: MeasureSpec, answers: Answers, names: tuple[str, ...]) -> FloatArray:
    n = len(next(iter(answers.values()))) if answers else 0
    total, answered = np.zeros(n), np.zeros(n)
    for name in names:
        if name not in answers:
            continue
        values = _item_score(spec, name, answers[name])
        is_answered = ~np.isnan(values)
        total += np.where(is_answered, values, 0.0)
        answered += is_answered
    enough = _is_enough(answered, len(names), spec.min_share)
    return np.where(enough, total / np.where(answered > 0, answered, 1.0), np.nan)


def _item_score(spec: MeasureSpec, name: str, codes: IntArray) -> FloatArray:
    """One item of an index: its (reversed) number, or 100 and 0 for a positive answer or not."""
    if spec.positive_codes:
        return PERCENT * _share(codes, np.isin(codes, sorted(spec.positive_codes)))
    if spec.scale is None:
        raise ValueError(f"expected a scale for the index {spec.code}, found none")
    values = _as_numbers(codes, spec.unscored_codes)
    return sum(spec.scale) - values if name in spec.reversed_items else values


def _as_numbers(codes: IntArray, unscored: frozenset[int]) -> FloatArray:
    values = codes.astype(np.float64)
    values[codes == MISSING] = np.nan
    if unscored:
        values[np.isin(codes, sorted(unscored))] = np.nan
    return values


def _recommend(values: FloatArray) -> FloatArray:
    points = np.where(values >= PROMOTER_FROM, 100.0, np.where(values <= DETRACTOR_TO, -100.0, 0.0))
    return np.where(np.isnan(values), np.nan, points)


def _has_option(codes: IntArray, option: int | None) -> NDArray[np.bool_]:
    if option is None:
        raise ValueError("expected the bit of the option, found none")
    return np.asarray((codes >> option) & 1 == 1)


def _share(codes: IntArray, is_chosen: NDArray[np.bool_]) -> FloatArray:
    return np.where(codes == MISSING, np.nan, is_chosen.astype(np.float64))
