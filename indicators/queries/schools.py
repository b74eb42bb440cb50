"""The schools of a project, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indicators.models import School, SchoolCategory
from indicators.queries.respondents import line_codes, who_answered
from indicators.queries.school_progress import ref
from indicators.queries.waves import wave_pair
from indicators.results import SchoolRef, SchoolSummary, WavePair

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from indicators.access import Visit
    from indicators.models import Project, Run

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class SchoolPage:
    rows: tuple[SchoolSummary, ...]
    waves: WavePair
    page: int
    has_next: bool


def school_page(*, visit: Visit, run: Run | None, text: str, page: int) -> SchoolPage:
    """One page of schools in the order of their codes. Four queries."""
    start = (page - 1) * PER_PAGE
    wanted = matching_schools(visit, text)[start : start + PER_PAGE + 1]
    schools = list(wanted.select_related("continues", "continued_by").prefetch_related("events"))
    shown = schools[:PER_PAGE]
    waves = wave_pair(project=visit.project, run=run) if run else WavePair(None, None)
    places = _places(visit.project)
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
    return SchoolPage(rows, waves, page, len(schools) > PER_PAGE)


def matching_schools(visit: Visit, text: str) -> QuerySet[School]:
    """Schools this visit may open whose code or name (in any language) holds the text."""
    schools = School.objects.filter(project=visit.project).order_by("code")
    if visit.role.is_bound_to_schools:
        schools = schools.filter(pk__in=visit.own_school_ids) | schools.filter(
            continued_by__in=visit.own_school_ids
        )
    if text:
        fields = ("code", "name_ky", "name_ru", "name_en")
        found = [schools.filter(**{f"{field}__icontains": text}) for field in fields]
        schools = found[0] | found[1] | found[2] | found[3]
    return schools


def _places(project: Project) -> dict[tuple[str, str], str]:
    rows = SchoolCategory.objects.filter(project=project)
    return {(row.field, row.code): row.label for row in rows}
