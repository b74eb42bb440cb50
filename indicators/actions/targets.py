"""Enter, change and remove targets. What is said in the rationale is kept in the audit log."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction

from indicators.actions import audit
from indicators.actions.target_realism import scale_ground
from indicators.models import (
    Assessment,
    Indicator,
    School,
    Target,
    User,
    Wave,
    WaveInstrument,
)
from indicators.pipeline.realism import is_outside
from indicators.vocabulary import Direction, Selection, TargetType, is_percent_unit


class TargetRefusal(StrEnum):
    """Why a target cannot be entered."""

    SELF_SELECTED = "self_selected"  # the respondents chose themselves: descriptive only
    DESCRIPTIVE = "descriptive"
    CONTEXT = "context"
    NO_DIRECTION = "no_direction"
    WRONG_PLACE = "wrong_place"  # school or wave of another project
    LIMITS = "limits"  # the limits do not fit the type
    ORDER = "order"  # a range that ends before it begins
    NOT_A_SHARE = "not_a_share"  # a share outside 0-1, not confirmed
    OUTSIDE_SCALE = "outside_scale"  # a value that cannot occur, not confirmed
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


def why_no_target(
    indicator: Indicator, self_selected: Collection[int] | None = None
) -> TargetRefusal | None:
    """The rule that keeps an indicator without target, or None. Parents never get one.

    `self_selected`: of the project, where it is known already.
    """
    if indicator.is_context:
        return TargetRefusal.CONTEXT
    if indicator.is_descriptive:
        return TargetRefusal.DESCRIPTIVE
    if self_selected is None:
        self_selected = self_selected_instruments(indicator.project_id)
    measure = indicator.measure
    sources = (measure.index, measure.item, measure.second_item)
    if any(source is not None and source.instrument_id in self_selected for source in sources):
        return TargetRefusal.SELF_SELECTED
    if indicator.direction == Direction.NONE:
        return TargetRefusal.NO_DIRECTION
    return None


def self_selected_instruments(project: int) -> frozenset[int]:
    """Questionnaires answered by people who chose themselves, in any wave. One query."""
    uses = WaveInstrument.objects.filter(wave__project=project, selection=Selection.SELF_SELECTED)
    return frozenset(uses.values_list("version__instrument", flat=True))


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
    is_confirmed: bool = False,
) -> Target:
    """Create the target (revision None) or change the revision the person had read.

    A limit outside the scale needs `is_confirmed` and a rationale. Raises TargetRefused, or
    StaleTarget when the stored revision is not the one read.
    """
    mine = TargetValue(TargetType(type), low, high, rationale.strip(), revision)
    if reason := why_refused(indicator, school, wave, mine, is_confirmed=is_confirmed):
        raise TargetRefused(reason)
    # The indicator's row serialises two people who create the same target at once.
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    target = Target.objects.filter(indicator=indicator, school=school, wave=wave).first()
    if (target.revision if target else None) != revision:
        raise StaleTarget(mine=mine, stored=stored_value(target) if target else None)
    if target is None:
        target = Target(indicator=indicator, school=school, wave=wave, revision=0)
    elif stored_value(target) == mine:
        return target
    elif not mine.rationale:
        raise TargetRefused(TargetRefusal.NO_RATIONALE)
    return store_target(target, mine, by=by)


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


def store_target(target: Target, mine: TargetValue, *, by: User) -> Target:
    """Write what was checked, with the audit row. Call it inside the transaction of the write."""
    before = stored_value(target).as_json() if target.pk else {}
    target.type, target.low, target.high = mine.type, mine.low, mine.high
    target.rationale = mine.rationale
    target.revision += 1
    target.updated_by = by
    target.save()
    audit.record(
        "target.changed" if before else "target.created",
        target,
        by=by,
        project=target.indicator.project,
        before=before,
        after=mine.as_json(),
        reason=mine.rationale,
    )
    return target


def why_refused(
    indicator: Indicator,
    school: School | None,
    wave: Wave,
    mine: TargetValue,
    *,
    is_confirmed: bool,
    self_selected: Collection[int] | None = None,
) -> TargetRefusal | None:
    """The rule a target breaks, or None."""
    project = indicator.project_id
    if reason := why_no_target(indicator, self_selected):
        return reason
    if wave.project_id != project or (school is not None and school.project_id != project):
        return TargetRefusal.WRONG_PLACE
    if reason := _wrong_limits(mine):
        return reason
    if not is_outside(mine.type, mine.low, mine.high, scale_ground(indicator)):
        return None
    if is_confirmed:
        return None if mine.rationale else TargetRefusal.NO_RATIONALE
    is_share = is_percent_unit(indicator.unit)
    return TargetRefusal.NOT_A_SHARE if is_share else TargetRefusal.OUTSIDE_SCALE


def _wrong_limits(mine: TargetValue) -> TargetRefusal | None:
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
    return None
