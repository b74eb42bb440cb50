"""CSV and other delimited text: encoding and delimiter are found, not asked for.

The records are read a batch at a time and kept by column, so that a file of a million rows needs
little more memory than its bytes.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice

from indicators.pipeline.columnar import RowsByColumn
from indicators.pipeline.read_apart import Unreadable
from indicators.pipeline.shapes import MOST_COLUMNS, RawFile, RawTable
from indicators.pipeline.ticking import Tick, no_tick

DELIMITERS = (";", ",", "\t", "|")
SAMPLE = 200_000  # characters looked at to find the delimiter
FIRST_RECORDS = 50
BATCH = 10_000  # records
BLOCK = 2**20  # bytes
MOST_LINES = 5_000_000
LONGEST_CELL = 1_000_000
ONE_BYTE = ("cp1251", "koi8-r", "cp866")  # the first wins where they give as many letters
SMALL_LETTERS = re.compile("[а-яё]")
LAST_RECORD = "\x1e"  # put after the text: whether it is read as a record of its own


def read_text(name: str, content: bytes, tick: Tick = no_tick) -> RawFile:
    """Raises Unreadable, and whatever `tick` raises."""
    encoding = encoding_of(content)
    csv.field_size_limit(LONGEST_CELL)
    n_lines = content.count(b"\n")
    if n_lines > MOST_LINES:
        raise Unreadable("too_many_lines", most=str(MOST_LINES))
    delimiter = find_delimiter(_beginning(content, encoding))
    # Lines may end as on an old Macintosh; elsewhere a lone "\r" stands inside a cell.
    newline = "\n" if n_lines else ""
    source = io.BytesIO(content)
    text = io.TextIOWrapper(source, encoding, errors="replace", newline=newline)
    reader = csv.reader(chain(text, (LAST_RECORD,)), delimiter=delimiter)
    try:
        table = _table(_batches(reader, source, len(content), tick))
    except csv.Error as error:
        raise Unreadable("broken_text_file", str(error)) from error
    return RawFile(name, "csv", (table,), encoding, delimiter)


def _batches(
    reader: Iterator[list[str]], source: io.BytesIO, size: int, tick: Tick
) -> Iterator[list[list[str]]]:
    """Records without the last one, which says whether every quote was closed."""
    n = 0
    batch = list(islice(reader, BATCH))
    while batch:
        widest = max(map(len, batch))
        if widest > MOST_COLUMNS:
            raise Unreadable("too_many_columns", n=str(widest), most=str(MOST_COLUMNS))
        following = list(islice(reader, BATCH))
        if not following and batch.pop() != [LAST_RECORD]:  # it went into a cell that never ends
            raise Unreadable("quote_never_closed", str(n + len(batch) + 1))
        yield batch
        n += len(batch)
        tick(source.tell() / size)
        batch = following


def _table(batches: Iterator[list[list[str]]]) -> RawTable:
    first = next(batches)
    header, *rows = first
    (width, _), *_ = Counter(map(len, first[:FIRST_RECORDS])).most_common(1)
    collected = RowsByColumn(max(1, width))
    collected.add(rows)
    for batch in batches:
        collected.add(batch)
    numbers = range(2, collected.n + 2)
    return RawTable("", tuple(header), 1, collected.rows(), numbers)


def encoding_of(content: bytes) -> str:
    """A byte order mark, else UTF-8, else one-byte Cyrillic. Raises Unreadable."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodable(content, "utf-16")
    if content.startswith(b"\xef\xbb\xbf"):
        return _decodable(content, "utf-8-sig")
    if b"\x00" in content[:4096]:
        even, odd = content[:4096:2].count(0), content[1:4096:2].count(0)
        if max(even, odd) < len(content[:4096]) // 8:
            raise Unreadable("not_a_table")
        return _decodable(content, "utf-16-le" if odd > even else "utf-16-be")
    try:
        return _decodable(content, "utf-8")
    except Unreadable:
        return _one_byte_cyrillic(content)


def _one_byte_cyrillic(content: bytes) -> str:
    """Of the encodings with a byte a letter, the one that gives most small Russian letters."""

    def n_small(encoding: str) -> int:
        sample = content[:SAMPLE].decode(encoding, errors="replace")
        return len(SMALL_LETTERS.findall(sample))

    return max(ONE_BYTE, key=n_small)


def _decodable(content: bytes, encoding: str) -> str:
    """The encoding, when all bytes are text in it. A block at a time: no second copy is held."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), BLOCK):
            decoder.decode(content[start : start + BLOCK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Unreadable("broken_text_file", encoding) from error
    return encoding


def _beginning(content: bytes, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    text = decoder.decode(content[: 4 * SAMPLE])[:SAMPLE]
    return text if "\n" in text else text.replace("\r", "\n")


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
