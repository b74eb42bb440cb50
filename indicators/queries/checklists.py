"""Checklists of a wave, school by school."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from indicators.models import (
    Checklist,
    InstrumentVersion,
    ItemVersion,
    School,
    SchoolEvent,
    Wave,
    WaveInstrument,
)
from indicators.pipeline.checklist_rule import is_complete
from indicators.queries.paging import Paged
from indicators.queries.results import wave_head
from indicators.results import WaveHead
from indicators.vocabulary import (
    ChecklistState,
    ItemKind,
    Respondent,
    SchoolEventKind,
    SchoolRole,
    WaveState,
)

if TYPE_CHECKING:
    from indicators.access import Visit

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """The checklist of one school in the wave; `pk` is None while nobody has started it."""

    pk: int | None
    school_code: str
    school_name: str
    state: str
    is_complete: bool
    answered: int
    scored: int
    updated_at: datetime | None
    return_reason: str


@dataclass(frozen=True, slots=True)
class ChecklistPage(Paged):
    waves: tuple[WaveHead, ...]
    wave: WaveHead | None
    is_open: bool
    counts: Mapping[str, int]  # by state; "" counts the schools that have not started
    rows: tuple[ChecklistRow, ...]
    number: int
    has_next: bool


def checklist_page(visit: Visit, *, wave_code: str, number: int) -> ChecklistPage:
    """The schools of a wave by code: an officer sees all, a director the own ones."""
    uses = list(_wave_forms(visit))
    waves = tuple(wave_head(use.wave) for use in uses)
    use = next((use for use in uses if use.wave.code == wave_code), None)
    use = use or _first_shown(visit, uses)
    if use is None:
        return ChecklistPage((), None, False, {}, (), 1, False)
    is_open = use.wave.state == WaveState.OPEN
    schools = _schools(visit, use)
    counts: dict[str, int] = {}
    for _school, checklist in schools:
        state = checklist.state if checklist else ""
        counts[state] = counts.get(state, 0) + 1
    start = (number - 1) * PER_PAGE
    scored = _scored({use.version_id})
    return ChecklistPage(
        waves=waves,
        wave=wave_head(use.wave),
        is_open=is_open,
        counts=counts,
        rows=tuple(
            _row(school, checklist, scored.get(use.version_id, ()))
            for school, checklist in schools[start : start + PER_PAGE]
        ),
        number=number,
        has_next=len(schools) > start + PER_PAGE,
    )


def _first_shown(visit: Visit, uses: list[WaveInstrument]) -> WaveInstrument | None:
    """The newest wave; for a director the newest one in which a checklist came back."""
    if visit.role.is_bound_to_schools:
        returned = set(
            Checklist.objects.filter(
                school__in=visit.own_school_ids,
                state=ChecklistState.RETURNED,
                wave__state=WaveState.OPEN,
            ).values_list("wave_id", flat=True)
        )
        uses = [use for use in uses if use.wave_id in returned] or uses
    return uses[-1] if uses else None


def form_of_wave(visit: Visit, wave_code: str) -> tuple[Wave, InstrumentVersion] | None:
    """The wave and the director's form it uses."""
    use = next((use for use in _wave_forms(visit) if use.wave.code == wave_code), None)
    return (use.wave, use.version) if use else None


def _wave_forms(visit: Visit) -> Any:
    return (
        WaveInstrument.objects.filter(
            wave__project=visit.project, version__instrument__respondent=Respondent.DIRECTOR
        )
        .select_related("wave", "version__instrument")
        .order_by("wave__position")
    )


def _schools(visit: Visit, use: WaveInstrument) -> list[tuple[School, Checklist | None]]:
    """Schools with a checklist, and those that still owe one, by code."""
    checklists = {
        checklist.school_id: checklist
        for checklist in Checklist.objects.filter(wave=use.wave_id, version=use.version_id)
    }
    closed = set(
        SchoolEvent.objects.filter(
            school__project=visit.project,
            kind=SchoolEventKind.CLOSED,
            happened_on__lt=use.wave.field_start,
        ).values_list("school_id", flat=True)
    )
    schools = School.objects.filter(project=visit.project).select_related("continued_by")
    if visit.role.is_bound_to_schools:
        schools = schools.filter(pk__in=visit.own_school_ids)
    return [
        (school, checklists.get(school.pk))
        for school in schools.order_by("code")
        if school.pk in checklists or _owes(school, checklists, closed)
    ]


def _owes(school: School, checklists: Collection[int], closed: Collection[int]) -> bool:
    """Whether a school without checklist should have one; a merged school answers for its line."""
    successor = getattr(school, "continued_by", None)
    return (
        school.role == SchoolRole.INNOVATIVE
        and school.pk not in closed
        and successor is None
        and school.continues_id not in checklists
    )


def _row(school: School, checklist: Checklist | None, scored: Collection[str]) -> ChecklistRow:
    complete, answered, total = is_complete(checklist.answers if checklist else {}, scored)
    return ChecklistRow(
        pk=checklist.pk if checklist else None,
        school_code=school.code,
        school_name=school.name,
        state=checklist.state if checklist else "",
        is_complete=complete,
        answered=answered,
        scored=total,
        updated_at=checklist.updated_at if checklist else None,
        return_reason=checklist.return_reason if checklist else "",
    )


def _scored(versions: Collection[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    items = ItemVersion.objects.filter(version__in=versions, item__kind=ItemKind.SCALE)
    for version, name in items.values_list("version_id", "item__name"):
        names.setdefault(version, []).append(name)
    return names
