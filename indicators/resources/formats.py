"""Formats of reference tables (CSV and XLSX, safe to open and safe to read) and of survey files."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import tablib
from import_export.formats import base_formats

from indicators.vocabulary import ExportFormat

# A spreadsheet runs a text that begins like this.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# A reference table of 5,000 rows unpacks to a few megabytes.
MOST_UNPACKED = 100 * 2**20


class TooLarge(Exception):
    """The workbook would unpack to more than a reference table can hold."""


class CsvTable(base_formats.CSV):
    """Comma or semicolon, UTF-8 or the Windows encoding of Cyrillic; written for spreadsheets."""

    def create_dataset(self, in_stream: bytes | str, **kwargs: Any) -> tablib.Dataset:
        text = in_stream if isinstance(in_stream, str) else _decoded(in_stream)
        text = text.removeprefix("\ufeff")
        head = text.partition("\n")[0]
        delimiter = max(",;\t", key=head.count)
        return _dataset(csv.reader(io.StringIO(text), delimiter=delimiter))

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> str:
        _neutralise(dataset)
        # Without the mark, spreadsheets show Cyrillic letters of a CSV wrongly.
        return "\ufeff" + str(dataset.export("csv", **kwargs))


class XlsxTable(base_formats.XLSX):
    """The first sheet of a workbook; values, never formulas."""

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        from openpyxl import load_workbook

        demand_small(in_stream)
        book = load_workbook(io.BytesIO(in_stream), read_only=True, data_only=True)
        return _dataset(book.worksheets[0].iter_rows(values_only=True))

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        _neutralise(dataset)
        self._escape_illegal_chars(dataset)
        return bytes(dataset.export("xlsx", **kwargs))


FORMATS = (XlsxTable, CsvTable)


@dataclass(frozen=True, slots=True)
class Received:
    """A survey file as it arrived. It has one "row", so that an empty one is read and explained."""

    content: bytes

    def __len__(self) -> int:
        return 1


class SurveyFormat(base_formats.Format):
    """Handed on as it is: the product's own reader decides by the content what it is.

    The library's way (a tablib table of Python objects) would cost minutes and gigabytes for a
    large file, and would know neither SPSS's missing codes nor a header in the third row.
    """

    extension = ""
    content_type = "application/octet-stream"
    written: ExportFormat | None = None  # accepted answers are handed out as these

    def __init__(self, encoding: str | None = None) -> None:
        """The encoding is found by the reader."""

    def get_title(self) -> str:
        return self.extension.upper()

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return self.content_type

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return self.written is not None

    def create_dataset(self, in_stream: bytes) -> Received:
        return Received(in_stream)


class SurveyXlsx(SurveyFormat):
    extension, written = "xlsx", ExportFormat.XLSX
    content_type = base_formats.XLSX.CONTENT_TYPE


class SurveyCsv(SurveyFormat):
    extension, written = "csv", ExportFormat.CSV
    content_type = "text/csv; charset=utf-8"


class SurveyTsv(SurveyFormat):
    extension = "tsv"


class SurveyXls(SurveyFormat):
    extension = "xls"


class SurveyOds(SurveyFormat):
    extension = "ods"


class SurveySav(SurveyFormat):
    extension, written = "sav", ExportFormat.SAV
    content_type = "application/x-spss-sav"


class SurveyDta(SurveyFormat):
    extension = "dta"


SURVEY_FORMATS = (SurveyXlsx, SurveyCsv, SurveyTsv, SurveyXls, SurveyOds, SurveySav, SurveyDta)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251")


def demand_small(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
            raise TooLarge


class NumberedRows(tablib.Dataset):
    """A table that knows the number each of its rows has in the file."""

    row_numbers: list[int]


def _dataset(rows: Iterable[Iterable[Any]]) -> NumberedRows:
    """A table under its first row. Blank rows and columns without header are left out."""
    table = [list(row) for row in rows]
    header = [str(cell).strip() if cell is not None else "" for cell in table[0]] if table else []
    wanted = [place for place, name in enumerate(header) if name]
    dataset = NumberedRows(headers=[header[place] for place in wanted])
    dataset.row_numbers = []
    for number, row in enumerate(table[1:], start=2):
        cells = [typed(row[place]) if place < len(row) else "" for place in wanted]
        if any(cell not in (None, "") for cell in cells):
            dataset.append(cells)
            dataset.row_numbers.append(number)
    return dataset


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet runs as a formula; numbers stay numbers."""
    is_formula = isinstance(cell, str) and cell.startswith(FORMULA_STARTS)
    return f"'{cell}" if is_formula else cell


def typed(cell: Any) -> Any:
    """A cell as it was before it was made harmless."""
    is_marked = isinstance(cell, str) and cell[:1] == "'" and cell[1:2] in FORMULA_STARTS
    return cell[1:] if is_marked and len(cell) > 1 else cell


def _neutralise(dataset: tablib.Dataset) -> None:
    for _ in range(len(dataset)):
        dataset.append([harmless(cell) for cell in dataset.lpop()])
