"""Effect sizes in standard deviations."""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.cells import ROUNDING
from indicators.stats.refusals import MIN_JUDGED, MIN_SHOWN, pair_refusal
from indicators.stats.results import Result
from indicators.vocabulary import Reason

PRECISION = 1e-12


def hedges_j(df: float) -> float:
    """The small-sample factor J = gamma(m/2)/(sqrt(m/2) gamma((m-1)/2)), m = df > 1.

    Source: method section 8; Hedges 1981.
    """
    from scipy.special import gammaln

    return float(np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / sqrt(df / 2))


@dataclass(frozen=True, slots=True)
class Effect:
    """g in standard deviations with its 95 % limits; None is missing, reason says why."""

    g: float | None
    se: float | None
    df: float | None
    ci_low: float | None
    ci_high: float | None
    sd_pooled: float | None
    j: float | None
    reason: Reason | None = None


def _refused(reason: Reason) -> Effect:
    return Effect(None, None, None, None, None, None, None, reason)


def pooled_sd(n1: float, sd1: float, n2: float, sd2: float) -> float:
    """Standard deviation of individuals inside two groups, n1 + n2 - 2 df."""
    return sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / (n1 + n2 - 2))


def hedges_g(
    wave1: ArrayLike, wave2: ArrayLike, *, min_n: int = MIN_JUDGED, min_shown: int = MIN_SHOWN
) -> Effect:
    """Change of one school, g = J (mean2 - mean1)/sd_pooled, limits from the noncentral t times J.

    wave1, wave2: (n1,), (n2,) usable answers. df = n1 + n2 - 2; se is missing. Answers count as
    independent. Refuses as `pair_refusal`, and ZERO_VARIANCE.
    Source: method section 8 (F03); Hedges 1981.
    """
    before, after = (np.asarray(a, dtype=np.float64) for a in (wave1, wave2))
    n1, n2 = len(before), len(after)
    reason = pair_refusal(n1, n2, min_n, min_shown)
    if reason is not None:
        return _refused(reason)
    sd = pooled_sd(n1, float(before.std(ddof=1)), n2, float(after.std(ddof=1)))
    if sd <= ROUNDING * float(np.abs(before).mean() + np.abs(after).mean()):
        return _refused(Reason.ZERO_VARIANCE)
    df, unit = n1 + n2 - 2, sqrt(1 / n1 + 1 / n2)
    d, j = float(after.mean() - before.mean()) / sd, hedges_j(df)
    low, high = noncentrality_limits(d / unit, df)
    return Effect(j * d, None, df, j * low * unit, j * high * unit, sd, j)


def noncentrality_limits(t: float, df: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """The noncentralities under which t is the upper or the lower tail point of noncentral t.

    P(T(df, low) >= t) = P(T(df, high) <= t) = (1 - confidence)/2, solved by halving.
    Source: method section 8 (F03); Hedges 1981; Steiger & Fouladi 1997.
    """
    from scipy.special import nctdtr

    tail = (1 - confidence) / 2

    def below(noncentrality: float) -> float:
        """P(T <= t). nctdtr is NaN far in a tail, where the probability is 0 or 1."""
        found = float(nctdtr(df, noncentrality, t))
        return float(noncentrality < t) if np.isnan(found) else found

    wide = 5 + abs(t) * (1 + 3 / sqrt(df))
    return _falling(below, 1 - tail, t - wide, t + wide), _falling(below, tail, t - wide, t + wide)


def _falling(f: Callable[[float], float], level: float, low: float, high: float) -> float:
    """Where a falling function passes `level`."""
    while high - low > PRECISION * (1 + abs(low)):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) > level else (low, middle)
    return (low + high) / 2


def g_clustered(change: Result, n1: float, sd1: float, n2: float, sd2: float) -> Effect:
    """A change across schools in standard deviations of individuals, clusters in the limits.

    change: of `contrast_cr2`; n, sd (n-1): usable answers and spread of each wave.

        g = J change/sd_pooled,  se^2 = J^2 (se_CR2/sd_pooled)^2 + g^2/(2 (n1 + n2 - 2)),  t with
        the df of the change; J of n1 + n2 - 2

    Refuses as the change does; ZERO_VARIANCE when sd_pooled is 0.
    Source: method section 11 (J01); Hedges 2007; WWC Handbook 5.0 appendix E.
    """
    if change.reason is not None or change.estimate is None or not change.se or change.df is None:
        return _refused(change.reason or Reason.ZERO_VARIANCE)
    sd = pooled_sd(n1, sd1, n2, sd2)
    if sd <= 0:
        return _refused(Reason.ZERO_VARIANCE)
    from scipy.special import stdtrit

    df = n1 + n2 - 2
    j = hedges_j(df)
    g = j * change.estimate / sd
    se = sqrt((j * change.se / sd) ** 2 + g**2 / (2 * df))
    half = float(stdtrit(change.df, 0.975)) * se
    return Effect(g, se, change.df, g - half, g + half, sd, j)
