"""One school over the waves: every indicator it has results for, with the project beside it.

Serves the school's page and the school progress in the admin.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from indicators.models import SchoolCategory, SchoolEvent
from indicators.models.base import in_language
from indicators.queries.respondents import line_codes, who_answered
from indicators.queries.results import indicator_heads, limits_of
from indicators.queries.school_lines import family_of, school_rows
from indicators.queries.waves import all_waves, first_and_last
from indicators.results import SchoolHead, SchoolNews, SchoolProgress, SchoolRef

if TYPE_CHECKING:
    from indicators.models import Project, Run, School


def school_progress(
    *, project: Project, school: School, run: Run, min_group: int
) -> SchoolProgress:
    """The progress of one school in one run, groups under `min_group` hidden. Eight queries.

    Give `school` with `select_related("continues", "continued_by")`. A school that continues
    another one has that school's baseline.
    """
    measured, _others = all_waves(project=project, run=run)
    waves = first_and_last(measured)
    heads = indicator_heads(project, run)
    stored = school_rows(run, [school], heads, waves, min_group=min_group)[school.code]
    lines = tuple(line for head in heads if (line := stored.line(head)))
    return SchoolProgress(
        school=_head(project, school),
        waves=waves,
        lines=lines,
        answered=who_answered(run, waves, line_codes(school), min_group),
        news=_news(family_of(school)),
        trends=tuple(stored.trend(line, measured) for line in lines if stored.has_own(line)),
        limits=limits_of(project),
    )


def _head(project: Project, school: School) -> SchoolHead:
    words: dict[str, dict[str, str]] = defaultdict(dict)
    for row in SchoolCategory.objects.filter(project=project):
        words[row.field][row.code] = row.label or row.code
    languages = [code for code in school.languages.split(",") if code]
    places = [
        words["oblast"].get(school.oblast, school.oblast),
        in_language(school, "district"),
        words["settlement"].get(school.settlement, school.settlement),
        ", ".join(words["language"].get(code, code) for code in languages),
    ]
    return SchoolHead(
        pk=school.pk,
        code=school.code,
        name=school.name,
        role=school.role,
        places=tuple(place for place in places if place),
        n_students=school.n_students,
        n_teachers=school.n_teachers,
        continues=ref(school.continues),
        continued_by=ref(getattr(school, "continued_by", None)),
    )


def ref(school: School | None) -> SchoolRef | None:
    return None if school is None else SchoolRef(school.code, school.name)


def _news(family: list[int]) -> tuple[SchoolNews, ...]:
    rows = SchoolEvent.objects.filter(school__in=family).select_related("school", "new_school")
    return tuple(
        SchoolNews(
            school=SchoolRef(row.school.code, row.school.name),
            kind=row.kind,
            happened_on=row.happened_on,
            new_school=ref(row.new_school),
            note=row.note,
        )
        for row in rows
    )
