"""A workbook from outside is looked through before it is opened.

Expanded size and extent are limited, because a small file can ask for all the memory there is;
passwords, macros and document types are refused by name. Nothing is run or followed.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from indicators.pipeline.read_apart import Unreadable
from indicators.pipeline.workbook_extent import column_number, extent_of

MOST_BYTES = 300 * 2**20
MOST_CELLS = 40_000_000
# So many cells between the corners of a sheet for each cell there is are no table.
SPARSE_CELLS, SPARSE_TIMES = 2_000_000, 50
# A large part packed so tightly says the same throughout: no answers do.
BOMB_BYTES, BOMB_TIMES = 20 * 2**20, 200
LONGEST_LOCAL_HEADER = 30 + 2 * 65_535
FORMULA = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*>\s*<f[\s>/]')
ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*\bt="e"')
CELL = (b"<c ", b"<c>", b"<c/", b":c ", b":c>", b":c/")
# A password on a newer workbook; on an older one, told right after the book's first record.
ENCRYPTED = re.compile(
    re.escape("EncryptedPackage".encode("utf-16-le"))
    + rb"|\x09\x08\x10\x00\x00\x06\x05\x00.{12}\x2f\x00",
    re.DOTALL,
)
MACROS_OF_OLD = "_VBA_PROJECT".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Marks:
    """Cells of one sheet with a formula or an error: column from 0, row from 1."""

    formulas: tuple[tuple[int, int], ...] = ()
    errors: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Inspection:
    format: str
    marks: Mapping[str, Marks] = field(default_factory=dict)


def inspect_old(content: bytes) -> Inspection:
    """A workbook of the old sort. Raises Unreadable."""
    if ENCRYPTED.search(content):
        raise Unreadable("encrypted_workbook")
    if MACROS_OF_OLD in content:
        raise Unreadable("workbook_with_macros")
    return Inspection("xls")


def inspect(content: bytes) -> Inspection:
    """Format of an archive, and the marked cells of each sheet. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _inspected(archive, content)
    except Unreadable:
        raise
    except Exception as error:  # the archive raises its own, zip and decompression errors alike
        raise Unreadable("broken_workbook", type(error).__name__) from error


def _inspected(archive: zipfile.ZipFile, content: bytes) -> Inspection:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    format = _format(names)
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("encrypted_workbook")
    if sum(part.file_size for part in parts) > MOST_BYTES or any(map(_is_bomb, parts)):
        raise Unreadable("workbook_too_large")
    if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in names):
        raise Unreadable("workbook_with_macros")
    small: dict[str, bytes] = {}
    marks: dict[str, Marks] = {}
    for part in parts:
        xml = _unpacked(part, content)
        _check(xml)
        if b"sheetData" in xml:
            marks[part.filename] = _scan(xml)
        elif len(xml) < BOMB_BYTES:
            small[part.filename] = xml
    if format == "ods" and b"encryption-data" in small.get("META-INF/manifest.xml", b""):
        raise Unreadable("encrypted_workbook")
    return Inspection(format, _by_sheet(small, marks) if format == "xlsx" else {})


def _format(names: set[str]) -> str:
    formats = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
    found = next((format for part, format in formats.items() if part in names), "")
    if not found:
        raise Unreadable("not_a_table")
    return found


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > max(BOMB_BYTES, BOMB_TIMES * part.compress_size)


def _unpacked(part: zipfile.ZipInfo, content: bytes) -> bytes:
    """A part of the archive, never more of it than the archive says there is."""
    start = part.header_offset
    head = content[start : start + 30]
    start += 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    packed = content[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        return packed
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise Unreadable("broken_workbook", str(part.compress_type))
    plain = zlib.decompressobj(-15).decompress(packed, part.file_size + 1)
    if len(plain) > part.file_size:
        raise Unreadable("workbook_too_large")
    if len(plain) < part.file_size:
        raise Unreadable("broken_workbook", part.filename)
    return plain


def _check(part: bytes) -> None:
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Unreadable("workbook_unsafe")
    n_rows, n_columns = extent_of(part)
    extent = n_rows * n_columns
    if extent > MOST_CELLS:
        raise Unreadable("workbook_too_large")
    if extent > SPARSE_CELLS and extent > SPARSE_TIMES * sum(map(part.count, CELL)) > 0:
        raise Unreadable("workbook_too_large")


def _by_sheet(small: Mapping[str, bytes], marks: Mapping[str, Marks]) -> dict[str, Marks]:
    """Marks under the title of their sheet."""
    book = small.get("xl/workbook.xml", b"").decode("utf-8", "replace")
    rels = small.get("xl/_rels/workbook.xml.rels", b"").decode("utf-8", "replace")
    targets = {}
    for tag in re.findall(r"<Relationship\b[^>]*>", rels):
        targets[_attribute(tag, "Id")] = _attribute(tag, "Target").lstrip("/").removeprefix("xl/")
    found = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        part = "xl/" + targets.get(_attribute(tag, r"\w+:id"), "")
        if part in marks:
            found[_attribute(tag, "name")] = marks[part]
    return found


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"""\b{name}=(?:"([^"]*)"|'([^']*)')""", tag)
    return html.unescape(found[1] or found[2] or "") if found else ""


def _scan(xml: bytes) -> Marks:
    return Marks(
        _cells(FORMULA, xml) if b"<f" in xml else (), _cells(ERROR, xml) if b't="e"' in xml else ()
    )


def _cells(pattern: re.Pattern[bytes], xml: bytes) -> tuple[tuple[int, int], ...]:
    return tuple((column_number(column), int(row)) for column, row in pattern.findall(xml))
