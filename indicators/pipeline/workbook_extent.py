"""How many cells a sheet will take in memory, told from its bytes before it is opened.

Two cells far apart make a reader ask for everything between them. References in the file, not
the place of a cell in it, decide where a cell stands; cells without one are counted.
"""

from __future__ import annotations

import re

# Element names may carry a prefix, values either sort of quotation mark.
ROW = re.compile(rb"<row\b[^>]*?\br=[\"'](\d+)[\"']")
ANY_ROW = re.compile(rb"<(?:\w+:)?row\b(?:[^>]*?\br=[\"'](\d+)[\"'])?")
ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
NAMELESS = re.compile(rb"<(?:\w+:)?c(?:\s+(?!r=)[\w:]+=(?:\"[^\"]*\"|'[^']*'))*\s*/?>")
SMALL_LETTERS = re.compile(rb"r=[\"'][A-Z]{0,2}[a-z]{1,3}[A-Z]{0,2}\d")
SHEET_OF_XLSB = b"\x81\x01"  # the record a sheet begins with
ROW_RECORD, CELL_RECORDS = 0, frozenset({*range(1, 12), 62})


def extent_of(part: bytes) -> tuple[int, int]:
    """Rows and columns of a sheet of an XLSX or XLSB; (0, 0) for any other part."""
    if part.startswith(SHEET_OF_XLSB):
        return _extent_of_records(part)
    return _extent_of_xml(part) if b"sheetData" in part else (0, 0)


def column_number(letters: bytes) -> int:
    """Column number from 0 of letters such as b"AB"."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _extent_of_xml(xml: bytes) -> tuple[int, int]:
    rows = ROW.findall(xml) or ANY_ROW.findall(xml)
    n_rows, n_columns = max((int(row or 1) for row in rows), default=1), 1
    flags = re.IGNORECASE if SMALL_LETTERS.search(xml) else re.NOFLAG
    for quote in (b'"', b"'"):
        n_rows, further = _furthest(xml, n_rows, quote, flags)
        n_columns = max(n_columns, further)
    if xml.count(b"<c ") != xml.count(b"<c r=") or any(
        one in xml for one in (b"<c>", b"<c/", b":c")
    ):
        return _with_nameless(xml, n_rows, n_columns)
    return n_rows, n_columns


def _furthest(xml: bytes, n_rows: int, quote: bytes, flags: re.RegexFlag) -> tuple[int, int]:
    """From the last row on: each search skips the references that come before."""
    row, column, place = str(n_rows).encode(), b"A", 0
    while True:
        later_row, later_column = _beyond(row, b"0", b"9"), _beyond(column, b"A", b"Z")
        reference = rb"(?=[A-Z]{1,3}%s|%s\d)([A-Z]+)(\d+)" % (later_row, later_column)
        found = re.compile(b"r=" + quote + reference + quote, flags).search(xml, place)
        if found is None:
            return int(row), column_number(column) + 1
        row = max(row, found[2].lstrip(b"0") or b"0", key=int)
        column = max(column, found[1].upper(), key=column_number)
        place = found.end()


def _with_nameless(xml: bytes, n_rows: int, n_columns: int) -> tuple[int, int]:
    """Cells without a reference stand one after the other."""
    if NAMELESS.search(xml) is None:
        return n_rows, n_columns
    rows = re.split(rb"<(?:\w+:)?row\b", xml)
    return max(n_rows, len(rows) - 1), max(n_columns, *(len(ANY_CELL.findall(r)) for r in rows))


def _beyond(text: bytes, first: bytes, last: bytes) -> bytes:
    """A pattern of the words of these signs that are longer than `text`, or come after it."""
    any_sign = b"[%s-%s]" % (first, last)
    longer = b"%s{%d,12}" % (any_sign, len(text) + 1)
    later = [
        text[:place] + b"[%c-%s]" % (sign + 1, last) + any_sign * (len(text) - place - 1)
        for place, sign in enumerate(text)
        if sign != last[0]
    ]
    return b"(?:%s)" % b"|".join([longer, *later])


def _extent_of_records(part: bytes) -> tuple[int, int]:
    """Records are: a kind and a length of seven bits a byte, then so many bytes."""
    place, row, n_rows, n_columns = 0, 0, 0, 0
    while place < len(part):
        kind, place = _seven_bits(part, place, 2)
        length, place = _seven_bits(part, place, 4)
        number = int.from_bytes(part[place : place + 4], "little")
        if kind == ROW_RECORD:
            row = number
        elif kind in CELL_RECORDS:
            n_rows, n_columns = max(n_rows, row + 1), max(n_columns, number + 1)
        place += length
    return n_rows, n_columns


def _seven_bits(part: bytes, place: int, most: int) -> tuple[int, int]:
    """A number of at most `most` bytes, and the place after it."""
    number = 0
    for index, byte in enumerate(part[place : place + most]):
        number |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return number, place + index + 1
    return number, place + most
