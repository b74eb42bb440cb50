"""Workbooks (XLSX, XLSB, XLS, ODS): visible sheets, cells with their own types.

XLSX is read here, the other sorts in a process of their own (see `read_apart`).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

from indicators.pipeline.problems import Problems
from indicators.pipeline.read_apart import Unreadable, read_apart
from indicators.pipeline.shapes import ProblemSpec, RawFile, RawTable
from indicators.pipeline.workbook_inspection import Marks, inspect, inspect_old


def read_workbook(name: str, content: bytes) -> RawFile:
    """Raises Unreadable."""
    found = inspect(content) if content.startswith(b"PK") else inspect_old(content)
    grids = _grids(content) if found.format == "xlsx" else _grids_apart(content)
    tables = tuple(_table(title, grid) for title, grid in grids if grid)
    problems = tuple(_marked(tables, found.marks))
    return RawFile(name, found.format, tables, problems=problems)


def _grids_apart(content: bytes) -> Iterable[tuple[str, list[list[Any]]]]:
    sheets = read_apart("workbook", content, broken="broken_workbook")["sheets"]
    return [(title, grid) for title, grid in sheets]


def _grids(content: bytes) -> list[tuple[str, list[list[Any]]]]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        return [(title, _grid(book, title)) for title in visible]
    except Exception as error:  # the library raises its own, zip and XML errors alike
        raise Unreadable("broken_workbook", type(error).__name__) from error
    except BaseException as error:  # a panic of the library is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise Unreadable("broken_workbook", "panic") from error


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


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
