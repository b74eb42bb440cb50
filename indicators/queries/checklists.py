"""Checklists of a wave, and one checklist as a form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from indicators.models import (
    Checklist,
    InstrumentVersion,
    Item,
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
ASKED = (ItemKind.SCALE, ItemKind.MULTI, ItemKind.NUMBER, ItemKind.TEXT, ItemKind.DATE)


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
    use = next((use for use in uses if use.wave.code == wave_code), uses[-1] if uses else None)
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


@dataclass(frozen=True, slots=True)
class Option:
    code: int
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    label: str
    kind: ItemKind
    is_opinion: bool
    options: tuple[Option, ...]
    last: Any  # the answer of the wave before, as stored


@dataclass(frozen=True, slots=True)
class Section:
    label: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the checklist."""

    kind: str
    at: datetime
    by: str
    comment: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One checklist: its form, what is answered, and how it came here."""

    pk: int
    school_code: str
    school_name: str
    wave_name: str
    due_on: date
    state: str
    is_open: bool
    revision: int
    answers: Mapping[str, Any]
    comments: Mapping[str, str]
    return_reason: str
    filled_by: str
    filled_on: date | None
    updated_at: datetime
    is_complete: bool
    answered: int
    scored: int
    sections: tuple[Section, ...]
    last_wave: str
    steps: tuple[Step, ...]

    @property
    def questions(self) -> list[Question]:
        return [question for section in self.sections for question in section.questions]


def checklist_sheet(checklist: Checklist) -> Sheet:
    """Everything the page of one checklist shows. Eight queries."""
    last = _last_time(checklist)
    sections = _sections(checklist, last.answers if last else {})
    scored = [
        question.name
        for section in sections
        for question in section.questions
        if question.kind is ItemKind.SCALE
    ]
    complete, answered, total = is_complete(checklist.answers, scored)
    return Sheet(
        pk=checklist.pk,
        school_code=checklist.school.code,
        school_name=checklist.school.name,
        wave_name=checklist.wave.name,
        due_on=checklist.wave.field_end,
        state=checklist.state,
        is_open=checklist.state in (ChecklistState.DRAFT, ChecklistState.RETURNED)
        and checklist.wave.state == WaveState.OPEN,
        revision=checklist.revision,
        answers=checklist.answers,
        comments=checklist.comments,
        return_reason=checklist.return_reason,
        filled_by=checklist.filled_by,
        filled_on=checklist.filled_on,
        updated_at=checklist.updated_at,
        is_complete=complete,
        answered=answered,
        scored=total,
        sections=sections,
        last_wave=last.wave.name if last else "",
        steps=_steps(checklist),
    )


def _last_time(checklist: Checklist) -> Checklist | None:
    """The checklist of the wave before, of the school or of the one it continues."""
    line = [checklist.school_id, checklist.school.continues_id]
    earlier = Checklist.objects.filter(
        school__in=[pk for pk in line if pk],
        version__instrument=checklist.version.instrument_id,
        wave__position__lt=checklist.wave.position,
    )
    return earlier.select_related("wave").order_by("-wave__position").first()


def _sections(checklist: Checklist, last: Mapping[str, Any]) -> tuple[Section, ...]:
    rows = (
        ItemVersion.objects.filter(version=checklist.version_id, item__kind__in=ASKED)
        .select_related("item__block", "item__scale")
        .prefetch_related("item__scale__options")
        .order_by("position")
    )
    head = _head_block(checklist)
    sections: dict[int | None, tuple[str, list[Question]]] = {}
    for row in rows:
        block = row.item.block
        if head is not None and row.item.block_id == head:
            continue
        _label, questions = sections.setdefault(
            row.item.block_id, (block.label if block else "", [])
        )
        options = row.item.scale.options.all() if row.item.scale else ()
        questions.append(
            Question(
                name=row.item.name,
                label=row.label or row.item.label or row.item.name,
                kind=ItemKind(row.item.kind),
                is_opinion=row.item.is_opinion,
                options=tuple(
                    Option(option.code, option.label or option.name) for option in options
                ),
                last=last.get(row.item.name),
            )
        )
    return tuple(Section(label, tuple(questions)) for label, questions in sections.values())


def _head_block(checklist: Checklist) -> int | None:
    """The block that names the school: who filled the form in and when is kept apart of it."""
    heads = Item.objects.filter(versions__version=checklist.version_id, kind=ItemKind.SCHOOL)
    return heads.values_list("block_id", flat=True).first()


def _steps(checklist: Checklist) -> tuple[Step, ...]:
    events = checklist.events.select_related("by").order_by("-at", "-pk")[:30]
    return tuple(
        Step(
            event.kind,
            event.at,
            (event.by.get_full_name() or event.by.get_username()) if event.by else "",
            event.comment,
        )
        for event in events
    )
