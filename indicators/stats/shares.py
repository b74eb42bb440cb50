"""Intervals of shares: Korn-Graubard for clusters, Wilson for one school, Newcombe for a change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.results import FloatArray, Result
from indicators.vocabulary import Reason

LIFTED = (None, Reason.ZERO_VARIANCE)  # the limits exist at 0 and 1


@dataclass(frozen=True, slots=True)
class KornGraubard:
    """Effective sample size and limits, arrays of the shape asked for (0-d for one share)."""

    n_eff: FloatArray
    low: FloatArray
    high: FloatArray


def korn_graubard(
    p: ArrayLike, n: ArrayLike, variance: ArrayLike, df: ArrayLike, *, confidence: float = 0.95
) -> KornGraubard:
    """Clopper-Pearson limits on the effective sample size of a clustered share.

    p: share 0-1; n: usable answers; variance: of p, from the design; df: of the design. Shapes
    broadcast. n_eff = min(n, p(1-p)/variance (t_{n-1}/t_df)^2), which is n where p is 0 or 1 or the
    variance is 0; the closed limit there is 0 or 1. NaN where an argument is missing or n = 0.
    Source: method section 4; Korn & Graubard 1998; Parker et al. 2017.
    """
    from scipy.special import betaincinv, stdtrit

    share, size, var, freedom = np.broadcast_arrays(
        *(np.asarray(a, dtype=np.float64) for a in (p, n, variance, df))
    )
    tail = (1 - confidence) / 2
    known = (size > 0) & np.isfinite(share + var)
    inner = known & (share > 0) & (share < 1) & (var > 0)
    ratio = stdtrit(np.where(inner, size - 1, np.nan), 1 - tail) / stdtrit(freedom, 1 - tail)
    n_eff = np.where(known, size, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        n_eff = np.where(inner, np.minimum(size, share * (1 - share) / var * ratio**2), n_eff)
    yes, no = n_eff * share, n_eff * (1 - share)
    low = betaincinv(np.where(share > 0, yes, np.nan), no + 1, tail)
    high = betaincinv(yes + 1, np.where(share < 1, no, np.nan), 1 - tail)
    return KornGraubard(
        n_eff=np.asarray(n_eff),
        low=np.where(known & (share == 0), 0.0, low),
        high=np.where(known & (share == 1), 1.0, high),
    )


def share_level(level: Result) -> tuple[Result, float | None]:
    """The level of a 0/1 variable with Korn-Graubard limits, and its effective sample size.

    level: what `contrast_taylor` gives for one cell. ZERO_VARIANCE is lifted, because the limits
    exist at 0 and 1 (se stays 0, t and p missing); every other refusal is returned as it is.
    Source: method section 4.
    """
    return share_levels([level])[0]


def share_levels(levels: Sequence[Result]) -> list[tuple[Result, float | None]]:
    """`share_level` for many levels at once."""
    lifted = [i for i, level in enumerate(levels) if level.reason in LIFTED]
    missing = [i for i in lifted if None in (levels[i].estimate, levels[i].se, levels[i].df)]
    if missing:
        raise ValueError(f"expected a level with se and df, found {levels[missing[0]]}")
    p, n, se, df = (
        np.array([getattr(levels[i], name) for i in lifted], dtype=np.float64)
        for name in ("estimate", "n", "se", "df")
    )
    wide = korn_graubard(p, n, se**2, df)
    narrow = korn_graubard(p, n, se**2, df, confidence=0.9)
    limits = zip(
        *(a.tolist() for a in (wide.low, wide.high, narrow.low, narrow.high, wide.n_eff)),
        strict=True,
    )
    found: list[tuple[Result, float | None]] = [(level, None) for level in levels]
    for i, (low, high, low90, high90, n_eff) in zip(lifted, limits, strict=True):
        shown = replace(
            levels[i],
            ci_low=low,
            ci_high=high,
            ci90_low=low90,
            ci90_high=high90,
            method="korn_graubard",
            reason=None,
        )
        found[i] = (shown, n_eff)
    return found


def logit_limits(level: Result, *, confidence: float = 0.95) -> tuple[float | None, float | None]:
    """Limits of a 0/1 level on the logit scale: logit p -+ t_df se/(p(1-p)).

    level: what `contrast_taylor` or `contrast_survey` gives for one cell. None where it is refused,
    as at 0 and 1, where logits do not exist. The alternative to Korn-Graubard, R's default.
    Source: method section 4.
    """
    p, se, df = level.estimate, level.se, level.df
    if level.reason is not None or p is None or se is None or df is None or not 0 < p < 1:
        return None, None
    from scipy.special import expit, logit, stdtrit

    half = float(stdtrit(df, (1 + confidence) / 2)) * se / (p * (1 - p))
    return float(expit(logit(p) - half)), float(expit(logit(p) + half))


def wilson(
    p: ArrayLike, n: ArrayLike, population: ArrayLike | None = None, *, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Wilson score limits (low, high) of a share, without continuity correction.

    p: share 0-1; n: usable answers; population: size N of the list they were drawn from (n* =
    n(N-1)/(N-n) in place of n; NaN or N < n: no correction). Shapes broadcast. n = N gives p twice.
    NaN where n = 0 or p is missing. Source: method section 4; Wilson 1927.
    """
    from scipy.special import ndtri

    share, size, people = np.broadcast_arrays(
        np.asarray(p, dtype=np.float64),
        np.asarray(n, dtype=np.float64),
        np.asarray(np.nan if population is None else population, dtype=np.float64),
    )
    z = float(ndtri((1 + confidence) / 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        inverse = np.where(size > 0, 1 / size, np.nan)  # 1/n*: stays finite when n = N
        drawn = np.where(people > 1, (people - size) / (people - 1), 0.0)
    inverse = np.where((people >= size) & (size > 0), inverse * drawn, inverse)
    centre = share + z**2 * inverse / 2
    half = z * np.sqrt(share * (1 - share) * inverse + (z * inverse / 2) ** 2)
    low, high = (centre - half) / (1 + z**2 * inverse), (centre + half) / (1 + z**2 * inverse)
    # Exact at the ends, where rounding would leave -1e-18.
    low = np.where((share == 0) & (size > 0), 0.0, low)
    return low, np.where((share == 1) & (size > 0), 1.0, high)


def newcombe(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Limits (low, high) of the difference x2/n2 - x1/n1 of two independent shares.

    x: yes answers; n: usable answers; shapes broadcast. With Wilson limits l, u of each share:
    d - sqrt((p2 - l2)^2 + (u1 - p1)^2), d + sqrt((u2 - p2)^2 + (p1 - l1)^2). NaN where an n is 0.
    Source: method section 4; Newcombe 1998, method 10.
    """
    size1, size2 = np.asarray(n1, dtype=np.float64), np.asarray(n2, dtype=np.float64)
    p1 = np.asarray(x1, dtype=np.float64) / np.where(size1 > 0, size1, np.nan)
    p2 = np.asarray(x2, dtype=np.float64) / np.where(size2 > 0, size2, np.nan)
    low1, high1 = wilson(p1, size1, confidence=confidence)
    low2, high2 = wilson(p2, size2, confidence=confidence)
    difference = p2 - p1
    return (
        difference - np.hypot(p2 - low2, high1 - p1),
        difference + np.hypot(high2 - p2, p1 - low1),
    )
