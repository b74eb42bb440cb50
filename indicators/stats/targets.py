"""A value against a target, and progress on the way to it (method section 13)."""

import math
from dataclasses import dataclass

from indicators.vocabulary import Status, TargetVerdict

# Totals of exact answers may miss a round target in the last digit: 3.9999999999999996 is 4.
ROUNDING = 1e-9
CONFIDENCE = 0.9  # of the two-sided range: its ends are the one-sided 95 % bounds


@dataclass(frozen=True, slots=True)
class TargetResult:
    """reached: by the value alone; verdict: credibly. None is missing.

    bound_low and bound_high are the ends of the range that decided; prob_met is for the technical
    view.
    """

    verdict: TargetVerdict | None
    prob_met: float | None
    bound_low: float | None
    bound_high: float | None
    reached: bool | None


def target_mean(
    estimate: float | None,
    se: float | None,
    df: float | None,
    low: float | None,
    high: float | None,
    *,
    confidence: float = CONFIDENCE,
) -> TargetResult:
    """A mean or a change against a target: at least low, at most high, or between both.

    All in the unit of the estimate; low or high is None for a one-sided target. prob_met =
    F_t((estimate - low)/se) - F_t((estimate - high)/se); bounds estimate -+ t se with t the
    (1 + confidence)/2 quantile. met: the bounds lie inside, not_met: wholly outside, else
    too_close. Without se and df, or with se = 0, by value only. Raises ValueError without low and
    high, or low > high.
    Source: method section 13 (K01).
    """
    floor, ceiling = _sides(low, high)
    if estimate is None or not se or df is None:
        return _by_value(estimate, floor, ceiling)
    from scipy.special import stdtr, stdtrit

    half = float(stdtrit(df, (1 + confidence) / 2)) * se
    return TargetResult(
        verdict=_verdict(estimate - half, estimate + half, floor, ceiling),
        prob_met=float(stdtr(df, (estimate - floor) / se) - stdtr(df, (estimate - ceiling) / se)),
        bound_low=estimate - half,
        bound_high=estimate + half,
        reached=_is_reached(estimate, floor, ceiling),
    )


def target_prop(
    p: float | None,
    n_eff: float | None,
    low: float | None,
    high: float | None,
    *,
    confidence: float = CONFIDENCE,
) -> TargetResult:
    """A share against a target, on the effective sample size of `korn_graubard`.

    p, low, high: 0-1; low or high None for a one-sided target. The share is plausible as
    Beta(n_eff p + 1/2, n_eff (1-p) + 1/2) (Jeffreys); bounds are its (1 -+ confidence)/2 points,
    5 % and 95 % at 0.9, 0 at p = 0 and 1 at p = 1. Verdict as in
    `target_mean`; without n_eff by value only. Raises ValueError without low and high, or low >
    high. Source: method section 13 (K02).
    """
    floor, ceiling = _sides(low, high)
    if p is None or not n_eff:
        return _by_value(p, floor, ceiling)
    from scipy.special import betaincc, betaincinv

    yes, no = n_eff * p + 0.5, n_eff * (1 - p) + 0.5
    bound_low = 0.0 if p == 0 else float(betaincinv(yes, no, (1 - confidence) / 2))
    bound_high = 1.0 if p == 1 else float(betaincinv(yes, no, (1 + confidence) / 2))
    above_floor = float(betaincc(yes, no, min(max(floor, 0.0), 1.0)))
    above_ceiling = float(betaincc(yes, no, min(max(ceiling, 0.0), 1.0)))
    return TargetResult(
        verdict=_verdict(bound_low, bound_high, floor, ceiling),
        prob_met=above_floor - above_ceiling,
        bound_low=bound_low,
        bound_high=bound_high,
        reached=_is_reached(p, floor, ceiling),
    )


def _sides(low: float | None, high: float | None) -> tuple[float, float]:
    """The target as an interval, open to infinity on the side that is None."""
    floor = -math.inf if low is None else low
    ceiling = math.inf if high is None else high
    if (low is None and high is None) or not floor <= ceiling:
        raise ValueError(f"expected low <= high with at least one given, found {low} and {high}")
    return floor, ceiling


def _is_reached(value: float, floor: float, ceiling: float) -> bool:
    slack = ROUNDING * max(1.0, abs(value))
    return floor - slack <= value <= ceiling + slack


def _by_value(value: float | None, floor: float, ceiling: float) -> TargetResult:
    reached = None if value is None else _is_reached(value, floor, ceiling)
    return TargetResult(None, None, None, None, reached)


def _verdict(bound_low: float, bound_high: float, floor: float, ceiling: float) -> TargetVerdict:
    if floor <= bound_low and bound_high <= ceiling:
        return TargetVerdict.MET
    if bound_high < floor or bound_low > ceiling:
        return TargetVerdict.NOT_MET
    return TargetVerdict.TOO_CLOSE


@dataclass(frozen=True, slots=True)
class ShareClosed:
    """Share of the way from baseline to target gone, with the ends of its range (None: unknown).

    Never capped: 1.2 is a fifth past the target, below 0 is away from it.
    """

    share: float
    low: float | None
    high: float | None


def share_closed(
    change: float | None,
    change_low: float | None,
    change_high: float | None,
    *,
    target: float | None,
    baseline: float | None,
) -> ShareClosed | None:
    """Change divided by (target - baseline), the ends of its range likewise and put in order.

    All in the unit of the indicator; change and its ends on the schools of both waves, baseline on
    the same schools. None when change, target or baseline is missing, or they are equal.
    Source: the status rule for targets that are not yet due.
    """
    if change is None or target is None or baseline is None:
        return None
    way = target - baseline
    if abs(way) <= ROUNDING * max(1.0, abs(target)):
        return None
    if change_low is None or change_high is None:
        return ShareClosed(change / way, None, None)
    low, high = sorted((change_low / way, change_high / way))
    return ShareClosed(change / way, low, high)


def progress_status(
    closed: ShareClosed | None,
    elapsed: float,
    *,
    on_track_from: float = 0.8,
    off_track_below: float = 0.8,
) -> Status | None:
    """Status of a target that is not due: ON_TRACK, OFF_TRACK or CANNOT_TELL; None without a share.

    elapsed: share of the time gone, 0-1. On track: share >= on_track_from * elapsed and the lower
    end > 0. Off track: the upper end < off_track_below * elapsed. A share without ends cannot
    tell. Source: the status rule for targets that are not yet due.
    """
    if closed is None:
        return None
    if closed.low is None or closed.high is None:
        return Status.CANNOT_TELL
    if closed.share >= on_track_from * elapsed - ROUNDING and closed.low > 0:
        return Status.ON_TRACK
    if closed.high < off_track_below * elapsed - ROUNDING:
        return Status.OFF_TRACK
    return Status.CANNOT_TELL
