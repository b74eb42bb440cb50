"""A rank test for ordinal answers of a clustered survey: from rows, or from counts of answers.

Answers in few categories have few ranks, and these depend on the totals of the categories only.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.cells import MIN_SCHOOLS
from indicators.stats.design import Design, check_units, covariance
from indicators.stats.results import FloatArray, Result, from_t, refused
from indicators.vocabulary import Reason

METHOD = "rank_taylor"


@dataclass(frozen=True, slots=True)
class _Answers:
    """Usable answers: y, group 0 or 1, weight, and their place among the rows."""

    y: FloatArray
    group: FloatArray
    weight: FloatArray
    place: np.ndarray


def rank_survey(
    y: ArrayLike, group: ArrayLike, design: Design, *, weight: ArrayLike | None = None
) -> Result:
    """Do the answers of group 1 rank above those of group 0? Design-based Wilcoxon test.

    y, group, weight: (rows,), rows being the units of the design; y NaN or group not 0 or 1: not
    usable, but in the design. Each answer gets its estimated rank in the population as a share of
    it, r = (sum of weights below + half its own)/W, averaged over equal answers in the order of the
    rows as R does; estimate = weighted mean of r in group 1 minus that in group 0, linearised with
    r as given. df = PSUs - strata. Refuses NO_DATA, NOT_IN_BOTH_WAVES, TOO_FEW_CLUSTERS,
    SINGLE_PSU_STRATUM, CENSUS, ZERO_VARIANCE. Raises ValueError for differing shapes.
    Source: method section 5.6 (C09); Lumley & Scott 2013; R survey::svyranktest.
    """
    used = _usable(y, group, weight, len(design.psu))
    rows = np.zeros(len(design.psu))
    rows[used.place] = 1
    check_units(len(rows), design)
    is_used = design.by_psu(rows) > 0
    df = design.degrees_of_freedom(is_used)
    base = {"n": len(used.y), "n_clusters": int(is_used.sum())}
    reason = _refusal(used, df, base["n_clusters"], design)
    if reason is not None:
        return refused(reason, **base, method=METHOD)
    rank = _rank_shares(used)
    weights = np.stack([used.weight * (used.group == k) for k in (0, 1)])
    size = weights.sum(axis=1)
    means = weights @ rank / size
    z = np.zeros((len(rows), 1))
    z[used.place, 0] = (weights[1] / size[1]) * (rank - means[1])
    z[used.place, 0] -= (weights[0] / size[0]) * (rank - means[0])
    se = sqrt(float(covariance(z, design)[0, 0]))
    return from_t(float(means[1] - means[0]), se if se > 1e-10 else 0.0, df, **base, method=METHOD)


def rank_counts(n: ArrayLike, design: Design, *, weight: ArrayLike | None = None) -> Result:
    """`rank_survey` from counts: do the answers of group 1 rank above those of group 0?

    n: (units, categories, 2), respondents of each unit by category, in the order of the scale, and
    group; weight: the same shape, sums of their weights (None: all weights 1). An answer of
    category c has the rank (mass below c + half the mass of c)/all mass. Without weights the same
    number as `rank_survey` on the rows; with weights R averages tied ranks in the order of the
    rows, which counts do not know, and its figures differ a little.
    Refusals as `rank_survey`. Raises ValueError for other shapes.
    Source: method section 5.6 (C09); Lumley & Scott 2013; R survey::svyranktest.
    """
    counts = np.asarray(n, dtype=np.float64)
    mass = counts if weight is None else np.asarray(weight, dtype=np.float64)
    if counts.ndim != 3 or counts.shape[2] != 2 or mass.shape != counts.shape:
        raise ValueError(f"expected (units, categories, 2), found {counts.shape}, {mass.shape}")
    check_units(len(counts), design)
    is_used = design.by_psu(counts.sum(axis=(1, 2))) > 0
    df = design.degrees_of_freedom(is_used)
    base = {"n": int(counts.sum()), "n_clusters": int(is_used.sum())}
    groups, categories = counts.sum(axis=(0, 1)), counts.sum(axis=(0, 2))
    reason = Reason.NO_DATA if base["n"] == 0 else None
    if reason is None and (groups == 0).any():
        reason = Reason.NOT_IN_BOTH_WAVES
    reason = reason or _design_refusal(base["n_clusters"], df, design)
    if reason is None and np.count_nonzero(categories) < 2:
        reason = Reason.ZERO_VARIANCE
    if reason is not None:
        return refused(reason, **base, method=METHOD)
    table = mass.sum(axis=0)
    of_category = table.sum(axis=1)
    rank = (np.cumsum(of_category) - of_category / 2) / of_category.sum()
    size = table.sum(axis=0)
    means = rank @ table / size
    z = (mass * (rank[:, None] - means) / size).sum(axis=1) @ np.array([-1.0, 1.0])
    se = sqrt(float(covariance(z[:, None], design)[0, 0]))
    return from_t(float(means[1] - means[0]), se if se > 1e-10 else 0.0, df, **base, method=METHOD)


def _usable(y: ArrayLike, group: ArrayLike, weight: ArrayLike | None, units: int) -> _Answers:
    answers, groups = np.asarray(y, dtype=np.float64), np.asarray(group, dtype=np.float64)
    weights = np.ones(units) if weight is None else np.asarray(weight, dtype=np.float64)
    if not answers.shape == groups.shape == weights.shape == (units,):
        raise ValueError(f"expected y, group and weight of shape ({units},), one per unit")
    place = np.flatnonzero(~np.isnan(answers) & np.isin(groups, (0, 1)))
    return _Answers(answers[place], groups[place], weights[place], place)


def _refusal(used: _Answers, df: int, n_psu: int, design: Design) -> Reason | None:
    if len(used.y) == 0:
        return Reason.NO_DATA
    if used.group.min() == used.group.max():
        return Reason.NOT_IN_BOTH_WAVES
    is_constant = used.y.min() == used.y.max()
    return _design_refusal(n_psu, df, design) or (Reason.ZERO_VARIANCE if is_constant else None)


def _design_refusal(n_psu: int, df: int, design: Design) -> Reason | None:
    if n_psu < MIN_SCHOOLS or df < 1:
        return Reason.TOO_FEW_CLUSTERS
    if not design.has_variance:
        return Reason.SINGLE_PSU_STRATUM
    return Reason.CENSUS if design.is_census else None


def _rank_shares(used: _Answers) -> FloatArray:
    order = np.argsort(used.y, kind="stable")
    weight = used.weight[order]
    middle = np.cumsum(weight) - weight / 2
    _, tie, times = np.unique(used.y, return_inverse=True, return_counts=True)
    sums = np.bincount(tie[order], weights=middle)
    return np.asarray((sums / times)[tie] / weight.sum())
