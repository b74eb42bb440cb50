"""Mean and standard deviation from totals."""

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.results import FloatArray

# Sums of equal decimals differ in the last digits. A sum of squares around the mean below this
# share of the sum of squares is that noise: the answers were equal.
ROUNDING = 1e-12


def mean_sd(
    n: ArrayLike, total: ArrayLike, squares: ArrayLike, weight: ArrayLike | None = None
) -> tuple[FloatArray, FloatArray]:
    """Mean and n-1 standard deviation, element by element.

    n, total, squares: number of usable answers, their sum and the sum of their squares, any shapes
    that broadcast. Returns two arrays in the unit of the answers: mean = total/n, NaN where n = 0;
    sd = sqrt((squares - total^2/n)/(n - 1)), NaN where n < 2, exactly 0 where all answers are
    equal. weight: sum of the weights, total and squares then being weighted sums; the variance is
    n/(n-1) (squares - total^2/weight)/weight.
    Source: method sections 2 (the SD is the n-1 one) and 3.
    """
    counts, sums, square_sums, mass = np.broadcast_arrays(
        *(np.asarray(a, np.float64) for a in (n, total, squares, n if weight is None else weight))
    )
    mean = np.full(counts.shape, np.nan)
    np.divide(sums, mass, out=mean, where=counts > 0)
    around = square_sums - sums * mean
    around = np.where(around <= ROUNDING * square_sums, 0.0, around)
    variance = np.full(counts.shape, np.nan)
    np.divide(around, counts - 1, out=variance, where=counts > 1)
    if weight is not None:
        np.multiply(variance, counts, out=variance, where=counts > 1)
        np.divide(variance, mass, out=variance, where=counts > 1)
    return mean, np.sqrt(variance)
