"""Everything one calculation takes, and the fingerprint that names it."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import numpy as np

from indicators.models import Instrument, Project, Target, WaveInstrument
from indicators.pipeline.inputs import AnswerSet, CalculationInputs, Rules, TargetSpec
from indicators.queries.answer_sets import checklist_answers, selections, survey_answers
from indicators.queries.facts import wave_facts
from indicators.queries.open_answers import open_questions
from indicators.queries.specs import definitions, school_specs, stratum_specs, wave_specs
from indicators.vocabulary import Direction, TargetType


def project_rules(project: Project) -> Rules:
    return Rules(
        alpha=project.alpha,
        margin_sd=project.margin_sd,
        margin_share=project.margin_share,
        margin_nps=project.margin_nps,
        on_track_share=project.on_track_share,
        target_confidence=project.target_confidence,
        class_correlation=project.class_correlation,
        min_group_verdict=project.min_group_verdict,
        reference_date=project.reference_date,
    )


def calculation_inputs(project: Project) -> tuple[CalculationInputs, dict[str, Any]]:
    """The inputs of a calculation and what names them (hashes of data, definitions, targets)."""
    schools = school_specs(project)
    found = definitions(project)
    ways = selections(project)
    survey, dataset_names = survey_answers(project, ways)
    checklists, checklist_names = checklist_answers(project, ways)
    inputs = CalculationInputs(
        waves=wave_specs(project),
        schools=schools,
        measures=found.measures,
        gaps=found.gaps,
        facts=found.facts,
        wave_facts=wave_facts(project, schools),
        answers=(*survey, *checklists),
        targets=target_specs(project),
        group_gaps=found.group_gaps,
        rules=project_rules(project),
        class_items=found.class_items,
        with_classes=found.with_classes,
        headline=found.headline,
        questionnaires=found.questionnaires,
        strata=stratum_specs(project),
        invited=invited(project),
        questions=found.questions,
        open_questions=open_questions(project),
    )
    names = _names(inputs, dataset_names, checklist_names, found.links)
    names["respondents"] = _respondents(project, inputs.answers)
    return inputs, names


def _names(
    inputs: CalculationInputs,
    datasets: list[dict[str, Any]],
    checklists: list[dict[str, Any]],
    links: tuple[tuple[str, str, str], ...],
) -> dict[str, Any]:
    return {
        "datasets": datasets,
        "checklists": fingerprint(checklists),
        "n_checklists": len(checklists),
        "schools": fingerprint([inputs.schools, inputs.strata]),
        "waves": fingerprint([inputs.waves, sorted(inputs.invited.items())]),
        "definitions": fingerprint(
            [
                *(inputs.measures, inputs.gaps, inputs.group_gaps, inputs.facts),
                *(inputs.headline, inputs.questionnaires),
                *(inputs.class_items, inputs.with_classes, inputs.questions),
                *([links] if links else []),
            ]
        ),
        "facts": fingerprint(inputs.wave_facts),
        "targets": fingerprint(inputs.targets),
        "rules": json.loads(canonical(inputs.rules)),
        # Only where there are any, so that calculations from before keep their name.
        **({"codings": fingerprint(inputs.open_questions)} if inputs.open_questions else {}),
    }


def _respondents(
    project: Project, answers: Sequence[AnswerSet]
) -> dict[str, dict[str, dict[str, int]]]:
    """Answer sheets used: by wave, kind of respondent and school."""
    kinds = dict(Instrument.objects.filter(project=project).values_list("code", "respondent"))
    counted: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for one in answers:
        schools = counted[one.wave][kinds[one.instrument]]
        numbers = np.bincount(one.school_index, minlength=len(one.school_codes))
        for code, n in zip(one.school_codes, numbers, strict=True):
            schools[code] = schools.get(code, 0) + int(n)
    return counted


def canonical(value: Any) -> str:
    """One JSON text for equal values, whatever the order of sets and mappings."""

    def plain(obj: Any) -> Any:
        if is_dataclass(obj) and not isinstance(obj, type):
            return {name: getattr(obj, name) for name in _names_of(type(obj))}
        if isinstance(obj, set | frozenset):
            return sorted(obj)
        if isinstance(obj, Mapping):
            return dict(obj)
        return str(obj)

    return json.dumps(value, default=plain, sort_keys=True, ensure_ascii=False)


@cache
def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def fingerprint(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def invited(project: Project) -> dict[tuple[str, str], int]:
    """People asked, by questionnaire and wave, where somebody counted them."""
    rows = WaveInstrument.objects.filter(wave__project=project, n_invited__isnull=False)
    found: dict[tuple[str, str], int] = defaultdict(int)
    for instrument, wave, n in rows.values_list(
        "version__instrument__code", "wave__code", "n_invited"
    ):
        found[instrument, wave] += n or 0
    return dict(found)


def target_specs(project: Project, measure: str | None = None) -> tuple[TargetSpec, ...]:
    """All targets, or those of the indicators that show one measure."""
    rows = Target.objects.filter(indicator__project=project)
    if measure is not None:
        rows = rows.filter(indicator__measure__code=measure)
    columns = rows.order_by("pk").values_list(
        *("pk", "indicator__measure__code", "wave__code", "type", "low", "high"),
        *("school__code", "indicator__direction"),
    )
    return tuple(
        TargetSpec(
            key=pk,
            measure=code,
            wave=wave,
            type=TargetType(kind),
            low=low,
            high=high,
            school=school or "",
            is_held=direction == Direction.MAINTAIN,
        )
        for pk, code, wave, kind, low, high, school, direction in columns
    )
