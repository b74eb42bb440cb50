"""CR2 for weighted answers, from totals alone: least squares with weights on the cells."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.cells import MIN_SCHOOLS, Cells, summarise
from indicators.stats.cr2 import MIN_DF, refuse_cr2
from indicators.stats.results import FloatArray, Result, from_t
from indicators.vocabulary import Reason

METHOD = "cr2_weighted"
SINGULAR = 1e-10  # eigenvalues of a block below this are 0


@dataclass(frozen=True, slots=True)
class WeightedTotals:
    """Totals per school and cell, shape (schools, cells): usable answers, sum w, sum w^2, sum y,
    sum w y. w: weights above 0."""

    n: ArrayLike
    weight: ArrayLike
    weight_squares: ArrayLike
    total: ArrayLike
    weighted_total: ArrayLike


def contrast_cr2_weighted(
    totals: WeightedTotals,
    coefs: ArrayLike,
    *,
    min_df: float = MIN_DF,
    min_per_group: int = MIN_SCHOOLS,
) -> Result:
    """`contrast_cr2` with weights in the regression and identity working covariance.

    coefs: (cells,). In cell k, with W its sum of weights and q its sum of squared weights, the
    block of (I-H)(I-H)' of a school is I - (1w' + w1')/W + 11' q/W^2: the identity except in the
    plane of 1 and w, so its inverse root needs n, sum w and sum w^2 only.

        v_j = sum_k c_k/W_k w' A_jk (y - mean_k),  V = sum_j v_j^2
        df = (tr O)^2/tr(O^2),  O_jl = [j=l] a_j'a_j - (s_j r_l + r_j s_l)/W + s_j s_l q/W^2 per
        cell, with a = c/W A w,  s = 1'a,  r = w'a

    Equal weights give `contrast_cr2`. Refuses as it does. Raises ValueError for bad shapes.
    Source: method section 5.2 (C07); Pustejovsky & Tipton 2018; R clubSandwich::vcovCR.
    """
    cells = summarise(totals.n, totals.weighted_total, coefs, totals.weight)
    reason = cells.refusal(min_per_group=min_per_group)
    if reason is None and cells.n_schools < MIN_SCHOOLS:
        reason = Reason.TOO_FEW_CLUSTERS
    if reason is not None:
        return refuse_cr2(cells, reason, METHOD)
    v, square, parts = _columns(cells, totals, np.asarray(coefs, dtype=np.float64) != 0)
    df = _satterthwaite(square.sum(axis=1), parts)
    if df <= 0 or df < min_df:
        return refuse_cr2(cells, Reason.TOO_FEW_CLUSTERS, METHOD)
    se = sqrt(float(np.square(v.sum(axis=1)).sum()))
    return from_t(
        cells.estimate,
        se if se > cells.noise else 0.0,
        df,
        n=cells.n_answers,
        n_clusters=cells.n_schools,
        method=METHOD,
    )


def _columns(
    cells: Cells, totals: WeightedTotals, used: np.ndarray
) -> tuple[FloatArray, FloatArray, list[tuple[FloatArray, FloatArray]]]:
    """v and a'a, shape (schools, cells), and for every cell (U, C) with O = diag(a'a) + U C U'."""
    n, w, ww, total = (
        np.where(cells.n > 0, np.asarray(a, dtype=np.float64)[:, used], 0.0)
        for a in (totals.n, totals.weight, totals.weight_squares, totals.total)
    )
    v, square = np.zeros_like(n), np.zeros_like(n)
    parts = []
    for k in range(n.shape[1]):
        # Weights of 1 on average: with those of a country, in the thousands, digits would be lost.
        unit = cells.weight[k] / n[:, k].sum()
        mass, spread = n[:, k].sum(), ww[:, k].sum() / unit**2
        weight, residuals = w[:, k] / unit, cells.residual[:, k] / unit
        residual = np.stack([total[:, k] - cells.mean[k] * n[:, k], residuals], axis=1)
        gram = np.stack([n[:, k], weight, weight, ww[:, k] / unit**2], axis=1).reshape(-1, 2, 2)
        adjusted = _adjusted(gram, mass, spread) * (cells.coefs[k] / mass)
        v[:, k] = (adjusted * residual).sum(axis=1)
        sums = np.einsum("jab,jb->ja", gram, adjusted)
        square[:, k] = (adjusted * sums).sum(axis=1)
        parts.append((sums, np.array([[spread / mass**2, -1 / mass], [-1 / mass, 0.0]])))
    return v, square, parts


def _adjusted(gram: FloatArray, mass: float, spread: float) -> FloatArray:
    """Coefficients of A w in the basis (1, w), shape (schools, 2); gram (schools, 2, 2).

    On the plane the block is I + B S B' with B = (1, w), S symmetric. With gram = L L', B = Q L'
    for an orthonormal Q, so that A w = Q (I + L' S L)^(-1/2) L' e2 and, back in the basis, L'^-1.
    A school whose weights are all equal has only one direction; the pseudo-inverse drops the other.
    """
    middle = np.array([[spread / mass**2, -1 / mass], [-1 / mass, 0.0]])
    values, vectors = np.linalg.eigh(gram)
    keep = values > SINGULAR * np.maximum(values[:, 1:], 1e-300)
    root = np.sqrt(np.where(keep, values, 0.0))
    back = np.divide(1.0, root, out=np.zeros_like(root), where=keep)
    # Rows of `half` are the orthonormal directions of the plane times their length.
    half = root[:, :, None] * np.swapaxes(vectors, 1, 2)
    block = np.eye(2) + half @ middle @ np.swapaxes(half, 1, 2)
    inside, axes = np.linalg.eigh(block)
    inverse = np.divide(
        1.0, np.sqrt(np.abs(inside)), out=np.zeros_like(inside), where=inside > SINGULAR
    )
    turned = np.einsum("jba,jb->ja", axes, half[:, :, 1])
    adjusted = np.einsum("jab,jb->ja", axes, inverse * turned)
    return np.asarray(np.einsum("jab,jb->ja", vectors, back * adjusted))


def _satterthwaite(diagonal: FloatArray, parts: list[tuple[FloatArray, FloatArray]]) -> float:
    """(tr O)^2/tr(O^2) for O = diag + U C U', U (schools, 2 cells) of low rank; 0 when O is 0."""
    u = np.concatenate([sums for sums, _ in parts], axis=1)
    c = np.zeros((u.shape[1], u.shape[1]))
    for place, (_, middle) in enumerate(parts):
        c[2 * place : 2 * place + 2, 2 * place : 2 * place + 2] = middle
    low = np.einsum("ja,ab,jb->j", u, c, u)
    trace = float((diagonal + low).sum())
    crossed = c @ u.T @ u
    of_square = float((diagonal**2 + 2 * diagonal * low).sum() + np.trace(crossed @ crossed))
    return trace**2 / of_square if of_square > SINGULAR * float(np.square(diagonal).sum()) else 0.0
