"""Who did what, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from indicators.models import AuditEvent

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from indicators.models import Project


@dataclass(frozen=True, slots=True)
class EventRow:
    at: datetime
    by: str
    kind: str
    label: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True)
class EventPage:
    rows: tuple[EventRow, ...]
    number: int
    has_next: bool


PER_PAGE = 50


def event_page(*, project: Project, kind: str, number: int) -> EventPage:
    """One page of the audit log. One query; the total is not counted, the log only grows."""
    events = AuditEvent.objects.filter(project=project)
    if kind:
        events = events.filter(kind=kind)
    start = (number - 1) * PER_PAGE
    found = _rows(events[start : start + PER_PAGE + 1])
    return EventPage(tuple(found[:PER_PAGE]), number, len(found) > PER_PAGE)


def event_kinds(project: Project) -> list[str]:
    """The kinds that occur, for the filter."""
    kinds = AuditEvent.objects.filter(project=project).order_by("kind")
    return list(kinds.values_list("kind", flat=True).distinct())


def history_of(object_type: str, pk: int) -> tuple[EventRow, ...]:
    """What happened to one object, newest first."""
    events = AuditEvent.objects.filter(object_type=object_type, object_id=str(pk))
    return tuple(_rows(events[:200]))


def _rows(events: QuerySet[AuditEvent]) -> list[EventRow]:
    return [
        EventRow(
            at=event.at,
            by=(event.by.get_full_name() or event.by.get_username()) if event.by else "",
            kind=event.kind,
            label=event.object_label,
            before=event.before,
            after=event.after,
            reason=event.reason,
        )
        for event in events.select_related("by")
    ]
