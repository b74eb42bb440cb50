"""Files by their content: formats, encodings, and everything that cannot be opened."""

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from indicators.pipeline import workbook_inspection
from indicators.pipeline.read import read_table
from indicators.pipeline.read_text import read_text
from indicators.pipeline.shapes import RawFile
from indicators.vocabulary import Severity
from tests.pipeline.import_cases import DEMO, DIRTY

HEADER, ROW = ["school", "мектеп"], ["IS-01", "«Таң-Шоола»"]


def workbook(*sheets: list[list[Any]], **properties: Any) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"sheet {number}")
        for row in rows:
            sheet.append(row)
    for name, state in properties.items():
        book[name.replace("_", " ")].sheet_state = state
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return content.getvalue()


def blocks(raw: RawFile) -> list[str]:
    return [problem.kind for problem in raw.problems if problem.severity is Severity.BLOCK]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_text_is_read_in_any_encoding_with_any_delimiter(encoding, delimiter):
    text = "\r\n".join(delimiter.join(row) for row in (HEADER, ROW, ROW))
    raw = read_table("a.csv", text.encode(encoding))
    assert raw.problems == ()
    assert raw.delimiter == delimiter
    assert raw.tables[0].header == tuple(HEADER)
    assert tuple(raw.tables[0].rows) == (tuple(ROW), tuple(ROW))
    assert tuple(raw.tables[0].row_numbers) == (2, 3)


def test_windows_cyrillic_is_recognised():
    raw = read_table("a.csv", "школа;ответ\nТан-Шоола;да".encode("cp1251"))
    assert raw.encoding == "cp1251"
    assert tuple(raw.tables[0].rows) == (("Тан-Шоола", "да"),)


def test_a_record_over_two_lines_is_one_row():
    raw = read_table("a.csv", b'a;b\n"x\ny; ""z""";2\n\n3;4')
    assert tuple(raw.tables[0].rows) == (('x\ny; "z"', "2"), (), ("3", "4"))
    assert tuple(raw.tables[0].row_numbers) == (2, 3, 4)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", b"", "empty_file"),
        ("a.csv", b"\xef\xbb\xbf\n\n", "empty_file"),
        ("a.csv", b"a;b\n", "no_data_rows"),
        ("a.csv", b"a;b\n;\n ;", "no_data_rows"),
        ("a.xlsx", b"a;b\n1;2", "file_type_mismatch"),
        ("a.sav", b"a;b\n1;2", "file_type_mismatch"),
        ("a.csv", b"%PDF-1.7 ...", "not_a_table"),
        ("a.png", b"\x89PNG\r\n", "not_a_table"),
        ("a.csv", b"abc\x00\x01\x02def" * 50, "not_a_table"),
        ("a.xlsx", b"PK\x03\x04 broken", "broken_workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "broken_workbook"),
        ("a.sav", b"$FL2 broken", "broken_sav_file"),
        ("a.docx", zipped({"word/document.xml": b"<w/>"}), "not_a_table"),
        ("a.xlsx", zipped({"xl/workbook.xml": b"<workbook"}), "broken_workbook"),
        ("a.csv", b"\xff\xfea", "broken_text_file"),
        ("a.csv", b'"' + b"a" * 1_100_000, "broken_text_file"),
        ("a.xlsx", workbook([]), "empty_file"),
        ("a.xlsx", workbook([HEADER]), "no_data_rows"),
        ("a.csv", ";".join(["a"] * 5001).encode() + b"\n1", "too_many_columns"),
        ("a.xlsx", workbook([["a"] * 5001, ["b"]]), "too_many_columns"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_raised(name, content, kind):
    raw = read_table(name, content)
    assert kind in blocks(raw)


@pytest.mark.parametrize(
    "told",
    [
        "EncryptedPackage".encode("utf-16-le"),
        b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12) + b"\x2f\x00\x36\x00",
    ],
    ids=["newer", "older"],
)
def test_a_workbook_protected_by_a_password_is_named(told):
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + told
    assert blocks(read_table("a.xls", content)) == ["encrypted_workbook"]


def test_a_workbook_under_another_name_is_read_with_a_word():
    raw = read_table("a.csv", workbook([HEADER, ROW]))
    assert raw.format == "xlsx"
    assert [problem.kind for problem in raw.problems] == ["file_type_differs"]
    assert tuple(raw.tables[0].rows) == (tuple(ROW),)


def test_hidden_sheets_are_ignored():
    content = workbook(
        [HEADER, ROW], [["old"]], [["older"]], sheet_1="hidden", sheet_2="veryHidden"
    )
    assert [table.sheet for table in read_table("a.xlsx", content).tables] == ["sheet 0"]


def test_a_formula_is_listed_and_never_run():
    raw = read_table("a.xlsx", workbook([HEADER, ["=1+1", "x"]]))
    (problem,) = raw.problems
    assert (problem.kind, problem.row, problem.column) == ("formula_cell", 2, "A")
    assert tuple(raw.tables[0].rows) == ((None, "x"),)


def test_a_formula_with_a_stored_value_gives_that_value():
    raw = read_table("a.xlsx", (DIRTY / "director_IS-03.xlsx").read_bytes())
    assert [(p.kind, p.row, p.value) for p in raw.problems] == [("formula_cell", 20, "Ооба")]


def test_an_error_of_the_spreadsheet_is_listed():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
        b'<row r="2"><c r="A2" t="e"><v>#DIV/0!</v></c></row></sheetData></worksheet>'
    )
    parts = {
        name: data
        for name, data in parts_of(workbook([["a"], ["b"]])).items()
        if name != "xl/worksheets/sheet1.xml"
    }
    raw = read_table("a.xlsx", zipped({**parts, "xl/worksheets/sheet1.xml": sheet}))
    assert "error_cell" in [problem.kind for problem in raw.problems]


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_workbook_that_expands_without_measure_is_refused(monkeypatch):
    monkeypatch.setattr(workbook_inspection, "MOST_BYTES", 1000)
    assert blocks(read_table("a.xlsx", workbook([HEADER, ROW]))) == ["workbook_too_large"]


def test_two_cells_at_the_corners_of_a_sheet_are_refused_before_opening():
    book = openpyxl.Workbook()
    book.active["A1"] = "a"
    book.active["XFD1048576"] = "b"
    content = io.BytesIO()
    book.save(content)
    assert blocks(read_table("a.xlsx", content.getvalue())) == ["workbook_too_large"]


def test_numbers_and_leading_zeros_stay_what_they_are():
    raw = read_table("a.xlsx", workbook([HEADER, ["007", 7, 7.5, True]]))
    assert tuple(raw.tables[0].rows) == (("007", 7.0, 7.5, True),)


def test_a_sav_keeps_labels_and_missing_codes():
    raw = read_table("a.sav", (DEMO / "endline" / "student_spss.sav").read_bytes())
    (table,) = raw.tables
    assert raw.format == "sav"
    assert table.value_labels["s_sex"][1.0] == "Кыз"
    assert table.missing_codes["s_feel_safe"] == {98.0, 99.0}
    assert table.labels["s_school"] == "Мектеп"
    assert table.row_numbers[0] == 1


def test_an_open_document_with_a_password_is_named():
    manifest = (
        b'<?xml version="1.0"?><manifest:manifest xmlns:manifest="'
        b'urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        b'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
        b'<manifest:encryption-data manifest:checksum="x"/></manifest:file-entry>'
        b"</manifest:manifest>"
    )
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": b"\x00\x01",
        "META-INF/manifest.xml": manifest,
    }
    assert blocks(read_table("a.ods", zipped(parts))) == ["encrypted_workbook"]


def test_an_encrypted_archive_is_named():
    content = bytearray(workbook([HEADER, ROW]))
    entry = content.index(b"PK\x01\x02")  # first entry of the archive's list
    content[entry + 8] |= 1  # its flag "encrypted"
    assert blocks(read_table("a.xlsx", bytes(content))) == ["encrypted_workbook"]


def test_a_sheet_whose_part_is_missing_is_not_guessed():
    parts = parts_of(workbook([HEADER, ROW], [HEADER, ROW]))
    del parts["xl/worksheets/sheet2.xml"]
    assert blocks(read_table("a.xlsx", zipped(parts))) == ["broken_workbook"]


def test_a_quotation_mark_that_is_never_closed_loses_no_rows_in_silence():
    rows = ["a;b", *(f"{number};x" for number in range(2, 30))]
    rows[9] = '10;"x'
    raw = read_table("a.csv", "\n".join(rows).encode())
    assert raw.tables == ()
    assert [(p.kind, p.value) for p in raw.problems] == [("quote_never_closed", "10")]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_text_may_end_with_or_without_a_line_end(end):
    raw = read_table("a.csv", f"a;b\r\n1;2{end}".encode())
    assert tuple(raw.tables[0].rows) == (("1", "2"),)


def test_lines_may_end_as_on_an_old_macintosh():
    raw = read_table("a.csv", b"a;b\r1;2\r3;4\r")
    assert raw.problems == ()
    assert tuple(raw.tables[0].rows) == (("1", "2"), ("3", "4"))


def test_line_ends_of_two_sorts_are_refused():
    assert blocks(read_table("a.csv", b"a;b\n1;2\r3;4\n")) == ["broken_text_file"]


def sav(frame: dict[str, list[Any]], **declared: Any) -> bytes:
    """A file of SPSS as its own library writes it."""
    import pandas
    import pyreadstat

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sav"
        pyreadstat.write_sav(pandas.DataFrame(frame), str(path), **declared)
        return path.read_bytes()


def test_missing_codes_of_a_sav_may_be_a_range_or_words():
    content = sav(
        {"q": [1.0, 96.0, 98.5, 4.0], "sex": ["f", "m", "?", "f"]},
        missing_ranges={"q": [{"lo": 96, "hi": 99}], "sex": ["?"]},
    )
    (table,) = read_table("a.sav", content).tables
    assert table.missing_codes == {"q": {96.0, 98.5}, "sex": {"?"}}
    assert table.rows[1] == (96.0, "m")


def test_a_text_longer_than_one_batch_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indicators.pipeline.read_text.BATCH", 3)
    heard: list[float] = []
    lines = "".join(f"{n},{n % 2}\n" for n in range(10))
    (table,) = read_text("a.csv", f"a,b\n{lines}".encode(), heard.append).tables
    assert list(table.rows) == [(str(n), str(n % 2)) for n in range(10)]
    assert list(table.row_numbers) == list(range(2, 12))
    assert heard == sorted(heard)
    assert heard[-1] == 1
