"""Comparisons that were asked for, ready to print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy, ngettext

from indicators.presenters.gap import GapView, gap_view
from indicators.presenters.words import GROUP_WORDS
from indicators.vocabulary import RunState

if TYPE_CHECKING:
    from indicators.results.comparison import (
        ComparisonPage,
        ComparisonRow,
        GroupChoice,
        MeasureChoice,
    )

Choices = list[tuple[str, list[tuple[str, str]]]]
DIFFERENT_QUESTIONS = gettext_lazy(
    "The two questions are worded differently, so a gap may come from the words and not from the "
    "people. Its change says more."
)
ERRORS = {
    "data_changed": gettext_lazy(
        "Data or definitions changed since this calculation. Calculate anew, then ask again."
    ),
    "failed": gettext_lazy("The comparison could not be computed. Ask again, or tell us."),
}


@dataclass(frozen=True, slots=True)
class ComparisonView:
    pk: int
    title: str
    state: str
    problem: str
    asked_by: str
    why: str
    is_waiting: bool
    gap: GapView | None
    care: tuple[str, ...]


def comparison_views(page: ComparisonPage) -> tuple[ComparisonView, ...]:
    return tuple(_view(row, page) for row in page.rows)


def _view(row: ComparisonRow, page: ComparisonPage) -> ComparisonView:
    gap = None if row.line is None else gap_view(row.line, page.waves)
    is_between = row.line is not None and not row.line.group_by
    care = [str(DIFFERENT_QUESTIONS)] if is_between and not row.is_same_question else []
    return ComparisonView(
        pk=row.pk,
        title=row.title,
        state=row.state,
        problem=str(ERRORS.get(row.error, "")),
        asked_by=row.asked_by,
        why=row.why,
        is_waiting=row.state in (RunState.WAITING, RunState.RUNNING),
        gap=gap,
        care=tuple(care),
    )


def grouped_measures(choices: Iterable[MeasureChoice]) -> Choices:
    """Choices of a list by questionnaire."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in choices:
        found.setdefault(one.instrument, []).append((one.code, one.label))
    return list(found.items())


def grouped_groups(choices: Iterable[GroupChoice], between: str) -> Choices:
    """Choices of a list by breakdown."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in choices:
        title = str(GROUP_WORDS.get(one.group_by, one.group_by))
        found.setdefault(title, []).append((f"{one.group_by}{between}{one.group}", one.label))
    return list(found.items())


def asked_words(n: int) -> str:
    text = ngettext(
        "%(n)s comparison is being computed again.",
        "%(n)s comparisons are being computed again.",
        n,
    )
    return text % {"n": n}


def refused_words(n: int) -> str:
    text = ngettext(
        "%(n)s comparison cannot be made any more: a side has no value or too few answers.",
        "%(n)s comparisons cannot be made any more: a side has no value or too few answers.",
        n,
    )
    return text % {"n": n}
