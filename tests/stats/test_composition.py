"""What a change is made of: school by school, and the sum that must hold."""

import numpy as np
import pytest
from hypothesis import strategies as st

from indicators.stats.composition import (
    change_composition,
    change_heterogeneity,
    change_same_mix,
)
from indicators.stats.linear import contrast_taylor
from indicators.vocabulary import Reason
from tests.stats.test_identities import given


def draw(seed: int, schools: int = 9) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    n1, n2 = rng.integers(2, 30, size=(2, schools)).astype(float)
    return n1, rng.uniform(1, 5, schools), n2, rng.uniform(1, 5, schools)


@given(st.integers(0, 2**32 - 1))
def test_the_parts_add_up_to_the_pooled_change(seed) -> None:
    n1, mean1, n2, mean2 = draw(seed)
    found = change_composition(n1, mean1, n2, mean2)
    assert found.pooled == pytest.approx(found.within.estimate + found.mix)
    n = np.stack([n1, n2], axis=1)
    plain = contrast_taylor(n, n * np.stack([mean1, mean2], axis=1), [-1, 1])
    assert found.pooled == pytest.approx(plain.estimate, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_school_by_school(seed: int) -> None:
    n1, mean1, n2, mean2 = draw(seed)
    n1[0] = 0
    mean1[0] = np.nan
    found = change_composition(n1, mean1, n2, mean2)
    within = mix = 0.0
    shares, changes = [], []
    for s in range(1, 9):
        w1, w2 = n1[s] / n1[1:].sum(), n2[s] / n2[1:].sum()
        shares.append((w1 + w2) / 2)
        changes.append(mean2[s] - mean1[s])
        within += shares[-1] * changes[-1]
        mix += (mean1[s] + mean2[s]) / 2 * (w2 - w1)
    variance = sum((w * (d - within)) ** 2 for w, d in zip(shares, changes, strict=True)) * 8 / 7
    assert (found.within.estimate, found.mix) == pytest.approx((within, mix))
    assert found.within.se == pytest.approx(variance**0.5)
    assert (found.within.df, found.within.n_clusters) == (7, 8)


def test_equal_sizes_have_no_mix() -> None:
    _, mean1, _, mean2 = draw(4)
    found = change_composition([9] * 9, mean1, [4] * 9, mean2)
    assert found.mix == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("n1", "n2", "reason"),
    [
        ([0] * 8, [0] * 8, Reason.NO_DATA),
        ([0] * 8, [9] * 8, Reason.NOT_IN_BOTH_WAVES),
        ([9, 0] * 4, [0, 9] * 4, Reason.TOO_FEW_CLUSTERS),
        ([9] * 5, [9] * 5, Reason.TOO_FEW_CLUSTERS),
        ([9] * 8, [9] * 8, Reason.ZERO_VARIANCE),
    ],
)
def test_refusals(n1, n2, reason) -> None:
    ones = np.ones(len(n1))
    found = change_composition(n1, ones, n2, 2 * ones)
    assert found.within.reason is reason
    assert (found.pooled is None) == (not (np.array(n1) * n2).any())
    spread = change_heterogeneity(n1, ones, 0 * ones, n2, 2 * ones, 0 * ones)
    assert spread.reason is reason
    assert np.isnan(spread.shrunken).all()


def test_arrays_of_different_lengths_are_an_error() -> None:
    with pytest.raises(ValueError, match="expected arrays of shape"):
        change_composition([1], [1], [1, 2], [1])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("spread", [0.3, 3.0])
def test_heterogeneity_school_by_school(seed: int, spread: float) -> None:
    n1, mean1, n2, mean2 = draw(seed)
    sd = np.full(9, spread * 2)
    found = change_heterogeneity(n1, mean1, sd, n2, mean2, sd)
    used = [s for s in range(9) if n1[s] >= 5 and n2[s] >= 5]
    d = [mean2[s] - mean1[s] for s in used]
    v = [sd[s] ** 2 / n1[s] + sd[s] ** 2 / n2[s] for s in used]
    fixed = sum(x / y for x, y in zip(d, v, strict=True)) / sum(1 / y for y in v)
    q = sum((x - fixed) ** 2 / y for x, y in zip(d, v, strict=True))
    c = sum(1 / y for y in v) - sum(1 / y**2 for y in v) / sum(1 / y for y in v)
    tau2 = max(0, (q - len(d) + 1) / c)
    weights = [1 / (y + tau2) for y in v]
    mu = sum(w * x for w, x in zip(weights, d, strict=True)) / sum(weights)
    assert (found.q, found.tau2, found.mu) == pytest.approx((q, tau2, mu))
    assert found.i2 == pytest.approx(100 * tau2 / (tau2 + (len(d) - 1) / c))
    assert np.flatnonzero(~np.isnan(found.shrunken)).tolist() == used
    pulled = [mu + tau2 / (tau2 + y) * (x - mu) for x, y in zip(d, v, strict=True)]
    assert found.shrunken[used].tolist() == pytest.approx(pulled)


@given(st.integers(0, 2**32 - 1))
def test_shrunken_changes_lie_between_the_raw_ones_and_their_mean(seed) -> None:
    n1, mean1, n2, mean2 = draw(seed)
    sd = np.random.default_rng(seed).uniform(0.2, 2, 9)
    found = change_heterogeneity(n1, mean1, sd, n2, mean2, sd, min_n=2)
    low, high = np.minimum(found.raw, found.mu), np.maximum(found.raw, found.mu)
    assert (low - 1e-9 <= found.shrunken).all()
    assert (found.shrunken <= high + 1e-9).all()
    assert 0 <= found.i2 <= 100


def kinds(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """n and sums of 9 schools and 4 kinds of people in two waves; some kinds are absent."""
    rng = np.random.default_rng(seed)
    n1, n2 = rng.integers(0, 9, (2, 9, 4)).astype(float)
    return n1, n1 * rng.uniform(1, 5, (9, 4)), n2, n2 * rng.uniform(1, 5, (9, 4))


@pytest.mark.parametrize("seed", range(5))
def test_the_same_mix_school_by_school(seed: int) -> None:
    n1, sums1, n2, sums2 = kinds(seed)
    top = size = first = first_n = 0.0
    for s in range(9):
        weights = [n1[s, c] if n2[s, c] else 0.0 for c in range(4)]
        if sum(weights) == 0:
            continue
        mean = sum(w * sums2[s, c] / n2[s, c] for c, w in enumerate(weights) if n2[s, c]) / sum(
            weights
        )
        top, size = top + n2[s].sum() * mean, size + n2[s].sum()
        first, first_n = first + sums1[s].sum(), first_n + n1[s].sum()
    found = change_same_mix(n1, sums1, n2, sums2)
    assert found.difference == pytest.approx(top / size - first / first_n)
    assert 0 <= found.moved <= 1


@given(st.integers(0, 2**32 - 1), st.floats(0.5, 9), st.floats(-5, 5))
def test_the_same_mix_knows_neither_unit_nor_order(seed, scale, shift) -> None:
    n1, sums1, n2, sums2 = kinds(seed)
    found = change_same_mix(n1, sums1, n2, sums2)
    order = np.random.default_rng(seed).permutation(9)
    turned = [a[order] for a in (n1, scale * sums1 + shift * n1, n2, scale * sums2 + shift * n2)]
    again = change_same_mix(*turned)
    assert again.moved == pytest.approx(found.moved)
    assert again.difference == pytest.approx(scale * found.difference, abs=1e-9)


def test_an_unchanged_mix_changes_nothing() -> None:
    """Every kind as many times as before in every school: the plain difference."""
    n1, sums1, _, _ = kinds(11)
    sums2 = sums1 + 0.5 * n1
    found = change_same_mix(n1, sums1, n1, sums2)
    assert found.difference == pytest.approx(0.5)
    assert found.moved == pytest.approx(0)


def test_only_the_mix_moved() -> None:
    """Twice as many of the kind that answers higher: nothing changed inside the kinds."""
    n1 = np.full((8, 2), 10.0)
    n2 = np.tile([20.0, 10.0], (8, 1))
    found = change_same_mix(n1, n1 * [4, 2], n2, n2 * [4, 2])
    assert found.difference == pytest.approx(0)
    assert found.moved == pytest.approx(20 / 30 - 1 / 2)


def test_no_kind_in_both_waves_says_nothing() -> None:
    apart = np.array([[3.0, 0.0]]), np.array([[9.0, 0.0]]), np.array([[0.0, 2.0]])
    assert change_same_mix(*apart, np.array([[0.0, 8.0]])).difference is None
    with pytest.raises(ValueError, match="schools, kinds"):
        change_same_mix([1.0], [1.0], [1.0], [1.0])
