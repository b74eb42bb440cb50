"""Linearised (Taylor) variance of levels and contrasts, cluster = school."""

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.cells import MIN_SCHOOLS, summarise
from indicators.stats.results import Result, from_t_many
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
    one = np.asarray(n)[None], np.asarray(total)[None]
    return contrasts_taylor(*one, coefs, n_psu=n_psu, min_per_group=min_per_group)[0]


def contrasts_taylor(
    n: ArrayLike,
    total: ArrayLike,
    coefs: ArrayLike,
    *,
    n_psu: int | None = None,
    min_per_group: int = MIN_SCHOOLS,
) -> list[Result]:
    """`contrast_taylor` for many contrasts at once; n, total: (contrasts, schools, cells)."""
    cells = summarise(n, total, coefs)
    psu, schools = cells.n.shape[-2] if n_psu is None else n_psu, cells.schools
    if (psu < schools).any():
        most = int(schools.max())
        raise ValueError(f"expected n_psu >= {most} (schools with answers), found {psu}")
    reasons = [
        Reason.SINGLE_PSU_STRATUM if reason is None and few else reason
        for reason, few in zip(
            cells.refusals(min_per_group=min_per_group), (schools < 2).tolist(), strict=True
        )
    ]
    # The residuals of a cell sum to 0, hence so do the z: no mean to subtract.
    se = np.sqrt(psu / max(psu - 1, 1) * np.square(cells.z).sum(axis=-1))
    return from_t_many(
        cells.estimates,
        np.where(se > cells.noise, se, 0.0),
        schools - 1 - cells.are_between_schools,
        n=cells.answers,
        n_clusters=schools,
        method=METHOD,
        reasons=reasons,
    )


def design_effect(se: float | None, n: int, sd: float | None) -> float | None:
    """Kish design effect of a level: se^2/(sd^2/n), sd the n-1 standard deviation of n answers.

    None when the level has no standard error or sd is missing, 0 or NaN.
    Source: method section 3; Kish 1965.
    """
    if se is None or sd is None or not sd > 0:
        return None
    return se**2 * n / sd**2
