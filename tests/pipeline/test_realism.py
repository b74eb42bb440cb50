"""What speaks against a target: every doubt from the requirement, and what raises none."""

from dataclasses import replace
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from indicators.pipeline.realism import (
    Doubt,
    Ground,
    detectable_project,
    detectable_schools,
    doubts,
    is_outside,
)
from indicators.vocabulary import Direction, TargetDoubt, TargetType

T, D, K = TargetType, Direction, TargetDoubt
# A score from 1 to 5 that stood at 4.00; changes under 0.12 are not seen.
SCORE = Ground(D.INCREASE, low=1, high=5, step=1, baseline=4.0, detectable=0.12)
# A share that stood at 20 %, lower is better.
SHARE = Ground(D.DECREASE, low=0, high=1, step=1, baseline=0.2, detectable=0.05)
STEADY = Ground(D.MAINTAIN, low=-1, high=1, baseline=0.02)
COUNT = Ground(D.INCREASE, low=0, most=23, baseline=15)


def kinds(type, low, high, ground):
    return [doubt.kind for doubt in doubts(type, low, high, ground)]


@pytest.mark.parametrize(
    ("type", "low", "high", "ground", "expected"),
    [
        # nothing to say
        (T.AT_LEAST, 4.2, None, SCORE, []),
        (T.AT_LEAST, 4.12, None, SCORE, []),  # just as large as can be seen
        (T.AT_MOST, None, 0.1, SHARE, []),
        (T.RANGE, 4.2, 4.6, SCORE, []),
        (T.CHANGE, 0.2, None, SCORE, []),
        (T.CHANGE, None, -0.1, SHARE, []),
        (T.RANGE, -0.1, 0.1, STEADY, []),
        (T.AT_LEAST, -0.1, None, STEADY, []),
        (T.AT_MOST, None, 0.1, STEADY, []),
        (T.CHANGE, -0.1, None, STEADY, []),  # a fall of no more than 0.1
        (T.CHANGE, None, 0.1, STEADY, []),
        (T.AT_LEAST, 20, None, COUNT, []),
        (T.AT_LEAST, 23, None, COUNT, []),  # all schools
        # outside the scale
        (T.AT_LEAST, 5.01, None, SCORE, [K.OUTSIDE_SCALE]),
        (T.AT_MOST, None, 0.9, SCORE, [K.OUTSIDE_SCALE]),
        (T.RANGE, 4.2, 5.5, SCORE, [K.OUTSIDE_SCALE]),
        (T.AT_MOST, None, -0.01, SHARE, [K.OUTSIDE_SCALE]),
        (T.CHANGE, 4.5, None, SCORE, [K.OUTSIDE_SCALE]),
        (T.AT_LEAST, -1, None, COUNT, [K.OUTSIDE_SCALE]),
        # against the direction
        (T.AT_MOST, None, 4.5, SCORE, [K.AGAINST_DIRECTION]),
        (T.AT_LEAST, 0.1, None, SHARE, [K.AGAINST_DIRECTION]),
        (T.CHANGE, -0.2, None, SCORE, [K.AGAINST_DIRECTION]),
        (T.CHANGE, None, -0.2, SCORE, [K.AGAINST_DIRECTION]),
        (T.CHANGE, None, 0.2, SHARE, [K.AGAINST_DIRECTION]),
        (T.CHANGE, 0.1, None, SHARE, [K.AGAINST_DIRECTION]),
        (T.RANGE, 3.0, 3.9, SCORE, [K.AGAINST_DIRECTION]),
        (T.RANGE, 0.3, 0.4, SHARE, [K.AGAINST_DIRECTION]),
        (T.CHANGE, 0.1, None, STEADY, [K.AGAINST_DIRECTION]),
        (T.CHANGE, None, -0.1, STEADY, [K.AGAINST_DIRECTION]),
        # the end of the scale
        (T.AT_LEAST, 5.0, None, SCORE, [K.CEILING]),
        (T.AT_LEAST, 4.95, None, SCORE, [K.CEILING]),
        (T.AT_LEAST, 4.85, None, SCORE, []),
        (T.CHANGE, 1.5, None, SCORE, [K.CEILING]),  # 4.0 + 1.5
        (T.AT_MOST, None, 0.0, SHARE, [K.CEILING]),
        (T.AT_MOST, None, 0.02, SHARE, []),
        (T.CHANGE, None, -0.3, SHARE, [K.CEILING]),  # 20 % - 30 points
        (T.AT_LEAST, 24, None, COUNT, [K.CEILING]),
        # too small
        (T.AT_LEAST, 4.1, None, SCORE, [K.TOO_SMALL]),
        (T.CHANGE, 0.1, None, SCORE, [K.TOO_SMALL]),
        (T.AT_MOST, None, 0.16, SHARE, [K.TOO_SMALL]),
        (T.CHANGE, None, -0.04, SHARE, [K.TOO_SMALL]),
        # already reached
        (T.AT_LEAST, 4.0, None, SCORE, [K.REACHED]),
        (T.AT_LEAST, 3.0, None, SCORE, [K.REACHED]),
        (T.RANGE, 3.0, 4.5, SCORE, [K.REACHED]),
        (T.AT_MOST, None, 0.25, SHARE, [K.REACHED]),
        (T.CHANGE, 0.0, None, SCORE, [K.REACHED]),
    ],
)
def test_what_speaks_against_a_target(type, low, high, ground, expected):
    assert kinds(type, low, high, ground) == expected


def test_a_target_may_be_both_too_high_and_too_near():
    ground = replace(SCORE, baseline=4.93, detectable=0.12)
    assert kinds(T.AT_LEAST, 4.96, None, ground) == [K.CEILING, K.TOO_SMALL]


def test_a_doubt_carries_its_number():
    assert doubts(T.AT_LEAST, 4.1, None, SCORE) == (Doubt(K.TOO_SMALL, 0.12),)
    assert doubts(T.AT_LEAST, 3.9, None, SCORE) == (Doubt(K.REACHED, 4.0),)
    assert doubts(T.AT_LEAST, 24, None, COUNT) == (Doubt(K.CEILING, 23),)
    assert doubts(T.CHANGE, 1.5, None, SCORE) == (Doubt(K.CEILING, 5),)
    (ceiling,) = doubts(T.AT_LEAST, 4.95, None, SCORE)
    assert ceiling.figure == 5
    assert ceiling.share == pytest.approx(0.95)  # 95 % at 5 and the others at 4


def test_what_is_not_known_is_not_checked():
    nothing = Ground(D.INCREASE)
    for type, low, high in [
        (T.AT_LEAST, 99, None),
        (T.RANGE, 1, 2),
        (T.CHANGE, 0.01, None),
        (T.CHANGE, 99, None),
    ]:
        assert kinds(type, low, high, nothing) == []
    no_step = Ground(D.INCREASE, low=0, high=1)
    assert kinds(T.AT_LEAST, 1.0, None, no_step) == []
    no_baseline = replace(SCORE, baseline=None)
    assert kinds(T.AT_LEAST, 4.05, None, no_baseline) == []
    assert kinds(T.CHANGE, 0.05, None, no_baseline) == [K.TOO_SMALL]


@given(
    st.sampled_from([D.INCREASE, D.DECREASE]),
    st.floats(1, 5),
    st.floats(1, 5),
    st.floats(0.001, 1),
)
def test_a_scale_turned_round_gives_the_same_doubts(direction, limit, baseline, size):
    """Higher is better on 1-5 and lower is better on 5-1 are the same question."""
    turned = {D.INCREASE: D.DECREASE, D.DECREASE: D.INCREASE}[direction]
    one = Ground(direction, 1, 5, 1, baseline=baseline, detectable=size)
    other = replace(one, direction=turned, baseline=6 - baseline)
    assert kinds(T.AT_LEAST, limit, None, one) == kinds(T.AT_MOST, None, 6 - limit, other)


@given(st.floats(1, 5), st.floats(1, 5))
def test_a_level_and_the_change_that_leads_there_agree_inside_the_scale(baseline, limit):
    ground = replace(SCORE, baseline=baseline)
    if limit <= baseline:  # a negative change is against the direction, a low level is reached
        return
    assert kinds(T.AT_LEAST, limit, None, ground) == kinds(T.CHANGE, limit - baseline, None, ground)


def test_outside_has_a_little_slack_for_rounding():
    assert not is_outside(T.AT_LEAST, 5 + 1e-12, None, SCORE)
    assert not is_outside(T.CHANGE, 4 + 1e-12, None, SCORE)
    assert is_outside(T.AT_LEAST, 5.001, None, SCORE)


def test_the_smallest_change_of_the_project_is_the_planning_formula():
    """22 schools, 42 answers each, as written in method section 14 (L05)."""
    n, schools, sd, icc = 924, 22, 0.93, 0.07
    se = sd * sqrt((2 * icc * 0.4 + (1 - icc) * 2 / 42) / schools)
    expected = (stats.t.ppf(0.975, 21) + stats.t.ppf(0.8, 21)) * se
    assert detectable_project(n, schools, sd, icc, alpha=0.05) == pytest.approx(expected, rel=1e-10)


def test_a_negative_correlation_is_planned_with_as_none():
    assert detectable_project(250, 23, 0.8, -0.03, alpha=0.05) == detectable_project(
        250, 23, 0.8, 0.0, alpha=0.05
    )


@pytest.mark.parametrize(
    ("n", "schools", "sd", "icc"),
    [(40, 1, 0.9, 0.1), (40, 5, None, 0.1), (40, 5, 0.0, 0.1), (40, 5, 0.9, None), (0, 5, 1, 0)],
)
def test_the_project_without_a_survey_has_no_smallest_change(n, schools, sd, icc):
    assert detectable_project(n, schools, sd, icc, alpha=0.05) is None


def test_the_smallest_change_of_a_school_has_the_power_asked_for():
    (size,) = detectable_schools([40], [0.9], alpha=0.05)
    noncentrality = size / (0.9 * sqrt(2 / 40))
    bar = stats.t.ppf(0.975, 78)
    power = stats.nct.sf(bar, 78, noncentrality) + stats.nct.cdf(-bar, 78, noncentrality)
    assert power == pytest.approx(0.8, abs=1e-6)


def test_schools_with_one_answer_or_without_spread_have_none():
    assert detectable_schools([1, 30, 30, 0], [0.9, None, 0.0, 0.9], alpha=0.05) == [None] * 4
    assert detectable_schools([], [], alpha=0.05) == []
