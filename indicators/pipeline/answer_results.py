"""Every question as a result: base, distribution, mean, shares of the ends, recommend score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from indicators.pipeline.answer_counts import AnswerCounts, Key
from indicators.pipeline.estimate import number
from indicators.pipeline.inputs import QuestionSpec
from indicators.pipeline.outcomes import ItemResultRow
from indicators.pipeline.score import COMMON_SCALE, DETRACTOR_TO, PERCENT, PROMOTER_FROM
from indicators.stats.moments import mean_sd
from indicators.stats.scores import rescale
from indicators.vocabulary import ItemKind

ENDS_FROM = 4  # ordered options, so that the two ends do not overlap
RECOMMEND = frozenset(range(11))
MOST_VALUES = 12  # numbers of which each has a row; more are put into bands


def item_rows(
    questions: Sequence[QuestionSpec], waves: Sequence[str], counted: Mapping[Key, AnswerCounts]
) -> list[ItemResultRow]:
    """A row for every question and wave in which it was asked, in the order given."""
    return [
        item_row(question, wave, counted[question.instrument, question.name, wave])
        for question in questions
        for wave in waves
        if (question.instrument, question.name, wave) in counted
    ]


def item_row(question: QuestionSpec, wave: str, counts: AnswerCounts) -> ItemResultRow:
    """One question in one wave.

    Shares and `counts` rest on everyone who chose any option, mean, recommend shares and score on
    those who chose an option that counts (`scored`). Mean = sum w x / sum w, NaN-free: None where
    nobody did. Method sections 2 and 10.
    """
    more: dict[str, Any] = {}
    if question.kind is ItemKind.MULTI:
        shown = _scaled(counts)
        more = {"counts": _by_name(shown), "n_mentions": sum(shown.values())}
    elif question.kind is ItemKind.NUMBER:
        more = {"counts": in_bands(_scaled(counts)), **_mean(counts, frozenset(counts.times))}
    elif question.kind is ItemKind.SCALE:
        more = {"counts": _by_name(_scaled(counts))}
        if question.is_ordered:
            more |= _mean(counts, question.scored) | _of_scale(question, counts)
    return ItemResultRow(
        question.instrument, question.name, wave, counts.n_sheets, counts.n, **more
    )


def _scaled(counts: AnswerCounts) -> dict[int, float]:
    """People by code; weighted ones scaled to the number of people."""
    if not counts.is_weighted:
        return dict(counts.times)
    return {code: w * counts.n / counts.mass for code, w in counts.weights.items()}


def _by_name(counts: Mapping[int, float]) -> dict[str, float]:
    return {str(code): _plain(n) for code, n in counts.items()}


def _plain(n: float) -> float:
    return int(n) if float(n).is_integer() else n


def in_bands(counts: Mapping[int, float]) -> dict[str, float]:
    """Numbers by value; more than twelve different ones in up to ten bands of equal width."""
    if len(counts) <= MOST_VALUES:
        return _by_name(counts)
    low, high = min(counts), max(counts)
    width = -(-(high - low + 1) // 10)  # whole numbers, rounded up
    found: dict[str, float] = {}
    for first in range(low, high + 1, width):
        last = min(first + width - 1, high)
        n = sum(times for code, times in counts.items() if first <= code <= last)
        found[f"{first}-{last}"] = _plain(n)
    return found


def _mean(counts: AnswerCounts, scored: frozenset[int]) -> dict[str, Any]:
    chosen = {code: n for code, n in counts.times.items() if code in scored}
    n = sum(chosen.values())
    if not n:
        return {"n_scored": 0}
    weights = {code: counts.weights[code] for code in chosen}
    total = sum(w * code for code, w in weights.items())
    squares = sum(w * code * code for code, w in weights.items())
    mean, sd = mean_sd(n, total, squares, sum(weights.values()) if counts.is_weighted else None)
    return {"n_scored": int(n), "mean": number(mean[()]), "sd": number(sd[()])}


def _of_scale(question: QuestionSpec, counts: AnswerCounts) -> dict[str, Any]:
    """What only ordered options have: the common scale, the ends, the recommend score."""
    more: dict[str, Any] = {}
    codes = sorted(question.scored)
    weights = {code: counts.weights.get(code, 0.0) for code in codes}
    scored = sum(weights.values())
    if not scored or len(codes) < 2:
        return more
    mean = sum(w * code for code, w in weights.items()) / scored
    more["common"] = number(rescale(mean, (codes[0], codes[-1]), COMMON_SCALE))

    def share(chosen: Sequence[int], base: float) -> float:
        return float(sum(weights[code] for code in chosen) / base)

    if question.scored == RECOMMEND:
        parts = {
            "promoters": [code for code in codes if code >= PROMOTER_FROM],
            "passives": [code for code in codes if DETRACTOR_TO < code < PROMOTER_FROM],
            "detractors": [code for code in codes if code <= DETRACTOR_TO],
        }
        more |= {name: share(chosen, scored) for name, chosen in parts.items()}
        more["score"] = PERCENT * (more["promoters"] - more["detractors"])
    elif len(codes) >= ENDS_FROM:
        more["low"] = share(codes[:2], counts.mass)
        more["top"] = share(codes[-2:], counts.mass)
    return more
