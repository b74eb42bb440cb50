"""Adjusted p values of a family of tests."""

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.results import FloatArray


def holm(p: ArrayLike) -> FloatArray:
    """Holm's p: the k-th smallest of m times m - k + 1, made rising, at most 1.

    p: (tests,), 0-1, NaN where missing; a missing p is not in the family and stays missing. The
    chance of any wrong "significant" stays below alpha: for the few headline indicators.
    Raises ValueError for other shapes or values outside 0-1.
    Source: method section 12 (G01-G03); Holm 1979; R p.adjust.
    """
    values, order = _family(p)
    steps = np.maximum.accumulate(values[order] * np.arange(len(order), 0, -1))
    return _back(values, order, steps)


def benjamini_hochberg(p: ArrayLike) -> FloatArray:
    """Benjamini-Hochberg's p: the k-th smallest of m times m/k, made rising from the largest down.

    p as in `holm`. The share of wrong ones among the "significant" stays below alpha: for the
    indicators of a questionnaire and the schools of an indicator.
    Source: method section 12 (G01-G03, F06); Benjamini & Hochberg 1995; R p.adjust.
    """
    values, order = _family(p)
    m = len(order)
    steps = np.minimum.accumulate((values[order] * m / np.arange(1, m + 1))[::-1])[::-1]
    return _back(values, order, steps)


def _family(p: ArrayLike) -> tuple[FloatArray, np.ndarray]:
    """The values, and the positions of those that are present from the smallest to the largest."""
    values = np.asarray(p, dtype=np.float64)
    if values.ndim != 1 or ((values < 0) | (values > 1)).any():
        raise ValueError(f"expected p of shape (tests,) between 0 and 1, found {values.tolist()}")
    order = np.argsort(values, kind="stable")
    return values, order[: int(np.isfinite(values).sum())]


def _back(values: FloatArray, order: np.ndarray, steps: FloatArray) -> FloatArray:
    adjusted = np.full_like(values, np.nan)
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted
