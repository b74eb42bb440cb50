"""Files made to harm: small to send, dear to open."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from tests.pipeline.test_read import parts_of, sav, workbook, zipped
from tests.pipeline.test_read_formats import dta

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
SMALL = workbook([["school", "age"], ["IS-01", 15]])


def with_part(name: str, data: bytes) -> bytes:
    return zipped({**parts_of(SMALL), name: data})


def sheet(rows: str, before: str = "") -> bytes:
    """A workbook of one sheet with these rows."""
    xml = f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return with_part(SHEET, xml.encode())


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def entities() -> bytes:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    dtd = f'<!DOCTYPE x [<!ENTITY e0 "ha">{levels}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return sheet(f'<row r="1">{text_cell("A1", "&e9;&f;")}</row>', before=dtd)


def bomb() -> bytes:
    """250 MB of spaces in 250 kB."""
    return with_spaces(b"", 250)


def with_spaces(start: bytes, megabytes: int) -> bytes:
    """A workbook whose sheet is mostly spaces, written without holding it in memory."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts_of(SMALL).items():
            if name != SHEET:
                packed.writestr(name, data)
        with packed.open(SHEET, "w") as part:
            part.write(start)
            for _ in range(megabytes):
                part.write(b" " * 2**20)
    return content.getvalue()


def bomb_that_lies() -> bytes:
    """A sheet of 400 MB whose archive says that it has a hundred bytes, checksum and all."""
    start = b"<worksheet><sheetData>"
    content = bytearray(with_spaces(start, 400))
    crc = zlib.crc32(start + b" " * 78)
    name = SHEET.encode()
    local = content.index(name) - 30
    central = content.rindex(name) - 46
    struct.pack_into("<I", content, local + 14, crc)
    struct.pack_into("<I", content, local + 22, 100)
    struct.pack_into("<I", content, central + 16, crc)
    struct.pack_into("<I", content, central + 24, 100)
    return bytes(content)


def far_cells() -> bytes:
    """Two cells; between their corners 39 million."""
    last = f'<row r="39000">{text_cell("ALL39000", "x")}</row>'
    return sheet(f'<row r="1">{text_cell("A1", "school")}</row>{last}')


def open_document(n_rows: int = 10**6, n_columns: int = 10**9) -> bytes:
    """One cell, repeated so many times a row, and the row so many times."""
    cell = (
        f'<table:table-cell table:number-columns-repeated="{n_columns}" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell>"
    )
    rows = f'<table:table-row table:number-rows-repeated="{n_rows}">{cell}</table:table-row>'
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="a">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": b"<manifest/>",
            "content.xml": content.encode(),
        }
    )


# --- old workbooks: a file system of 512 byte sectors with one stream ------------------------


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def old_workbook(*cells: tuple[int, int, float]) -> bytes:
    """BIFF8 with numbers at (row, column), both from 0."""
    begin, end = bytes.fromhex("0006") + struct.pack("<HHHII", 5, 0, 0, 0, 0), record(0x0A, b"")
    place = len(record(0x809, begin)) + len(record(0x85, bytes(6) + b"\x01\x00a")) + len(end)
    title = struct.pack("<IHBB", place, 0, 1, 0) + b"a"
    numbers = [
        record(0x203, struct.pack("<HHHd", row, column, 0, value)) for row, column, value in cells
    ]
    of_sheet = bytes.fromhex("0006") + struct.pack("<HHHII", 0x10, 0, 0, 0, 0)
    book = record(0x809, begin) + record(0x85, title) + end + record(0x809, of_sheet)
    return compound((book + b"".join(numbers) + end).ljust(4096, b"\x00"))


def compound(stream: bytes) -> bytes:
    n = -(-len(stream) // 512)
    last, fat_sector, none = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
    fat = [fat_sector, last, *range(3, n + 2), last]
    fat += [none] * (128 - len(fat))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, last, 0, last, 0)
    head += struct.pack("<109I", 0, *[none] * 108)
    entries = entry("Root Entry", 5, last, 0, child=1) + entry("Workbook", 2, 2, len(stream))
    table = struct.pack("<128I", *fat)
    return head + table + entries.ljust(512, b"\x00") + stream.ljust(512 * n, b"\x00")


def entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le")
    none = 0xFFFFFFFF
    links = struct.pack("<HBBIII", len(text) + 2, kind, 1, none, none, child)
    return text.ljust(64, b"\x00") + links + bytes(36) + struct.pack("<IQ", start, size)


# --- SPSS and Stata ----------------------------------------------------------------------------


def wild_sav(place: int, number: int) -> bytes:
    """A file of SPSS with a number of its header changed: 68 variables, 80 cases, 72 packing."""
    content = bytearray(sav({"q": [1.0, 2.0], "s": ["x", "y"]}))
    struct.pack_into("<i", content, place, number)
    return bytes(content)


def wild_dta() -> bytes:
    """A file of Stata (release 8) that claims as many variables and cases as there can be."""
    content = bytearray(dta({"q": [1.0, 2.0]}, version=8))
    struct.pack_into("<HI", content, 4, 0x7FFF, 0x7FFFFFFF)
    return bytes(content)


def archive(n: int) -> bytes:
    """An archive of very many parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for number in range(n):
            packed.writestr(f"xl/{number}", b"")
        packed.writestr("xl/workbook.xml", b"")
    return content.getvalue()
