"""Rows of an imported reference table, cleaned by the same rules as the project's own files.

The columns are those of the files: a table that leaves here can be put back into the folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from indicators.actions import load_rows
from indicators.actions.load_messages import sentence
from indicators.actions.stored_definitions import (
    index_definition,
    item_definition,
    scale_definition,
)
from indicators.actions.targets import TargetRefusal, TargetRefused
from indicators.models import (
    CompositeIndex,
    Indicator,
    Item,
    Measure,
    Project,
    Scale,
    School,
    SchoolCategory,
    Target,
    Wave,
)
from indicators.pipeline import framework_schools as register
from indicators.pipeline import framework_targets as target_rules
from indicators.pipeline.framework_cells import Problems, SheetRow
from indicators.pipeline.framework_indicators import INDICATOR_COLUMNS, clean_indicator
from indicators.pipeline.framework_shapes import (
    Catalogue,
    CategoryDefinition,
    MeasureDefinition,
)
from indicators.pipeline.framework_targets import TargetContext, TargetFacts
from indicators.pipeline.shapes import ProblemSpec
from indicators.vocabulary import (
    Direction,
    MeasureKind,
    Severity,
    is_percent_unit,
)

SCHOOL_COLUMNS = (
    *register.REGISTER_COLUMNS[:5],
    register.OBLAST_RU,
    register.DISTRICT_KY,
    register.DISTRICT_RU,
    register.SETTLEMENT,
    register.REMOTENESS,
    register.DISTANCE,
    register.LANGUAGES,
    *register.COUNTS.values(),
    register.ROLE,
)
SCHOOL_CODE = register.CODE
TARGET_COLUMNS = target_rules.TARGET_COLUMNS
SCHOOL_COUNTS = register.COUNTS

__all__ = [
    "INDICATOR_COLUMNS",
    "SCHOOL_CODE",
    "SCHOOL_COLUMNS",
    "SCHOOL_COUNTS",
    "TARGET_COLUMNS",
    "RowRefused",
    "Tables",
    "problem_sentence",
    "refusal_sentence",
]


class RowRefused(Exception):
    """A row cannot be taken; `problems` say why, column by column."""

    def __init__(self, problems: list[ProblemSpec]) -> None:
        self.problems = problems
        super().__init__("; ".join(self.sentences))

    @property
    def sentences(self) -> list[str]:
        return [problem_sentence(problem) for problem in self.problems]


def problem_sentence(problem: ProblemSpec) -> str:
    return f"{problem.column}: {sentence(problem)}"


class Tables:
    """Cleans rows against what one project holds. Reads each thing once.

    `noticed` lists what was odd in the row cleaned last and yet taken.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.noticed: list[ProblemSpec] = []

    def school(self, cells: Mapping[str, Any], number: int) -> dict[str, Any]:
        """A row of the register as values of a School."""
        row = _row(cells, number)
        found = register.clean_school(row, self.school_codes)
        self._demand(row)
        return load_rows.school(found)

    def indicator(self, cells: Mapping[str, Any], number: int) -> dict[str, Any]:
        """A row of the sheet `indicators` as values of an Indicator; a new measure is stored."""
        row = _row(cells, number)
        found = clean_indicator(row, self.catalogue, number)
        self._demand(row)
        if found is None:
            raise RowRefused(row.problems.found)
        values = load_rows.indicator(found)
        del values["position"]  # the order is the register's own
        return {**values, "measure": self._measure(found.measure)}

    def target(self, cells: Mapping[str, Any], number: int) -> dict[str, Any]:
        """A row of the sheet `targets` as values of a Target."""
        row = _row(cells, number)
        found = target_rules.clean_target(row, self.target_context)
        self._demand(row)
        if found is None:
            raise RowRefused(row.problems.found)
        return {
            **load_rows.target(found),
            "indicator": self.indicators[found.indicator],
            "school": self.schools[found.school] if found.school else None,
            "wave": self.waves[found.wave],
        }

    def _demand(self, row: SheetRow) -> None:
        blocking = [one for one in row.problems.found if one.severity is Severity.BLOCK]
        if blocking:
            raise RowRefused(blocking)
        self.noticed = list(row.problems.found)

    @cached_property
    def school_codes(self) -> register.SchoolCodes:
        rows = SchoolCategory.objects.filter(project=self.project)
        return register.SchoolCodes(
            CategoryDefinition(row.field, row.code, row.labels, row.position) for row in rows
        )

    @cached_property
    def schools(self) -> dict[str, School]:
        return {
            row.code: row
            for row in School.objects.filter(project=self.project).select_related("project")
        }

    @cached_property
    def waves(self) -> dict[str, Wave]:
        return {row.code: row for row in Wave.objects.filter(project=self.project)}

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        rows = Indicator.objects.filter(project=self.project).select_related(
            "project", "measure__index", "measure__item__instrument", "measure__second_item"
        )
        return {row.code: row for row in rows}

    @cached_property
    def targets(self) -> dict[tuple[int, int | None, int], Target]:
        """By indicator, school (None: the project) and wave."""
        rows = Target.objects.filter(indicator__project=self.project)
        rows = rows.select_related("indicator__project", "school", "wave")
        return {(row.indicator_id, row.school_id, row.wave_id): row for row in rows}

    @cached_property
    def _items(self) -> dict[tuple[str, str], Item]:
        rows = Item.objects.filter(instrument__project=self.project)
        rows = rows.select_related("instrument", "scale", "block")
        return {(row.instrument.code, row.name): row for row in rows}

    @cached_property
    def _indices(self) -> dict[str, CompositeIndex]:
        rows = CompositeIndex.objects.filter(instrument__project=self.project)
        return {row.code: row for row in rows.select_related("instrument")}

    @cached_property
    def catalogue(self) -> Catalogue:
        """What an indicator may refer to, as the files' rules expect it."""
        scales = Scale.objects.filter(project=self.project).prefetch_related("options")
        return Catalogue(
            items={key: item_definition(item) for key, item in self._items.items()},
            scales={scale.code: scale_definition(scale) for scale in scales},
            indices={index.code: index_definition(index) for index in self._indices.values()},
        )

    @cached_property
    def target_context(self) -> TargetContext:
        facts = {code: self._facts(row) for code, row in self.indicators.items()}
        return TargetContext(facts, self.schools, self.waves)

    def _facts(self, row: Indicator) -> TargetFacts:
        measure = row.measure
        item = measure.item
        definition = MeasureDefinition(
            measure.code,
            MeasureKind(measure.kind),
            index=measure.index.code if measure.index else "",
            item=(item.instrument.code, item.name) if item else None,
        )
        low, high = target_rules.possible_values(definition, row.unit, self.catalogue)
        return TargetFacts(
            code=row.code,
            direction=Direction(row.direction),
            is_descriptive=row.is_descriptive,
            is_context=row.is_context,
            is_percent=is_percent_unit(row.unit),
            is_self_selected=target_rules.is_self_selected(row.respondent),
            low=low,
            high=high,
        )

    def _measure(self, one: MeasureDefinition) -> Measure:
        values: dict[str, Any] = {
            "kind": one.kind.value,
            "index": self._indices[one.index] if one.index else None,
            "item": self._items[one.item] if one.item else None,
            "second_item": self._items[one.second_item] if one.second_item else None,
            "codes": list(one.codes),
            "option": one.option,
            "source": one.source,
        }
        found, _ = Measure.objects.get_or_create(
            project=self.project, code=one.code, defaults=values
        )
        return found


# What the action that stores targets refuses, in the sentences of the files.
REFUSALS: Mapping[TargetRefusal, str] = {
    TargetRefusal.SELF_SELECTED: "target_of_self_selected",
    TargetRefusal.DESCRIPTIVE: "target_of_descriptive",
    TargetRefusal.CONTEXT: "target_of_context",
    TargetRefusal.NO_DIRECTION: "target_without_direction",
    TargetRefusal.NO_RATIONALE: "reason_missing",
}


def refusal_sentence(refused: TargetRefused) -> str:
    kind = REFUSALS.get(refused.reason, "target_refused")
    return sentence(ProblemSpec(Severity.BLOCK, kind, value=refused.reason.value))


def _row(cells: Mapping[str, Any], number: int) -> SheetRow:
    return SheetRow("", number, dict(cells), Problems(""))
