"""The realism check of targets, on what definitions and the last calculation say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indicators.actions.stored_definitions import (
    index_definition,
    item_definition,
    scale_definition,
)
from indicators.models import Indicator, Project
from indicators.pipeline.framework_shapes import Catalogue, MeasureDefinition
from indicators.pipeline.framework_targets import possible_values
from indicators.pipeline.realism import (
    Doubt,
    Ground,
    detectable_project,
    detectable_schools,
    doubts,
)
from indicators.queries.target_evidence import Evidence, Place
from indicators.vocabulary import (
    GAP_MEASURES,
    Direction,
    MeasureKind,
    TargetType,
    is_percent_unit,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

PERCENT_POSITIVE = "percent_positive"
NPS_STEP = 100.0  # from "would neither" to "would recommend"


@dataclass(frozen=True, slots=True)
class Doubted:
    """What is said against one target, and what it was held against."""

    type: str  # "" without a target
    doubts: tuple[Doubt, ...]
    ground: Ground
    n: int
    n_schools: int


class Realism:
    """The check for some indicators of a project. Definitions are read once."""

    def __init__(
        self, project: Project, indicators: Iterable[int], evidence: Mapping[Place, Evidence]
    ) -> None:
        """`evidence`: what the last calculation knows of a place; may lack places."""
        self.evidence = evidence
        rows = Indicator.objects.filter(project=project, pk__in=set(indicators))
        self.indicators = {row.pk: row for row in with_scales(rows)}
        self._fixed = {pk: scale_ground(row) for pk, row in self.indicators.items()}
        self._sizes = _sizes(evidence, project.alpha)

    @classmethod
    def of_place(cls, project: Project, place: Place, evidence: Evidence | None) -> Realism:
        """The check for one place."""
        return cls(project, [place[0]], {place: evidence} if evidence else {})

    def ground(self, place: Place) -> Ground:
        """Everything known of a place; of an unknown one nothing, so that nothing is doubted."""
        fixed = self._fixed.get(place[0], Ground(Direction.NONE))
        found = self.evidence.get(place)
        if found is None:
            return fixed
        most = found.denominator if found.kind == MeasureKind.SCHOOLS_COUNT else None
        return replace(fixed, most=most, baseline=found.value, detectable=self._sizes[place])

    def of(self, place: Place, type: str, low: float | None, high: float | None) -> Doubted:
        """What is said against a target whose limits fit its type; nothing without a type."""
        ground, found = self.ground(place), self.evidence.get(place)
        said = doubts(TargetType(type), low, high, ground) if type else ()
        return Doubted(
            type,
            said,
            ground,
            found.n if found else 0,
            found.n_schools if found and not place[1] else 0,
        )


def with_scales(indicators: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Indicators with all that `scale_ground` and the rules for targets look at."""
    return indicators.select_related(
        "project",
        "measure__index__instrument",
        "measure__item__instrument",
        "measure__item__scale",
        "measure__item__block",
        "measure__second_item",
    ).prefetch_related("measure__item__scale__options")


def scale_ground(indicator: Indicator) -> Ground:
    """The direction and the scale of an indicator, by the rule of the project's files."""
    measure = indicator.measure
    item, index = measure.item, measure.index
    kind = MeasureKind(measure.kind)
    definition = MeasureDefinition(
        measure.code,
        kind,
        index=index.code if index else "",
        item=(item.instrument.code, item.name) if item else None,
    )
    own = item_definition(item) if item else None
    catalogue = Catalogue(
        items={(own.instrument, own.name): own} if own else {},
        scales={item.scale.code: scale_definition(item.scale)} if item and item.scale else {},
        indices={index.code: index_definition(index)} if index else {},
    )
    low, high = possible_values(definition, indicator.unit, catalogue)
    if low is not None and low == high:  # a scale without options says nothing
        low = high = None
    step = None
    if low is not None and high is not None and kind not in GAP_MEASURES:
        is_share = is_percent_unit(indicator.unit)
        is_share = is_share or bool(index and index.statistic == PERCENT_POSITIVE)
        step = high - low if is_share else NPS_STEP if kind is MeasureKind.NPS else 1.0
    return Ground(Direction(indicator.direction), low, high, step)


def _sizes(evidence: Mapping[Place, Evidence], alpha: float) -> dict[Place, float | None]:
    """The smallest change that can be told from chance in every place.

    A school's stored one knows its classes and both waves; it stands before the planned one.
    Counted values have none.
    """
    sizes: dict[Place, float | None] = {
        place: one.detectable if place[1] else _of_project(one, alpha)
        for place, one in evidence.items()
    }
    planned = [place for place in _tested(evidence) if place[1] and sizes[place] is None]
    found = [evidence[place] for place in planned]
    computed = detectable_schools([one.n for one in found], [one.sd for one in found], alpha=alpha)
    return {**sizes, **dict(zip(planned, computed, strict=True))}


def _of_project(one: Evidence, alpha: float) -> float | None:
    if one.reason:
        return None
    return detectable_project(one.n, one.n_schools, one.sd, one.icc, alpha=alpha)


def _tested(evidence: Mapping[Place, Evidence]) -> Iterable[Place]:
    return (place for place, one in evidence.items() if not one.reason)
