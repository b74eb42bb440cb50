"""Counted: how every question was answered, from codes to counts that add up over files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indicators.pipeline.inputs import AnswerSet, QuestionSpec
from indicators.pipeline.shapes import MISSING, FloatArray, IntArray
from indicators.vocabulary import ItemKind

SMALL = 256  # codes of one byte are counted without sorting
CODED = (ItemKind.SCALE, ItemKind.MULTI, ItemKind.NUMBER)
Key = tuple[str, str, str]  # (questionnaire, question, wave)


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """Answers to one question in one wave.

    n_sheets: sheets that asked it; n: with any answer, weighing `mass` together. times[code]:
    people by code (of several options, by option ticked); weights[code]: what they weigh.
    """

    n_sheets: int
    n: int
    mass: float
    times: Mapping[int, float] = field(default_factory=dict)
    weights: Mapping[int, float] = field(default_factory=dict)

    def __add__(self, other: AnswerCounts) -> AnswerCounts:
        return AnswerCounts(
            self.n_sheets + other.n_sheets,
            self.n + other.n,
            self.mass + other.mass,
            _added(self.times, other.times),
            _added(self.weights, other.weights),
        )

    @property
    def is_weighted(self) -> bool:
        return self.weights != self.times


def _added(first: Mapping[int, float], second: Mapping[int, float]) -> dict[int, float]:
    return {code: first.get(code, 0) + second.get(code, 0) for code in sorted({*first, *second})}


def coded_names(questions: Sequence[QuestionSpec], instrument: str) -> set[str]:
    """The questions of a questionnaire whose answers stand in columns of codes."""
    return {one.name for one in questions if one.instrument == instrument and one.kind in CODED}


def count_answers(
    questions: Sequence[QuestionSpec],
    answers: AnswerSet,
    columns: Mapping[str, IntArray],
    into: dict[Key, AnswerCounts],
) -> None:
    """Add one dataset to `into`. `columns[name]` (n,) codes with MISSING; a name that is not
    there was not asked."""
    mine = [one for one in questions if one.instrument == answers.instrument]
    found = {
        one.name: counts_of(one, columns[one.name], answers.weight)
        for one in mine
        if one.kind in CODED and one.name in columns
    }
    open_names = [one.name for one in mine if one.kind is ItemKind.TEXT]
    n_sheets = len(answers.school_index)
    for name, n in answers.count_texts(open_names).items() if open_names else ():
        found[name] = AnswerCounts(n_sheets, n, float(n))
    for name, counts in found.items():
        key = (answers.instrument, name, answers.wave)
        into[key] = into[key] + counts if key in into else counts


def counts_of(
    question: QuestionSpec, codes: IntArray, weight: FloatArray | None = None
) -> AnswerCounts:
    """Counts of one question of one dataset. `codes` (n,), `weight` (n,) or None."""
    answered = codes != MISSING
    given = codes[answered]
    w = None if weight is None else weight[answered]
    count = _ticked if question.kind is ItemKind.MULTI else _chosen
    times = count(question, given, None)
    return AnswerCounts(
        n_sheets=len(codes),
        n=len(given),
        mass=float(len(given) if w is None else w.sum()),
        times=times,
        weights=times if w is None else count(question, given, w),
    )


def _ticked(question: QuestionSpec, masks: IntArray, weight: FloatArray | None) -> dict[int, float]:
    def add(is_ticked: NDArray[np.bool_]) -> float:
        return float(is_ticked.sum() if weight is None else weight[is_ticked].sum())

    return {code: add((masks >> bit) & 1 == 1) for bit, code in enumerate(question.options)}


def _chosen(
    _question: QuestionSpec, codes: IntArray, weight: FloatArray | None
) -> dict[int, float]:
    if not len(codes):
        return {}
    low = int(codes.min())
    if int(codes.max()) - low < SMALL:
        times = np.bincount(codes - low)
        sums = times if weight is None else np.bincount(codes - low, weights=weight)
        return {low + int(i): float(sums[i]) for i in np.flatnonzero(times)}
    values, place = np.unique(codes, return_inverse=True)
    sums = np.bincount(place, weights=weight)
    return dict(zip(values.tolist(), map(float, sums), strict=True))
