"""What leaves cannot run as a formula, what comes in is read whatever the spreadsheet wrote."""

import io
import zipfile

import pytest
import tablib
from openpyxl import load_workbook

from indicators.resources.formats import CsvTable, TooLarge, XlsxTable

DANGEROUS = ["=cmd|' /C calc'!A0", "+1", "-0.1..0.1", "@SUM(A1)", "\tx", "\rx"]


def table(*rows: list[object]) -> tablib.Dataset:
    data = tablib.Dataset(headers=["code", "text"])
    for row in rows:
        data.append(row)
    return data


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_runs_as_a_formula(text: str) -> None:
    book = load_workbook(io.BytesIO(XlsxTable().export_data(table(["a", text]))))
    cell = book.worksheets[0]["B2"]
    assert cell.data_type != "f"
    assert str(cell.value).startswith("'")
    file = CsvTable().export_data(table(["a", text]))
    assert f"'{text[0]}" in file
    # And back in it is what it was.
    assert CsvTable().create_dataset(file).dict[0]["text"].strip() == text.strip()


def test_numbers_stay_numbers() -> None:
    book = load_workbook(io.BytesIO(XlsxTable().export_data(table(["a", -0.5]))))
    assert book.worksheets[0]["B2"].value == -0.5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_different_spreadsheets(encoding: str, delimiter: str) -> None:
    text = f"code{delimiter}text\r\n007{delimiter}Школа\r\n\r\n{delimiter}\r\n"
    data = CsvTable().create_dataset(text.encode(encoding))
    assert data.dict == [{"code": "007", "text": "Школа"}]


def test_an_empty_file() -> None:
    assert len(CsvTable().create_dataset(b"")) == 0


def test_control_characters_do_not_stop_an_export() -> None:
    file = XlsxTable().export_data(table(["a", "b\x01c"]))
    assert XlsxTable().create_dataset(file).dict == [{"code": "a", "text": "b\ufffdc"}]


def test_a_workbook_that_unpacks_to_too_much() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (101 * 2**20))
    with pytest.raises(TooLarge):
        XlsxTable().create_dataset(packed.getvalue())
