"""Is a target realistic? What the scale, the baseline and the size of the survey say against it.

Doubts warn and never forbid; a value outside the scale is the only one that cannot occur.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indicators.stats.power import detectable_change, mde_change
from indicators.vocabulary import Direction, TargetDoubt, TargetType

ROUNDING = 1e-9
# Nearly everybody at the best answer: of a mean (others one answer below), of a share.
MOST_OF_A_MEAN = 0.9
MOST_OF_A_SHARE = 0.99


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of one indicator in one place when a target is set. Shares are 0-1.

    low, high: ends of the scale; step: between the two answers at an end (the whole scale for a
    share); most: schools that were counted; baseline: the level then; detectable: the smallest
    change that can be told from chance, in the unit of the indicator. None is unknown.
    """

    direction: Direction
    low: float | None = None
    high: float | None = None
    step: float | None = None
    most: float | None = None
    baseline: float | None = None
    detectable: float | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing said against a target, with the number that says it.

    figure: the end of the scale or the schools there are (CEILING by more than there is), the
    baseline (REACHED), the smallest change detectable (TOO_SMALL), else None. share: of answers
    that would have to be the best one (CEILING), 0-1.
    """

    kind: TargetDoubt
    figure: float | None = None
    share: float | None = None


def is_outside(type: TargetType, low: float | None, high: float | None, ground: Ground) -> bool:
    """Whether a limit lies where no value can be. A change may not exceed the whole scale."""
    limits = [limit for limit in (low, high) if limit is not None]
    floor, ceiling = ground.low, ground.high
    if type is TargetType.CHANGE:
        if floor is None or ceiling is None:
            return False
        return any(abs(limit) > ceiling - floor + ROUNDING for limit in limits)
    return any(
        (floor is not None and limit < floor - ROUNDING)
        or (ceiling is not None and limit > ceiling + ROUNDING)
        for limit in limits
    )


def doubts(
    type: TargetType, low: float | None, high: float | None, ground: Ground
) -> tuple[Doubt, ...]:
    """Everything said against a target, heaviest first; empty when nothing is.

    low, high: limits that fit the type, in the unit of the ground. What is not known of the ground
    is not checked.
    """
    if is_outside(type, low, high, ground):
        return (Doubt(TargetDoubt.OUTSIDE_SCALE),)
    if _is_against(type, low, high, ground):
        return (Doubt(TargetDoubt.AGAINST_DIRECTION),)
    if ground.direction not in (Direction.INCREASE, Direction.DECREASE):
        return ()
    if _is_reached(type, low, high, ground):
        return (Doubt(TargetDoubt.REACHED, ground.baseline),)
    found = (_ceiling(type, low, high, ground), _too_small(type, low, high, ground))
    return tuple(doubt for doubt in found if doubt is not None)


def detectable_project(
    n: int, n_schools: int, sd: float | None, icc: float | None, *, alpha: float
) -> float | None:
    """Smallest change of the project that the same survey done again shows with 80 % power.

    n, n_schools: answers and schools of the baseline; sd: of individuals; icc: correlation within
    schools, a negative one counts as 0. In the unit of sd; None when one of them is missing or
    there are fewer than two schools. Source: method section 14 (L05).
    """
    if n_schools < 2 or not sd or icc is None or n < 1:
        return None
    size = n / n_schools
    return mde_change(n_schools, size, size, sd=sd, icc=max(icc, 0.0), alpha=alpha).mde


def detectable_schools(
    n: Sequence[int], sd: Sequence[float | None], *, alpha: float
) -> list[float | None]:
    """The same for single schools, in the unit of sd: None for fewer than two answers.

    Classes are not known here and would make it larger: it is the least that can be said.
    Source: method section 14 (L07).
    """
    spread = np.array([value or np.nan for value in sd], dtype=np.float64)
    found = detectable_change(n, n, alpha=alpha) * spread if len(n) else spread
    return [
        float(size) if count > 1 and np.isfinite(size) else None
        for count, size in zip(n, found, strict=True)
    ]


def _is_against(type: TargetType, low: float | None, high: float | None, ground: Ground) -> bool:
    if ground.direction is Direction.MAINTAIN:
        moves = (low is not None and low > 0) or (high is not None and high < 0)
        return type is TargetType.CHANGE and moves
    rises = ground.direction is Direction.INCREASE
    if type is TargetType.CHANGE:
        return (low is None or low < 0) if rises else (high is None or high > 0)
    if type is TargetType.RANGE:
        best, baseline = high if rises else low, ground.baseline
        if best is None or baseline is None:
            return False
        return best < baseline - ROUNDING if rises else best > baseline + ROUNDING
    return type is (TargetType.AT_MOST if rises else TargetType.AT_LEAST)


def _goal(low: float | None, high: float | None, ground: Ground) -> float | None:
    """The limit on the way: the lower one where more is better."""
    return low if ground.direction is Direction.INCREASE else high


def _aim(type: TargetType, low: float | None, high: float | None, ground: Ground) -> float | None:
    """The level that has to be reached; None when it cannot be told."""
    goal = _goal(low, high, ground)
    if type is not TargetType.CHANGE or goal is None:
        return goal
    return None if ground.baseline is None else ground.baseline + goal


def _is_reached(type: TargetType, low: float | None, high: float | None, ground: Ground) -> bool:
    value = 0.0 if type is TargetType.CHANGE else ground.baseline
    if value is None:
        return False
    return (low is None or value >= low - ROUNDING) and (high is None or value <= high + ROUNDING)


def _ceiling(
    type: TargetType, low: float | None, high: float | None, ground: Ground
) -> Doubt | None:
    """The best answer is the highest where more is better, else the lowest."""
    aim = _aim(type, low, high, ground)
    rises = ground.direction is Direction.INCREASE
    if aim is None:
        return None
    if rises and ground.most is not None and aim > ground.most + ROUNDING:
        return Doubt(TargetDoubt.CEILING, ground.most)
    end = ground.high if rises else ground.low
    if end is None:
        return None
    short = end - aim if rises else aim - end
    if short < -ROUNDING:
        return Doubt(TargetDoubt.CEILING, end)
    if ground.step is None or ground.low is None or ground.high is None:
        return None
    share = 1 - short / ground.step
    is_mean = ground.step < ground.high - ground.low
    if share < (MOST_OF_A_MEAN if is_mean else MOST_OF_A_SHARE) - ROUNDING:
        return None
    return Doubt(TargetDoubt.CEILING, end, min(share, 1.0))


def _too_small(
    type: TargetType, low: float | None, high: float | None, ground: Ground
) -> Doubt | None:
    goal, size = _goal(low, high, ground), ground.detectable
    if goal is None or size is None:
        return None
    if type is TargetType.CHANGE:
        way = abs(goal)
    elif ground.baseline is None:
        return None
    else:
        way = abs(goal - ground.baseline)
    return Doubt(TargetDoubt.TOO_SMALL, size) if way < size - ROUNDING else None
