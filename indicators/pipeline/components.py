"""The components of an index: what each question adds to its level and to its change.

A person's index is the mean of the questions answered, so that of a group is a sum over questions:
I = sum_j C_j with C_j = sum_i w_i a_ij y_ij / m_i / sum_i w_i (a_ij: answered, m_i: how many
answered, i: people with a score). C_j = W_j M_j: W_j is the weight question j had, all W_j
together 1 and equal where everybody answered everything; M_j is its mean.

The change from wave 0 to wave 1 is split with the means of both waves (Kitagawa 1955):

  contribution_j = W~_j (M_j1 - M_j0) + (W_j1 - W_j0) (M~_j - I~),   ~ = mean of both waves

Since both sets of weights sum to 1, I~ drops out of the sum and the contributions add up to
I_1 - I_0 exactly, sheets with left-out questions included. The second term (`from_answered`) is
what came from who answered which question: 0 where everybody answers everything. A question that
nobody answered in one wave has no change of its own; its mean there is taken for that of the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from indicators.pipeline.estimate import number
from indicators.pipeline.outcomes import ComponentRow
from indicators.pipeline.register import register_of
from indicators.pipeline.score import item_scores, scored_rows
from indicators.pipeline.shapes import FloatArray, IntArray, MeasureSpec, SchoolSpec

Key = tuple[str, str]  # (measure, wave)


@dataclass(frozen=True, slots=True)
class ComponentCells:
    """Totals over the people with a score, by school (S,) and by school and question (S, k).

    people: their weights; n: answers; mass, total: weights of the answers, and those times the
    answer as it enters the index; parts, shares: the same divided by the questions answered.
    """

    school_codes: tuple[str, ...]
    items: tuple[str, ...]
    people: FloatArray
    n: FloatArray
    mass: FloatArray
    total: FloatArray
    shares: FloatArray
    parts: FloatArray

    def __add__(self, other: ComponentCells) -> ComponentCells:
        if (self.school_codes, self.items) != (other.school_codes, other.items):
            raise ValueError("expected totals over the same schools and questions")
        return ComponentCells(
            self.school_codes,
            self.items,
            self.people + other.people,
            self.n + other.n,
            self.mass + other.mass,
            self.total + other.total,
            self.shares + other.shares,
            self.parts + other.parts,
        )


def component_cells(
    spec: MeasureSpec,
    columns: Mapping[str, IntArray],
    school: IntArray,
    school_codes: tuple[str, ...],
    weight: FloatArray | None = None,
    items: tuple[str, ...] | None = None,
) -> ComponentCells:
    """Totals of one dataset. `columns[item]` (n,) codes; `school` (n,) positions in `school_codes`;
    `weight` (n,), None when everybody weighs the same; `items`: those worded alike, all unless
    given. Half rule and reversal as in `score`.
    """
    names = spec.items if items is None else items
    values = item_scores(spec, columns, names)
    keep = scored_rows(~np.isnan(values), spec.min_share)
    values, where = values[keep], school[keep]
    w = np.ones(len(values)) if weight is None else weight[keep]
    answered = ~np.isnan(values)
    each = w / answered.sum(axis=1)
    size, k = len(school_codes), len(names)
    cell = where[:, None] * k + np.arange(k)
    y = np.where(answered, values, 0.0)

    def add(what: FloatArray) -> FloatArray:
        flat = np.bincount(cell.ravel(), weights=what.ravel(), minlength=size * k)
        return flat.reshape(size, k).astype(np.float64)

    n = add(answered.astype(np.float64))
    return ComponentCells(
        school_codes=school_codes,
        items=names,
        people=np.bincount(where, weights=w, minlength=size).astype(np.float64),
        n=n,
        mass=n if weight is None else add(answered * w[:, None]),
        total=add(y * w[:, None]),
        shares=add(answered * each[:, None]),
        parts=add(y * each[:, None]),
    )


@dataclass(frozen=True, slots=True)
class _Wave:
    """One wave of some schools together, arrays (k,) over the questions. NaN: nobody answered."""

    n: FloatArray
    mean: FloatArray  # plain mean of the answers
    weight: FloatArray  # W_j
    part: FloatArray  # C_j = W_j M_j

    @property
    def share(self) -> FloatArray:
        """C_j / I: how much of the index the question is. NaN where the index is 0."""
        return _ratio(self.part, np.full(self.part.shape, self.part.sum()))


def component_rows(
    spec: MeasureSpec,
    first: str,
    cells: Mapping[str, ComponentCells],
    schools: Mapping[str, SchoolSpec],
    *,
    all_items: ComponentCells | None = None,
) -> list[ComponentRow]:
    """A row per question for the first wave, and for every later wave against it.

    `cells` by wave, on the questions worded alike; `all_items`: the first wave on all questions,
    where those differ. Later waves rest on the lines of schools with scores in both.
    """
    rows: list[ComponentRow] = []
    level = all_items or cells.get(first)
    if level is not None:
        rows += _level_rows(spec, first, level)
    for wave in cells:
        if wave != first and first in cells:
            rows += _change_rows(spec, (first, wave), cells[first], cells[wave], schools)
    return rows


def _level_rows(spec: MeasureSpec, wave: str, cells: ComponentCells) -> list[ComponentRow]:
    if not cells.people.any():
        return []
    found = _together(cells, np.ones(len(cells.school_codes), dtype=np.bool_))
    return [
        ComponentRow(
            *(spec.code, spec.instrument, item, wave),
            n_endline=int(found.n[j]),
            endline=number(found.mean[j]),
            share_endline=number(found.share[j]),
        )
        for j, item in enumerate(cells.items)
    ]


def _change_rows(
    spec: MeasureSpec,
    waves: tuple[str, str],
    before: ComponentCells,
    after: ComponentCells,
    schools: Mapping[str, SchoolSpec],
) -> list[ComponentRow]:
    register = register_of(schools)
    lines = register.lines(before.school_codes, after.school_codes)
    rows = [register.rows(cells.school_codes, lines) for cells in (before, after)]
    people = [
        np.bincount(row, weights=cells.people, minlength=len(lines))
        for row, cells in zip(rows, (before, after), strict=True)
    ]
    is_in_both = (people[0] > 0) & (people[1] > 0)
    if not is_in_both.any():
        return []
    then, now = (
        _together(cells, is_in_both[row]) for row, cells in zip(rows, (before, after), strict=True)
    )
    contribution, from_answered = contributions(then.weight, then.part, now.weight, now.part)
    return [
        ComponentRow(
            *(spec.code, spec.instrument, item, waves[1], waves[0]),
            n_baseline=int(then.n[j]),
            n_endline=int(now.n[j]),
            baseline=number(then.mean[j]),
            endline=number(now.mean[j]),
            difference=number(now.mean[j] - then.mean[j]),
            contribution=number(contribution[j]),
            from_answered=number(from_answered[j]),
            share_baseline=number(then.share[j]),
            share_endline=number(now.share[j]),
        )
        for j, item in enumerate(before.items)
    ]


def contributions(
    weight0: FloatArray, part0: FloatArray, weight1: FloatArray, part1: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Contribution of every question to the change, and the part from who answered which.

    All arrays (k,): W_j and C_j of both waves; the W_j of a wave sum to 1. Formula: see the module.
    The contributions sum to sum(part1) - sum(part0).
    """
    mean0, mean1 = _ratio(part0, weight0), _ratio(part1, weight1)
    known0 = np.where(np.isnan(mean0), mean1, mean0)
    known1 = np.where(np.isnan(mean1), mean0, mean1)
    # A question that nobody answered in either wave has no weight either.
    known0, known1 = np.nan_to_num(known0), np.nan_to_num(known1)
    level = (part0.sum() + part1.sum()) / 2
    from_answered = (weight1 - weight0) * ((known0 + known1) / 2 - level)
    return (weight0 + weight1) / 2 * (known1 - known0) + from_answered, from_answered


def _together(cells: ComponentCells, chosen: np.ndarray) -> _Wave:
    """The chosen schools (S,) as one group."""

    def add(values: FloatArray) -> FloatArray:
        return np.asarray(values[chosen].sum(axis=0))

    people = add(cells.people)
    return _Wave(
        n=add(cells.n),
        mean=_ratio(add(cells.total), add(cells.mass)),
        weight=add(cells.shares) / people,
        part=add(cells.parts) / people,
    )


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    out = np.full(top.shape, np.nan)
    np.divide(top, bottom, out=out, where=bottom != 0)
    return out
