"""Workbooks (XLSX, XLSB, XLS, ODS): visible sheets, cells with their own types.

A workbook from outside is looked through before it is opened: expanded size and extent are
limited, because a small file can ask for all the memory there is.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from indicators.pipeline.problems import Problems
from indicators.pipeline.shapes import ProblemSpec, RawFile, RawTable
from indicators.pipeline.workbook_extent import column_number, extent_of

MOST_BYTES = 300 * 2**20
MOST_CELLS = 40_000_000
FORMULA = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*>\s*<f[\s>/]')
ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*\bt="e"')


class Unreadable(Exception):
    """The file cannot be read; `kind` names the problem."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind, detail)
        self.kind, self.detail = kind, detail


@dataclass(frozen=True, slots=True)
class Marks:
    """Cells of one sheet with a formula or an error: column from 0, row from 1."""

    formulas: tuple[tuple[int, int], ...] = ()
    errors: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Inspection:
    format: str
    marks: Mapping[str, Marks] = field(default_factory=dict)


def read_workbook(name: str, content: bytes) -> RawFile:
    import python_calamine as calamine

    is_zip = content.startswith(b"PK")
    found = _inspect(content) if is_zip else Inspection("xls")
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        grids = [(title, _grid(book, title)) for title in visible]
    except Exception as error:  # the library raises its own, zip and XML errors alike
        raise Unreadable("broken_workbook", type(error).__name__) from error
    tables = tuple(_table(title, grid) for title, grid in grids if grid)
    problems = tuple(_marked(tables, found.marks))
    return RawFile(name, found.format, tables, problems=problems)


def _grid(book: Any, title: str) -> list[list[Any]]:
    sheet = book.get_sheet_by_name(title)
    if sheet.end is None:
        return []
    grid: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    return grid


def _table(title: str, grid: list[list[Any]]) -> RawTable:
    rows = [tuple(None if cell == "" else cell for cell in row) for row in grid]
    header = tuple("" if cell is None else str(cell) for cell in rows[0])
    return RawTable(title, header, 1, tuple(rows[1:]), tuple(range(2, len(rows) + 1)))


def _marked(tables: Iterable[RawTable], marks: Mapping[str, Marks]) -> Iterable[ProblemSpec]:
    """Warnings for formulas (their stored value is used) and errors such as #DIV/0! (empty)."""
    problems = Problems()
    for table in tables:
        problems.sheet = table.sheet
        found = marks.get(table.sheet, Marks())
        for kind, cells in (("formula_cell", found.formulas), ("error_cell", found.errors)):
            for column, row in cells:
                position = row - 2
                inside = 0 <= position < len(table.rows) and column < len(table.rows[position])
                value = table.rows[position][column] if inside else None
                place = str(column)
                problems.warn(kind, row=row, column=_letters(column), value=value, position=place)
    return problems.all()


def _inspect(content: bytes) -> Inspection:
    """Format, and the marked cells of each sheet. Refuses what is too large or encrypted."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable("encrypted_workbook")
            if sum(part.file_size for part in parts) > MOST_BYTES:
                raise Unreadable("workbook_too_large")
            names = {part.filename for part in parts}
            for name in names:
                _check_extent(archive.read(name))
            if "xl/workbook.xml" in names:
                return Inspection("xlsx", _xlsx_marks(archive, names))
            if "xl/workbook.bin" in names:
                return Inspection("xlsb")
            if "content.xml" in names:
                if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                    raise Unreadable("encrypted_workbook")
                return Inspection("ods")
    except Unreadable:
        raise
    except Exception as error:  # the archive raises its own, zip and decompression errors alike
        raise Unreadable("broken_workbook", type(error).__name__) from error
    raise Unreadable("not_a_table")


def _check_extent(part: bytes) -> None:
    n_rows, n_columns = extent_of(part)
    if n_rows * n_columns > MOST_CELLS:
        raise Unreadable("workbook_too_large")


def _xlsx_marks(archive: zipfile.ZipFile, names: set[str]) -> dict[str, Marks]:
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    rels_part = "xl/_rels/workbook.xml.rels"
    rels = archive.read(rels_part).decode("utf-8", "replace") if rels_part in names else ""
    targets = {}
    for tag in re.findall(r"<Relationship\b[^>]*>", rels):
        targets[_attribute(tag, "Id")] = _attribute(tag, "Target").lstrip("/").removeprefix("xl/")
    marks = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        part = "xl/" + targets.get(_attribute(tag, r"\w+:id"), "")
        if part in names:
            marks[_attribute(tag, "name")] = _scan(archive.read(part))
    return marks


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"""\b{name}=(?:"([^"]*)"|'([^']*)')""", tag)
    return html.unescape(found[1] or found[2] or "") if found else ""


def _scan(xml: bytes) -> Marks:
    return Marks(
        _cells(FORMULA, xml) if b"<f" in xml else (), _cells(ERROR, xml) if b't="e"' in xml else ()
    )


def _cells(pattern: re.Pattern[bytes], xml: bytes) -> tuple[tuple[int, int], ...]:
    return tuple((column_number(column), int(row)) for column, row in pattern.findall(xml))


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
