"""A received file as a workbook to mend: bad cells coloured, each with a comment that says why.

The first sheet lists the problems by kind; the sheets of the file follow with their cells as they
were. Loaded again, the workbook reads like the file it came from: texts stay texts, also those
that a spreadsheet would take for a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from indicators.presenters.upload import FORMULA_STARTS
from indicators.problem_texts import problem_text
from indicators.reports.marked_problems import problem_lines
from indicators.vocabulary import Severity
from indicators.words import word

if TYPE_CHECKING:
    from indicators.models import Problem
    from indicators.pipeline.shapes import RawFile, RawTable

MOST_CELLS = 300_000  # written while somebody waits
FIRST_ROWS = 25  # where the header of a table with titles above it is looked for
MOST_IN_COMMENT = 5
COMMENT_SIZE = (320, 150)  # pixels
LONGEST_CELL = 32_767  # characters, a limit of the format
COLOURS = {
    Severity.BLOCK: "F4A6A0",
    Severity.ROW: "F9CF9C",
    Severity.CELL: "FCE8A6",
    Severity.WARNING: "CFE2F3",
}
Place = tuple[int, int]  # row and column of a table, from 0; row 0 is the first row of the sheet


@dataclass(slots=True)
class _Marks:
    """What is wrong in the cells of one table."""

    cells: dict[Place, list[Problem]] = field(default_factory=dict)

    def rows(self) -> set[int]:
        return {row for row, _column in self.cells}


def marked_workbook(raw: RawFile, problems: Sequence[Problem]) -> bytes:
    """XLSX in the reader's language. Of a table of more than MOST_CELLS cells, the rows with
    problems come first; how many rows were left out stands on the first sheet.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    marks = [_marks(table, problems) for table in raw.tables]
    most = MOST_CELLS // max(len(raw.tables), 1)
    kept = [_kept(table, own, most) for table, own in zip(raw.tables, marks, strict=True)]
    n_left = sum(len(t.rows) + 1 - len(k) for t, k in zip(raw.tables, kept, strict=True))
    names = _sheet_names(raw.tables)
    front = book.create_sheet(_free_name(gettext("Problems"), names))
    for width, letter in zip((16, 60, 14, 10, 30, 30, 30), "ABCDEFG", strict=True):
        front.column_dimensions[letter].width = width
    for line in problem_lines(problems, n_left):
        front.append([_cell(front, value, bold=line.is_title) for value in line.cells])
    for table, own, rows, name in zip(raw.tables, marks, kept, names, strict=True):
        sheet = book.create_sheet(name)
        for cells in _lines(sheet, table, own, rows):
            sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _marks(table: RawTable, problems: Iterable[Problem]) -> _Marks:
    """Problems by cell. One of a whole row marks its first cell, one of a column its header."""
    rows = {number: place for place, number in enumerate(table.row_numbers, start=1)}
    columns = _columns(table)
    marks = _Marks()
    for problem in problems:
        is_elsewhere = problem.sheet != table.sheet
        if is_elsewhere or (problem.row is None and not problem.column):
            continue
        row = 0 if problem.row is None else rows.get(problem.row, 0)
        at_row, column = columns.get(problem.column, (0, 0))
        marks.cells.setdefault((row or at_row, column), []).append(problem)
    return marks


def _columns(table: RawTable) -> dict[str, Place]:
    """Where each column name stands. Titles may stand above the header."""
    found: dict[str, Place] = {}
    for row, cells in enumerate((table.header, *table.rows[:FIRST_ROWS])):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and cell:
                found.setdefault(cell, (row, column))
    return found


def _kept(table: RawTable, marks: _Marks, most: int) -> list[int]:
    """Rows that are written, in the order of the file; row 0 is the header."""
    n_rows = len(table.rows) + 1
    room = max(most // max(len(table.header), 1), FIRST_ROWS + 1)
    if n_rows <= room:
        return list(range(n_rows))
    wanted = dict.fromkeys([*range(FIRST_ROWS + 1), *sorted(marks.rows()), *range(room)])
    return sorted(list(wanted)[:room])


def _lines(sheet: Any, table: RawTable, marks: _Marks, rows: Iterable[int]) -> Iterator[list[Any]]:
    for row in rows:
        cells = table.header if row == 0 else table.rows[row - 1]
        line = [_cell(sheet, value) for value in cells]
        for column in range(len(line)):
            if found := marks.cells.get((row, column)):
                line[column] = _marked(sheet, line[column], found)
        yield line


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    """What stands in a cell, in its own type; a text is never run as a formula."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    if value is None or value == "":
        return None
    value = _text(value) if isinstance(value, str) else _plain(value)
    is_formula = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    if not (bold or is_formula):
        return value
    cell = WriteOnlyCell(sheet, value)
    if is_formula:
        cell.data_type, cell.quotePrefix = "s", True
    if bold:
        cell.font = Font(bold=True)
    return cell


def _text(value: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]


def _plain(value: Any) -> Any:
    """A type that the format has; anything else as its text."""
    from openpyxl.cell.cell import KNOWN_TYPES

    return value if isinstance(value, KNOWN_TYPES) else str(value)


def _marked(sheet: Any, value: Any, problems: Sequence[Problem]) -> Any:
    """Coloured by the heaviest problem, all of them in the comment."""
    from openpyxl.cell import Cell, WriteOnlyCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    order = list(Severity)
    found = sorted(problems, key=lambda one: order.index(Severity(one.severity)))
    colour = COLOURS[Severity(found[0].severity)]
    cell = value if isinstance(value, Cell) else WriteOnlyCell(sheet, value)
    cell.fill = PatternFill("solid", start_color=colour, end_color=colour)
    text = "\n".join(_remark(problem) for problem in found[:MOST_IN_COMMENT])
    cell.comment = Comment(text, gettext("check"), COMMENT_SIZE[1], COMMENT_SIZE[0])
    return cell


def _remark(problem: Problem) -> str:
    severity = Severity(problem.severity)
    text = f"{word(severity)}: {problem_text(problem.kind, problem.params)}"
    if not problem.suggestion:
        return text
    return text + " " + gettext("Suggestion: %(value)s") % {"value": problem.suggestion}


def _sheet_names(tables: Iterable[RawTable]) -> list[str]:
    names: list[str] = []
    for table in tables:
        names.append(_free_name(table.sheet or gettext("Data"), names))
    return names


def _free_name(name: str, taken: Iterable[str]) -> str:
    """A name that no other sheet has, so that problems still name the sheet after a mend."""
    others = {one.casefold() for one in taken}
    free, n = name[:31], 1
    while free.casefold() in others:
        n += 1
        free = f"{name[:27]} {n}"
    return free
