"""Rows of one file that an officer left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from indicators.models import Exclusion

if TYPE_CHECKING:
    from indicators.models import Upload

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class ExclusionRow:
    row: int
    reason: str
    created_at: datetime
    created_by: str


def exclusion_rows(upload: Upload) -> tuple[ExclusionRow, ...]:
    """By row, the first 500. One query."""
    rows = Exclusion.objects.filter(dataset__upload=upload).select_related("created_by")
    return tuple(
        ExclusionRow(
            one.row,
            one.reason,
            one.created_at,
            (one.created_by.get_full_name() or one.created_by.get_username())
            if one.created_by
            else "",
        )
        for one in rows.order_by("row")[:MOST_SHOWN]
    )
