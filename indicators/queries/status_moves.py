"""Which targets stand otherwise than in the calculation before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F

from indicators.models import Assessment, AuditEvent, Run
from indicators.queries.results import indicator_head
from indicators.queries.visible import newest_run
from indicators.vocabulary import RunState

if TYPE_CHECKING:
    from indicators.models import Project
    from indicators.results import IndicatorHead

MOST = 200
Limits = tuple[str, float | None, float | None]  # type, low, high
COMPARED = ("target_id", "status", "target_type", "target_low", "target_high")


@dataclass(frozen=True, slots=True)
class StatusMove:
    """One target in two calculations; `before` is "" where the earlier one did not know it."""

    indicator: IndicatorHead
    school_code: str
    school_name: str
    wave: str
    before: str
    after: str
    limits_before: Limits
    limits: Limits


@dataclass(frozen=True, slots=True)
class StatusMoves:
    """`earlier`: number of the calculation compared with, None when this is the first."""

    earlier: int | None
    rows: tuple[StatusMove, ...]
    has_more: bool


def n_stale_targets(project: Project) -> int | None:
    """Targets set, changed or removed since the last calculation; None before the first one."""
    seen = newest_run(project, only_published=False)
    if seen is None or seen.run.finished_at is None:
        return None
    events = AuditEvent.objects.filter(
        project=project, object_type="target", at__gt=seen.run.finished_at
    )
    return events.values("object_label").distinct().count()


def status_moves(project: Project, run: int) -> StatusMoves:
    """Targets whose limits or status differ, by indicator and school. Four queries."""
    runs = Run.objects.filter(project=project, state=RunState.DONE, pk__lt=run)
    earlier = runs.order_by("-pk").values_list("pk", flat=True).first()
    if earlier is None:
        return StatusMoves(None, (), has_more=False)
    before = Assessment.objects.filter(run=earlier).order_by()
    differ = Assessment.objects.filter(run=run).order_by().values_list(*COMPARED)
    # The database compares: a national project has a hundred thousand targets.
    found = {row[0] for row in differ.difference(before.values_list(*COMPARED))}
    school = F("target__school__code")  # the project's own target has none
    now = (
        Assessment.objects.filter(run=run, target__in=sorted(found)[: MOST + 1])
        .select_related("target__indicator__measure", "target__school", "target__wave")
        .order_by("target__indicator__code", school.asc(nulls_first=True), "target__wave__position")
    )
    then = {row.target_id: row for row in before.filter(target__in=sorted(found)[: MOST + 1])}
    rows = [_move(row, then.get(row.target_id)) for row in now]
    return StatusMoves(earlier, tuple(rows[:MOST]), has_more=len(rows) > MOST)


def _move(now: Assessment, then: Assessment | None) -> StatusMove:
    target = now.target
    return StatusMove(
        indicator=indicator_head(target.indicator),
        school_code=target.school.code if target.school else "",
        school_name=target.school.name if target.school else "",
        wave=target.wave.name or target.wave.code,
        before=then.status if then else "",
        after=now.status,
        limits_before=_limits(then) if then else ("", None, None),
        limits=_limits(now),
    )


def _limits(row: Assessment) -> Limits:
    return row.target_type, row.target_low, row.target_high
