"""Rows of a large text file kept by column: each column as codes into its distinct cells.

A million rows of sixty answers are 60 MB so, and each distinct cell is understood once; as tuples
they are a gigabyte. Rows of another width than the table are remembered as they stood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from indicators.pipeline.shapes import Codes

Row = tuple[Any, ...]
CODE_TYPES = (np.int8, np.int16, np.int32, np.int64)


@dataclass(frozen=True, slots=True)
class Factor(Sequence[Any]):
    """A column as codes into its distinct cells, so that each is looked at once."""

    codes: Codes
    distinct: tuple[Any, ...]

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> Factor: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return self.at(place)
        return self.distinct[self.codes[place]]

    def __iter__(self) -> Iterator[Any]:
        return map(self.distinct.__getitem__, self.codes.tolist())

    def at(self, places: slice | NDArray[Any]) -> Factor:
        """The column at these places, its distinct cells only those that stand there."""
        codes = self.codes[places]
        used = np.flatnonzero(np.bincount(codes, minlength=len(self.distinct)))
        new = np.zeros(len(self.distinct), dtype=self.codes.dtype)
        new[used] = np.arange(len(used))
        return Factor(new[codes], tuple(self.distinct[code] for code in used.tolist()))


def factorise(cells: Sequence[Any]) -> Factor:
    if isinstance(cells, Factor):
        return cells
    distinct = tuple(dict.fromkeys(cells))
    index = {cell: place for place, cell in enumerate(distinct)}
    codes = np.fromiter(map(index.__getitem__, cells), np.int64, count=len(cells))
    return Factor(codes, distinct)


def smallest(codes: Sequence[int]) -> Codes:
    """Codes in the smallest type that holds them: a large file stays small in memory."""
    low, high = min(codes, default=0), max(codes, default=0)
    fits = (t for t in CODE_TYPES if np.iinfo(t).min <= low and high <= np.iinfo(t).max)
    return np.array(codes, dtype=next(fits))


@dataclass(frozen=True, slots=True)
class ColumnRows(Sequence[Row]):
    """The rows of a table. `ragged` holds those that are shorter or longer, by their place.

    In `columns` a longer row is cut, and a shorter one filled up with None.
    """

    columns: tuple[Factor, ...]
    ragged: Mapping[int, Row] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> ColumnRows: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return self.at(np.arange(len(self))[place])
        place = range(len(self))[place]  # from the end, and out of range, as in a tuple
        if place in self.ragged:
            return self.ragged[place]
        return tuple(column[place] for column in self.columns)

    def __iter__(self) -> Iterator[Row]:
        for place, row in enumerate(zip(*self.columns, strict=True)):
            yield self.ragged.get(place, row)

    def at(self, places: NDArray[Any]) -> ColumnRows:
        """The rows at these places, which ascend."""
        kept = {old: new for new, old in enumerate(places.tolist()) if old in self.ragged}
        ragged = {new: self.ragged[old] for old, new in kept.items()}
        return ColumnRows(tuple(column.at(places) for column in self.columns), ragged)


class _Growing:
    """One column while the rows arrive."""

    def __init__(self) -> None:
        self.index: dict[Any, int] = {}
        self.parts: list[Codes] = []

    def add(self, cells: Sequence[Any]) -> None:
        index = self.index
        if new := set(cells).difference(index):
            for cell in dict.fromkeys(cells) if len(new) > 1 else new:
                index.setdefault(cell, len(index))
        fits = next(t for t in CODE_TYPES if len(index) <= np.iinfo(t).max)
        self.parts.append(np.fromiter(map(index.__getitem__, cells), fits, count=len(cells)))

    def whole(self) -> Factor:
        codes = np.concatenate(self.parts) if self.parts else np.zeros(0, dtype=np.int8)
        self.parts.clear()
        return Factor(codes, tuple(self.index))


class RowsByColumn:
    """Collects rows of `width` cells, a batch at a time, and gives them back as ColumnRows."""

    def __init__(self, width: int) -> None:
        self.width, self.n = width, 0
        self._columns = [_Growing() for _ in range(width)]
        self._ragged: dict[int, Row] = {}

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        width, even = self.width, rows
        if any(len(row) != width for row in rows):
            even = [
                row if len(row) == width else [*row[:width], *[None] * (width - len(row))]
                for row in rows
            ]
            places = (place for place, row in enumerate(rows) if len(row) != width)
            self._ragged |= {self.n + place: tuple(rows[place]) for place in places}
        for column, cells in zip(self._columns, zip(*even, strict=True), strict=False):
            column.add(cells)
        self.n += len(rows)

    def rows(self) -> ColumnRows:
        return ColumnRows(tuple(column.whole() for column in self._columns), self._ragged)
