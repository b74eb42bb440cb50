"""Totals per school and group, and that files of a wave add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.shapes import MISSING, GroupSpec
from indicators.pipeline.tally import COMMON, tally, tally_all
from indicators.pipeline.totals import MIX, Totals
from indicators.vocabulary import MeasureKind, Selection
from tests.pipeline import naive
from tests.pipeline.builders import (
    PATIENT,
    SEX,
    Person,
    answers,
    columns,
    crowd,
    index,
    measure,
    project,
    totals_of,
)

ABC = ["A", "B", "C"]
ITEMS = ("p", "q", "r")
FORM = [*ITEMS, "sex", "grade"]
BY_SEX = measure(groups=(SEX,), keeps_counts=True)
INDEX = index(ITEMS, code="index", groups=(SEX,), common_items=("p", "q"))
SHARE = measure(MeasureKind.SHARE, code="share", codes=frozenset({4, 5}))
MEASURES = (BY_SEX, INDEX, SHARE)

PERSON = st.fixed_dictionaries(
    {
        "school": st.sampled_from(ABC),
        "sex": st.sampled_from([1, 2, None]),
        **dict.fromkeys(ITEMS, st.one_of(st.none(), st.integers(1, 5))),
    }
)
PEOPLE = st.lists(PERSON, min_size=1, max_size=15)


def by_school(totals: Totals) -> dict[str, tuple[float, float, float]]:
    found = totals.schools
    return {
        code: (n, total, squares)
        for code, n, total, squares in zip(
            totals.school_codes, found.n, found.total, found.squares, strict=True
        )
        if n
    }


def as_numbers(totals: Totals) -> list[np.ndarray]:
    parts = [totals.schools, *totals.groups.values()]
    return [array for cells in parts for array in (cells.n, cells.total, cells.squares)]


def test_two_schools_by_hand():
    people: list[Person] = [
        {"school": "B", "sex": 1, "q": 4},
        {"school": "A", "sex": 2, "q": 2},
        {"school": "B", "sex": 2, "q": 5},
        {"school": "B", "sex": None, "q": 1},  # in the school, in no group
        {"school": "A", "sex": 1, "q": None},  # no answer: nowhere
    ]
    totals = totals_of(BY_SEX, people)
    assert by_school(totals) == {"A": (1, 2, 4), "B": (3, 10, 42)}
    assert totals.group_keys == {"sex": ("girl", "boy")}
    assert totals.groups["sex"].n.tolist() == [[0, 1], [1, 1]]
    assert totals.groups["sex"].total.tolist() == [[0, 2], [4, 5]]
    assert totals.groups["sex"].squares.tolist() == [[0, 4], [16, 25]]
    assert totals.counts == {1: 1, 2: 1, 4: 1, 5: 1}


@given(PEOPLE)
@PATIENT
def test_agrees_with_dicts(people):
    for spec in MEASURES:
        totals = totals_of(spec, people)
        expected = {school: cell for (school, _), cell in naive.tally(spec, people).items()}
        found = by_school(totals)
        assert found.keys() == expected.keys()
        assert all(found[school] == pytest.approx(cell) for school, cell in expected.items())
    groups = totals_of(BY_SEX, people)
    for (school, sex), cell in naive.tally(BY_SEX, people, "sex").items():
        row, column = groups.school_codes.index(school), sex - 1
        found = groups.groups["sex"]
        assert (found.n[row, column], found.total[row, column]) == pytest.approx(cell[:2])


@given(PEOPLE, PEOPLE)
@PATIENT
def test_two_files_are_one_file(first, second):
    two = tally_all(
        project(
            answers("W0", first, asked=FORM),
            answers("W0", second, asked=FORM),
            measures=MEASURES,
        )
    )
    one = tally_all(project(answers("W0", [*first, *second], asked=FORM), measures=MEASURES))
    assert two.totals.keys() == one.totals.keys()
    for key, totals in one.totals.items():
        assert two.totals[key].school_codes == totals.school_codes
        assert two.totals[key].counts == totals.counts
        for found, expected in zip(as_numbers(two.totals[key]), as_numbers(totals), strict=True):
            assert np.allclose(found, expected)


@given(PEOPLE, st.randoms())
@PATIENT
def test_the_order_of_people_does_not_matter(people, random):
    mixed = list(people)
    random.shuffle(mixed)
    for spec in MEASURES:
        for found, expected in zip(
            as_numbers(totals_of(spec, mixed)), as_numbers(totals_of(spec, people)), strict=True
        ):
            assert np.allclose(found, expected)


@given(PEOPLE)
@PATIENT
def test_groups_add_up_to_the_school_when_nobody_is_unknown(people):
    known = [{**person, "sex": person["sex"] or 2} for person in people]
    totals = totals_of(BY_SEX, known)
    assert np.allclose(totals.groups["sex"].n.sum(axis=1), totals.schools.n)
    assert np.allclose(totals.groups["sex"].total.sum(axis=1), totals.schools.total)
    assert np.allclose(totals.groups["sex"].squares.sum(axis=1), totals.schools.squares)


@given(PEOPLE, st.integers(-3, 3), st.integers(1, 4))
@PATIENT
def test_shift_and_scale(people, shift, factor):
    codes = columns(people, ["q"])["q"]
    y = np.where(codes < 0, np.nan, codes.astype(float))
    school = np.array([ABC.index(person["school"]) for person in people])
    plain, moved = (tally(values, school, ABC).schools for values in (y, shift + factor * y))
    assert (moved.n == plain.n).all()
    assert np.allclose(moved.total, shift * plain.n + factor * plain.total)
    assert np.allclose(
        moved.squares,
        shift**2 * plain.n + 2 * shift * factor * plain.total + factor**2 * plain.squares,
    )


def test_the_series_on_common_items_is_kept_apart():
    people: list[Person] = [{"school": "A", "p": 1, "q": 3, "r": 5}]
    tallied = tally_all(project(answers("W0", people), measures=[INDEX])).totals
    assert tallied["index", "W0"].schools.total.tolist() == [3.0]
    assert tallied["index" + COMMON, "W0"].schools.total.tolist() == [2.0]


@pytest.mark.parametrize("common", [(), ("q",)])
def test_no_second_series_for_an_item_worded_alike_or_not_at_all(common):
    spec = measure(common_items=common)
    tallied = tally_all(project(answers("W0", [{"school": "A", "q": 1}]), measures=[spec]))
    assert set(tallied.totals) == {("m", "W0")}


def test_a_measure_that_was_not_asked_has_no_totals():
    tallied = tally_all(project(answers("W0", [{"school": "A", "other": 1}]), measures=[BY_SEX]))
    assert tallied.totals == {}
    assert tallied.selections == {("student", "W0"): Selection.CENSUS}


def test_only_the_measures_of_the_instrument_are_read():
    teacher = measure(code="t", instrument="teacher")
    tallied = tally_all(
        project(answers("W0", [{"school": "A", "q": 1}]), measures=[BY_SEX, teacher])
    )
    assert set(tallied.totals) == {("m", "W0")}


def test_a_group_that_was_not_asked_for_in_one_file_is_unknown_there():
    first = answers("W0", [{"school": "A", "sex": 1, "q": 3}])
    second = answers("W0", [{"school": "A", "q": 4}])
    totals = tally_all(project(first, second, measures=[BY_SEX])).totals["m", "W0"]
    assert totals.schools.n.tolist() == [2.0]
    assert totals.groups["sex"].n.tolist() == [[1.0, 0.0]]


def test_one_self_selected_file_makes_the_wave_self_selected():
    people: list[Person] = [{"school": "A", "q": 1}]
    for order in ((Selection.SELF_SELECTED, Selection.CENSUS), tuple(Selection)):
        sets = [answers("W0", people, selection=selection) for selection in order]
        tallied = tally_all(project(*sets, measures=[BY_SEX]))
        assert tallied.selections["student", "W0"] is Selection.SELF_SELECTED


def test_answers_per_class_add_up_over_files():
    grades = (9, 9, 10, None, 99)  # 99 is no class we know
    first = answers("W0", [{"school": "A", "q": 1, "grade": grade} for grade in grades])
    second = answers("W0", [{"school": "B", "q": 1, "grade": 9}])
    inputs = project(first, second, measures=[measure()], class_items={"student": "grade"})
    codes, sizes = tally_all(inputs).class_sizes["student", "W0"]
    assert codes == ("A", "B")
    assert sizes[:, [9, 10]].tolist() == [[2, 1], [1, 0]]
    assert sizes.sum() == 4


def test_no_classes_where_the_form_does_not_ask():
    inputs = project(
        answers("W0", [{"school": "A", "q": 1}]),
        measures=[measure()],
        class_items={"student": "grade"},
    )
    assert tally_all(inputs).class_sizes == {}


def test_progress_names_each_file():
    seen = []
    sets = [answers(wave, [{"school": "A", "q": 1}]) for wave in ("W0", "W1")]
    tally_all(project(*sets, measures=[measure()]), lambda *step: seen.append(step))
    assert seen == [("tally", 0, 2), ("tally", 1, 2)]


def test_totals_over_other_schools_do_not_add():
    first, second = (totals_of(measure(), [{"school": code, "q": 1}]) for code in "AB")
    with pytest.raises(ValueError, match="same schools and groups"):
        first + second


def test_counts_of_one_side_only_stay():
    people: list[Person] = [{"school": "A", "q": 1}]
    without, with_counts = (
        totals_of(measure(keeps_counts=keeps), people) for keeps in (False, True)
    )
    assert (without + with_counts).counts == (with_counts + without).counts == {1: 1}
    assert (without + without).counts is None


def test_lines_of_schools_gather_rows():
    totals = totals_of(BY_SEX, crowd(1, ABC))
    merged = totals.schools.take(np.array([0, 1, 0]), 3)
    assert merged.n.tolist() == [
        totals.schools.n[0] + totals.schools.n[2],
        totals.schools.n[1],
        0,
    ]
    groups = totals.groups["sex"].take(np.array([0, 0, 0]), 1)
    assert np.allclose(groups.squares, totals.groups["sex"].squares.sum(axis=0))


def test_a_group_of_schools_needs_no_item():
    spec = measure(groups=(GroupSpec("settlement"),))
    assert totals_of(spec, [{"school": "A", "q": 1}]).groups == {}


def test_kinds_of_people_are_combinations_of_their_items() -> None:
    grade = GroupSpec("grade", "grade", {1: "9", 2: "10"})
    spec = measure(mix=(grade, SEX))
    people = [
        {"school": "A", "q": 5, "sex": 1, "grade": 1},
        {"school": "A", "q": 3, "sex": 2, "grade": 2},
        {"school": "A", "q": 1, "sex": None, "grade": 2},
        {"school": "A", "q": 2, "sex": 1, "grade": None},
    ]
    totals = totals_of(spec, people)
    assert totals.group_keys[MIX] == ("9 girl", "9 boy", "10 girl", "10 boy")
    assert totals.groups[MIX].n.tolist() == [[1, 0, 0, 1]]
    assert totals.groups[MIX].total.tolist() == [[5, 0, 0, 3]]


def test_weights_weigh_sums_and_counts() -> None:
    weighted = tally(
        np.array([1.0, 3.0, np.nan, 5.0]),
        np.array([0, 0, 0, 1]),
        ["A", "B"],
        codes=np.array([1, 3, MISSING, 5]),
        weight=np.array([2.0, 0.5, 9.0, 4.0]),
    )
    assert weighted.schools.n.tolist() == [2, 1]
    assert weighted.schools.mass.tolist() == [2.5, 4]
    assert weighted.schools.total.tolist() == [3.5, 20]
    assert weighted.schools.squares.tolist() == [6.5, 100]
    assert weighted.counts == {1: 2.0, 3: 0.5, 5: 4.0}
    twice = weighted.schools + weighted.schools
    assert twice.mass.tolist() == [5, 8]
