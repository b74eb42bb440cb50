"""Targets with the baseline and the status beside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, Q

from indicators.models import Assessment, Estimate, Indicator, School, Target, Wave
from indicators.models.base import LANGUAGES, in_language
from indicators.queries.paging import Paged
from indicators.queries.results import indicator_head, level_of, optional, standing_of
from indicators.queries.target_evidence import Evidence, Place, target_evidence
from indicators.queries.versions import defined_at
from indicators.queries.visible import visible_run
from indicators.results import IndicatorHead, Level, Standing
from indicators.roles import Permission
from indicators.vocabulary import Scope, WaveKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from indicators.access import Visit
    from indicators.models import Project, Run

PROJECT = "project"
EVERYWHERE = "all"
PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target, or an indicator that has none yet (`pk` is None)."""

    pk: int | None
    indicator: IndicatorHead
    school_code: str
    school_name: str
    wave_code: str
    wave_name: str
    type: str
    low: float | None
    high: float | None
    rationale: str
    updated_at: datetime | None
    updated_by: str
    baseline: Level | None
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class TargetPage(Paged):
    rows: tuple[TargetRow, ...]
    number: int
    has_next: bool
    has_run: bool
    is_published: bool
    evidence: Mapping[Place, Evidence]  # for those who edit


@dataclass(frozen=True, slots=True)
class SchoolChoice:
    code: str
    name: str

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


def school_choices(visit: Visit) -> list[SchoolChoice]:
    """The schools whose targets the visit may see, by code."""
    schools = School.objects.filter(project=visit.project).order_by("code")
    if not visit.may(Permission.SCHOOL_VIEW_ALL):
        own = visit.own_school_ids
        schools = schools.filter(Q(pk__in=own) | Q(continued_by__in=own))
    names = [f"name_{language}" for language in LANGUAGES]
    rows = schools.values_list("code", *names, named=True)  # whole schools take three times as long
    return [SchoolChoice(row.code, in_language(row, "name")) for row in rows]


def target_page(
    visit: Visit, *, place: str, indicator_code: str, number: int, schools: list[SchoolChoice]
) -> TargetPage:
    """Targets of a place (project, all, or a school's code), alphabetical by indicator.

    Those who edit see targets as they stand, and indicators without one; others see the targets
    that the published calculation was judged by.
    """
    seen = visible_run(visit)
    run = seen.run if seen else None
    targets = _targets(visit, place, indicator_code, [school.code for school in schools])
    is_editor = visit.may(Permission.TARGET_EDIT)
    if not is_editor:
        targets = targets.filter(assessments__run=run) if run else targets.none()
    start = (number - 1) * PER_PAGE
    found = list(targets[start : start + PER_PAGE + 1])
    if run and not is_editor:
        _define_as(run, found)
    rows = _rows(visit, found[:PER_PAGE], run, as_stored=is_editor)
    if is_editor and number == 1 and place != EVERYWHERE and len(found) <= PER_PAGE:
        rows += _without_target(visit, indicator_code, place, found, run)
        rows.sort(key=lambda row: (row.indicator.code, row.wave_code))
    return TargetPage(
        evidence=_evidence(visit, run, rows) if is_editor else {},
        rows=tuple(rows),
        number=number,
        has_next=len(found) > PER_PAGE,
        has_run=run is not None,
        is_published=bool(seen and seen.is_published),
    )


def _define_as(run: Run, targets: list[Target]) -> None:
    """Give targets their indicators as the run knows them: readers see what is published."""
    rows = Indicator.objects.filter(pk__in={target.indicator_id for target in targets})
    known = {row.pk: row for row in defined_at(rows.select_related("measure"), run.finished_at)}
    for target in targets:
        target.indicator = known[target.indicator_id]


def _targets(
    visit: Visit, place: str, indicator_code: str, school_codes: Collection[str]
) -> QuerySet[Target]:
    targets = (
        Target.objects.filter(indicator__project=visit.project)
        .select_related("indicator__measure", "school", "wave", "updated_by")
        .order_by("indicator__code", F("school__code").asc(nulls_first=True), "wave__position")
    )
    if indicator_code:
        targets = targets.filter(indicator__code=indicator_code)
    if place == PROJECT:
        return targets.filter(school=None)
    if place == EVERYWHERE:
        return targets.filter(Q(school=None) | Q(school__code__in=school_codes))
    return targets.filter(school__code=place) if place in school_codes else targets.none()


def _rows(
    visit: Visit, targets: list[Target], run: Run | None, *, as_stored: bool
) -> list[TargetRow]:
    if not targets:
        return []
    assessments = {
        row.target_id: row
        for row in Assessment.objects.filter(run=run, target__in=targets).select_related("target")
    }
    levels = _levels(
        run,
        {target.indicator.measure_id for target in targets},
        {target.school_id for target in targets if target.school_id},
    )
    first = first_wave(visit.project)
    return [
        _row(
            target,
            assessments.get(target.pk),
            levels.get((target.indicator.measure_id, target.school_id, first)),
            levels.get((target.indicator.measure_id, target.school_id, target.wave_id)),
            visit.min_group,
            as_stored=as_stored,
        )
        for target in targets
    ]


def _evidence(visit: Visit, run: Run | None, rows: list[TargetRow]) -> dict[Place, Evidence]:
    """What the baseline says of every target of the page."""
    heads = {row.indicator.pk: row.indicator for row in rows}
    schools = School.objects.filter(
        project=visit.project, code__in={row.school_code for row in rows if row.school_code}
    )
    return target_evidence(
        run,
        first_wave(visit.project),
        list(heads.values()),
        list(schools),
        with_project=True,
        min_group=visit.min_group,
    )


def _row(
    target: Target,
    assessment: Assessment | None,
    baseline: Estimate | None,
    reached: Estimate | None,
    min_group: int,
    *,
    as_stored: bool,
) -> TargetRow:
    kind = target.indicator.measure.kind
    bases = tuple(level.n if level else None for level in (baseline, reached))
    person = target.updated_by
    shown = target if as_stored or assessment is None else None
    return TargetRow(
        pk=target.pk,
        indicator=indicator_head(target.indicator),
        school_code=target.school.code if target.school else "",
        school_name=target.school.name if target.school else "",
        wave_code=target.wave.code,
        wave_name=target.wave.name,
        type=shown.type if shown else assessment.target_type,  # type: ignore[union-attr]
        low=shown.low if shown else assessment.target_low,  # type: ignore[union-attr]
        high=shown.high if shown else assessment.target_high,  # type: ignore[union-attr]
        rationale=target.rationale if as_stored else "",
        updated_at=target.updated_at if as_stored else None,
        updated_by=person.get_full_name() or person.get_username() if as_stored and person else "",
        baseline=optional(level_of, baseline, kind, min_group),
        standing=optional(standing_of, assessment, kind, min_group, bases=bases),
    )


def _levels(
    run: Run | None, measures: Collection[int], schools: Collection[int]
) -> dict[tuple[int, int | None, int | None], Estimate]:
    """Levels by (measure, school, wave): of the project, and of these schools."""
    estimates = Estimate.objects.filter(
        Q(scope=Scope.PROJECT) | Q(scope=Scope.SCHOOL, school__in=schools),
        run=run,
        measure__in=measures,
        group_by="",
    )
    return {(e.measure_id, e.school_id, e.wave_id): e for e in estimates}


def first_wave(project: Project) -> int | None:
    """The baseline; None in a project without waves."""
    return (
        Wave.objects.filter(project=project).order_by("position").values_list("pk", flat=True)
    ).first()


def _without_target(
    visit: Visit, indicator_code: str, place: str, targets: list[Target], run: Run | None
) -> list[TargetRow]:
    """Indicators that have no target in this place, with their baseline."""
    indicators = Indicator.objects.filter(project=visit.project).select_related("measure")
    if indicator_code:
        indicators = indicators.filter(code=indicator_code)
    found = list(indicators.exclude(pk__in={target.indicator_id for target in targets}))
    school = School.objects.filter(project=visit.project, code=place).first()
    levels = _levels(run, {i.measure_id for i in found}, {school.pk} if school else set())
    first = first_wave(visit.project)
    return [
        TargetRow(
            pk=None,
            indicator=indicator_head(indicator),
            school_code=school.code if school else "",
            school_name=school.name if school else "",
            wave_code="",
            wave_name="",
            type="",
            low=None,
            high=None,
            rationale="",
            updated_at=None,
            updated_by="",
            baseline=optional(
                level_of,
                levels.get((indicator.measure_id, school.pk if school else None, first)),
                indicator.measure.kind,
                visit.min_group,
            ),
            standing=None,
        )
        for indicator in found
    ]


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """What helps to choose a target: the indicator, and where it stood in the baseline."""

    indicator: IndicatorHead
    school_code: str
    evidence: Evidence | None

    @property
    def place(self) -> Place:
        return self.indicator.pk, self.school_code


def target_facts(visit: Visit, indicator: Indicator, school: School | None) -> TargetFacts:
    """Of the newest calculation the visit may see."""
    seen = visible_run(visit)
    head = indicator_head(indicator)
    code = school.code if school else ""
    found = target_evidence(
        seen.run if seen else None,
        first_wave(visit.project),
        [head],
        [school] if school else [],
        with_project=school is None,
        min_group=visit.min_group,
    )
    return TargetFacts(head, code, found.get((indicator.pk, code)))


def later_waves(project: Project) -> list[Wave]:
    """The waves a target can be set for."""
    return list(Wave.objects.filter(project=project).exclude(kind=WaveKind.BASELINE))
