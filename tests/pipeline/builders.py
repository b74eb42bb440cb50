"""Small projects for the tests of the calculation: people as dicts, one per respondent.

A person is {"school": code, item: answer code, ...}; an item left out or None is not answered.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings

from indicators.pipeline.inputs import AnswerSet, CalculationInputs, Rules
from indicators.pipeline.shapes import (
    MISSING,
    GapSpec,
    GroupSpec,
    IntArray,
    MeasureSpec,
    SchoolSpec,
    WaveSpec,
)
from indicators.pipeline.tally import tally_all
from indicators.pipeline.totals import Cells, Totals
from indicators.vocabulary import MeasureKind, Respondent, Selection

Person = dict[str, Any]

BASELINE = WaveSpec("W0", 0, date(2025, 9, 1), date(2025, 10, 1))
MIDLINE = WaveSpec("WM", 1, date(2026, 9, 1), date(2026, 10, 1))
ENDLINE = WaveSpec("W1", 2, date(2027, 9, 1), date(2027, 10, 1))
# A busy machine is no failure. `FEW` for tests that walk over everybody.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(PATIENT, max_examples=25)

SEX = GroupSpec("sex", "sex", {1: "girl", 2: "boy"})


def measure(kind: MeasureKind = MeasureKind.ITEM_MEAN, **changes: Any) -> MeasureSpec:
    """A measure of students on item q, asked alike in all waves unless said otherwise."""
    fields: dict[str, Any] = {
        "code": "m",
        "instrument": "student",
        "respondent": Respondent.STUDENT,
        "items": ("q",),
        **changes,
    }
    fields.setdefault("common_items", fields["items"])
    return MeasureSpec(kind=kind, **fields)


def index(items: Sequence[str], **changes: Any) -> MeasureSpec:
    scale = changes.pop("scale", (1.0, 5.0))
    return measure(MeasureKind.INDEX_MEAN, items=tuple(items), scale=scale, **changes)


def column(people: Sequence[Person], item: str) -> IntArray:
    codes = [person.get(item) for person in people]
    return np.array([MISSING if code is None else code for code in codes], dtype=np.int64)


def columns(people: Sequence[Person], items: Sequence[str]) -> dict[str, IntArray]:
    return {item: column(people, item) for item in items}


def answers(
    wave: str,
    people: Sequence[Person],
    *,
    instrument: str = "student",
    selection: Selection = Selection.CENSUS,
    asked: Sequence[str] | None = None,
) -> AnswerSet:
    """One dataset. `asked`: the items of the form; all items that somebody has unless given."""
    found = {name for person in people for name in person} - {"school"}
    form = set(found if asked is None else asked)
    codes = tuple(dict.fromkeys(person["school"] for person in people))

    def load(names: Sequence[str]) -> Mapping[str, IntArray]:
        return columns(people, [name for name in names if name in form])

    return AnswerSet(
        wave=wave,
        instrument=instrument,
        selection=selection,
        school_codes=codes,
        school_index=np.array([codes.index(p["school"]) for p in people], dtype=np.int64),
        load=load,
    )


def register(
    codes: Sequence[str],
    *,
    continues: Mapping[str, str] | None = None,
    attributes: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, SchoolSpec]:
    """Schools by code. `continues`: new code -> first code of its line."""
    lines, known = continues or {}, attributes or {}
    return {
        code: SchoolSpec(code, (code,), lines.get(code, code), attributes=known.get(code, {}))
        for code in codes
    }


def project(
    *sets: AnswerSet,
    measures: Sequence[MeasureSpec] = (),
    schools: Mapping[str, SchoolSpec] | None = None,
    waves: Sequence[WaveSpec] = (BASELINE, ENDLINE),
    rules: Rules | None = None,
    **others: Any,
) -> CalculationInputs:
    """Inputs of a calculation; schools are those of the datasets unless given."""
    codes = sorted({code for one in sets for code in one.school_codes})
    fields: dict[str, Any] = {
        "gaps": (),
        "facts": (),
        "wave_facts": {},
        "targets": (),
        "group_gaps": (),
        **others,
    }
    # Every measure stands in the register, each in a questionnaire of its own: no p is adjusted.
    codes_of_all = [spec.code for spec in (*measures, *fields.get("gaps", ()))]
    fields.setdefault("questionnaires", {code: code for code in codes_of_all})
    return CalculationInputs(
        waves=tuple(waves),
        schools=register(codes) if schools is None else schools,
        measures=tuple(measures),
        answers=sets,
        rules=rules or Rules(reference_date=date(2027, 12, 1)),
        **fields,
    )


def totals_of(spec: MeasureSpec, people: Sequence[Person]) -> Totals:
    """Totals of one measure over one dataset, as the calculation makes them."""
    one = answers("W0", people, instrument=spec.instrument)
    return tally_all(project(one, measures=[spec])).totals[spec.code, "W0"]


def cells(*rows: Sequence[float]) -> Cells:
    """Cells of schools from their answers: cells([4, 5], [3]) are two schools."""
    return Cells(
        np.array([len(row) for row in rows], dtype=np.float64),
        np.array([sum(row) for row in rows], dtype=np.float64),
        np.array([sum(y * y for y in row) for row in rows], dtype=np.float64),
    )


def sex_gap(spec: MeasureSpec, code: str = "gap", margin: float | None = None) -> GapSpec:
    return GapSpec(
        code,
        MeasureKind.GROUP_GAP,
        spec.code,
        spec.code,
        group_by="sex",
        first_group="girl",
        second_group="boy",
        margin=margin,
    )


def crowd(
    seed: int,
    schools: Sequence[str],
    *,
    items: Sequence[str] = ("q",),
    most: int = 12,
    least: int = 6,
    shift: float = 0.0,
    skipped: float = 0.1,
) -> list[Person]:
    """`least` to `most` people per school answering 1-5, some answers and sexes missing."""
    rng = np.random.default_rng(seed)
    people: list[Person] = []
    for code in schools:
        level = 3 + shift + rng.normal(0, 0.4)
        for _ in range(int(rng.integers(least, most + 1))):
            person: Person = {"school": code, "sex": [1, 2, None][int(rng.integers(0, 3))]}
            for item in items:
                value = int(np.clip(round(level + rng.normal(0, 1)), 1, 5))
                person[item] = None if rng.random() < skipped else value
            people.append(person)
    return people


def codes_of(count: int, prefix: str = "IS") -> list[str]:
    return [f"{prefix}-{number:02d}" for number in range(1, count + 1)]
