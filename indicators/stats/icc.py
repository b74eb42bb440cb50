"""How alike are respondents of one school, or of one class? Intraclass correlations from totals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.results import FloatArray
from indicators.vocabulary import Reason

MIN_NESTING_SCHOOLS = 10  # schools with two classes or more (method section 8)
ROUNDING = 1e-12  # sums of squares below this share of sum y^2 are 0


@dataclass(frozen=True, slots=True)
class Icc:
    """icc and deff as estimated, also below 0 and 1; planning takes `planned`."""

    n_schools: int
    n: int
    n0: float | None
    n_a: float | None
    icc: float | None
    deff: float | None
    n_effective: float | None
    reason: Reason | None = None

    @property
    def planned(self) -> float | None:
        """The correlation to plan with: a negative estimate is 0."""
        return None if self.icc is None else max(self.icc, 0.0)


@dataclass(frozen=True, slots=True)
class _Squares:
    """Schools with answers: n, mean (schools,); sums of squares between and within."""

    n: FloatArray
    mean: FloatArray
    between: float
    within: float
    reason: Reason | None


def _squares(n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> _Squares:
    counts, sums, square_sums = (np.asarray(a, dtype=np.float64) for a in (n, total, squares))
    if counts.ndim != 1 or sums.shape != counts.shape or square_sums.shape != counts.shape:
        raise ValueError("expected n, total and squares of shape (schools,)")
    used = counts > 0
    size, y, yy = counts[used], sums[used], square_sums[used]
    if not used.any():
        return _Squares(size, y, 0.0, 0.0, Reason.NO_DATA)
    mean, height = y / size, float(yy.sum())
    between = float((size * np.square(mean - y.sum() / size.sum())).sum())
    within = float((yy - y * mean).sum())
    within = within if within > ROUNDING * height else 0.0
    between = between if between > ROUNDING * height else 0.0
    reason = None
    if len(size) < 2 or size.sum() == len(size):
        reason = Reason.TOO_FEW_CLUSTERS
    elif within + between == 0:
        reason = Reason.ZERO_VARIANCE
    return _Squares(size, mean, between, within, reason)


def icc_anova(n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> Icc:
    """One-way ANOVA estimate of the correlation within schools, and the design effect.

    n, total, squares: (schools,), usable answers, their sum and sum of squares. With N = sum n:

        n0 = (N - sum n^2/N)/(G - 1),  icc = (MSB - MSW)/(MSB + (n0 - 1) MSW),
        n_a = sum n^2/N,  deff = 1 + (n_a - 1) icc,  n_effective = N/deff

    n_effective is missing where deff <= 0. Refuses NO_DATA, TOO_FEW_CLUSTERS (one school, or no
    school with two answers), ZERO_VARIANCE. Raises ValueError for differing shapes.
    Source: method section 14 (L01-L04); Donner & Koval 1980.
    """
    found = _squares(n, total, squares)
    schools, people = len(found.n), int(found.n.sum())
    if found.reason is not None:
        return Icc(schools, people, None, None, None, None, None, found.reason)
    n_a = float(np.square(found.n).sum()) / people
    n0 = (people - n_a) / (schools - 1)
    msb, msw = found.between / (schools - 1), found.within / (people - schools)
    icc = (msb - msw) / (msb + (n0 - 1) * msw)
    deff = 1 + (n_a - 1) * icc
    return Icc(schools, people, n0, n_a, icc, deff, people / deff if deff > 0 else None)


@dataclass(frozen=True, slots=True)
class NestedIcc:
    """Correlation within classes inside schools, also below 0; None with the reason.

    n_schools: schools with two classes or more, n_classes and n: their classes and answers.
    """

    n_schools: int
    n_classes: int
    n: int
    icc: float | None = None
    reason: Reason | None = None


def icc_nested(
    n: ArrayLike, total: ArrayLike, squares: ArrayLike, *, min_schools: int = MIN_NESTING_SCHOOLS
) -> NestedIcc:
    """Correlation of answers of one class, differences between schools left out, pooled.

    n, total, squares: (schools, classes), usable answers, their sum and sum of squares, 0 where
    there is no such class. Over schools s with C_s >= 2 classes c, N = sum n, df = sum (C_s - 1):

        MSB = sum n_sc (mean_sc - mean_s)^2/df,  MSW = sum (y - mean_sc)^2/(N - sum C_s)
        n0 = (N - sum_s sum_c n_sc^2/n_s)/df,    icc = (MSB - MSW)/(MSB + (n0 - 1) MSW)

    With one school of all classes this is `icc_anova`. Refuses NO_DATA (no school with two
    classes), TOO_FEW_CLUSTERS (fewer than min_schools, or one answer per class), ZERO_VARIANCE.
    Raises ValueError for differing shapes. Source: method section 8; Donner & Koval 1980 for the
    estimate, Searle, Casella & McCulloch 1992 ch. 3 for nesting.
    """
    counts, sums, square_sums = (np.asarray(a, dtype=np.float64) for a in (n, total, squares))
    if counts.ndim != 2 or sums.shape != counts.shape or square_sums.shape != counts.shape:
        raise ValueError("expected n, total and squares of shape (schools, classes)")
    used = (counts > 0).sum(axis=1) >= 2
    size, y, yy = counts[used], sums[used], square_sums[used]
    schools, classes, people = len(size), int((size > 0).sum()), int(size.sum())
    base = (schools, classes, people)
    if schools == 0:
        return NestedIcc(*base, reason=Reason.NO_DATA)
    if schools < min_schools or people == classes:
        return NestedIcc(*base, reason=Reason.TOO_FEW_CLUSTERS)
    of_school = size.sum(axis=1)
    per_class = np.divide(np.square(y), size, out=np.zeros_like(y), where=size > 0)
    between = float(per_class.sum() - (np.square(y.sum(axis=1)) / of_school).sum())
    within = float(yy.sum() - per_class.sum())
    between, within = (x if x > ROUNDING * yy.sum() else 0.0 for x in (between, within))
    if between + within == 0:
        return NestedIcc(*base, reason=Reason.ZERO_VARIANCE)
    df = classes - schools
    n0 = (people - float((np.square(size).sum(axis=1) / of_school).sum())) / df
    msb, msw = between / df, within / (people - classes)
    return NestedIcc(*base, icc=(msb - msw) / (msb + (n0 - 1) * msw))


def icc_reml(n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> float | None:
    """Restricted maximum likelihood estimate of the correlation within schools, 0 or above.

    Arguments as `icc_anova`. With r = tau2/sigma2 and h_s = n_s/(1 + n_s r), the profile is

        (N-1) log(S) + sum log(1 + n_s r) + log(sum h),  S = SSW + sum h (mean_s - mean_h)^2,

    minimised over icc = r/(1 + r) in 0..1. None where `icc_anova` refuses. For information.
    Source: method section 14 (L01.reml); Patterson & Thompson 1971; R lme4::lmer.
    """
    found = _squares(n, total, squares)
    if found.reason is not None:
        return None
    if found.within == 0:
        return 1.0
    from scipy.optimize import minimize_scalar

    people = found.n.sum()

    def profile(icc: float) -> float:
        h = found.n / (1 + found.n * icc / (1 - icc))
        around = float((h * np.square(found.mean - h @ found.mean / h.sum())).sum())
        logs = float(np.log(found.n / h).sum() + np.log(h.sum()))
        return float((people - 1) * np.log(found.within + around) + logs)

    best = minimize_scalar(profile, bounds=(0.0, 1 - 1e-9), options={"xatol": 1e-10})
    return 0.0 if profile(0.0) <= best.fun else float(best.x)
