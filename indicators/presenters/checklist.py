"""A checklist as sections of questions with their answers, and the list of a wave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext

from indicators.presenters.numbers import DASH
from indicators.vocabulary import ChecklistState, ItemKind
from indicators.words import word


@dataclass(frozen=True, slots=True)
class StateView:
    key: str
    word: str


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    pk: int | None
    school_code: str
    school_name: str
    state: StateView
    answered: str
    is_incomplete: bool  # sent, but too little answered to count
    updated: datetime | None
    return_reason: str


@dataclass(frozen=True, slots=True)
class Count:
    state: StateView
    n: int


def state_view(state: str) -> StateView:
    if not state:
        return StateView("none", pgettext("checklist", "not started"))
    return StateView(state, str(word(ChecklistState(state))))


def checklist_lines(rows: Any) -> list[ChecklistLine]:
    sent = (ChecklistState.SUBMITTED, ChecklistState.APPROVED)
    return [
        ChecklistLine(
            pk=row.pk,
            school_code=row.school_code,
            school_name=row.school_name,
            state=state_view(row.state),
            answered=_of(row.answered, row.scored) if row.pk else DASH,
            is_incomplete=row.state in sent and not row.is_complete,
            updated=row.updated_at,
            return_reason=return_reason(row),
        )
        for row in rows
    ]


def return_reason(sheet: Any) -> str:
    """What its reader wrote; of a file that said too little, this itself."""
    is_returned = sheet.state == ChecklistState.RETURNED
    if sheet.return_reason or not is_returned or sheet.is_complete:
        return str(sheet.return_reason)
    return gettext(
        "Only %(answered)s of %(scored)s questions are answered: at least half are needed."
    ) % {"answered": sheet.answered, "scored": sheet.scored}


def count_views(counts: Mapping[str, int]) -> list[Count]:
    order = ["", *ChecklistState]
    return [Count(state_view(state), counts[state]) for state in order if counts.get(state)]


def _of(part: int, total: int) -> str:
    return gettext("%(part)s of %(total)s") % {"part": part, "total": total}


@dataclass(frozen=True, slots=True)
class Choice:
    code: int
    label: str
    is_chosen: bool
    field_id: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """`widget`: radio, checkbox, text, number, date. `shown` is the answer in words."""

    name: str
    label: str
    widget: str
    choices: tuple[Choice, ...]
    value: str
    shown: str
    comment: str
    last: str
    problem: str
    is_missing: bool
    is_opinion: bool


@dataclass(frozen=True, slots=True)
class SectionView:
    number: int
    label: str
    questions: tuple[QuestionView, ...]
    progress: str
    is_done: bool


WIDGETS = {
    ItemKind.SCALE: "radio",
    ItemKind.MULTI: "checkbox",
    ItemKind.NUMBER: "number",
    ItemKind.DATE: "date",
    ItemKind.TEXT: "text",
}


def section_views(
    sheet: Any,
    *,
    answers: Mapping[str, Any],
    comments: Mapping[str, str],
    problems: Mapping[str, Any],
) -> list[SectionView]:
    """The form with these answers: the stored ones, or what was typed and not yet saved."""
    views = []
    for number, section in enumerate(sheet.sections, start=1):
        questions = tuple(
            _question(question, answers.get(question.name), comments, problems)
            for question in section.questions
        )
        counted = [question for question in questions if question.widget == "radio"]
        done = sum(not question.is_missing for question in counted)
        views.append(
            SectionView(
                number=number,
                label=section.label or gettext("Questions"),
                questions=questions,
                progress=_of(done, len(counted)) if counted else "",
                is_done=done == len(counted),
            )
        )
    return views


def _question(
    question: Any, answer: Any, comments: Mapping[str, str], problems: Mapping[str, Any]
) -> QuestionView:
    chosen = _chosen(question, answer)
    problem = problems.get(question.name)
    is_choice = question.kind in (ItemKind.SCALE, ItemKind.MULTI)
    return QuestionView(
        name=question.name,
        label=question.label,
        widget=WIDGETS[question.kind],
        choices=tuple(
            Choice(o.code, o.label, str(o.code) in chosen, f"a-{question.name}-{o.code}")
            for o in question.options
        ),
        value="" if answer is None or is_choice else str(answer),
        shown=answer_text(question, answer),
        comment=comments.get(question.name, ""),
        last=answer_text(question, question.last, missing=""),
        problem=str(problem) if problem else "",
        is_missing=question.kind is ItemKind.SCALE and not chosen,
        is_opinion=question.is_opinion,
    )


def answer_text(question: Any, answer: Any, missing: str = DASH) -> str:
    """An answer in the words of the form."""
    if question.kind in (ItemKind.SCALE, ItemKind.MULTI):
        chosen = _chosen(question, answer)
        return ", ".join(o.label for o in question.options if str(o.code) in chosen) or missing
    return missing if answer in (None, "") else str(answer)


def _chosen(question: Any, answer: Any) -> set[str]:
    """Codes chosen, as text. A stored multi answer is a bit mask over the options."""
    if answer in (None, ""):
        return set()
    if isinstance(answer, list):
        return {str(code) for code in answer}
    if question.kind is ItemKind.MULTI and isinstance(answer, int):
        return {str(o.code) for place, o in enumerate(question.options) if answer >> place & 1}
    return {str(answer)}


@dataclass(frozen=True, slots=True)
class Difference:
    """One question on which two devices disagree."""

    label: str
    mine: str
    stored: str


def differences(
    sheet: Any, answers: Mapping[str, Any], comments: Mapping[str, str]
) -> list[Difference]:
    """What was typed here against what is stored meanwhile."""
    found = []
    for question in sheet.questions:
        mine = answer_text(question, answers.get(question.name))
        stored = answer_text(question, sheet.answers.get(question.name))
        if mine != stored:
            found.append(Difference(question.label, mine, stored))
        mine, stored = (side.get(question.name, "") for side in (comments, sheet.comments))
        if mine.strip() != stored.strip():
            label = gettext("%(question)s (comment)") % {"question": question.label}
            found.append(Difference(label, mine or DASH, stored or DASH))
    return found


def step_text(kind: str) -> str:
    """What happened to the checklist."""
    words = {
        "started": gettext("started"),
        "saved": gettext("saved"),
        "sent": gettext("sent"),
        "sent_incomplete": gettext("sent incomplete"),
        "returned": gettext("returned for correction"),
        "approved": gettext("approved"),
        "reopened": gettext("reopened"),
        "loaded": gettext("loaded from a file"),
        "imported": gettext("loaded from a file"),
    }
    text = words.get(kind.removesuffix("_for"), kind)
    if kind.endswith("_for"):
        return gettext("%(step)s by the project team for the school") % {"step": text}
    return text


@dataclass(frozen=True, slots=True)
class StepView:
    at: datetime
    by: str
    what: str
    comment: str


def step_views(steps: Any) -> list[StepView]:
    """Savings in a row by one person are one line, the newest."""
    views: list[StepView] = []
    for step in steps:
        view = StepView(step.at, step.by or DASH, step_text(step.kind), step.comment)
        is_repeated = views and (views[-1].by, views[-1].what) == (view.by, view.what)
        if not (is_repeated and step.kind.startswith("saved")):
            views.append(view)
    return views
