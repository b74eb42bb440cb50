"""The change of the project on the schools of both waves (method sections 5 and 15)."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.change import group_changes, project_change, uses_common_items
from indicators.pipeline.change_rows import margin_for
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import ChangeRow
from indicators.pipeline.pair import Pair, pair_waves
from indicators.pipeline.shapes import MeasureSpec, SchoolSpec
from indicators.vocabulary import MeasureKind, Reason, Respondent, SecondLook, Selection, Verdict
from tests.pipeline import naive
from tests.pipeline.builders import (
    FEW,
    SEX,
    Person,
    codes_of,
    crowd,
    index,
    measure,
    register,
    totals_of,
)
from tests.stats.naive import cr2, sign_flip

TEN = codes_of(10)
UNTESTED = ("se", "df", "t", "p", "ci_low", "ci90_high", "all_se", "second_look", "p_sign_flip")


def pair_of(
    spec: MeasureSpec,
    before: list[Person],
    after: list[Person],
    schools: dict[str, SchoolSpec] | None = None,
) -> Pair:
    names = {person["school"] for person in (*before, *after)}
    return pair_waves(
        "W0", "W1", totals_of(spec, before), totals_of(spec, after), schools or register(names)
    )


def change(
    spec: MeasureSpec,
    before: list[Person],
    after: list[Person],
    schools: dict[str, SchoolSpec] | None = None,
    selection: Selection = Selection.CENSUS,
    rules: Rules | None = None,
) -> ChangeRow:
    return project_change(spec, pair_of(spec, before, after, schools), selection, rules or Rules())


def schools_of(*values: list[int]) -> list[Person]:
    """One list of answers per school."""
    return [
        {"school": code, "q": y}
        for code, ys in zip(codes_of(len(values)), values, strict=True)
        for y in ys
    ]


@given(st.integers(0, 10_000))
@FEW
def test_agrees_with_regression_person_by_person(seed):
    """Pooled difference, CR2 and Satterthwaite with matrices, sign flip by all sign vectors."""
    spec = measure()
    before = crowd(seed, TEN)
    after = crowd(seed + 1, TEN[:8], shift=0.3)
    row = change(spec, before, after)
    people = naive.panel(spec, before, after, register(TEN))
    estimate, variance, df = cr2(people, np.array([-1.0, 1.0]))
    assert row.difference == pytest.approx(estimate)
    assert row.se == pytest.approx(sqrt(variance))
    assert row.df == pytest.approx(df)
    differences = naive.school_mean_differences(people)
    assert row.school_difference == pytest.approx(naive.mean(differences))
    expected = pytest.approx(sign_flip(differences)) if len(differences) >= 6 else None
    assert row.p_sign_flip == expected
    assert row.n_up == sum(d > 0 for d in differences)
    assert row.n_down == sum(d < 0 for d in differences)
    assert (row.n_baseline, row.n_endline) == ((people.cell == 0).sum(), (people.cell == 1).sum())
    assert (row.n_schools, row.schools_left) == (8, ("IS-09", "IS-10"))


def test_the_schools_that_left_count_in_the_figure_of_all_schools_only():
    before = schools_of(*[[2, 4]] * 7, [5, 5])
    after = schools_of(*[[4, 4]] * 7)
    row = change(measure(), before, after)
    assert (row.baseline, row.endline, row.difference) == (3.0, 4.0, 1.0)
    assert row.all_difference == pytest.approx(4 - 52 / 16)
    assert row.all_se > 0
    assert (row.schools_left, row.schools_joined) == (("IS-08",), ())
    assert (row.n_baseline, row.n_endline, row.n_schools) == (14, 14, 7)


def test_a_school_that_joined_is_named_and_left_out():
    before = schools_of(*[[2, 4]] * 7)
    after = [*schools_of(*[[4, 5]] * 7), {"school": "IS-08", "q": 1}]
    row = change(measure(), before, after)
    assert (row.endline, row.difference) == (4.5, 1.5)
    assert row.all_difference == pytest.approx((63 + 1) / 15 - 3)
    assert (row.schools_left, row.schools_joined) == ((), ("IS-08",))


def test_a_merged_school_continues_its_line():
    schools = register([*codes_of(7), "IS-24"], continues={"IS-24": "IS-02"})
    before = schools_of(*[[2, 4, 3]] * 7)
    after = [
        {**person, "school": "IS-24" if person["school"] == "IS-02" else person["school"]}
        for person in schools_of(*[[4, 5, 3]] * 7)
    ]
    pair = pair_of(measure(), before, after, schools)
    assert pair.lineages == tuple(codes_of(7))
    assert (pair.before_codes[1], pair.after_codes[1]) == ("IS-02", "IS-24")
    row = project_change(measure(), pair, Selection.CENSUS, Rules())
    assert (row.n_schools, row.schools_left, row.schools_joined) == (7, (), ())
    same = change(measure(), before, schools_of(*[[4, 5, 3]] * 7))
    assert row == same


def test_two_schools_of_one_line_in_a_wave_are_one_school():
    schools = register(["A", "B", "C"], continues={"B": "A"})
    both = [{"school": "A", "q": 1}, {"school": "B", "q": 5}, {"school": "C", "q": 2}]
    pair = pair_of(measure(), both, both, schools)
    assert pair.lineages == ("A", "C")
    assert pair.before.n.tolist() == [2.0, 1.0]
    assert pair.before.total.tolist() == [6.0, 2.0]
    assert pair.before.squares.tolist() == [26.0, 4.0]


def lifted(by: list[int], spread: tuple[int, ...] = (3, 4, 5, 6, 7)) -> tuple[list, list]:
    """Schools answering `spread` and then each `by` more."""
    before = schools_of(*[list(spread)] * len(by))
    after = schools_of(*[[y + one for y in spread] for one in by])
    return before, after


@pytest.mark.parametrize(
    ("by", "margin", "verdict"),
    [
        ([1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 2], 0.5, Verdict.INCREASED),
        ([1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 2], 3.0, Verdict.INCREASED_SMALL),
        ([-1, -1, -2, -1, -1, -2, -1, -1, -2, -1, -1, -2], 0.5, Verdict.DECREASED),
        ([-1, -1, -2, -1, -1, -2, -1, -1, -2, -1, -1, -2], 3.0, Verdict.DECREASED_SMALL),
        ([1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1], 0.6, Verdict.NO_MEANINGFUL_CHANGE),
        ([1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1], 0.2, Verdict.NO_CLEAR_CHANGE),
        ([1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1], None, Verdict.NO_CLEAR_CHANGE),
    ],
)
def test_the_words(by, margin, verdict):
    # Equal sizes: CR2 is the paired t test. d = +-1 alternating: se 1.0445/sqrt(12) = 0.3015,
    # 90 % half width 0.5415.
    before, after = lifted(by)
    rules = Rules(margin_sd=0.0)
    row = change(measure(margin=margin), before, after, rules=rules)
    assert row.verdict is verdict
    assert (row.margin, row.reason, row.method) == (margin, None, "cr2")
    d = np.array(by, dtype=float)
    assert row.se == pytest.approx(d.std(ddof=1) / sqrt(12))
    assert row.df == pytest.approx(11)
    is_significant = verdict not in (Verdict.NO_CLEAR_CHANGE, Verdict.NO_MEANINGFUL_CHANGE)
    assert row.second_look is (SecondLook.CONFIRMED if is_significant else SecondLook.NOT_NEEDED)


def test_few_schools_need_both_tests():
    """Six schools, one of them down: the t test says yes, the sign flip cannot."""
    before, after = lifted([3, 3, 3, 3, 3, -1])
    row = change(measure(), before, after)
    assert row.p < 0.05 < row.p_sign_flip
    assert row.verdict is Verdict.NO_CLEAR_CHANGE
    assert row.second_look is SecondLook.DEPENDS_ON_LARGE_SCHOOLS


def test_large_schools_may_carry_the_change():
    """Twelve schools and more: the pooled test decides, the second look warns."""
    by = [2] * 8 + [-2, -2, -2, -2]
    sizes = [60] * 8 + [5] * 4
    before, after = [], []
    for code, one, size in zip(codes_of(12), by, sizes, strict=True):
        before += [{"school": code, "q": 3 + i % 3} for i in range(size)]
        after += [{"school": code, "q": 3 + i % 3 + one} for i in range(size)]
    row = change(measure(), before, after)
    assert row.p < 0.05 < row.p_sign_flip
    assert row.verdict is Verdict.INCREASED
    assert row.second_look is SecondLook.DEPENDS_ON_LARGE_SCHOOLS


def test_alpha_is_a_rule_of_the_project():
    before, after = lifted([2, 1, 1, 0, 1, 0, 1, 2, 0, -1, 1, 0])
    strict = change(measure(), before, after, rules=Rules(alpha=0.001))
    usual = change(measure(), before, after)
    assert (usual.verdict, strict.verdict) == (Verdict.INCREASED, Verdict.NO_CLEAR_CHANGE)


def refused(row: ChangeRow, reason: Reason) -> None:
    assert (row.verdict, row.reason) == (Verdict.NOT_APPLICABLE, reason)
    assert all(getattr(row, name) is None for name in UNTESTED)


def test_five_schools_are_too_few():
    before, after = lifted([1, 2, 1, 2, 1])
    row = change(measure(), before, after)
    refused(replace(row, all_se=None), Reason.TOO_FEW_CLUSTERS)
    assert row.difference == pytest.approx(1.4)
    assert (row.n_up, row.n_down) == (5, 0)


def test_two_giant_schools_are_too_few_as_well():
    """Satterthwaite df below 4 although there are eight schools (method 5.3)."""
    before, after = [], []
    for number, code in enumerate(codes_of(8)):
        size = 500 if number < 2 else 1
        before += [{"school": code, "q": 3 + i % 2} for i in range(size)]
        after += [{"school": code, "q": 4 + (i + number) % 2} for i in range(size)]
    row = change(measure(), before, after)
    assert (row.reason, row.verdict) == (Reason.TOO_FEW_CLUSTERS, Verdict.NOT_APPLICABLE)


def test_the_same_answer_everywhere_has_no_variance():
    row = change(measure(), schools_of(*[[3] * 5] * 7), schools_of(*[[4] * 5] * 7))
    refused(replace(row, df=None, p_sign_flip=None), Reason.ZERO_VARIANCE)  # no "+-0"
    assert (row.difference, row.school_difference, row.margin) == (1.0, 1.0, None)
    assert row.p_sign_flip == 2 / 2**7  # needs no variance


def test_nobody_in_both_waves():
    before, after = schools_of([1], [2]), [{"school": "IS-03", "q": 3}]
    row = change(measure(), before, after)
    refused(row, Reason.NOT_IN_BOTH_WAVES)
    assert (row.baseline, row.endline, row.difference, row.n_schools) == (None, None, None, 0)
    assert row.all_difference == 1.5
    assert (row.schools_left, row.schools_joined) == (("IS-01", "IS-02"), ("IS-03",))


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [(3, None, Reason.NOT_IN_BOTH_WAVES), (None, None, Reason.NO_DATA)],
)
def test_nothing_answered(before, after, reason):
    row = change(measure(), [{"school": "A", "q": before}], [{"school": "A", "q": after}])
    refused(row, reason)
    assert row.all_difference is None


def test_parents_get_no_test():
    before, after = lifted([1, 2, 1, 2, 1, 2, 1, 2])
    spec = measure(respondent=Respondent.PARENT)
    row = change(spec, before, after, selection=Selection.SELF_SELECTED)
    refused(row, Reason.SELF_SELECTED)
    assert row.difference == pytest.approx(1.5)
    assert row.margin is None


def test_directors_are_pairs_of_counts():
    """Yes in 3 of 6 and then 4 of 6: two gained, one lost. One school left."""
    spec = measure(MeasureKind.SCHOOLS_COUNT, codes=frozenset({1}), respondent=Respondent.DIRECTOR)
    before = schools_of([1], [1], [1], [0], [0], [0], [1])
    after = schools_of([1], [1], [0], [1], [1], [0])
    row = change(spec, before, after)
    refused(row, Reason.CENSUS)
    assert (row.baseline, row.endline, row.difference) == (3.0, 4.0, 1.0)
    assert (row.n_up, row.n_down, row.n_schools) == (2, 1, 6)
    assert row.all_difference == 0.0
    share = change(replace(spec, kind=MeasureKind.SCHOOLS_SHARE), before, after)
    assert share.difference == pytest.approx(1 / 6)


def test_a_reworded_question_shows_both_levels_and_no_difference():
    before, after = lifted([1, 2, 1, 2, 1, 2, 1, 2])
    row = change(measure(common_items=()), before, after)
    assert (row.verdict, row.reason) == (Verdict.NOT_COMPARABLE, Reason.NOT_COMPARABLE)
    assert (row.baseline, row.endline) == (5.0, 6.5)
    assert all(getattr(row, name) is None for name in (*UNTESTED, "difference", "n_up", "n_down"))
    assert row.all_difference is None
    assert not row.is_on_common_items


def test_a_change_on_common_items_says_so():
    before, after = lifted([1, 2, 1, 2, 1, 2, 1, 2])
    assert not change(measure(), before, after).is_on_common_items
    spec = index(["q", "new"], common_items=("q",))
    assert change(spec, before, after).is_on_common_items


@pytest.mark.parametrize(("common", "uses"), [((), False), (("a",), True), (("a", "b"), False)])
def test_uses_common_items(common, uses):
    assert uses_common_items(index(["a", "b"], common_items=common)) is uses


@pytest.mark.parametrize(
    ("spec", "sd", "margin"),
    [
        (measure(), 0.8, 0.16),
        (measure(margin=0.3), 0.8, 0.3),
        (measure(margin=0.3), None, 0.3),
        (measure(), 0.0, None),
        (measure(), None, None),
        (measure(margin=0.0), 0.8, None),
        (measure(MeasureKind.SHARE), 0.4, 0.05),
        (measure(MeasureKind.OPTION_SHARE), None, 0.05),
        (measure(MeasureKind.NPS), 70.0, 10.0),
    ],
)
def test_the_smallest_change_that_matters(spec, sd, margin):
    assert margin_for(spec, Rules(), sd) == (None if margin is None else pytest.approx(margin))


def test_the_default_margin_is_a_fifth_of_the_baseline_sd_of_the_panel():
    before, after = lifted([1, 2, 1, 2, 1, 2, 1, 2])
    row = change(measure(), before, after)
    assert row.margin == pytest.approx(0.2 * naive.sd([p["q"] for p in before]))


@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(-2, 2))
@FEW
def test_scale_and_shift(seed, factor, shift):
    """d, se and interval scale with the unit; df, t, p and the words do not change."""
    before, after = crowd(seed, TEN), crowd(seed + 1, TEN, shift=0.3)
    row = change(measure(), before, after)

    def moved(people: list[Person]) -> list[Person]:
        return [
            {**p, "q": None if p["q"] is None else 10 + shift + factor * p["q"]} for p in people
        ]

    other = change(measure(), moved(before), moved(after))
    for name in ("difference", "se", "ci_low", "ci90_high", "all_difference", "margin"):
        assert getattr(other, name) == pytest.approx(factor * getattr(row, name), abs=1e-9)
    for name in ("df", "t", "p", "p_sign_flip"):
        assert getattr(other, name) == pytest.approx(getattr(row, name))
    assert (other.verdict, other.n_up) == (row.verdict, row.n_up)


@given(st.integers(0, 10_000))
@FEW
def test_the_way_back_is_the_opposite(seed):
    before, after = crowd(seed, TEN), crowd(seed + 1, TEN, shift=0.3)
    there, back = change(measure(), before, after), change(measure(), after, before)
    assert there.difference == pytest.approx(-back.difference)
    assert there.se == pytest.approx(back.se)
    assert there.ci_low == pytest.approx(-back.ci_high)
    assert (there.n_up, there.n_down) == (back.n_down, back.n_up)


def test_a_school_with_equal_means_neither_rose_nor_fell_in_its_group() -> None:
    """The same six scores in another order add up to another last digit."""
    first, second = (13, 11, 3, 8, 14, 10), (13, 14, 3, 10, 11, 8)

    def people(sums: tuple[int, ...]) -> list[Person]:
        return [
            {"school": code, "sex": 1, "a": y // 3, "b": (y + 1) // 3, "c": (y + 2) // 3}
            for code in codes_of(6)
            for y in sums
        ]

    spec = index(("a", "b", "c"), groups=(SEX,))
    totals = [totals_of(spec, people(sums)) for sums in (first, second)]
    assert totals[0].schools.total[0] != totals[1].schools.total[0]
    pair = pair_waves("W0", "W1", *totals, register(codes_of(6)), spec.groups)
    rows = [
        project_change(spec, pair, Selection.CENSUS, Rules()),
        *group_changes(spec, pair, Selection.CENSUS, Rules()),
    ]
    assert [(row.n_up, row.n_down) for row in rows] == [(0, 0), (0, 0)]
