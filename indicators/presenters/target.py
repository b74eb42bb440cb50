"""Targets in words and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext

from indicators.presenters.numbers import DASH, Scale
from indicators.presenters.target_doubts import DoubtView, doubt_views
from indicators.presenters.words import StatusView, status_view, unit_text
from indicators.vocabulary import Direction, Status, TargetType


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One row of the list. `pk` is None where there is no target yet; `why_none` says why."""

    pk: int | None
    code: str
    name: str
    unit: str
    place: str
    school_code: str
    wave: str
    target: str
    baseline: str
    base_n: int | None
    value: str
    status: StatusView
    rationale: str
    updated: datetime | None
    updated_by: str
    why_none: str
    is_changed: bool  # the target changed after the calculation it was last judged by
    doubts: tuple[DoubtView, ...]


def scale_of(indicator: Any) -> Scale:
    return Scale(indicator.kind, indicator.decimals, indicator.unit)


def limits_text(scale: Scale, type: str, low: float | None, high: float | None) -> str:
    """ "at least 4.05", "between −0.10 and 0.10", "change of at least +0.15"."""
    if not type:
        return DASH
    if type == TargetType.CHANGE:
        if low is not None:
            return gettext("change of at least %(limit)s") % {"limit": scale.limit_difference(low)}
        return gettext("change of %(limit)s or lower") % {"limit": scale.limit_difference(high)}
    if type == TargetType.RANGE:
        return gettext("between %(low)s and %(high)s") % {
            "low": scale.limit(low),
            "high": scale.limit(high),
        }
    if type == TargetType.AT_MOST:
        return gettext("at most %(limit)s") % {"limit": scale.limit(high)}
    return gettext("at least %(limit)s") % {"limit": scale.limit(low)}


def target_lines(rows: Any, doubted: Any = None) -> list[TargetLine]:
    """`doubted`: what is said against the target of a row, for those who edit."""
    return [_line(row, doubted(row) if doubted else None) for row in rows]


def why_none(indicator: Any) -> str:
    """Why an indicator has no target and gets none; empty where one can be set."""
    if indicator.is_context:
        return gettext("context only")
    if indicator.is_descriptive:
        return gettext("described only")
    if indicator.direction == Direction.NONE:
        return gettext("no direction is better")
    return ""


def _line(row: Any, doubted: Any) -> TargetLine:
    scale = scale_of(row.indicator)
    standing = row.standing
    return TargetLine(
        pk=row.pk,
        code=row.indicator.code,
        name=row.indicator.name,
        unit=unit_text(row.indicator.unit),
        place=place_text(row.school_code, row.school_name),
        school_code=row.school_code,
        wave=row.wave_name or row.wave_code,
        target=limits_text(scale, row.type, row.low, row.high),
        baseline=scale.value(row.baseline.value if row.baseline else None),
        base_n=row.baseline.n if row.baseline else None,
        value=_reached(scale, row),
        status=_status(row),
        rationale=row.rationale,
        updated=row.updated_at,
        updated_by=row.updated_by,
        why_none="" if row.pk else why_none(row.indicator),
        is_changed=bool(
            standing
            and (standing.type, standing.low, standing.high) != (row.type, row.low, row.high)
        ),
        doubts=doubt_views(doubted, scale) if doubted else (),
    )


def _status(row: Any) -> StatusView:
    if row.standing is not None:
        return status_view(row.standing.status)
    if row.pk is None:
        return status_view(Status.NOT_APPLICABLE if why_none(row.indicator) else Status.NO_TARGET)
    return StatusView("waiting", pgettext("status", "not calculated yet"), "")


def _reached(scale: Scale, row: Any) -> str:
    if row.standing is None:
        return DASH
    if row.type == TargetType.CHANGE:
        return scale.difference(row.standing.value)
    return scale.value(row.standing.value, beside=(row.low, row.high))


def place_text(school_code: str, school_name: str) -> str:
    if not school_code:
        return gettext("the whole project")
    return f"{school_code} {school_name}".strip()


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two values of a conflict."""

    target: str
    rationale: str


def side(scale: Scale, value: Any) -> Side:
    if value is None:
        return Side(gettext("removed"), "")
    return Side(limits_text(scale, value.type, value.low, value.high), value.rationale)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    at: datetime
    by: str
    what: str
    before: str
    after: str
    reason: str


def history_lines(events: Any, scale: Scale) -> list[HistoryLine]:
    words = {
        "target.created": gettext("set"),
        "target.changed": gettext("changed"),
        "target.removed": gettext("removed"),
    }
    return [
        HistoryLine(
            at=event.at,
            by=event.by or DASH,
            what=words.get(event.kind, event.kind),
            before=_limits(scale, event.before),
            after=_limits(scale, event.after),
            reason=event.reason,
        )
        for event in events
    ]


def _limits(scale: Scale, stored: Any) -> str:
    return limits_text(scale, stored.get("type", ""), stored.get("low"), stored.get("high"))


@dataclass(frozen=True, slots=True)
class Facts:
    """Beside the form: where the indicator stands."""

    code: str
    name: str
    unit: str
    in_percent: bool
    baseline: str
    base_n: int | None
    detectable: str
    doubts: tuple[DoubtView, ...]


def facts_view(facts: Any, doubted: Any) -> Facts:
    """`doubted`: the target that is set, or none, against what is known of its place."""
    scale = scale_of(facts.indicator)
    level = facts.evidence.level if facts.evidence else None
    detectable = doubted.ground.detectable
    return Facts(
        code=facts.indicator.code,
        name=facts.indicator.name,
        unit=unit_text(facts.indicator.unit),
        in_percent=scale.is_share,
        baseline=scale.value(level.value if level else None),
        base_n=level.n if level else None,
        detectable=scale.size(detectable) if detectable else "",
        doubts=doubt_views(doubted, scale),
    )
