"""Tables of records (desk data, logs, lists): columns by any of their names, cells by their type.

A table is described once by its fields; finding the sheet and the header, reading the cells and
listing what is wrong with them is the same for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from indicators.pipeline.cells import is_blank, is_missing_token
from indicators.pipeline.columns import HEADER_ROWS, check_nameless, list_unread, with_header
from indicators.pipeline.grid import body
from indicators.pipeline.left_out import rows_left_out
from indicators.pipeline.matching import How, normalise
from indicators.pipeline.problems import Problems, shown
from indicators.pipeline.record_cells import READERS, Field, code_of
from indicators.pipeline.schools import Schools
from indicators.pipeline.shapes import ImportContext, RawFile, RawTable

SCHOOL_NAME = "school_name"  # the field that repeats the school in words
FEWEST_COLUMNS = 2  # recognised columns from which a sheet is taken for the table


@dataclass(frozen=True, slots=True)
class Table:
    """One sort of table and the words its sheet may be called."""

    name: str
    fields: tuple[Field, ...]
    sheets: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()  # fields that tell this table from others


@dataclass(frozen=True, slots=True)
class Record:
    """One row: typed cells by field name (None: empty or wrong), and the cells as typed."""

    values: Mapping[str, Any]
    raw: Mapping[str, Any]
    row: int
    header: Mapping[str, str]  # field -> header text

    def where(self, name: str) -> dict[str, Any]:
        return {
            "row": self.row,
            "column": self.header.get(name, ""),
            "value": self.raw.get(name),
        }


@dataclass(slots=True)
class Reader:
    """Reads the tables of one file; keeps the problems."""

    context: ImportContext
    problems: Problems
    schools: Schools = field(init=False)

    def __post_init__(self) -> None:
        self.schools = Schools(self.context.schools)

    def read(self, raw: RawFile, table: Table) -> list[Record] | None:
        """Rows of the sheet that holds the table; None when no sheet does."""
        found = find_table(raw, table)
        if found is None:
            return None
        sheet, places, others = found
        self.problems.sheet = sheet.sheet
        list_unread(others, self.problems)
        self.problems.name_columns(sheet)
        self._check_columns(sheet, table, places)
        grid = body(sheet, self.problems, is_text=raw.format == "csv")
        header = {name: sheet.header[place] for name, place in places.items()}
        reasons = self.context.rows_left_out.get(sheet.sheet, {})
        left_out = rows_left_out(grid, reasons, self.problems)
        records = []
        for index, number in enumerate(grid.numbers.tolist()):
            if left_out[index]:
                continue
            cells = {name: grid.columns[place][index] for name, place in places.items()}
            values = {
                one.name: self._value(one, cells, int(number), header)
                for one in table.fields
                if one.name in places
            }
            records.append(Record(values, cells, int(number), header))
        return records

    def _check_columns(self, sheet: RawTable, table: Table, places: Mapping[str, int]) -> None:
        row = sheet.header_row
        for one in table.fields:
            if one.name in places:
                continue
            if one.is_needed:
                self.problems.block("missing_needed_column", row=row, column=one.aliases[0])
        known = set(places.values())
        for place, text in enumerate(sheet.header):
            if place in known:
                continue
            if not text.strip():
                check_nameless(sheet, place, self.problems, row)
            elif any(_is_called(one, text) for one in table.fields):
                self.problems.block("duplicate_header", row=row, column=text, value=text)
            else:
                self.problems.warn("unknown_extra_column", row=row, column=text, value=text)

    def _value(
        self, one: Field, cells: Mapping[str, Any], row: int, header: Mapping[str, str]
    ) -> Any:
        cell = cells[one.name]
        where = {"row": row, "column": header[one.name], "value": cell}
        if one.kind == "school":
            return self.school(cell, where, name=cells.get(SCHOOL_NAME))
        if is_blank(cell) or (
            isinstance(cell, str) and is_missing_token(cell) and not code_of(one, cell)
        ):
            if one.is_key:
                self.problems.leave_out_row("missing_required_value", **where)
            return None
        return READERS[one.kind](self.problems, one, cell, where)

    def school(self, cell: Any, where: dict[str, Any], *, name: Any = None) -> str | None:
        """The school of a code cell, checked against the name beside it. No school: no row."""
        match = self.schools.find(cell)
        named = self.schools.find(name)
        if match.target and named.target and match.target != named.target:
            exact = match.how is How.EXACT
            kind = "school_name_contradicts_code" if exact else "misspelt_school"
            self.problems.block(kind, suggestion=named.target, name=str(name), **where)
            return None
        if match.target is not None:
            if match.how is not How.EXACT:
                near = match.how is How.NEAR
                kind = "misspelt_school" if near else "school_written_differently"
                self.problems.warn(kind, suggestion=match.target, **where)
            return match.target
        if is_blank(cell):
            self.problems.leave_out_row("missing_required_value", **where)
        elif shown(cell) in self.context.left_out:
            self.problems.leave_out_row("school_left_out", **where)
        else:
            self.problems.block("unknown_school", alike=self.schools.alike(cell), **where)
        return None


def _is_called(one: Field, text: str) -> bool:
    wanted = normalise(text)
    return any(wanted == normalise(alias) for alias in (one.name, *one.aliases))


def find_table(
    raw: RawFile, table: Table
) -> tuple[RawTable, dict[str, int], list[RawTable]] | None:
    """The sheet and header row that name most columns of the table, and other such sheets."""
    found = [best for sheet in raw.tables if (best := _find_header(sheet, table)) is not None]
    if not found:
        return None
    (_, sheet, places), *others = sorted(found, key=lambda one: -one[0])
    return sheet, places, [other for _, other, _ in others]


def _find_header(sheet: RawTable, table: Table) -> tuple[int, RawTable, dict[str, int]] | None:
    """How well a sheet fits the table, with its header row found."""
    best: tuple[int, RawTable, dict[str, int]] | None = None
    for index in range(min(HEADER_ROWS, len(sheet.rows)) + 1):
        cells = sheet.header if index == 0 else sheet.rows[index - 1]
        places = _places(cells, table)
        if len(places) < FEWEST_COLUMNS or any(name not in places for name in table.signature):
            continue
        rank = 10 * len(places) + (normalise(sheet.sheet) in map(normalise, table.sheets))
        if best is None or rank > best[0]:
            best = (rank, with_header(sheet, index), places)
    return best


def _places(cells: Sequence[Any], table: Table) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if not isinstance(cell, str):
            continue
        for one in table.fields:
            if one.name not in places and _is_called(one, cell):
                places[one.name] = place
                break
    return places


def repeated(records: Iterable[Record], names: Sequence[str]) -> Iterator[tuple[Record, Record]]:
    """Rows that have the same values of these fields as an earlier row, with that row."""
    first: dict[tuple[Any, ...], Record] = {}
    for record in records:
        key = tuple(record.values.get(name) for name in names)
        if None not in key and first.setdefault(key, record) is not record:
            yield record, first[key]
