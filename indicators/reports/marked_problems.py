"""The problems of a file as lines of the first sheet of its marked workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, ngettext

from indicators.presenters.numbers import whole
from indicators.presenters.upload import csv_header
from indicators.problem_texts import problem_text
from indicators.vocabulary import Severity
from indicators.words import word

if TYPE_CHECKING:
    from indicators.models import Problem


@dataclass(frozen=True, slots=True)
class SheetLine:
    cells: tuple[Any, ...]
    is_title: bool = False


def problem_lines(problems: Sequence[Problem], n_left: int) -> Iterator[SheetLine]:
    """A summary by kind with counts, heaviest first, then every problem with its place."""
    kinds = by_kind(problems)
    if n_left:
        yield SheetLine((_left_out(n_left),), is_title=True)
    if not problems:
        yield SheetLine((gettext("No problem was found."),))
        return
    yield SheetLine((*csv_header()[:2], gettext("How often")), is_title=True)
    for (severity, _kind), same in kinds.items():
        first = problem_text(same[0].kind, same[0].params)
        yield SheetLine((str(word(Severity(severity))), first, len(same)))
    yield SheetLine(())
    yield SheetLine(tuple(csv_header()), is_title=True)
    for same in kinds.values():
        yield from map(_line, same)


def by_kind(problems: Sequence[Problem]) -> dict[tuple[str, str], list[Problem]]:
    """Problems by severity and kind: the heaviest first, then as they were found."""
    found: dict[tuple[str, str], list[Problem]] = {}
    order = list(Severity)
    for problem in sorted(problems, key=lambda one: order.index(Severity(one.severity))):
        found.setdefault((problem.severity, problem.kind), []).append(problem)
    return found


def _line(problem: Problem) -> SheetLine:
    return SheetLine(
        (
            str(word(Severity(problem.severity))),
            problem_text(problem.kind, problem.params),
            problem.sheet,
            problem.row,
            problem.column,
            problem.value,
            problem.suggestion,
        )
    )


def _left_out(n: int) -> str:
    return ngettext(
        "%(n)s row of the file was left out of this download, which is therefore not to be loaded: "
        "correct the source.",
        "%(n)s rows of the file were left out of this download, which is therefore not to be "
        "loaded: correct the source.",
        n,
    ) % {"n": whole(n)}
