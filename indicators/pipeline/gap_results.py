"""The gaps of a calculation: those that are indicators, and those between groups of a measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indicators.pipeline import gap as gaps
from indicators.pipeline.change_rows import not_comparable
from indicators.pipeline.gap_group import GroupGaps
from indicators.pipeline.inputs import CalculationInputs
from indicators.pipeline.outcomes import Results
from indicators.pipeline.register import register_of
from indicators.pipeline.sampling import line_strata, refusal
from indicators.pipeline.shapes import GapSpec, MeasureSpec
from indicators.pipeline.tally import Tallied
from indicators.vocabulary import Reason, Selection


def add_measure_gap(
    spec: GapSpec, inputs: CalculationInputs, tallied: Tallied, results: Results
) -> None:
    """The gap of two measures, or of two groups, in every wave, and its change since the first."""
    for wave in inputs.waves:
        cells = _gap_cells(spec, wave.code, [wave.code], inputs, tallied)
        if cells is not None:
            results.estimates.append(gaps.gap_estimate(spec, wave.code, cells))
    baseline, *later = sorted(inputs.waves, key=lambda wave: wave.order)
    for wave in later:
        pair = (baseline.code, wave.code)
        before = _gap_cells(spec, baseline.code, pair, inputs, tallied)
        after = _gap_cells(spec, wave.code, pair, inputs, tallied)
        if before is not None and after is not None:
            row = gaps.gap_change(spec, pair, before, after, inputs.rules)
            is_reworded = _is_reworded(spec, inputs)
            results.changes.append(not_comparable(row) if is_reworded else row)


def _is_reworded(spec: GapSpec, inputs: CalculationInputs) -> bool:
    """Whether a side of the gap was not asked in the same words in all waves."""
    sides = {spec.first, spec.second}
    return any(m.common_items != m.items for m in inputs.measures if m.code in sides)


def _gap_cells(
    spec: GapSpec,
    wave: str,
    waves: Sequence[str],
    inputs: CalculationInputs,
    tallied: Tallied,
) -> gaps.GapCells | None:
    """The gap of one wave on the lines of schools of `waves`."""
    lineages = _lineages(spec, waves, inputs, tallied)
    first = tallied.totals.get((spec.first, wave))
    second = tallied.totals.get((spec.second, wave))
    if first is None or second is None:
        return None
    by_code = {measure.code: measure for measure in inputs.measures}
    sides = (by_code[spec.first], by_code[spec.second])
    reasons = {refusal(m.respondent, tallied.selections[m.instrument, wave]) for m in sides}
    heaviest = next((r for r in (Reason.SELF_SELECTED, Reason.CENSUS) if r in reasons), None)
    cells = gaps.gap_cells(spec, first, second, inputs.schools, lineages, heaviest)
    if not any(tallied.selections[m.instrument, wave] is Selection.SAMPLE for m in sides):
        return cells
    lines = [_lineages(spec, [one], inputs, tallied) for one in waves]
    return replace(cells, strata=line_strata(lineages, inputs.schools, inputs.strata, lines))


def _lineages(
    spec: GapSpec, waves: Sequence[str], inputs: CalculationInputs, tallied: Tallied
) -> tuple[str, ...]:
    found = [
        tallied.totals.get((code, wave)) for wave in waves for code in (spec.first, spec.second)
    ]
    return register_of(inputs.schools).lines(*(one.school_codes for one in found if one))


def add_group_gaps(
    spec: MeasureSpec, inputs: CalculationInputs, tallied: Tallied, results: Results
) -> None:
    """The gaps between groups of a measure that `inputs.group_gaps` asks for."""
    specs = [gap for gap in inputs.group_gaps if gap.first == spec.code]
    ordered = sorted(inputs.waves, key=lambda wave: wave.order)
    totals = {
        wave.code: tallied.totals[spec.code, wave.code]
        for wave in ordered
        if (spec.code, wave.code) in tallied.totals
    }
    if not specs or not totals:
        return
    selections = {wave: tallied.selections[spec.instrument, wave] for wave in totals}
    is_from_baseline = next(iter(totals)) == ordered[0].code
    results.gaps.extend(
        GroupGaps(
            totals,
            inputs.schools,
            {wave: refusal(spec.respondent, one) for wave, one in selections.items()},
            is_comparable=is_from_baseline and spec.common_items == spec.items,
            is_sample=Selection.SAMPLE in selections.values(),
            strata=inputs.strata,
        ).rows(specs)
    )
