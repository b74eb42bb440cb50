"""File `agenda.xlsx`, which a project may lack: what the last study was promised to answer."""

from __future__ import annotations

import re
from collections.abc import Collection

from indicators.pipeline.framework_cells import Sheet, SheetRow, nearest, without_repeats
from indicators.pipeline.framework_shapes import AgendaDefinition

AGENDA_COLUMNS = ("code", "section", "question_ky", "question_ru", "question_en", "indicators")
LONGEST_QUESTION = 2000
_CODE = re.compile(r"[A-Za-z0-9_-]{1,20}")
_BETWEEN = re.compile(r"[\s,;]+")


def read_agenda(sheet: Sheet, indicators: Collection[str]) -> tuple[AgendaDefinition, ...]:
    """The questions in the order of the sheet. `indicators`: codes of the project."""
    rows = without_repeats(sheet.rows, ("code",))
    return tuple(
        question
        for position, row in enumerate(rows)
        if (question := _question(row, position, indicators))
    )


def _question(row: SheetRow, position: int, indicators: Collection[str]) -> AgendaDefinition | None:
    code = row.text("code", required=True)
    questions = row.labels("question", required=True, longest=LONGEST_QUESTION)
    if code and not _CODE.fullmatch(code):
        row.report("value_unknown", "code", allowed="A-Z 0-9 _ -")
        return None
    if not code or not any(questions):
        return None
    section = row.text("section", longest=120)
    return AgendaDefinition(code, section, questions, _links(row, indicators), position)


def _links(row: SheetRow, indicators: Collection[str]) -> tuple[str, ...]:
    """Codes that the project has; each of the others is reported."""
    typed = dict.fromkeys(filter(None, _BETWEEN.split(row.text("indicators"))))
    for code in typed:
        if code not in indicators:
            row.report(
                "indicator_unknown", "indicators", value=code, suggestion=nearest(code, indicators)
            )
    return tuple(code for code in typed if code in indicators)
