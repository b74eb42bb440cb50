"""One school alone: its level and its change, for many schools at once.

All arrays have shape (schools,). Refusals are checked in the order of the method note
(section 15).
"""

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.fisher import fisher_p
from indicators.stats.refusals import MIN_JUDGED, MIN_SHOWN
from indicators.stats.results import (
    BoolArray,
    FloatArray,
    SchoolResults,
    Spread,
    school_results,
    spread_from_t,
)
from indicators.stats.shares import newcombe, wilson
from indicators.vocabulary import Reason

CLASS_ICC = 0.05  # when it cannot be estimated from the data (method section 8)


def _columns(*arrays: ArrayLike) -> list[FloatArray]:
    """The arrays as floats of one shape (schools,); a scalar stands for every school."""
    given = [np.asarray(a, dtype=np.float64) for a in arrays]
    if given[0].ndim != 1 or any(a.shape not in ((), given[0].shape) for a in given):
        raise ValueError(f"expected arrays of shape (schools,), found {[a.shape for a in given]}")
    return [np.broadcast_to(a, given[0].shape) for a in given]


def _level_checks(
    n: FloatArray, population: FloatArray, min_shown: int
) -> list[tuple[BoolArray, Reason]]:
    # CENSUS comes after SUPPRESSED, unlike in the list of reasons: it shows the value.
    return [
        (n == 0, Reason.NO_DATA),
        ((n > 0) & (n < min_shown), Reason.SUPPRESSED),
        ((n > 0) & (n == population), Reason.CENSUS),
    ]


def mean_interval(
    n: ArrayLike,
    mean: ArrayLike,
    sd: ArrayLike,
    population: ArrayLike | None = None,
    *,
    deff: ArrayLike = 1.0,
    min_shown: int = MIN_SHOWN,
) -> SchoolResults:
    """Level of each school: se = sd/sqrt(n) sqrt(1 - n/N), t with n-1 df, inflated for classes.

    n: usable answers; mean, sd (n-1) in the unit of the answers, NaN where not defined; population:
    N on the list from which the respondents were drawn; NaN or N < n (an outdated list): no
    correction; deff: design effect of the classes (se sqrt(deff), df/deff, at least 1), 1 for
    teachers. t and p test the value 0. Refuses NO_DATA, SUPPRESSED (fewer than min_shown
    answers), CENSUS (n = N), ZERO_VARIANCE. Raises ValueError for differing shapes.
    Source: method sections 0 and 8 (B13).
    """
    size, value, spread, people, factor = _columns(
        n, mean, sd, np.nan if population is None else population, deff
    )
    is_listed = (people >= size) & (people > 0)
    drawn = 1 - np.divide(size, people, out=np.zeros_like(size), where=is_listed)
    se = spread * np.sqrt(drawn / np.where(size > 0, size, np.nan))
    se, df = inflate(se, np.where(size > 1, size - 1, np.nan), factor)
    return school_results(
        value,
        spread_from_t(value, se, df),
        n=size,
        method="t",
        checks=[*_level_checks(size, people, min_shown), (spread == 0, Reason.ZERO_VARIANCE)],
    )


def share_interval(
    n: ArrayLike,
    p: ArrayLike,
    population: ArrayLike | None = None,
    *,
    deff: ArrayLike = 1.0,
    min_shown: int = MIN_SHOWN,
) -> SchoolResults:
    """Level of each school for a 0/1 variable: Wilson limits; se, df, t and p are missing.

    n: usable answers; p: share 0-1, NaN where n = 0; population and deff as in `mean_interval`: in
    the limits n/deff answers stand for the n. Refuses
    NO_DATA, SUPPRESSED (fewer than min_shown answers), CENSUS (n = N); the limits exist at 0 and 1.
    Raises ValueError for differing shapes. Source: method sections 0 and 4 (B12).
    """
    size, share, people, factor = _columns(n, p, np.nan if population is None else population, deff)
    counted = size / factor
    missing = np.full_like(size, np.nan)
    limits = Spread(
        se=missing,
        df=missing,
        t=missing,
        p=missing,
        ci=wilson(share, counted, people),
        ci90=wilson(share, counted, people, confidence=0.9),
    )
    return school_results(
        *(share, limits),
        n=size,
        method="wilson",
        checks=_level_checks(size, people, min_shown),
    )


def _change_checks(
    n1: FloatArray, n2: FloatArray, min_n: int, min_shown: int
) -> list[tuple[BoolArray, Reason]]:
    least = np.minimum(n1, n2)
    return [
        ((n1 == 0) & (n2 == 0), Reason.NO_DATA),
        (least == 0, Reason.NOT_IN_BOTH_WAVES),
        (least < min_shown, Reason.SUPPRESSED),
        (least < min_n, Reason.TOO_FEW_RESPONDENTS),
    ]


def inflate(se: ArrayLike, df: ArrayLike, deff: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Standard error and df of one school's change with answers clustered in classes.

    se sqrt(deff) and df/deff, df at least 1. Shapes broadcast; NaN stays NaN.
    Source: method section 8 (F07).
    """
    factor = np.asarray(deff, dtype=np.float64)
    wider = np.asarray(se, dtype=np.float64) * np.sqrt(factor)
    return wider, np.maximum(np.asarray(df, dtype=np.float64) / factor, 1.0)


def welch_change(
    n1: ArrayLike,
    mean1: ArrayLike,
    sd1: ArrayLike,
    n2: ArrayLike,
    mean2: ArrayLike,
    sd2: ArrayLike,
    *,
    deff: ArrayLike = 1.0,
    min_n: int = MIN_JUDGED,
    min_shown: int = MIN_SHOWN,
) -> SchoolResults:
    """Change of each school between two surveys of different people: Welch, inflated for classes.

    n: usable answers; mean, sd (n-1) in the unit of the answers, NaN where not defined; deff:
    design effect of the classes, see `class_deff`, 1 for teachers.

        se^2 = sd1^2/n1 + sd2^2/n2,  df = se^4/((sd1^2/n1)^2/(n1-1) + (sd2^2/n2)^2/(n2-1)),
        then se sqrt(deff) and df/deff, df at least 1

    Refuses NO_DATA, NOT_IN_BOTH_WAVES, SUPPRESSED (fewer than min_shown answers in a wave),
    TOO_FEW_RESPONDENTS (fewer than min_n in a wave), ZERO_VARIANCE. Raises ValueError for differing
    shapes.
    Source: method section 8 (F01, F07); Welch 1947.
    """
    size1, before, spread1, size2, after, spread2, factor = _columns(
        n1, mean1, sd1, n2, mean2, sd2, deff
    )
    part1 = spread1**2 / np.where(size1 > 1, size1, np.nan)
    part2 = spread2**2 / np.where(size2 > 1, size2, np.nan)
    plain = part1 + part2
    weight = part1**2 / (size1 - 1 + (size1 == 1)) + part2**2 / (size2 - 1 + (size2 == 1))
    df = plain**2 / np.where(weight > 0, weight, np.nan)
    se, df = inflate(np.sqrt(plain), df, factor)
    return school_results(
        after - before,
        spread_from_t(after - before, se, df),
        n=size1 + size2,
        method="welch",
        checks=[
            *_change_checks(size1, size2, min_n, min_shown),
            (plain == 0, Reason.ZERO_VARIANCE),
        ],
    )


def newcombe_change(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    min_n: int = MIN_JUDGED,
    min_shown: int = MIN_SHOWN,
) -> SchoolResults:
    """Change of a share in each school: Newcombe limits and Fisher's exact p; se, df, t missing.

    x: yes answers, n: usable answers. Answers count as independent: for students, who sit in
    classes, use `welch_change` with the deff of the classes. Refuses as `welch_change`, except that
    the limits exist when everybody gave the same answer. Raises ValueError for differing shapes.
    Source: method sections 4 and 8 (F05); Newcombe 1998; Fisher 1935.
    """
    yes1, size1, yes2, size2 = _columns(x1, n1, x2, n2)
    missing = np.full_like(size1, np.nan)
    checks = _change_checks(size1, size2, min_n, min_shown)
    p = missing.copy()
    for index in np.flatnonzero(np.minimum(size1, size2) >= min_n):
        p[index] = fisher_p(yes1[index], size1[index], yes2[index], size2[index])
    limits = Spread(
        se=missing,
        df=missing,
        t=missing,
        p=p,
        ci=newcombe(yes1, size1, yes2, size2),
        ci90=newcombe(yes1, size1, yes2, size2, confidence=0.9),
    )
    some1, some2 = np.where(size1 > 0, size1, np.nan), np.where(size2 > 0, size2, np.nan)
    return school_results(
        yes2 / some2 - yes1 / some1, limits, n=size1 + size2, method="newcombe", checks=checks
    )


def class_deff(cell_sizes: ArrayLike, rho: float = CLASS_ICC) -> FloatArray:
    """Design effect of classes inside a school: 1 + (mean class size - 1) rho, at least 1.

    cell_sizes: (..., classes), usable answers per class, 0 where there is no such class. rho:
    intraclass correlation of classes within schools, below 0 taken as 0. Returns shape (...); 1
    where no class is known. Source: method section 8.
    """
    sizes = np.asarray(cell_sizes, dtype=np.float64)
    classes = (sizes > 0).sum(axis=-1)
    mean = sizes.sum(axis=-1) / np.maximum(classes, 1)
    return np.asarray(1 + np.maximum(mean - 1, 0.0) * max(rho, 0.0))
