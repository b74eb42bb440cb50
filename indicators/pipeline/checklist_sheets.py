"""The two shapes of a checklist file -> its checklists, cell by cell.

One filled template per school: questions below each other. Or a table with one row per school.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from indicators.pipeline.cells import is_blank
from indicators.pipeline.columns import check_nameless, find_header, least_matched, list_unread
from indicators.pipeline.grid import body
from indicators.pipeline.headers import FormIndex
from indicators.pipeline.left_out import list_not_found, rows_left_out
from indicators.pipeline.matching import normalise
from indicators.pipeline.problems import Problems
from indicators.pipeline.shapes import FormSpec, RawFile, RawTable
from indicators.vocabulary import ItemKind

WORDS = {
    "code": ("Мектептин коду", "Код", "Код школы", "School code", "code"),
    "school": ("Мектеп", "Мектептин аталышы", "Школа", "Название школы", "School"),
    "date": ("Толтурулган күнү", "Күнү", "Дата заполнения", "Дата", "Date filled", "Date"),
    "director": ("Директор", "Директордун аты-жөнү", "Ф. И. О. директора", "Director"),
}
MEANING = {normalise(word): name for name, words in WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with its place in the file."""

    value: Any
    row: int
    column: str

    @property
    def where(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "value": self.value}


@dataclass(slots=True)
class Sheet:
    """One checklist as it stands in the file: head cells, answer cells, remarks beside them."""

    row: int
    head: dict[str, Cell] = field(default_factory=dict)
    answers: dict[str, Cell] = field(default_factory=dict)
    remarks: dict[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Shape:
    """One sheet seen in both ways: with a header row naming questions, and as a template."""

    table: RawTable
    across: RawTable
    n_across: int
    template: Sheet

    @property
    def is_template(self) -> bool:
        return len(self.template.answers) >= self.n_across

    @property
    def n_questions(self) -> int:
        return max(len(self.template.answers), self.n_across)


def checklist_sheets(
    raw: RawFile,
    index: FormIndex,
    form: FormSpec,
    problems: Problems,
    left_out: Mapping[int, str],
) -> list[Sheet]:
    """The checklists of the file, whichever of the two shapes names more questions.

    `left_out`: rows that an officer left out, with the reason; a template has none to leave out.
    """
    asked = sum(item.kind not in (ItemKind.SCHOOL, ItemKind.DATE) for item in form.items)
    shapes = [
        _Shape(table, *find_header(table, index), _template(table, index)) for table in raw.tables
    ]
    best, *others = sorted(shapes, key=lambda shape: -shape.n_questions)
    least = least_matched(asked)
    if best.n_questions < least:
        problems.block(
            "wrong_instrument",
            found=str(best.n_questions),
            expected=str(asked),
            form=form.instrument,
        )
        return []
    _enter(problems, best.table)
    list_unread((other.table for other in others if other.n_questions >= least), problems)
    if best.is_template:
        _list_unknown_questions(best.table, index, problems)
        list_not_found(set(left_out), problems)
        return [best.template]
    return _across(best.across, index, raw, problems, left_out)


def n_questions_named(table: RawTable, index: FormIndex) -> int:
    """Questions of the form on one sheet, in whichever shape names more."""
    return _Shape(table, *find_header(table, index), _template(table, index)).n_questions


def _enter(problems: Problems, table: RawTable) -> None:
    problems.sheet = table.sheet
    problems.name_columns(table)


# --- one template per school ------------------------------------------------------------


def _rows(table: RawTable) -> Iterator[tuple[int, tuple[Any, ...]]]:
    yield 1, table.header
    yield from zip(table.row_numbers, table.rows, strict=True)


def _template(table: RawTable, index: FormIndex) -> Sheet:
    """Questions stand below each other; the answer is in the next cell, a remark after it."""
    sheet = Sheet(1)
    for number, cells in _rows(table):
        for place, cell in enumerate(cells[:-1]):
            if not isinstance(cell, str) or not cell.strip():
                continue
            value = Cell(cells[place + 1], number, _letter(place + 1))
            head = MEANING.get(normalise(cell))
            found = index.place(cell)
            if head is not None:
                sheet.head.setdefault(head, value)
            elif found is not None and found.item is not None and not found.option:
                name = found.item.name
                sheet.answers.setdefault(name, value)
                if place + 2 < len(cells) and not is_blank(cells[place + 2]):
                    remark = Cell(cells[place + 2], number, _letter(place + 2))
                    sheet.remarks.setdefault(name, remark)
            else:
                continue
            break
    return sheet


def _letter(place: int) -> str:
    return chr(65 + place) if place < 26 else f"{chr(64 + place // 26)}{chr(65 + place % 26)}"


def _list_unknown_questions(table: RawTable, index: FormIndex, problems: Problems) -> None:
    """Numbered rows with a text that is no question of the form."""
    for number, cells in _rows(table):
        for place in range(len(cells) - 1):
            text = cells[place + 1]
            if isinstance(cells[place], int | float) and isinstance(text, str) and text.strip():
                if index.place(text) is None and not MEANING.get(normalise(text)):
                    problems.warn(
                        "unknown_question_row", row=number, column=_letter(place + 1), value=text
                    )
                break


# --- one row per school -----------------------------------------------------------------


def _across(
    table: RawTable,
    index: FormIndex,
    raw: RawFile,
    problems: Problems,
    left_out: Mapping[int, str],
) -> list[Sheet]:
    grid = body(table, problems, is_text=raw.format == "csv")
    head: dict[str, int] = {}
    items: dict[str, int] = {}
    for place, text in enumerate(grid.header):
        if not text.strip():
            check_nameless(table, place, problems, table.header_row)
            continue
        meaning, found = MEANING.get(normalise(text)), index.place(text)
        named = found.item.name if found and found.item and not found.option else ""
        into, key = (head, meaning) if meaning else (items, named)
        if not key:
            if found is None:
                problems.warn("unknown_extra_column", row=table.header_row, column=text, value=text)
        elif key in into:
            problems.block("duplicate_header", row=table.header_row, column=text, value=text)
        else:
            into[key] = place
    if not len(grid):
        problems.block("no_data_rows", row=table.header_row)
    is_left_out = rows_left_out(grid, left_out, problems)

    def cells(places: dict[str, int], line: int, number: int) -> dict[str, Cell]:
        return {
            name: Cell(grid.columns[place][line], number, grid.header[place])
            for name, place in places.items()
        }

    return [
        Sheet(number, cells(head, line, number), cells(items, line, number))
        for line, number in enumerate(grid.numbers.tolist())
        if not is_left_out[line]
    ]
