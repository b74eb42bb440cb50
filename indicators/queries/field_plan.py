"""How many people a questionnaire of a wave is to reach: what an officer typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indicators.models import FieldPlan, School, SchoolArrival, WaveInstrument
from indicators.queries.coverage import Expected, expected_sheets
from indicators.queries.paging import Paged
from indicators.queries.wave_schools import wave_schools

if TYPE_CHECKING:
    from indicators.models import Project

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One school: the number typed (None: none) and what stands without it."""

    school: School
    typed: int | None
    rule: Expected | None


@dataclass(frozen=True, slots=True)
class PlanPage(Paged):
    use: WaveInstrument
    rows: tuple[PlanRow, ...]
    number: int
    has_next: bool


def plan_use(project: Project, wave_code: str, instrument: str) -> WaveInstrument | None:
    """The newest version of a questionnaire in a wave."""
    return (
        WaveInstrument.objects.filter(
            wave__project=project,
            wave__code=wave_code,
            version__instrument__code=instrument,
        )
        .select_related("wave__project", "version__instrument")
        .order_by("-version__version")
        .first()
    )


def plan_page(use: WaveInstrument, *, number: int) -> PlanPage:
    """One page of the wave's schools by code. Four queries."""
    typed = dict(FieldPlan.objects.filter(use=use).values_list("school_id", "n_expected"))
    seen = SchoolArrival.objects.filter(dataset__wave=use.wave_id, dataset__version=use.version_id)
    schools = wave_schools(use.wave, set(seen.values_list("school_code", flat=True)))
    start = (number - 1) * PER_PAGE
    return PlanPage(
        use=use,
        rows=tuple(
            PlanRow(school, typed.get(school.pk), expected_sheets(school, use, None))
            for school, is_absent in schools[start : start + PER_PAGE]
            if not is_absent
        ),
        number=number,
        has_next=len(schools) > start + PER_PAGE,
    )
