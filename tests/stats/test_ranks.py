"""Rank tests against scipy and pair by pair."""

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu, t, wilcoxon

from indicators.stats.paired import paired_schools
from indicators.stats.ranks import cliff_delta, mann_whitney, signed_rank
from indicators.vocabulary import Reason
from tests.stats.test_identities import given

SAMPLE = st.lists(st.integers(1, 5), min_size=8, max_size=20)


@pytest.mark.parametrize("seed", range(6))
def test_signed_rank_equals_scipy(seed: int) -> None:
    """With ties and zeros, as differences of rounded means have."""
    d = np.random.default_rng(seed).integers(-6, 9, size=14).astype(float)
    theirs = wilcoxon(d, correction=True, method="asymptotic", zero_method="wilcox")
    assert signed_rank(d) == pytest.approx(theirs.pvalue)


def test_differences_that_agree_but_for_rounding_are_tied() -> None:
    assert signed_rank([0.1 + 0.2, -0.3, 0.5, 0.7, 1e-17]) == signed_rank([0.3, -0.3, 0.5, 0.7, 0])


@pytest.mark.parametrize("d", [[], [0.0, 0.0]])
def test_without_differences_there_is_no_signed_rank(d) -> None:
    assert signed_rank(d) is None


def test_paired_schools_carry_the_signed_rank() -> None:
    before = np.arange(8.0)
    after = before + np.array([1, 2, -1, 3, 4, 5, -2, 1])
    found = paired_schools([9] * 8, before, [9] * 8, after)
    assert found.p_signed_rank == signed_rank(after - before)
    assert paired_schools([9] * 5, before[:5], [9] * 5, after[:5]).p_signed_rank is None


@given(SAMPLE, SAMPLE)
def test_mann_whitney_equals_scipy_and_counts_pairs(one, two) -> None:
    found = mann_whitney(one, two)
    pairs = np.sign(np.subtract.outer(two, one))
    assert found.u == (pairs > 0).sum() + (pairs == 0).sum() / 2
    assert found.cles == pytest.approx(found.u / (len(one) * len(two)))
    if found.reason is None:
        theirs = mannwhitneyu(two, one, method="asymptotic")
        assert found.p == pytest.approx(min(theirs.pvalue, 1))
        assert mann_whitney(two, one).p == pytest.approx(found.p)
    else:
        assert found.reason is Reason.ZERO_VARIANCE
        assert len({*one, *two}) == 1


@given(SAMPLE, SAMPLE)
def test_cliff_delta_pair_by_pair(one, two) -> None:
    found = cliff_delta(one, two)
    if len({*one, *two}) == 1:
        assert found.reason is Reason.ZERO_VARIANCE
        return
    d, n1, n2 = np.sign(np.subtract.outer(two, one)), len(one), len(two)
    delta = d.mean()
    variance = n1**2 * ((d.mean(axis=1) - delta) ** 2).sum()
    variance += n2**2 * ((d.mean(axis=0) - delta) ** 2).sum() - ((d - delta) ** 2).sum()
    variance /= n1 * n2 * (n1 - 1) * (n2 - 1)
    variance = max(variance, (1 - delta**2) / (n1 * n2 - 1))
    assert found.delta == pytest.approx(delta, abs=1e-12)
    assert found.se == pytest.approx(variance**0.5, abs=1e-7)
    opposite = cliff_delta(two, one)
    assert opposite.delta == pytest.approx(-delta, abs=1e-12)
    if abs(delta) < 1:
        half = t.ppf(0.975, n1 + n2 - 2) * variance**0.5
        wide = half * ((1 - delta**2) ** 2 + half**2) ** 0.5
        low = (delta - delta**3 - wide) / (1 - delta**2 + half**2)
        assert found.ci_low == pytest.approx(low, abs=1e-7)
        assert opposite.ci_high == pytest.approx(-low, abs=1e-7)


def test_one_wave_wholly_above_the_other_has_no_limits() -> None:
    found = cliff_delta([1] * 8, [2, 3] * 4)
    assert (found.delta, found.se, found.ci_low, found.ci_high) == (1, 0, None, None)


@pytest.mark.parametrize(
    ("n1", "n2", "reason"),
    [
        (0, 0, Reason.NO_DATA),
        (9, 0, Reason.NOT_IN_BOTH_WAVES),
        (4, 9, Reason.SUPPRESSED),
        (9, 7, Reason.TOO_FEW_RESPONDENTS),
    ],
)
def test_refusals(n1: int, n2: int, reason: Reason) -> None:
    one, two = range(n1), range(n2)
    assert mann_whitney(one, two).reason is reason
    assert cliff_delta(one, two).reason is reason
