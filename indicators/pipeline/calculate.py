"""The whole way in one place: answers and facts in, rows of results out. Pure.

Answers are read once, dataset by dataset, into totals; everything after the pass is computed from
totals, so its cost grows with schools x measures and not with respondents.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from indicators.pipeline.assess import Evidence, assess
from indicators.pipeline.change import group_changes, project_change, uses_common_items
from indicators.pipeline.change_parts import with_parts
from indicators.pipeline.change_school import school_changes
from indicators.pipeline.check_results import check_results
from indicators.pipeline.clusters import class_rules, with_class_correlation
from indicators.pipeline.estimate import Classes, estimates
from indicators.pipeline.facts import fact_changes, fact_estimates
from indicators.pipeline.families import judge_families, judge_gaps
from indicators.pipeline.gap_results import add_group_gaps, add_measure_gap
from indicators.pipeline.inputs import CalculationInputs, FactSpec, WaveFacts
from indicators.pipeline.item_results import add_item_results
from indicators.pipeline.open_coding import open_results
from indicators.pipeline.outcomes import Results
from indicators.pipeline.pair import Pair, pair_waves
from indicators.pipeline.register import register_of
from indicators.pipeline.response import has_low_response, is_below_half
from indicators.pipeline.shapes import FloatArray, MeasureSpec, WaveSpec
from indicators.pipeline.tally import COMMON, Progress, Tallied, tally_all
from indicators.pipeline.tally_items import MAX_CLASSES
from indicators.stats.school import class_deff
from indicators.vocabulary import SHARE_MEASURES, Flag, Scope, Selection, Verdict

NO_CLASSES: tuple[tuple[str, ...], FloatArray] = ((), np.zeros((0, MAX_CLASSES)))


def calculate(inputs: CalculationInputs, progress: Progress = lambda *_: None) -> Results:
    """All results of a project. `progress(step, done, total)` is called as the work goes on."""
    results = Results()
    if not inputs.waves:
        return results
    inputs = replace(inputs, schools=register_of(inputs.schools))
    tallied = tally_all(inputs, progress)
    steps = len(inputs.measures)
    for done, spec in enumerate(inputs.measures):
        progress("estimate", done, steps)
        _survey_measure(spec, inputs, tallied, results)
    for gap_spec in inputs.gaps:
        add_measure_gap(gap_spec, inputs, tallied, results)
    for spec in inputs.measures:
        add_group_gaps(spec, inputs, tallied, results)
    for fact in inputs.facts:
        _fact_measure(fact, inputs, results)
    add_item_results(inputs, tallied, results)
    results.open_questions, results.theme_shares = open_results(inputs.open_questions)
    results.changes = judge_families(
        results.changes,
        headline=inputs.headline,
        questionnaires=inputs.questionnaires,
        rules=inputs.rules,
    )
    results.gaps = judge_gaps(
        results.gaps, questionnaires=inputs.questionnaires, rules=inputs.rules
    )
    progress("assess", steps, steps)
    evidence = _evidence(inputs, results, tallied)
    results.assessments = [assess(target, evidence, inputs.rules) for target in inputs.targets]
    check_results(inputs, results)
    return results


def _baseline_and_later(inputs: CalculationInputs) -> tuple[WaveSpec, list[WaveSpec]]:
    ordered = sorted(inputs.waves, key=lambda wave: wave.order)
    return ordered[0], ordered[1:]


def _survey_measure(
    spec: MeasureSpec, inputs: CalculationInputs, tallied: Tallied, results: Results
) -> None:
    for wave in inputs.waves:
        totals = tallied.totals.get((spec.code, wave.code))
        if totals is not None:
            selection = tallied.selections[spec.instrument, wave.code]
            results.estimates.extend(
                estimates(
                    *(spec, wave.code, totals, selection, inputs.schools, inputs.strata),
                    classes=_classes(spec, wave.code, totals.school_codes, inputs, tallied),
                )
            )
    baseline, later = _baseline_and_later(inputs)
    for wave in later:
        _survey_change(spec, baseline.code, wave.code, inputs, tallied, results)


def _classes(
    spec: MeasureSpec,
    wave: str,
    codes: tuple[str, ...],
    inputs: CalculationInputs,
    tallied: Tallied,
) -> Classes | None:
    """How classes widen the ranges of single schools; None where nobody sits in classes."""
    if spec.instrument not in inputs.class_items or not spec.keeps_schools:
        return None
    named, sizes = tallied.class_sizes.get((spec.instrument, wave), NO_CLASSES)
    place = {code: i for i, code in enumerate(named)}
    mine = np.zeros((len(codes), sizes.shape[1]))
    for row, code in enumerate(codes):
        if code in place:
            mine[row] = sizes[place[code]]
    rules, _ = class_rules(spec, [one.code for one in inputs.waves], inputs, tallied)
    return Classes(class_deff(mine, rules.class_correlation), rules.class_correlation)


def _survey_change(
    spec: MeasureSpec,
    wave_from: str,
    wave_to: str,
    inputs: CalculationInputs,
    tallied: Tallied,
    results: Results,
) -> None:
    code = spec.code + COMMON if uses_common_items(spec) else spec.code
    before = tallied.totals.get((code, wave_from))
    after = tallied.totals.get((code, wave_to))
    if before is None or after is None:
        return
    pair = pair_waves(wave_from, wave_to, before, after, inputs.schools, spec.groups)
    selection = _of_both(spec, pair, tallied)
    row = project_change(
        spec, pair, selection, inputs.rules, schools=inputs.schools, strata=inputs.strata
    )
    counts = tallied.totals[spec.code, wave_from].counts
    row = with_parts(row, spec, pair, counts)
    if has_low_response(spec.instrument, (wave_from, wave_to), inputs, tallied):
        row = replace(row, flags=(*row.flags, Flag.LOW_RESPONSE))
    rules, n_class_schools = class_rules(spec, (wave_from, wave_to), inputs, tallied)
    class_sizes = _class_sizes(spec, pair, inputs, tallied)
    if spec.keeps_schools and class_sizes is not None:
        row = with_class_correlation(row, rules, n_class_schools)
    results.changes.append(row)
    results.changes.extend(group_changes(spec, pair, selection, inputs.rules))
    if spec.keeps_schools:
        results.changes.extend(
            school_changes(
                spec,
                pair,
                selection,
                rules,
                class_sizes=class_sizes,
                margin=row.margin,
            )
        )


def _of_both(spec: MeasureSpec, pair: Pair, tallied: Tallied) -> Selection:
    """How both waves were sampled: self-selected once is self-selected."""
    first = tallied.selections[spec.instrument, pair.wave_from]
    is_open = first is Selection.SELF_SELECTED
    return first if is_open else tallied.selections[spec.instrument, pair.wave_to]


def _class_sizes(
    spec: MeasureSpec, pair: Pair, inputs: CalculationInputs, tallied: Tallied
) -> FloatArray | None:
    """Answers per class of each line of schools, both waves side by side."""
    if spec.instrument not in inputs.class_items:
        return None
    position = {lineage: i for i, lineage in enumerate(pair.lineages)}
    parts = []
    for wave in (pair.wave_from, pair.wave_to):
        codes, sizes = tallied.class_sizes.get((spec.instrument, wave), NO_CLASSES)
        part = np.zeros((len(pair.lineages), sizes.shape[1]))
        for code, row in zip(codes, sizes, strict=True):
            part[position[inputs.schools[code].lineage]] += row
        parts.append(part)
    return np.hstack(parts)


def _fact_measure(spec: FactSpec, inputs: CalculationInputs, results: Results) -> None:
    baseline, later = _baseline_and_later(inputs)
    rows = {
        wave.code: list(
            fact_estimates(
                spec,
                wave.code,
                inputs.wave_facts.get(wave.code, WaveFacts()),
                is_baseline=wave.code == baseline.code,
            )
        )
        for wave in inputs.waves
    }
    for wave_rows in rows.values():
        results.estimates.extend(wave_rows)
    for wave in later:
        pair = (baseline.code, wave.code)
        results.changes.extend(
            fact_changes(spec, pair, rows[baseline.code], rows[wave.code], inputs.schools)
        )


def _evidence(inputs: CalculationInputs, results: Results, tallied: Tallied) -> Evidence:
    """Levels and changes by place; an old school's target finds the school that continues it."""
    by_line: dict[str, list[str]] = {}
    for school in inputs.schools.values():
        by_line.setdefault(school.lineage, []).append(school.code)

    def places(code: str) -> list[str]:
        return by_line[inputs.schools[code].lineage] if code else [""]

    baseline, _ = _baseline_and_later(inputs)
    levels = {
        (row.measure, row.wave, place): row
        for row in results.estimates
        if row.scope is not Scope.GROUP
        for place in places(row.school)
    }
    changes = {
        (row.measure, row.wave_to, place): row
        for row in results.changes
        if row.scope is not Scope.GROUP
        for place in places(row.school)
    }
    return Evidence(
        levels=levels,
        changes=changes,
        waves={wave.code: wave for wave in inputs.waves},
        baseline=baseline.code,
        share_measures=frozenset(
            spec.code for spec in inputs.measures if spec.kind in SHARE_MEASURES
        ),
        unheard=frozenset(
            (spec.code, wave.code)
            for spec in inputs.measures
            for wave in inputs.waves
            if is_below_half(spec.instrument, wave.code, inputs, tallied)
        ),
        reworded=frozenset(
            row.measure for row in results.changes if row.verdict is Verdict.NOT_COMPARABLE
        ),
    )
