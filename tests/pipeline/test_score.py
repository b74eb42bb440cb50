"""From answer codes to one number per respondent (method section 2, product rules 1 and 6b)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.score import score
from indicators.pipeline.shapes import MISSING, MeasureSpec
from indicators.vocabulary import MeasureKind, Respondent
from tests.pipeline import naive
from tests.pipeline.builders import (
    PATIENT,
    columns,
    index,
    measure,
)

NAN = float("nan")
SIX = tuple("abcdef")


def scored(spec: MeasureSpec, people: list[dict], items: list[str] | None = None) -> list[float]:
    names = {name for person in people for name in person}
    return score(spec, columns(people, sorted(names)), items).tolist()


def same(found: list[float], expected: list[float]) -> bool:
    return bool(np.array_equal(np.array(found), np.array(expected), equal_nan=True))


@pytest.mark.parametrize(
    ("answered", "n_items", "min_share", "has_score"),
    [
        (3, 6, 0.5, True),
        (2, 6, 0.5, False),
        (3, 5, 0.5, True),
        (2, 5, 0.5, False),
        (2, 4, 0.5, True),
        (1, 4, 0.5, False),
        (2, 3, 0.5, True),
        (1, 3, 0.5, False),
        (1, 2, 0.5, True),
        (1, 1, 0.5, True),
        (0, 3, 0.5, False),
        (0, 3, 0.01, False),
        (5, 6, 1.0, False),
        (6, 6, 1.0, True),
        (11, 20, 0.55, True),
        (7, 25, 0.28, True),  # 0.28 * 25 is 7.000000000000001 in binary
        (10, 20, 0.55, False),
    ],
)
def test_an_index_needs_its_share_of_the_items(answered, n_items, min_share, has_score):
    names = [f"i{number}" for number in range(n_items)]
    person = {name: 4 if position < answered else None for position, name in enumerate(names)}
    found = scored(index(names, min_share=min_share), [person])
    assert same(found, [4.0 if has_score else NAN])


def test_a_reversed_item_is_turned_before_averaging():
    spec = index(["a", "b"], reversed_items=frozenset({"b"}))
    # 6 - 2 = 4: mean of 5 and 4; the second person left b out, the third a.
    assert same(
        scored(spec, [{"a": 5, "b": 2}, {"a": 5, "b": None}, {"a": None, "b": 1}]),
        [4.5, 5.0, 5.0],
    )


def test_a_reversed_item_of_a_scale_from_zero():
    spec = index(["a", "b"], scale=(0.0, 3.0), reversed_items=frozenset({"a"}))
    assert same(scored(spec, [{"a": 0, "b": 1}]), [2.0])


def test_an_item_not_asked_still_counts_among_the_items():
    spec = index(SIX)
    two_of_six = {"a": np.array([5]), "b": np.array([5])}
    assert same(score(spec, two_of_six).tolist(), [NAN])
    three_of_six = {**two_of_six, "c": np.array([2])}
    assert same(score(spec, three_of_six).tolist(), [4.0])


def test_the_series_on_common_items_forgets_the_others():
    spec = index(["a", "b", "new"])
    person = {"a": 2, "b": None, "new": 5}
    assert same(scored(spec, [person]), [3.5])
    assert same(scored(spec, [person], ["a", "b"]), [2.0])


def test_an_index_without_a_scale_cannot_be_computed():
    spec = measure(MeasureKind.INDEX_MEAN, items=("a",))
    with pytest.raises(ValueError, match="expected a scale for the index m"):
        score(spec, {"a": np.array([1])})


def test_do_not_know_is_in_the_base_of_a_share_and_never_in_a_mean():
    people = [{"q": 4}, {"q": 2}, {"q": 9}, {"q": None}]  # 9 = do not know
    dont_know = frozenset({9})
    share = measure(MeasureKind.SHARE, codes=frozenset({4, 5}), unscored_codes=dont_know)
    mean = measure(unscored_codes=dont_know)
    parts = index(["q"], unscored_codes=dont_know)
    assert same(scored(share, people), [1.0, 0.0, 0.0, NAN])
    assert same(scored(mean, people), [4.0, 2.0, NAN, NAN])
    assert same(scored(parts, people), [4.0, 2.0, NAN, NAN])


def test_zero_is_a_code_like_any_other():
    people = [{"q": 0}, {"q": 3}, {"q": None}]
    assert same(scored(measure(), people), [0.0, 3.0, NAN])
    zero = measure(MeasureKind.SHARE, codes=frozenset({0}))
    assert same(scored(zero, people), [1.0, 0.0, NAN])


@pytest.mark.parametrize(
    ("code", "points"),
    [(0, -100), (6, -100), (7, 0), (8, 0), (9, 100), (10, 100), (None, NAN), (11, NAN)],
)
def test_recommend_score(code, points):
    spec = measure(MeasureKind.NPS, unscored_codes=frozenset({11}))
    assert same(scored(spec, [{"q": code}]), [points])


def test_each_option_of_a_multiple_choice_is_a_share_of_those_who_answered():
    people = [{"q": 0b001}, {"q": 0b110}, {"q": 0b100}, {"q": None}]
    by_option = [scored(measure(MeasureKind.OPTION_SHARE, option=bit), people) for bit in (0, 1, 2)]
    assert same(by_option[0], [1, 0, 0, NAN])
    assert same(by_option[1], [0, 1, 0, NAN])
    assert same(by_option[2], [0, 1, 1, NAN])


def test_an_option_needs_its_bit():
    with pytest.raises(ValueError, match="expected the bit of the option"):
        score(measure(MeasureKind.OPTION_SHARE), {"q": np.array([1])})


@pytest.mark.parametrize("kind", [MeasureKind.SCHOOLS_COUNT, MeasureKind.SCHOOLS_SHARE])
def test_a_blank_answer_of_a_checklist_is_not_a_no(kind):
    spec = measure(kind, codes=frozenset({1, 2}))
    people = [{"q": 1}, {"q": 2}, {"q": 0}, {"q": None}]
    assert same(scored(spec, people), [1.0, 1.0, 0.0, NAN])


def test_an_item_that_was_not_asked_is_missing_for_everybody():
    spec = measure(items=("absent",))
    assert same(score(spec, {"q": np.array([1, 2])}).tolist(), [NAN, NAN])
    assert score(spec, {}).shape == (0,)
    assert score(index(["a"]), {}).shape == (0,)


CODES = st.one_of(st.none(), st.integers(1, 5), st.just(9))
PEOPLE = st.lists(st.fixed_dictionaries(dict.fromkeys("abcd", CODES)), min_size=1, max_size=12)
SPECS = st.sampled_from(
    [
        index("abcd", reversed_items=frozenset("bd"), unscored_codes=frozenset({9})),
        index("abc", min_share=1.0, unscored_codes=frozenset({9})),
        measure(items=("a",), unscored_codes=frozenset({9})),
        measure(MeasureKind.SHARE, items=("b",), codes=frozenset({4, 5})),
        measure(MeasureKind.OPTION_SHARE, items=("c",), option=2),
        measure(MeasureKind.NPS, items=("d",)),
    ]
)


@given(SPECS, PEOPLE)
@PATIENT
def test_agrees_with_the_loop_over_people(spec, people):
    expected = [naive.score(spec, person) for person in people]
    found = score(spec, columns(people, "abcd"))
    assert np.allclose(
        found, [NAN if value is None else value for value in expected], equal_nan=True
    )


@given(PEOPLE)
@PATIENT
def test_reversing_every_item_mirrors_the_index(people):
    plain = index("abcd", unscored_codes=frozenset({9}))
    mirrored = index("abcd", unscored_codes=frozenset({9}), reversed_items=frozenset("abcd"))
    found = columns(people, "abcd")
    assert np.allclose(score(mirrored, found), 6 - score(plain, found), equal_nan=True)


@given(PEOPLE)
@PATIENT
def test_answers_are_not_changed_by_scoring(people):
    found = columns(people, "abcd")
    kept = {name: codes.copy() for name, codes in found.items()}
    score(index("abcd", reversed_items=frozenset("a")), found)
    assert all((found[name] == kept[name]).all() for name in kept)
    assert all(codes.min() >= MISSING for codes in found.values())


def test_percent_positive_index_counts_undecided_as_answered() -> None:
    """Agree 2, undecided 1, disagree 0: percent of the answered statements that were agreed to."""
    spec = MeasureSpec(
        code="index:readiness",
        kind=MeasureKind.INDEX_MEAN,
        instrument="teacher",
        respondent=Respondent.TEACHER,
        items=("r1", "r2", "r3"),
        positive_codes=frozenset({2}),
    )
    answers = {
        "r1": np.array([2, 2, MISSING, MISSING]),
        "r2": np.array([2, 1, 2, MISSING]),
        "r3": np.array([0, 1, MISSING, MISSING]),
    }
    found = score(spec, answers)
    assert found[:2] == pytest.approx([200 / 3, 100 / 3])
    assert np.isnan(found[2:]).all()  # one of three is under half
