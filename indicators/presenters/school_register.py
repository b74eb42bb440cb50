"""The school register of the admin, ready to print. By name; nothing to rank by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from indicators.presenters.school_filter import SchoolFilterView, school_filter_view
from indicators.presenters.school_progress import AnsweredView, answered_view
from indicators.vocabulary import ChecklistState
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import SchoolFilter


@dataclass(frozen=True, slots=True)
class RegisterLine:
    code: str
    name: str
    answered: tuple[AnsweredView, ...]
    checklists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterView:
    rows: tuple[RegisterLine, ...]
    filter: SchoolFilterView
    baseline: str
    endline: str
    page: int
    next_page: int | None
    previous_page: int | None


def register_view(page: Any, wanted: SchoolFilter) -> RegisterView:
    return RegisterView(
        rows=tuple(_line(row) for row in page.rows),
        filter=school_filter_view(page.choices, wanted),
        baseline=page.waves.baseline.name if page.waves.baseline else gettext("Baseline"),
        endline=page.waves.endline.name if page.waves.endline else gettext("Endline"),
        page=page.page,
        next_page=page.page + 1 if page.has_next else None,
        previous_page=page.page - 1 if page.page > 1 else None,
    )


def _line(row: Any) -> RegisterLine:
    return RegisterLine(
        code=row.school.code,
        name=row.school.name,
        answered=tuple(answered_view(one) for one in row.answered),
        checklists=tuple(
            gettext("%(wave)s: %(state)s")
            % {
                "wave": one.wave,
                "state": word(ChecklistState(one.state)) if one.state else gettext("not started"),
            }
            for one in row.checklists
        ),
    )
