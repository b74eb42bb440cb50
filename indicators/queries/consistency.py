"""The checks of one calculation and what they found."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.models import ConsistencyCheck, ConsistencyFinding, Indicator, Run
from indicators.queries.paging import Paged
from indicators.results.consistency import Consistency, Contradiction

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class ConsistencyPage(Paged):
    found: Consistency
    number: int
    has_next: bool


def consistency_page(run: Run, *, number: int) -> ConsistencyPage:
    """One page of findings. Three queries."""
    check = ConsistencyCheck.objects.filter(run=run).first()
    if check is None:
        return ConsistencyPage(Consistency(None, 0, ()), number, False)
    start = (number - 1) * PER_PAGE
    rows = list(
        ConsistencyFinding.objects.filter(run=run).select_related("measure", "wave", "school")[
            start : start + PER_PAGE + 1
        ]
    )
    indicators = {
        one.measure_id: one
        for one in Indicator.objects.filter(measure__in={row.measure_id for row in rows})
    }
    contradictions = tuple(
        _contradiction(row, indicators.get(row.measure_id)) for row in rows[:PER_PAGE]
    )
    found = Consistency(check.checked, check.n_findings, contradictions)
    return ConsistencyPage(found, number, len(rows) > PER_PAGE)


def _contradiction(row: ConsistencyFinding, indicator: Indicator | None) -> Contradiction:
    return Contradiction(
        kind=row.kind,
        indicator=indicator.code if indicator else "",
        name=indicator.name if indicator else row.measure.code,
        wave=row.wave.name or row.wave.code,
        school=row.school.name if row.school else "",
        group_by=row.group_by,
        group=row.group,
        found=row.found,
        expected=row.expected,
        detail=row.detail,
    )


def checked_of(run: Run) -> tuple[int, int] | None:
    """(comparisons, contradictions) of a calculation; None where it was not checked. One query."""
    check = ConsistencyCheck.objects.filter(run=run).first()
    return None if check is None else (sum(check.checked.values()), check.n_findings)
