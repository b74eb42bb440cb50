"""Effect sizes: the noncentral t solved again by scipy, a published value, refusals."""

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import gamma
from scipy.stats import nct

from indicators.stats.cr2 import contrast_cr2
from indicators.stats.effects import g_clustered, hedges_g, hedges_j, noncentrality_limits
from indicators.vocabulary import Reason
from tests.stats.test_identities import given


@pytest.mark.parametrize("df", [2, 5, 21, 80])
def test_the_small_sample_factor(df: int) -> None:
    assert hedges_j(df) == pytest.approx(gamma(df / 2) / (df / 2) ** 0.5 / gamma((df - 1) / 2))
    assert hedges_j(df) == pytest.approx(1 - 3 / (4 * df - 1), abs=0.06 / df)


@pytest.mark.parametrize(("t", "df"), [(0.0, 14), (2.0, 21), (-1.5, 14), (6.0, 30), (0.3, 200)])
def test_limits_solve_the_noncentral_t(t: float, df: int) -> None:
    low, high = noncentrality_limits(t, df)
    assert low == pytest.approx(brentq(lambda d: nct.sf(t, df, d) - 0.025, t - 6, t + 1), abs=1e-6)
    assert high == pytest.approx(
        brentq(lambda d: nct.cdf(t, df, d) - 0.025, t - 1, t + 6), abs=1e-6
    )


@pytest.mark.parametrize("t", [40.0, -40.0, 300.0])
def test_far_tails_have_limits_too(t: float) -> None:
    low, high = noncentrality_limits(t, 14)
    assert low < t < high
    assert noncentrality_limits(-t, 14) == pytest.approx((-high, -low), rel=1e-6)


@given(st.lists(st.integers(1, 5), min_size=8, max_size=30), st.integers(0, 10**6))
def test_g_turns_with_the_waves_and_knows_no_unit(one, seed) -> None:
    two = np.random.default_rng(seed).integers(1, 6, size=11)
    found, turned = hedges_g(one, two), hedges_g(two, one)
    scaled = hedges_g(np.array(one) * 25 - 7, two * 25 - 7)
    if found.reason is not None:
        assert found.reason is Reason.ZERO_VARIANCE
        return
    assert found.ci_low < found.g < found.ci_high
    assert (turned.g, turned.ci_low) == pytest.approx((-found.g, -found.ci_high), abs=1e-9)
    assert (scaled.g, scaled.ci_low) == pytest.approx((found.g, found.ci_low), abs=1e-9)
    assert found.sd_pooled == pytest.approx(scaled.sd_pooled / 25)


def test_refusals_of_one_school() -> None:
    assert hedges_g([1, 2], [1] * 9).reason is Reason.SUPPRESSED
    assert hedges_g([0.1 * 3] * 9, [0.3] * 9).reason is Reason.ZERO_VARIANCE


def test_the_clustered_effect_by_hand() -> None:
    rng = np.random.default_rng(2)
    n = np.full((10, 2), 20.0)
    change = contrast_cr2(n, n * rng.normal(3, 0.3, size=n.shape), [-1, 1])
    found = g_clustered(change, 200, 0.9, 200, 1.1)
    sd, j = ((0.81 + 1.21) / 2) ** 0.5, hedges_j(398)
    g = j * change.estimate / sd
    assert (found.sd_pooled, found.j, found.g) == pytest.approx((sd, j, g))
    assert found.se == pytest.approx((j**2 * (change.se / sd) ** 2 + g**2 / (2 * 398)) ** 0.5)
    assert found.df == change.df
    assert found.ci_low < g < found.ci_high
    assert g_clustered(change, 200, 0.0, 200, 0.0).reason is Reason.ZERO_VARIANCE
    refused = contrast_cr2(n[:4], n[:4], [-1, 1])
    assert g_clustered(refused, 80, 1, 80, 1).reason is Reason.TOO_FEW_CLUSTERS
