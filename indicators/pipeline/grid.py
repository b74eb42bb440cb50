"""The rows of a table that are answers, by column. Blank rows and totals are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indicators.pipeline.cells import is_blank, is_total
from indicators.pipeline.columnar import ColumnRows, Factor, Row
from indicators.pipeline.problems import Problems
from indicators.pipeline.shapes import IntArray, RawTable

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells by column; `numbers` are the row numbers a person sees."""

    header: tuple[str, ...]
    columns: tuple[Sequence[Any], ...]
    numbers: IntArray

    def __len__(self) -> int:
        return len(self.numbers)

    def column(self, position: int | None) -> Sequence[Any]:
        if position is not None:
            return self.columns[position]
        return Factor(np.zeros(len(self), dtype=np.int8), (None,))


def rows_where(mask: BoolArray) -> list[int]:
    return [int(row) for row in np.flatnonzero(mask)]


def body(table: RawTable, problems: Problems, *, is_text: bool) -> Grid:
    """The rows below the header without blank ones, totals and rows that do not fit."""
    width = len(table.header)
    if isinstance(table.rows, ColumnRows) and len(table.rows.columns) == width:
        return _body_by_column(table, table.rows, problems, is_text=is_text)
    rows, numbers = [], []
    for number, row in zip(table.row_numbers, table.rows, strict=True):
        fitting = _fitting(row, number, width, problems, is_text=is_text)
        if fitting is not None:
            rows.append(fitting)
            numbers.append(number)
    columns = tuple(zip(*rows, strict=True)) if rows else ((),) * width
    return Grid(table.header, columns, np.array(numbers, dtype=np.int64))


def _body_by_column(
    table: RawTable, rows: ColumnRows, problems: Problems, *, is_text: bool
) -> Grid:
    """The same where rows are kept by column: only doubtful rows are looked at one by one."""
    keep, doubtful = _filled(rows)
    for place in sorted({*doubtful, *rows.ragged}):
        number, row = table.row_numbers[place], rows[place]
        fitting = _fitting(row, number, len(table.header), problems, is_text=is_text)
        keep[place] = fitting is not None
    numbers, columns = np.asarray(table.row_numbers, dtype=np.int64), rows.columns
    if not keep.all():
        kept = np.flatnonzero(keep)
        numbers, columns = numbers[kept], tuple(column.at(kept) for column in columns)
    return Grid(table.header, columns, numbers)


def _filled(rows: ColumnRows) -> tuple[BoolArray, list[int]]:
    """Rows with a filled cell, and those whose first one may begin a total or a row of tags."""
    filled = np.zeros(len(rows), dtype=np.bool_)
    doubtful = filled.copy()
    for column in rows.columns:
        has = np.array([not is_blank(cell) for cell in column.distinct], dtype=np.bool_)
        odd = np.array([_may_be_no_answers(cell) for cell in column.distinct], dtype=np.bool_)
        is_first = has[column.codes] & ~filled
        doubtful |= is_first & odd[column.codes]
        filled |= is_first
        if filled.all():
            break
    return filled, rows_where(doubtful)


def _may_be_no_answers(first: Any) -> bool:
    return is_total(first) or (isinstance(first, str) and first.startswith("#"))


def _fitting(row: Row, number: int, width: int, problems: Problems, *, is_text: bool) -> Row | None:
    """The row with as many cells as the header; None when it holds no answers or does not fit."""
    first = _first_filled(row)
    if first is None or _is_tags(row, first):
        return None
    if is_total(first) and is_total_row(row):
        problems.warn("total_row", row=number, value=first)
        return None
    if len(row) == width:  # as nearly all rows: kept as it is, not copied
        return row
    if any(not is_blank(cell) for cell in row[width:]):
        problems.leave_out_row("ragged_row_too_many_fields", row=number, n=str(len(row)))
        return None
    if is_text and len(row) < width:
        problems.warn("ragged_row_too_few_fields", row=number, n=str(len(row)))
    return (*row[:width], *(None,) * (width - len(row)))


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
