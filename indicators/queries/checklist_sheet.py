"""One checklist as a form: its questions, what is answered, and how it came here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from indicators.models import Checklist, Item, ItemVersion
from indicators.pipeline.checklist_rule import is_complete
from indicators.vocabulary import ChecklistState, ItemKind, WaveState

ASKED = (ItemKind.SCALE, ItemKind.MULTI, ItemKind.NUMBER, ItemKind.TEXT, ItemKind.DATE)


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
