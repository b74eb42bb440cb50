"""The sheets of a framework as the bytes of one workbook.

A text that begins like a formula stays a text with the mark of a quoted cell: no program runs it,
and it is read back as it was.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from indicators.pipeline.export_files import UNWRITABLE
from indicators.pipeline.framework_tables import Cell, Table
from indicators.vocabulary import BaselinePolicy, Direction, Level, MeasureKind

README = "readme"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
WIDE, MIDDLE, NARROW = 44, 24, 14
WIDTHS = {"name": WIDE, "definition": WIDE, "label": WIDE, "items": WIDE, "note": WIDE}
YES_NO = ["yes", "no"]
CHOICES: dict[str, list[str]] = {
    "level": [one.value for one in Level],
    "direction": [one.value for one in Direction],
    "baseline_policy": [one.value for one in BaselinePolicy],
    "statistic": [one.value for one in MeasureKind],
    "headline": YES_NO,
    "descriptive_only": YES_NO,
    "context_only": YES_NO,
    "response_shift": YES_NO,
}
SPARE_ROWS = 200  # below the last row, with the same lists to choose from


def framework_book(tables: Sequence[Table], readme: Sequence[str]) -> bytes:
    """The workbook. `readme`: what a person should know before changing it, one line a row."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    looks = _Looks(book)
    for table in tables:
        _write_table(book.add_worksheet(table.name), table, looks)
    sheet = book.add_worksheet(README)
    sheet.set_column(0, 0, 120)
    for row, line in enumerate(readme):
        _write(sheet, row, 0, line, looks)
    book.close()
    return buffer.getvalue()


class _Looks:
    def __init__(self, book: Any) -> None:
        common = {"valign": "top", "text_wrap": True}
        self.head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F4F6F8"})
        self.text = book.add_format({**common, "num_format": "@"})
        self.quoted = book.add_format({**common, "num_format": "@", "quote_prefix": True})
        self.number = book.add_format({**common, "align": "left"})
        self.day = book.add_format({**common, "align": "left", "num_format": "yyyy-mm-dd"})


def _write_table(sheet: Any, table: Table, looks: _Looks) -> None:
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column, looks.head)
        sheet.set_column(place, place, _width(column))
        # The column `statistic` of the indices knows other words.
        if column in CHOICES and table.name == "indicators":
            rule = {"validate": "list", "source": CHOICES[column], "error_type": "warning"}
            sheet.data_validation(1, place, len(table.rows) + SPARE_ROWS, place, rule)
    for number, row in enumerate(table.rows, start=1):
        for place, column in enumerate(table.columns):
            _write(sheet, number, place, row[column], looks)
    sheet.freeze_panes(1, 1)


def _width(column: str) -> int:
    stem = column.rpartition("_")[0] if column.endswith(("_ky", "_ru", "_en")) else column
    return WIDTHS.get(stem, MIDDLE if len(column) > NARROW else NARROW)


def _write(sheet: Any, row: int, column: int, cell: Cell, looks: _Looks) -> None:
    if isinstance(cell, str):
        text = UNWRITABLE.sub("", cell)
        look = looks.quoted if text.startswith(FORMULA_STARTS) else looks.text
        if text:
            sheet.write_string(row, column, text, look)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, looks.day)
    elif cell is not None:
        sheet.write_number(row, column, cell, looks.number)
