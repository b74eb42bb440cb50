"""Levels of the project, its groups and its schools (method sections 0, 3, 4, 9, 10)."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.estimate import estimates, number
from indicators.pipeline.outcomes import EstimateRow
from indicators.pipeline.sampling import refusal
from indicators.pipeline.shapes import GroupSpec, MeasureSpec
from indicators.vocabulary import MeasureKind, Reason, Respondent, Scope, Selection
from tests.pipeline import naive
from tests.pipeline.builders import (
    FEW,
    SEX,
    Person,
    codes_of,
    crowd,
    measure,
    register,
    totals_of,
)
from tests.stats.naive import People, taylor

SHARE = measure(MeasureKind.SHARE, codes=frozenset({4, 5}))
UNTESTED = ("se", "df", "ci_low", "ci_high")


def rows_of(
    spec: MeasureSpec, people: list[Person], selection: Selection = Selection.CENSUS, **attributes
) -> list[EstimateRow]:
    totals = totals_of(spec, people)
    schools = register(totals.school_codes, attributes=attributes)
    return list(estimates(spec, "W0", totals, selection, schools))


def people_of(*schools: list[int]) -> list[Person]:
    return [
        {"school": f"S{number}", "q": code}
        for number, codes in enumerate(schools)
        for code in codes
    ]


@pytest.mark.parametrize(
    ("respondent", "selection", "reason"),
    [
        (Respondent.STUDENT, Selection.CENSUS, None),
        (Respondent.TEACHER, Selection.RANDOM_PEOPLE, None),
        (Respondent.STUDENT, Selection.SAMPLE, None),
        (Respondent.PARENT, Selection.SELF_SELECTED, Reason.SELF_SELECTED),
        (Respondent.DIRECTOR, Selection.CENSUS, Reason.CENSUS),
        (Respondent.DIRECTOR, Selection.SELF_SELECTED, Reason.SELF_SELECTED),
    ],
)
def test_who_gets_no_uncertainty(respondent, selection, reason):
    assert refusal(respondent, selection) is reason


def test_number():
    assert number(np.float64("nan")) is None
    assert number(2) == 2.0


def test_mean_of_respondents_by_hand():
    # means 3 and 5, overall 11/3; z sums: S0 (3 + 3 - 22/3)/3 = -4/9, S1 4/9; V = 2/1 * 2 * 16/81
    project = rows_of(measure(), people_of([2, 4], [5]))[0]
    assert project.value == pytest.approx(11 / 3)
    assert project.se == pytest.approx(sqrt(2 * 2 * 16 / 81))
    assert (project.n, project.n_schools, project.df) == (3, 2, 1)
    assert project.sd == pytest.approx(naive.sd([2, 4, 5]))
    assert (project.numerator, project.denominator, project.n_eff) == (None, None, None)
    assert (project.scope, project.reason, project.method) == (Scope.PROJECT, None, "taylor")


@given(st.integers(0, 10_000))
@FEW
def test_level_agrees_with_the_loop_over_people(seed):
    people = crowd(seed, codes_of(7), least=1, most=5)
    spec = measure(keeps_schools=False)
    row = rows_of(spec, people)[0]
    values = naive.scores(spec, people)
    answered = [p for p in people if naive.score(spec, p) is not None]
    school = np.array([codes_of(7).index(p["school"]) for p in answered])
    flat = People(school, np.zeros(len(values), dtype=int), np.array(values), 7, 1)
    estimate, variance = taylor(flat, np.array([1.0]), 7)
    assert row.value == pytest.approx(estimate)
    assert row.n == len(values)
    assert row.se == pytest.approx(sqrt(variance))


def test_a_share_has_numerator_denominator_and_effective_size():
    row = rows_of(SHARE, people_of([5, 1, 4], [1, 1], [4, 2]))[0]
    assert (row.numerator, row.denominator, row.n) == (3, 7, 7)
    assert row.value == pytest.approx(3 / 7)
    assert row.method == "korn_graubard"
    assert 0 < row.n_eff <= 7
    assert 0 <= row.ci_low < row.value < row.ci_high <= 1


@pytest.mark.parametrize(("code", "share"), [(5, 1.0), (1, 0.0)])
def test_a_share_of_all_or_nobody_keeps_an_interval(code, share):
    row = rows_of(SHARE, people_of(*[[code] * 4] * 6))[0]
    assert (row.value, row.reason, row.n_eff) == (share, None, 24)
    assert (row.ci_high if share else row.ci_low) == share
    # Clopper-Pearson: the open limit of 24 of 24 is 0.025^(1/24)
    open_limit = row.ci_low if share else 1 - row.ci_high
    assert open_limit == pytest.approx(0.025 ** (1 / 24))


def test_equal_answers_are_shown_without_a_range():
    row = rows_of(measure(), people_of([4, 4], [4]))[0]
    assert (row.value, row.sd, row.reason) == (4.0, 0.0, Reason.ZERO_VARIANCE)
    assert all(getattr(row, name) is None for name in UNTESTED)


def test_one_school_has_no_uncertainty():
    row = rows_of(measure(), people_of([4, 2, 5]))[0]
    assert row.value == pytest.approx(11 / 3)
    assert row.reason is Reason.SINGLE_PSU_STRATUM
    assert all(getattr(row, name) is None for name in UNTESTED)


@pytest.mark.parametrize(
    "kind", [MeasureKind.ITEM_MEAN, MeasureKind.SHARE, MeasureKind.SCHOOLS_COUNT]
)
def test_no_answers_are_missing_and_not_zero(kind):
    spec = measure(kind, codes=frozenset({1}))
    rows = rows_of(spec, [{"school": "A", "q": None}])
    assert len(rows) == 1
    row = rows[0]
    assert (row.n, row.value, row.reason) == (0, None, Reason.NO_DATA)
    assert (row.numerator, row.denominator, row.sd) == (None, None, None)


def test_parents_are_only_described():
    spec = measure(respondent=Respondent.PARENT, keeps_counts=True)
    people = people_of([5, 1, 4], [2, 3])
    project, *schools = rows_of(spec, people, Selection.SELF_SELECTED)
    for row in (project, *schools):
        assert row.reason is Reason.SELF_SELECTED
        assert row.method == "as_answered"
        assert all(getattr(row, name) is None for name in UNTESTED)
    assert (project.value, project.n) == (3.0, 5)
    assert project.sd == pytest.approx(naive.sd([5, 1, 4, 2, 3]))
    assert project.counts == {"1": 1, "2": 1, "3": 1, "4": 1, "5": 1}
    assert [row.value for row in schools] == [pytest.approx(10 / 3), 2.5]


def test_a_share_of_parents_has_no_effective_size():
    spec = measure(MeasureKind.SHARE, codes=frozenset({4, 5}), respondent=Respondent.PARENT)
    row = rows_of(spec, people_of([5, 1, 4], [2, 3]), Selection.SELF_SELECTED)[0]
    assert (row.value, row.numerator, row.denominator) == (0.4, 2, 5)
    assert (row.n_eff, row.ci_low, row.reason) == (None, None, Reason.SELF_SELECTED)


def test_directors_are_counted():
    fields = {"respondent": Respondent.DIRECTOR, "codes": frozenset({1})}
    people = people_of(*[[1]] * 14, *[[0]] * 8, [None])
    count = rows_of(measure(MeasureKind.SCHOOLS_COUNT, **fields), people)
    share = rows_of(measure(MeasureKind.SCHOOLS_SHARE, **fields), people)
    assert (count[0].value, count[0].numerator, count[0].denominator) == (14, 14, 22)
    assert (share[0].value, share[0].n_schools) == (pytest.approx(14 / 22), 22)
    assert {row.reason for row in (*count, *share)} == {Reason.CENSUS}
    # The school that left the item blank has no row.
    assert sorted(row.value for row in count[1:]) == [0.0] * 8 + [1.0] * 14


def test_groups_by_an_item():
    people = [
        {"school": f"S{i}", "sex": sex, "q": 3 + (sex == 1) + i % 2}
        for i in range(6)
        for sex in (1, 2)
    ]
    rows = rows_of(measure(groups=(SEX,), keeps_schools=False), people)
    assert [(r.scope, r.group_by, r.group) for r in rows[1:]] == [
        (Scope.GROUP, "sex", "girl"),
        (Scope.GROUP, "sex", "boy"),
    ]
    assert [row.value for row in rows] == [4.0, 4.5, 3.5]
    assert [row.n for row in rows] == [12, 6, 6]
    assert rows[1].counts is None


def test_a_school_without_the_group_still_is_a_sampling_unit():
    # Girls only in S0 (1, 3) and S1 (5): mean 3, z = -2/3 and 2/3; V = 3/2 * 8/9 with 3 schools.
    people = [
        {"school": "S0", "sex": 1, "q": 1},
        {"school": "S0", "sex": 1, "q": 3},
        {"school": "S1", "sex": 1, "q": 5},
        {"school": "S2", "sex": 2, "q": 5},
    ]
    girls = rows_of(measure(groups=(SEX,)), people)[1]
    assert girls.group == "girl"
    assert girls.se == pytest.approx(sqrt(3 / 2 * 8 / 9))
    assert (girls.df, girls.n_schools) == (1, 2)


def test_groups_by_an_attribute_of_the_school():
    spec = measure(groups=(GroupSpec("settlement"), GroupSpec("oblast")), keeps_schools=False)
    people = people_of([1, 2], [4], [5])
    attributes = {"S0": {"settlement": "urban"}, "S1": {"settlement": "rural"}, "S2": {}}
    rows = rows_of(spec, people, **attributes)
    assert [(r.group, r.value, r.n) for r in rows[1:]] == [("rural", 4.0, 1), ("urban", 1.5, 2)]


def test_a_group_nobody_is_in_has_no_row():
    people = [{"school": "A", "sex": 1, "q": 3}]
    rows = rows_of(measure(groups=(SEX,), keeps_schools=False), people)
    assert [row.group for row in rows] == ["", "girl"]


def test_schools_by_hand():
    rows = rows_of(measure(), people_of([1, 2, 3, 4, 5], [5, 5, 5, 5, 5], [1, 2, 3, 4], []))
    five, equal, four = rows[1:]
    assert (five.value, five.n, five.df) == (3.0, 5, 4)
    assert five.se == pytest.approx(sqrt(2.5 / 5))
    assert five.ci_high == pytest.approx(3 + 2.7764451052 * sqrt(0.5))
    assert (equal.value, equal.se, equal.reason) == (5.0, None, Reason.ZERO_VARIANCE)
    assert (four.value, four.se, four.reason) == (2.5, None, Reason.SUPPRESSED)
    assert {row.scope for row in rows[1:]} == {Scope.SCHOOL}


def test_share_of_one_school_is_wilson():
    row = rows_of(SHARE, people_of([5, 5, 5, 5, 1, 1, 1, 1, 1, 1], [1]))[1]
    # Wilson for 4 of 10, computed by hand: centre 0.42774, half 0.25998
    assert (row.value, row.numerator, row.denominator) == (0.4, 4, 10)
    assert row.ci_low == pytest.approx(0.16818, abs=1e-5)
    assert row.ci_high == pytest.approx(0.68733, abs=1e-5)
    assert (row.se, row.method) == (None, "wilson")


def test_no_rows_of_schools_unless_asked():
    assert len(rows_of(measure(keeps_schools=False), people_of([1, 2], [3]))) == 1
