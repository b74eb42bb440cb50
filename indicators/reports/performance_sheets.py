"""The two sheets of the performance workbook."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from indicators.presenters.performance_grid import Column, GridCell, Number, performance_grid
from indicators.presenters.upload import FORMULA_STARTS

if TYPE_CHECKING:
    import io

    from indicators.presenters.legend import LegendView
    from indicators.presenters.performance import PerformanceView
    from indicators.results import RunHead

SOFT = "#55606E"
TINT = "#F4F6F8"
LINE = "#D8DDE4"
HEADER = {"bold": True, "text_wrap": True, "valign": "bottom", "bg_color": TINT, "bottom": 1}
CELL = {"valign": "top", "bottom": 1, "bottom_color": LINE}
NAME_COLUMNS = 2  # code and name stay in sight
LEGEND_WIDTHS = (32, 100)


class Book:
    """Writes from the top down; every kind of cell has one format."""

    def __init__(self, buffer: io.BytesIO, title: str) -> None:
        import xlsxwriter

        self.title = title
        self.book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False})
        self.formats: dict[str, Any] = {}

    def close(self) -> None:
        self.book.close()

    def write_table(self, page: PerformanceView, run: RunHead) -> None:
        """Title, what the numbers come from, the table, and its notes."""
        grid = performance_grid(page, with_note_texts=False)
        sheet = self.book.add_worksheet(gettext("Performance table"))
        top = self._write_title(sheet, _heads(page, run))
        self._write_header(sheet, top, grid.columns)
        row = top + 2
        for line in grid.rows:
            if line.cells:
                self._write_row(sheet, row, line.cells)
            else:
                block = self._format(bold=True, top=1, color=SOFT)
                for column in range(len(grid.columns)):
                    self._write_text(sheet, row, column, "" if column else line.title, block)
                row += self._write_limits(sheet, row + 1, line.limits)
            row += 1
        self._write_notes(sheet, row + 1, page)
        _set_widths(sheet, [column.width for column in grid.columns])
        sheet.freeze_panes(top + 2, NAME_COLUMNS)
        sheet.repeat_rows(top, top + 1)
        _print_wide(sheet)

    def write_legend(self, rules: LegendView) -> None:
        """The words, the statuses and the thresholds of the project."""
        sheet = self.book.add_worksheet(gettext("How to read this"))
        _set_widths(sheet, LEGEND_WIDTHS)
        title = self._format(bold=True, font_size=12)
        wrapped = self._format(text_wrap=True, valign="top")
        row = 0
        for heading, pairs in _legend(rules):
            self._write_text(sheet, row, 0, heading, title)
            for term, text in pairs:
                row += 1
                self._write_text(sheet, row, 0, term, wrapped)
                self._write_text(sheet, row, 1, text, wrapped)
            row += 2
        _print_wide(sheet)

    def _write_title(self, sheet: Any, heads: Sequence[str]) -> int:
        """The row under the title block."""
        title = gettext("%(project)s: performance table") % {"project": self.title}
        self._write_text(sheet, 0, 0, title, self._format(bold=True, font_size=14))
        for row, text in enumerate(heads, start=1):
            self._write_text(sheet, row, 0, text, self._format(color=SOFT))
        return len(heads) + 2

    def _write_header(self, sheet: Any, top: int, columns: Sequence[Column]) -> None:
        """Two rows: the wave, then the column."""
        wave = self._format(**HEADER | {"bottom": 0})
        place = 0
        for group, members in groupby(columns, key=lambda column: column.group):
            width = len(list(members))
            self._write_text(sheet, top, place, group, wave)
            for blank in range(place + 1, place + width):
                sheet.write_blank(top, blank, None, wave)
            place += width
        for place, column in enumerate(columns):
            self._write_text(sheet, top + 1, place, column.title, self._format(**HEADER))

    def _write_row(self, sheet: Any, row: int, cells: Sequence[GridCell]) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, Number):
                look = self._format(**CELL | {"align": "right", "num_format": number_format(cell)})
                sheet.write_number(row, column, cell.value, look)
            else:
                align = "right" if len(cell) == 1 else "left"
                look = self._format(**CELL | {"align": align, "text_wrap": True})
                self._write_text(sheet, row, column, cell, look)

    def _write_limits(self, sheet: Any, row: int, limits: str) -> int:
        """What the answers of a block cannot say, under its title. How many rows it took."""
        if limits:
            text = f"{gettext('Limits')}: {limits}"
            self._write_text(sheet, row, 0, text, self._format(italic=True, color=SOFT))
        return int(bool(limits))

    def _write_notes(self, sheet: Any, row: int, page: PerformanceView) -> None:
        if not page.footnotes:
            return
        self._write_text(sheet, row, 0, gettext("Notes"), self._format(bold=True))
        for place, note in enumerate(page.footnotes, start=row + 1):
            sheet.write_number(place, 0, note.number, self._format(align="left"))
            self._write_text(sheet, place, 1, note.text, self._format())

    def _write_text(self, sheet: Any, row: int, column: int, text: str, look: Any) -> None:
        """A text, also one that a spreadsheet would take for a formula."""
        if text.startswith(FORMULA_STARTS):
            look = self._format(**CELL | {"quote_prefix": True, "text_wrap": True})
        sheet.write_string(row, column, text, look)

    def _format(self, **look: Any) -> Any:
        key = repr(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(look)
        return self.formats[key]


def _legend(rules: LegendView) -> tuple[tuple[str, list[tuple[str, str]]], ...]:
    """Headings with their rows: a term and what it means, or a rule alone."""
    return (
        (gettext("Words for a change"), [(row.verdict.word, row.text) for row in rules.verdicts]),
        (
            gettext("Where an indicator stands against its target"),
            [(row.status.word, row.text) for row in rules.statuses],
        ),
        (gettext("Rules of this project"), [("", text) for text in rules.thresholds]),
        (gettext("Small groups"), [("", text) for text in rules.groups]),
    )


def number_format(number: Number) -> str:
    """A format of the workbook with the words around it: `"at least "#,##0.0" %"`."""
    digits = "#,##0" + ("." + "0" * number.decimals if number.decimals else "")
    before, after = (_quoted(text) for text in (number.before, number.after))
    if not any(digit in "123456789" for digit in number.plain):
        return ";".join([f"{before}{digits}{after}"] * 3)  # what rounds to 0 has no sign
    if number.is_signed:
        return ";".join(f"{before}{sign}{digits}{after}" for sign in ("+", "-", ""))
    return f"{before}{digits}{after}"


def _quoted(text: str) -> str:
    return '"{}"'.format(text.replace('"', "")) if text else ""


def _heads(page: PerformanceView, run: RunHead) -> list[str]:
    """What the numbers are and where they come from, a line each."""
    waves = [
        f"{wave.name}: {date_format(wave.start)} – {date_format(wave.end)}" for wave in page.waves
    ]
    if run.is_published and run.published_at:
        state = gettext("Published: %(date)s") % {"date": date_format(run.published_at)}
    else:
        state = gettext("Not published: for the project team only.")
    source = gettext("Calculation no. %(n)s, software %(version)s, fingerprint %(hash)s") % {
        "n": run.pk,
        "version": run.code_version or "–",
        "hash": run.input_sha256[:12] or "–",
    }
    heads = [" · ".join(waves), f"{state} · {source}"]
    if page.filter.chips:
        heads.append(
            gettext("Shown only: %(filters)s")
            % {"filters": ", ".join(chip.text for chip in page.filter.chips)}
        )
    if page.notice:
        heads.append(page.notice)
    return heads


def _set_widths(sheet: Any, widths: Sequence[int]) -> None:
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)


def _print_wide(sheet: Any) -> None:
    """On A4 across, as wide as the page and as long as it needs."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
