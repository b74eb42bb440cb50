"""The list of schools, ready to print. In the order of codes; nothing to rank by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from indicators.presenters.lines import wave_names
from indicators.presenters.school_filter import SchoolFilterView, school_filter_view
from indicators.presenters.school_progress import AnsweredView, answered_view
from indicators.vocabulary import SchoolEventKind
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import SchoolFilter, SchoolSummary


@dataclass(frozen=True, slots=True)
class SchoolItem:
    code: str
    name: str
    place: str
    answered: tuple[AnsweredView, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchoolListView:
    rows: tuple[SchoolItem, ...]
    filter: SchoolFilterView
    baseline: str
    endline: str
    page: int
    next_page: int | None
    previous_page: int | None


def school_list_view(page: Any, wanted: SchoolFilter) -> SchoolListView:
    return SchoolListView(
        rows=tuple(_item(row) for row in page.rows),
        filter=school_filter_view(page.choices, wanted),
        baseline=wave_names(page.waves)[0],
        endline=wave_names(page.waves)[1],
        page=page.page,
        next_page=page.page + 1 if page.has_next else None,
        previous_page=page.page - 1 if page.page > 1 else None,
    )


def _item(row: SchoolSummary) -> SchoolItem:
    remarks = [
        str(word(SchoolEventKind(kind)))
        for kind in row.kinds_of_news
        if not (row.continued_by and kind == SchoolEventKind.MERGED_RENAMED)
    ]
    if row.continued_by:
        remarks.append(gettext("goes on as %(school)s") % {"school": row.continued_by.code})
    return SchoolItem(
        code=row.school.code,
        name=row.school.name,
        place=row.place,
        answered=tuple(answered_view(answered) for answered in row.answered),
        remarks=tuple(remarks),
    )
