"""Columns that a person decides on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from indicators.presenters.numbers import whole

LEFT_OUT = "-"
LONGEST = 90


@dataclass(frozen=True, slots=True)
class Question:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ColumnView:
    header: str
    note: str
    alike: Question | None
    chosen: str  # value of the choice; empty: not decided


@dataclass(frozen=True, slots=True)
class ColumnsView:
    columns: tuple[ColumnView, ...]
    questions: tuple[Question, ...]
    n_open: int
    more: str


def columns_view(found: Any) -> ColumnsView | None:
    """None when there is nothing to decide and nothing was decided."""
    if not found.columns:
        return None
    questions = {
        name: Question(name, _label(file_name, text)) for name, file_name, text in found.items
    }
    by_file_name = {file_name: questions[name] for name, file_name, _ in found.items}
    more = gettext("and %(n)s more columns, shown when these are decided")
    return ColumnsView(
        columns=tuple(_column(one, by_file_name) for one in found.columns),
        questions=tuple(questions.values()),
        n_open=sum(one.item is None for one in found.columns),
        more=more % {"n": whole(found.n_more)} if found.n_more else "",
    )


def _label(file_name: str, text: str) -> str:
    label = f"{file_name}: {text}" if text else file_name
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"


def _column(one: Any, by_file_name: dict[str, Question]) -> ColumnView:
    alike = by_file_name.get(one.suggestion)
    chosen = "" if one.item is None else one.item or LEFT_OUT
    return ColumnView(one.header, _note(one), alike, chosen)


def _note(one: Any) -> str:
    if one.item is not None:
        return gettext("decided before")
    return {
        "header_unclear": gettext("resembles a question, not read"),
        "header_wording_slightly_changed": gettext("worded a little differently, read"),
        "duplicate_header": gettext("stands twice; one of the two is to be left out"),
    }.get(one.kind, gettext("no question, not read"))
