"""Sheets of the project files: read as they are, every cell cleaned in one place.

A cell that cannot be understood is reported with file, sheet, row, column and value, and the
reading goes on, so that everything wrong is listed at once.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from indicators.pipeline.shapes import Labels, ProblemSpec
from indicators.vocabulary import Severity

T = TypeVar("T")

_GROUPED = re.compile(r"[+-]?\d{1,3}([  \u202f\u2009]\d{3})+([.,]\d+)?")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
YES_NO = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}


class Problems:
    """Everything found wrong in one file. Knows the file; the caller says where in it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[ProblemSpec] = []

    def add(
        self,
        kind: str,
        *,
        severity: Severity = Severity.BLOCK,
        sheet: str = "",
        row: int | None = None,
        column: str = "",
        value: object = "",
        suggestion: str = "",
        **params: str,
    ) -> None:
        self.found.append(
            ProblemSpec(
                severity,
                kind,
                sheet,
                row,
                column,
                as_text(value),
                suggestion,
                {"file": self.file, **params},
            )
        )


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row under its header. The methods clean one cell each and report what is wrong."""

    sheet: str
    number: int
    cells: Mapping[str, Any]
    problems: Problems

    def report(
        self,
        kind: str,
        column: str = "",
        *,
        value: object = None,
        suggestion: str = "",
        severity: Severity = Severity.BLOCK,
        **params: str,
    ) -> None:
        self.problems.add(
            kind,
            severity=severity,
            sheet=self.sheet,
            row=self.number,
            column=column,
            value=self.cells.get(column, "") if value is None else value,
            suggestion=suggestion,
            **params,
        )

    def text(self, column: str, *, required: bool = False, longest: int | None = None) -> str:
        value = as_text(self.cells.get(column))
        if required and not value:
            self.report("value_missing", column)
        if longest is not None and len(value) > longest:
            self.report("text_too_long", column, longest=str(longest))
            return value[:longest]
        return value

    def labels(self, stem: str, *, required: bool = False, longest: int = 300) -> Labels:
        """Texts of `stem_ky`, `stem_ru`, `stem_en`; at least one where they are required."""
        found = (
            self.text(f"{stem}_ky", longest=longest),
            self.text(f"{stem}_ru", longest=longest),
            self.text(f"{stem}_en", longest=longest),
        )
        if required and not any(found):
            self.report("value_missing", f"{stem}_ky")
        return found

    def number_in(
        self,
        column: str,
        *,
        required: bool = False,
        low: float | None = None,
        high: float | None = None,
    ) -> float | None:
        text = self.text(column, required=required)
        if not text:
            return None
        value = as_number(self.cells.get(column))
        if value is None:
            self.report("not_a_number", column)
        elif (low is not None and value < low) or (high is not None and value > high):
            self.report(
                "number_outside_range",
                column,
                low="" if low is None else f"{low:g}",
                high="" if high is None else f"{high:g}",
            )
        else:
            return value
        return None

    def whole(self, column: str, *, required: bool = False, high: float = 1e6) -> int | None:
        """A count: a whole number, not negative."""
        text = self.text(column, required=required)
        value = as_number(self.cells.get(column))
        if not text:
            return None
        if value is None:
            self.report("not_a_number", column)
        elif value < 0:
            self.report("negative_count", column)
        elif value != int(value) or value > high:
            self.report("not_a_whole_number", column)
        else:
            return int(value)
        return None

    def day(self, column: str) -> date | None:
        value = self.cells.get(column)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(self.text(column, required=True))
        except ValueError:
            if as_text(value):
                self.report("not_a_date", column)
            return None

    def one_of(
        self, column: str, allowed: Mapping[str, T], *, default: T | None = None
    ) -> T | None:
        """The meaning of a code. An empty cell is wrong unless there is a default."""
        text = self.text(column, required=default is None)
        if not text:
            return default
        if text.casefold() in allowed:
            return allowed[text.casefold()]
        self.report(
            "value_unknown",
            column,
            suggestion=nearest(text.casefold(), allowed),
            allowed=", ".join(allowed),
        )
        return default

    def yes(self, column: str, *, default: bool = False) -> bool:
        return bool(self.one_of(column, YES_NO, default=default))


@dataclass(frozen=True, slots=True)
class Sheet:
    file: str
    name: str
    header: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def as_text(value: object) -> str:
    """A cell as text: whole numbers without ".0", dates as 2025-10-06, no outer blanks."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return unicodedata.normalize("NFC", str(value)).replace("\xa0", " ").strip()


def as_number(value: object) -> float | None:
    """A number, also typed as text with a decimal comma or with blanks between thousands."""
    if isinstance(value, bool | date):
        return None
    if isinstance(value, int | float):
        number = float(value)
    else:
        text = as_text(value).replace("\N{MINUS SIGN}", "-")
        if _GROUPED.fullmatch(text):
            text = re.sub(r"\s", "", text)
        if not _NUMBER.fullmatch(text):
            return None
        number = float(text.replace(",", "."))
    return number if math.isfinite(number) else None


def nearest(text: str, known: Iterable[str]) -> str:
    """The one name most like a mistyped one, or an empty text."""
    found = get_close_matches(text, list(known), n=1, cutoff=0.75)
    return found[0] if found else ""


def read_sheets(
    path: Path,
    wanted: Mapping[str, tuple[str, ...]],
    problems: Problems,
    optional: frozenset[str] = frozenset(),
) -> dict[str, Sheet]:
    """The wanted sheets of a workbook. `wanted`: sheet -> columns that must be there; a sheet in
    `optional` may be absent.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(path)
        known = [name for name in wanted if name in workbook.sheet_names]
        cells = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in known
        }
    except (CalamineError, OSError) as error:
        problems.add("file_unreadable", reason=str(error))
        return {}
    found: dict[str, Sheet] = {}
    for name, columns in wanted.items():
        if name not in cells and name in optional:
            continue
        if name not in cells:
            problems.add("sheet_missing", sheet=name, sheets=", ".join(workbook.sheet_names))
            continue
        sheet = sheet_of(name, cells[name], problems)
        if _has_columns(sheet, columns, problems):
            found[name] = sheet
    return found


def _has_columns(sheet: Sheet, columns: tuple[str, ...], problems: Problems) -> bool:
    """Whether each of the columns stands in the header; one that stands twice is no better."""
    for column in columns:
        place = {"sheet": sheet.name, "row": 1, "column": column}
        if column not in sheet.header:
            problems.add("column_missing", suggestion=nearest(column, sheet.header), **place)  # type: ignore[arg-type]
        elif sheet.header.count(column) > 1:
            problems.add("column_repeated", **place)  # type: ignore[arg-type]
    return all(sheet.header.count(column) == 1 for column in columns)


def sheet_of(name: str, cells: list[list[Any]], problems: Problems) -> Sheet:
    """Rows under the first row's headers. Blank rows are left out, the others keep their number."""
    header = tuple(as_text(cell) for cell in cells[0]) if cells else ()
    rows = tuple(
        SheetRow(name, number, dict(zip(header, row, strict=False)), problems)
        for number, row in enumerate(cells[1:], start=2)
        if any(as_text(cell) for cell in row)
    )
    return Sheet(problems.file, name, header, rows)


def without_repeats(
    rows: Iterable[SheetRow], columns: tuple[str, ...], kind: str = "repeated"
) -> Iterator[SheetRow]:
    """The rows whose key in `columns` is new; a repeated key is reported with its first row."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row.text(column).casefold() for column in columns)
        if any(key) and key in seen:
            row.report(kind, columns[-1], first_row=str(seen[key]))
            continue
        seen[key] = row.number
        yield row
