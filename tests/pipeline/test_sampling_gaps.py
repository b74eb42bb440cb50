"""Gaps in a sample of schools, and their change, against loops over respondents."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from indicators.pipeline.calculate import calculate
from indicators.pipeline.gap import GapCells, gap_cells, gap_change, gap_estimate
from indicators.pipeline.gap_group import GroupGaps
from indicators.pipeline.inputs import Rules
from indicators.pipeline.shapes import GapSpec
from indicators.vocabulary import MeasureKind, Reason, Respondent
from tests.pipeline.builders import Person, answers, crowd, measure, project, sex_gap
from tests.pipeline.samples import (
    CODES,
    FRAME,
    LIKERT,
    SAMPLE,
    SCHOOLS,
    STRATA,
    expected,
    sample_of,
    totals_of,
    weighted,
)

GIRLS = sex_gap(LIKERT)


def gap_of(people: Sequence[Person], strata: tuple[str, ...] = ()) -> GapCells:
    totals = totals_of(LIKERT, people)
    return replace(gap_cells(GIRLS, totals, totals, SCHOOLS, tuple(CODES)), strata=strata)


def by_sex(people: Sequence[Person], stratum: str | None = None) -> list[tuple[Person, str, int]]:
    """Girls are cell 0, boys 1, unknown 2."""
    cell = {1: 0, 2: 1, None: 2}
    return [(p, stratum or STRATA[p["school"]], cell[p["sex"]]) for p in people]


@pytest.mark.parametrize("strata", [tuple(STRATA.values()), ()], ids=["sample", "weights only"])
def test_a_weighted_gap_person_by_person(strata: tuple[str, ...]) -> None:
    people = weighted(crowd(7, CODES))
    row = gap_estimate(GIRLS, "W0", gap_of(people, strata))
    rows = by_sex(people, None if strata else "all")
    estimate, se = expected(sample_of(rows), [1.0, -1.0, 0.0])
    assert (row.value, row.se) == pytest.approx((estimate, se))


def test_a_group_nobody_was_asked_for_has_no_gap() -> None:
    totals = totals_of(LIKERT, crowd(7, CODES))
    spec = replace(GIRLS, first_group="unknown")
    row = gap_estimate(spec, "W0", gap_cells(spec, totals, totals, SCHOOLS, tuple(CODES)))
    assert (row.value, row.reason) == (None, Reason.NOT_IN_BOTH_WAVES)


def test_the_change_of_a_gap_of_a_sample_is_on_all_its_schools() -> None:
    strata = tuple(STRATA.values())
    before, after = weighted(crowd(8, CODES)), weighted(crowd(9, CODES[:11], shift=0.3))
    row = gap_change(GIRLS, ("W0", "W1"), gap_of(before, strata), gap_of(after, strata), Rules())
    rows = [
        (p, stratum, cell + 3 * wave)
        for wave, people in enumerate((before, after))
        for p, stratum, cell in by_sex(people)
    ]
    estimate, se = expected(sample_of(rows), [-1.0, 1.0, 0, 1.0, -1.0, 0])
    assert (row.difference, row.se) == pytest.approx((estimate, se))
    assert row.all_se is None  # the test itself is over all schools


def group_gaps(waves: Mapping[str, Sequence[Person]], **more: object) -> GroupGaps:
    totals = {wave: totals_of(LIKERT, people) for wave, people in waves.items()}
    fields = {"is_sample": True, "strata": FRAME, **more}
    return GroupGaps(totals, SCHOOLS, dict.fromkeys(waves), **fields)


def test_gaps_of_groups_of_a_sample_and_their_change() -> None:
    waves = {"W0": weighted(crowd(8, CODES[::2])), "W1": weighted(crowd(9, CODES[1::2]))}
    baseline, endline = group_gaps(waves).rows([GIRLS])
    for row, people in ((baseline, waves["W0"]), (endline, waves["W1"])):
        found = expected(sample_of(by_sex(people)), [1.0, -1.0, 0.0])
        assert (row.value, row.se) == pytest.approx(found)
    rows = [
        (p, f"{wave} {stratum}", cell + 3 * wave)
        for wave, people in enumerate(waves.values())
        for p, stratum, cell in by_sex(people)
    ]
    found = expected(sample_of(rows), [-1.0, 1.0, 0, 1.0, -1.0, 0])
    assert (endline.change, endline.change_se) == pytest.approx(found)
    assert (baseline.change, baseline.wave_from, endline.wave_from) == (None, "", "W0")


def test_gaps_of_a_reworded_question_have_no_change() -> None:
    waves = {"W0": crowd(8, CODES), "W1": crowd(9, CODES)}
    rows = group_gaps(waves, is_comparable=False, is_sample=False).rows([GIRLS])
    assert [(row.wave, row.change, row.wave_from) for row in rows] == [
        ("W0", None, ""),
        ("W1", None, ""),
    ]
    assert all(row.p is not None for row in rows)


def test_a_gap_that_one_wave_cannot_show_has_no_change() -> None:
    only_boys = [{**person, "sex": 2} for person in crowd(9, CODES)]
    rows = group_gaps({"W0": crowd(8, CODES), "W1": only_boys}, is_sample=False).rows([GIRLS])
    assert (rows[1].value, rows[1].change, rows[1].wave_from) == (None, None, "W0")
    assert rows[1].change_reason is Reason.NOT_IN_BOTH_WAVES


def test_town_and_village_need_six_schools_of_each_kind() -> None:
    """Girls' schools and boys' schools: no school has both."""

    def apart(seed: int, n_girls: int) -> list[Person]:
        people = crowd(seed, CODES)
        return [{**p, "sex": 1 if CODES.index(p["school"]) < n_girls else 2} for p in people]

    def change(n_girls: int):
        waves = {"W0": apart(8, n_girls), "W1": apart(9, n_girls)}
        return group_gaps(waves, is_sample=False).rows([GIRLS])[1]

    assert change(5).change_reason is Reason.TOO_FEW_CLUSTERS
    assert change(5).change is not None
    assert change(5).change_p is None
    assert change(6).change_reason is None
    assert change(6).change_p is not None


def test_teachers_and_students_of_a_sample_drawn_anew() -> None:
    """Schools of the two waves differ, so each wave has strata of its own."""
    people = {
        (instrument, wave): crowd(seed, CODES[place::2])
        for seed, (instrument, wave, place) in enumerate(
            [("teacher", "W0", 0), ("student", "W0", 0), ("teacher", "W1", 1), ("student", "W1", 1)]
        )
    }
    sets = [
        answers(wave, some, instrument=instrument, selection=SAMPLE)
        for (instrument, wave), some in people.items()
    ]
    teachers = measure(code="t", instrument="teacher", respondent=Respondent.TEACHER)
    spec = GapSpec("gap", MeasureKind.INSTRUMENT_GAP, "t", "s")
    inputs = project(
        *sets, measures=[teachers, LIKERT], gaps=(spec,), schools=SCHOOLS, strata=FRAME
    )
    results = calculate(inputs)
    rows = [
        (person, f"{wave} {STRATA[person['school']]}", place)
        for place, ((_, wave), some) in enumerate(people.items())
        for person in some
    ]
    found = next(row for row in results.changes if row.measure == "gap")
    difference, se = expected(sample_of(rows), [-1.0, 1.0, 1.0, -1.0])
    assert (found.difference, found.se) == pytest.approx((difference, se))
    level = next(row for row in results.estimates if (row.measure, row.wave) == ("gap", "W0"))
    before = [row for row in rows if row[2] < 2]
    value, se = expected(sample_of(before), [1.0, -1.0])
    assert (level.value, level.se) == pytest.approx((value, se))
