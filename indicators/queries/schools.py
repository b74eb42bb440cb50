"""The schools of a project, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from indicators.models import School
from indicators.queries.respondents import line_codes, who_answered
from indicators.queries.school_filter import narrowed, school_categories, school_choices
from indicators.queries.school_progress import ref
from indicators.queries.waves import wave_pair
from indicators.results import SchoolChoices, SchoolFilter, SchoolRef, SchoolSummary, WavePair

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from indicators.access import Visit
    from indicators.models import Run

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class SchoolPage:
    rows: tuple[SchoolSummary, ...]
    waves: WavePair
    choices: SchoolChoices
    page: int
    has_next: bool


def school_page(*, visit: Visit, run: Run | None, wanted: SchoolFilter, page: int) -> SchoolPage:
    """One page of schools in the order of their codes. Four queries."""
    start = (page - 1) * PER_PAGE
    fitting = matching_schools(visit, wanted)[start : start + PER_PAGE + 1]
    schools = list(fitting.select_related("continues", "continued_by").prefetch_related("events"))
    shown = schools[:PER_PAGE]
    waves = wave_pair(project=visit.project, run=run) if run else WavePair(None, None)
    categories = school_categories(visit.project)
    places = {(row.field, row.code): row.label for row in categories}
    rows = tuple(
        SchoolSummary(
            school=SchoolRef(school.code, school.name),
            place=", ".join(
                text
                for text in (
                    places.get(("oblast", school.oblast), ""),
                    places.get(("settlement", school.settlement), ""),
                )
                if text
            ),
            answered=who_answered(run, waves, line_codes(school), visit.min_group) if run else (),
            continued_by=ref(getattr(school, "continued_by", None)),
            kinds_of_news=tuple(event.kind for event in school.events.all()),
        )
        for school in shown
    )
    return SchoolPage(rows, waves, school_choices(categories), page, len(schools) > PER_PAGE)


def matching_schools(visit: Visit, wanted: SchoolFilter) -> QuerySet[School]:
    """Schools by code that this visit may open and that fit."""
    schools = School.objects.filter(project=visit.project).order_by("code")
    if visit.role.is_bound_to_schools:
        own = visit.own_school_ids
        schools = schools.filter(Q(pk__in=own) | Q(continued_by__in=own))
    return narrowed(schools, wanted)
