"""Levels and contrasts of a survey with strata, weights and finite populations."""

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.cells import MIN_SCHOOLS, by_psu, summarise
from indicators.stats.design import Design, check_units, variances
from indicators.stats.results import Result, from_t_many
from indicators.vocabulary import Reason

METHOD = "taylor_design"


def contrast_survey(
    n: ArrayLike,
    total: ArrayLike,
    coefs: ArrayLike,
    design: Design,
    *,
    weight: ArrayLike | None = None,
    are_waves: bool = False,
    min_per_group: int = MIN_SCHOOLS,
) -> Result:
    """`contrast_taylor` for any design: a level, change or gap of weighted means.

    n, total, weight: (units, cells), usable answers, sum of weight x answer, and sum of the weights
    (None: all weights 1); units are those of the design, PSUs where it has one stage. A domain is a
    cell of its own, the units outside keep their place in the design. coefs: (cells,).

        estimate = sum_k c_k mean_k,  z = sum_k c_k (total_k - mean_k weight_k)/W_k per unit
        V as in `design.covariance`,  df = PSUs with usable answers - strata with such PSUs,
        one less when the cells are kinds of PSUs (urban and rural schools)

    are_waves: the cells are waves, whose PSUs may be drawn anew each time; the strata then count
    them and no df is lost. Refuses NO_DATA, NOT_IN_BOTH_WAVES (an empty cell), TOO_FEW_CLUSTERS (a
    contrast of fewer than six PSUs, or fewer than min_per_group of a kind), SINGLE_PSU_STRATUM,
    CENSUS (everything drawn, hence no sampling error), ZERO_VARIANCE; the estimate stands with the
    last four. Raises ValueError for bad shapes.
    Source: method section 3; Lohr 2022 ch. 9; R survey::svymean, svycontrast.
    """
    one = np.asarray(n)[None], np.asarray(total)[None]
    return contrasts_survey(
        *one,
        coefs,
        design,
        weight=None if weight is None else np.asarray(weight)[None],
        are_waves=are_waves,
        min_per_group=min_per_group,
    )[0]


def contrasts_survey(
    n: ArrayLike,
    total: ArrayLike,
    coefs: ArrayLike,
    design: Design,
    *,
    weight: ArrayLike | None = None,
    are_waves: bool = False,
    min_per_group: int = MIN_SCHOOLS,
) -> list[Result]:
    """`contrast_survey` for many contrasts at once; n, total: (contrasts, units, cells)."""
    cells = summarise(n, total, coefs, weight)
    check_units(cells.n.shape[-2], design)
    psus = by_psu(cells, design)
    is_used = psus.n.sum(axis=-1) > 0
    df = np.array([design.degrees_of_freedom(used) for used in is_used])
    if not are_waves:
        df = df - psus.are_between_schools
    refusals = psus.refusals(min_per_group=0 if are_waves else min_per_group)
    reasons = [
        reason or _design_refusal(int(one), design)
        for reason, one in zip(refusals, df, strict=True)
    ]
    se = np.zeros(len(df))
    if design.has_variance:
        se = np.sqrt(variances(cells.z.T, design))
    return from_t_many(
        cells.estimates,
        np.where(se > cells.noise, se, 0.0),
        df,
        n=cells.answers,
        n_clusters=psus.schools,
        method=METHOD,
        reasons=reasons,
    )


def _design_refusal(df: int, design: Design) -> Reason | None:
    if df < 1 or not design.has_variance:
        return Reason.SINGLE_PSU_STRATUM
    return Reason.CENSUS if design.is_census else None
