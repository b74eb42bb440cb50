"""What one school could have detected."""

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.results import FloatArray

PRECISION = 1e-10
MAX_STEPS = 30  # fifteen are enough for a power of .999, eight for .8


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
    d/sqrt(deff (1/n1 + 1/n2)); both tails count. Solved to 1e-10 relative. NaN where an
    n is 0 or missing, deff is missing, or n1 + n2 < 3. Raises ValueError unless 0.5 <= power < 1
    and 0 < alpha < 0.5. Source: method sections 8 (table) and 14 (L07).
    """
    if not (0.5 <= power < 1 and 0 < alpha < 0.5):
        raise ValueError(
            f"expected 0.5 <= power < 1 and 0 < alpha < 0.5, found {power} and {alpha}"
        )
    size1, size2, factor = np.broadcast_arrays(
        *(np.asarray(a, dtype=np.float64) for a in (n1, n2, deff))
    )
    usable = (size1 > 0) & (size2 > 0) & (size1 + size2 > 2) & (factor > 0)
    safe1, safe2, factor = (np.where(usable, a, 2.0) for a in (size1, size2, factor))
    df = np.maximum((safe1 + safe2 - 2) / factor, 1.0)
    # Few schools differ in df, and the noncentrality depends on nothing else.
    distinct, position = np.unique(df, return_inverse=True)
    noncentrality = _noncentrality(distinct, power, alpha)[position.reshape(df.shape)]
    unit = np.sqrt(factor * (1 / safe1 + 1 / safe2))
    return np.where(usable, noncentrality * unit, np.nan)


def _noncentrality(df: FloatArray, power: float, alpha: float) -> FloatArray:
    """Where the power is reached, by the secant method from the normal approximation."""
    from scipy.special import ndtri, stdtrit

    bar = np.asarray(stdtrit(df, 1 - alpha / 2), dtype=np.float64)
    last = bar + float(ndtri(power))
    found = last * 1.05
    lack_last, lack = (_power(x, df, bar) - power for x in (last, found))
    for _ in range(MAX_STEPS):
        slope = np.where(lack != lack_last, lack - lack_last, np.inf)
        step = lack * (found - last) / slope
        last, lack_last, found = found, lack, found - step
        if (np.abs(step) <= PRECISION * found).all():
            return found
        lack = _power(found, df, bar) - power
    raise RuntimeError(f"no detectable change found for power {power} and alpha {alpha}")


def _power(noncentrality: FloatArray, df: FloatArray, bar: FloatArray) -> FloatArray:
    from scipy.special import nctdtr

    # nctdtr gives NaN far in the opposite tail, where the probability is 0.
    missed = np.nan_to_num(nctdtr(df, noncentrality, bar), nan=0.0)
    opposite = np.nan_to_num(nctdtr(df, noncentrality, -bar), nan=0.0)
    return np.asarray(1 - missed + opposite, dtype=np.float64)
