"""Directors' checklists of a wave as the coverage board counts them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from indicators.models import Checklist, ItemVersion
from indicators.pipeline.checklist_rule import is_complete
from indicators.vocabulary import ChecklistState, ItemKind

if TYPE_CHECKING:
    from indicators.models import Wave

SENT = (ChecklistState.SUBMITTED, ChecklistState.APPROVED)


def checklist_arrivals(wave: Wave) -> dict[str, dict[str, tuple[int, int, date | None]]]:
    """Received, used and last day by questionnaire and school. Two queries.

    Received: sent by the school. Used: sent and complete enough to count.
    """
    sent = list(
        Checklist.objects.filter(wave=wave, state__in=SENT).select_related(
            "school", "version__instrument"
        )
    )
    scored = defaultdict(list)
    items = ItemVersion.objects.filter(
        version__in={one.version_id for one in sent}, item__kind=ItemKind.SCALE
    )
    for version, name in items.values_list("version_id", "item__name"):
        scored[version].append(name)
    found: dict[str, dict[str, tuple[int, int, date | None]]] = defaultdict(dict)
    for one in sent:
        complete, _answered, _total = is_complete(one.answers, scored[one.version_id])
        day = one.filled_on or (one.submitted_at.date() if one.submitted_at else None)
        code = one.version.instrument.code
        found[code][one.school.code] = (1, int(complete), day or one.updated_at.date())
    return found
