"""Everything counted per wave, for the calculation: desk data, activities, plans, manual values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from indicators.models import (
    ActivityLog,
    ClusterPlan,
    DeskValue,
    ManualValue,
    Project,
    SchoolEvent,
)
from indicators.pipeline.inputs import (
    ActivityRecord,
    DeskRecord,
    ManualRecord,
    PlanRecord,
    WaveFacts,
)
from indicators.pipeline.shapes import SchoolSpec
from indicators.queries.specs import wave_specs
from indicators.vocabulary import SchoolEventKind, UploadState


def wave_facts(project: Project, schools: Mapping[str, SchoolSpec]) -> dict[str, WaveFacts]:
    """Facts of every wave by wave code."""
    accepted = {"wave__project": project, "upload__state": UploadState.ACCEPTED}
    desk: dict[str, list[DeskRecord]] = defaultdict(list)
    for wave, *cells in DeskValue.objects.filter(**accepted).values_list(
        "wave__code", "school__code", "table", "period", "level", "name", "value"
    ):
        desk[wave].append(DeskRecord(*_any(cells)))
    logs: dict[str, list[ActivityRecord]] = defaultdict(list)
    for wave, *cells in ActivityLog.objects.filter(**accepted).values_list(
        "wave__code", "school__code", "kind", "n_teachers"
    ):
        logs[wave].append(ActivityRecord(*_any(cells)))
    plans: dict[str, list[PlanRecord]] = defaultdict(list)
    for wave, *cells in ClusterPlan.objects.filter(**accepted).values_list(
        "wave__code", "school__code", "n_schools", "is_signed"
    ):
        plans[wave].append(PlanRecord(*_any(cells)))
    manual: dict[str, list[ManualRecord]] = defaultdict(list)
    for wave, *cells in ManualValue.objects.filter(**accepted).values_list(
        "wave__code", "indicator__code", "value", "numerator", "denominator"
    ):
        manual[wave].append(ManualRecord(*_any(cells)))
    enrolment = _enrolment(project, schools)
    return {
        wave: WaveFacts(
            tuple(desk[wave]), tuple(logs[wave]), tuple(plans[wave]), tuple(manual[wave]), numbers
        )
        for wave, numbers in enrolment.items()
    }


def _any(cells: list[Any]) -> list[Any]:
    """Cells of several types: each record's fields say which."""
    return cells


def _enrolment(project: Project, schools: Mapping[str, SchoolSpec]) -> dict[str, dict[str, int]]:
    """Students of the schools of each wave: the school of each line standing at that time."""
    events = SchoolEvent.objects.filter(school__project=project).select_related(
        "school", "new_school", "wave"
    )
    gone: dict[str, list[Any]] = defaultdict(list)
    began: dict[str, Any] = {}
    absent: set[tuple[str, str]] = set()
    for event in events:
        if event.kind == SchoolEventKind.ABSENT:
            if event.wave is not None:
                absent.add((event.school.code, event.wave.code))
            continue
        gone[event.school.code].append(event.happened_on)
        if event.new_school is not None:
            began[event.new_school.code] = event.happened_on
    return {
        wave.code: {
            code: school.n_students
            for code, school in schools.items()
            if school.n_students is not None
            and (code, wave.code) not in absent
            and not any(day is None or day <= wave.field_end for day in gone[code])
            and not (began.get(code) is not None and began[code] > wave.field_end)
        }
        for wave in wave_specs(project)
    }
