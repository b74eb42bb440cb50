"""Numbers as people read them, in three languages."""

import pytest
from django.utils import translation

from indicators.presenters import numbers
from indicators.presenters.numbers import Scale

T = "\u202f"  # narrow no-break space
MEAN = Scale("mean", 2, "score 1-5")
SHARE = Scale("percent", 1, "% of answers")
MANUAL = Scale("manual", 1, "% of schools")


@pytest.mark.parametrize(
    ("language", "mean", "share", "change"),
    [
        ("en", "4.02", f"82.1{T}%", f"+3.2{T}pp"),
        ("ru", "4,02", f"82,1{T}%", "+3,2"),
        ("ky", "4,02", f"82,1{T}%", "+3,2"),
    ],
    indirect=["language"],
)
def test_the_decimal_mark_follows_the_language(language, mean, share, change):
    assert MEAN.value(4.02) == mean
    assert SHARE.value(0.8214) == share
    assert SHARE.difference(0.032).startswith(change)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (None, 2, "–"),
        (0.125, 2, "0.13"),  # binary rounding would give 0.12
        (2.675, 2, "2.68"),
        (-0.004, 2, "0.00"),  # no minus zero
        (-0.125, 2, "−0.13"),
        (1234567.891, 1, f"1{T}234{T}567.9"),
        (999.5, 0, f"1{T}000"),
        (1e-7, 3, "0.000"),
        (7, 0, "7"),
    ],
)
def test_fixed(value, decimals, text):
    assert numbers.fixed(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (0.094, "+0.09"), (-0.12, "−0.12"), (0.001, "0.00")]
)
def test_a_difference_has_a_sign_unless_it_is_zero(value, text):
    assert numbers.signed(value, 2) == text


def test_a_share_becomes_percent_exactly():
    assert numbers.percent(0.145, 0) == f"15{T}%"
    assert numbers.percent(0.29, 1) == f"29.0{T}%"
    assert MANUAL.value(3 / 23) == f"13.0{T}%"


def test_a_change_of_a_share_is_in_points_never_in_percent():
    assert "%" not in SHARE.difference(0.05)
    assert MEAN.difference(0.05) == "+0.05"


def test_an_interval_is_empty_unless_it_has_both_ends():
    assert MEAN.interval(3.9, 4.1) == "3.90 to 4.10"
    assert SHARE.interval(-0.02, 0.05, is_change=True) == "−2.0 to +5.0"
    assert MEAN.interval(None, 4.1) == ""


def test_a_hidden_base_is_told_as_a_limit():
    assert numbers.base(None, 10) == f"<{T}10"
    assert numbers.base(972) == "972"
    assert numbers.base(None) == "–"


def test_a_p_value_is_never_zero():
    assert numbers.p_value(1e-9) == f"<{T}0.001"
    assert numbers.p_value(0.0312) == "0.031"


def test_an_end_that_is_not_zero_never_reads_zero() -> None:
    with translation.override("en"):
        assert MEAN.interval(0.0036, 0.19, is_change=True) == "+0.004 to +0.19"
        assert MEAN.interval(0.0, 0.19, is_change=True) == "0.00 to +0.19"


def test_a_value_never_reads_as_the_target_it_misses() -> None:
    with translation.override("en"):
        assert MEAN.value(3.996, beside=(4.0, None)) == "3.996"
        assert MEAN.value(3.99, beside=(4.0, None)) == "3.99"
        assert MEAN.value(4.0, beside=(4.0, None)) == "4.00"
        assert SHARE.value(0.84996, beside=(0.85,)) == "84.996\u202f%"


def test_a_limit_reads_as_it_was_typed() -> None:
    with translation.override("en"):
        assert MEAN.limit(4.0) == "4.00"
        assert MEAN.limit(4.125) == "4.125"
        assert MEAN.limit_difference(0.125) == "+0.125"
        assert SHARE.limit(0.07) == "7.0\u202f%"
        assert SHARE.limit(0.8525) == "85.25\u202f%"
        assert SHARE.limit_difference(-0.0525) == "−5.25\u202fpp"
        assert MEAN.limit(1 / 3) == "0.333333"
        assert MEAN.limit(None) == "–"
