"""A sample of twelve schools from two strata, with weighted people, and what loops make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt

import numpy as np

from indicators.pipeline.shapes import MeasureSpec, SchoolSpec, StratumSpec
from indicators.pipeline.tally import tally_all
from indicators.pipeline.totals import Totals
from indicators.vocabulary import MeasureKind, Selection
from tests.pipeline.builders import SEX, Person, answers, measure, project
from tests.stats.naive_survey import Sample, scores, variance

CODES = [f"N-{number:02d}" for number in range(1, 13)]
STRATA = {code: "north" if number < 6 else "south" for number, code in enumerate(CODES)}
SCHOOLS = {code: SchoolSpec(code, (code,), code, stratum=STRATA[code]) for code in CODES}
FRAME = {"north": StratumSpec("north", 20), "south": StratumSpec("south", 9)}
SAMPLE = Selection.SAMPLE
LIKERT = measure(code="s", groups=(SEX,), keeps_counts=True)
SHARE = measure(MeasureKind.SHARE, code="share", codes=frozenset({4, 5}), keeps_counts=True)


def weighted(people: Sequence[Person]) -> list[Person]:
    """Every person stands for one to three others."""
    return [{**person, "weight": 1 + 0.5 * (place % 5)} for place, person in enumerate(people)]


def totals_of(spec: MeasureSpec, people: Sequence[Person]) -> Totals:
    plain = [{k: v for k, v in person.items() if k != "weight"} for person in people]
    one = answers("W0", plain, selection=SAMPLE)
    if people and "weight" in people[0]:
        one = replace(one, weight=np.array([person["weight"] for person in people]))
    return tally_all(project(one, measures=[spec], schools=SCHOOLS)).totals[spec.code, "W0"]


def sample_of(
    rows: Sequence[tuple[Person, str, int]], frame: Mapping[str, int] | None = None
) -> Sample:
    """Persons with the stratum and the cell they count in; q is the answer."""
    sizes = [float("nan") if frame is None else float(frame[stratum]) for _, stratum, _ in rows]
    labels = sorted({stratum for _, stratum, _ in rows})
    q = [person["q"] for person, _, _ in rows]
    return Sample(
        stratum=np.array([labels.index(stratum) for _, stratum, _ in rows]),
        school=np.array([CODES.index(person["school"]) for person, _, _ in rows]),
        population=np.array(sizes),
        people=np.ones(len(rows)),
        weight=np.array([person.get("weight", 1.0) for person, _, _ in rows]),
        cell=np.array([cell for _, _, cell in rows]),
        y=np.array([float("nan") if one is None else float(one) for one in q]),
    )


def expected(sample: Sample, coefs: Sequence[float], *, fpc: bool = False) -> tuple[float, float]:
    estimate, z = scores(sample, np.array(coefs))
    return estimate, sqrt(variance(sample, z, fpc=fpc, stages=False))
