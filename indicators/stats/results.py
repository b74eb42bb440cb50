"""The two result types of the numeric core: one statement, and the same statement for many schools.

A refusal is a value: `reason` says why, `estimate` stands where the bare value may still be shown.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.vocabulary import Reason

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# With these reasons there is no value, or it may not be shown.
NO_VALUE = frozenset({Reason.NO_DATA, Reason.NOT_IN_BOTH_WAVES, Reason.SUPPRESSED})
# With these the standard error is known to be 0, which is a fact and not a precision.
NO_ERROR = frozenset({Reason.CENSUS, Reason.ZERO_VARIANCE})


@dataclass(frozen=True, slots=True)
class Result:
    """An estimate with its uncertainty, or the reason why there is none.

    estimate, se and the limits are in the unit of the answers; df may be fractional; t and p test
    the value 0 (two-sided); ci_* is the 95 % interval, ci90_* the 90 % one (its ends are the
    one-sided 95 % bounds). None is missing. n counts usable answers, n_clusters the schools that
    gave them. With ZERO_VARIANCE and CENSUS se is 0.0; with every other reason it is None.
    """

    estimate: float | None
    se: float | None
    df: float | None
    t: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None
    ci90_low: float | None
    ci90_high: float | None
    n: int
    n_clusters: int
    method: str
    reason: Reason | None = None


def refused(
    reason: Reason,
    *,
    n: int,
    n_clusters: int,
    method: str,
    estimate: float | None = None,
    df: float | None = None,
) -> Result:
    """A result without uncertainty. The estimate is dropped where it may not be shown."""
    return Result(
        estimate=None if reason in NO_VALUE else estimate,
        se=0.0 if reason in NO_ERROR else None,
        df=df,
        t=None,
        p=None,
        ci_low=None,
        ci_high=None,
        ci90_low=None,
        ci90_high=None,
        n=n,
        n_clusters=n_clusters,
        method=method,
        reason=reason,
    )


def from_t(
    estimate: float, se: float, df: float, *, n: int, n_clusters: int, method: str
) -> Result:
    """A result from the t distribution: t = estimate/se, p = 2 P(T > |t|), estimate +- t_q se.

    se = 0 is refused as ZERO_VARIANCE with the value kept (method section 3). Raises ValueError
    when estimate, se or df is not finite, se < 0 or df <= 0.
    """
    return from_t_many(
        np.array([estimate], dtype=np.float64),
        np.array([se], dtype=np.float64),
        np.array([df], dtype=np.float64),
        n=np.array([n]),
        n_clusters=np.array([n_clusters]),
        method=method,
        reasons=[None],
    )[0]


def from_t_many(
    estimate: FloatArray,
    se: FloatArray,
    df: FloatArray | IntArray,
    *,
    n: IntArray,
    n_clusters: IntArray,
    method: str,
    reasons: Sequence[Reason | None],
) -> list[Result]:
    """`from_t` for arrays of one shape (results,). Where a reason stands, `refused` takes its
    place and se and df are not read.
    """
    free = np.array([reason is None for reason in reasons], dtype=np.bool_)
    bad = free & ~(np.isfinite(estimate) & np.isfinite(se) & np.isfinite(df) & (se >= 0) & (df > 0))
    if bad.any():
        first = int(np.argmax(bad))
        raise ValueError(
            "expected a finite estimate, se >= 0 and df > 0, "
            f"found estimate={estimate[first]}, se={se[first]}, df={df[first]}"
        )
    spread = spread_from_t(
        estimate, np.where(free, se, np.nan), np.asarray(np.where(free, df, 1.0), dtype=np.float64)
    )
    columns = (estimate, se, df, spread.t, spread.p, *spread.ci, *spread.ci90, n, n_clusters)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [
        _one(reason, float(row[2]), row, method) for row, reason in zip(rows, reasons, strict=True)
    ]


def _one(reason: Reason | None, df: float, row: tuple[float, ...], method: str) -> Result:
    """A result from the columns of `from_t_many`."""
    n, n_clusters = int(row[9]), int(row[10])
    if reason is None and row[1] != 0:
        t, p, low, high, low90, high90 = row[3:9]
        return Result(row[0], row[1], df, t, p, low, high, low90, high90, n, n_clusters, method)
    return refused(
        reason or Reason.ZERO_VARIANCE,
        n=n,
        n_clusters=n_clusters,
        method=method,
        estimate=row[0],
        df=df if reason is None else None,
    )


@dataclass(frozen=True, slots=True)
class SchoolResults:
    """`Result` for many schools at once: arrays of shape (schools,), NaN where missing.

    Each school stands alone, so there is no n_clusters. `n` counts its usable answers.
    """

    estimate: FloatArray
    se: FloatArray
    df: FloatArray
    t: FloatArray
    p: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    ci90_low: FloatArray
    ci90_high: FloatArray
    n: IntArray
    method: str
    reason: list[Reason | None]

    def __len__(self) -> int:
        return len(self.reason)

    def at(self, index: int) -> Result:
        """The result of one school, NaN turned into None."""

        def value(column: FloatArray) -> float | None:
            return None if math.isnan(column[index]) else float(column[index])

        return Result(
            estimate=value(self.estimate),
            se=value(self.se),
            df=value(self.df),
            t=value(self.t),
            p=value(self.p),
            ci_low=value(self.ci_low),
            ci_high=value(self.ci_high),
            ci90_low=value(self.ci90_low),
            ci90_high=value(self.ci90_high),
            n=int(self.n[index]),
            n_clusters=int(self.n[index] > 0),
            method=self.method,
            reason=self.reason[index],
        )


@dataclass(frozen=True, slots=True)
class Spread:
    """Test and intervals of many schools before refusals: arrays of shape (schools,)."""

    se: FloatArray
    df: FloatArray
    t: FloatArray
    p: FloatArray
    ci: tuple[FloatArray, FloatArray]
    ci90: tuple[FloatArray, FloatArray]


def spread_from_t(estimate: FloatArray, se: FloatArray, df: FloatArray) -> Spread:
    """The vectorised arithmetic of `from_t`; NaN in, NaN out, and NaN where se = 0."""
    from scipy.special import stdtr, stdtrit

    safe = np.where((se > 0) & (df > 0), se, np.nan)
    t = estimate / safe
    half, half90 = stdtrit(df, 0.975) * safe, stdtrit(df, 0.95) * safe
    return Spread(
        se=se,
        df=df,
        t=t,
        p=2 * stdtr(df, -np.abs(t)),
        ci=(estimate - half, estimate + half),
        ci90=(estimate - half90, estimate + half90),
    )


def first_reason(checks: Sequence[tuple[BoolArray, Reason]]) -> list[Reason | None]:
    """For each school the first check that holds, in the order given; None where none does."""
    reasons: list[Reason | None] = [None] * len(checks[0][0])
    for holds, reason in reversed(checks):
        for index in np.flatnonzero(holds):
            reasons[index] = reason
    return reasons


def school_results(
    estimate: FloatArray,
    spread: Spread,
    *,
    n: FloatArray,
    method: str,
    checks: Sequence[tuple[BoolArray, Reason]],
) -> SchoolResults:
    """Apply the refusals: what `Result` leaves None becomes NaN here."""
    reason = first_reason(checks)
    stands = np.array([r is None for r in reason], dtype=np.bool_)
    shown = np.array([r not in NO_VALUE for r in reason], dtype=np.bool_)
    exact = np.array([r in NO_ERROR for r in reason], dtype=np.bool_)

    def keep(column: FloatArray, where: BoolArray) -> FloatArray:
        return np.where(where, column, np.nan)

    return SchoolResults(
        estimate=keep(estimate, shown),
        se=np.where(exact, 0.0, keep(spread.se, stands)),
        df=keep(spread.df, stands | exact),
        t=keep(spread.t, stands),
        p=keep(spread.p, stands),
        ci_low=keep(spread.ci[0], stands),
        ci_high=keep(spread.ci[1], stands),
        ci90_low=keep(spread.ci90[0], stands),
        ci90_high=keep(spread.ci90[1], stands),
        n=n.astype(np.int64),
        method=method,
        reason=reason,
    )
