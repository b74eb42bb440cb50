"""Shares of themes, counted by hand and by a loop."""

from __future__ import annotations

import random

import pytest

from indicators.pipeline.inputs import GivenCode, OpenQuestionSpec
from indicators.pipeline.open_coding import by_answer, coded_question, open_results


def question(codes, themes=("calm", "food", "yard"), n_used=20, n_answers=10):
    given = tuple(GivenCode(answer, coder, frozenset(said)) for answer, coder, said in codes)
    return OpenQuestionSpec(("student", "s_open"), "W0", n_used, n_answers, themes, given)


def test_shares_by_hand():
    head, rows = coded_question(
        question([(0, 1, {"calm"}), (1, 1, {"calm", "food"}), (2, 1, set()), (5, 1, {"food"})])
    )
    assert (head.n_used, head.n_answers, head.n_coded, head.n_themed) == (20, 10, 4, 3)
    assert (head.n_coders, head.n_double, head.kappa) == (1, 0, None)
    assert [(row.theme, row.n, row.n_with, row.share) for row in rows] == [
        ("calm", 4, 2, 0.5),
        ("food", 4, 2, 0.5),
        ("yard", 4, 0, 0.0),
    ]


def test_nothing_coded_is_missing_not_zero():
    head, rows = coded_question(question([]))
    assert (head.n_coded, head.n_coders) == (0, 0)
    assert {row.share for row in rows} == {None}


def test_the_coder_of_most_answers_counts_and_the_other_is_the_second_reading():
    codes = [(n, 7, {"calm"}) for n in range(4)] + [(0, 2, {"food"}), (1, 2, {"calm"})]
    codes += [(9, 2, {"yard"})]
    head, rows = coded_question(question(codes))
    assert (head.n_coded, head.n_coders, head.n_double) == (5, 2, 2)
    assert {row.theme: row.n_with for row in rows} == {"calm": 4, "food": 0, "yard": 1}
    # Two answers x three themes: alike in four of six decisions.
    assert head.agreement == pytest.approx(4 / 6)


def test_equal_coders_are_ordered_by_their_key():
    found = by_answer(question([(0, 9, {"food"}), (0, 3, {"calm"})]).codes)
    assert [code.coder for code in found[0]] == [3, 9]


def test_a_third_reading_changes_neither_share_nor_agreement():
    two = [(n, 1, {"calm"}) for n in range(5)] + [(n, 2, {"calm"}) for n in range(4)]
    first = coded_question(question(two))
    third = coded_question(question([*two, (0, 3, {"yard"})]))
    assert first[1] == third[1]
    assert first[0].kappa == third[0].kappa


@pytest.mark.parametrize("seed", range(3))
def test_shares_are_those_of_a_loop(seed):
    draw = random.Random(seed)
    themes = ("calm", "food", "yard")
    codes = [
        (answer, 1, {theme for theme in themes if draw.random() < 0.4})
        for answer in range(50)
        if draw.random() < 0.8
    ]
    _head, rows = coded_question(question(codes, n_used=90, n_answers=50))
    for row in rows:
        n = n_with = 0
        for _answer, _coder, said in codes:
            n += 1
            n_with += row.theme in said
        assert (row.n, row.n_with, row.share) == (n, n_with, n_with / n)


def test_all_questions_in_the_order_given():
    heads, rows = open_results([question([]), question([(0, 1, {"calm"})])])
    assert [head.n_coded for head in heads] == [0, 1]
    assert len(rows) == 6
