"""One comparison that an officer asked for, by the functions of the calculation itself.

Two groups of a measure, or one question of two questionnaires. Whoever looks at comparisons until
one is large finds one by chance, so a comparison has numbers and ranges and no word: its change
carries the reason EXPLORATORY, unless something else forbids the range as well.
"""

from __future__ import annotations

from dataclasses import replace

from indicators.pipeline.families import judge_gaps
from indicators.pipeline.gap_results import add_group_gaps, add_measure_gap
from indicators.pipeline.inputs import CalculationInputs
from indicators.pipeline.outcomes import ChangeRow, EstimateRow, GapRow, Results
from indicators.pipeline.register import register_of
from indicators.pipeline.shapes import GapSpec
from indicators.pipeline.tally import tally_all


def compare(spec: GapSpec, inputs: CalculationInputs) -> list[GapRow]:
    """The gap of `spec` in every wave with answers, baseline first, and its change since.

    `inputs` of the whole project; only the answers to the two sides are read. Values in the unit of
    the measure, first side minus second; None where a side has no answers. Raises ValueError for a
    measure that is not among the measures of `inputs`.
    """
    wanted = {spec.first, spec.second}
    sides = tuple(one for one in inputs.measures if one.code in wanted)
    if len(sides) != len(wanted):
        raise ValueError(f"expected the measures {sorted(wanted)}, found {len(sides)} of them")
    asked = {side.instrument for side in sides}
    inputs = replace(
        inputs,
        schools=register_of(inputs.schools),
        measures=sides,
        group_gaps=(spec,) if spec.group_by else (),
        answers=tuple(one for one in inputs.answers if one.instrument in asked),
        class_items={},
    )
    tallied, results = tally_all(inputs), Results()
    if spec.group_by:
        add_group_gaps(sides[0], inputs, tallied, results)
        rows = results.gaps
    else:
        add_measure_gap(spec, inputs, tallied, results)
        changes = {row.wave_to: row for row in results.changes}
        order = {wave.code: wave.order for wave in inputs.waves}
        levels = sorted(results.estimates, key=lambda row: order[row.wave])
        rows = [_row(spec, level, changes.get(level.wave)) for level in levels]
    return judge_gaps(rows, questionnaires={}, rules=inputs.rules)


def _row(spec: GapSpec, level: EstimateRow, change: ChangeRow | None) -> GapRow:
    """A gap of two measures in the shape of a gap between groups."""
    sides = level.counts or {}
    row = GapRow(
        measure=spec.first,
        wave=level.wave,
        group_by="",
        first_group="",
        second_group="",
        value=level.value,
        se=level.se,
        df=level.df,
        p=None,
        ci_low=level.ci_low,
        ci_high=level.ci_high,
        n_first=int(sides.get("first", 0)),
        n_second=int(sides.get("second", 0)),
        n_schools=level.n_schools,
        reason=level.reason,
    )
    if change is None:
        return row
    return replace(
        row,
        wave_from=change.wave_from,
        baseline=change.baseline,
        endline=change.endline,
        change=change.difference,
        change_se=change.se,
        change_df=change.df,
        change_p=change.p,
        change_low=change.ci_low,
        change_high=change.ci_high,
        change_reason=change.reason,
    )
