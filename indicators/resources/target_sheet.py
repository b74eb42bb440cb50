"""The sheet of targets as a workbook: out as it looks on the page, and back in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from indicators.resources.formats import demand_small, harmless, typed

TARGETS, STORED = "targets", "stored"
INDICATOR, SCHOOL = "indicator", "school_code"
HEAD = (INDICATOR, "name", SCHOOL, "school", "unit", "baseline")
WIDTHS = (10, 46, 12, 28, 22, 12)
WAVE_WIDTH = 18
MOST_ROWS = 20_000
_LITERAL = re.compile(r'"[^"]*"|\\.')  # words in a format: `0" %"` divides nothing by a hundred


class SheetUnreadable(Exception):
    """The file is no sheet of targets."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One row: an indicator in one place. `texts`: a target per wave, as it is typed."""

    indicator: str
    name: str
    school_code: str
    school: str
    unit: str
    baseline: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadCell:
    """One cell that came back. `base`: what it held when it went out, None when nobody knows."""

    indicator: str
    school_code: str
    wave: str
    text: str
    base: str | None


def write_sheet(lines: Iterable[SheetLine], waves: Sequence[str]) -> bytes:
    """Two sheets: the targets to change, and hidden what they were, to tell later who changed."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    shown, stored = book.active, book.create_sheet(STORED)
    shown.title, stored.sheet_state = TARGETS, "hidden"
    shown.append([*HEAD, *map(_clean, waves)])
    stored.append([INDICATOR, SCHOOL, *map(_clean, waves)])
    for line in lines:
        texts = [_clean(text) for text in line.texts]
        fixed = (line.indicator, line.name, line.school_code, line.school, line.unit, line.baseline)
        shown.append([*map(_clean, fixed), *texts])
        stored.append([_clean(line.indicator), _clean(line.school_code), *texts])
    for place, width in enumerate([*WIDTHS, *[WAVE_WIDTH] * len(waves)], start=1):
        shown.column_dimensions[get_column_letter(place)].width = width
    for cell in shown[1]:
        cell.font = Font(bold=True)
    shown.freeze_panes = "C2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_sheet(content: bytes, waves: Sequence[str]) -> list[ReadCell]:
    """Every cell under the code of a wave, twice where two rows name one place. A sheet made by
    hand needs no hidden second one.

    Raises SheetUnreadable for anything that is no workbook with the columns `indicator` and at
    least one wave.
    """
    tables = _tables(content)
    shown = _by_place(tables.get(TARGETS) or next(iter(tables.values()), []), waves)
    if not shown:
        raise SheetUnreadable
    base = dict(_by_place(tables.get(STORED, []), waves))
    return [
        ReadCell(indicator, school, wave, text, base.get((indicator, school, wave)))
        for (indicator, school, wave), text in shown
    ]


def _by_place(
    table: list[list[str]], waves: Sequence[str]
) -> list[tuple[tuple[str, str, str], str]]:
    """Texts by indicator, school and wave."""
    header = table[0] if table else []
    columns = [(header.index(wave), wave) for wave in waves if wave in header]
    if INDICATOR not in header or not columns:
        return []
    at, school_at = header.index(INDICATOR), header.index(SCHOOL) if SCHOOL in header else None
    return [
        ((row[at], row[school_at] if school_at is not None else "", wave), row[place])
        for row in table[1:]
        if row[at]
        for place, wave in columns
    ]


def _tables(content: bytes) -> dict[str, list[list[str]]]:
    """The sheets as texts, every row as long as the first."""
    from openpyxl import load_workbook

    try:
        demand_small(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return {sheet.title: list(_texts(sheet)) for sheet in book.worksheets[:10]}
    except Exception as error:  # the library raises whatever a broken file makes it stumble over
        raise SheetUnreadable from error


def _texts(sheet: Any) -> Iterator[list[str]]:
    width = 0
    for row in sheet.iter_rows(max_row=MOST_ROWS):
        texts = [_text(cell) for cell in row]
        width = width or len(texts)
        yield (texts + [""] * width)[:width]


def _text(cell: Any) -> str:
    """What a person sees in a cell, percent as percent."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)  # no number, though Python counts it as one
    if isinstance(value, int | float):
        is_percent = "%" in _LITERAL.sub("", str(cell.number_format))
        return f"{value * 100:.10g}%" if is_percent else f"{value:.10g}"
    return str(typed(str(value))).strip()


def _clean(text: str) -> Any:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return harmless(ILLEGAL_CHARACTERS_RE.sub("", text))
