"""The coverage board in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from indicators.presenters.numbers import DASH, whole


@dataclass(frozen=True, slots=True)
class CellView:
    """`figure`: used of expected; `note`: received and the last day, empty while nothing came."""

    title: str
    figure: str
    note: str
    is_short: bool


@dataclass(frozen=True, slots=True)
class RowView:
    school_code: str
    school_name: str
    is_absent: bool
    cells: tuple[CellView, ...]
    remind: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnView:
    """Totals of one questionnaire."""

    title: str
    code: str
    figure: str
    notes: tuple[str, ...]


def column_views(board: Any) -> list[ColumnView]:
    return [
        ColumnView(
            title=column.instrument,
            code=column.code,
            figure=_count(column.arrived.used, column.expected),
            notes=tuple(_column_notes(board, column)),
        )
        for column in board.columns
    ]


def _column_notes(board: Any, column: Any) -> list[str]:
    notes = [
        gettext("answers from %(n)s of %(total)s schools")
        % {"n": whole(column.n_schools_in), "total": whole(board.n_schools)},
    ]
    if column.arrived.received:
        notes.append(_received(column.arrived))
    if column.n_invited is not None:
        notes.append(gettext("%(n)s people asked") % {"n": whole(column.n_invited)})
    if column.n_nowhere:
        text = ngettext("%(n)s row names no school", "%(n)s rows name no school", column.n_nowhere)
        notes.append(text % {"n": whole(column.n_nowhere)})
    return notes


def row_views(board: Any) -> list[RowView]:
    titles = [column.instrument for column in board.columns]
    return [
        RowView(
            school_code=row.school_code,
            school_name=row.school_name,
            is_absent=row.is_absent,
            cells=tuple(
                CellView(
                    title=title,
                    figure=DASH
                    if row.is_absent and not cell.arrived.used
                    else _count(cell.arrived.used, cell.expected),
                    note=_received(cell.arrived) if cell.arrived.received else "",
                    is_short=cell.is_due,
                )
                for title, cell in zip(titles, row.cells, strict=True)
            ),
            remind=tuple(
                _reminder(title, cell)
                for title, cell in zip(titles, row.cells, strict=True)
                if cell.is_due
            ),
        )
        for row in board.rows
    ]


def _reminder(title: str, cell: Any) -> str:
    if not cell.arrived.received:
        return gettext("%(questionnaire)s: nothing yet") % {"questionnaire": title}
    if not cell.n_missing:
        return gettext("%(questionnaire)s: nothing usable yet") % {"questionnaire": title}
    return gettext("%(questionnaire)s: %(n)s missing") % {
        "questionnaire": title,
        "n": whole(cell.n_missing),
    }


def _count(used: int, expected: Any) -> str:
    if expected is None:
        return whole(used)
    wanted = whole(expected.least)
    if expected.most != expected.least:
        wanted = f"{wanted}–{whole(expected.most)}"
    return gettext("%(n)s of %(expected)s") % {"n": whole(used), "expected": wanted}


def _received(arrived: Any) -> str:
    text = gettext("%(n)s received, the last on %(day)s")
    return text % {"n": whole(arrived.received), "day": _day(arrived.last_on)}


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else DASH
