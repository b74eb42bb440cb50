"""Every change of one target, from the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from indicators.models import Assessment, AuditEvent, School, Target, Wave
from indicators.queries.audit import EventRow, event_rows
from indicators.queries.results import indicator_head
from indicators.queries.versions import as_defined_at
from indicators.queries.visible import visible_run
from indicators.roles import Permission

if TYPE_CHECKING:
    from indicators.access import Visit
    from indicators.models import Indicator
    from indicators.results import IndicatorHead

MOST = 200


def target_wave(visit: Visit, code: str) -> Wave | None:
    return Wave.objects.filter(project=visit.project, code=code).first()


def head_for(visit: Visit, indicator: Indicator) -> IndicatorHead:
    """The indicator as the visit may know it: not as it was defined after publishing."""
    seen = None if visit.may(Permission.TARGET_EDIT) else visible_run(visit)
    if seen is not None:
        as_defined_at(indicator, seen.run.finished_at)
    return indicator_head(indicator)


def target_history(
    visit: Visit, indicator: Indicator, school: School | None, wave: Wave
) -> tuple[EventRow, ...]:
    """Newest first, with the targets that stood in this place before and were removed.

    Those who do not edit see what had happened when the published calculation was made, and only
    of a target that it judged.
    """
    target = Target.objects.filter(indicator=indicator, school=school, wave=wave).first()
    place = Q(object_label=str(Target(indicator=indicator, school=school, wave=wave)))
    if target is not None:
        place |= Q(object_id=str(target.pk))
    events = AuditEvent.objects.filter(place, project=visit.project, object_type="target")
    if not visit.may(Permission.TARGET_EDIT):
        seen = visible_run(visit)
        run = seen.run if seen else None
        if target is None or not Assessment.objects.filter(run=run, target=target).exists():
            return ()
        events = events.filter(at__lte=run.finished_at if run else None)
    return tuple(event_rows(events[:MOST]))
