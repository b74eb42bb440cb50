"""A corrected version of a file beside the one before: which rows came, went, or read otherwise.

Rows are matched by a column that names them (a submission id, a time stamp) where both versions
have one, else by their whole content and then by their place in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from indicators.pipeline.problems import shown
from indicators.pipeline.shapes import RawFile, RawTable

MOST_SHOWN = 200  # changed cells, and rows that came or went, that are listed one by one
LEAST_NAMED = 0.5  # share of the shorter version's rows that a naming column finds again
LEAST_CELLS_ALIKE = 0.7  # for two rows in the same place to be one row that was corrected
Row = tuple[str, ...]
Pair = tuple[int, int]  # positions of one row in both versions


@dataclass(frozen=True, slots=True)
class ChangedCell:
    row: int  # number in the later version
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowDifferences:
    """Rows with something in them. `added`: numbers in the later version; `removed`: in the earlier
    one; both and `changed` are cut at MOST_SHOWN, the counts are not. `n_same` read alike.
    """

    n_before: int
    n_after: int
    n_same: int
    n_changed: int  # rows
    n_added: int
    n_removed: int
    added: tuple[int, ...]
    removed: tuple[int, ...]
    changed: tuple[ChangedCell, ...]
    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]

    @property
    def share_alike(self) -> float:
        """Share of the shorter version's rows that the other has too, corrected or not."""
        shorter = min(self.n_before, self.n_after)
        return (self.n_same + self.n_changed) / shorter if shorter else 0.0


@dataclass(frozen=True, slots=True)
class _Side:
    """One version: rows of the columns that both versions have, without blank ones."""

    rows: tuple[Row, ...]
    numbers: tuple[int, ...]


def row_differences(before: RawFile, after: RawFile) -> RowDifferences:
    """The largest sheets of two files side by side. Cells are compared as they are shown."""
    first, second = _largest(before), _largest(after)
    names = [name for name in dict.fromkeys(second.header) if name and name in first.header]
    old, new = _side(first, names), _side(second, names)
    pairs = _paired(old, new)
    changed = [(i, j) for i, j in pairs if old.rows[i] != new.rows[j]]
    found_old, found_new = {i for i, _ in pairs}, {j for _, j in pairs}
    removed = [n for i, n in enumerate(old.numbers) if i not in found_old]
    added = [n for j, n in enumerate(new.numbers) if j not in found_new]
    cells = [cell for pair in changed for cell in _cells(pair, old, new, names)]
    return RowDifferences(
        n_before=len(old.rows),
        n_after=len(new.rows),
        n_same=len(pairs) - len(changed),
        n_changed=len(changed),
        n_added=len(added),
        n_removed=len(removed),
        added=tuple(added[:MOST_SHOWN]),
        removed=tuple(removed[:MOST_SHOWN]),
        changed=tuple(cells[:MOST_SHOWN]),
        columns_added=_only_in(second, first),
        columns_removed=_only_in(first, second),
    )


def _largest(file: RawFile) -> RawTable:
    nothing = RawTable("", (), 1, (), ())
    return max(file.tables, key=lambda table: len(table.rows), default=nothing)


def _only_in(one: RawTable, other: RawTable) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(one.header) if name and name not in other.header)


def _side(table: RawTable, names: Sequence[str]) -> _Side:
    places = [table.header.index(name) for name in names]
    kept = [
        (number, tuple(_cell(row, place) for place in places))
        for number, row in zip(table.row_numbers, table.rows, strict=True)
    ]
    kept = [(number, row) for number, row in kept if any(row)]
    return _Side(tuple(row for _, row in kept), tuple(number for number, _ in kept))


def _cell(row: Sequence[Any], place: int) -> str:
    return shown(row[place]).strip() if place < len(row) else ""


def _paired(old: _Side, new: _Side) -> list[Pair]:
    named = _by_name(old, new)
    if named is not None:
        return named
    pairs = _by_content(old, new)
    taken_old, taken_new = {i for i, _ in pairs}, {j for _, j in pairs}
    place = {n: i for i, n in enumerate(old.numbers) if i not in taken_old}
    for j, number in enumerate(new.numbers):
        i = place.get(number)
        if j not in taken_new and i is not None and _is_alike(old.rows[i], new.rows[j]):
            pairs.append((i, j))
    return sorted(pairs, key=lambda pair: pair[1])


def _by_name(old: _Side, new: _Side) -> list[Pair] | None:
    """Pairs by the column that finds most rows again; None when no column names the rows."""
    best: list[Pair] = []
    columns = zip(zip(*old.rows, strict=True), zip(*new.rows, strict=True), strict=False)
    for first, second in columns:
        if _names_rows(first) and _names_rows(second):
            place = {name: i for i, name in enumerate(first)}
            pairs = [(place[name], j) for j, name in enumerate(second) if name in place]
            best = max(best, pairs, key=len)
    shorter = min(len(old.rows), len(new.rows))
    return best if best and len(best) >= LEAST_NAMED * shorter else None


def _names_rows(column: Sequence[str]) -> bool:
    """Whether every row has a name of its own; a running number names its place, not the row."""
    if not all(column) or len(set(column)) < len(column):
        return False
    is_running = all(name.isdecimal() and int(name) <= 10 * len(column) for name in column)
    return not is_running


def _by_content(old: _Side, new: _Side) -> list[Pair]:
    places: dict[Row, list[int]] = {}
    for i, row in enumerate(old.rows):
        places.setdefault(row, []).append(i)
    met: Counter[Row] = Counter()
    pairs = []
    for j, row in enumerate(new.rows):
        if met[row] < len(places.get(row, ())):
            pairs.append((places[row][met[row]], j))
            met[row] += 1
    return pairs


def _is_alike(one: Row, other: Row) -> bool:
    return sum(a == b for a, b in zip(one, other, strict=True)) >= LEAST_CELLS_ALIKE * len(one)


def _cells(pair: Pair, old: _Side, new: _Side, names: Sequence[str]) -> Iterator[ChangedCell]:
    before, after = old.rows[pair[0]], new.rows[pair[1]]
    for name, one, other in zip(names, before, after, strict=True):
        if one != other:
            yield ChangedCell(new.numbers[pair[1]], name, one, other)
