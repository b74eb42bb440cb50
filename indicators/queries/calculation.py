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

from indicators.models import (
    Checklist,
    Dataset,
    Exclusion,
    Instrument,
    Project,
    Target,
    WaveInstrument,
)
from indicators.pipeline.inputs import (
    AnswerSet,
    CalculationInputs,
    Rules,
    TargetSpec,
)
from indicators.pipeline.shapes import MISSING, IntArray
from indicators.queries.answers import answers_of, texts_of, weight_of
from indicators.queries.counted_checklists import counted_checklists
from indicators.queries.facts import wave_facts
from indicators.queries.open_answers import open_questions
from indicators.queries.specs import definitions, school_specs, stratum_specs, wave_specs
from indicators.vocabulary import (
    Direction,
    ItemKind,
    Selection,
    TargetType,
    UploadState,
)


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
    selections = _selections(project)
    survey, dataset_names = _survey_answers(project, selections)
    checklists, checklist_names = _checklist_answers(project, selections)
    inputs = CalculationInputs(
        waves=wave_specs(project),
        schools=schools,
        measures=found.measures,
        gaps=found.gaps,
        facts=found.facts,
        wave_facts=wave_facts(project, schools),
        answers=(*survey, *checklists),
        targets=_targets(project),
        group_gaps=found.group_gaps,
        rules=project_rules(project),
        class_items=found.class_items,
        with_classes=found.with_classes,
        headline=found.headline,
        questionnaires=found.questionnaires,
        strata=stratum_specs(project),
        invited=_invited(project),
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


def _selections(project: Project) -> dict[tuple[int, int], Selection]:
    """(wave, version) -> how the respondents came in."""
    rows = WaveInstrument.objects.filter(wave__project=project)
    return {(row.wave_id, row.version_id): Selection(row.selection) for row in rows}


def _invited(project: Project) -> dict[tuple[str, str], int]:
    """People asked, by questionnaire and wave, where somebody counted them."""
    rows = WaveInstrument.objects.filter(wave__project=project, n_invited__isnull=False)
    found: dict[tuple[str, str], int] = defaultdict(int)
    for instrument, wave, n in rows.values_list(
        "version__instrument__code", "wave__code", "n_invited"
    ):
        found[instrument, wave] += n or 0
    return dict(found)


# --- answers --------------------------------------------------------------------------


def _survey_answers(
    project: Project, selections: Mapping[tuple[int, int], Selection]
) -> tuple[list[AnswerSet], list[dict[str, Any]]]:
    datasets = (
        Dataset.objects.filter(wave__project=project, upload__state=UploadState.ACCEPTED)
        .select_related("wave", "version__instrument", "upload")
        .order_by("wave__position", "version__instrument__position", "sha256")
    )
    excluded: dict[int, list[int]] = defaultdict(list)
    for row in Exclusion.objects.filter(dataset__in=datasets).order_by("row"):
        excluded[row.dataset_id].append(row.row)
    sets, names = [], []
    for dataset in datasets:
        selection = selections[dataset.wave_id, dataset.version_id]
        sets.append(_answer_set(dataset, selection, excluded[dataset.pk]))
        names.append(
            {
                "sha256": dataset.sha256,
                "file": dataset.upload.file_name,
                "file_sha256": dataset.upload.sha256,
                "wave": dataset.wave.code,
                "instrument": dataset.version.instrument.code,
                "version": dataset.version.version,
                "selection": selection,
                "n": dataset.n_used,
                "excluded": excluded[dataset.pk],
            }
        )
    return sets, names


def _answer_set(dataset: Dataset, selection: Selection, excluded: list[int]) -> AnswerSet:
    fixed = answers_of(dataset, ["_school", "_row"])
    keep = ~np.isin(fixed["_row"], excluded)
    weight = weight_of(dataset)
    # A school with every sheet left out did not take part: it is no cluster of the survey.
    present, school_index = np.unique(fixed["_school"][keep], return_inverse=True)

    def load(names: Sequence[str]) -> Mapping[str, IntArray]:
        return {name: codes[keep] for name, codes in answers_of(dataset, names).items()}

    def count_texts(names: Sequence[str]) -> Mapping[str, int]:
        found = texts_of(dataset, names)
        return {
            name: sum(bool(text.strip()) for text, kept in zip(texts, keep, strict=True) if kept)
            for name, texts in found.items()
        }

    return AnswerSet(
        wave=dataset.wave.code,
        instrument=dataset.version.instrument.code,
        selection=selection,
        school_codes=tuple(dataset.school_codes[place] for place in present),
        school_index=school_index,
        load=load,
        weight=None if weight is None else weight[keep],
        count_texts=count_texts,
    )


def _checklist_answers(
    project: Project, selections: Mapping[tuple[int, int], Selection]
) -> tuple[list[AnswerSet], list[dict[str, Any]]]:
    """Complete checklists that were sent, as one dataset per wave."""
    by_wave: dict[tuple[int, int], list[Checklist]] = defaultdict(list)
    for checklist in counted_checklists(project):
        by_wave[checklist.wave_id, checklist.version_id].append(checklist)
    sets = [_checklist_set(found, selections[key]) for key, found in by_wave.items()]
    names = [
        {"school": c.school.code, "wave": c.wave.code, "answers": c.answers}
        for found in by_wave.values()
        for c in found
    ]
    return sets, names


def _checklist_set(found: Sequence[Checklist], selection: Selection) -> AnswerSet:
    kinds = {row.item.name: row.item.kind for row in found[0].version.item_versions.all()}
    columns = {
        name: np.array([_code(c.answers.get(name)) for c in found], dtype=np.int64)
        for name, kind in kinds.items()
        if kind in (ItemKind.SCALE, ItemKind.NUMBER)
    }
    # A question that carries on another under a new name is found under both.
    for row in found[0].version.item_versions.all():
        if row.item.continues is not None and row.item.name in columns:
            columns[row.item.continues.name] = columns[row.item.name]

    def load(wanted: Sequence[str]) -> Mapping[str, IntArray]:
        return {name: columns[name] for name in wanted if name in columns}

    def count_texts(names: Sequence[str]) -> Mapping[str, int]:
        return {
            name: sum(bool(str(c.answers.get(name) or "").strip()) for c in found)
            for name in names
            if name in kinds
        }

    return AnswerSet(
        wave=found[0].wave.code,
        instrument=found[0].version.instrument.code,
        selection=selection,
        school_codes=tuple(c.school.code for c in found),
        school_index=np.arange(len(found), dtype=np.int64),
        load=load,
        count_texts=count_texts,
    )


def _code(answer: object) -> int:
    return answer if isinstance(answer, int) else MISSING


def _targets(project: Project) -> tuple[TargetSpec, ...]:
    rows = (
        Target.objects.filter(indicator__project=project)
        .select_related("indicator__measure", "school", "wave")
        .order_by("pk")
    )
    return tuple(
        TargetSpec(
            key=row.pk,
            measure=row.indicator.measure.code,
            wave=row.wave.code,
            type=TargetType(row.type),
            low=row.low,
            high=row.high,
            school=row.school.code if row.school is not None else "",
            is_held=row.indicator.direction == Direction.MAINTAIN,
        )
        for row in rows
    )
