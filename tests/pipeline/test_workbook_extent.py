"""How large a sheet will be is told before it is opened, whatever its bytes say of themselves."""

import struct

import pytest

from indicators.pipeline.read import read_table
from indicators.pipeline.workbook_extent import extent_of
from tests.pipeline.test_read import blocks, parts_of, workbook, zipped

SPREADSHEET = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = b"http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"


def sheet(rows: bytes) -> bytes:
    return b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (SPREADSHEET, rows)


def xlsx(rows: bytes, **parts: bytes) -> bytes:
    """A small workbook whose only sheet holds these rows; other parts by a word of their name."""
    found = parts_of(workbook([["a"], ["b"]]))
    found["xl/worksheets/sheet1.xml"] = sheet(rows)
    for word, content in parts.items():
        (name,) = [name for name in found if word in name]
        found[name] = content
    return zipped(found)


OWN_ROW = b'<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>'
FAR = {
    "in its own row": OWN_ROW,
    "in another row": b'<row r="1"><c r="A1"/><c r="XFD1048576"><v>1</v></c></row>',
    "other quotation marks": OWN_ROW.replace(b'"', b"'"),
    "small letters": b'<row r="1"><c r="a1"/><c r="xfd1048576"><v>1</v></c></row>',
    "leading zeros": b'<row r="1"><c r="A1"/><c r="XFD0001048576"><v>1</v></c></row>',
    "a prefix": OWN_ROW.replace(b"<", b"<x:").replace(b"<x:/", b"</x:"),
    "columns first": b'<row r="1"><c r="XFD1"/></row><row r="1048576"><c r="A1048576"/></row>',
}


@pytest.mark.parametrize("rows", FAR.values(), ids=FAR)
def test_two_cells_far_apart_span_the_sheet(rows):
    assert extent_of(sheet(rows)) == (1_048_576, 16_384)


@pytest.mark.parametrize("rows", [OWN_ROW, FAR["in another row"]], ids=["own row", "another row"])
def test_a_workbook_with_cells_far_apart_is_not_opened(rows):
    assert blocks(read_table("a.xlsx", xlsx(rows))) == ["workbook_too_large"]


def test_the_size_is_looked_at_also_when_the_list_of_sheets_is_odd():
    rels = (
        b'<p:Relationships xmlns:p="%s"><p:Relationship Id="rId1" Type="%s" '
        b'Target="worksheets/sheet1.xml"/></p:Relationships>' % (PACKAGE, OFFICE)
    )
    content = xlsx(FAR["in another row"], **{"workbook.xml.rels": rels})
    assert blocks(read_table("a.xlsx", content)) == ["workbook_too_large"]


def test_an_ordinary_sheet_is_as_large_as_its_cells():
    rows = b'<row r="1"><c r="A1"/><c r="AB1"/></row><row r="30"><c r="Z30" t="n"/></row>'
    assert extent_of(sheet(rows)) == (30, 28)
    assert extent_of(sheet(b"")) == (1, 1)
    assert extent_of(b"<sst><si><t>A9</t></si></sst>") == (0, 0)


def test_a_row_named_zero_counts_as_none():
    assert extent_of(sheet(b'<row r="1"><c r="B0"/></row>')) == (1, 2)


def test_cells_without_a_reference_are_counted():
    cells = b'<c><v>1</v></c><c t="n"><v>2</v></c><c/>'
    assert extent_of(sheet(b"<row>%s</row><row/><row>%s</row>" % (cells, cells[:14]))) == (3, 3)
    raw = read_table("a.xlsx", xlsx(b"<row>%s</row><row><c><v>3</v></c></row>" % cells))
    assert raw.tables[0].rows == ((3.0, None),)


def test_a_prefix_alone_needs_no_counting():
    assert extent_of(sheet(b'<x:row r="2"><x:c r="A2"/></x:row>')) == (2, 1)


# --- binary workbooks -----------------------------------------------------------------------


def record(kind: int, data: bytes = b"") -> bytes:
    """A record of a binary workbook: kind and length in seven bits a byte, then the data."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, rest = b"", len(data)
    while rest > 0x7F:
        length, rest = length + bytes([rest & 0x7F | 0x80]), rest >> 7
    return head + length + bytes([rest]) + data


def text(words: str) -> bytes:
    return struct.pack("<I", len(words)) + words.encode("utf-16-le")


def binary_sheet(cells: dict[int, dict[int, str]]) -> bytes:
    found = record(129) + record(148, bytes(16)) + record(145)
    for row, columns in cells.items():
        found += record(0, struct.pack("<I", row) + bytes(21))
        for column, words in columns.items():
            found += record(6, struct.pack("<II", column, 0) + text(words))
    return found + record(146) + record(130)


def xlsb(cells: dict[int, dict[int, str]]) -> bytes:
    book = record(131) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + text("rId1") + text("answers"))
    rels = (
        b'<Relationships xmlns="%s"><Relationship Id="rId1" Type="%s" '
        b'Target="worksheets/sheet1.bin"/></Relationships>' % (PACKAGE, OFFICE)
    )
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.bin": book + record(144) + record(132),
            "xl/_rels/workbook.bin.rels": rels,
            "xl/worksheets/sheet1.bin": binary_sheet(cells),
        }
    )


def test_a_binary_workbook_is_read():
    raw = read_table("a.xlsb", xlsb({0: {0: "school", 1: "мектеп"}, 1: {0: "IS-01", 1: "x" * 90}}))
    assert (raw.format, raw.problems) == ("xlsb", ())
    assert raw.tables[0].header == ("school", "мектеп")
    assert raw.tables[0].rows == (("IS-01", "x" * 90),)


def test_a_binary_workbook_with_cells_far_apart_is_not_opened():
    content = xlsb({0: {0: "a"}, 1_048_575: {16_383: "z"}})
    assert blocks(read_table("a.xlsb", content)) == ["workbook_too_large"]


def test_the_cells_of_a_binary_sheet_are_measured():
    assert extent_of(binary_sheet({0: {0: "a", 7: "b"}, 40: {2: "c"}})) == (41, 8)
    assert extent_of(binary_sheet({})) == (0, 0)


def test_a_binary_sheet_cut_off_is_measured_as_far_as_it_goes():
    whole = binary_sheet({0: {0: "a"}, 4: {2: "c"}})
    assert extent_of(whole[:-40]) == (1, 1)
    assert extent_of(whole[:2] + b"\x00\xff\xff\xff\xff") == (0, 0)
