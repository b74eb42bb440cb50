"""The rows of one run that concern some schools, as lines of indicators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Q

from indicators.models import Assessment, Change, Estimate
from indicators.queries.results import (
    level_of,
    move_of,
    optional,
    speaking,
    standing_of,
    status_of,
)
from indicators.results import (
    IndicatorHead,
    Level,
    Line,
    Move,
    Standing,
    Trend,
    TrendPoint,
    WaveHead,
    WavePair,
)
from indicators.vocabulary import Scope, Status

if TYPE_CHECKING:
    from indicators.models import Run, School

Place = tuple[int, int]  # measure and wave


def family_of(school: School) -> list[int]:
    """The school and the one it continues, whose baseline it has."""
    return [school.pk, *([school.continues_id] if school.continues_id else [])]


def school_rows(
    run: Run,
    schools: Sequence[School],
    heads: Sequence[IndicatorHead],
    waves: WavePair,
    *,
    min_group: int,
) -> dict[str, SchoolRows]:
    """By the code of the school, groups under `min_group` hidden. Three queries at most.

    Needs `select_related("continued_by")`.
    """
    families = {school.code: family_of(school) for school in schools}
    everybody = {pk for family in families.values() for pk in family}
    own, whole = _estimates(run, everybody, heads)
    changes = _changes(run, schools, waves)
    assessments = _assessments(run, everybody, heads)
    return {
        school.code: SchoolRows(
            # The school's own row goes before that of the school it continues.
            estimates={
                key: row
                for pk in reversed(families[school.code])
                for key, row in own.get(pk, {}).items()
            },
            project=whole,
            changes=changes.get(None, {}),
            own_changes=changes.get(school.pk, {}),
            assessments=_of_family(assessments, families[school.code]),
            waves=waves,
            min_group=min_group,
            is_continued=getattr(school, "continued_by", None) is not None,
        )
        for school in schools
    }


def _estimates(
    run: Run, schools: set[int], heads: Sequence[IndicatorHead]
) -> tuple[dict[int, dict[Place, Estimate]], dict[Place, Estimate]]:
    """By school, and of the project; each by measure and wave."""
    rows = Estimate.objects.filter(
        # Each side whole, so that each finds its rows by the index of run, scope and school.
        Q(run=run, scope=Scope.PROJECT) | Q(run=run, scope=Scope.SCHOOL, school__in=schools),
        measure__in={head.measure_id for head in heads},
    ).order_by()
    own: dict[int, dict[Place, Estimate]] = defaultdict(dict)
    whole: dict[Place, Estimate] = {}
    for row in rows:
        found = whole if row.school_id is None else own[row.school_id]
        found[row.measure_id, row.wave_id] = row
    return own, whole


def _changes(
    run: Run, schools: Sequence[School], waves: WavePair
) -> dict[int | None, dict[int, Change]]:
    """By school (None: the project), then by measure."""
    found: dict[int | None, dict[int, Change]] = defaultdict(dict)
    if waves.endline is None or waves.baseline is None:
        return found
    rows = Change.objects.filter(
        Q(run=run, scope=Scope.PROJECT) | Q(run=run, scope=Scope.SCHOOL, school__in=schools),
        wave_from=waves.baseline.pk,
        wave_to=waves.endline.pk,
    ).order_by()
    for row in rows:
        found[row.school_id][row.measure_id] = row
    return found


def _assessments(run: Run, schools: set[int], heads: Sequence[IndicatorHead]) -> list[Assessment]:
    """In the order of the waves of their targets."""
    rows = Assessment.objects.filter(
        run=run, target__school__in=schools, target__indicator__in=[head.pk for head in heads]
    )
    return list(rows.select_related("target__wave").order_by("target__wave__position"))


def _of_family(rows: Sequence[Assessment], family: Sequence[int]) -> dict[int, list[Assessment]]:
    found: dict[int, list[Assessment]] = defaultdict(list)
    for row in rows:
        if row.target.school_id in family:
            found[row.target.indicator_id].append(row)
    return found


@dataclass(frozen=True, slots=True)
class SchoolRows:
    """The rows of one run that concern one school. `assessments` by indicator, as waves follow."""

    estimates: Mapping[Place, Estimate]
    project: Mapping[Place, Estimate]
    changes: Mapping[int, Change]  # of the project, by measure
    own_changes: Mapping[int, Change]
    assessments: Mapping[int, Sequence[Assessment]]
    waves: WavePair
    min_group: int
    is_continued: bool  # its targets are judged on the school that goes on

    def estimate(self, measure_id: int, wave: WaveHead | None) -> Estimate | None:
        return self.estimates.get((measure_id, wave.pk)) if wave else None

    def line(self, indicator: IndicatorHead) -> Line | None:
        """None where the school has neither a level nor a target."""
        measure, kind = indicator.measure_id, indicator.kind
        then = self.estimate(measure, self.waves.baseline)
        now = self.estimate(measure, self.waves.endline)
        assessment, of_wave = speaking(self.assessments.get(indicator.pk, ()), self.waves)
        if not (then or now or assessment):
            return None
        bases = (then.n if then else None, now.n if now else None)
        target = optional(
            standing_of, assessment, kind, self.min_group, bases=bases, of_wave=of_wave
        )
        return Line(
            indicator=indicator,
            baseline=optional(level_of, then, kind, self.min_group),
            endline=optional(level_of, now, kind, self.min_group),
            change=self._move(self.own_changes.get(measure), kind),
            target=target,
            status=self._status(indicator, target, now),
            project_change=self._move(self.changes.get(measure), kind),
        )

    def level(self, head: IndicatorHead, wave: WaveHead) -> Level | None:
        return self._level(self.estimates, head, wave)

    def standing(self, head: IndicatorHead, wave: WaveHead) -> Standing | None:
        """The target set for one wave. It rests on every wave the school has answers of."""
        row = next(
            (one for one in self.assessments.get(head.pk, ()) if one.target.wave_id == wave.pk),
            None,
        )
        bases = tuple(
            one.n for (measure, _wave), one in self.estimates.items() if measure == head.measure_id
        )
        found = optional(standing_of, row, head.kind, self.min_group, bases=bases)
        if found is None:
            return None
        now = self.estimate(head.measure_id, self.waves.endline)
        return replace(found, status=self._status(head, found, now))

    def has_own(self, line: Line) -> bool:
        """A level of the school itself in some wave."""
        return any(measure == line.indicator.measure_id for measure, _wave in self.estimates)

    def trend(self, line: Line, waves: Sequence[WaveHead]) -> Trend:
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
        self, rows: Mapping[Place, Estimate], head: IndicatorHead, wave: WaveHead
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

    def _move(self, row: Change | None, kind: str) -> Move | None:
        return optional(move_of, row, kind, self.min_group)
