"""The change of one school (method section 8)."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.change_school import school_changes
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import ChangeRow
from indicators.pipeline.pair import pair_waves
from indicators.pipeline.shapes import MeasureSpec
from indicators.vocabulary import MeasureKind, Reason, Respondent, Scope, Selection, Verdict
from tests.pipeline import naive
from tests.pipeline.builders import (
    FEW,
    index,
    measure,
    register,
    totals_of,
)

TEACHER = {"respondent": Respondent.TEACHER}
NOTES = ("se", "df", "t", "p", "ci_low", "ci90_high", "second_look", "n_up", "p_sign_flip")


def changes(
    spec: MeasureSpec,
    before: dict[str, list[int]],
    after: dict[str, list[int]],
    *,
    continues: dict[str, str] | None = None,
    selection: Selection = Selection.CENSUS,
    classes: np.ndarray | None = None,
    margin: float | None = None,
    rules: Rules | None = None,
) -> dict[str, ChangeRow]:
    totals = [
        totals_of(
            spec, [{"school": code, "q": y} for code, ys in wave.items() for y in (ys or [None])]
        )
        for wave in (before, after)
    ]
    schools = register({*before, *after}, continues=continues)
    pair = pair_waves("W0", "W1", *totals, schools)
    rows = school_changes(
        spec, pair, selection, rules or Rules(), class_sizes=classes, margin=margin
    )
    return {row.school: row for row in rows}


def test_welch_by_hand():
    # variances 10/7 * ... : [1..4, 1..4] has mean 2.5, sd^2 = 10/7; shifted by 1 likewise
    row = changes(measure(), {"A": [1, 2, 3, 4] * 2}, {"A": [2, 3, 4, 5] * 2})["A"]
    assert (row.baseline, row.endline, row.difference) == (2.5, 3.5, 1.0)
    assert (row.n_baseline, row.n_endline, row.n_schools) == (8, 8, 1)
    assert row.se == pytest.approx(sqrt(2 * 10 / 7 / 8))
    assert row.df == pytest.approx(14)
    assert row.ci_high == pytest.approx(1 + 2.1447866879 * row.se)
    assert (row.verdict, row.method, row.scope) == (
        Verdict.NO_CLEAR_CHANGE,
        "welch",
        Scope.SCHOOL,
    )
    # 80 % power with 8 + 8 answers needs 1.51 SD (method section 8)
    assert row.detectable == pytest.approx(1.507 * sqrt(10 / 7), abs=1e-3)


@pytest.mark.parametrize(
    ("after", "margin", "verdict"),
    [
        ([5] * 7 + [4], 0.5, Verdict.INCREASED),
        ([5] * 7 + [4], 4.0, Verdict.INCREASED_SMALL),
        ([1] * 7 + [2], 0.5, Verdict.DECREASED),
        ([1] * 7 + [2], 4.0, Verdict.DECREASED_SMALL),
        ([3] * 7 + [4], 4.0, Verdict.NO_MEANINGFUL_CHANGE),
        ([3] * 7 + [4], None, Verdict.NO_CLEAR_CHANGE),
    ],
)
def test_the_words(after, margin, verdict):
    row = changes(measure(), {"A": [3] * 6 + [2, 4]}, {"A": after}, margin=margin)["A"]
    assert (row.verdict, row.reason, row.margin) == (verdict, None, margin)
    assert row.second_look is None


def test_classes_widen_the_interval():
    before, after = {"A": [1, 2, 3, 4] * 5}, {"A": [2, 3, 4, 5] * 5}
    plain = changes(measure(), before, after)["A"]
    # four classes of ten: deff = 1 + 9 * 0.05
    classes = np.array([[10.0, 10, 0, 10, 10]])
    wide = changes(measure(), before, after, classes=classes)["A"]
    assert wide.se == pytest.approx(plain.se * sqrt(1.45))
    assert wide.df == pytest.approx(plain.df / 1.45)
    assert wide.detectable > plain.detectable * sqrt(1.45)
    none = changes(measure(), before, after, classes=classes, rules=Rules(class_correlation=0))
    assert none["A"].se == pytest.approx(plain.se)


def test_a_share_of_teachers_is_newcombe_and_fisher():
    spec = measure(MeasureKind.SHARE, codes=frozenset({1}), **TEACHER)
    row = changes(spec, {"A": [1] * 3 + [0] * 7}, {"A": [1] * 10}, margin=0.05)["A"]
    # Fisher, by hand: the table and its mirror do not both exist: 13 yes of 20;
    # P(x1 = 3) = C(13,3) C(7,7) / C(20,10) = 286/184756, and x1 = 10 has the same probability.
    assert row.p == pytest.approx(2 * 286 / 184756)
    assert (row.verdict, row.method) == (Verdict.INCREASED, "newcombe")
    assert (row.se, row.df, row.t) == (None, None, None)
    assert row.ci_low == pytest.approx(
        0.7 - sqrt((1 - 0.722467) ** 2 + (0.603222 - 0.3) ** 2), abs=1e-5
    )
    assert row.ci_high <= 1
    assert row.ci_low < row.ci90_low < 0.7 < row.ci90_high < row.ci_high


def test_a_share_of_students_keeps_to_welch_because_of_the_classes():
    spec = measure(MeasureKind.SHARE, codes=frozenset({1}))
    row = changes(spec, {"A": [1] * 3 + [0] * 7}, {"A": [1] * 9 + [0]})["A"]
    assert row.method == "welch"
    assert row.se is not None


@pytest.mark.parametrize(
    ("n_before", "n_after", "reason"),
    [
        (7, 12, Reason.TOO_FEW_RESPONDENTS),
        (12, 7, Reason.TOO_FEW_RESPONDENTS),
        (4, 12, Reason.SUPPRESSED),
        (12, 1, Reason.SUPPRESSED),
        (8, 8, None),
    ],
)
@pytest.mark.parametrize("kind", [MeasureKind.ITEM_MEAN, MeasureKind.SHARE])
def test_small_schools_get_no_word(n_before, n_after, reason, kind):
    spec = measure(kind, codes=frozenset({2}), **TEACHER)
    answers = [1, 2, 3] * 4
    row = changes(spec, {"A": answers[:n_before]}, {"A": answers[:n_after]})["A"]
    assert row.reason is reason
    assert (row.verdict is Verdict.NOT_APPLICABLE) is (reason is not None)
    assert (row.p is None) is (reason is not None)
    assert row.difference is not None  # officers see all


def test_the_least_number_of_answers_is_a_rule_of_the_project():
    answers = {"A": [1, 2, 3] * 3}
    assert changes(measure(), answers, answers)["A"].reason is None
    row = changes(measure(), answers, answers, rules=Rules(min_group_verdict=10))["A"]
    assert row.reason is Reason.TOO_FEW_RESPONDENTS


def test_a_school_of_one_wave_only():
    rows = changes(measure(), {"A": [1] * 9, "B": [2] * 9}, {"B": [3] * 9, "C": [5] * 9})
    assert set(rows) == {"A", "B", "C"}
    for code, baseline, endline in (("A", 1.0, None), ("C", None, 5.0)):
        row = rows[code]
        assert (row.baseline, row.endline, row.difference) == (baseline, endline, None)
        assert (row.verdict, row.reason) == (Verdict.NOT_APPLICABLE, Reason.NOT_IN_BOTH_WAVES)
        assert (row.n_schools, row.detectable) == (0, None)


def test_a_school_without_any_answer_has_no_row():
    assert set(changes(measure(), {"A": [1], "B": []}, {"A": [2], "B": []})) == {"A"}


def test_a_merged_school_goes_by_its_new_code():
    rows = changes(
        measure(),
        {"IS-09": [1, 2, 3] * 4},
        {"IS-24": [3, 4, 5] * 4},
        continues={"IS-24": "IS-09"},
    )
    assert set(rows) == {"IS-24"}
    assert rows["IS-24"].difference == pytest.approx(2.0)
    assert rows["IS-24"].verdict is Verdict.INCREASED


def test_equal_answers_have_no_interval():
    row = changes(measure(), {"A": [3] * 9}, {"A": [4] * 9})["A"]
    assert (row.difference, row.reason) == (1.0, Reason.ZERO_VARIANCE)
    assert (row.verdict, row.se, row.ci_low) == (Verdict.NOT_APPLICABLE, None, None)


@pytest.mark.parametrize(
    ("spec", "selection", "reason"),
    [
        (measure(respondent=Respondent.PARENT), Selection.SELF_SELECTED, Reason.SELF_SELECTED),
        (measure(respondent=Respondent.DIRECTOR), Selection.CENSUS, Reason.CENSUS),
    ],
)
def test_no_test_for_parents_and_directors(spec, selection, reason):
    row = changes(spec, {"A": [1, 2, 3] * 4}, {"A": [3, 4, 5] * 4}, selection=selection)["A"]
    assert (row.verdict, row.reason, row.difference) == (
        Verdict.NOT_APPLICABLE,
        reason,
        pytest.approx(2),
    )
    assert all(getattr(row, name) is None for name in NOTES)
    assert row.detectable is None


def test_a_reworded_question_is_not_comparable_in_a_school_either():
    rows = changes(
        measure(common_items=()),
        {"A": [1, 2, 3] * 4, "B": [1]},
        {"A": [3, 4, 5] * 4},
    )
    row = rows["A"]
    assert (row.verdict, row.reason) == (Verdict.NOT_COMPARABLE, Reason.NOT_COMPARABLE)
    assert (row.baseline, row.endline, row.difference) == (2.0, 4.0, None)
    assert rows["B"].reason is Reason.NOT_IN_BOTH_WAVES


def test_common_items_are_named():
    answers = {"A": [1, 2, 3] * 4}
    assert changes(index(["q", "new"], common_items=("q",)), answers, answers)[
        "A"
    ].is_on_common_items
    assert not changes(measure(), answers, answers)["A"].is_on_common_items


@given(st.lists(st.integers(1, 5), min_size=8, max_size=20), st.data())
@FEW
def test_agrees_with_the_formula_person_by_person(before, data):
    after = data.draw(st.lists(st.integers(1, 5), min_size=8, max_size=20))
    row = changes(measure(), {"A": before}, {"A": after})["A"]
    assert row.difference == pytest.approx(naive.mean(after) - naive.mean(before))
    if row.reason is None:
        part1 = naive.sd(before) ** 2 / len(before)
        part2 = naive.sd(after) ** 2 / len(after)
        assert row.se == pytest.approx(sqrt(part1 + part2))
        weight = part1**2 / (len(before) - 1) + part2**2 / (len(after) - 1)
        assert row.df == pytest.approx((part1 + part2) ** 2 / weight)
    else:
        assert len({*before}) == len({*after}) == 1


def test_one_school_does_not_depend_on_the_others():
    alone = changes(measure(), {"A": [1, 2, 3] * 4}, {"A": [2, 3, 4] * 4})["A"]
    others: dict[str, list[int]] = {"B": [5] * 30, "C": [1, 5] * 9}
    among = changes(measure(), {"A": [1, 2, 3] * 4, **others}, {"A": [2, 3, 4] * 4, "C": [2] * 3})[
        "A"
    ]
    assert among == alone
