"""A survey file before it counts: what it is taken for, what would count, its first rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext

from indicators.presenters.numbers import whole
from indicators.presenters.upload import (
    ProblemSection,
    ProblemText,
    SeverityCount,
    funnel_steps,
    kind_word,
    problem_sections,
    severity_counts,
)

LONGEST_CELL = 80


@dataclass(frozen=True, slots=True)
class CellView:
    text: str
    is_marked: bool  # a problem stands here


@dataclass(frozen=True, slots=True)
class RowView:
    """`key`: new (counts), skip (left out), error (blocks)."""

    number: int
    key: str
    word: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class SurveyFileView:
    file_name: str
    facts: tuple[tuple[str, str], ...]
    counts: tuple[SeverityCount, ...]
    sections: tuple[ProblemSection, ...]
    header: tuple[str, ...]
    rows: tuple[RowView, ...]
    shown: str  # "the first 200 of 972 rows"; empty when all are there
    already: str  # name of the same file that counts already
    is_blocked: bool


def survey_file_view(result: Any, groups: Sequence[Any], text: ProblemText) -> SurveyFileView:
    tried = result.tried
    n_rows = len(tried.table.row_numbers) if tried.table else 0
    shown = gettext("The first %(n)s of %(of)s rows") % {
        "n": whole(len(result.rows)),
        "of": whole(n_rows),
    }
    return SurveyFileView(
        file_name=tried.raw.name,
        facts=tuple(_facts(result)),
        counts=severity_counts(Counter(str(one.severity) for one in result.problems)),
        sections=tuple(problem_sections(groups, text)),
        header=tuple(result.diff_headers),
        rows=tuple(_rows(result)),
        shown=shown if n_rows > len(result.rows) else "",
        already=tried.already.file_name if tried.already else "",
        is_blocked=result.has_errors(),
    )


def _facts(result: Any) -> list[tuple[str, str]]:
    reading, raw, survey = result.tried.reading, result.tried.raw, result.tried.checked.survey
    version = reading.version
    form = f"{version.instrument} {version.version}" if version else ""
    facts = [
        (gettext("What is in it"), kind_word(reading.kind or "")),
        (gettext("Questionnaire"), form),
        (gettext("Wave"), str(reading.wave or "")),
        (gettext("Format"), f"{raw.format} {raw.encoding}".strip()),
        (gettext("Rows"), whole(result.total_rows)),
        *((step.label, step.text) for step in funnel_steps(survey.funnel if survey else None)),
    ]
    return [(name, value) for name, value in facts if value]


def _rows(result: Any) -> list[RowView]:
    words = {
        "new": pgettext("a row of a file", "counts"),
        "skip": pgettext("a row of a file", "left out"),
        "error": pgettext("a row of a file", "blocks"),
    }
    marked = {(one.row, one.column) for one in result.problems}
    return [
        RowView(
            number=row.number,
            key=row.import_type,
            word=words[row.import_type],
            cells=tuple(
                CellView(_short(cell), (row.number, header) in marked)
                for header, cell in zip(result.diff_headers, row.diff, strict=False)
            ),
        )
        for row in result.rows
    ]


def _short(cell: str) -> str:
    return cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL - 1] + "…"
