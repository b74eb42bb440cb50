"""How the units of a survey were drawn, and the linearised covariance that follows from it.

A unit is a row of the totals handed in: a respondent, a second-stage unit, or a whole primary
sampling unit (PSU). Totals per PSU are enough unless a second stage is declared: its variance is
that between the second-stage units of a PSU, which then are the units.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.results import BoolArray, FloatArray, IntArray


class Lonely(StrEnum):
    """What to do with a stratum of one PSU."""

    FAIL = "fail"  # no answer (the default)
    ADJUST = "adjust"  # its total is centred at 0, the mean of z over the sample
    AVERAGE = "average"  # it has the average variance of the other strata
    REMOVE = "remove"  # it has no variance


@dataclass(frozen=True, slots=True)
class Design:
    """The drawing of the units, checked; made by `make_design`.

    psu (units,): number of the PSU a unit belongs to. Shape (psus,): stratum, its number; fraction,
    n_h/N_h, 0 without a finite population. fraction2 (psus,): share of a PSU's second-stage units
    drawn, None with one stage.
    """

    psu: IntArray
    stratum: IntArray
    fraction: FloatArray
    fraction2: FloatArray | None
    lonely: Lonely

    @property
    def n_psu(self) -> int:
        return len(self.stratum)

    @property
    def psus_per_stratum(self) -> IntArray:
        return np.bincount(self.stratum)

    @property
    def lonely_psus(self) -> BoolArray:
        """PSUs alone in a stratum that has more of them outside the sample, shape (psus,)."""
        return np.asarray((self.psus_per_stratum[self.stratum] == 1) & (self.fraction < 1))

    @property
    def is_census(self) -> bool:
        """Nothing was left to chance: every PSU drawn, and every unit in it if there are stages."""
        everyone = self.fraction2 is None or bool((self.fraction2 >= 1).all())
        return everyone and bool((self.fraction >= 1).all())

    @property
    def has_variance(self) -> bool:
        """Whether the rule for lonely strata leaves an answer."""
        alone = self.lonely_psus
        if self.lonely is Lonely.AVERAGE:
            return not alone.all()
        return self.lonely is not Lonely.FAIL or not alone.any()

    def by_psu(self, values: FloatArray) -> FloatArray:
        """Sums over the units of each PSU: (units, ...) to (psus, ...)."""
        sums = np.zeros((self.n_psu, *values.shape[1:]))
        np.add.at(sums, self.psu, values)
        return sums

    def degrees_of_freedom(self, is_used: BoolArray) -> int:
        """PSUs with usable answers minus strata with such PSUs; is_used (psus,)."""
        return int(is_used.sum()) - len(np.unique(self.stratum[is_used]))


def make_design(
    n_units: int,
    *,
    psu: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    population: ArrayLike | None = None,
    population2: ArrayLike | None = None,
    lonely: Lonely = Lonely.FAIL,
) -> Design:
    """A design from columns of shape (n_units,), codes of any type.

    psu: PSU of each unit, nested in strata (the same code in two strata means two PSUs); None when
    every unit is its own. strata: None for one stratum. population: number of PSUs in the stratum,
    NaN for no correction. population2: number of second-stage units in the PSU, given only when the
    units are those. All units take part, also those without usable answers. Raises ValueError for
    other shapes, no units, or more drawn than there are.
    Source: method section 3; R survey::svydesign.
    """
    if n_units < 1:
        raise ValueError(f"expected at least one unit, found {n_units}")
    stratum = _numbers(strata, n_units, np.zeros(n_units, dtype=np.int64))
    inside = _numbers(psu, n_units, np.arange(n_units))
    _, first, numbers = np.unique(
        stratum * (inside.max() + 1) + inside, return_index=True, return_inverse=True
    )
    stratum = stratum[first]
    drawn = np.bincount(stratum)[stratum].astype(np.float64)
    fraction = _fraction(drawn, population, n_units, first)
    fraction2 = None
    if population2 is not None:
        fraction2 = _fraction(np.bincount(numbers).astype(np.float64), population2, n_units, first)
    return Design(numbers, stratum, fraction, fraction2, lonely)


def _numbers(codes: ArrayLike | None, n_units: int, default: IntArray) -> IntArray:
    if codes is None:
        return default
    given = np.asarray(codes)
    if given.shape != (n_units,):
        raise ValueError(f"expected codes of shape ({n_units},), found {given.shape}")
    return np.unique(given, return_inverse=True)[1].astype(np.int64)


def _fraction(
    drawn: FloatArray, population: ArrayLike | None, n_units: int, first: IntArray
) -> FloatArray:
    if population is None:
        return np.zeros_like(drawn)
    given = np.asarray(population, dtype=np.float64)
    if given.shape != (n_units,):
        raise ValueError(f"expected a population of shape ({n_units},), found {given.shape}")
    size = given[first]
    if (size < drawn).any():
        worst = int(np.argmax(drawn - size))
        raise ValueError(f"expected a population of at least {drawn[worst]:g}, found {size[worst]}")
    return np.where(np.isnan(size), 0.0, drawn / size)


def covariance(z: FloatArray, design: Design) -> FloatArray:
    """Covariance of q linearised statistics from their scores.

    z: (units, q), 0 for units without usable answers. Returns (q, q):

        V = sum_h (1-f_h) n_h/(n_h-1) sum_j (z_hj - mean z_h)(z_hj - mean z_h)'
            + sum_h f_h sum_j (1-f_hj) m/(m-1) sum_i (z_hji - mean z_hj)(z_hji - mean z_hj)'

    the second line with a second stage; a PSU of one unit adds nothing there. A stratum of one PSU
    follows `design.lonely`, unless it has no other PSU at all (f_h = 1). Raises ValueError when
    that rule leaves no answer.
    Source: method section 3; Binder 1983; Sarndal, Swensson & Wretman 1992 ch. 4.
    """
    totals, centred, scale = _between(z, design)
    between = (centred * scale[:, None]).T @ centred
    if design.fraction2 is None:
        return np.asarray(between)
    inner, weight = _inside(z, totals, design)
    return np.asarray(between + (inner * weight[:, None]).T @ inner)


def variances(z: FloatArray, design: Design) -> FloatArray:
    """The diagonal of `covariance` alone, shape (q,)."""
    totals, centred, scale = _between(z, design)
    between = scale @ np.square(centred)
    if design.fraction2 is None:
        return np.asarray(between)
    inner, weight = _inside(z, totals, design)
    return np.asarray(between + weight @ np.square(inner))


def _between(z: FloatArray, design: Design) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Totals per PSU and the same around the mean of their stratum, (psus, q); factors (psus,)."""
    if not design.has_variance:
        raise ValueError("expected at least two PSUs in every stratum or a rule for single ones")
    totals = design.by_psu(z)
    n = design.psus_per_stratum.astype(np.float64)
    alone = design.lonely_psus
    means = np.zeros((len(n), z.shape[1]))
    np.add.at(means, design.stratum, totals)
    means /= n[:, None]
    centred = totals - means[design.stratum]
    if design.lonely is Lonely.ADJUST:
        centred = np.where(alone[:, None], totals, centred)
    size = n[design.stratum]
    scale = (1 - design.fraction) * np.where(size > 1, size / np.maximum(size - 1, 1), 1.0)
    if design.lonely is Lonely.AVERAGE:
        scale = scale * len(n) / (len(n) - alone.sum())
    return totals, centred, scale


def _inside(z: FloatArray, totals: FloatArray, design: Design) -> tuple[FloatArray, FloatArray]:
    """The second stage: z around the mean of its PSU, (units, q), and factors (units,)."""
    fraction2 = np.zeros(design.n_psu) if design.fraction2 is None else design.fraction2
    size = np.bincount(design.psu).astype(np.float64)
    scale = design.fraction * (1 - fraction2) * size / np.maximum(size - 1, 1)
    return z - (totals / size[:, None])[design.psu], scale[design.psu]


def check_units(n_units: int, design: Design) -> None:
    """Raises ValueError unless the totals have the units of the design."""
    if n_units != len(design.psu):
        raise ValueError(f"expected {len(design.psu)} units as in the design, found {n_units}")
