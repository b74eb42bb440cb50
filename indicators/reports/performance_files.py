"""The performance table as a workbook that can be printed and as a CSV for programs."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from indicators.presenters.performance_grid import Number, performance_grid
from indicators.presenters.upload import harmless
from indicators.reports.performance_sheets import Book

if TYPE_CHECKING:
    from indicators.presenters.legend import LegendView
    from indicators.presenters.performance import PerformanceView
    from indicators.results import RunHead


def performance_workbook(
    page: PerformanceView, *, title: str, run: RunHead, rules: LegendView
) -> bytes:
    """XLSX in the reader's language: the table with its notes, and how to read it.

    Numbers are unrounded numbers with formats; a missing one is a dash; no text is a formula.
    """
    buffer = io.BytesIO()
    book = Book(buffer, title)
    book.write_table(page, run)
    book.write_legend(rules)
    book.close()
    return buffer.getvalue()


def performance_csv(page: PerformanceView) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read Cyrillic; numbers as on the page, with a point.

    A target keeps its words ("at least 85 %"); notes stand in full in their row.
    """
    grid = performance_grid(page, with_note_texts=True)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(
        f"{column.group}: {column.title}" if column.group else column.title
        for column in grid.columns
    )
    for row in grid.rows:
        if row.cells:
            writer.writerow([_plain(cell) for cell in row.cells])
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Any) -> str:
    if not isinstance(cell, Number):
        return harmless(cell)
    return f"{cell.before}{cell.plain}{cell.after}" if cell.before else cell.plain
