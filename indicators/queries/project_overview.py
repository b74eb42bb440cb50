"""All indicators of a project in one run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from indicators.models import Assessment, Change, Estimate, Instrument, SchoolEvent
from indicators.queries.absences import absences
from indicators.queries.group_lines import group_lines, school_groups
from indicators.queries.provenance import sources
from indicators.queries.results import indicator_heads, limits_of, line_of, speaking
from indicators.queries.school_progress import ref
from indicators.queries.waves import all_waves, first_and_last
from indicators.results import (
    PEOPLE,
    Counted,
    IndicatorHead,
    Line,
    Overview,
    SchoolNews,
    SchoolRef,
    WaveHead,
    WavePair,
)
from indicators.vocabulary import Respondent, Scope

if TYPE_CHECKING:
    from indicators.models import Project, Run


MOST_NEWS = 100


def project_overview(
    *, project: Project, run: Run, min_group: int, min_schools: int = 1, group: str = ""
) -> Overview:
    """Thirteen queries, fifteen with a group, whatever the number of schools.

    `group`: key of a SchoolGroup; one that the run does not know is no group.
    """
    measured, unmeasured = all_waves(project=project, run=run)
    waves = first_and_last(measured)
    heads = indicator_heads(project, run)
    lines = project_lines(heads, run=run, waves=waves, min_group=min_group)
    events = _events(project)
    groups = school_groups(project=project, run=run)
    limits = {"min_group": min_group, "min_schools": min_schools}
    chosen = next((one for one in groups if one.key == group), None)
    narrowed = (
        group_lines(lines, run=run, waves=waves, group=chosen, limits=limits) if chosen else ()
    )
    return Overview(
        waves=waves,
        lines=lines,
        counted=_counted(project, run, waves, lines),
        n_schools=(_n_schools(lines, "baseline"), _n_schools(lines, "endline")),
        news=_news(events),
        unmeasured=unmeasured,
        absences=absences(project=project, run=run, waves=waves, events=events),
        groups=groups,
        group=chosen,
        group_lines=narrowed,
        limits=limits_of(project),
    )


def project_lines(
    heads: Iterable[IndicatorHead], *, run: Run, waves: WavePair, min_group: int
) -> tuple[Line, ...]:
    """Project-wide lines of some indicators. Three queries."""
    heads = list(heads)
    measures = {head.measure_id for head in heads}
    estimates = {
        (row.measure_id, row.wave_id): row
        for row in Estimate.objects.filter(
            run=run, scope=Scope.PROJECT, measure__in=measures, wave__in=waves.ids
        )
    }
    changes = _changes(run, measures, waves)
    assessments = _assessments(run, heads)
    judged = {head.pk: speaking(assessments.get(head.pk, ()), waves) for head in heads}

    def line(head: IndicatorHead) -> Line:
        then, now = (
            estimates.get((head.measure_id, wave.pk)) if wave else None
            for wave in (waves.baseline, waves.endline)
        )
        return line_of(
            head,
            then=then,
            now=now,
            change=changes.get(head.measure_id),
            assessment=judged[head.pk][0],
            of_wave=judged[head.pk][1],
            min_group=min_group,
        )

    return tuple(line(head) for head in heads)


def _changes(run: Run, measures: set[int], waves: WavePair) -> dict[int, Change]:
    if waves.baseline is None or waves.endline is None:
        return {}
    rows = Change.objects.filter(
        run=run,
        scope=Scope.PROJECT,
        measure__in=measures,
        wave_from=waves.baseline.pk,
        wave_to=waves.endline.pk,
    )
    return {row.measure_id: row for row in rows}


def _assessments(run: Run, heads: list[IndicatorHead]) -> dict[int, list[Assessment]]:
    """By indicator, in the order of the waves of their targets."""
    rows = (
        Assessment.objects.filter(
            run=run,
            target__school__isnull=True,
            target__indicator__in=[head.pk for head in heads],
        )
        .select_related("target__wave")
        .order_by("target__wave__position")
    )
    found: dict[int, list[Assessment]] = defaultdict(list)
    for row in rows:
        found[row.target.indicator_id].append(row)
    return found


def _counted(
    project: Project, run: Run, waves: WavePair, lines: tuple[Line, ...]
) -> tuple[Counted, ...]:
    """Answer sheets per kind of respondent, from the files of the run; checklists from results."""
    who = dict(Instrument.objects.filter(project=project).values_list("code", "respondent"))
    total: dict[tuple[str, str], int] = {}
    for source in sources(run):
        key = (who.get(source.instrument, ""), source.wave)
        total[key] = total.get(key, 0) + source.n - source.n_excluded
    for line in lines:
        if line.indicator.respondent == Respondent.DIRECTOR:
            for wave, level in ((waves.baseline, line.baseline), (waves.endline, line.endline)):
                key = (Respondent.DIRECTOR.value, wave.code if wave else "")
                total[key] = max(total.get(key, 0), (level.n or 0) if level else 0)

    def number(respondent: str, wave: WaveHead | None) -> int | None:
        return total.get((respondent, wave.code)) or None if wave else None

    return tuple(
        Counted(respondent, number(respondent, waves.baseline), number(respondent, waves.endline))
        for respondent in PEOPLE
        if any(key[0] == respondent and n for key, n in total.items())
    )


def _n_schools(lines: tuple[Line, ...], wave: str) -> int:
    """Schools with answers: the most that any question reached."""
    levels = (getattr(line, wave) for line in lines if line.indicator.respondent in PEOPLE)
    return max((level.n_schools for level in levels if level), default=0)


def _events(project: Project) -> list[SchoolEvent]:
    rows = SchoolEvent.objects.filter(school__project=project)
    return list(rows.select_related("school", "new_school"))


def _news(events: Sequence[SchoolEvent]) -> tuple[SchoolNews, ...]:
    return tuple(
        SchoolNews(
            school=SchoolRef(row.school.code, row.school.name),
            kind=row.kind,
            happened_on=row.happened_on,
            new_school=ref(row.new_school),
            note=row.note,
        )
        for row in events[:MOST_NEWS]
    )
