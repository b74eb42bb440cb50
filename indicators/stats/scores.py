"""What a set of answers holds before any statistics: how complete, which answers, how often."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.results import FloatArray, IntArray

ROUNDING = 1e-9  # 0.55 of 20 items are 11, not 11.000000000000002


@dataclass(frozen=True, slots=True)
class Completeness:
    """Respondents of an index: all, with a score, scored with an item missing, too few, none."""

    n_rows: int
    n_valid: int
    n_prorated: int
    n_too_few_items: int
    n_empty: int


def completeness(is_answered: ArrayLike, min_share: float = 0.5) -> Completeness:
    """Count the respondents by how many items of an index they answered.

    is_answered: (respondents, items), bool. A score stands when at least min_share of the items are
    answered, and one at least; an item nobody answered counts among the items. Raises ValueError
    for other shapes. Source: method section 2 (half rule; A01-A11).
    """
    answered = np.asarray(is_answered, dtype=np.bool_)
    if answered.ndim != 2 or answered.shape[1] == 0:
        raise ValueError(f"expected shape (respondents, items), found {answered.shape}")
    items = answered.shape[1]
    times = answered.sum(axis=1)
    valid = (times >= min_share * items - ROUNDING) & (times > 0)
    return Completeness(
        n_rows=len(times),
        n_valid=int(valid.sum()),
        n_prorated=int((valid & (times < items)).sum()),
        n_too_few_items=int((~valid & (times > 0)).sum()),
        n_empty=int((times == 0).sum()),
    )


def rescale(values: ArrayLike, scale: tuple[float, float], to: tuple[float, float]) -> FloatArray:
    """Values of one scale on another: to_low + (y - low)(to_high - to_low)/(high - low).

    Any shape, NaN stays NaN. Changes the numbers, not their meaning. Raises ValueError when the
    scale has no length. Source: method section 2.
    """
    low, high = scale
    if not high > low:
        raise ValueError(f"expected a scale from low to high, found {scale}")
    given = np.asarray(values, dtype=np.float64)
    return np.asarray(to[0] + (given - low) * (to[1] - to[0]) / (high - low))


@dataclass(frozen=True, slots=True)
class Shares:
    """counts, shares (options,): of those who answered; shares are NaN when nobody did."""

    n_answered: int
    n_missing: int
    counts: IntArray
    shares: FloatArray


def distribution(codes: ArrayLike, options: ArrayLike) -> Shares:
    """How often each option of a single-choice question was chosen.

    codes: (respondents,); anything that is not among the options (options,), one or more, is no
    answer.
    Source: method section 2 (A12).
    """
    given, known = np.asarray(codes), np.asarray(options)
    chosen = np.stack([given == option for option in known], axis=1)
    return _shares(chosen, np.logical_or.reduce(chosen, axis=1))


def multi_select(is_ticked: ArrayLike) -> Shares:
    """How often each option of a several-options question was ticked.

    is_ticked: (respondents, options), 1 ticked, 0 not, NaN blank. A respondent with all options
    blank did not answer; shares may add up to more than 1. Source: method section 2 (A13).
    """
    ticked = np.asarray(is_ticked, dtype=np.float64)
    answered = np.logical_or.reduce(~np.isnan(ticked), axis=1)
    return _shares((ticked == 1) & answered[:, None], answered)


def _shares(chosen: np.ndarray, answered: np.ndarray) -> Shares:
    n, counts = int(answered.sum()), chosen.sum(axis=0).astype(np.int64)
    shares = counts / n if n else np.full(counts.shape, np.nan)
    return Shares(n, len(answered) - n, counts, shares)
