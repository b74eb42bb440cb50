"""Agreement of two coders: Cohen's kappa, for one category and over several themes. Pure numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z_95 = 1.959963984540054
FEWEST = 2  # answers read by both, for an interval


@dataclass(frozen=True, slots=True)
class Agreement:
    """`agreement`: share of decisions alike, 0-1. `kappa` is None where chance alone explains all
    (both coders always said the same one thing); the limits are None where no error is seen.
    """

    n: int
    agreement: float | None
    kappa: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None


def cohen_kappa(table: ArrayLike) -> Agreement:
    """Cohen's kappa of a square table of counts (first coder x second coder).

    kappa = (po - pe) / (1 - pe). The 95 % interval uses the large-sample standard error of Fleiss,
    Cohen and Everitt (1969) and is cut at -1 and 1. An empty table has n = 0 and no values; where
    pe = 1 kappa is undefined. Raises ValueError for a table that is not square or holds negatives.
    """
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError("the table of two coders is square")
    if (counts < 0).any():
        raise ValueError("counts are not negative")
    n = float(counts.sum())
    if n == 0:
        return Agreement(0, None)
    p = counts / n
    first, second = p.sum(axis=1), p.sum(axis=0)
    observed, expected = float(np.trace(p)), float(first @ second)
    if np.isclose(expected, 1.0, rtol=0.0, atol=1e-12):
        return Agreement(round(n), observed)
    kappa = (observed - expected) / (1 - expected)
    # Fleiss, Cohen & Everitt 1969, formula 13.
    on = np.diag(p) * ((1 - expected) - (first + second) * (1 - observed)) ** 2
    sums = (second[:, None] + first[None, :]) ** 2
    off = float((p * sums).sum() - (np.diag(p) * np.diag(sums)).sum()) * (1 - observed) ** 2
    last = (observed * expected - 2 * expected + observed) ** 2
    variance = (float(on.sum()) + off - last) / (n * (1 - expected) ** 4)
    return _with_interval(round(n), observed, kappa, variance)


def theme_kappas(first: ArrayLike, second: ArrayLike) -> tuple[Agreement, ...]:
    """Kappa of every theme: each answer has it or not. Arrays (answers, themes) of 0/1."""
    one, two = _decisions(first, second)
    return tuple(cohen_kappa(_two_by_two(one[:, k], two[:, k])) for k in range(one.shape[1]))


def pooled_kappa(first: ArrayLike, second: ArrayLike) -> Agreement:
    """One kappa for all themes of answers that may have several.

    Observed and expected agreement are averaged over the themes before kappa is taken (de Vries,
    Elliott, Kanouse & Teleki 2008); the standard error is the delete-one jackknife over answers.
    Arrays (answers, themes) of 0/1. Undefined as in `cohen_kappa`.
    """
    one, two = _decisions(first, second)
    n, n_themes = one.shape
    if n == 0 or n_themes == 0:
        return Agreement(n, None)
    alike = (one == two).astype(np.float64)
    observed = float(alike.mean())
    kappa = float(_pooled(alike.sum(), one.sum(axis=0), two.sum(axis=0), n))
    if np.isnan(kappa):
        return Agreement(n, observed)
    if n < FEWEST:
        return Agreement(n, observed, kappa)
    without = _pooled(
        alike.sum() - alike.sum(axis=1), one.sum(axis=0) - one, two.sum(axis=0) - two, n - 1
    )
    if np.isnan(without).any():
        return Agreement(n, observed, kappa)
    variance = (n - 1) / n * float(((without - without.mean()) ** 2).sum())
    return _with_interval(n, observed, kappa, variance)


def _pooled(
    alike: NDArray[np.float64] | np.float64,
    one: NDArray[np.float64],
    two: NDArray[np.float64],
    n: int,
) -> NDArray[np.float64]:
    """Kappa from sums over `n` answers; themes are the last axis. NaN where it is undefined."""
    p, q = one / n, two / n
    observed = np.asarray(alike / (n * one.shape[-1]))
    expected = (p * q + (1 - p) * (1 - q)).mean(axis=-1)
    is_defined = expected < 1 - 1e-12
    kappa = (observed - expected) / np.where(is_defined, 1 - expected, 1.0)
    return np.where(is_defined, kappa, np.nan)


def _decisions(
    first: ArrayLike, second: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.shape != two.shape or one.ndim != 2:
        raise ValueError("both coders decide on the same answers and themes")
    return one, two


def _two_by_two(one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
    both, only_one, only_two = (one * two).sum(), (one * (1 - two)).sum(), ((1 - one) * two).sum()
    return np.array([[both, only_one], [only_two, one.size - both - only_one - only_two]])


def _with_interval(n: int, observed: float, kappa: float, variance: float) -> Agreement:
    """Without limits where everything was alike: no error can be seen, which is no certainty."""
    if variance < 1e-15:
        return Agreement(n, observed, kappa)
    se = variance**0.5
    low, high = max(kappa - Z_95 * se, -1.0), min(kappa + Z_95 * se, 1.0)
    return Agreement(n, observed, kappa, se, low, high)
