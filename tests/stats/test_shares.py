"""Shares: scipy's simple intervals as limiting cases, a published example, and the ends."""

import numpy as np
import pytest
from scipy.stats import binomtest, fisher_exact

from indicators.stats.fisher import fisher_p
from indicators.stats.linear import contrast_taylor
from indicators.stats.shares import (
    korn_graubard,
    logit_limits,
    newcombe,
    share_level,
    wilson,
)
from indicators.vocabulary import Reason

COUNTS = [(0, 9), (1, 9), (5, 9), (9, 9), (17, 60), (60, 60), (0, 1), (1, 1)]


@pytest.mark.parametrize(("count", "n"), COUNTS)
def test_korn_graubard_is_clopper_pearson_for_a_simple_sample(count: int, n: int) -> None:
    p = count / n
    ours = korn_graubard(p, n, p * (1 - p) / n, n - 1)
    exact = binomtest(count, n).proportion_ci(method="exact")
    assert float(ours.n_eff) == pytest.approx(n)
    assert float(ours.low) == pytest.approx(exact.low, abs=1e-12)
    assert float(ours.high) == pytest.approx(exact.high, abs=1e-12)


def test_korn_graubard_never_counts_more_answers_than_there_are() -> None:
    ours = korn_graubard([0.5, 0.5, 0.5], 100, [0.0001, 0.01, 0.0], 20)
    assert ours.n_eff[0] == ours.n_eff[2] == 100
    assert 20 < ours.n_eff[1] < 25
    assert ours.high[1] - ours.low[1] > ours.high[0] - ours.low[0]


def test_korn_graubard_of_missing_is_missing() -> None:
    ours = korn_graubard([np.nan, 0.5, 0.5], [10, 0, 10], [0.01, 0.01, np.nan], 9)
    assert np.isnan([ours.n_eff, ours.low, ours.high]).all()


@pytest.mark.parametrize(("count", "n"), COUNTS)
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_wilson_equals_scipy(count: int, n: int, confidence: float) -> None:
    low, high = wilson(count / n, n, confidence=confidence)
    theirs = binomtest(count, n).proportion_ci(confidence, method="wilson")
    assert float(low) == pytest.approx(theirs.low, abs=1e-12)
    assert float(high) == pytest.approx(theirs.high, abs=1e-12)


def test_wilson_with_a_finite_list_shrinks_to_the_share() -> None:
    low, high = wilson(0.3, 10, [np.nan, 1e12, 40, 11, 10, 9])
    width = high - low
    assert width[0] == pytest.approx(width[1])
    assert (np.diff(width[1:5]) < 0).all()
    assert low[4] == high[4] == 0.3
    assert width[5] == width[0]  # a list shorter than the answers is no list


def test_wilson_of_one_person_on_a_list_of_one() -> None:
    low, high = wilson(1.0, 1, 1)
    assert (float(low), float(high)) == (1.0, 1.0)


def test_wilson_of_nobody_is_missing() -> None:
    assert np.isnan(wilson([np.nan, 0.0, 1.0], 0)).all()


def test_newcombe_reproduces_the_published_example() -> None:
    """Newcombe 1998, Stat. Med. 17, table II (a), method 10: 56/70 - 48/80 = +0.2000."""
    low, high = newcombe(48, 80, 56, 70)
    assert float(low) == pytest.approx(0.0524, abs=5e-5)
    assert float(high) == pytest.approx(0.3339, abs=5e-5)


def test_newcombe_of_nobody_is_missing() -> None:
    assert np.isnan(newcombe([0, 3], [0, 9], [3, 0], [9, 0])).all()


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2"),
    [
        (3, 10, 8, 10),
        (0, 25, 0, 48),
        (25, 25, 48, 48),
        (0, 8, 8, 8),
        (14, 25, 29, 48),
        (5, 9, 5, 9),
    ],
)
def test_fisher_equals_scipy(x1: int, n1: int, x2: int, n2: int) -> None:
    theirs = fisher_exact([[x1, n1 - x1], [x2, n2 - x2]]).pvalue
    assert fisher_p(x1, n1, x2, n2) == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("counts", [(-1, 5, 2, 5), (6, 5, 2, 5), (1, 5, 7, 5)])
def test_fisher_wants_possible_counts(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="expected 0 <= x <= n"):
        fisher_p(*counts)


def test_share_level_puts_korn_graubard_limits_on_the_level() -> None:
    n, yes = np.full((10, 1), 20.0), np.arange(5.0, 15.0)[:, None]
    level = contrast_taylor(n, yes, [1])
    share, n_eff = share_level(level)
    assert level.se is not None
    limits = korn_graubard(level.estimate, 200, level.se**2, 9)
    assert (share.ci_low, share.ci_high) == (float(limits.low), float(limits.high))
    assert share.ci90_low is not None
    assert limits.low < share.ci90_low
    assert n_eff == float(limits.n_eff)
    assert (share.estimate, share.se, share.df) == (level.estimate, level.se, level.df)
    assert share.method == "korn_graubard"


@pytest.mark.parametrize(("yes", "low", "high"), [(0.0, 0.0, None), (20.0, None, 1.0)])
def test_a_share_at_its_end_has_limits(yes: float, low: float | None, high: float | None) -> None:
    level = contrast_taylor(np.full((10, 1), 20.0), np.full((10, 1), yes), [1])
    share, n_eff = share_level(level)
    assert level.reason is Reason.ZERO_VARIANCE
    assert share.reason is None
    assert n_eff == 200
    assert share.ci_low == low or (low is None and share.ci_low is not None and share.ci_low > 0.98)
    assert share.ci_high == high or (
        high is None and share.ci_high is not None and share.ci_high < 0.02
    )


def test_logit_limits_lie_around_the_share_and_mirror() -> None:
    n, yes = np.full((10, 1), 20.0), np.arange(5.0, 15.0)[:, None]
    low, high = logit_limits(contrast_taylor(n, yes, [1]))
    other_low, other_high = logit_limits(contrast_taylor(n, n - yes, [1]))
    assert low < yes.sum() / 200 < high
    assert (other_low, other_high) == pytest.approx((1 - high, 1 - low))
    narrow = logit_limits(contrast_taylor(n, yes, [1]), confidence=0.9)
    assert low < narrow[0] < narrow[1] < high


@pytest.mark.parametrize("yes", [0.0, 20.0])
def test_a_share_at_its_end_has_no_logit(yes: float) -> None:
    level = contrast_taylor(np.full((10, 1), 20.0), np.full((10, 1), yes), [1])
    assert logit_limits(level) == (None, None)


def test_other_refusals_of_a_share_stay() -> None:
    level = contrast_taylor([[4.0]], [[2.0]], [1])
    assert share_level(level) == (level, None)


def test_share_level_wants_a_level() -> None:
    level = contrast_taylor(np.full((3, 1), 4.0), np.full((3, 1), 4.0), [1])
    broken = type(level)(**{f: getattr(level, f) for f in level.__slots__} | {"df": None})
    with pytest.raises(ValueError, match="expected a level with se and df"):
        share_level(broken)
