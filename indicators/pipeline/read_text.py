"""CSV and other delimited text: encoding and delimiter are found, not asked for."""

from __future__ import annotations

import csv
import io

from indicators.pipeline.read_workbook import Unreadable
from indicators.pipeline.shapes import RawFile, RawTable

DELIMITERS = (";", ",", "\t", "|")
SAMPLE = 200_000  # characters looked at to find the delimiter
LONGEST_CELL = 1_000_000
LAST_RECORD = "\x1e"  # put after the text: whether it is read as a record of its own


def read_text(name: str, content: bytes) -> RawFile:
    text, encoding = decode(content)
    csv.field_size_limit(LONGEST_CELL)
    if "\n" not in text:  # lines end as on an old Macintosh
        text = text.replace("\r", "\n")
    delimiter = find_delimiter(text)
    try:
        end = "" if text.endswith("\n") else "\n"
        read = csv.reader(io.StringIO(f"{text}{end}{LAST_RECORD}"), delimiter=delimiter)
        records = [tuple(record) for record in read]
    except csv.Error as error:
        raise Unreadable("broken_text_file", str(error)) from error
    if records.pop() != (LAST_RECORD,):  # it went into a cell that never ends
        raise Unreadable("quote_never_closed", str(len(records) + 1))
    header = records[0]
    numbers = tuple(range(2, len(records) + 1))
    table = RawTable("", tuple(header), 1, tuple(records[1:]), numbers)
    return RawFile(name, "csv", (table,), encoding, delimiter)


def decode(content: bytes) -> tuple[str, str]:
    """Text and the encoding found: a byte order mark, else UTF-8, else Windows Cyrillic."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16"), "utf-16"
    if content.startswith(b"\xef\xbb\xbf"):
        return _decoded(content, "utf-8-sig"), "utf-8-sig"
    if b"\x00" in content[:4096]:
        even, odd = content[:4096:2].count(0), content[1:4096:2].count(0)
        if max(even, odd) < len(content[:4096]) // 8:
            raise Unreadable("not_a_table")
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        return _decoded(content, encoding), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace"), "cp1251"


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("broken_text_file", encoding) from error


def find_delimiter(text: str) -> str:
    """The delimiter under which the first records have most fields, typically."""

    def typical_fields(delimiter: str) -> int:
        widths = []
        try:
            for record in csv.reader(io.StringIO(text[:SAMPLE]), delimiter=delimiter):
                if record:
                    widths.append(len(record))
                if len(widths) == 50:
                    break
        except csv.Error:
            return 0
        return sorted(widths)[len(widths) // 2] if widths else 0

    return max(DELIMITERS, key=typical_fields)
