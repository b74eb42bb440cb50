"""Which column of a file holds which item of the form.

A header names an item by its name (with or without a group before it), by its wording in any
language, by a grid `Question [Row]`, or by a mapping an officer saved. A header that is only
nearly right is used when the difference is tiny, else proposed; nothing is guessed silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from indicators.pipeline.headers import FormIndex, Place
from indicators.pipeline.problems import Problems
from indicators.pipeline.shapes import FormSpec, ItemSpec, RawTable
from indicators.vocabulary import ItemKind

HEADER_ROWS = 25  # rows in which the header is looked for
LEAST_MATCHED = 0.25  # share of the form's items; with less it is another questionnaire


@dataclass(slots=True)
class ColumnMap:
    """Positions of the columns, by what they hold."""

    items: dict[str, int] = field(default_factory=dict)
    splits: dict[str, dict[str, int]] = field(default_factory=dict)  # item -> option -> position
    meta: dict[str, int] = field(default_factory=dict)

    def has(self, item: ItemSpec) -> bool:
        return item.name in self.items or item.name in self.splits


def with_header(table: RawTable, index: int) -> RawTable:
    """The table whose header is row `index` of (header, *rows)."""
    if index == 0:
        return table
    header = tuple("" if cell is None else str(cell) for cell in table.rows[index - 1])
    return replace(
        table,
        header=header,
        header_row=table.row_numbers[index - 1],
        rows=table.rows[index:],
        row_numbers=table.row_numbers[index:],
    )


def find_header(table: RawTable, form: FormIndex) -> tuple[RawTable, int]:
    """The table with its header row found (titles may stand above), and how many items it names."""
    candidates: list[Sequence[Any]] = [table.header, *table.rows[:HEADER_ROWS]]
    counts = []
    for index, cells in enumerate(candidates):
        labels = table.labels if index == 0 else {}
        keys = {
            place.key
            for cell in cells
            if isinstance(cell, str) and (place := form.place(cell, labels.get(cell, "")))
        }
        counts.append(sum(1 for name, option, _ in keys if name and not option))
    best = max(range(len(counts)), key=lambda index: (counts[index], -index))
    return with_header(table, best), counts[best]


def ranked_tables(tables: Iterable[RawTable], form: FormIndex) -> list[tuple[RawTable, int]]:
    """The sheets with their header found, and how many items each names; the most first."""
    found = [find_header(table, form) for table in tables]
    return sorted(found, key=lambda pair: -pair[1])


def least_matched(n_items: int) -> float:
    """So many items a sheet must name to be taken for the questionnaire."""
    return max(2.0, LEAST_MATCHED * n_items)


def list_unread(tables: Iterable[RawTable], problems: Problems) -> None:
    """Sheets that look like the one that is read: their rows are not to be missed unseen."""
    for table in tables:
        if table.rows:
            problems.warn("sheet_not_read", value=table.sheet, n=str(len(table.rows)))


def map_columns(
    table: RawTable, form: FormIndex, problems: Problems, *, is_statistics: bool
) -> ColumnMap:
    """Every column placed; what is unknown, doubled or missing is listed."""
    columns = ColumnMap()
    unplaced: list[tuple[int, str]] = []
    taken: dict[tuple[str, str, str], str] = {}
    row = table.header_row or None
    for position, header in enumerate(table.header):
        if not header.strip():
            check_nameless(table, position, problems, row)
            continue
        place = form.place(header, table.labels.get(header, ""))
        if place is None:
            unplaced.append((position, header))
        elif place.meta == "ignored":
            continue
        elif place.key in taken:
            if place.item:
                problems.block("duplicate_header", row=row, column=header, value=header)
        else:
            taken[place.key] = header
            _put(columns, place, position)
    for position, header in unplaced:
        _propose(columns, form, position, header, problems, row)
    _list_missing(columns, form, problems, row, is_statistics=is_statistics)
    return columns


def _put(columns: ColumnMap, place: Place, position: int) -> None:
    if place.item is None:
        columns.meta[place.meta] = position
    elif place.option:
        columns.splits.setdefault(place.item.name, {})[place.option] = position
    else:
        columns.items[place.item.name] = position


def check_nameless(table: RawTable, position: int, problems: Problems, row: int | None) -> None:
    """A column without a header is mentioned when it has cells."""
    cells = (cells[position] for cells in table.rows[:200] if position < len(cells))
    if any(cell is not None and str(cell).strip() for cell in cells):
        problems.warn("column_without_header", row=row, value=str(position + 1))


def _propose(
    columns: ColumnMap,
    form: FormIndex,
    position: int,
    header: str,
    problems: Problems,
    row: int | None,
) -> None:
    proposal = form.proposal(header)
    if proposal is None or proposal[0].name in columns.items:
        problems.warn("unknown_extra_column", row=row, column=header, value=header)
        return
    item, is_tiny = proposal
    kind = "header_wording_slightly_changed" if is_tiny else "header_unclear"
    problems.warn(kind, row=row, column=header, value=header, suggestion=item.file_name)
    if is_tiny:
        columns.items[item.name] = position


def _list_missing(
    columns: ColumnMap,
    index: FormIndex,
    problems: Problems,
    row: int | None,
    *,
    is_statistics: bool,
) -> None:
    form = index.form
    for item in form.items:
        if columns.has(item) or _goes_without(item, form):
            continue
        where = {"row": row, "column": index.header_of(item), "value": item.file_name}
        is_always = item.kind in (ItemKind.SCHOOL, ItemKind.WEIGHT)
        needed = is_always or (item.kind is ItemKind.CONSENT and not is_statistics)
        if needed:
            problems.block("missing_needed_column", **where)
        elif item.kind is not ItemKind.CONSENT:
            kind = "missing_required_column" if item.is_required else "missing_expected_column"
            problems.warn(kind, **where)


def _goes_without(item: ItemSpec, form: FormSpec) -> bool:
    """A text for "other" is part of the question's own cell in some exports."""
    if item.kind is ItemKind.DATE:
        return True
    stem = item.name.removesuffix("_other")
    return stem != item.name and any(other.name == stem for other in form.items)
