"""A corrected version of a file beside the earlier one, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from indicators.presenters.numbers import whole

CELLS_SHOWN = 50
ROWS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class CellLine:
    row: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowsView:
    counts: tuple[tuple[str, str], ...]  # what, how many
    lists: tuple[tuple[str, str], ...]  # what, which
    cells: tuple[CellLine, ...]
    is_cut: bool


def rows_view(rows: Mapping[str, Any]) -> RowsView:
    """Counts are whole; what is listed one by one is cut, and says so."""
    cells = rows["changed"][:CELLS_SHOWN]
    lists = (
        (gettext("Rows added"), _numbers(rows["added"], rows["n_added"])),
        (
            gettext("Rows removed, as numbered in the earlier file"),
            _numbers(rows["removed"], rows["n_removed"]),
        ),
        (gettext("Columns added"), ", ".join(rows["columns_added"])),
        (gettext("Columns removed"), ", ".join(rows["columns_removed"])),
    )
    return RowsView(
        counts=(
            (gettext("rows alike"), whole(rows["n_same"])),
            (gettext("rows corrected"), whole(rows["n_changed"])),
            (gettext("rows added"), whole(rows["n_added"])),
            (gettext("rows removed"), whole(rows["n_removed"])),
        ),
        lists=tuple((what, which) for what, which in lists if which),
        cells=tuple(
            CellLine(whole(one["row"]), one["column"], one["before"], one["after"]) for one in cells
        ),
        is_cut=len({one["row"] for one in cells}) < rows["n_changed"]
        or len(rows["changed"]) > CELLS_SHOWN,
    )


def _numbers(listed: Sequence[int], n: int) -> str:
    shown = ", ".join(map(str, listed[:ROWS_SHOWN]))
    return shown + (" …" if n > ROWS_SHOWN else "")
