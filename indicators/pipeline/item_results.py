"""What the calculation says of the questions themselves, added to its other results."""

from __future__ import annotations

from indicators.pipeline.answer_results import item_rows
from indicators.pipeline.clusters import with_clusters
from indicators.pipeline.components import component_rows
from indicators.pipeline.distribution import distribution_row, judge_distributions, with_ranks
from indicators.pipeline.inputs import CalculationInputs
from indicators.pipeline.outcomes import ComponentRow, DistributionRow, ReliabilityRow, Results
from indicators.pipeline.reliability import reliability_rows
from indicators.pipeline.sampling import refusal
from indicators.pipeline.shapes import MeasureSpec
from indicators.pipeline.tally import COMMON, Tallied
from indicators.vocabulary import Reason, Selection


def add_item_results(inputs: CalculationInputs, tallied: Tallied, results: Results) -> None:
    """Reliability, components of indices, distributions and their tests, likeness within schools.

    Comes before the words are given, for the rank test decides some of them.
    """
    waves = [wave.code for wave in sorted(inputs.waves, key=lambda wave: wave.order)]
    tests: list[DistributionRow] = []
    for spec in inputs.measures:
        results.reliabilities.extend(_reliabilities(spec, waves, tallied))
        results.components.extend(_components(spec, waves, inputs, tallied))
        tests.extend(_distributions(spec, waves, inputs, tallied))
    results.items = item_rows(inputs.questions, waves, tallied.questions)
    instruments = {spec.code: spec.instrument for spec in inputs.measures}
    results.distributions = judge_distributions(tests, instruments, inputs.rules.alpha)
    # Outside the register no word is given, so none is decided.
    judged = [row for row in results.distributions if row.measure in inputs.questionnaires]
    results.changes = with_ranks(results.changes, judged)
    results.estimates = with_clusters(results.estimates, tallied)


def _refusals(spec: MeasureSpec, waves: list[str], tallied: Tallied) -> dict[str, Reason | None]:
    """Why a wave of this questionnaire carries no inference, by wave with answers."""
    return {
        wave: refusal(spec.respondent, tallied.selections[spec.instrument, wave])
        for wave in waves
        if (spec.instrument, wave) in tallied.selections
    }


def _reliabilities(spec: MeasureSpec, waves: list[str], tallied: Tallied) -> list[ReliabilityRow]:
    rows = {
        wave: tallied.items.rows[spec.code, wave]
        for wave in waves
        if (spec.code, wave) in tallied.items.rows
    }
    return reliability_rows(spec, waves, rows, _refusals(spec, waves, tallied)) if rows else []


def _components(
    spec: MeasureSpec, waves: list[str], inputs: CalculationInputs, tallied: Tallied
) -> list[ComponentRow]:
    """On the items the change rests on; none is compared where none is worded alike."""
    compared = waves if spec.common_items else waves[:1]
    is_common = bool(spec.common_items) and spec.common_items != spec.items
    code = spec.code + COMMON if is_common else spec.code
    cells = {
        wave: tallied.components[code, wave]
        for wave in compared
        if (code, wave) in tallied.components
    }
    whole = tallied.components.get((spec.code, waves[0]))
    return component_rows(spec, waves[0], cells, inputs.schools, all_items=whole)


def _is_sample(spec: MeasureSpec, wave: str, tallied: Tallied) -> bool:
    return tallied.selections[spec.instrument, wave] is Selection.SAMPLE


def _distributions(
    spec: MeasureSpec, waves: list[str], inputs: CalculationInputs, tallied: Tallied
) -> list[DistributionRow]:
    """Every later wave against the first."""
    counts = tallied.items.counts
    first = counts.get((spec.code, waves[0]))
    if first is None:
        return []
    refusals = _refusals(spec, waves, tallied)
    return [
        distribution_row(
            spec,
            (waves[0], wave),
            first,
            counts[spec.code, wave],
            inputs.schools,
            refusals[waves[0]] or refusals[wave],
            strata=inputs.strata if _is_sample(spec, wave, tallied) else None,
        )
        for wave in waves[1:]
        if (spec.code, wave) in counts
    ]
