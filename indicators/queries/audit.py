"""Who did what, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from indicators.models import AuditEvent
from indicators.queries.paging import Paged

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
class EventPage(Paged):
    rows: tuple[EventRow, ...]
    number: int
    has_next: bool


PER_PAGE = 50


def event_page(*, project: Project, kind: str, number: int, with_answers: bool) -> EventPage:
    """One page of the audit log. One query; the total is not counted, the log only grows.

    Without `with_answers` what directors typed into checklists is left out.
    """
    events = AuditEvent.objects.filter(project=project)
    if kind:
        events = events.filter(kind=kind)
    start = (number - 1) * PER_PAGE
    found = event_rows(events[start : start + PER_PAGE + 1], with_answers=with_answers)
    return EventPage(tuple(found[:PER_PAGE]), number, len(found) > PER_PAGE)


def event_kinds(project: Project) -> list[str]:
    """The kinds that occur, for the filter."""
    kinds = AuditEvent.objects.filter(project=project).order_by("kind")
    return list(kinds.values_list("kind", flat=True).distinct())


def history_of(object_type: str, pk: int) -> tuple[EventRow, ...]:
    """What happened to one object, newest first."""
    events = AuditEvent.objects.filter(object_type=object_type, object_id=str(pk))
    return tuple(event_rows(events[:200]))


def event_rows(events: QuerySet[AuditEvent], *, with_answers: bool = True) -> list[EventRow]:
    """Events as rows, in their order. One query."""
    secret = set() if with_answers else {"answers", "comments"}
    return [
        EventRow(
            at=event.at,
            by=(event.by.get_full_name() or event.by.get_username()) if event.by else "",
            kind=event.kind,
            label=event.object_label,
            before={name: v for name, v in event.before.items() if name not in secret},
            after={name: v for name, v in event.after.items() if name not in secret},
            reason=event.reason,
        )
        for event in events.select_related("by")
    ]
