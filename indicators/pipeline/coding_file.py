"""A table of codes for open answers: read with its mistakes listed, and written in one shape.

Every row names an answer (row of the file, or school) and its themes: in one column, separated by
commas or semicolons, in several columns called theme, or in one column per theme with 1 or x.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from indicators.pipeline.cells import is_blank
from indicators.pipeline.problems import Problems
from indicators.pipeline.shapes import ProblemSpec, RawFile, RawTable
from indicators.vocabulary import Severity

ROW = frozenset({"row", "file_row", "строка", "катар", "сап"})
FILE = frozenset({"file", "файл"})
SCHOOL = frozenset({"school", "школа", "мектеп"})
ANSWER = frozenset({"answer", "ответ", "жооп"})
THEME = re.compile(r"(themes?|темы?|тема(лар)?|codes?|коды?)[ _]?\d*")
YES = frozenset({"1", "x", "х", "+", "yes", "true", "да", "ооба"})
NO = frozenset({"0", "no", "false", "нет", "жок"})
NONE_FITS = "-"
NONE = frozenset({NONE_FITS, "–", "—", "none", "нет темы", "тема жок"})
HEADER = ("file", "row", "school", "answer", "themes")

Place = tuple[str, str]  # number of the file and row, or "" and the code of a school


@dataclass(frozen=True)  # without slots, for what is kept once computed
class CodingFrame:
    """What a file may name. `themes`: code or label, folded -> code. `answers`: their words.

    `kept`: codes of themes out of use that an answer carries already; a file may repeat them.
    """

    themes: Mapping[str, str]
    answers: Mapping[Place, str]
    kept: Mapping[Place, Collection[str]] = field(default_factory=dict)

    @cached_property
    def files(self) -> frozenset[str]:
        """Asked for at every row, so it is gathered once."""
        return frozenset(file for file, _row in self.answers if file)


@dataclass(frozen=True, slots=True)
class CodingFile:
    """`given`: answer -> codes of themes, () where none fits. Rows without any are `n_empty`."""

    given: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[ProblemSpec, ...] = ()
    n_empty: int = 0

    @property
    def is_acceptable(self) -> bool:
        blocked = any(one.severity is Severity.BLOCK for one in self.problems)
        return bool(self.given) and not blocked


@dataclass(frozen=True, slots=True)
class _Columns:
    row: int | None
    file: int | None
    school: int | None
    answer: int | None
    lists: tuple[int, ...]  # columns of themes by name
    marks: Mapping[int, str]  # columns with 1 or x -> theme


def folded(text: object) -> str:
    """A header, theme or mark as it is compared: numbers without decimals, no case, no spaces."""
    if isinstance(text, float) and text.is_integer():
        text = int(text)
    return " ".join(str(text).split()).casefold() if not is_blank(text) else ""


def read_coding(raw: RawFile, frame: CodingFrame) -> CodingFile:
    """The codes of a file and everything wrong with it. No file makes it raise.

    Rows that name no answer of the question, or other words, are left out; unknown themes, marks
    and rows named twice block the file, since what the coder meant would be lost.
    """
    problems = Problems(raw.problems)
    if problems.has_block or not raw.tables:
        return CodingFile(problems=problems.all())
    table = max(raw.tables, key=lambda one: len(one.row_numbers))
    problems.sheet = table.sheet
    columns = _columns(table, frame)
    has_place = columns.row is not None or columns.school is not None
    has_themes = bool(columns.lists or columns.marks)
    if not has_place:
        problems.block("coding_no_row_column", row=table.header_row)
    if not has_themes:
        problems.block("coding_no_theme_column", row=table.header_row)
    if not (has_place and has_themes):
        return CodingFile(problems=problems.all())
    given: dict[Place, tuple[str, ...]] = {}
    n_empty = 0
    for number, cells in zip(table.row_numbers, table.rows, strict=True):
        if all(is_blank(cell) for cell in cells):
            continue
        codes = _codes(table, columns, frame, cells, number, problems)
        if codes is None:
            n_empty += 1
            continue
        place = _place(table, columns, frame, cells, number, problems)
        if place is None:
            continue
        if place in given:
            problems.block("coding_row_twice", row=number, value=place[1])
        given[place] = codes
    return CodingFile(given, problems.all(), n_empty)


def _columns(table: RawTable, frame: CodingFrame) -> _Columns:
    names = [folded(one) for one in table.header]

    def first(wanted: frozenset[str]) -> int | None:
        return next((place for place, name in enumerate(names) if name in wanted), None)

    own = {first(wanted) for wanted in (ROW, FILE, SCHOOL, ANSWER)}
    rest = [(place, name) for place, name in enumerate(names) if place not in own]
    lists = tuple(place for place, name in rest if THEME.fullmatch(name))
    return _Columns(
        *(first(ROW), first(FILE), first(SCHOOL), first(ANSWER)),
        lists=lists,
        marks={
            place: frame.themes[name]
            for place, name in rest
            if name in frame.themes and place not in lists
        },
    )


def _codes(
    table: RawTable,
    columns: _Columns,
    frame: CodingFrame,
    cells: tuple[object, ...],
    number: int,
    problems: Problems,
) -> tuple[str, ...] | None:
    """Themes of a row; () where none fits, None where the row says nothing."""
    kept = frame.kept.get(_named(columns, frame, cells), ())
    known = {**{folded(code): code for code in kept}, **frame.themes}
    found: dict[str, None] = {}
    says_none = says_anything = False
    for place in columns.lists:
        for part in re.split(r"[;,|\n]", str(cells[place]) if not is_blank(cells[place]) else ""):
            name = folded(part)
            if not name:
                continue
            says_anything = True
            if name in NONE:
                says_none = True
            elif code := known.get(name):
                found[code] = None
            else:
                problems.block(
                    "coding_theme_unknown", row=number, column=table.header[place], value=part
                )
    for place, code in columns.marks.items():
        mark = folded(cells[place])
        if not mark:
            continue
        says_anything = True
        if mark in YES:
            found[code] = None
        elif mark not in NO:
            problems.block(
                "coding_mark_unknown", row=number, column=table.header[place], value=cells[place]
            )
    if says_none and found:
        problems.block("coding_none_and_theme", row=number)
    return tuple(found) if says_anything else None


def _cell(place: int | None, cells: tuple[object, ...]) -> str:
    return folded(cells[place]) if place is not None else ""


def _named(columns: _Columns, frame: CodingFrame, cells: tuple[object, ...]) -> Place:
    """The answer a row names, whether there is one or not. One file alone need not be named."""
    if row := _cell(columns.row, cells):
        only = next(iter(frame.files), "") if len(frame.files) == 1 else ""
        return _cell(columns.file, cells) or only, row
    return "", _cell(columns.school, cells).upper()


def _place(
    table: RawTable,
    columns: _Columns,
    frame: CodingFrame,
    cells: tuple[object, ...],
    number: int,
    problems: Problems,
) -> Place | None:
    """The answer a row names, or None with a problem."""
    place = _named(columns, frame, cells)
    if place not in frame.answers:
        if place[1] and not place[0] and _cell(columns.row, cells) and len(frame.files) > 1:
            problems.block("coding_needs_file", row=number)
        else:
            named = _cell(columns.row, cells) or _cell(columns.school, cells)
            problems.leave_out_row("coding_row_unknown", row=number, value=named)
        return None
    words = None if columns.answer is None else cells[columns.answer]
    if is_blank(words) or _words(words) == _words(frame.answers[place]):
        return place
    problems.leave_out_row(
        "coding_answer_differs", row=number, column=table.header[columns.answer or 0]
    )
    return None


def _words(text: object) -> str:
    """Words as compared: a sign put before a formula and spaces do not matter."""
    return folded(str(text).removeprefix("'"))


def write_coding(rows: Iterable[tuple[Place, str, tuple[str, ...] | None]]) -> bytes:
    """A workbook that `read_coding` reads: answer, its words, themes (None: not coded)."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101
    sheet.append(HEADER)
    for (file, row), text, codes in rows:
        themes = "" if codes is None else "; ".join(codes) or NONE_FITS
        plain = ILLEGAL_CHARACTERS_RE.sub("", text)
        line = (int(file), int(row), "", plain, themes) if file else ("", "", row, plain, themes)
        sheet.append(line)
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # words, never a formula
    sheet.freeze_panes = "A2"
    sheet.column_dimensions["D"].width, sheet.column_dimensions["E"].width = 70, 40
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
