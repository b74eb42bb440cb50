"""The effect of another definition: the same data, counted by the old and by the new one. Pure.

Only what the named measures need is read, so that an answer takes less than a calculation; the
steps are those of the calculation.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from indicators.pipeline.calculate import calculate
from indicators.pipeline.families import judge_families
from indicators.pipeline.inputs import CalculationInputs
from indicators.pipeline.outcomes import ChangeRow, ReliabilityRow, Results
from indicators.pipeline.shapes import MeasureSpec
from indicators.pipeline.tally import Progress, tally_all
from indicators.stats.reliability import reliability
from indicators.vocabulary import MeasureKind, Reason, Scope, Status, Verdict


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
class ChangeEffect:
    """The project's change up to one wave. `verdict` is None where it was not worked out."""

    wave: str
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    verdict: Verdict | None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class IndexEffect:
    """How the items of an index hang together in one wave.

    `without[item]`: alpha of the other items; None for two items, where one would be left, and
    where `reason` says why there is no coefficient. `n_too_few`, `n_complete`: answer sheets.
    """

    coefficient: float | None
    reason: Reason | None
    n_too_few: int
    n_complete: int
    without: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one target stands."""

    status: Status
    value: float | None


@dataclass(frozen=True, slots=True)
class WordMove:
    """The word for another measure's change, which moves because both are judged together."""

    measure: str
    wave: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Side:
    """One definition, counted. Assessments by the key of their target."""

    levels: Mapping[str, LevelEffect] = field(default_factory=dict)  # by wave
    changes: Mapping[str, ChangeEffect] = field(default_factory=dict)  # by the later wave
    indices: Mapping[str, IndexEffect] = field(default_factory=dict)  # by wave
    assessments: Mapping[int, Stand] = field(default_factory=dict)
    words: tuple[WordMove, ...] = ()

    def status(self, target: int) -> Status | None:
        found = self.assessments.get(target)
        return found.status if found else None


def count_measure(
    inputs: CalculationInputs,
    measure: str,
    others: Sequence[ChangeRow] | None = None,
    progress: Progress = lambda *_: None,
) -> Side:
    """Levels, changes, reliability and targets of one measure by the definitions in `inputs`.

    Numbers are those of the calculation (method sections 5 and 16); alpha without an item is alpha
    of the others on the same complete rows. `others`: the project's changes of all other measures,
    which this one is judged together with; without them no word is given. A measure that the
    inputs do not hold gives an empty side.
    """
    part = only(inputs, {measure})
    results = calculate(part, progress)
    mine = [row for row in results.changes if row.measure == measure and row.scope is Scope.PROJECT]
    words: tuple[WordMove, ...] = ()
    if others is not None:
        mine, words = judged_together(mine, others, inputs)
    return Side(
        levels={
            row.wave: LevelEffect(row.wave, row.n, row.value, row.sd, row.numerator, row.reason)
            for row in results.estimates
            if row.measure == measure and row.scope is Scope.PROJECT
        },
        changes={row.wave_to: _change(row, has_words=others is not None) for row in mine},
        indices=_indices(part, measure, results),
        assessments={row.target: Stand(row.status, row.value) for row in results.assessments},
        words=words,
    )


def only(inputs: CalculationInputs, measures: Collection[str]) -> CalculationInputs:
    """The inputs without what these measures do not need. A gap needs its two sides.

    Schools one by one are worked out where a target stands in one; groups are for gaps alone.
    """
    gaps = tuple(gap for gap in inputs.gaps if gap.code in measures)
    sides = {side for gap in gaps for side in (gap.first, gap.second)}
    targets = tuple(one for one in inputs.targets if one.measure in measures)
    in_schools = {one.measure for one in targets if one.school}
    specs = tuple(
        replace(
            spec,
            groups=spec.groups if spec.code in sides else (),
            keeps_schools=spec.keeps_schools and spec.code in in_schools,
        )
        for spec in inputs.measures
        if spec.code in measures or spec.code in sides
    )
    instruments = {spec.instrument for spec in specs}
    return replace(
        inputs,
        measures=specs,
        gaps=gaps,
        group_gaps=(),
        facts=tuple(fact for fact in inputs.facts if fact.code in measures),
        answers=tuple(one for one in inputs.answers if one.instrument in instruments),
        targets=targets,
        questions=(),
        open_questions=(),
    )


def is_same(one: CalculationInputs, other: CalculationInputs) -> bool:
    """Whether two definitions of a measure count the same, whatever they are called."""
    names = ("measures", "gaps", "facts", "targets", "headline", "questionnaires")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def judged_together(
    mine: Sequence[ChangeRow], others: Sequence[ChangeRow], inputs: CalculationInputs
) -> tuple[list[ChangeRow], tuple[WordMove, ...]]:
    """My changes with the words they get among the others, and whose words move by that."""
    codes = {row.measure for row in mine}
    rest = [row for row in others if row.measure not in codes]
    rows = judge_families(
        [*mine, *rest],
        headline=inputs.headline,
        questionnaires=inputs.questionnaires,
        rules=inputs.rules,
    )
    moved = tuple(
        WordMove(old.measure, old.wave_to, old.verdict, new.verdict)
        for old, new in zip(rest, rows[len(mine) :], strict=True)
        if old.verdict != new.verdict
    )
    return rows[: len(mine)], moved


def _change(row: ChangeRow, *, has_words: bool) -> ChangeEffect:
    return ChangeEffect(
        row.wave_to,
        row.difference,
        row.ci_low,
        row.ci_high,
        row.verdict if has_words or row.p is None else None,
        row.reason,
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
        found[wave] = _index(row, without)
    return found


def _index(row: ReliabilityRow, without: Mapping[str, float | None]) -> IndexEffect:
    return IndexEffect(row.coefficient, row.reason, row.n_too_few, row.n_complete, without)


def _plain(spec: MeasureSpec) -> MeasureSpec:
    """The items alone: no groups and no schools."""
    return replace(spec, groups=(), mix=(), keeps_schools=False)
