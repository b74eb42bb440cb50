"""CR2 (Bell-McCaffrey) standard error and Satterthwaite df, cluster = school, from totals alone."""

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.cells import MIN_SCHOOLS, Cells, summarise
from indicators.stats.results import FloatArray, Result, from_t, refused
from indicators.vocabulary import Reason

METHOD = "cr2"
MIN_DF = 4.0  # below this a few giant schools carry the answer (method 5.3)


def contrast_cr2(
    n: ArrayLike,
    total: ArrayLike,
    coefs: ArrayLike,
    *,
    min_df: float = MIN_DF,
    min_per_group: int = MIN_SCHOOLS,
) -> Result:
    """A change, gap or gap change with the CR2 standard error, the primary test across schools.

    n, total: (schools, cells), usable answers and their sum; coefs: (cells,). The model is the
    saturated least-squares regression on the cells with identity working covariance; there the
    adjustment is one number per school and cell:

        a_jk = (1 - n_jk/N_k)^(-1/2), 0 when school j is the whole cell (pseudo-inverse)
        u_jk = a_jk c_k/N_k,  v_j = sum_k u_jk (total_jk - mean_k n_jk),  V = sum_j v_j^2
        df = (tr O)^2/tr(O^2),  O = diag(sum_k n_jk u_jk^2) - sum_k g_k g_k'/N_k,  g_jk = n_jk u_jk

    Refuses NO_DATA, NOT_IN_BOTH_WAVES (an empty cell), TOO_FEW_CLUSTERS (fewer than six schools,
    fewer than min_per_group in one of several kinds of schools, or df < min_df), ZERO_VARIANCE; the
    estimate stands with the last two. The limit on df is one of verdicts: min_df = 0 gives the
    number all the same. Raises ValueError for bad shapes.
    Source: method section 5.2; Bell & McCaffrey 2002; Pustejovsky & Tipton 2018.
    """
    cells = summarise(n, total, coefs)
    reason = cells.refusal(min_per_group=min_per_group)
    if reason is None and cells.n_schools < MIN_SCHOOLS:
        reason = Reason.TOO_FEW_CLUSTERS
    if reason is not None:
        return refuse_cr2(cells, reason)
    u = _adjusted_coefs(cells)
    df = _satterthwaite(cells.n, u, cells.size)
    if df <= 0 or df < min_df:
        return refuse_cr2(cells, Reason.TOO_FEW_CLUSTERS)
    se = sqrt(float(np.square((u * cells.residual).sum(axis=1)).sum()))
    return from_t(
        cells.estimate,
        se if se > cells.noise else 0.0,
        df,
        n=cells.n_answers,
        n_clusters=cells.n_schools,
        method=METHOD,
    )


def refuse_cr2(cells: Cells, reason: Reason, method: str = METHOD) -> Result:
    """The refusal of a contrast, with its estimate where that may be shown."""
    return refused(
        reason,
        n=cells.n_answers,
        n_clusters=cells.n_schools,
        method=method,
        estimate=cells.estimate,
    )


def _adjusted_coefs(cells: Cells) -> FloatArray:
    """u, shape (schools, cells)."""
    others = 1 - cells.n / cells.size
    adjustment = np.zeros_like(others)
    np.divide(1.0, np.sqrt(others), out=adjustment, where=cells.n < cells.size)
    return adjustment * cells.coefs / cells.size


def _satterthwaite(n: FloatArray, u: FloatArray, size: FloatArray) -> float:
    """(tr O)^2/tr(O^2) without building O (schools x schools): O is a diagonal minus few products.

    0 when O is 0, that is when every cell is one school.
    """
    g = n * u
    diagonal = (g * u).sum(axis=1)
    trace = diagonal.sum() - (np.square(g) / size).sum()
    crossed = (g.T @ g) ** 2 / np.outer(size, size)
    trace_of_square = (
        np.square(diagonal).sum() - 2 * (diagonal @ np.square(g) / size).sum() + crossed.sum()
    )
    return float(trace**2 / trace_of_square) if trace_of_square > 0 else 0.0
