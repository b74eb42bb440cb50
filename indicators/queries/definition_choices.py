"""What a definition may refer to: questions, indices, questionnaires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from indicators.models import CompositeIndex, Instrument, Item, Release
from indicators.models.base import in_language
from indicators.vocabulary import ItemKind

if TYPE_CHECKING:
    from indicators.models import Project

BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """Something an indicator can be computed from."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class IndexRow:
    code: str
    name: str
    instrument: str
    n_items: int
    indicators: tuple[str, ...]
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """`refused`: why it allows no index, "" where it does."""

    code: str
    name: str
    refused: str


def source_choices(project: Project) -> list[SourceChoice]:
    """Indices and questions. Two queries."""
    indices = CompositeIndex.objects.filter(instrument__project=project).order_by("code")
    items = Item.objects.filter(
        instrument__project=project, kind__in=(ItemKind.SCALE, ItemKind.MULTI)
    ).order_by("instrument__position", "position", "name")
    return [SourceChoice(row.code, row.name) for row in indices] + [
        SourceChoice(item.name, item.label) for item in items
    ]


def scored_items(instrument: Instrument) -> list[Item]:
    """Questions that an index of this questionnaire may hold, in their order. One query.

    What asks who the respondent is stands in a block of its own and is left out.
    """
    rows = Item.objects.filter(instrument=instrument, kind=ItemKind.SCALE)
    rows = rows.filter(Q(index_items__isnull=False) | ~Q(block__code=BACKGROUND)).distinct()
    return list(rows.select_related("scale").order_by("position", "name"))


def index_rows(project: Project) -> list[IndexRow]:
    """All indices with the indicators that show them. Four queries."""
    rows = (
        CompositeIndex.objects.filter(instrument__project=project)
        .select_related("instrument")
        .prefetch_related("index_items", "measures__indicators")
        .order_by("instrument__position", "position", "code")
    )
    return [
        IndexRow(
            code=row.code,
            name=row.name,
            instrument=row.instrument.name or row.instrument.code,
            n_items=len(row.index_items.all()),
            indicators=tuple(
                sorted(
                    one.code for measure in row.measures.all() for one in measure.indicators.all()
                )
            ),
            may_edit=row.instrument.allows_index,
        )
        for row in rows
    ]


def questionnaires(project: Project) -> list[Questionnaire]:
    rows = Instrument.objects.filter(project=project).order_by("position", "code")
    return [
        Questionnaire(
            row.code,
            row.name or row.code,
            "" if row.allows_index else in_language(row, "limits") or "–",
        )
        for row in rows
    ]


def has_release(project: Project) -> bool:
    return Release.objects.filter(run__project=project, withdrawn_at__isnull=True).exists()
