"""Targets as people type and paste them into a cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.actions.target_grid import Limits
from indicators.forms.target_cell import SideMissing, Unreadable, parse_cell, write_cell
from indicators.vocabulary import Direction, TargetType

T = TargetType
UP, DOWN, STEADY = Direction.INCREASE, Direction.DECREASE, Direction.MAINTAIN


def parsed(text, direction=UP, *, in_percent=False):
    return parse_cell(text, direction=direction, in_percent=in_percent)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("≥ 3,5", Limits(T.AT_LEAST, 3.5, None)),
        ("≥3.5", Limits(T.AT_LEAST, 3.5, None)),
        (">= 3.5", Limits(T.AT_LEAST, 3.5, None)),
        ("3,5", Limits(T.AT_LEAST, 3.5, None)),
        (" .5 ", Limits(T.AT_LEAST, 0.5, None)),
        ("≤ 10", Limits(T.AT_MOST, None, 10)),
        ("<=10", Limits(T.AT_MOST, None, 10)),
        ("60-70", Limits(T.RANGE, 60, 70)),
        ("60–70", Limits(T.RANGE, 60, 70)),
        ("60 – 70", Limits(T.RANGE, 60, 70)),
        ("60..70", Limits(T.RANGE, 60, 70)),
        ("60 % – 70 %", Limits(T.RANGE, 60, 70)),
        ("-0.10..0.10", Limits(T.RANGE, -0.1, 0.1)),
        ("−10–10", Limits(T.RANGE, -10, 10)),
        ("-10--5", Limits(T.RANGE, -10, -5)),
        ("1 000", Limits(T.AT_LEAST, 1000, None)),
        ("1\u202f000,5", Limits(T.AT_LEAST, 1000.5, None)),
        ("1\u00a0000 – 2\u00a0000", Limits(T.RANGE, 1000, 2000)),
        ("+5", Limits(T.CHANGE, 5, None)),
        ("Δ 5", Limits(T.CHANGE, 5, None)),
        ("Δ ≥ +0,15", Limits(T.CHANGE, 0.15, None)),
        ("Δ≤−0,15", Limits(T.CHANGE, None, -0.15)),
        ("≥ −5", Limits(T.AT_LEAST, -5, None)),
        ("−5", Limits(T.AT_LEAST, -5, None)),  # a level; a change says so by Δ
        ("", None),
        ("   ", None),
    ],
)
def test_a_text_is_read_as_it_is_meant(text, expected):
    assert parsed(text) == expected


def test_a_number_alone_takes_the_side_that_is_better():
    assert parsed("7", DOWN) == Limits(T.AT_MOST, None, 7)
    assert parsed("+7", DOWN) == Limits(T.CHANGE, None, 7)
    assert parsed("Δ −7", DOWN) == Limits(T.CHANGE, None, -7)
    with pytest.raises(SideMissing):
        parsed("7", STEADY)
    assert parsed("≤ 7", STEADY) == Limits(T.AT_MOST, None, 7)


@pytest.mark.parametrize(
    ("text", "low"),
    [("65", 0.65), ("65 %", 0.65), ("65%", 0.65), ("7", 0.07), ("7,5\u202f%", 0.075), ("0", 0.0)],
)
def test_percent_is_typed_and_a_share_stored(text, low):
    assert parsed(text, in_percent=True) == Limits(T.AT_LEAST, low, None)


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "3,5,6",
        "1.000,5",
        "1e5",
        "nan",
        "inf",
        "5 6",  # two numbers that lost their separator
        "1 00",
        "60-",
        "60-70-80",
        "≥ 60-70",
        "≥",
        "Δ",
        "≥ ≤ 5",
        "=1+1",
        "2027-11-01 00:00:00",  # what a spreadsheet makes of 1-11
        "9" * 30,
        "9" * 200,
    ],
)
def test_a_text_that_may_mean_two_things_is_refused(text):
    with pytest.raises(Unreadable):
        parsed(text)


NUMBERS = st.floats(-1000, 1000).map(lambda x: round(x, 4))
WRITTEN = st.one_of(
    NUMBERS.map(lambda x: Limits(T.AT_LEAST, x, None)),
    NUMBERS.map(lambda x: Limits(T.AT_MOST, None, x)),
    st.tuples(NUMBERS, NUMBERS).map(lambda p: Limits(T.RANGE, min(p), max(p))),
    NUMBERS.map(lambda x: Limits(T.CHANGE, x, None)),
    NUMBERS.map(lambda x: Limits(T.CHANGE, None, x)),
)


@given(WRITTEN, st.booleans(), st.sampled_from(list(Direction)))
def test_what_is_written_is_read_back(limits, in_percent, direction):
    text = write_cell(limits.type, limits.low, limits.high, in_percent=in_percent)
    assert parsed(text, direction, in_percent=in_percent) == limits


@pytest.mark.parametrize("language", ["ky", "en"], indirect=True)
def test_the_decimal_sign_is_that_of_the_reader(language):
    sign = {"ky": ",", "en": "."}[language]
    assert write_cell(T.AT_LEAST, 0.655, None, in_percent=True) == f"≥ 65{sign}5"
    assert write_cell(T.CHANGE, None, -0.05, in_percent=True) == "Δ ≤ −5"
    assert write_cell("", None, None, in_percent=True) == ""
