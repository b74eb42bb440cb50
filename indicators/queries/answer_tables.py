"""The answers that one stored result rests on, as a table without anything that names a person.

No row number, date or text; the rows are sorted by what they say, so their order tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indicators.models import Change, Estimate, Gap
from indicators.pipeline.inputs import AnswerSet, CalculationInputs
from indicators.pipeline.shapes import MISSING, GroupSpec, IntArray, MeasureSpec
from indicators.vocabulary import GAP_MEASURES, Irreproducible, Respondent

Stored = Estimate | Change | Gap
Cell = str | float | None
Column = np.ndarray[Any, Any]

DATASET_NAMES = ("sha256", "wave", "instrument", "version", "selection", "excluded")
ITEM, ATTRIBUTE = "item.", "attribute."  # so that no question can be taken for a column of ours


class NotReproducible(Exception):
    """The result cannot be repeated from answers; `why` says it for people."""

    def __init__(self, why: Irreproducible) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """Columns of equal length, one entry per person, rows in the order of their own values.

    `school`, `line` (first code of the line of schools), `wave`, `attribute.<name>` of the school,
    `item.<name>` as codes; where answers weigh differently `weight`, of a sample of schools
    `stratum`. None is missing. An option of several: 1 ticked, 0 only others were.
    """

    columns: Mapping[str, Sequence[Cell]]

    def __len__(self) -> int:
        return len(self.columns["wave"])


def waves_of(row: Stored) -> tuple[str, ...]:
    """Codes of the wave, or of the two waves, of a result."""
    if isinstance(row, Change):
        return row.wave_from.code, row.wave_to.code
    if isinstance(row, Gap) and row.wave_from is not None and row.change is not None:
        return row.wave_from.code, row.wave.code
    return (row.wave.code,)


def school_of(row: Stored) -> str:
    """Code of the school of a result; empty for the project and its groups."""
    school = None if isinstance(row, Gap) else row.school
    return "" if school is None else school.code


def answer_sets(
    row: Stored,
    measures: Iterable[MeasureSpec],
    inputs: CalculationInputs,
    now: Mapping[str, Any],
) -> dict[str, list[AnswerSet]]:
    """By questionnaire, the datasets that the run names; data accepted since are left out."""
    files = {_name(entry): one for entry, one in zip(now["datasets"], inputs.answers, strict=False)}
    checklists = inputs.answers[len(now["datasets"]) :]  # after those of files, see AnswerSet
    waves = waves_of(row)
    found: dict[str, list[AnswerSet]] = {}
    for spec in measures:
        if spec.respondent is Respondent.DIRECTOR and (
            now["checklists"] != row.run.inputs.get("checklists")
        ):
            raise NotReproducible(Irreproducible.DATA_CHANGED)
        named = [
            _name(entry)
            for entry in row.run.inputs["datasets"]
            if entry["instrument"] == spec.instrument and entry["wave"] in waves
        ]
        if not all(name in files for name in named):
            raise NotReproducible(Irreproducible.DATA_CHANGED)
        sent = [
            one for one in checklists if one.instrument == spec.instrument and one.wave in waves
        ]
        found[spec.instrument] = [*(files[name] for name in named), *sent]
    return found


def _name(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes a dataset the same: its content, place and the rows left out."""
    return tuple(
        tuple(value) if isinstance(value, list) else value
        for value in (entry.get(name) for name in DATASET_NAMES)
    )


def answer_table(
    row: Stored,
    spec: MeasureSpec,
    names: Sequence[str],
    group: GroupSpec | None,
    sets: Iterable[AnswerSet],
    inputs: CalculationInputs,
    *,
    is_weighted: bool,
    is_sample: bool,
) -> AnswerTable:
    """Only the columns asked for, and only the school where the result is one school's."""
    attribute = group.name if group and not group.item else ""
    found = list(sets)
    parts = [_part(row, spec, names, attribute, one, inputs) for one in found]
    for part, answers in zip(parts, found, strict=True):
        if is_weighted:
            part["weight"] = _weight(row, answers, inputs)
        if is_sample:
            part["stratum"] = _strata(row, answers, inputs)
    columns = {
        name: np.concatenate([part[name] for part in parts]) for name in (parts[0] if parts else ())
    }
    order = np.lexsort(list(reversed(columns.values())))
    return AnswerTable({name: _cells(values[order]) for name, values in columns.items()})


def _part(
    row: Stored,
    spec: MeasureSpec,
    names: Sequence[str],
    attribute: str,
    answers: AnswerSet,
    inputs: CalculationInputs,
) -> dict[str, Column]:
    schools = [inputs.schools[code] for code in answers.school_codes]
    keep = _kept(row, answers, inputs)
    index = answers.school_index[keep]

    def by_school(values: Iterable[str]) -> Column:
        return np.array([*values, ""], dtype=np.str_)[index]

    part = {
        "wave": np.full(len(index), answers.wave),
        "school": by_school(school.code for school in schools),
        "line": by_school(school.lineage for school in schools),
    }
    if attribute:
        part[ATTRIBUTE + attribute] = by_school(
            school.attributes.get(attribute, "") for school in schools
        )
    unknown = np.full(len(keep), MISSING, dtype=np.int64)
    codes = answers.load(names)
    for name in names:
        column = codes.get(name, unknown)[keep]
        is_option = spec.option is not None and name in spec.items
        part[ITEM + name] = _ticked(column, spec.option or 0) if is_option else column
    return part


def _kept(row: Stored, answers: AnswerSet, inputs: CalculationInputs) -> Column:
    """Which sheets are wanted, shape (n,)."""
    return np.isin(answers.school_index, _places(row, answers, inputs))


def _weight(row: Stored, answers: AnswerSet, inputs: CalculationInputs) -> Column:
    """For how many people each respondent stands."""
    keep = _kept(row, answers, inputs)
    return np.ones(int(keep.sum())) if answers.weight is None else answers.weight[keep]


def _strata(row: Stored, answers: AnswerSet, inputs: CalculationInputs) -> Column:
    """The stratum of the school, of a contrast that of its line: the line is the cluster there."""
    is_level = isinstance(row, Estimate) and row.measure.kind not in GAP_MEASURES
    schools = [inputs.schools[code] for code in answers.school_codes]
    codes = [
        school.stratum if is_level else inputs.schools[school.lineage].stratum for school in schools
    ]
    keep = _kept(row, answers, inputs)
    return np.array([*codes, ""], dtype=np.str_)[answers.school_index[keep]]


def _places(row: Stored, answers: AnswerSet, inputs: CalculationInputs) -> list[int]:
    """Positions of the schools wanted: all, the school of a level, the line of a change."""
    code = school_of(row)
    wanted = {code}
    if code and isinstance(row, Change):
        line = inputs.schools[code].lineage
        wanted = {school.code for school in inputs.schools.values() if school.lineage == line}
    return [place for place, name in enumerate(answers.school_codes) if not code or name in wanted]


def _ticked(masks: IntArray, option: int) -> IntArray:
    return np.where(masks == MISSING, MISSING, (masks >> option) & 1)


def _cells(values: Column) -> list[Cell]:
    return [None if value in (MISSING, "") else value for value in values.tolist()]
