"""CR2 (Bell-McCaffrey) standard error and Satterthwaite df, cluster = school, from totals alone."""

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.cells import MIN_SCHOOLS, Cells, summarise
from indicators.stats.results import FloatArray, Result, from_t_many, refused
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
    one = np.asarray(n)[None], np.asarray(total)[None]
    return contrasts_cr2(*one, coefs, min_df=min_df, min_per_group=min_per_group)[0]


def contrasts_cr2(
    n: ArrayLike,
    total: ArrayLike,
    coefs: ArrayLike,
    *,
    min_df: float = MIN_DF,
    min_per_group: int = MIN_SCHOOLS,
) -> list[Result]:
    """`contrast_cr2` for many contrasts at once; n, total: (contrasts, schools, cells)."""
    cells = summarise(n, total, coefs)
    schools = cells.schools
    u = _adjusted_coefs(cells)
    df = _satterthwaite(cells, u)
    short = (schools < MIN_SCHOOLS) | (df <= 0) | (df < min_df)
    reasons = [
        Reason.TOO_FEW_CLUSTERS if reason is None and is_short else reason
        for reason, is_short in zip(
            cells.refusals(min_per_group=min_per_group), short.tolist(), strict=True
        )
    ]
    se = np.sqrt(np.square((u * cells.residual).sum(axis=-1)).sum(axis=-1))
    return from_t_many(
        cells.estimates,
        np.where(se > cells.noise, se, 0.0),
        df,
        n=cells.answers,
        n_clusters=schools,
        method=METHOD,
        reasons=reasons,
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
    """u, shape (contrasts, schools, cells)."""
    size = np.where(cells.size > 0, cells.size, 1.0)[..., None, :]
    others = 1 - cells.n / size
    adjustment = np.zeros_like(others)
    np.divide(1.0, np.sqrt(others), out=adjustment, where=cells.n < size)
    return np.asarray(adjustment * (cells.coefs / size))


def _satterthwaite(cells: Cells, u: FloatArray) -> FloatArray:
    """(tr O)^2/tr(O^2) without building O (schools x schools): O is a diagonal minus few products.

    Shape (contrasts,). 0 when O is 0, that is when every cell is one school.
    """
    size = np.where(cells.size > 0, cells.size, 1.0)
    g = cells.n * u
    diagonal = (g * u).sum(axis=-1)
    squares = np.square(g)
    trace = diagonal.sum(axis=-1) - (squares.sum(axis=-2) / size).sum(axis=-1)
    crossed = np.square(np.swapaxes(g, -1, -2) @ g) / (size[..., :, None] * size[..., None, :])
    shared = (diagonal[..., None, :] @ squares)[..., 0, :] / size
    of_square = (
        np.square(diagonal).sum(axis=-1) - 2 * shared.sum(axis=-1) + crossed.sum(axis=(-1, -2))
    )
    df = np.zeros_like(trace)
    np.divide(np.square(trace), of_square, out=df, where=of_square > 0)
    return np.asarray(df)
