"""The second look at a change: every school one number, t test and exact sign flip (method 5.3)."""

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from indicators.stats.cells import MIN_SCHOOLS, ROUNDING
from indicators.stats.ranks import signed_rank
from indicators.stats.results import BoolArray, FloatArray, Result, from_t, refused
from indicators.vocabulary import Reason

METHOD = "paired_schools"
MAX_EXACT = 24  # 2^24 sign vectors, as 2^12 x 2^12
# Sums, and means of two waves, closer than this are equal: the rest is rounding of thirds. The
# reference answers use the same number.
TIE = 1e-9
DRAWS = 9_999  # the p of chance is known to .002 around .05
BLOCK = 8  # schools whose 256 signed sums stand in one table
SEED = 20_250_901


@dataclass(frozen=True, slots=True)
class PairedResult:
    """result: the unweighted mean of the school differences.

    n_up, n_down: schools that rose and fell; one whose means are equal (TIE) did neither.
    p_sign_flip: exact; p_signed_rank: Wilcoxon's, for comparison. None when refused.
    """

    result: Result
    n_up: int
    n_down: int
    p_sign_flip: float | None
    p_signed_rank: float | None = None

    @property
    def n_schools(self) -> int:
        return self.result.n_clusters


def paired_schools(
    n1: ArrayLike, mean1: ArrayLike, n2: ArrayLike, mean2: ArrayLike, min_n: int = 5
) -> PairedResult:
    """Mean over schools of mean2 - mean1, each school counting equally.

    All arrays have shape (schools,), n in answers, means in their unit; means are read only where
    both n >= min_n. estimate = mean d_s, se = sd(d)/sqrt(G), t with G-1 df, exact sign-flip p.
    Refuses NO_DATA, NOT_IN_BOTH_WAVES (a wave without answers), TOO_FEW_CLUSTERS (under six
    schools), ZERO_VARIANCE (all differences equal; the sign flip still stands). n of the result
    counts the answers of the schools used. Raises ValueError for differing shapes.
    Source: method section 5.3; Ibragimov & Muller 2010; Canay, Romano & Shaikh 2017.
    """
    columns = [np.asarray(a, dtype=np.float64) for a in (n1, mean1, n2, mean2)]
    if any(c.ndim != 1 or c.shape != columns[0].shape for c in columns):
        raise ValueError(
            f"expected four arrays of shape (schools,), found {[c.shape for c in columns]}"
        )
    size1, before, size2, after = columns
    used = (size1 >= min_n) & (size2 >= min_n)
    differences = (after - before)[used]
    enough = len(differences) >= MIN_SCHOOLS
    return PairedResult(
        result=_mean_of_differences(differences, size1, size2, used),
        n_up=int((differences > TIE).sum()),
        n_down=int((differences < -TIE).sum()),
        p_sign_flip=sign_flip(differences) if enough else None,
        p_signed_rank=signed_rank(differences) if enough else None,
    )


def _mean_of_differences(
    differences: FloatArray, size1: FloatArray, size2: FloatArray, used: BoolArray
) -> Result:
    schools = len(differences)
    n = int((size1 + size2)[used].sum())
    estimate = float(differences.mean()) if schools else None
    if estimate is None or schools < MIN_SCHOOLS:
        empty = [not (size1 > 0).any(), not (size2 > 0).any()]
        reason = Reason.TOO_FEW_CLUSTERS
        if any(empty):
            reason = Reason.NO_DATA if all(empty) else Reason.NOT_IN_BOTH_WAVES
        return refused(reason, n=n, n_clusters=schools, method=METHOD, estimate=estimate)
    se = float(differences.std(ddof=1)) / sqrt(schools)
    noise = ROUNDING * float(np.abs(differences).mean())
    return from_t(
        estimate,
        se if se > noise else 0.0,
        schools - 1,
        n=n,
        n_clusters=schools,
        method=METHOD,
    )


def sign_flip(differences: ArrayLike, *, draws: int = DRAWS, seed: int = SEED) -> float | None:
    """Two-sided sign-flip p of mean 0: the share of sign vectors with |sum| >= |observed sum|.

    differences: (schools,), finite; zeros take part. Exact up to MAX_EXACT schools, above that
    (hits + 1)/(draws + 1) from seeded draws. The answer does not depend on the order or the signs
    of the schools. None without schools. Raises ValueError for missing values or another shape.
    Source: method section 5.3; Canay, Romano & Shaikh 2017.
    """
    values = np.asarray(differences, dtype=np.float64)
    if values.ndim != 1 or not np.isfinite(values).all():
        raise ValueError(f"expected finite differences of shape (schools,), found {values.shape}")
    if len(values) == 0:
        return None
    bar = abs(float(values.sum())) - TIE
    if bar <= 0:
        return 1.0
    # Only the sizes matter under all sign vectors; sorted, the draws are the same in any order.
    sizes = np.sort(np.abs(values))
    if len(sizes) <= MAX_EXACT:
        return _exact(sizes, bar)
    return _drawn(sizes, bar, draws, seed)


def _signed_sums(values: FloatArray) -> FloatArray:
    """The sums of all 2^k sign vectors of k values."""
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums - value, sums + value])
    return sums


def _exact(sizes: FloatArray, bar: float) -> float:
    """Enumerate by halves: for each sum of one half, count the others that reach the bar."""
    half = len(sizes) // 2
    left, right = _signed_sums(sizes[:half]), np.sort(_signed_sums(sizes[half:]))
    reaching = len(left) * len(right) - int(np.searchsorted(right, bar - left).sum())
    # Flipping all signs mirrors the sums, so as many lie at or below -bar.
    return float(2 * reaching / 2 ** len(sizes))


def _drawn(sizes: FloatArray, bar: float, draws: int, seed: int) -> float:
    """Eight signs are drawn as one number that selects from the 256 signed sums of a block."""
    blocks = -(-len(sizes) // BLOCK)
    padded = np.zeros(blocks * BLOCK)
    padded[: len(sizes)] = sizes
    tables = padded.reshape(blocks, BLOCK) @ _signs()
    sums = np.zeros(draws)
    for table, picks in zip(tables, _picks(blocks, draws, seed), strict=True):
        sums += table[picks]
    hits = int((np.abs(sums) >= bar).sum())
    return (hits + 1) / (draws + 1)


@lru_cache(maxsize=1)
def _signs() -> FloatArray:
    """All sign vectors of a block, shape (BLOCK, 2^BLOCK)."""
    bits = (np.arange(1 << BLOCK) >> np.arange(BLOCK)[:, None]) & 1
    return np.where(bits == 1, -1.0, 1.0)


@lru_cache(maxsize=2)
def _picks(blocks: int, draws: int, seed: int) -> NDArray[np.uint8]:
    """The draws, shape (blocks, draws): every measure of a calculation shares them."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 1 << BLOCK, size=(blocks, draws), dtype=np.uint8)
