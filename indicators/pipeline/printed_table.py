"""The table of a printed report as it was pasted: lines into cells with names. No figure yet."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from indicators.vocabulary import PrintedProblem

MOST_LINES = 2_000
# What a column may be called, in the languages of the site.
COLUMNS = {
    "code": ("code", "indicator", "figure", "код", "индикатор", "показатель", "көрсөткүч"),
    "wave": ("wave", "волна", "толкун"),
    "value": ("value", "значение", "маани", "мааниси"),
    "n": ("n", "base", "база"),
    "count": ("count", "число", "саны"),
    "option": ("option", "вариант"),
    "scale": ("scale", "шкала"),
    "place": ("place", "section", "место", "раздел", "орду", "бөлүм"),
    "number": ("number", "номер"),
    "label": ("label", "name", "название", "имя", "аталышы"),
    "claim": ("claim", "утверждение", "ырастоо"),
}
USUAL = ("code", "wave", "value", "n")  # where no line names the columns
_NAMES = {name: column for column, names in COLUMNS.items() for name in names}


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One line, its cells as typed. `line` counts from 1, with blank lines and the header."""

    line: int
    code: str = ""
    wave: str = ""
    value: str = ""
    n: str = ""
    count: str = ""
    option: str = ""
    scale: str = ""
    place: str = ""
    number: str = ""
    label: str = ""
    claim: str = ""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong in a line, and the cell it is about."""

    line: int
    kind: PrintedProblem
    cell: str = ""


def read_printed(text: str) -> tuple[tuple[PrintedRow, ...], tuple[LineProblem, ...]]:
    """Rows of a pasted table: columns apart by tabs, or else by semicolons.

    The first line that is not blank may name the columns; else they are `USUAL`. A column nobody
    knows is named once and left out. Lines beyond MOST_LINES are not read.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows: list[PrintedRow] = []
    problems: list[LineProblem] = []
    columns: tuple[str, ...] | None = None
    is_tabbed = "\t" in text
    for line, content in enumerate(lines, start=1):
        cells = _cells(content, is_tabbed=is_tabbed)
        if not any(cells):
            continue
        if columns is None:
            columns, is_header = _columns(cells)
            if is_header:
                problems += _unknown(line, cells)
                continue
        if line > MOST_LINES:
            problems.append(LineProblem(line, PrintedProblem.TOO_LONG))
            break
        if len(cells) > len(columns):
            problems.append(LineProblem(line, PrintedProblem.TOO_MANY_CELLS, cells[len(columns)]))
            continue
        named = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
        rows.append(PrintedRow(line, **named))
    return tuple(rows), tuple(problems)


def _cells(content: str, *, is_tabbed: bool) -> list[str]:
    """Cells without blanks around; empty ones at the end are left out."""
    delimiter = "\t" if is_tabbed else ";"
    found = next(csv.reader(io.StringIO(content), delimiter=delimiter), [])
    cells = [" ".join(cell.split()) for cell in found]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _columns(cells: list[str]) -> tuple[tuple[str, ...], bool]:
    """The names of the columns, and whether this line gives them. Two known names are a header."""
    names = [_NAMES.get(cell.casefold(), "") for cell in cells]
    if "code" in names or sum(map(bool, names)) > 1:
        once = [name if name not in names[:place] else "" for place, name in enumerate(names)]
        return tuple(once), True
    return USUAL, False


def _unknown(line: int, cells: list[str]) -> list[LineProblem]:
    return [
        LineProblem(line, PrintedProblem.UNKNOWN_COLUMN, cell)
        for cell in cells
        if cell and cell.casefold() not in _NAMES
    ]
