"""Gaps inside the same schools and their change (method section 6)."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.gap import GapCells, gap_cells, gap_change, gap_estimate
from indicators.pipeline.gap_group import GroupGaps
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import ChangeRow, GapRow
from indicators.pipeline.shapes import GapSpec
from indicators.vocabulary import MeasureKind, Reason, Scope, SecondLook, Verdict
from tests.pipeline import naive
from tests.pipeline.builders import (
    FEW,
    SEX,
    Person,
    codes_of,
    crowd,
    measure,
    register,
    sex_gap,
    totals_of,
)
from tests.stats.naive import People, cr2

EIGHT = codes_of(8)
STUDENT = measure(code="s", groups=(SEX,))
TEACHER = measure(code="t", instrument="teacher")
BETWEEN = GapSpec("gap", MeasureKind.INSTRUMENT_GAP, "t", "s")
WITHIN = sex_gap(STUDENT)


def between(
    teachers: list[Person],
    students: list[Person],
    lineages: list[str] | None = None,
    refused_by: Reason | None = None,
) -> GapCells:
    lines = tuple(lineages or EIGHT)
    schools = register(lines)
    first, second = totals_of(TEACHER, teachers), totals_of(STUDENT, students)
    return gap_cells(BETWEEN, first, second, schools, lines, refused_by)


def within(people: list[Person]) -> GapCells:
    totals = totals_of(STUDENT, people)
    return gap_cells(WITHIN, totals, totals, register(EIGHT), tuple(EIGHT))


def pairs(*cells: tuple[int, list[int], list[int]]) -> tuple[list[Person], list[Person]]:
    """(school number, answers of teachers, answers of students)."""
    teachers = [{"school": EIGHT[i], "q": y} for i, ys, _ in cells for y in ys]
    students = [{"school": EIGHT[i], "q": y} for i, _, ys in cells for y in ys]
    return teachers, students


def test_two_instruments_by_hand():
    # Every school: teachers 4 + i % 2, students 3, 3: gap 1.5, school gaps 1, 2, 1, 2 ...
    gap = between(*pairs(*[(i, [4 + i % 2], [3, 3]) for i in range(8)]))
    row = gap_estimate(BETWEEN, "W0", gap)
    assert row.value == 1.5
    assert row.counts == {"first": 8, "second": 16}
    assert (row.n, row.n_schools, row.scope, row.reason) == (24, 8, Scope.PROJECT, None)
    # Equal sizes: CR2 is the t test of the school gaps.
    assert row.se == pytest.approx(np.std([1, 2] * 4, ddof=1) / sqrt(8))
    assert row.df == pytest.approx(7)
    assert row.ci_low == pytest.approx(1.5 - 2.3646242510 * row.se)


@given(st.integers(0, 10_000))
@FEW
def test_girls_minus_boys_agree_with_regression_person_by_person(seed):
    people = crowd(seed, EIGHT)
    row = gap_estimate(WITHIN, "W0", within(people))
    known = [p for p in people if p["sex"] is not None and p["q"] is not None]
    flat = People(
        school=np.array([EIGHT.index(p["school"]) for p in known]),
        cell=np.array([p["sex"] - 1 for p in known]),
        y=np.array([float(p["q"]) for p in known]),
        n_schools=8,
        n_cells=2,
    )
    estimate, variance, df = cr2(flat, np.array([1.0, -1.0]))
    if row.n_schools < 6 or df < 4:
        assert row.reason is Reason.TOO_FEW_CLUSTERS
        return
    assert (row.value, row.se, row.df) == pytest.approx((estimate, sqrt(variance), df))
    girls = [p["q"] for p in known if p["sex"] == 1]
    assert row.counts == {"first": len(girls), "second": len(known) - len(girls)}


@given(st.integers(0, 10_000))
@FEW
def test_the_change_of_a_gap_agrees_with_regression_person_by_person(seed):
    waves = [crowd(seed, EIGHT), crowd(seed + 1, EIGHT[:7], shift=0.3)]
    row = gap_change(WITHIN, ("W0", "W1"), within(waves[0]), within(waves[1]), Rules())
    rows = [
        (EIGHT.index(p["school"]), 2 * wave + p["sex"] - 1, float(p["q"]))
        for wave, people in enumerate(waves)
        for p in people
        if p["sex"] is not None and p["q"] is not None
    ]
    both = {s for s, cell, _ in rows if cell < 2} & {s for s, cell, _ in rows if cell >= 2}
    school, cell, y = (
        np.array(part) for part in zip(*(row for row in rows if row[0] in both), strict=True)
    )
    people = People(school, cell, y, 8, 4)
    estimate, variance, df = cr2(people, np.array([-1.0, 1.0, 1.0, -1.0]))
    assert row.n_schools == len(both)
    if len(both) < 6 or df < 4:
        assert row.reason is Reason.TOO_FEW_CLUSTERS
        return
    assert (row.difference, row.se, row.df) == pytest.approx((estimate, sqrt(variance), df))
    assert row.difference == pytest.approx(row.endline - row.baseline)


def group_gap(people: list[Person]) -> GapRow:
    totals = {"W0": totals_of(STUDENT, people)}
    [row] = GroupGaps(totals, register(EIGHT), {"W0": None}).rows([WITHIN])
    return row


def test_a_group_gap_is_a_row_of_its_own():
    people = crowd(3, EIGHT, skipped=0.0)
    row = group_gap(people)
    girls, boys = ([p["q"] for p in people if p["sex"] == sex] for sex in (1, 2))
    assert row.value == pytest.approx(naive.mean(girls) - naive.mean(boys))
    assert (row.n_first, row.n_second, row.n_schools) == (len(girls), len(boys), 8)
    assert (row.first_group, row.second_group, row.group_by) == ("girl", "boy", "sex")
    assert 0 < row.p <= 1
    assert row.ci_low < row.value < row.ci_high


def test_no_girls_no_gap():
    row = group_gap([{"school": "IS-01", "sex": 2, "q": 3}])
    assert (row.value, row.p, row.se, row.n_first, row.n_second) == (None, None, None, 0, 1)
    assert row.reason is Reason.NOT_IN_BOTH_WAVES


def test_five_schools_show_the_gap_without_a_range():
    gap = between(*pairs(*[(i, [4 + i % 2], [3, 2]) for i in range(5)]))
    row = gap_estimate(BETWEEN, "W0", gap)
    assert row.value == pytest.approx(4.4 - 2.5)
    assert (row.se, row.ci_low, row.reason) == (None, None, Reason.TOO_FEW_CLUSTERS)
    row = group_gap([p for p in crowd(3, EIGHT, skipped=0.0) if p["school"] <= "IS-05"])
    assert (row.p, row.reason) == (None, Reason.TOO_FEW_CLUSTERS)


def test_the_same_answers_everywhere():
    row = gap_estimate(BETWEEN, "W0", between(*pairs(*[(i, [4], [3]) for i in range(8)])))
    assert (row.value, row.se, row.ci_low, row.reason) == (1.0, None, None, Reason.ZERO_VARIANCE)


@pytest.mark.parametrize("reason", [Reason.CENSUS, Reason.SELF_SELECTED])
def test_a_gap_with_directors_or_parents_has_no_uncertainty(reason):
    cells = pairs(*[(i, [4 + i % 2], [3, 2]) for i in range(8)])
    gap = between(*cells, refused_by=reason)
    row = gap_estimate(BETWEEN, "W0", gap)
    assert (row.value, row.reason, row.method) == (2.0, reason, "difference")
    assert (row.se, row.df, row.ci_low) == (None, None, None)
    change = gap_change(BETWEEN, ("W0", "W1"), gap, between(*cells), Rules())
    assert (change.verdict, change.reason) == (Verdict.NOT_APPLICABLE, reason)
    assert (change.baseline, change.endline, change.difference) == (2.0, 2.0, 0.0)
    assert (change.se, change.p, change.second_look) == (None, None, None)


def test_a_refused_gap_without_answers_is_empty():
    gap = between(
        [{"school": "IS-01", "q": 3}], [{"school": "IS-01", "q": None}], refused_by=Reason.CENSUS
    )
    row = gap_estimate(BETWEEN, "W0", gap)
    assert (row.value, row.reason) == (None, Reason.NOT_IN_BOTH_WAVES)


def test_merged_schools_stand_on_one_line():
    schools = register(["A", "B", "C"], continues={"B": "A"})
    totals = totals_of(STUDENT, [{"school": code, "q": 3} for code in "ABC"])
    teachers = totals_of(TEACHER, [{"school": "B", "q": 5}])
    gap = gap_cells(BETWEEN, teachers, totals, schools, ("A", "C"))
    assert gap.cells.n.tolist() == [[1, 2], [0, 1]]


def moved(
    by: list[int], margin: float | None = None, size: int = 5, rules: Rules | None = None
) -> ChangeRow:
    """Teachers answer `by` more at the endline, one number per school; students do not move."""
    spread = [1, 2, 3, 4, 5][:size]
    before = between(*pairs(*[(i, spread, spread) for i in range(len(by))]))
    after = between(*pairs(*[(i, [y + d for y in spread], spread) for i, d in enumerate(by)]))
    spec = replace(BETWEEN, margin=margin)
    return gap_change(spec, ("W0", "W1"), before, after, rules or Rules())


@pytest.mark.parametrize(
    ("by", "margin", "verdict", "look"),
    [
        ([1, 1, 2, 1, 1, 2, 1, 1], 0.5, Verdict.INCREASED, SecondLook.CONFIRMED),
        ([1, 1, 2, 1, 1, 2, 1, 1], 5.0, Verdict.INCREASED_SMALL, SecondLook.CONFIRMED),
        ([-1, -1, -2, -1, -1, -2, -1, -1], 0.5, Verdict.DECREASED, SecondLook.CONFIRMED),
        ([1, -1, 1, -1, 1, -1, 1, -1], 2.0, Verdict.NO_MEANINGFUL_CHANGE, SecondLook.NOT_NEEDED),
        ([1, -1, 1, -1, 1, -1, 1, -1], 0.1, Verdict.NO_CLEAR_CHANGE, SecondLook.NOT_NEEDED),
        ([1, -1, 1, -1, 1, -1, 1, -1], 0.0, Verdict.NO_CLEAR_CHANGE, SecondLook.NOT_NEEDED),
    ],
)
def test_the_words_of_a_gap(by, margin, verdict, look):
    row = moved(by, margin)
    assert (row.verdict, row.second_look, row.reason) == (verdict, look, None)
    assert row.margin == (margin or None)
    assert row.se == pytest.approx(np.std(by, ddof=1) / sqrt(8))
    assert (row.n_up, row.n_down) == (sum(d > 0 for d in by), sum(d < 0 for d in by))
    assert row.school_difference == pytest.approx(np.mean(by))
    assert row.all_difference == pytest.approx(row.difference)
    # Equal sizes: CR2 and Taylor agree.
    assert row.all_se == pytest.approx(row.se)


def test_the_default_margin_is_a_fifth_of_the_baseline_sd_of_both_sides():
    both_sides = [1, 2, 3, 4, 5] * 16
    assert moved([1, 2] * 4).margin == pytest.approx(0.2 * naive.sd(both_sides))
    assert moved([1, 2] * 4, rules=Rules(margin_sd=0.0)).margin is None


def test_the_second_look_needs_five_answers_in_all_four_cells():
    row = moved([1, 2] * 4, size=4)
    assert (row.p_sign_flip, row.school_difference, row.n_up) == (None, None, 0)
    assert row.p < 0.05
    assert row.verdict is Verdict.NO_CLEAR_CHANGE  # eight schools need both tests


def test_the_gap_of_schools_in_both_waves():
    before = between(*pairs(*[(i, [4, 5], [3]) for i in range(7)], (7, [1], [5])))
    after = between(*pairs(*[(i, [5, 4 + i % 2], [3]) for i in range(7)]))
    row = gap_change(BETWEEN, ("W0", "W1"), before, after, Rules())
    assert (row.baseline, row.n_baseline, row.n_endline, row.n_schools) == (1.5, 21, 21, 7)
    assert row.all_difference == pytest.approx(row.endline - (64 / 15 - 26 / 8))


def test_the_change_of_a_gap_is_refused():
    cells = pairs(*[(i, [4 + i % 2], [3, 2]) for i in range(8)])
    full = between(*cells)
    empty = between([{"school": "IS-01", "q": 3}], [{"school": "IS-01", "q": None}])
    for first, second in ((full, empty), (empty, full), (empty, empty)):
        row = gap_change(BETWEEN, ("W0", "W1"), first, second, Rules())
        assert (row.verdict, row.reason) == (
            Verdict.NOT_APPLICABLE,
            Reason.NOT_IN_BOTH_WAVES,
        )
        assert (row.difference, row.all_difference, row.se) == (None, None, None)
    row = moved([1, 2, 1, 2, 1])
    assert (row.verdict, row.reason) == (Verdict.NOT_APPLICABLE, Reason.TOO_FEW_CLUSTERS)
    assert row.difference == pytest.approx(1.4)
    row = moved([1] * 8)
    assert (row.reason, row.se, row.all_se) == (Reason.ZERO_VARIANCE, None, None)
