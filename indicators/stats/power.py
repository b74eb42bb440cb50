"""What one school could have detected."""

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.results import FloatArray

STEPS = 60  # halvings of a bracket below 1000: down to the last digit of a double


def detectable_change(
    n1: ArrayLike,
    n2: ArrayLike,
    deff: ArrayLike = 1.0,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
) -> FloatArray:
    """Smallest change of one school's mean, in standard deviations, seen with the given power.

    n1, n2: usable answers of the two surveys; deff: design effect of the classes; shapes broadcast.
    The two-sided t test with df = (n1 + n2 - 2)/deff (at least 1) has noncentrality
    d/sqrt(deff (1/n1 + 1/n2)); both tails count. Solved by bisection to 1e-12 relative. NaN where
    an n is 0 or missing, or n1 + n2 < 3. Source: method section 8 (table) and 14 (L07).
    """
    size1, size2, factor = np.broadcast_arrays(
        *(np.asarray(a, dtype=np.float64) for a in (n1, n2, deff))
    )
    usable = (size1 > 0) & (size2 > 0) & (size1 + size2 > 2)
    safe1, safe2 = np.where(usable, size1, 2.0), np.where(usable, size2, 2.0)
    df = np.maximum((safe1 + safe2 - 2) / factor, 1.0)
    # Few schools differ in df, and the noncentrality depends on nothing else.
    distinct, position = np.unique(df, return_inverse=True)
    noncentrality = _noncentrality(distinct, power, alpha)[position.reshape(df.shape)]
    unit = np.sqrt(factor * (1 / safe1 + 1 / safe2))
    return np.where(usable, noncentrality * unit, np.nan)


def _noncentrality(df: FloatArray, power: float, alpha: float) -> FloatArray:
    from scipy.special import nctdtr, stdtrit

    bar = stdtrit(df, 1 - alpha / 2)
    low, high = np.zeros_like(df), 5 * bar + 10
    for _ in range(STEPS):
        middle = (low + high) / 2
        # nctdtr gives NaN far in the opposite tail, where the probability is 0.
        missed = np.nan_to_num(nctdtr(df, middle, bar), nan=0.0)
        opposite = np.nan_to_num(nctdtr(df, middle, -bar), nan=0.0)
        enough = 1 - missed + opposite >= power
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return (low + high) / 2
