"""Do the items of an index belong together? Alpha, item-rest correlations and omega."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.factor import omega_ml
from indicators.stats.results import FloatArray
from indicators.vocabulary import Reason

ROUNDING = 1e-12
MIN_ROWS = 3


@dataclass(frozen=True, slots=True)
class CrossProducts:
    """Totals of complete rows, enough for all that reliability asks. They add up over files.

    n: rows; total (items,): their sums; products (items, items): sums of item x item.
    """

    n: int
    total: FloatArray
    products: FloatArray

    def __add__(self, other: "CrossProducts") -> "CrossProducts":
        return CrossProducts(
            self.n + other.n, self.total + other.total, self.products + other.products
        )

    @property
    def covariance(self) -> FloatArray:
        """(items, items), divided by n - 1; n of two or more."""
        around = self.products - np.outer(self.total, self.total) / self.n
        return np.asarray(around / (self.n - 1))


def cross_products(values: ArrayLike) -> CrossProducts:
    """Cross-products of the complete rows of `values` (respondents, items), NaN missing.

    Raises ValueError for other shapes.
    """
    given = np.asarray(values, dtype=np.float64)
    if given.ndim != 2 or given.shape[1] == 0:
        raise ValueError(f"expected shape (respondents, items), found {given.shape}")
    complete = given[~np.isnan(given).any(axis=1)]
    return CrossProducts(len(complete), complete.sum(axis=0), complete.T @ complete)


@dataclass(frozen=True, slots=True)
class Reliability:
    """Reliability of an index on its complete rows; None is missing, reason says why.

    item_rest, alpha_dropped (items,): correlation of each item with the sum of the others, alpha
    without it; NaN for two items, where the rest is one item. omega needs three items.
    """

    n_complete: int
    n_items: int
    alpha: float | None = None
    alpha_low: float | None = None
    alpha_high: float | None = None
    alpha_std: float | None = None
    mean_r: float | None = None
    item_rest: FloatArray | None = None
    alpha_dropped: FloatArray | None = None
    omega_ml: float | None = None
    reason: Reason | None = None


def reliability(rows: CrossProducts) -> Reliability:
    """Cronbach's alpha with Feldt's interval, standardised alpha, McDonald's omega.

    rows: `cross_products` of the items, reversed ones already turned. With C the covariance and R
    the correlation matrix of k items, n complete rows:

        alpha = k/(k-1) (1 - tr C/sum C), limits 1 - (1 - alpha) F_q, F with (n-1), (n-1)(k-1) df
        alpha_std = k r/(1 + (k-1) r), r the mean correlation (Spearman-Brown for two items)

    Refuses NO_DATA (fewer than three complete rows), ZERO_VARIANCE (an item is constant, or the
    items cancel out: the sum is), TOO_FEW_ITEMS (one item).
    Source: method section 16 (I01-I06); Feldt 1965; McDonald 1999; R psych::alpha.
    """
    n, k = rows.n, len(rows.total)
    if n < MIN_ROWS:
        return Reliability(n, k, reason=Reason.NO_DATA)
    covariance = rows.covariance
    variances, whole = np.diag(covariance), float(covariance.sum())
    if (variances <= ROUNDING * np.diag(rows.products) / n).any() or (
        whole <= ROUNDING * variances.sum()
    ):
        return Reliability(n, k, reason=Reason.ZERO_VARIANCE)
    if k < 2:
        return Reliability(n, k, reason=Reason.TOO_FEW_ITEMS)
    alpha = _alpha(covariance)
    low, high = _feldt(alpha, n, k)
    correlation, sd = correlations(covariance)
    mean_r = float((correlation.sum() - k) / (k * (k - 1)))
    return Reliability(
        n_complete=n,
        n_items=k,
        alpha=alpha,
        alpha_low=low,
        alpha_high=high,
        alpha_std=k * mean_r / (1 + (k - 1) * mean_r),
        mean_r=mean_r,
        item_rest=_item_rest(covariance),
        alpha_dropped=_alpha_dropped(covariance),
        omega_ml=omega_ml(correlation, sd) if k > 2 else None,
    )


def correlations(covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Correlation matrix and standard deviations of a covariance matrix."""
    sd = np.sqrt(np.diag(covariance))
    return covariance / np.outer(sd, sd), sd


def _alpha(covariance: FloatArray) -> float:
    k = len(covariance)
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


def _feldt(alpha: float, n: int, k: int, confidence: float = 0.95) -> tuple[float, float]:
    from scipy.special import fdtri

    tail, df1, df2 = (1 - confidence) / 2, n - 1, (n - 1) * (k - 1)
    upper, lower = float(fdtri(df1, df2, 1 - tail)), float(fdtri(df1, df2, tail))
    return 1 - (1 - alpha) * upper, 1 - (1 - alpha) * lower


def _item_rest(covariance: FloatArray) -> FloatArray:
    """Correlation of each item with the sum of the others; NaN where that sum is constant."""
    variance = np.diag(covariance)
    with_rest = covariance.sum(axis=1) - variance
    rest = covariance.sum() - 2 * covariance.sum(axis=1) + variance
    found = np.full(len(variance), np.nan)
    moving = rest > ROUNDING * variance.sum()
    found[moving] = with_rest[moving] / np.sqrt(variance[moving] * rest[moving])
    return found


def _alpha_dropped(covariance: FloatArray) -> FloatArray:
    k = len(covariance)
    found = np.full(k, np.nan)
    for item in range(k if k > 2 else 0):
        others = np.delete(np.delete(covariance, item, axis=0), item, axis=1)
        if others.sum() > ROUNDING * np.trace(others):
            found[item] = _alpha(others)
    return found
