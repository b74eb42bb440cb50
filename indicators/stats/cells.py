"""Totals per school and cell, and the contrast of cell means that Taylor and CR2 share.

A cell is a wave, a group, or a wave x group. Without weights a cell's weight is its answers.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.design import Design
from indicators.stats.results import BoolArray, FloatArray
from indicators.vocabulary import Reason

MIN_SCHOOLS = 6  # the smallest two-sided sign-flip p of five schools is 2/2^5 > .05 (method 5.3)
ROUNDING = 1e-10  # a standard error below this share of the values is noise of the summation


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a contrast (those with a coefficient), schools in rows.

    n (schools, cells): usable answers. coefs (cells,): contrast. size (cells,): N_k, answers of all
    schools. weight (cells,): sum of their weights, N_k without weights. mean (cells,), NaN in an
    empty cell. residual (schools, cells): total_jk - mean_k weight_jk.
    """

    n: FloatArray
    coefs: FloatArray
    size: FloatArray
    weight: FloatArray
    mean: FloatArray
    residual: FloatArray
    noise: float  # standard errors up to here count as 0

    @property
    def estimate(self) -> float:
        return float(self.coefs @ self.mean)

    @property
    def n_answers(self) -> int:
        return int(self.size.sum())

    @property
    def n_schools(self) -> int:
        """Schools with at least one usable answer in the contrast."""
        return int(np.count_nonzero(self.n.sum(axis=1)))

    @property
    def z(self) -> FloatArray:
        """Linearised scores of the contrast, shape (schools,)."""
        return self.residual @ (self.coefs / self.weight)

    @property
    def is_between_schools(self) -> bool:
        """Several cells, and every school lies wholly in one of them (urban and rural)."""
        return len(self.coefs) > 1 and bool(((self.n > 0).sum(axis=1) <= 1).all())

    def by_psu(self, design: Design) -> "Cells":
        """The same cells with PSUs in rows where units were."""
        return replace(self, n=design.by_psu(self.n), residual=design.by_psu(self.residual))

    def refusal(self, *, min_per_group: int = MIN_SCHOOLS) -> Reason | None:
        """Why the contrast cannot be judged, in the order of the method note (section 15).

        A contrast needs MIN_SCHOOLS schools, and min_per_group in each group when the groups are
        kinds of schools (sections 5.3 and 6). A level (one cell) needs answers only.
        """
        if self.n_answers == 0:
            return Reason.NO_DATA
        if (self.size == 0).any():
            return Reason.NOT_IN_BOTH_WAVES
        if len(self.coefs) == 1:
            return None
        per_cell = int((self.n > 0).sum(axis=0).min())
        is_short = self.is_between_schools and per_cell < min_per_group
        return Reason.TOO_FEW_CLUSTERS if is_short or self.n_schools < MIN_SCHOOLS else None


def summarise(
    n: ArrayLike, total: ArrayLike, coefs: ArrayLike, weight: ArrayLike | None = None
) -> Cells:
    """Check the shapes and build the cells; cells with coefficient 0 are left out.

    n, total: (schools, cells), number of usable answers and their sum; where n is 0 the total is
    not read. coefs: (cells,). weight: (schools, cells), sum of the weights, total then being the
    sum of weight x answer. Raises ValueError for other shapes, negative n, totals that are not
    finite, weights that are not above 0, or no coefficient other than 0.
    """
    counts = np.asarray(n, dtype=np.float64)
    sums = np.asarray(total, dtype=np.float64)
    weights = np.asarray(coefs, dtype=np.float64)
    if counts.ndim != 2 or sums.shape != counts.shape or weights.shape != counts.shape[1:]:
        raise ValueError(
            "expected n and total of shape (schools, cells) and coefs of shape (cells,), "
            f"found {counts.shape}, {sums.shape} and {weights.shape}"
        )
    used = weights != 0
    if not used.any() or not np.isfinite(weights).all():
        raise ValueError(f"expected finite coefs, not all 0, found {weights.tolist()}")
    counts, weights = counts[:, used], weights[used]
    sums = np.where(counts == 0, 0.0, sums[:, used])
    if not (counts >= 0).all() or not np.isfinite(sums).all():
        raise ValueError("expected n >= 0 and finite totals, found negative or missing ones")
    shares = counts if weight is None else _weights(weight, used, counts)
    size, mass = counts.sum(axis=0), shares.sum(axis=0)
    mean = np.full(size.shape, np.nan)
    np.divide(sums.sum(axis=0), mass, out=mean, where=size > 0)
    height = np.abs(sums).sum(axis=0) / np.where(size > 0, mass, 1)
    return Cells(
        n=counts,
        coefs=weights,
        size=size,
        weight=mass,
        mean=mean,
        residual=np.where(counts == 0, 0.0, sums - mean * shares),
        noise=ROUNDING * float(np.abs(weights) @ height),
    )


def _weights(weight: ArrayLike, used: BoolArray, counts: FloatArray) -> FloatArray:
    given = np.asarray(weight, dtype=np.float64)
    if given.shape != (len(counts), len(used)):
        raise ValueError(f"expected weight of the shape of n, found {given.shape}")
    given = np.where(counts == 0, 0.0, given[:, used])
    if not np.isfinite(given).all() or ((counts > 0) & (given <= 0)).any():
        raise ValueError("expected finite weights above 0 where there are answers")
    return given
