"""Rows left out of a file before it is accepted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from indicators.presenters.numbers import whole


@dataclass(frozen=True, slots=True)
class LeftOutView:
    """Rows with one reason. `rows` as they are typed, `where` as they are read."""

    sheet: str
    rows: str
    where: str
    reason: str
    created_at: datetime
    created_by: str


def left_out_views(groups: Iterable[Any]) -> list[LeftOutView]:
    return [
        LeftOutView(
            sheet=group.sheet,
            rows=as_ranges(group.rows),
            where=_where(group),
            reason=group.reason,
            created_at=group.created_at,
            created_by=group.created_by,
        )
        for group in groups
    ]


def _where(group: Any) -> str:
    rows = ngettext("row %(rows)s", "%(n)s rows: %(rows)s", len(group.rows)) % {
        "n": whole(len(group.rows)),
        "rows": as_ranges(group.rows),
    }
    return f"{gettext('sheet %(name)s') % {'name': group.sheet}}, {rows}" if group.sheet else rows


def as_ranges(rows: Iterable[int]) -> str:
    """Sorted rows as a person types them: (3, 7, 8, 9) -> "3, 7-9"."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
