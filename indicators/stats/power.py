"""What one school could have detected, and what the schools together can: planning."""

from dataclasses import dataclass
from math import sqrt

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


@dataclass(frozen=True, slots=True)
class Detectable:
    """Planned standard error, its df, and the smallest change detectable in units and in sd."""

    se: float
    df: float
    mde: float
    mde_sd: float


def mde_change(
    schools: int,
    m1: float,
    m2: float,
    *,
    sd: float = 1.0,
    icc: float,
    cac: float = 0.6,
    power: float = 0.8,
    alpha: float = 0.05,
) -> Detectable:
    """Smallest change across the same schools seen with the given power, two-sided.

    m1, m2: answers per school in each wave; sd: of individuals; icc: correlation of answers within
    a school, 0-1; cac: correlation of a school with itself over time, 0-1.

        se^2 = sd^2 (2 icc (1 - cac) + (1 - icc)(1/m1 + 1/m2))/schools,
        mde = (t_(1-alpha/2) + t_power) se, t with schools - 1 df

    Raises ValueError for fewer than two schools or values outside their range.
    Source: method section 14 (L05); Hooper et al. 2016; Murray 1998.
    """
    if schools < 2 or not (m1 > 0 and m2 > 0 and sd > 0 and 0 <= icc <= 1 and 0 <= cac <= 1):
        raise ValueError("expected schools >= 2, m1, m2 and sd above 0, icc and cac in 0-1")
    if not (0 < power < 1 and 0 < alpha < 1):
        raise ValueError(f"expected 0 < power, alpha < 1, found {power} and {alpha}")
    se = sd * sqrt((2 * icc * (1 - cac) + (1 - icc) * (1 / m1 + 1 / m2)) / schools)
    df = schools - 1
    mde = detectable_contrast(se, df, power=power, alpha=alpha)
    return Detectable(se=se, df=float(df), mde=mde, mde_sd=mde / sd)


def detectable_contrast(se: float, df: float, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """Smallest difference seen with the given power by a two-sided t test.

    (t_(1-alpha/2) + t_power) se, t with df degrees of freedom.
    se: of the difference, in its unit, planned or realised; df: of the test. Raises ValueError for
    se below 0 or df not above 0. Source: method section 14 (L05); Murray 1998.
    """
    if not (se >= 0 and df > 0):
        raise ValueError(f"expected se >= 0 and df > 0, found {se} and {df}")
    from scipy.special import stdtrit

    return float(stdtrit(df, 1 - alpha / 2) + stdtrit(df, power)) * se


def max_error(
    n: float,
    population: float | None = None,
    *,
    p: float = 0.5,
    deff: float = 1.0,
    confidence: float = 0.95,
) -> float:
    """Margin of error of a share, largest at p = 1/2: z sqrt(deff p (1-p)/n (N-n)/(N-1)).

    n: answers; population: N, None when it is large. deff = 1 is the margin if everybody had been
    drawn singly; print the one with classes and schools next to it. Raises ValueError for n < 1,
    N < n, p outside 0-1 or deff below 0. Source: method sections 3 and 14 (L06).
    """
    if n < 1 or (population is not None and population < n) or not (0 <= p <= 1 and deff >= 0):
        raise ValueError(f"expected 1 <= n <= N, 0 <= p <= 1, found {n}, {population} and {p}")
    from scipy.special import ndtri

    rest = 1.0
    if population is not None:
        rest = (population - n) / (population - 1) if population > 1 else 0.0
    return float(ndtri((1 + confidence) / 2)) * sqrt(deff * p * (1 - p) / n * rest)
