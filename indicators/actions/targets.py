"""Enter, change and remove targets. What is said in the rationale is kept in the audit log."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction

from indicators.actions import audit
from indicators.models import Assessment, Indicator, School, Target, User, Wave
from indicators.vocabulary import (
    GAP_MEASURES,
    Direction,
    Selection,
    TargetType,
    is_percent_unit,
)

ANY = (-math.inf, math.inf)


class TargetRefusal(StrEnum):
    """Why a target cannot be entered."""

    SELF_SELECTED = "self_selected"  # the respondents chose themselves: descriptive only
    DESCRIPTIVE = "descriptive"
    CONTEXT = "context"
    NO_DIRECTION = "no_direction"
    WRONG_PLACE = "wrong_place"  # school or wave of another project
    LIMITS = "limits"  # the limits do not fit the type
    ORDER = "order"  # a range that ends before it begins
    NOT_A_SHARE = "not_a_share"  # a share outside 0-1
    NO_RATIONALE = "no_rationale"
    PUBLISHED = "published"  # part of a published release, which stays whole


class TargetRefused(Exception):
    """The target breaks a rule; `reason` names it."""

    def __init__(self, reason: TargetRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TargetValue:
    """A target as typed or stored. Shares are 0-1."""

    type: TargetType
    low: float | None
    high: float | None
    rationale: str
    revision: int | None

    def as_json(self) -> dict[str, Any]:
        return {"type": self.type.value, "low": self.low, "high": self.high}


class StaleTarget(Exception):
    """Somebody else changed the target meanwhile. `stored` is None when it was removed."""

    def __init__(self, *, mine: TargetValue, stored: TargetValue | None) -> None:
        super().__init__("the target was changed by somebody else")
        self.mine = mine
        self.stored = stored


def stored_value(target: Target) -> TargetValue:
    return TargetValue(
        TargetType(target.type), target.low, target.high, target.rationale, target.revision
    )


def why_no_target(indicator: Indicator) -> TargetRefusal | None:
    """The rule that keeps an indicator without target, or None. Parents never get one."""
    if indicator.is_context:
        return TargetRefusal.CONTEXT
    if indicator.is_descriptive:
        return TargetRefusal.DESCRIPTIVE
    if _is_self_selected(indicator):
        return TargetRefusal.SELF_SELECTED
    if indicator.direction == Direction.NONE:
        return TargetRefusal.NO_DIRECTION
    return None


@transaction.atomic
def set_target(
    *,
    indicator: Indicator,
    school: School | None,
    wave: Wave,
    type: TargetType,
    low: float | None,
    high: float | None,
    rationale: str,
    revision: int | None,
    by: User,
) -> Target:
    """Create the target (revision None) or change the revision the person had read.

    Raises TargetRefused, or StaleTarget when the stored revision is not the one read.
    """
    mine = TargetValue(TargetType(type), low, high, rationale.strip(), revision)
    _check(indicator, school, wave, mine)
    # The indicator's row serialises two people who create the same target at once.
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    target = Target.objects.filter(indicator=indicator, school=school, wave=wave).first()
    if (target.revision if target else None) != revision:
        raise StaleTarget(mine=mine, stored=stored_value(target) if target else None)
    if target is None:
        target = Target(indicator=indicator, school=school, wave=wave, revision=0)
        return _store(target, mine, before={}, kind="target.created", by=by)
    stored = stored_value(target)
    if stored == mine:
        return target
    if not mine.rationale:
        raise TargetRefused(TargetRefusal.NO_RATIONALE)
    return _store(target, mine, before=stored.as_json(), kind="target.changed", by=by)


@transaction.atomic
def remove_target(*, target: Target, reason: str, by: User) -> None:
    """Remove a target that no release shows. The reason is required and kept in the audit log."""
    if not reason.strip():
        raise TargetRefused(TargetRefusal.NO_RATIONALE)
    if Assessment.objects.filter(target=target, run__release__isnull=False).exists():
        raise TargetRefused(TargetRefusal.PUBLISHED)
    audit.record(
        "target.removed",
        target,
        by=by,
        project=target.indicator.project,
        before=stored_value(target).as_json(),
        reason=reason.strip(),
    )
    target.delete()


def _store(
    target: Target, mine: TargetValue, *, before: dict[str, Any], kind: str, by: User
) -> Target:
    target.type, target.low, target.high = mine.type, mine.low, mine.high
    target.rationale = mine.rationale
    target.revision += 1
    target.updated_by = by
    target.save()
    audit.record(
        kind,
        target,
        by=by,
        project=target.indicator.project,
        before=before,
        after=mine.as_json(),
        reason=mine.rationale,
    )
    return target


def _check(indicator: Indicator, school: School | None, wave: Wave, mine: TargetValue) -> None:
    reason = why_no_target(indicator)
    project = indicator.project_id
    if reason is None and (
        wave.project_id != project or (school is not None and school.project_id != project)
    ):
        reason = TargetRefusal.WRONG_PLACE
    if reason is None:
        is_gap = indicator.measure.kind in GAP_MEASURES or mine.type is TargetType.CHANGE
        span = (-1.0 if is_gap else 0.0, 1.0) if is_percent_unit(indicator.unit) else ANY
        reason = _wrong_limits(mine, span)
    if reason is not None:
        raise TargetRefused(reason)


def _wrong_limits(mine: TargetValue, span: tuple[float, float]) -> TargetRefusal | None:
    has = (mine.low is not None, mine.high is not None)
    fitting = {
        TargetType.AT_LEAST: {(True, False)},
        TargetType.AT_MOST: {(False, True)},
        TargetType.RANGE: {(True, True)},
        TargetType.CHANGE: {(True, False), (False, True)},
    }[mine.type]
    limits = [limit for limit in (mine.low, mine.high) if limit is not None]
    if has not in fitting or not all(math.isfinite(limit) for limit in limits):
        return TargetRefusal.LIMITS
    if mine.low is not None and mine.high is not None and mine.low > mine.high:
        return TargetRefusal.ORDER
    if not all(span[0] <= limit <= span[1] for limit in limits):
        return TargetRefusal.NOT_A_SHARE
    return None


def _is_self_selected(indicator: Indicator) -> bool:
    """Whether any instrument behind the measure was answered by people who chose themselves."""
    measure = indicator.measure
    sources = (measure.index, measure.item, measure.second_item)
    instruments = {source.instrument_id for source in sources if source is not None}
    return Wave.objects.filter(
        project_id=indicator.project_id,
        wave_instruments__version__instrument__in=instruments,
        wave_instruments__selection=Selection.SELF_SELECTED,
    ).exists()
