"""Which schools take part in a wave."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from indicators.models import School, SchoolEvent
from indicators.vocabulary import SchoolEventKind, SchoolRole

if TYPE_CHECKING:
    from indicators.models import Wave


def wave_schools(wave: Wave, seen: Collection[str]) -> list[tuple[School, bool]]:
    """Schools by code, each with whether the register says that it was absent. Two queries.

    `seen`: codes of schools whose answers are there already; they take part whatever the register
    says. Of two merged schools the one that answered takes part, else the one that goes on.
    """
    events = SchoolEvent.objects.filter(
        school__project=wave.project_id, kind__in=(SchoolEventKind.CLOSED, SchoolEventKind.ABSENT)
    )
    closed, absent = set(), set()
    for event in events:
        if event.kind == SchoolEventKind.ABSENT and event.wave_id == wave.pk:
            absent.add(event.school_id)
        day = event.happened_on
        if event.kind == SchoolEventKind.CLOSED and day and day < wave.field_start:
            closed.add(event.school_id)
    schools = School.objects.filter(project=wave.project_id).order_by("code")
    return [
        (school, school.pk in absent)
        for school in schools.select_related("continues", "continued_by")
        if school.code in seen or (school.pk not in closed and _is_awaited(school, seen))
    ]


def _is_awaited(school: School, seen: Collection[str]) -> bool:
    successor = getattr(school, "continued_by", None)
    return (
        school.role == SchoolRole.INNOVATIVE
        and successor is None
        and (school.continues is None or school.continues.code not in seen)
    )
