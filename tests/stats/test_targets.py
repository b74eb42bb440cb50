"""Targets: the sides, the bounds, the value alone, and progress before a target is due."""

import pytest
from scipy.stats import beta, t

from indicators.stats.targets import (
    ShareClosed,
    progress_status,
    share_closed,
    target_mean,
    target_prop,
)
from indicators.vocabulary import Status, TargetVerdict

MET, NOT_MET, TOO_CLOSE = TargetVerdict.MET, TargetVerdict.NOT_MET, TargetVerdict.TOO_CLOSE
HALF = t.ppf(0.95, 20) * 0.1  # half of the 90 % interval of 3.0 with se 0.1 and 20 df


@pytest.mark.parametrize(
    ("low", "high", "verdict", "reached"),
    [
        (2.8, None, MET, True),
        (3.0 - HALF, None, MET, True),
        (2.95, None, TOO_CLOSE, True),
        (3.05, None, TOO_CLOSE, False),
        (3.2, None, NOT_MET, False),
        (None, 3.2, MET, True),
        (None, 2.95, TOO_CLOSE, False),
        (None, 2.8, NOT_MET, False),
        (2.8, 3.2, MET, True),
        (2.9, 3.2, TOO_CLOSE, True),
        (3.1, 3.2, TOO_CLOSE, False),
        (3.3, 3.5, NOT_MET, False),
        (2.0, 2.8, NOT_MET, False),
        (3.0, 3.0, TOO_CLOSE, True),
    ],
)
def test_verdict_and_reached_are_two_statements(low, high, verdict, reached) -> None:
    result = target_mean(3.0, 0.1, 20, low, high)
    assert (result.verdict, result.reached) == (verdict, reached)
    assert (result.bound_low, result.bound_high) == pytest.approx((3.0 - HALF, 3.0 + HALF))
    below = 0 if low is None else t.cdf((low - 3) / 0.1, 20)
    above = 0 if high is None else t.sf((high - 3) / 0.1, 20)
    assert result.prob_met == pytest.approx(1 - below - above)


@pytest.mark.parametrize(("se", "df"), [(None, 20), (0.0, 20), (0.1, None), (None, None)])
def test_without_an_error_the_value_alone_speaks(se, df) -> None:
    result = target_mean(3.0, se, df, 2.9, None)
    assert (result.verdict, result.prob_met, result.bound_low, result.bound_high) == (None,) * 4
    assert result.reached is True
    assert target_mean(3.0, se, df, 3.1, None).reached is False


def test_without_a_value_nothing_is_said() -> None:
    assert target_mean(None, None, None, 3.0, None).reached is None
    assert target_prop(None, None, 0.5, None).reached is None


def test_a_round_target_is_reached_in_spite_of_the_last_digit() -> None:
    almost = sum([0.1] * 10) * 4  # 3.9999999999999996
    assert almost < 4
    assert target_mean(almost, None, None, 4.0, None).reached is True
    assert target_mean(3.996, None, None, 4.0, None).reached is False


@pytest.mark.parametrize("call", [target_mean, target_prop])
@pytest.mark.parametrize("sides", [(None, None), (0.6, 0.5), (float("nan"), None)])
def test_a_target_needs_a_side_and_order(call, sides) -> None:
    arguments = (0.5, 0.1, 20) if call is target_mean else (0.5, 40)
    with pytest.raises(ValueError, match="expected low <= high"):
        call(*arguments, *sides)


@pytest.mark.parametrize(
    ("low", "high", "verdict", "reached"),
    [
        (0.4, None, MET, True),
        (0.55, None, TOO_CLOSE, True),
        (0.8, None, NOT_MET, False),
        (None, 0.5, TOO_CLOSE, False),
        (None, 0.75, MET, True),
        (0.4, 0.8, MET, True),
        (0.0, 1.0, MET, True),
        (-0.5, 1.5, MET, True),
    ],
)
def test_shares_use_the_beta_distribution(low, high, verdict, reached) -> None:
    result = target_prop(0.6, 50.0, low, high)
    plausible = beta(30.5, 20.5)
    assert (result.verdict, result.reached) == (verdict, reached)
    assert (result.bound_low, result.bound_high) == pytest.approx(
        (plausible.ppf(0.05), plausible.ppf(0.95))
    )
    below = 0 if low is None else plausible.cdf(low)
    above = 0 if high is None else plausible.sf(high)
    assert result.prob_met == pytest.approx(1 - below - above)


@pytest.mark.parametrize("n_eff", [None, 0.0])
def test_a_share_without_effective_size_is_judged_by_value(n_eff) -> None:
    result = target_prop(0.6, n_eff, 0.5, None)
    assert (result.verdict, result.reached) == (None, True)


def test_share_closed_divides_the_change_by_the_way() -> None:
    up = share_closed(0.2, 0.1, 0.3, target=4.0, baseline=3.0)
    assert up == ShareClosed(pytest.approx(0.2), pytest.approx(0.1), pytest.approx(0.3))
    down = share_closed(-0.2, -0.3, -0.1, target=2.0, baseline=3.0)
    assert down == ShareClosed(pytest.approx(0.2), pytest.approx(0.1), pytest.approx(0.3))


def test_share_closed_without_a_way_or_a_value_is_missing() -> None:
    assert share_closed(0.2, 0.1, 0.3, target=3.0, baseline=3.0) is None
    assert share_closed(0.2, 0.1, 0.3, target=0.3, baseline=0.1 + 0.2) is None
    assert share_closed(None, None, None, target=4.0, baseline=3.0) is None
    assert share_closed(0.2, 0.1, 0.3, target=None, baseline=3.0) is None
    assert share_closed(0.2, 0.1, 0.3, target=4.0, baseline=None) is None
    assert share_closed(0.2, None, 0.3, target=4.0, baseline=3.0) == ShareClosed(0.2, None, None)


@pytest.mark.parametrize(
    ("closed", "elapsed", "status"),
    [
        (None, 0.5, None),
        (ShareClosed(0.4, 0.1, 0.7), 0.5, Status.ON_TRACK),
        (ShareClosed(0.4, 0.0, 0.8), 0.5, Status.CANNOT_TELL),  # could be no progress
        (ShareClosed(0.39, 0.1, 0.7), 0.5, Status.CANNOT_TELL),
        (ShareClosed(0.2, 0.1, 0.39), 0.5, Status.OFF_TRACK),
        (ShareClosed(0.2, 0.1, 0.4), 0.5, Status.CANNOT_TELL),
        (ShareClosed(-0.5, -0.9, -0.1), 0.5, Status.OFF_TRACK),
        (ShareClosed(0.9, None, None), 0.5, Status.CANNOT_TELL),
    ],
)
def test_progress_before_a_target_is_due(closed, elapsed, status) -> None:
    assert progress_status(closed, elapsed) is status


def test_thresholds_of_progress_are_settings() -> None:
    closed = ShareClosed(0.3, 0.1, 0.42)
    assert progress_status(closed, 0.5) is Status.CANNOT_TELL
    assert progress_status(closed, 0.5, on_track_from=0.6) is Status.ON_TRACK
    assert progress_status(closed, 0.5, off_track_below=0.9) is Status.OFF_TRACK
