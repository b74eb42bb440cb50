"""One school over the waves: every indicator it has results for, with the project beside it.

Serves the school's page and the school progress in the admin.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from indicators.models import Assessment, Change, Estimate, SchoolCategory, SchoolEvent
from indicators.models.base import in_language
from indicators.queries.respondents import line_codes, who_answered
from indicators.queries.results import (
    indicator_heads,
    level_of,
    limits_of,
    move_of,
    optional,
    standing_of,
    status_of,
)
from indicators.queries.waves import all_waves, first_and_last
from indicators.results import (
    IndicatorHead,
    Level,
    Line,
    Move,
    SchoolHead,
    SchoolNews,
    SchoolProgress,
    SchoolRef,
    Standing,
    Trend,
    TrendPoint,
    WaveHead,
    WavePair,
)
from indicators.vocabulary import Scope, Status

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
    family = [school.pk, *([school.continues_id] if school.continues_id else [])]
    heads = indicator_heads(project, run)
    own, whole = _estimates(run, family, heads)
    stored = _Stored(
        estimates=own,
        project=whole,
        changes=_changes(run, school, waves),
        assessments=_assessments(run, family),
        waves=waves,
        min_group=min_group,
        is_continued=getattr(school, "continued_by", None) is not None,
    )
    lines = tuple(line for head in heads if (line := stored.line(head)))
    return SchoolProgress(
        school=_head(project, school),
        waves=waves,
        lines=lines,
        answered=who_answered(run, waves, line_codes(school), min_group),
        news=_news(family),
        trends=tuple(stored.trend(line, measured) for line in lines if stored.has_own(line)),
        limits=limits_of(project),
    )


def _estimates(
    run: Run, family: list[int], heads: list[IndicatorHead]
) -> tuple[dict[tuple[int, int], Estimate], dict[tuple[int, int], Estimate]]:
    """Of the school and of the project, each by measure and wave.

    The school's own row goes before that of the school it continues.
    """
    rows = Estimate.objects.filter(
        # Each side whole, so that each finds its rows by the index of run, scope and school.
        Q(run=run, scope=Scope.PROJECT) | Q(run=run, scope=Scope.SCHOOL, school__in=family),
        measure__in={head.measure_id for head in heads},
    ).order_by()
    own_last = sorted(rows, key=lambda row: row.school_id == family[0])
    own = {(row.measure_id, row.wave_id): row for row in own_last if row.school_id}
    whole = {(row.measure_id, row.wave_id): row for row in own_last if not row.school_id}
    return own, whole


def _changes(run: Run, school: School, waves: WavePair) -> dict[tuple[int, str], Change]:
    if waves.endline is None or waves.baseline is None:
        return {}
    rows = Change.objects.filter(
        Q(run=run, scope=Scope.PROJECT) | Q(run=run, scope=Scope.SCHOOL, school=school),
        wave_from=waves.baseline.pk,
        wave_to=waves.endline.pk,
    ).order_by()
    return {(row.measure_id, row.scope): row for row in rows}


def _assessments(run: Run, family: list[int]) -> dict[int, Assessment]:
    """By indicator; the target of the latest wave speaks."""
    rows = (
        Assessment.objects.filter(run=run, target__school__in=family)
        .select_related("target")
        .order_by("target__wave__position")
    )
    return {row.target.indicator_id: row for row in rows}


@dataclass(frozen=True, slots=True)
class _Stored:
    """The rows of one run that concern one school."""

    estimates: dict[tuple[int, int], Estimate]
    project: dict[tuple[int, int], Estimate]
    changes: dict[tuple[int, str], Change]
    assessments: dict[int, Assessment]
    waves: WavePair
    min_group: int
    is_continued: bool  # its targets are judged on the school that goes on

    def estimate(self, measure_id: int, wave: WaveHead | None) -> Estimate | None:
        return self.estimates.get((measure_id, wave.pk)) if wave else None

    def line(self, indicator: IndicatorHead) -> Line | None:
        measure, kind = indicator.measure_id, indicator.kind
        then = self.estimate(measure, self.waves.baseline)
        now = self.estimate(measure, self.waves.endline)
        assessment = self.assessments.get(indicator.pk)
        if not (then or now or assessment):
            return None
        bases = (then.n if then else None, now.n if now else None)
        target = optional(standing_of, assessment, kind, self.min_group, bases=bases)
        return Line(
            indicator=indicator,
            baseline=optional(level_of, then, kind, self.min_group),
            endline=optional(level_of, now, kind, self.min_group),
            change=self._change(measure, Scope.SCHOOL, kind),
            target=target,
            status=self._status(indicator, target, now),
            project_change=self._change(measure, Scope.PROJECT, kind),
        )

    def has_own(self, line: Line) -> bool:
        """A level of the school itself in some wave."""
        return any(measure == line.indicator.measure_id for measure, _wave in self.estimates)

    def trend(self, line: Line, waves: tuple[WaveHead, ...]) -> Trend:
        head = line.indicator
        points = tuple(
            TrendPoint(
                wave,
                own=self._level(self.estimates, head, wave),
                project=self._level(self.project, head, wave),
            )
            for wave in waves
        )
        return Trend(head, points, line.target)

    def _level(
        self, rows: dict[tuple[int, int], Estimate], head: IndicatorHead, wave: WaveHead
    ) -> Level | None:
        row = rows.get((head.measure_id, wave.pk))
        return optional(level_of, row, head.kind, self.min_group)

    def _status(
        self, indicator: IndicatorHead, target: Standing | None, now: Estimate | None
    ) -> str:
        """A merged school has no data of its own, so no status stands beside its dashes."""
        if target is not None and now is None and self.is_continued:
            return Status.NO_DATA
        return status_of(indicator, target)

    def _change(self, measure_id: int, scope: Scope, kind: str) -> Move | None:
        return optional(move_of, self.changes.get((measure_id, scope)), kind, self.min_group)


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
