"""Tallied: totals on the questions themselves, besides those on the measures.

Answers per school and option, cross-products of the items of an index, answers per school and
class. All of them add up over the files of a wave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self, TypeVar

import numpy as np

from indicators.pipeline.score import item_scores, score
from indicators.pipeline.shapes import MISSING, FloatArray, IntArray, MeasureSpec
from indicators.stats.reliability import CrossProducts, cross_products
from indicators.stats.scores import completeness
from indicators.vocabulary import MeasureKind, Respondent

MAX_CLASSES = 64  # codes of the item that names a class: 0-63

Key = tuple[str, str]  # (measure, wave)


class _Adds(Protocol):
    def __add__(self, other: Self) -> Self: ...


Adding = TypeVar("Adding", bound=_Adds)


@dataclass(frozen=True, slots=True)
class OptionCounts:
    """How an item was answered: `n` (S, K), answers of every school by code, codes ascending.

    `weight`: sums of their weights, None where everybody weighs the same.
    """

    school_codes: tuple[str, ...]
    codes: tuple[int, ...]
    n: FloatArray
    weight: FloatArray | None = None

    def __add__(self, other: OptionCounts) -> OptionCounts:
        if self.school_codes != other.school_codes:
            raise ValueError("expected counts over the same schools")
        codes = tuple(sorted({*self.codes, *other.codes}))
        weight = None
        if self.weight is not None or other.weight is not None:
            weight = self.of(codes, weighted=True) + other.of(codes, weighted=True)
        return OptionCounts(self.school_codes, codes, self.of(codes) + other.of(codes), weight)

    def of(self, codes: Sequence[int], *, weighted: bool = False) -> FloatArray:
        """The columns of `codes`, 0 where nobody chose one."""
        values = self.weight if weighted and self.weight is not None else self.n
        place = {code: i for i, code in enumerate(self.codes)}
        out = np.zeros((len(self.school_codes), len(codes)))
        for i, code in enumerate(codes):
            if code in place:
                out[:, i] = values[:, place[code]]
        return out


@dataclass(frozen=True, slots=True)
class IndexRows:
    """The answer sheets behind an index, by how many of its items were answered.

    n_rows: sheets; n_scored: with a score; n_empty: without any answer. answered (items,): sheets
    that answer each item. complete: cross-products of complete rows, by which items were answered
    at all in a file: a row is complete when it answers every item asked in the wave.
    """

    n_rows: int
    n_scored: int
    n_empty: int
    answered: IntArray
    complete: Mapping[tuple[bool, ...], CrossProducts]

    def __add__(self, other: IndexRows) -> IndexRows:
        complete = dict(self.complete)
        for asked, products in other.complete.items():
            complete[asked] = complete[asked] + products if asked in complete else products
        return IndexRows(
            self.n_rows + other.n_rows,
            self.n_scored + other.n_scored,
            self.n_empty + other.n_empty,
            self.answered + other.answered,
            complete,
        )

    @property
    def asked(self) -> tuple[bool, ...]:
        """Items with any answer in the wave: a form error counts as not asked."""
        return _mask(self.answered)

    @property
    def complete_rows(self) -> CrossProducts:
        """Cross-products of the items asked, over the rows that answer all of them."""
        k = sum(self.asked)
        nothing = CrossProducts(0, np.zeros(k), np.zeros((k, k)))
        return self.complete.get(self.asked, nothing)


def _mask(answered: IntArray) -> tuple[bool, ...]:
    return tuple(bool(n) for n in answered > 0)


@dataclass(frozen=True, slots=True)
class ClassCells:
    """Totals (S, classes) of a measure: usable answers, their sum and sum of squares."""

    school_codes: tuple[str, ...]
    n: FloatArray
    total: FloatArray
    squares: FloatArray

    def __add__(self, other: ClassCells) -> ClassCells:
        if self.school_codes != other.school_codes:
            raise ValueError("expected totals over the same schools")
        return ClassCells(
            self.school_codes,
            self.n + other.n,
            self.total + other.total,
            self.squares + other.squares,
        )


@dataclass(slots=True)
class ItemTotals:
    """Totals by (measure, wave)."""

    counts: dict[Key, OptionCounts] = field(default_factory=dict)
    rows: dict[Key, IndexRows] = field(default_factory=dict)
    classes: dict[Key, ClassCells] = field(default_factory=dict)


def tally_items(
    wave: str,
    specs: Sequence[MeasureSpec],
    columns: Mapping[str, IntArray],
    school: IntArray,
    school_codes: tuple[str, ...],
    into: ItemTotals,
    *,
    weight: FloatArray | None = None,
    class_item: str = "",
) -> None:
    """Add one dataset to `into`.

    `columns[item]` (n,) codes; `school` (n,) positions in `school_codes`; `weight` (n,) of the
    answers to single items, None when everybody weighs the same; `class_item`: the item that names
    the class a student sits in, empty where none does.
    """
    for spec in specs:
        key = (spec.code, wave)
        if not any(item in columns for item in spec.items):
            continue
        if spec.kind is MeasureKind.INDEX_MEAN:
            _add(into.rows, key, index_rows(spec, columns))
        elif spec.keeps_counts and spec.scale is not None:
            codes = columns[spec.items[0]]
            _add(into.counts, key, option_counts(codes, school, school_codes, weight))
        is_pupils = spec.respondent is Respondent.STUDENT and spec.keeps_schools
        if is_pupils and class_item in columns:
            values = score(spec, columns)
            _add(into.classes, key, class_cells(values, columns[class_item], school, school_codes))


def _add(into: dict[Key, Adding], key: Key, one: Adding) -> None:
    into[key] = into[key] + one if key in into else one


def option_counts(
    codes: IntArray,
    school: IntArray,
    school_codes: tuple[str, ...],
    weight: FloatArray | None = None,
) -> OptionCounts:
    """Counts of one item of one dataset; missing answers are left out."""
    answered = codes != MISSING
    found, place = np.unique(codes[answered], return_inverse=True)
    size = (len(school_codes), len(found))
    cell = school[answered] * len(found) + place

    def add(what: FloatArray | None) -> FloatArray:
        flat = np.bincount(cell, weights=what, minlength=size[0] * size[1])
        return flat.reshape(size).astype(np.float64)

    return OptionCounts(
        school_codes,
        tuple(int(code) for code in found),
        add(None),
        None if weight is None else add(weight[answered]),
    )


def index_rows(spec: MeasureSpec, columns: Mapping[str, IntArray]) -> IndexRows:
    """The sheets of one dataset behind an index (half rule: see `score`)."""
    values = item_scores(spec, columns)
    is_answered = ~np.isnan(values)
    found = completeness(is_answered, spec.min_share)
    answered = is_answered.sum(axis=0)
    asked = answered > 0
    return IndexRows(
        n_rows=found.n_rows,
        n_scored=found.n_valid,
        n_empty=found.n_empty,
        answered=answered,
        complete={_mask(answered): cross_products(values[:, asked])} if asked.any() else {},
    )


def class_cells(
    values: FloatArray, classes: IntArray, school: IntArray, school_codes: tuple[str, ...]
) -> ClassCells:
    """Totals of one measure by school and class; NaN and unknown classes are left out."""
    usable = ~np.isnan(values) & (classes >= 0) & (classes < MAX_CLASSES)
    cell, y = school[usable] * MAX_CLASSES + classes[usable], values[usable]
    size = (len(school_codes), MAX_CLASSES)
    sums = (
        np.bincount(cell, weights=weights, minlength=size[0] * size[1])
        for weights in (None, y, y * y)
    )
    n, total, squares = (part.reshape(size).astype(np.float64) for part in sums)
    return ClassCells(school_codes, n, total, squares)
