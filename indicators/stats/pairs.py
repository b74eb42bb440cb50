"""Identified pairs: the same directors' answers before and after."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from indicators.vocabulary import Reason


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Schools that answered in both waves: yes before, yes after, gained, lost; p for the annex."""

    n_pairs: int
    yes1: int
    yes2: int
    gained: int
    lost: int
    p: float | None
    reason: Reason | None = None


def mcnemar_exact(before: ArrayLike, after: ArrayLike) -> PairCounts:
    """Counts of a yes/no item over schools, and McNemar's exact two-sided p.

    before, after: (schools,), 1 yes, 0 no, NaN missing; schools missing in a wave form no pair.
    p = min(1, 2 P(X <= min(gained, lost))), X binomial(gained + lost, 1/2); 1 when nothing changed.
    Refuses NO_DATA (no answers), NOT_IN_BOTH_WAVES (no pair). Raises ValueError for other values
    or shapes. Source: method section 10 (M01); McNemar 1947; R binom.test.
    """
    one, two = (np.asarray(a, dtype=np.float64) for a in (before, after))
    known = np.concatenate([one[~np.isnan(one)], two[~np.isnan(two)]])
    if one.ndim != 1 or one.shape != two.shape or not np.isin(known, (0, 1)).all():
        raise ValueError("expected two arrays of shape (schools,) with 0, 1 and NaN")
    paired = ~np.isnan(one) & ~np.isnan(two)
    one, two = one[paired] == 1, two[paired] == 1
    gained, lost = int((two & ~one).sum()), int((one & ~two).sum())
    counts = (int(paired.sum()), int(one.sum()), int(two.sum()), gained, lost)
    if counts[0] == 0:
        reason = Reason.NO_DATA if len(known) == 0 else Reason.NOT_IN_BOTH_WAVES
        return PairCounts(*counts, None, reason)
    from scipy.special import bdtr

    return PairCounts(*counts, min(1.0, 2 * float(bdtr(min(gained, lost), gained + lost, 0.5))))
