"""Weights that reproduce known totals, and the mean with them. Needs rows."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.cells import ROUNDING
from indicators.stats.design import Design, check_units, covariance
from indicators.stats.results import FloatArray, Result, from_t, refused
from indicators.vocabulary import Reason

METHOD = "calibrated"
PRECISION = 1e-13  # of the sum of the totals: when to stop
TOLERANCE = 1e-9  # of the sum of the totals: what counts as met
MAX_STEPS = 100


@dataclass(frozen=True, slots=True)
class Margin:
    """One known margin: level (rows,), number of each respondent's level, and its totals."""

    level: ArrayLike
    totals: ArrayLike


@dataclass(frozen=True, slots=True)
class Calibrated:
    """weight (rows,): g x base weight. x (rows, columns): the margins as dummies."""

    weight: FloatArray
    x: FloatArray
    base: FloatArray

    @property
    def kish_deff(self) -> float:
        """Loss by unequal weights: n sum w^2/(sum w)^2 over all rows."""
        return float(len(self.weight) * np.square(self.weight).sum() / self.weight.sum() ** 2)


def calibrate(weight: ArrayLike, margins: list[Margin], *, raking: bool = False) -> Calibrated:
    """Weights g x weight that reproduce the totals of every margin on all rows.

    weight: (rows,), above 0. With x the dummies of the margins and T their totals, sum g w x = T
    and g = 1 + x'l (linear: post-stratification for one margin) or exp(x'l) (raking), l by Newton's
    method. Raises ValueError for other shapes, totals or weights that are not above 0, a level
    without respondents, margins whose totals contradict each other, or when raking finds no answer.
    Source: method section 3 (B19, B20); Deville & Sarndal 1992; R survey::calibrate.
    """
    base = np.asarray(weight, dtype=np.float64)
    if base.ndim != 1 or not (np.isfinite(base) & (base > 0)).all():
        raise ValueError("expected weights of shape (rows,), finite and above 0")
    x, totals = _dummies(margins, len(base))
    solution = _raked(base, x, totals) if raking else _step(base, x, totals - base @ x)
    with np.errstate(over="ignore", invalid="ignore"):
        found = base * (np.exp(x @ solution) if raking else 1 + x @ solution)
        lack = np.abs(totals - found @ x).max()
    if not lack <= TOLERANCE * totals.sum():
        raise ValueError("no weights reproduce these totals")
    return Calibrated(found, x, base)


def _step(slope: FloatArray, x: FloatArray, lack: FloatArray) -> FloatArray:
    """Newton's step. Margins share a direction (each adds up to everybody): the smallest one."""
    return np.asarray(np.linalg.lstsq(x.T @ (slope[:, None] * x), lack, rcond=1e-10)[0])


def _raked(base: FloatArray, x: FloatArray, totals: FloatArray) -> FloatArray:
    """l where the convex sum w exp(x'l) - T'l is smallest, by Newton steps that never overshoot."""

    def height(at: FloatArray) -> float:
        return float(base @ np.exp(x @ at) - totals @ at)

    # Weights of the right sum are a start from which few steps overshoot.
    solution = np.full(x.shape[1], np.log(totals.sum() / (base @ x).sum()) / x[0].sum())
    for _ in range(MAX_STEPS):
        g = base * np.exp(x @ solution)
        lack = totals - g @ x
        if np.abs(lack).max() <= PRECISION * totals.sum():
            break
        step, allowed = _step(g, x, lack), height(solution)
        allowed += PRECISION * (totals.sum() + abs(allowed))
        with np.errstate(over="ignore"):
            while not height(solution + step) <= allowed:
                step = step / 2
        solution = solution + step
    return solution


def _dummies(margins: list[Margin], rows: int) -> tuple[FloatArray, FloatArray]:
    columns, totals = [], []
    for margin in margins:
        level = np.asarray(margin.level)
        known = np.asarray(margin.totals, dtype=np.float64)
        if level.shape != (rows,) or known.ndim != 1:
            raise ValueError(f"expected level of shape ({rows},) and totals of shape (levels,)")
        if not (np.isfinite(known) & (known > 0)).all():
            raise ValueError(f"expected totals above 0, found {known.tolist()}")
        dummies = (level[:, None] == np.arange(len(known))).astype(np.float64)
        if not dummies.any(axis=0).all() or not dummies.any(axis=1).all():
            raise ValueError("expected respondents in every level and a level for every respondent")
        columns.append(dummies)
        totals.append(known)
    return np.concatenate(columns, axis=1), np.concatenate(totals)


def mean_calibrated(y: ArrayLike, calibrated: Calibrated, design: Design) -> Result:
    """A mean with calibrated weights, its variance from the residuals on the margins.

    y: (rows,), NaN missing (outside the domain; calibration used all rows); rows are the units of
    the design. With e = (y - mean)/sum(g w) for usable rows, 0 for others, and e~ its residual from
    the regression on the margins with the base weights: z = g w e~. df = PSUs - strata. Refuses
    NO_DATA, SINGLE_PSU_STRATUM, ZERO_VARIANCE. Raises ValueError for differing shapes.
    Source: method section 3 (B19, B20); Deville & Sarndal 1992.
    """
    answers = np.asarray(y, dtype=np.float64)
    weight, x, base = calibrated.weight, calibrated.x, calibrated.base
    if answers.shape != weight.shape:
        raise ValueError(f"expected y of shape {weight.shape}, found {answers.shape}")
    check_units(len(answers), design)
    usable = ~np.isnan(answers)
    is_used = design.by_psu(usable.astype(np.float64)) > 0
    df = design.degrees_of_freedom(is_used)
    counts = {"n": int(usable.sum()), "n_clusters": int(is_used.sum())}
    if not usable.any():
        return refused(Reason.NO_DATA, **counts, method=METHOD)
    filled = np.where(usable, answers, 0.0)
    whole = float(weight[usable].sum())
    mean = float(weight @ filled) / whole
    if df < 1 or not design.has_variance:
        return refused(Reason.SINGLE_PSU_STRATUM, **counts, method=METHOD, estimate=mean)
    e = np.where(usable, filled - mean, 0.0) / whole
    slope = np.linalg.lstsq(x.T @ (base[:, None] * x), x.T @ (base * e), rcond=1e-10)[0]
    z = weight * (e - x @ slope)
    se = sqrt(float(covariance(z[:, None], design)[0, 0]))
    noise = ROUNDING * float(weight @ np.abs(filled)) / whole
    return from_t(mean, se if se > noise else 0.0, df, **counts, method=METHOD)
