"""The answers a calculation reads: accepted files and counted checklists, as sets of columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from indicators.models import Checklist, Dataset, Exclusion, Project, WaveInstrument
from indicators.pipeline.inputs import AnswerSet
from indicators.pipeline.shapes import MISSING, IntArray
from indicators.queries.answers import answers_of, texts_of, weight_of
from indicators.queries.counted_checklists import counted_checklists
from indicators.vocabulary import ItemKind, Selection, UploadState


def selections(project: Project) -> dict[tuple[int, int], Selection]:
    """(wave, version) -> how the respondents came in."""
    rows = WaveInstrument.objects.filter(wave__project=project)
    return {(row.wave_id, row.version_id): Selection(row.selection) for row in rows}


def survey_answers(
    project: Project,
    ways: Mapping[tuple[int, int], Selection],
    instruments: Collection[str] | None = None,
) -> tuple[list[AnswerSet], list[dict[str, Any]]]:
    """Accepted files, of all questionnaires or of those named; and what names their data."""
    datasets = (
        Dataset.objects.filter(wave__project=project, upload__state=UploadState.ACCEPTED)
        .select_related("wave", "version__instrument", "upload")
        .order_by("wave__position", "version__instrument__position", "sha256")
    )
    if instruments is not None:
        datasets = datasets.filter(version__instrument__code__in=instruments)
    excluded: dict[int, list[int]] = defaultdict(list)
    for row in Exclusion.objects.filter(dataset__in=datasets).order_by("row"):
        excluded[row.dataset_id].append(row.row)
    sets, names = [], []
    for dataset in datasets:
        selection = ways[dataset.wave_id, dataset.version_id]
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


def checklist_answers(
    project: Project, ways: Mapping[tuple[int, int], Selection]
) -> tuple[list[AnswerSet], list[dict[str, Any]]]:
    """Complete checklists that were sent, as one dataset per wave."""
    by_wave: dict[tuple[int, int], list[Checklist]] = defaultdict(list)
    for checklist in counted_checklists(project):
        by_wave[checklist.wave_id, checklist.version_id].append(checklist)
    sets = [_checklist_set(found, ways[key]) for key, found in by_wave.items()]
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
