"""What a pooled change is made of, and whether schools differ in their change."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.cells import MIN_SCHOOLS
from indicators.stats.results import FloatArray, Result, from_t, refused
from indicators.vocabulary import Reason


@dataclass(frozen=True, slots=True)
class Composition:
    """pooled = within.estimate + mix, in the unit of the answers. None when there is no school."""

    pooled: float | None
    within: Result
    mix: float | None


def _waves(*arrays: ArrayLike) -> list[FloatArray]:
    given = [np.asarray(a, dtype=np.float64) for a in arrays]
    if any(a.ndim != 1 or a.shape != given[0].shape for a in given):
        raise ValueError(f"expected arrays of shape (schools,), found {[a.shape for a in given]}")
    return given


def _refusal(n1: FloatArray, n2: FloatArray, schools: int) -> Reason | None:
    if not (n1.any() or n2.any()):
        return Reason.NO_DATA
    if not (n1.any() and n2.any()):
        return Reason.NOT_IN_BOTH_WAVES
    return Reason.TOO_FEW_CLUSTERS if schools < MIN_SCHOOLS else None


def change_composition(
    n1: ArrayLike, mean1: ArrayLike, n2: ArrayLike, mean2: ArrayLike
) -> Composition:
    """Split the pooled change of the schools in both waves into change inside schools and of mix.

    n: (schools,) usable answers; mean: their means, read where n > 0. With w_sk the share of school
    s in the answers of wave k, and d_s = mean_s2 - mean_s1:

        within = sum (w_s1 + w_s2)/2 d_s,  mix = sum (mean_s1 + mean_s2)/2 (w_s2 - w_s1),
        se(within)^2 = G/(G-1) sum wbar_s^2 (d_s - within)^2,  df = G - 1

    Refuses NO_DATA, NOT_IN_BOTH_WAVES, TOO_FEW_CLUSTERS (the split stands), ZERO_VARIANCE. Raises
    ValueError for differing shapes. Source: method section 5.1 (C08).
    """
    size1, before, size2, after = _waves(n1, mean1, n2, mean2)
    both = (size1 > 0) & (size2 > 0)
    schools, n = int(both.sum()), int((size1 + size2)[both].sum())
    reason = _refusal(size1, size2, schools)
    base = {"n": n, "n_clusters": schools}
    if schools == 0:
        plain = refused(reason or Reason.NOT_IN_BOTH_WAVES, **base, method="composition")
        return Composition(None, plain, None)
    share1, share2 = size1[both] / size1[both].sum(), size2[both] / size2[both].sum()
    d, share = (after - before)[both], (share1 + share2) / 2
    within = float(share @ d)
    mix = float(((before + after)[both] / 2) @ (share2 - share1))
    if reason is not None:
        result = refused(reason, **base, method="composition", estimate=within)
    else:
        variance = float(np.square(share * (d - within)).sum()) * schools / (schools - 1)
        noise = 1e-10 * float(share @ np.abs(before[both]) + share @ np.abs(after[both]))
        se = variance**0.5 if variance**0.5 > noise else 0.0
        result = from_t(within, se, schools - 1, **base, method="composition")
    return Composition(within + mix, result, mix)


@dataclass(frozen=True, slots=True)
class SameMix:
    """moved: largest change of a kind's share of the answers, 0-1. difference: the change if the
    second wave had the first wave's mix of kinds inside every school; None without answers.
    """

    moved: float
    difference: float | None


def change_same_mix(n1: ArrayLike, total1: ArrayLike, n2: ArrayLike, total2: ArrayLike) -> SameMix:
    """The change with the second wave weighted, inside each school, to the first wave's mix.

    (schools, kinds) arrays, usable answers and their sums by kind of people (grade x sex). With
    w_sc = n1_sc over the kinds with answers in both waves:

        mean2*_s = sum_c w_sc mean2_sc/sum_c w_sc,
        difference = sum_s n2_s mean2*_s/sum_s n2_s - sum total1/sum n1

    over the schools with a kind in both waves. No error goes with it: it stands beside the plain
    change. Raises ValueError for differing shapes. Source: method section 1 ("Different people").
    """
    first, sums1, second, sums2 = (np.asarray(a, np.float64) for a in (n1, total1, n2, total2))
    if first.ndim != 2 or any(a.shape != first.shape for a in (sums1, second, sums2)):
        raise ValueError(f"expected arrays of shape (schools, kinds), found {first.shape}")
    weight = np.where(second > 0, first, 0.0)
    used = weight.sum(axis=1) > 0
    if not used.any():
        return SameMix(0.0, None)
    first, sums1, second, sums2, weight = (a[used] for a in (first, sums1, second, sums2, weight))
    means = np.divide(sums2, second, out=np.zeros_like(sums2), where=second > 0)
    adjusted = (weight * means).sum(axis=1) / weight.sum(axis=1)
    size = second.sum(axis=1)
    shares = [n.sum(axis=0) / n.sum() for n in (first, second)]
    baseline = float(sums1.sum() / first.sum())
    return SameMix(
        moved=float(np.abs(shares[1] - shares[0]).max()),
        difference=float(size @ adjusted / size.sum()) - baseline,
    )


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Arrays (schools,) are NaN for schools not used; tau2 in the squared unit, i2 in percent."""

    n_schools: int
    q: float | None
    df: float | None
    p: float | None
    tau2: float | None
    i2: float | None
    mu: float | None
    raw: FloatArray
    shrunken: FloatArray
    reason: Reason | None = None


def change_heterogeneity(
    n1: ArrayLike,
    mean1: ArrayLike,
    sd1: ArrayLike,
    n2: ArrayLike,
    mean2: ArrayLike,
    sd2: ArrayLike,
    *,
    min_n: int = 5,
) -> Heterogeneity:
    """Do schools differ in their change more than chance allows? And each change, shrunken.

    (schools,) arrays; schools with at least min_n answers in both waves are used. d_s = mean2 -
    mean1 with v_s = sd1^2/n1 + sd2^2/n2 and u_s = 1/v_s:

        Q = sum u (d - d_u)^2 on G-1 df,  tau2 = max(0, (Q - G + 1)/(sum u - sum u^2/sum u)),
        I2 = 100 tau2/(tau2 + (G-1)/(sum u - sum u^2/sum u)), mu = mean of d weighted 1/(v + tau2),
        shrunken_s = l d_s + (1 - l) mu,  l = tau2/(tau2 + v_s)

    Refuses NO_DATA, NOT_IN_BOTH_WAVES, TOO_FEW_CLUSTERS, ZERO_VARIANCE (a school where nobody
    differs: its v is 0). Raises ValueError for differing shapes.
    Source: method section 5.4 (C10); DerSimonian & Laird 1986; Higgins & Thompson 2002.
    """
    size1, before, spread1, size2, after, spread2 = _waves(n1, mean1, sd1, n2, mean2, sd2)
    used = (size1 >= min_n) & (size2 >= min_n)
    raw = np.where(used, after - before, np.nan)
    schools = int(used.sum())
    reason = _refusal(size1, size2, schools)
    v = spread1[used] ** 2 / size1[used] + spread2[used] ** 2 / size2[used]
    if reason is None and not (v > 0).all():
        reason = Reason.ZERO_VARIANCE
    missing = np.full_like(raw, np.nan)
    if reason is not None:
        return Heterogeneity(schools, None, None, None, None, None, None, raw, missing, reason)
    from scipy.special import chdtrc

    d, u = raw[used], 1 / v
    q = float((u * np.square(d - (u @ d) / u.sum())).sum())
    df, scale = schools - 1, float(u.sum() - np.square(u).sum() / u.sum())
    tau2 = max(0.0, (q - df) / scale)
    weights = 1 / (v + tau2)
    mu = float(weights @ d / weights.sum())
    pull = tau2 / (tau2 + v)
    missing[used] = pull * d + (1 - pull) * mu
    i2 = 100 * tau2 / (tau2 + df / scale)
    return Heterogeneity(schools, q, df, float(chdtrc(df, q)), tau2, i2, mu, raw, missing)
