"""CSV and other delimited text: encoding and delimiter are found, not asked for."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from indicators.pipeline.read_apart import Unreadable
from indicators.pipeline.shapes import MOST_COLUMNS, RawFile, RawTable

DELIMITERS = (";", ",", "\t", "|")
SAMPLE = 200_000  # characters looked at to find the delimiter
FIRST_RECORDS = 50
MOST_LINES = 5_000_000
LONGEST_CELL = 1_000_000
ONE_BYTE = ("cp1251", "koi8-r", "cp866")  # the first wins where they give as many letters
SMALL_LETTERS = re.compile("[а-яё]")
LAST_RECORD = "\x1e"  # put after the text: whether it is read as a record of its own


def read_text(name: str, content: bytes) -> RawFile:
    text, encoding = decode(content)
    csv.field_size_limit(LONGEST_CELL)
    if "\n" not in text:  # lines end as on an old Macintosh
        text = text.replace("\r", "\n")
    if text.count("\n") > MOST_LINES:
        raise Unreadable("too_many_lines", most=str(MOST_LINES))
    delimiter = find_delimiter(text)
    try:
        end = "" if text.endswith("\n") else "\n"
        read = csv.reader(io.StringIO(f"{text}{end}{LAST_RECORD}"), delimiter=delimiter)
        records = [_fitting(record) for record in read]
    except csv.Error as error:
        raise Unreadable("broken_text_file", str(error)) from error
    if records.pop() != (LAST_RECORD,):  # it went into a cell that never ends
        raise Unreadable("quote_never_closed", str(len(records) + 1))
    header = records[0]
    numbers = tuple(range(2, len(records) + 1))
    table = RawTable("", tuple(header), 1, tuple(records[1:]), numbers)
    return RawFile(name, "csv", (table,), encoding, delimiter)


def _fitting(record: list[str]) -> tuple[str, ...]:
    if len(record) > MOST_COLUMNS:
        raise Unreadable("too_many_columns", n=str(len(record)), most=str(MOST_COLUMNS))
    return tuple(record)


def decode(content: bytes) -> tuple[str, str]:
    """Text and the encoding found: a byte order mark, else UTF-8, else one-byte Cyrillic."""
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
        return _one_byte_cyrillic(content)


def _one_byte_cyrillic(content: bytes) -> tuple[str, str]:
    """Of the encodings with a byte a letter, the one that gives most small Russian letters."""

    def n_small(encoding: str) -> int:
        sample = content[:SAMPLE].decode(encoding, errors="replace")
        return len(SMALL_LETTERS.findall(sample))

    encoding = max(ONE_BYTE, key=n_small)
    return content.decode(encoding, errors="replace"), encoding


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("broken_text_file", encoding) from error


def find_delimiter(text: str) -> str:
    """The delimiter that cuts most of the first records into equally many fields.

    A decimal comma cuts the answers and not the header: it makes fewer records alike.
    """

    def alike(delimiter: str) -> tuple[int, int]:
        widths: Counter[int] = Counter()
        try:
            for record in csv.reader(io.StringIO(text[:SAMPLE]), delimiter=delimiter):
                if record:
                    widths[len(record)] += 1
                if widths.total() == FIRST_RECORDS:
                    break
        except csv.Error:
            return 0, 0
        width, n = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(1, 0))
        return (n, width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=alike)
