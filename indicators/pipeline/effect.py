"""The effect of another definition: the same data, counted by the old and by the new one. Pure.

Only what the named measures need is read, so that an answer takes less than a calculation; the
steps are those of the calculation.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from indicators.pipeline.calculate import calculate
from indicators.pipeline.inputs import CalculationInputs
from indicators.pipeline.outcomes import AssessmentRow, ReliabilityRow, Results
from indicators.pipeline.shapes import MeasureSpec
from indicators.pipeline.tally import tally_all
from indicators.stats.reliability import reliability
from indicators.vocabulary import MeasureKind, Reason, Scope, Status


@dataclass(frozen=True, slots=True)
class LevelEffect:
    """The project's level of a measure in one wave."""

    wave: str
    n: int
    value: float | None
    sd: float | None
    numerator: float | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class IndexEffect:
    """How the items of an index hang together in one wave.

    `without[item]`: alpha of the other items; None for two items, where one would be left, and
    where `row.reason` says why there is no coefficient.
    """

    row: ReliabilityRow
    without: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Side:
    """One definition, counted. Assessments by the key of their target."""

    levels: Mapping[str, LevelEffect] = field(default_factory=dict)  # by wave
    indices: Mapping[str, IndexEffect] = field(default_factory=dict)  # by wave
    assessments: Mapping[int, AssessmentRow] = field(default_factory=dict)

    def status(self, target: int) -> Status | None:
        found = self.assessments.get(target)
        return found.status if found else None


def count_measure(inputs: CalculationInputs, measure: str) -> Side:
    """Levels, reliability and targets of one measure by the definitions in `inputs`.

    Means, SDs and alphas are those of the calculation (method sections 5 and 16); alpha without an
    item is alpha of the others on the same complete rows. Words that are adjusted over several
    indicators are not worked out here. A measure that the inputs do not hold gives an empty side.
    """
    part = only(inputs, {measure})
    results = calculate(part)
    return Side(
        levels={
            row.wave: LevelEffect(row.wave, row.n, row.value, row.sd, row.numerator, row.reason)
            for row in results.estimates
            if row.measure == measure and row.scope is Scope.PROJECT
        },
        indices=_indices(part, measure, results),
        assessments={row.target: row for row in results.assessments},
    )


def only(inputs: CalculationInputs, measures: Collection[str]) -> CalculationInputs:
    """The inputs without what these measures do not need. A gap needs its two sides."""
    gaps = tuple(gap for gap in inputs.gaps if gap.code in measures)
    needed = {*measures, *(side for gap in gaps for side in (gap.first, gap.second))}
    specs = tuple(spec for spec in inputs.measures if spec.code in needed)
    instruments = {spec.instrument for spec in specs}
    return replace(
        inputs,
        measures=specs,
        gaps=gaps,
        group_gaps=(),
        facts=tuple(fact for fact in inputs.facts if fact.code in measures),
        answers=tuple(one for one in inputs.answers if one.instrument in instruments),
        targets=tuple(one for one in inputs.targets if one.measure in measures),
    )


def _indices(inputs: CalculationInputs, measure: str, results: Results) -> dict[str, IndexEffect]:
    rows = {row.wave: row for row in results.reliabilities if row.measure == measure}
    spec = next((one for one in inputs.measures if one.code == measure), None)
    if spec is None or spec.kind is not MeasureKind.INDEX_MEAN or not rows:
        return {}
    tallied = tally_all(replace(inputs, measures=(_plain(spec),)))
    found = {}
    for wave, row in rows.items():
        sheets = tallied.items.rows[measure, wave]
        names = [name for name, is_asked in zip(spec.items, sheets.asked, strict=True) if is_asked]
        dropped = None if row.reason else reliability(sheets.complete_rows).alpha_dropped
        values = [math.nan] * len(names) if dropped is None else [float(one) for one in dropped]
        without = {
            name: None if math.isnan(one) else one for name, one in zip(names, values, strict=True)
        }
        found[wave] = IndexEffect(row, without)
    return found


def _plain(spec: MeasureSpec) -> MeasureSpec:
    """The items alone: no groups and no schools."""
    return replace(spec, groups=(), mix=(), keeps_schools=False)
