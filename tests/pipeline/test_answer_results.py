"""How questions were answered: counts against a loop over people, figures against hand counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.answer_counts import AnswerCounts, counts_of
from indicators.pipeline.answer_results import in_bands, item_row
from indicators.pipeline.calculate import calculate
from indicators.pipeline.inputs import QuestionSpec
from indicators.pipeline.shapes import MISSING
from indicators.vocabulary import ItemKind
from tests.pipeline.builders import PATIENT, answers, measure, project

AGREE = QuestionSpec(
    "student", "q", ItemKind.SCALE, (5, 4, 3, 2, 1, 0), frozenset({1, 2, 3, 4, 5}), is_ordered=True
)
TICKED = QuestionSpec("student", "m", ItemKind.MULTI, (10, 11, 12), frozenset({10, 11, 12}))
RECOMMEND = QuestionSpec(
    "student", "r", ItemKind.SCALE, tuple(range(11)), frozenset(range(11)), is_ordered=True
)
AGE = QuestionSpec("student", "age", ItemKind.NUMBER)

codes_of_people = st.lists(st.sampled_from([MISSING, 0, 1, 2, 3, 4, 5]), max_size=40)


def of(question: QuestionSpec, codes: list[int], weight: list[float] | None = None):
    w = None if weight is None else np.array(weight, dtype=np.float64)
    return item_row(question, "W0", counts_of(question, np.array(codes, dtype=np.int64), w))


@PATIENT
@given(codes_of_people)
def test_a_scale_is_counted_as_a_loop_counts_it(codes):
    row = of(AGREE, codes)
    chosen = [code for code in codes if code != MISSING]
    scored = [code for code in chosen if code != 0]
    assert (row.n_sheets, row.n, row.n_scored) == (len(codes), len(chosen), len(scored))
    assert row.counts == {str(code): n for code, n in sorted(Counter(chosen).items())}
    if scored:
        assert row.mean == pytest.approx(sum(scored) / len(scored))
        assert row.low == pytest.approx(sum(code in (1, 2) for code in chosen) / len(chosen))
        assert row.top == pytest.approx(sum(code in (4, 5) for code in chosen) / len(chosen))
    else:
        assert (row.mean, row.low, row.top, row.common) == (None, None, None, None)
    if len(scored) > 1:
        assert row.sd == pytest.approx(np.std(scored, ddof=1))


def test_the_base_of_shares_holds_dont_know_and_that_of_the_mean_does_not():
    row = of(AGREE, [5, 5, 4, 0, MISSING])
    assert (row.n_sheets, row.n, row.n_scored) == (5, 4, 3)
    assert row.mean == pytest.approx(14 / 3)
    assert row.top == 0.75


def test_the_mean_stands_on_the_scale_from_1_to_5_too():
    times = replace(AGREE, options=(0, 1, 2, 3), scored=frozenset({0, 1, 2, 3}))
    row = of(times, [0, 3, 3, 0])
    assert (row.mean, row.common) == (1.5, 3.0)
    assert of(times, [3, 3]).common == 5.0


def test_a_scale_of_three_has_no_two_ends():
    short = replace(AGREE, options=(0, 1, 2), scored=frozenset({0, 1, 2}))
    row = of(short, [0, 1, 2])
    assert (row.low, row.top, row.mean) == (None, None, 1.0)


def test_one_option_that_counts_has_a_mean_and_no_common_scale():
    alone = replace(AGREE, scored=frozenset({4}))
    assert of(alone, [4, 4]).mean == 4
    assert of(alone, [4, 4]).common is None


def test_a_nominal_question_has_counts_alone():
    row = of(replace(AGREE, is_ordered=False), [1, 2, 2])
    assert row.counts == {"1": 1, "2": 2}
    assert (row.mean, row.n_scored, row.low) == (None, 0, None)


def test_several_options_have_two_bases():
    # bits: 1 = option 10, 2 = option 11, 4 = option 12
    row = of(TICKED, [0b001, 0b011, 0b111, MISSING])
    assert (row.n_sheets, row.n, row.n_mentions) == (4, 3, 6)
    assert row.counts == {"10": 3, "11": 2, "12": 1}


def test_a_recommend_score_is_promoters_minus_detractors():
    row = of(RECOMMEND, [10, 9, 8, 7, 6, 0, 10, 9])
    assert (row.promoters, row.passives, row.detractors) == (0.5, 0.25, 0.25)
    assert row.score == 25.0
    assert (row.low, row.top) == (None, None)


def test_weights_move_shares_and_the_mean_but_not_the_base():
    row = of(AGREE, [1, 5, MISSING], weight=[3.0, 1.0, 9.0])
    assert (row.n, row.n_scored) == (2, 2)
    assert row.mean == 2.0
    assert row.counts == {"1": 1.5, "5": 0.5}
    assert (row.low, row.top) == (0.75, 0.25)
    ticked = of(TICKED, [0b001, 0b010], weight=[3.0, 1.0])
    assert ticked.counts == {"10": 1.5, "11": 0.5, "12": 0}


def test_numbers_are_kept_one_by_one_or_in_bands():
    few = of(AGE, [14, 15, 15, MISSING])
    assert few.counts == {"14": 1, "15": 2}
    assert few.mean == pytest.approx(44 / 3)
    bands = in_bands(dict.fromkeys(range(25), 1))
    assert bands["0-2"] == 3
    assert bands["24-24"] == 1
    assert sum(bands.values()) == 25
    assert of(AGE, [MISSING]).counts == {}


def test_numbers_far_apart_are_counted_too():
    row = of(AGE, [1, 100_000, 100_000])
    assert row.counts == {"1": 1, "100000": 2}
    weighted = of(AGE, [1, 100_000], weight=[1.0, 3.0])
    assert weighted.counts == {"1": 0.5, "100000": 1.5}
    assert weighted.mean == pytest.approx((1 + 3 * 100_000) / 4)


def test_nobody_answered():
    row = of(RECOMMEND, [MISSING, MISSING])
    assert (row.n_sheets, row.n, row.mean, row.score) == (2, 0, None, None)


@PATIENT
@given(codes_of_people, codes_of_people)
def test_counts_of_two_files_add_up(first, second):
    one, two, both = (
        counts_of(AGREE, np.array(codes, dtype=np.int64))
        for codes in (first, second, first + second)
    )
    assert one + two == both


def test_the_calculation_counts_every_question_of_every_wave():
    people = [{"school": "A", "q": 4, "m": 3, "age": 14}, {"school": "B", "q": 0, "m": 1}]
    open_question = QuestionSpec("student", "why", ItemKind.TEXT)
    unasked = QuestionSpec("student", "new", ItemKind.SCALE)
    before = replace(answers("W0", people), count_texts=lambda names: dict.fromkeys(names, 2))
    found = calculate(
        project(
            before,
            answers("W1", people[:1]),
            measures=[measure()],
            questions=(AGREE, TICKED, AGE, open_question, unasked),
        )
    ).items
    by_key = {(row.item, row.wave): row for row in found}
    assert list(by_key) == [
        *(("q", "W0"), ("q", "W1"), ("m", "W0"), ("m", "W1"), ("age", "W0"), ("age", "W1")),
        ("why", "W0"),
    ]
    assert by_key["q", "W0"].n == 2
    assert by_key["m", "W0"].counts == {"10": 2, "11": 1, "12": 0}
    assert (by_key["why", "W0"].n_sheets, by_key["why", "W0"].n) == (2, 2)
    assert by_key["why", "W0"].counts is None


def test_two_files_of_a_wave_are_one_result():
    people = [{"school": "A", "q": 4}, {"school": "B", "q": 2}]
    files = (answers("W0", people[:1]), answers("W0", people[1:]))
    [row] = calculate(project(*files, measures=[measure()], questions=(AGREE,))).items
    assert (row.n, row.mean, row.counts) == (2, 3.0, {"2": 1, "4": 1})


def test_weighted_counts_know_that_they_are():
    assert not AnswerCounts(1, 1, 1.0, {1: 1.0}, {1: 1.0}).is_weighted
    assert AnswerCounts(1, 1, 2.0, {1: 1.0}, {1: 2.0}).is_weighted
