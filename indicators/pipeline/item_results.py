"""What the calculation says of the questions themselves, added to its other results."""

from __future__ import annotations

from indicators.pipeline.clusters import with_clusters
from indicators.pipeline.distribution import distribution_row, judge_distributions, with_ranks
from indicators.pipeline.inputs import CalculationInputs
from indicators.pipeline.outcomes import DistributionRow, ReliabilityRow, Results
from indicators.pipeline.reliability import reliability_rows
from indicators.pipeline.sampling import refusal
from indicators.pipeline.shapes import MeasureSpec
from indicators.pipeline.tally import Tallied
from indicators.vocabulary import Reason, Selection


def add_item_results(inputs: CalculationInputs, tallied: Tallied, results: Results) -> None:
    """Reliability of indices, tests of distributions, likeness within schools.

    Comes before the words are given, for the rank test decides some of them.
    """
    waves = [wave.code for wave in sorted(inputs.waves, key=lambda wave: wave.order)]
    tests: list[DistributionRow] = []
    for spec in inputs.measures:
        results.reliabilities.extend(_reliabilities(spec, waves, tallied))
        tests.extend(_distributions(spec, waves, inputs, tallied))
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
