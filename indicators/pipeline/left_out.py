"""Rows that an officer left out of a file before it is accepted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from indicators.pipeline.grid import BoolArray, Grid, rows_where
from indicators.pipeline.problems import Problems


def rows_left_out(grid: Grid, reasons: Mapping[int, str], problems: Problems) -> BoolArray:
    """Rows decided on, as a mask. Each is listed with its reason, and so is one that is not there.

    `reasons`: row -> why, of the sheet the grid was made from.
    """
    mask = np.isin(grid.numbers, list(reasons))
    for row in rows_where(mask):
        number = int(grid.numbers[row])
        problems.leave_out_row("row_left_out", row=number, reason=reasons[number])
    list_not_found(reasons.keys() - set(grid.numbers.tolist()), problems)
    return np.asarray(mask, dtype=np.bool_)


def list_not_found(rows: set[int], problems: Problems) -> None:
    for row in sorted(rows):
        problems.warn("left_out_row_not_found", row=row)
