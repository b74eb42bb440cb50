"""What the last calculation knows of the places where targets stand: the baseline behind them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from indicators.models import Change, Estimate, School
from indicators.queries.results import level_of
from indicators.results import IndicatorHead, Level
from indicators.vocabulary import Scope

if TYPE_CHECKING:
    from indicators.models import Run

Place = tuple[int, str]  # indicator, code of the school ("": the project)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The baseline of one indicator in one place, as stored; missing is None.

    `level`: as the visit may see it, the other numbers as they are; `detectable`: of the newest
    change, for a school only; `reason`: why it is no estimate.
    """

    kind: str
    level: Level
    n: int
    n_schools: int
    value: float | None
    sd: float | None
    icc: float | None
    denominator: float | None
    detectable: float | None
    reason: str


def target_evidence(
    run: Run | None,
    baseline: int | None,
    indicators: Collection[IndicatorHead],
    schools: Collection[School],
    *,
    with_project: bool,
    min_group: int,
) -> dict[Place, Evidence]:
    """By indicator and place, where the wave `baseline` has an estimate. Two queries.

    A school that continues another one stands on that one's baseline.
    """
    if run is None or baseline is None or not indicators:
        return {}
    codes = _codes(schools)
    where = Q(scope=Scope.SCHOOL, school__in=[pk for pk in codes if pk is not None])
    if with_project:
        where |= Q(scope=Scope.PROJECT)
    measures: dict[int, list[IndicatorHead]] = {}
    for one in indicators:
        measures.setdefault(one.measure_id, []).append(one)
    levels = Estimate.objects.filter(where, run=run, wave=baseline, group_by="")
    sizes = _detectable(run, measures, schools)
    found = {}
    for level in levels.filter(measure__in=measures):
        for code in codes.get(level.school_id, ()):
            size = sizes.get((level.measure_id, code))
            for one in measures[level.measure_id]:
                found[one.pk, code] = _evidence(level, one.kind, size, min_group)
    return found


def _codes(schools: Collection[School]) -> dict[int | None, list[str]]:
    """The places an estimate of a school counts for: itself, and the school that continues it."""
    codes: dict[int | None, list[str]] = {None: [""]}
    for school in schools:
        codes.setdefault(school.continues_id or school.pk, []).append(school.code)
    return codes


def _detectable(
    run: Run, measures: Collection[int], schools: Collection[School]
) -> Mapping[tuple[int, str], float]:
    """Of every school's newest change, by measure and code."""
    rows = Change.objects.filter(
        run=run,
        measure__in=measures,
        scope=Scope.SCHOOL,
        school__in=[school.pk for school in schools],
        detectable__isnull=False,
    ).order_by("wave_to__position")
    found = rows.values_list("measure_id", "school__code", "detectable")
    return {(measure, code): size for measure, code, size in found if size is not None}


def _evidence(level: Estimate, kind: str, detectable: float | None, min_group: int) -> Evidence:
    return Evidence(
        kind=kind,
        level=level_of(level, kind=kind, min_group=min_group),
        n=level.n,
        n_schools=level.n_schools,
        value=level.value,
        sd=level.sd,
        icc=level.icc,
        denominator=level.denominator,
        detectable=detectable,
        reason=level.reason,
    )
