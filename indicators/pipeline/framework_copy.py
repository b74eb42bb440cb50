"""Indicators of one project for another: what comes along, what is there already, what forbids it.

Each indicator is written as the row of a workbook and read by the rules of a load, against the
questionnaires and indices of the project it goes to. So a copy is what a load of that row would be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from indicators.pipeline.framework_cells import Problems, Sheet, SheetRow
from indicators.pipeline.framework_indicators import clean_indicator
from indicators.pipeline.framework_indices import read_indices
from indicators.pipeline.framework_shapes import (
    Catalogue,
    IndexDefinition,
    IndicatorDefinition,
    ItemDefinition,
    ProjectDefinition,
)
from indicators.pipeline.framework_tables import INDICES, catalogue_of, index_row, indicator_row
from indicators.pipeline.shapes import ProblemSpec
from indicators.vocabulary import CopyState

Key = tuple[str, str]  # questionnaire and question


@dataclass(frozen=True, slots=True)
class CopiedIndicator:
    """One indicator that was asked for, and what it needs. `index` is empty where it has none."""

    definition: IndicatorDefinition
    state: CopyState
    problems: tuple[ProblemSpec, ...]
    index: str
    questions: tuple[Key, ...]
    scales: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """`indices` and `measures` are those that come along, because the project has none of them."""

    indicators: tuple[CopiedIndicator, ...]
    indices: tuple[IndexDefinition, ...]
    measures: tuple[str, ...]

    def of(self, state: CopyState) -> tuple[CopiedIndicator, ...]:
        return tuple(one for one in self.indicators if one.state is state)

    @property
    def mark(self) -> str:
        """One hash for exactly this plan, to tell later whether anything changed meanwhile."""
        # Rows, because the order of a set differs from process to process.
        text = repr(
            (
                [(indicator_row(one.definition), one.state.value) for one in self.indicators],
                [index_row(one) for one in self.indices],
                self.measures,
            )
        )
        return hashlib.sha256(text.encode()).hexdigest()


def plan_copy(
    source: ProjectDefinition, target: ProjectDefinition, codes: Collection[str]
) -> CopyPlan:
    """What copying these indicators would do. Codes the source does not have are ignored."""
    reading = _Reading(source, target)
    found = tuple(reading.look(one) for one in source.indicators if one.code in codes)
    new = [one for one in found if one.state is CopyState.NEW]
    there = {one.code for one in target.indices}
    wanted = dict.fromkeys(one.index for one in new if one.index and one.index not in there)
    known = {one.code for one in target.measures}
    measures = dict.fromkeys(one.definition.measure.code for one in new)
    return CopyPlan(
        indicators=found,
        indices=tuple(reading.indices[code] for code in wanted),
        measures=tuple(code for code in measures if code not in known),
    )


def addition(target: ProjectDefinition, plan: CopyPlan) -> ProjectDefinition:
    """The new indicators with their indices and measures, as a definition to be stored."""
    indicators = tuple(one.definition for one in plan.of(CopyState.NEW))
    return replace(
        target,
        scales=(),
        instruments=(),
        waves=(),
        indices=plan.indices,
        measures=tuple({one.measure.code: one.measure for one in indicators}.values()),
        indicators=indicators,
        targets=(),
    )


class _Reading:
    def __init__(self, source: ProjectDefinition, target: ProjectDefinition) -> None:
        self.theirs, self.ours = catalogue_of(source), catalogue_of(target)
        self.indices: Mapping[str, IndexDefinition] = self.theirs.indices
        self.questionnaires = {one.code: one for one in target.instruments}
        self.there = {one.code: one for one in target.indicators}

    def look(self, one: IndicatorDefinition) -> CopiedIndicator:
        index = self.indices.get(one.measure.index)
        keys = [key for key in (one.measure.item, one.measure.second_item) if key is not None]
        if index is not None:
            keys += [(index.instrument, name) for name in index.items]
        state, problems = CopyState.NEW, self._problems(one, index, keys)
        same = self.there.get(one.code)
        if same is not None and not problems and _alike(same, one):
            state = CopyState.SAME
        elif same is not None:
            state, problems = CopyState.CLASH, [_problem("copy_code_taken", one.code), *problems]
        elif problems:
            state = CopyState.CLASH
        scales = (self.theirs.items[key].scale for key in keys if key in self.theirs.items)
        return CopiedIndicator(
            definition=one,
            state=state,
            problems=tuple(problems),
            index=index.code if index else "",
            questions=tuple(keys),
            scales=tuple(dict.fromkeys(scale for scale in scales if scale)),
        )

    def _problems(
        self, one: IndicatorDefinition, index: IndexDefinition | None, keys: Iterable[Key]
    ) -> list[ProblemSpec]:
        keys = list(keys)
        wanted = dict.fromkeys(instrument for instrument, _name in keys)
        missing = [code for code in wanted if code not in self.questionnaires]
        if missing:
            return [_problem("copy_questionnaire_missing", code) for code in missing]
        differing = [name for key in keys if self._differs(key) for name in [key[1]]]
        if differing:
            return [_problem("copy_question_differs", name) for name in differing]
        problems = Problems("")
        catalogue = self._with_index(index, problems)
        if not problems.found:
            row = SheetRow("indicators", 1, indicator_row(one), problems)
            clean_indicator(row, catalogue, one.position)
        return problems.found

    def _differs(self, key: Key) -> bool:
        """Whether answers to this question mean other numbers here. A missing one is told later."""
        ours = self.ours.items.get(key)
        return ours is not None and _coding(self.ours, ours) != _coding(
            self.theirs, self.theirs.items[key]
        )

    def _with_index(self, index: IndexDefinition | None, problems: Problems) -> Catalogue:
        """What the indicator may refer to here, the index it brings along included."""
        if index is None:
            return self.ours
        same = self.ours.indices.get(index.code)
        if same is not None:
            if replace(same, position=0) != replace(index, position=0):
                problems.add("copy_index_differs", value=index.code)
            return self.ours
        sheet = Sheet("", "indices", INDICES, (SheetRow("indices", 1, index_row(index), problems),))
        limits = {
            one.code: one.limits for one in self.questionnaires.values() if not one.allows_index
        }
        read = read_indices(sheet, self.ours, self.questionnaires, limits)
        added = {one.code: one for one in read}
        return replace(self.ours, indices={**self.ours.indices, **added})


def _alike(first: IndicatorDefinition, second: IndicatorDefinition) -> bool:
    return replace(first, position=0) == replace(second, position=0)


def _coding(catalogue: Catalogue, item: ItemDefinition) -> object:
    """What gives the stored numbers of a question their meaning; wording may differ."""
    options = catalogue.scale_of(item).options
    return item.kind, {(one.name, one.code, one.is_substantive) for one in options}


def _problem(kind: str, value: str) -> ProblemSpec:
    problems = Problems("")
    problems.add(kind, value=value)
    return problems.found[0]
