"""Levels and contrasts of a survey with strata, weights and finite populations."""

from math import sqrt

from numpy.typing import ArrayLike

from indicators.stats.cells import MIN_SCHOOLS, summarise
from indicators.stats.design import Design, check_units, covariance
from indicators.stats.results import Result, from_t, refused
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
    cells = summarise(n, total, coefs, weight)
    check_units(len(cells.n), design)
    psus = cells.by_psu(design)
    base = {"n": cells.n_answers, "n_clusters": psus.n_schools}
    reason = psus.refusal(min_per_group=0 if are_waves else min_per_group)
    df = design.degrees_of_freedom(psus.n.sum(axis=1) > 0)
    df -= int(not are_waves and psus.is_between_schools)
    if reason is None and (df < 1 or not design.has_variance):
        reason = Reason.SINGLE_PSU_STRATUM
    if reason is None and design.is_census:
        reason = Reason.CENSUS
    if reason is not None:
        return refused(reason, **base, method=METHOD, estimate=cells.estimate)
    se = sqrt(float(covariance(cells.z[:, None], design)[0, 0]))
    se = se if se > cells.noise else 0.0
    return from_t(cells.estimate, se, df, **base, method=METHOD)
