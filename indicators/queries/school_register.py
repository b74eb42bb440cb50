"""The schools by name, with who answered and where their checklists stand."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indicators.models import Checklist, Wave
from indicators.queries.respondents import line_codes, who_answered
from indicators.queries.school_filter import school_categories, school_choices
from indicators.queries.schools import matching_schools
from indicators.queries.waves import wave_pair
from indicators.results import Answered, SchoolChoices, SchoolFilter, SchoolRef, WavePair
from indicators.roles import Permission

if TYPE_CHECKING:
    from indicators.access import Visit
    from indicators.models import Run

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class ChecklistNow:
    """The state of one school's checklist in one wave; empty while nobody has started it."""

    wave: str
    state: str


@dataclass(frozen=True, slots=True)
class RegisterRow:
    school: SchoolRef
    answered: tuple[Answered, ...]
    checklists: tuple[ChecklistNow, ...]


@dataclass(frozen=True, slots=True)
class RegisterPage:
    rows: tuple[RegisterRow, ...]
    waves: WavePair
    choices: SchoolChoices
    page: int
    has_next: bool


def register_page(
    *, visit: Visit, run: Run | None, wanted: SchoolFilter, page: int
) -> RegisterPage:
    """One page of schools in the order of their names, without quotes. Seven queries."""
    schools = sorted(
        matching_schools(visit, wanted).select_related("continues"),
        key=lambda school: _place(school.name),
    )
    start = (page - 1) * PER_PAGE
    shown = schools[start : start + PER_PAGE]
    waves = wave_pair(project=visit.project, run=run) if run else WavePair(None, None)
    ids = [school.pk for school in shown]
    may_see = visit.may(Permission.CHECKLIST_VIEW)
    states = _states(ids) if may_see else {}
    waves_of_project = Wave.objects.filter(project=visit.project) if may_see else ()
    names = [(wave.pk, wave.name) for wave in waves_of_project]
    rows = tuple(
        RegisterRow(
            school=SchoolRef(school.code, school.name),
            answered=who_answered(run, waves, line_codes(school), visit.min_group) if run else (),
            checklists=tuple(
                ChecklistNow(name, states.get(school.pk, {}).get(wave, "")) for wave, name in names
            ),
        )
        for school in shown
    )
    return RegisterPage(
        rows,
        waves,
        school_choices(school_categories(visit.project)),
        page,
        len(schools) > start + PER_PAGE,
    )


def _states(schools: list[int]) -> dict[int, dict[int, str]]:
    """By school and wave."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for row in Checklist.objects.filter(school__in=schools):
        found[row.school_id][row.wave_id] = row.state
    return found


def _place(name: str) -> str:
    """Where a name stands in the alphabet; quotation marks do not count."""
    return re.sub(r"[^\w\s-]", "", name).casefold()
