"""The rows of a table that are answers, by column. Blank rows and totals are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indicators.pipeline.cells import is_blank, is_total
from indicators.pipeline.problems import Problems
from indicators.pipeline.shapes import IntArray, RawTable

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells by column; `numbers` are the row numbers a person sees."""

    header: tuple[str, ...]
    columns: tuple[tuple[Any, ...], ...]
    numbers: IntArray

    def __len__(self) -> int:
        return len(self.numbers)

    def column(self, position: int | None) -> tuple[Any, ...]:
        return self.columns[position] if position is not None else (None,) * len(self)


@dataclass(frozen=True, slots=True)
class Factor:
    """A column as codes into its distinct cells, so that each is looked at once."""

    codes: IntArray
    distinct: tuple[Any, ...]


def factorise(cells: Sequence[Any]) -> Factor:
    distinct = tuple(dict.fromkeys(cells))
    index = {cell: place for place, cell in enumerate(distinct)}
    codes = np.fromiter(map(index.__getitem__, cells), np.int64, count=len(cells))
    return Factor(codes, distinct)


def rows_where(mask: BoolArray) -> list[int]:
    return [int(row) for row in np.flatnonzero(mask)]


def body(table: RawTable, problems: Problems, *, is_text: bool) -> Grid:
    """The rows below the header without blank ones, totals and rows that do not fit."""
    width = len(table.header)
    rows, numbers = [], []
    for number, row in zip(table.row_numbers, table.rows, strict=True):
        first = _first_filled(row)
        if first is None or _is_tags(row, first):
            continue
        if is_total(first) and is_total_row(row):
            problems.warn("total_row", row=number, value=first)
            continue
        if len(row) == width:  # as nearly all rows: kept as it is, not copied
            rows.append(row)
            numbers.append(number)
            continue
        if any(not is_blank(cell) for cell in row[width:]):
            problems.leave_out_row("ragged_row_too_many_fields", row=number, n=str(len(row)))
            continue
        if is_text and len(row) < width:
            problems.warn("ragged_row_too_few_fields", row=number, n=str(len(row)))
        rows.append((*row[:width], *(None,) * (width - len(row))))
        numbers.append(number)
    columns = tuple(zip(*rows, strict=True)) if rows else ((),) * width
    return Grid(table.header, columns, np.array(numbers, dtype=np.int64))


def is_total_row(row: Sequence[Any]) -> bool:
    """Whether a row that starts with "total" holds nothing else but numbers."""
    filled = [cell for cell in row if not is_blank(cell)]
    return all(not isinstance(cell, str) or cell.strip().isdigit() for cell in filled[1:])


def _is_tags(row: Sequence[Any], first: Any) -> bool:
    """The row of humanitarian exchange tags (#...) some exports put below the header."""
    if not isinstance(first, str) or not first.startswith("#"):
        return False
    filled = [cell for cell in row if not is_blank(cell)]
    return len(filled) > 1 and all(isinstance(c, str) and c.startswith("#") for c in filled)


def _first_filled(row: Sequence[Any]) -> Any:
    return next((cell for cell in row if not is_blank(cell)), None)
