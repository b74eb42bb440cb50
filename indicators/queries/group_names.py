"""What the groups of a breakdown are called in the reader's language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q

from indicators.models import Item, SchoolCategory
from indicators.queries.questions import BY_SCHOOL
from indicators.vocabulary import ItemKind

if TYPE_CHECKING:
    from indicators.models import Project


@dataclass(slots=True)
class GroupNames:
    """`labels[breakdown, code]`; `asked[questionnaire, breakdown]` = codes in the form's order."""

    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    asked: dict[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)

    def label(self, breakdown: str, code: str) -> str:
        """Several codes of a school ("ky,ru") are joined; what has no label shows its code."""
        if (breakdown, code) in self.labels:
            return self.labels[breakdown, code] or code
        parts = code.split(",")
        return ", ".join(self.labels.get((breakdown, part)) or part for part in parts)


def group_names(project: Project, breakdowns: Collection[str]) -> GroupNames:
    """The groups of these breakdowns, of schools and of people. Three queries."""
    found = GroupNames()
    for row in SchoolCategory.objects.filter(project=project, field__in=breakdowns):
        found.labels[row.field, row.code] = row.label
    asked = Q(pk__in=[])
    for name in sorted(set(breakdowns) - BY_SCHOOL):
        asked |= Q(name__endswith=f"_{name}")
    items = Item.objects.filter(asked, instrument__project=project, kind=ItemKind.SCALE)
    for item in items.select_related("scale").prefetch_related("scale__options"):
        name = item.name.partition("_")[2]
        if item.scale is None or name not in breakdowns:
            continue
        options = list(item.scale.options.all())
        found.asked[item.instrument_id, name] = tuple(option.name for option in options)
        for option in options:
            found.labels.setdefault((name, option.name), option.label)
    return found
