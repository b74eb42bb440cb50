"""Linearised (Taylor) variance of levels and contrasts, cluster = school."""

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.cells import MIN_SCHOOLS, Cells, summarise
from indicators.stats.results import Result, from_t, refused
from indicators.vocabulary import Reason

METHOD = "taylor"


def contrast_taylor(
    n: ArrayLike,
    total: ArrayLike,
    coefs: ArrayLike,
    *,
    n_psu: int | None = None,
    min_per_group: int = MIN_SCHOOLS,
) -> Result:
    """A level, change or gap of respondents' means with the linearised standard error.

    n, total: (schools, cells), usable answers and their sum (0 and any total where a school has
    none); coefs: (cells,), one cell with coefficient 1 for a level. Every row is a primary sampling
    unit, with or without usable answers; n_psu overrides their number when rows without answers
    were not passed. min_per_group: schools needed in each of several kinds of schools.

        estimate = sum_k c_k mean_k,  z_j = sum_k c_k (total_jk - mean_k n_jk)/N_k
        V = G/(G-1) sum_j (z_j - mean z)^2,  df = schools with usable answers - 1,
        or - 2 when the cells are kinds of schools

    Refuses NO_DATA, NOT_IN_BOTH_WAVES (an empty cell), TOO_FEW_CLUSTERS (a contrast of fewer than
    six schools), SINGLE_PSU_STRATUM (a level of one school), ZERO_VARIANCE; the estimate stands
    with the last three. One stratum, no weights, no finite-population correction: see `survey` for
    those. Raises ValueError for bad shapes or n_psu below the schools with answers.
    Source: method section 3; Binder 1983; Lohr 2022 ch. 9.
    """
    cells = summarise(n, total, coefs)
    psu = len(cells.n) if n_psu is None else n_psu
    if psu < cells.n_schools:
        raise ValueError(f"expected n_psu >= {cells.n_schools} (schools with answers), found {psu}")
    reason = cells.refusal(min_per_group=min_per_group)
    if reason is None and cells.n_schools < 2:
        reason = Reason.SINGLE_PSU_STRATUM
    base = {"n": cells.n_answers, "n_clusters": cells.n_schools}
    if reason is not None:
        return refused(reason, **base, method=METHOD, estimate=cells.estimate)
    se = _standard_error(cells, psu)
    return from_t(
        cells.estimate,
        se if se > cells.noise else 0.0,
        cells.n_schools - (2 if cells.is_between_schools else 1),
        **base,
        method=METHOD,
    )


def _standard_error(cells: Cells, psu: int) -> float:
    # The residuals of a cell sum to 0, hence so do the z: no mean to subtract.
    return sqrt(psu / (psu - 1) * float(np.dot(cells.z, cells.z)))


def design_effect(result: Result, sd: float) -> float | None:
    """Kish design effect of a level: V/(sd^2/n), sd the n-1 standard deviation of the answers.

    None when the level has no standard error or sd is 0 or NaN.
    Source: method section 3; Kish 1965.
    """
    if result.se is None or not sd > 0:
        return None
    return result.se**2 * result.n / sd**2
