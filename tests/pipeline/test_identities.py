"""What must hold for scores and for tests judged together, on data hypothesis makes up."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.outcomes import ChangeRow
from indicators.pipeline.score import score
from indicators.pipeline.shapes import MeasureSpec
from indicators.vocabulary import Family, MeasureKind, Scope
from tests.pipeline.builders import PATIENT, Person, columns, index, measure
from tests.pipeline.test_families import judged, row

ITEMS = "abcd"
CODES = st.one_of(st.none(), st.integers(1, 5), st.just(9))
PEOPLE = st.lists(st.fixed_dictionaries(dict.fromkeys(ITEMS, CODES)), min_size=1, max_size=12)
UNSCORED = frozenset({9})
SPECS = st.sampled_from(
    [
        index(ITEMS, reversed_items=frozenset("bd"), unscored_codes=UNSCORED),
        index("abc", min_share=1.0, unscored_codes=UNSCORED),
        index(ITEMS, positive_codes=frozenset({4, 5})),
        measure(items=("a",), unscored_codes=UNSCORED),
        measure(MeasureKind.SHARE, items=("b",), codes=frozenset({4, 5})),
        measure(MeasureKind.OPTION_SHARE, items=("c",), option=2),
        measure(MeasureKind.NPS, items=("d",), unscored_codes=UNSCORED),
    ]
)


def scores(spec: MeasureSpec, people: list[Person]) -> list[float]:
    """NaN is written as None, so that lists compare."""
    found = score(spec, columns(people, ITEMS)).tolist()
    return [None if value != value else value for value in found]


@given(SPECS, PEOPLE, st.randoms())
@PATIENT
def test_a_score_is_a_persons_own(spec, people, random):
    """Neither the order of people nor the other people of the file matter."""
    found = dict(enumerate(scores(spec, people)))
    order = list(found)
    random.shuffle(order)
    assert scores(spec, [people[place] for place in order]) == [found[place] for place in order]
    assert [scores(spec, [person])[0] for person in people] == list(found.values())


@given(PEOPLE, st.sets(st.sampled_from(ITEMS)))
@PATIENT
def test_items_turned_twice_are_not_turned(people, turned):
    """Codes turned by hand and turned again by the score; a code outside the scale stays out."""
    plain = index(ITEMS, unscored_codes=UNSCORED)
    reversing = replace(plain, reversed_items=frozenset(turned))
    by_hand = [
        {
            name: 6 - code if name in turned and code in range(1, 6) else code
            for name, code in person.items()
        }
        for person in people
    ]
    assert scores(reversing, by_hand) == pytest.approx(scores(plain, people))


@given(PEOPLE, st.permutations(ITEMS))
@PATIENT
def test_the_order_of_items_does_not_matter(people, order):
    spec = index(ITEMS, reversed_items=frozenset("b"), unscored_codes=UNSCORED)
    assert scores(replace(spec, items=tuple(order)), people) == pytest.approx(scores(spec, people))


@given(PEOPLE)
@PATIENT
def test_shares_of_all_codes_add_up_to_everybody_who_answered(people):
    one_by_one = [
        score(
            measure(MeasureKind.SHARE, items=("a",), codes=frozenset({code})),
            columns(people, ITEMS),
        )
        for code in (1, 2, 3, 4, 5, 9)
    ]
    total = np.sum(one_by_one, axis=0)
    assert np.array_equal(np.isnan(total), [person["a"] is None for person in people])
    assert set(total[~np.isnan(total)]) <= {1.0}
    merged = measure(MeasureKind.SHARE, items=("a",), codes=frozenset({4, 5}))
    both = score(merged, columns(people, ITEMS))
    assert np.array_equal(both, one_by_one[3] + one_by_one[4], equal_nan=True)


@given(PEOPLE)
@PATIENT
def test_percent_positive_is_the_mean_of_its_shares(people):
    """100 times the mean of the shares of the items, where enough are answered."""
    found = score(index(ITEMS, positive_codes=frozenset({4, 5})), columns(people, ITEMS))
    for value, person in zip(found, people, strict=True):
        codes = [code for code in person.values() if code is not None]
        if len(codes) < 2:
            assert np.isnan(value)
        else:
            assert value == pytest.approx(100 * sum(code in (4, 5) for code in codes) / len(codes))


# --- tests judged together -----------------------------------------------------------------------

P = st.floats(0.0001, 1)
ROWS = st.lists(
    st.tuples(P, st.sampled_from("abcdef"), st.sampled_from(["W1", "W2"]), st.booleans()),
    min_size=1,
    max_size=12,
)
HEADLINE, QUESTIONNAIRES = {"a", "b"}, {"a": "x", "b": "y", "c": "x", "d": "x", "e": "y"}


def rows_of(drawn: list[tuple[float, str, str, bool]]) -> list[ChangeRow]:
    """Measure f stands outside the register; every row is a school or a project of its own."""
    return [
        row(
            measure,
            p,
            wave_to=wave,
            scope=Scope.SCHOOL if is_school else Scope.PROJECT,
            school=f"IS-{number:02d}",
        )
        for number, (p, measure, wave, is_school) in enumerate(drawn)
    ]


def holm_of(p: list[float], own: float) -> float:
    """p times how many are not smaller; never below that of a smaller p."""
    return max(min(1.0, one * sum(other >= one for other in p)) for one in p if one <= own)


def hochberg_of(p: list[float], own: float) -> float:
    """p times the family's size over its place; never above that of a larger p."""
    return min(min(1.0, one * len(p) / sum(other <= one for other in p)) for one in p if one >= own)


@given(ROWS)
@PATIENT
def test_every_family_is_adjusted_by_itself(drawn):
    rows = rows_of(drawn)
    found = judged(rows, HEADLINE, **QUESTIONNAIRES)
    for before, after in zip(rows, found, strict=True):
        if before.measure == "f":
            assert (after.family, after.p_adjusted) == (before.family, before.p_adjusted)
            continue
        family = [
            other.p
            for other, its in zip(rows, found, strict=True)
            if (its.family, other.wave_to) == (after.family, before.wave_to)
            and other.measure != "f"
            and (after.family is not Family.SCHOOLS or other.measure == before.measure)
            and (
                after.family is not Family.QUESTIONNAIRE
                or QUESTIONNAIRES[other.measure] == QUESTIONNAIRES[before.measure]
            )
        ]
        adjust = holm_of if after.family is Family.HEADLINE else hochberg_of
        assert after.p_adjusted == pytest.approx(adjust(family, before.p))


@given(ROWS, st.randoms())
@PATIENT
def test_the_order_of_tests_does_not_matter(drawn, random):
    rows = rows_of(drawn)
    found = dict(
        zip((one.school for one in rows), judged(rows, HEADLINE, **QUESTIONNAIRES), strict=True)
    )
    random.shuffle(rows)
    assert {one.school: one for one in judged(rows, HEADLINE, **QUESTIONNAIRES)} == found
