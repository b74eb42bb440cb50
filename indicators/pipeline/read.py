"""A file as received -> its tables. The content decides the format, not the name.

No file makes it raise: an empty, broken, encrypted or oversized one is a RawFile with a blocking
problem.
"""

from __future__ import annotations

from pathlib import PurePath

from indicators.pipeline.problems import Problems
from indicators.pipeline.read_apart import Unreadable
from indicators.pipeline.read_statistics import is_dta, is_sav, read_dta, read_sav
from indicators.pipeline.read_text import read_text
from indicators.pipeline.read_workbook import read_workbook
from indicators.pipeline.shapes import MOST_COLUMNS, RawFile, RawTable
from indicators.pipeline.ticking import Tick, no_tick

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
WORKBOOK_ENDINGS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
TEXT_ENDINGS = frozenset({".csv", ".tsv", ".tab", ".txt", ""})
STATISTICS_ENDINGS = frozenset({".sav", ".zsav", ".dta"})


def read_table(name: str, content: bytes, tick: Tick = no_tick) -> RawFile:
    """The tables of a file: visible sheets of a workbook, the one table of any other file.

    `tick` hears how far the reading of a text is, and may stop it by raising.
    """
    problems = Problems()
    try:
        raw = _read(name, content, problems, tick)
    except Unreadable as error:
        problems.block(error.kind, value=error.detail, **error.params)
        raw = RawFile(name, _format(content), ())
    if not problems.has_block:
        _check_size(raw.tables, problems)
    found = (*raw.problems, *problems.all())
    return RawFile(raw.name, raw.format, raw.tables, raw.encoding, raw.delimiter, found)


def _format(content: bytes) -> str:
    if content.startswith(ZIP):
        return "zip"
    if content.startswith(OLE):
        return "xls"
    if is_sav(content):
        return "sav"
    return "dta" if is_dta(content) else "csv"


def _read(name: str, content: bytes, problems: Problems, tick: Tick) -> RawFile:
    ending = PurePath(name).suffix.casefold()
    if not content.strip(b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty_file")
    if content.startswith(PICTURES):
        raise Unreadable("not_a_table")
    if content.startswith((ZIP, OLE)):
        if ending in TEXT_ENDINGS | STATISTICS_ENDINGS:
            problems.warn("file_type_differs", value=ending)
        return read_workbook(name, content)
    if is_sav(content):
        return read_sav(name, content)
    if is_dta(content):
        return read_dta(name, content)
    if ending in WORKBOOK_ENDINGS | STATISTICS_ENDINGS:
        raise Unreadable("file_type_mismatch", ending)
    return read_text(name, content, tick)


def _check_size(tables: tuple[RawTable, ...], problems: Problems) -> None:
    for table in tables:
        problems.sheet = table.sheet
        if len(table.header) > MOST_COLUMNS:
            problems.block("too_many_columns", n=str(len(table.header)), most=str(MOST_COLUMNS))
    problems.sheet = ""
    if not any(_has_cell(row) for table in tables for row in table.rows):
        is_empty = not any(_has_cell(table.header) for table in tables)
        problems.block("empty_file" if is_empty else "no_data_rows", row=None if is_empty else 1)


def _has_cell(row: tuple[object, ...]) -> bool:
    return any(cell is not None and str(cell).strip() for cell in row)
