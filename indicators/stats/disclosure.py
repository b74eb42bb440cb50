"""Hiding small counts in a table, and what the margins still give away."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.refusals import MIN_SHOWN
from indicators.stats.results import BoolArray, FloatArray

WIDTH = 1e-6  # a range narrower than this gives the count away


@dataclass(frozen=True, slots=True)
class Suppressed:
    """primary, hidden (rows, columns), bool: small counts, and all that must be hidden.

    low, high: what the published cells and margins allow, for the hidden cells in the order of
    `cells`.
    """

    primary: BoolArray
    hidden: BoolArray
    low: FloatArray
    high: FloatArray

    @property
    def cells(self) -> list[tuple[int, int]]:
        """(row, column) of the hidden cells, by rows."""
        return [(int(row), int(column)) for row, column in np.argwhere(self.hidden)]

    @property
    def is_protected(self) -> bool:
        """No hidden count can be worked out. If False: hide one more cell, or drop a margin."""
        return bool((self.high - self.low > WIDTH).all())


def suppress_table(counts: ArrayLike, *, k: int = MIN_SHOWN) -> Suppressed:
    """Hide counts 1 to k-1 and as many more as protect them, and audit the result.

    counts: (rows, columns), whole numbers from 0; row, column and grand totals are published. Zeros
    may be shown. Every row with exactly one hidden cell also hides its smallest other cell above 0
    (leftmost on ties), then every column likewise (topmost on ties), until nothing changes; a row
    or column without another cell above 0 stays as it is, which the audit then shows. Raises
    ValueError for other shapes or values. Source: method section 17 (N01-N05); Hundepool 2012.
    """
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2 or not (table >= 0).all() or (table != np.floor(table)).any():
        raise ValueError("expected whole counts of shape (rows, columns), 0 or above")
    primary = (table > 0) & (table < k)
    hidden = primary.copy()
    while _complement(table, hidden) | _complement(table.T, hidden.T):
        pass
    low, high = feasible_ranges(table, hidden)
    return Suppressed(primary, hidden, low, high)


def _complement(table: FloatArray, hidden: BoolArray) -> bool:
    """Hide a second cell in every row that hides exactly one; whether anything changed."""
    changed = False
    for row, dark in zip(table, hidden, strict=True):
        candidates = np.where(~dark & (row > 0), row, np.inf)
        if dark.sum() == 1 and np.isfinite(candidates).any():
            dark[int(np.argmin(candidates))] = True
            changed = True
    return changed


def feasible_ranges(table: FloatArray, hidden: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest value of every hidden cell that the margins and shown cells allow.

    table, hidden: (rows, columns). Real numbers from 0; two linear programmes per hidden cell.
    Returns two arrays (hidden cells,), by rows. Raises RuntimeError when a programme fails.
    Source: method section 17; Fischetti & Salazar 2001.
    """
    rows, columns = np.nonzero(hidden)
    size = len(rows)
    low, high = np.zeros(size), np.zeros(size)
    if size == 0:
        return low, high
    from scipy.optimize import linprog

    inside = np.zeros((sum(table.shape), size))
    inside[rows, np.arange(size)] = 1
    inside[table.shape[0] + columns, np.arange(size)] = 1
    rest = inside @ table[hidden]
    for cell in range(size):
        for sign, found in ((1.0, low), (-1.0, high)):
            aim = np.zeros(size)
            aim[cell] = sign
            best = linprog(aim, A_eq=inside, b_eq=rest, bounds=(0, None), method="highs")
            if best.fun is None:
                raise RuntimeError(f"the audit of the table failed: {best.message}")
            found[cell] = sign * best.fun
    return low, high
