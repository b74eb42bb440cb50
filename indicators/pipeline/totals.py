"""Sufficient totals: all that later steps know of the answers. They add up over files and workers.

Arrays are (S,) over schools or (S, L) over schools and groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from indicators.pipeline.shapes import FloatArray, GroupSpec, IntArray, SchoolSpec

Place = tuple[str, str]  # breakdown and group; ("", "") is everybody
EVERYBODY: Place = ("", "")
MIX = "|mix"  # the breakdown by kinds of people (grade x sex)


@dataclass(frozen=True, slots=True)
class Cells:
    """Usable answers, their sum and sum of squares; with `weight` (sums of weights) the latter two
    are weighted. Without it every answer weighs 1. All arrays have the same shape.
    """

    n: FloatArray
    total: FloatArray
    squares: FloatArray
    weight: FloatArray | None = None

    @property
    def mass(self) -> FloatArray:
        """Sums of weights, answers where there are no weights."""
        return self.n if self.weight is None else self.weight

    def __add__(self, other: Cells) -> Cells:
        are_plain = self.weight is None and other.weight is None
        return Cells(
            self.n + other.n,
            self.total + other.total,
            self.squares + other.squares,
            None if are_plain else self.mass + other.mass,
        )

    def each(self, change: Callable[[FloatArray], FloatArray]) -> Cells:
        """Every array changed alike: `cells.each(lambda a: a[rows])`."""
        weight = None if self.weight is None else change(self.weight)
        return Cells(change(self.n), change(self.total), change(self.squares), weight)

    def shaped(self, schools: int, groups: int) -> Cells:
        """(schools x groups,) to (schools, groups)."""
        return self.each(lambda values: values.reshape(schools, groups))

    def take(self, rows: IntArray, size: int) -> Cells:
        """Rows added into `size` new ones: row i goes to rows[i]. For lines and groups."""
        if len(rows) == size and np.array_equal(rows, np.arange(size)):
            return self
        return self.each(lambda values: _gather(values, rows, size))

    def column(self, place: int) -> Cells:
        """One group of all schools: (S, L) to (S,)."""
        return self.each(lambda values: values[:, place])

    @property
    def sums(self) -> Cells:
        """Everything added up over the schools."""
        return self.each(lambda values: np.asarray(values.sum(axis=0)))


def beside(parts: Sequence[Cells]) -> Cells:
    """Cells of the same schools side by side: (S,) and (S, L) to (S, all of them)."""
    weight = None
    if any(part.weight is not None for part in parts):
        weight = np.column_stack([part.mass for part in parts])
    return Cells(
        np.column_stack([part.n for part in parts]),
        np.column_stack([part.total for part in parts]),
        np.column_stack([part.squares for part in parts]),
        weight,
    )


def cells_of(
    values: FloatArray, cell: IntArray, size: int, weight: FloatArray | None = None
) -> Cells:
    """Totals of `values` (n,), NaN left out, by cell number (n,); negative cells are left out."""
    usable = ~np.isnan(values) & (cell >= 0)
    where, y = cell[usable], values[usable]
    w = None if weight is None else weight[usable]
    wy = y if w is None else w * y

    def add(what: FloatArray | None) -> FloatArray:
        return np.bincount(where, weights=what, minlength=size).astype(np.float64)

    return Cells(add(None), add(wy), add(wy * y), None if w is None else add(w))


@dataclass(frozen=True, slots=True)
class Totals:
    """Totals of one measure in one wave.

    `schools`: arrays (S,) over `school_codes`. `groups[name]`: arrays (S, L) over
    `group_keys[name]`. `counts[code]`: respondents choosing each option (sums of their weights
    where there are), over all schools.
    """

    school_codes: tuple[str, ...]
    schools: Cells
    groups: Mapping[str, Cells] = field(default_factory=dict)
    group_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counts: Mapping[int, float] | None = None

    def __add__(self, other: Totals) -> Totals:
        if self.school_codes != other.school_codes or self.group_keys != other.group_keys:
            raise ValueError("expected totals over the same schools and groups")
        return Totals(
            self.school_codes,
            self.schools + other.schools,
            {name: cells + other.groups[name] for name, cells in self.groups.items()},
            self.group_keys,
            _added_counts(self.counts, other.counts),
        )


def _gather(values: FloatArray, rows: IntArray, size: int) -> FloatArray:
    out = np.zeros((size, *values.shape[1:]))
    np.add.at(out, rows, values)
    return out


def _added_counts(
    first: Mapping[int, float] | None, second: Mapping[int, float] | None
) -> Mapping[int, float] | None:
    if first is None or second is None:
        return first if second is None else second
    return {code: first.get(code, 0) + second.get(code, 0) for code in {*first, *second}}


def group_cells(
    name: str, totals: Totals, schools: Mapping[str, SchoolSpec]
) -> tuple[tuple[str, ...], Cells]:
    """Keys and cells (S, L) of a breakdown; by a school attribute they follow from the schools."""
    if name in totals.groups:
        return totals.group_keys[name], totals.groups[name]
    values = [schools[code].attributes.get(name, "") for code in totals.school_codes]
    keys = tuple(sorted({value for value in values if value}))
    member = np.array([[value == key for key in keys] for value in values], dtype=np.float64)
    member = member.reshape(len(values), len(keys))
    return keys, totals.schools.each(lambda array: array[:, None] * member)


def by_place(
    groups: Sequence[GroupSpec], totals: Totals, schools: Mapping[str, SchoolSpec]
) -> tuple[tuple[Place, ...], Cells]:
    """Everybody and every group of every breakdown that has answers: cells (S, places)."""
    places, parts = [EVERYBODY], [totals.schools]
    for group in groups:
        keys, cells = group_cells(group.name, totals, schools)
        for position, key in enumerate(keys):
            column = cells.column(position)
            if column.n.any():
                places.append((group.name, key))
                parts.append(column)
    return tuple(places), beside(parts)
