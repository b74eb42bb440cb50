"""Tests of several differences at once: means of groups, and distributions of answers."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.cells import MIN_SCHOOLS, by_psu, summarise
from indicators.stats.design import Design, check_units, covariance
from indicators.stats.results import FloatArray
from indicators.vocabulary import Reason

ROUNDING = 1e-10  # a sum of design effects below this is noise of the summation


@dataclass(frozen=True, slots=True)
class FTest:
    """An F test; None is missing, reason says why. n: usable answers, n_clusters: their PSUs."""

    f: float | None
    ndf: float | None
    ddf: float | None
    p: float | None
    n: int
    n_clusters: int
    reason: Reason | None = None


def _refused(reason: Reason, n: int, n_clusters: int) -> FTest:
    return FTest(None, None, None, None, n, n_clusters, reason)


def _tested(f: float, ndf: float, ddf: float, n: int, n_clusters: int) -> FTest:
    from scipy.special import fdtrc

    return FTest(f, float(ndf), float(ddf), float(fdtrc(ndf, ddf, f)), n, n_clusters)


def _design_refusal(n_psu: int, ddf: float, design: Design) -> Reason | None:
    if n_psu < MIN_SCHOOLS or ddf < 1:
        return Reason.TOO_FEW_CLUSTERS
    if not design.has_variance:
        return Reason.SINGLE_PSU_STRATUM
    return Reason.CENSUS if design.is_census else None


def equal_means(
    n: ArrayLike, total: ArrayLike, design: Design, *, weight: ArrayLike | None = None
) -> FTest:
    """Are the means of several groups equal? Wald F on their joint covariance.

    n, total, weight: (units, groups) as in `contrast_survey`. Groups without usable answers are
    left out. With q = groups - 1 differences d of covariance V: F = d'V^-1 d/q on q and (PSUs -
    strata - q) df. Refuses NO_DATA, NOT_IN_BOTH_WAVES (fewer than two groups), TOO_FEW_CLUSTERS
    (under six PSUs, or no df left), SINGLE_PSU_STRATUM, CENSUS, ZERO_VARIANCE (V singular).
    Raises ValueError for bad shapes. Source: method section 6 (E10); R survey::regTermTest.
    """
    answering = np.asarray(n).sum(axis=0) > 0
    if not answering.any():
        return _refused(Reason.NO_DATA, 0, 0)
    cells = summarise(n, total, answering, weight)
    check_units(len(cells.n), design)
    psus = by_psu(cells, design)
    base = (cells.n_answers, psus.n_schools)
    q = len(cells.coefs) - 1
    ddf = design.degrees_of_freedom(psus.n.sum(axis=1) > 0) - q
    reason = Reason.NOT_IN_BOTH_WAVES if q < 1 else _design_refusal(psus.n_schools, ddf, design)
    if reason is not None:
        return _refused(reason, *base)
    differences = cells.mean[1:] - cells.mean[0]
    z = cells.residual / cells.weight
    v = covariance(z[:, 1:] - z[:, :1], design)
    if np.sqrt(np.diag(v)).max() <= cells.noise or np.linalg.matrix_rank(v, hermitian=True) < q:
        return _refused(Reason.ZERO_VARIANCE, *base)
    return _tested(float(differences @ np.linalg.solve(v, differences)) / q, q, ddf, *base)


@dataclass(frozen=True, slots=True)
class DistributionTest:
    """rao_scott: the test that holds. pearson: X2 of the weighted table scaled to n answers.

    naive_p: the plain chi-square test of the counts, as if respondents were drawn singly.
    """

    rao_scott: FTest
    pearson: float | None
    naive_p: float | None


def rao_scott(n: ArrayLike, design: Design, *, weight: ArrayLike | None = None) -> DistributionTest:
    """Do the answers differ between groups? Second-order Rao-Scott F of a two-way table.

    n: (units, categories, groups), respondents of each unit; weight: the same shape, sums of their
    weights (None: all weights 1). Respondents without category or group are counted nowhere, their
    unit stays in the design. With X2 the Pearson statistic of the weighted table scaled to n, V the
    covariance of the proportions and C a basis of the interactions: D = (C'P C/n)^-1 C'P V P C,
    P = diag(1/proportion), F = X2/tr D, ndf = (tr D)^2/tr(D^2), ddf = ndf (PSUs - strata).
    Refuses NO_DATA, NOT_IN_BOTH_WAVES (one group), TOO_FEW_CLUSTERS, SINGLE_PSU_STRATUM, CENSUS,
    ONE_CATEGORY, ZERO_VARIANCE (the shares are alike in all PSUs).
    Source: method section 7; Rao & Scott 1984; Thomas & Rao 1987; R survey::svychisq.
    """
    counts = np.asarray(n, dtype=np.float64)
    mass = counts if weight is None else np.asarray(weight, dtype=np.float64)
    if counts.ndim != 3 or mass.shape != counts.shape:
        raise ValueError(
            f"expected (units, categories, groups), found {counts.shape}, {mass.shape}"
        )
    check_units(len(counts), design)
    rows, columns = (counts.sum(axis=(0, axis)) > 0 for axis in (2, 1))
    counts, mass = counts[:, rows][:, :, columns], mass[:, rows][:, :, columns]
    size, answering = int(counts.sum()), design.by_psu(counts.sum(axis=(1, 2))) > 0
    nu, n_psu = design.degrees_of_freedom(answering), int(answering.sum())
    reason = Reason.NO_DATA if size == 0 else None
    if reason is None and columns.sum() < 2:
        reason = Reason.NOT_IN_BOTH_WAVES
    reason = reason or _design_refusal(n_psu, nu, design)
    if reason is None and rows.sum() < 2:
        reason = Reason.ONE_CATEGORY
    if reason is not None:
        return DistributionTest(_refused(reason, size, n_psu), None, None)
    pearson = _pearson(mass.sum(axis=0), size)
    effects = _effects(mass, size, design)
    trace = float(np.trace(effects))
    if trace <= ROUNDING:
        return DistributionTest(_refused(Reason.ZERO_VARIANCE, size, n_psu), pearson, None)
    ndf = trace**2 / float((effects * effects.T).sum())
    tested = _tested(pearson / trace, ndf, ndf * nu, size, n_psu)
    plain = pearson if weight is None else _pearson(counts.sum(axis=0), size)
    return DistributionTest(tested, pearson, _naive_p(plain, counts.shape[1:]))


def _pearson(table: FloatArray, size: int) -> float:
    """X2 of a weighted table scaled to `size` answers."""
    shares = table / table.sum()
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    return size * float((np.square(shares - expected) / expected).sum())


def _naive_p(pearson: float, shape: tuple[int, ...]) -> float:
    from scipy.special import chdtrc

    return float(chdtrc((shape[0] - 1) * (shape[1] - 1), pearson))


def _effects(mass: FloatArray, size: int, design: Design) -> FloatArray:
    """The matrix of generalised design effects of the interactions."""
    units, rows, columns = mass.shape
    flat = mass.reshape(units, rows * columns)
    whole = flat.sum()
    share = flat.sum(axis=0) / whole
    v = covariance((flat - share * flat.sum(axis=1, keepdims=True)) / whole, design)
    inverse = np.divide(1.0, share, out=np.zeros_like(share), where=share > 0)
    interactions = _interactions(rows, columns)
    scaled = inverse[:, None] * interactions
    simple = interactions.T @ scaled / size
    return np.asarray(np.linalg.solve(simple, scaled.T @ v @ scaled))


@cache
def _interactions(rows: int, columns: int) -> FloatArray:
    return np.asarray(np.kron(_contrasts(rows), _contrasts(columns)), dtype=np.float64)


def _contrasts(levels: int) -> FloatArray:
    """An orthonormal basis of the differences between levels, shape (levels, levels - 1)."""
    return np.linalg.qr(np.eye(levels)[:, 1:] - 1 / levels)[0]
