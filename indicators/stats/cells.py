"""Totals per school and cell, and the contrast of cell means that Taylor and CR2 share.

A cell is a wave, a group, or a wave x group. Without weights a cell's weight is its answers.
Many contrasts of one shape (all groups of a measure) are computed at once: arrays may have one
leading axis, contrasts.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.design import Design
from indicators.stats.results import BoolArray, FloatArray, IntArray
from indicators.vocabulary import Reason

MIN_SCHOOLS = 6  # the smallest two-sided sign-flip p of five schools is 2/2^5 > .05 (method 5.3)
ROUNDING = 1e-10  # a standard error below this share of the values is noise of the summation


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a contrast (those with a coefficient), schools in rows.

    n (..., schools, cells): usable answers. coefs (cells,): contrast. size (..., cells): N_k,
    answers of all schools. weight (..., cells): sum of their weights, N_k without weights. mean
    (..., cells), NaN in an empty cell. residual (..., schools, cells): total_jk - mean_k weight_jk.
    noise (...): standard errors up to here count as 0. `...`: nothing, or the contrasts.
    """

    n: FloatArray
    coefs: FloatArray
    size: FloatArray
    weight: FloatArray
    mean: FloatArray
    residual: FloatArray
    noise: FloatArray

    @property
    def estimates(self) -> FloatArray:
        return np.asarray((self.mean * self.coefs).sum(axis=-1))

    @property
    def estimate(self) -> float:
        """Of a single contrast."""
        return float(self.estimates)

    @property
    def answers(self) -> IntArray:
        return np.asarray(self.size.sum(axis=-1).astype(np.int64))

    @property
    def n_answers(self) -> int:
        """Of a single contrast."""
        return int(self.answers)

    @property
    def schools(self) -> IntArray:
        """Schools with at least one usable answer in the contrast."""
        return np.asarray(np.count_nonzero(self.n.sum(axis=-1), axis=-1))

    @property
    def n_schools(self) -> int:
        """Of a single contrast."""
        return int(self.schools)

    @property
    def z(self) -> FloatArray:
        """Linearised scores of the contrast, shape (..., schools); 0 where a cell is empty."""
        share = self.coefs / np.where(self.weight > 0, self.weight, np.inf)
        return np.asarray((self.residual @ share[..., None])[..., 0])

    @property
    def are_between_schools(self) -> BoolArray:
        """Several cells, and every school lies wholly in one of them (urban and rural)."""
        apart = ((self.n > 0).sum(axis=-1) <= 1).all(axis=-1)
        return np.asarray(apart if len(self.coefs) > 1 else np.zeros_like(apart))

    def refusals(self, *, min_per_group: int = MIN_SCHOOLS) -> list[Reason | None]:
        """Why each contrast cannot be judged, in the order of the method note (section 15).

        A contrast needs MIN_SCHOOLS schools, and min_per_group in each group when the groups are
        kinds of schools (sections 5.3 and 6). A level (one cell) needs answers only.
        """
        is_level = len(self.coefs) == 1
        per_cell = (self.n > 0).sum(axis=-2).min(axis=-1)
        short = self.are_between_schools & (per_cell < min_per_group) | (self.schools < MIN_SCHOOLS)
        short = short & (not is_level)
        checks = (self.answers == 0, (self.size == 0).any(axis=-1), short)
        return [
            next((reason for holds, reason in zip(row, REFUSALS, strict=True) if holds), None)
            for row in zip(*(np.atleast_1d(check).tolist() for check in checks), strict=True)
        ]

    def refusal(self, *, min_per_group: int = MIN_SCHOOLS) -> Reason | None:
        """Of a single contrast."""
        return self.refusals(min_per_group=min_per_group)[0]


REFUSALS = (Reason.NO_DATA, Reason.NOT_IN_BOTH_WAVES, Reason.TOO_FEW_CLUSTERS)


def summarise(
    n: ArrayLike, total: ArrayLike, coefs: ArrayLike, weight: ArrayLike | None = None
) -> Cells:
    """Check the shapes and build the cells; cells with coefficient 0 are left out.

    n, total: (..., schools, cells), number of usable answers and their sum; where n is 0 the total
    is not read. coefs: (cells,). weight: the shape of n, sum of the weights, total then being the
    sum of weight x answer. Raises ValueError for other shapes, negative n, totals that are not
    finite, weights that are not above 0, or no coefficient other than 0.
    """
    counts = np.asarray(n, dtype=np.float64)
    sums = np.asarray(total, dtype=np.float64)
    contrast = np.asarray(coefs, dtype=np.float64)
    is_table = 2 <= counts.ndim <= 3 and sums.shape == counts.shape
    if not is_table or contrast.shape != counts.shape[-1:]:
        raise ValueError(
            "expected n and total of shape (schools, cells) and coefs of shape (cells,), "
            f"found {counts.shape[-2:]}, {sums.shape[-2:]} and {contrast.shape}"
        )
    used = contrast != 0
    if not used.any() or not np.isfinite(contrast).all():
        raise ValueError(f"expected finite coefs, not all 0, found {contrast.tolist()}")
    counts, contrast = counts[..., used], contrast[used]
    sums = np.where(counts == 0, 0.0, sums[..., used])
    if not (counts >= 0).all() or not np.isfinite(sums).all():
        raise ValueError("expected n >= 0 and finite totals, found negative or missing ones")
    shares = counts if weight is None else _weights(weight, used, counts)
    size, mass = counts.sum(axis=-2), shares.sum(axis=-2)
    mean = np.full(size.shape, np.nan)
    np.divide(sums.sum(axis=-2), mass, out=mean, where=size > 0)
    height = np.abs(sums).sum(axis=-2) / np.where(size > 0, mass, 1)
    centre = np.where(size > 0, mean, 0.0)[..., None, :]
    return Cells(
        n=counts,
        coefs=contrast,
        size=size,
        weight=mass,
        mean=mean,
        residual=sums - centre * shares,
        noise=np.asarray(ROUNDING * (height @ np.abs(contrast))),
    )


def _weights(weight: ArrayLike, used: BoolArray, counts: FloatArray) -> FloatArray:
    given = np.asarray(weight, dtype=np.float64)
    if given.shape != (*counts.shape[:-1], len(used)):
        raise ValueError(f"expected weight of the shape of n, found {given.shape}")
    given = np.where(counts == 0, 0.0, given[..., used])
    if not np.isfinite(given).all() or ((counts > 0) & (given <= 0)).any():
        raise ValueError("expected finite weights above 0 where there are answers")
    return given


def by_psu(cells: Cells, design: Design) -> Cells:
    """The same cells with the PSUs of a design in rows where units were."""

    def sums(values: FloatArray) -> FloatArray:
        return np.moveaxis(design.by_psu(np.moveaxis(values, -2, 0)), 0, -2)

    return replace(cells, n=sums(cells.n), residual=sums(cells.residual))
