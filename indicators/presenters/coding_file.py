"""What a file of codes would do, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from indicators.presenters.numbers import whole
from indicators.vocabulary import Severity
from indicators.words import word

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ProblemLine:
    severity: str
    word: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class PreviewView:
    sentence: str
    problems: tuple[ProblemLine, ...]
    n_more: int
    is_acceptable: bool


def preview_view(
    read: Any, n_answers: int, problem_text: Callable[[str, Mapping[str, Any]], str]
) -> PreviewView:
    """`read`: pipeline's reading of the file; `problem_text` words a problem."""
    n = len(read.given)
    sentence = ngettext(
        "%(n)s answer of %(all)s has a code in this file.",
        "%(n)s answers of %(all)s have a code in this file.",
        n,
    ) % {"n": whole(n), "all": whole(n_answers)}
    if read.n_empty:
        text = ngettext(
            "%(n)s row without a theme is not coded.",
            "%(n)s rows without a theme are not coded.",
            read.n_empty,
        )
        sentence += " " + text % {"n": whole(read.n_empty)}
    lines = tuple(
        ProblemLine(
            severity=one.severity.value,
            word=str(word(Severity(one.severity))),
            place=_place(one),
            text=problem_text(one.kind, {**one.params, "value": one.value}),
        )
        for one in read.problems[:MOST_SHOWN]
    )
    n_more = max(len(read.problems) - MOST_SHOWN, 0)
    return PreviewView(sentence, lines, n_more, read.is_acceptable)


def _place(problem: Any) -> str:
    parts = []
    if problem.row is not None:
        parts.append(gettext("row %(n)s") % {"n": problem.row})
    if problem.column:
        parts.append(gettext("column %(name)s") % {"name": problem.column})
    return ", ".join(parts)


def imported_text(counts: Mapping[str, int]) -> str:
    return gettext("The codes are kept: %(new)s new, %(changed)s changed, %(same)s as before.") % {
        name: whole(n) for name, n in counts.items()
    }
