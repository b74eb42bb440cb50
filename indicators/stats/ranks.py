"""Rank tests: signed ranks of paired differences, Mann-Whitney and Cliff's delta of two samples."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.refusals import MIN_JUDGED, MIN_SHOWN, pair_refusal
from indicators.stats.results import FloatArray
from indicators.vocabulary import Reason

DIGITS = 10  # differences of means that agree to so many decimals are equal


def mid_ranks(values: FloatArray) -> tuple[FloatArray, float]:
    """Ranks from 1 with the mean rank for equal values, and sum(t^3 - t) over groups of t equal."""
    _, position, times = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    ranks = (last - (times - 1) / 2)[position]
    return ranks, float((times**3.0 - times).sum())


def _two_sided(above: float, variance: float) -> float | None:
    """Normal p, continuity corrected, of a rank sum `above` its mean; None if the variance is 0."""
    from scipy.special import ndtr

    if variance <= 0:
        return None
    z = (above - np.sign(above) * 0.5) / sqrt(variance)
    return float(2 * min(ndtr(z), ndtr(-z)))


def signed_rank(differences: ArrayLike) -> float | None:
    """Wilcoxon's signed-rank p of mean 0, normal approximation, ties and continuity corrected.

    differences: (schools,), finite; zeros are dropped. With V the sum of the ranks of the positive
    ones: mean n(n+1)/4, variance n(n+1)(2n+1)/24 - sum(t^3 - t)/48. None when all are 0.
    Source: method section 5.3 (C03); Wilcoxon 1945; R wilcox.test(exact=FALSE).
    """
    values = np.asarray(differences, dtype=np.float64)
    scale = float(np.abs(values).max(initial=0.0))
    values = np.round(values / scale, DIGITS) if scale > 0 else values
    values = values[values != 0]
    n = len(values)
    ranks, ties = mid_ranks(np.abs(values))
    above = float(ranks[values > 0].sum()) - n * (n + 1) / 4
    return _two_sided(above, n * (n + 1) * (2 * n + 1) / 24 - ties / 48)


@dataclass(frozen=True, slots=True)
class RankTest:
    """u: pairs in which wave 2 is higher, ties half; cles: u/(n1 n2). None when refused."""

    u: float | None
    p: float | None
    cles: float | None
    reason: Reason | None = None


def mann_whitney(
    wave1: ArrayLike, wave2: ArrayLike, *, min_n: int = MIN_JUDGED, min_shown: int = MIN_SHOWN
) -> RankTest:
    """Did one school's answers shift? Normal approximation, ties and continuity corrected.

    wave1, wave2: (n1,), (n2,) usable answers. variance = n1 n2/12 (N + 1 - sum(t^3 - t)/(N(N-1))).
    Refuses as `pair_refusal`, and ZERO_VARIANCE. Answers count as independent: for students, who
    sit in classes, p is too small.
    Source: method section 8 (F02); Mann & Whitney 1947; Vargha & Delaney 2000; R wilcox.test.
    """
    before, after = (np.asarray(a, dtype=np.float64) for a in (wave1, wave2))
    n1, n2 = len(before), len(after)
    reason = pair_refusal(n1, n2, min_n, min_shown)
    if reason is not None:
        return RankTest(None, None, None, reason)
    ranks, ties = mid_ranks(np.concatenate([before, after]))
    u = float(ranks[n1:].sum()) - n2 * (n2 + 1) / 2
    n = n1 + n2
    p = _two_sided(u - n1 * n2 / 2, n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1))))
    return RankTest(u, p, u / (n1 * n2), Reason.ZERO_VARIANCE if p is None else None)


@dataclass(frozen=True, slots=True)
class CliffDelta:
    """delta in -1..1, positive when wave 2 is higher. No limits where se is 0 (delta = +-1)."""

    delta: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    reason: Reason | None = None


def cliff_delta(
    wave1: ArrayLike, wave2: ArrayLike, *, min_n: int = MIN_JUDGED, min_shown: int = MIN_SHOWN
) -> CliffDelta:
    """P(wave 2 higher) - P(wave 2 lower) of one school, with Cliff's variance and limits.

    With d_ij = sign(y2_i - y1_j) and d its mean: s^2 = (n1^2 S2 + n2^2 S1 - S)/(n1 n2 (n1-1)(n2-1))
    (sums of squares around d of the row means, column means and d_ij), at least (1 - d^2)/(n1 n2 -
    1); limits (d - d^3 -+ t s sqrt((1 - d^2)^2 + t^2 s^2))/(1 - d^2 + t^2 s^2), t with n1+n2-2 df.
    Memory grows with n1 + n2. Refuses as `pair_refusal`, and ZERO_VARIANCE (all answers equal).
    Source: method section 8 (F04); Cliff 1996.
    """
    before, after = (np.sort(np.asarray(a, dtype=np.float64)) for a in (wave1, wave2))
    n1, n2 = len(before), len(after)
    reason = pair_refusal(n1, n2, min_n, min_shown)
    if reason is None and before[0] == before[-1] == after[0] == after[-1]:
        reason = Reason.ZERO_VARIANCE
    if reason is not None:
        return CliffDelta(None, None, None, None, reason)
    rows, columns = _dominance(after, before), -_dominance(before, after)
    delta = float(rows.mean())
    ties = float((np.searchsorted(before, after, "right") - np.searchsorted(before, after)).sum())
    spread = n1 * n2 - ties - n1 * n2 * delta**2
    across, down = (float(np.square(d - delta).sum()) for d in (rows, columns))
    variance = (n1**2 * across + n2**2 * down - spread) / (n1 * n2 * (n1 - 1) * (n2 - 1))
    se = sqrt(max(variance, (1 - delta**2) / (n1 * n2 - 1)))
    low, high = _cliff_limits(delta, se, n1 + n2 - 2)
    return CliffDelta(delta, se, low, high)


def _dominance(values: FloatArray, others: FloatArray) -> FloatArray:
    """For every value: share of the others (sorted) below it minus share above it."""
    below = np.searchsorted(others, values)
    above = len(others) - np.searchsorted(others, values, "right")
    return np.asarray((below - above) / len(others), dtype=np.float64)


def _cliff_limits(delta: float, se: float, df: int) -> tuple[float | None, float | None]:
    from scipy.special import stdtrit

    half = float(stdtrit(df, 0.975)) * se
    below = 1 - delta**2 + half**2
    if below <= 0:
        return None, None
    middle = delta - delta**3
    wide = half * sqrt((1 - delta**2) ** 2 + half**2)
    return (middle - wide) / below, (middle + wide) / below
