"""The checklists of directors that count in results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indicators.models import Checklist
from indicators.pipeline.checklist_rule import is_complete
from indicators.vocabulary import ChecklistState, ItemKind

if TYPE_CHECKING:
    from indicators.models import Project

COUNTED_CHECKLISTS = (ChecklistState.SUBMITTED, ChecklistState.APPROVED)


def counted_checklists(project: Project) -> list[Checklist]:
    """Complete checklists that were sent, by wave and school. Four queries."""
    rows = (
        Checklist.objects.filter(school__project=project, state__in=COUNTED_CHECKLISTS)
        .select_related("school", "wave", "version__instrument")
        .prefetch_related("version__item_versions__item__continues")
        .order_by("wave__position", "school__code")
    )
    return [one for one in rows if is_complete(one.answers, scored_items(one))[0]]


def scored_items(checklist: Checklist) -> list[str]:
    """Names of the items that count towards a complete checklist."""
    return [
        row.item.name
        for row in checklist.version.item_versions.all()
        if row.item.kind == ItemKind.SCALE
    ]
