"""Odd answers that a person decides on, by question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from indicators.presenters.numbers import whole
from indicators.problem_texts import problem_parts

NO_ANSWER = "-"


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ValueView:
    text: str
    where: str
    note: str
    suggested: Option | None
    chosen: str  # value of the choice; empty: not decided


@dataclass(frozen=True, slots=True)
class QuestionView:
    name: str
    title: str
    is_number: bool
    options: tuple[Option, ...]
    values: tuple[ValueView, ...]


@dataclass(frozen=True, slots=True)
class ValuesView:
    questions: tuple[QuestionView, ...]
    n_open: int
    n_suggested: int
    more: str


def values_view(found: Any) -> ValuesView | None:
    """None when every answer was understood and nothing was decided."""
    if not found.questions:
        return None
    more = gettext("and %(n)s more answers, shown when these are decided")
    return ValuesView(
        questions=tuple(map(_question, found.questions)),
        n_open=found.n_open,
        n_suggested=found.n_suggested,
        more=more % {"n": whole(found.n_more)} if found.n_more else "",
    )


def _question(asked: Any) -> QuestionView:
    options = {name: Option(name, label or name) for name, label in asked.options}
    return QuestionView(
        name=asked.item,
        title=f"{asked.file_name}: {asked.label}" if asked.label else asked.file_name,
        is_number=not options,
        options=tuple(options.values()),
        values=tuple(_value(one, options) for one in asked.values),
    )


def _value(one: Any, options: dict[str, Option]) -> ValueView:
    is_open = one.meaning is None
    suggested = options.get(one.suggestion)
    if one.suggestion == "":
        suggested = Option(NO_ANSWER, gettext("no answer"))
    label = suggested.label if suggested else ""
    note = problem_parts(one.kind, {"suggestion": label})[0] if is_open else gettext("decided")
    if label and label not in note:
        note = gettext("%(note)s Suggestion: %(label)s.") % {"note": note, "label": label}
    return ValueView(
        text=one.value,
        where=ngettext("%(n)s row", "%(n)s rows", one.n_rows) % {"n": whole(one.n_rows)},
        note=note,
        suggested=suggested,
        chosen="" if is_open else one.meaning or NO_ANSWER,
    )
