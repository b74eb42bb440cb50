"""What must hold between our own answers about one school, on data hypothesis makes up."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from indicators.stats.effects import (
    g_clustered,
    hedges_j,
    noncentrality_limits,
    pooled_sd,
)
from indicators.stats.fisher import fisher_p
from indicators.stats.moments import mean_sd
from indicators.stats.power import detectable_change, detectable_contrast
from indicators.stats.ranks import mann_whitney, mid_ranks, signed_rank
from indicators.stats.results import SchoolResults, from_t, spread_from_t
from indicators.stats.school import (
    class_deff,
    inflate,
    mean_interval,
    newcombe_change,
    share_interval,
    welch_change,
)
from indicators.stats.targets import share_closed, target_prop
from indicators.stats.verdict import tost, verdict_change
from indicators.vocabulary import TargetVerdict
from tests.stats.test_identities import UNITS, given, same

SAME = 1e-9  # the same number in another order or unit
HALVED = 1e-6  # limits found by halving
ROUNDED = 1e-6  # a sum of squares around the mean, from squares of answers far from 0
SEEDS = st.integers(0, 2**32 - 1)
SAMPLE = st.lists(st.integers(1, 5), min_size=8, max_size=20)


def totals(answers: np.ndarray) -> tuple[int, float, float]:
    return len(answers), float(answers.sum()), float(np.square(answers).sum())


def moments(*columns: float) -> tuple[float, float]:
    mean, sd = mean_sd(*columns)
    return float(mean), float(sd)


# --- totals --------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 5), min_size=2, max_size=30), st.integers(0, 30), UNITS)
def test_mean_and_spread_follow_the_unit_and_split_files_add_up(answers, cut, unit) -> None:
    y, (scale, shift) = np.array(answers, dtype=float), unit
    mean, sd = found = moments(*totals(y))
    parts = [np.array(totals(part)) for part in (y[:cut], y[cut:])]
    assert moments(*sum(parts)) == pytest.approx(found, rel=SAME)
    expected = (scale * mean + shift, abs(scale) * sd)
    assert moments(*totals(scale * y + shift)) == pytest.approx(expected, rel=SAME, abs=ROUNDED)
    n, total, squares = totals(y)
    assert moments(n, total, squares, n) == pytest.approx(found, rel=SAME)  # weights of one
    assert moments(n, 3 * total, 3 * squares, 3 * n) == pytest.approx(found, rel=SAME)


@given(st.floats(-5, 5), st.floats(0.01, 3), st.floats(0.5, 200), UNITS)
def test_a_t_interval_follows_the_unit_and_is_one_of_many(estimate, se, df, unit) -> None:
    found = from_t(estimate, se, df, n=9, n_clusters=9, method="t")
    scale, _ = unit
    same(
        found,
        from_t(scale * estimate, abs(scale) * se, df, n=9, n_clusters=9, method="t"),
        scale=scale,
    )
    many = spread_from_t(*(np.array([1.0, value]) for value in (estimate, se, df)))
    assert (many.t[1], many.p[1]) == pytest.approx((found.t, found.p), rel=SAME, abs=1e-300)
    ends = (found.ci_low, found.ci_high, found.ci90_low, found.ci90_high)
    assert [end[1] for end in (*many.ci, *many.ci90)] == pytest.approx(ends, rel=SAME, abs=SAME)


# --- schools -------------------------------------------------------------------------------------


def drawn(seed: int) -> tuple[np.ndarray, ...]:
    """n, mean and sd of ten schools in two waves."""
    rng = np.random.default_rng(seed)
    return tuple(
        column
        for _ in range(2)
        for column in (
            rng.integers(0, 40, 10).astype(float),
            rng.uniform(1, 5, 10),
            rng.uniform(0.1, 2, 10),
        )
    )


def assert_same(
    one: SchoolResults, other: SchoolResults, order: Any = slice(None), **unit: float
) -> None:
    for index, place in enumerate(np.arange(len(one))[order]):
        same(one.at(int(place)), other.at(index), **unit)


@given(SEEDS, UNITS, st.permutations(range(10)))
def test_levels_of_schools_know_neither_unit_nor_order(seed, unit, order) -> None:
    (n, mean, sd), (scale, shift) = drawn(seed)[:3], unit
    listed = n + np.arange(10) * 3
    found = mean_interval(n, mean, sd, listed)
    moved = mean_interval(n, scale * mean + shift, abs(scale) * sd, listed)
    assert_same(found, moved, scale=scale, shift=shift)
    assert_same(found, mean_interval(n[order], mean[order], sd[order], listed[order]), order)


@given(SEEDS, UNITS, st.permutations(range(10)))
def test_changes_of_schools_know_neither_unit_nor_order_and_turn(seed, unit, order) -> None:
    columns, (scale, shift) = drawn(seed), unit
    n1, mean1, sd1, n2, mean2, sd2 = columns
    deff = 1 + np.arange(10) / 5
    found = welch_change(*columns, deff=deff)
    assert_same(found, welch_change(*(c[order] for c in columns), deff=deff[order]), order)
    moved = (
        n1,
        scale * mean1 + shift,
        abs(scale) * sd1,
        n2,
        scale * mean2 + shift,
        abs(scale) * sd2,
    )
    assert_same(found, welch_change(*moved, deff=deff), scale=scale)
    assert_same(found, welch_change(n2, mean2, sd2, n1, mean1, sd1, deff=deff), scale=-1)


@given(SEEDS)
def test_shares_of_schools_mirror_and_their_changes_turn(seed) -> None:
    rng = np.random.default_rng(seed)
    n1, n2 = rng.integers(0, 40, 10), rng.integers(0, 40, 10)
    x1, x2 = rng.integers(0, n1 + 1), rng.integers(0, n2 + 1)
    p = x1 / np.where(n1 > 0, n1, np.nan)
    yes, no = share_interval(n1, p, n1 + 5), share_interval(n1, 1 - p, n1 + 5)
    assert_same(yes, no, scale=-1, shift=1)
    found = newcombe_change(x1, n1, x2, n2)
    assert_same(found, newcombe_change(x2, n2, x1, n1), scale=-1)
    assert_same(found, newcombe_change(n1 - x1, n1, n2 - x2, n2), scale=-1)


@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_fisher_counts_the_same_tables_from_every_side(n1, n2, data) -> None:
    x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    p = fisher_p(x1, n1, x2, n2)
    assert 0 < p <= 1 + SAME
    assert fisher_p(x2, n2, x1, n1) == pytest.approx(p)
    assert fisher_p(n1 - x1, n1, n2 - x2, n2) == pytest.approx(p)
    assert fisher_p(x1, x1 + x2, n1 - x1, n1 + n2 - x1 - x2) == pytest.approx(p)  # transposed


@given(st.floats(0.01, 2), st.floats(2, 80), st.floats(1, 5), st.floats(1, 5))
def test_inflating_twice_is_inflating_by_the_product(se, df, one, two) -> None:
    assert [float(value) for value in inflate(se, df, 1.0)] == [se, df]
    assume(df > one * two)
    twice = inflate(*inflate(se, df, one), two)
    assert twice == pytest.approx(inflate(se, df, one * two), rel=SAME)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.floats(0, 1), st.randoms())
def test_the_order_of_classes_and_those_not_there_do_not_matter(sizes, rho, random) -> None:
    found = float(class_deff(sizes, rho))
    shuffled = [*sizes, 0]
    random.shuffle(shuffled)
    assert float(class_deff(shuffled, rho)) == pytest.approx(found, rel=SAME)
    assert float(class_deff([*sizes, *sizes], rho)) == pytest.approx(found, rel=SAME)


# --- effects, ranks, planning --------------------------------------------------------------------


@given(st.floats(2, 500))
def test_the_small_sample_factors_of_neighbours(df) -> None:
    """From gamma(x + 1) = x gamma(x)."""
    assert hedges_j(df) * hedges_j(df + 1) == pytest.approx((df - 1) / (df * (df + 1)) ** 0.5)
    assert hedges_j(df) < hedges_j(df + 1) < 1


@given(st.floats(2, 90), st.floats(0.1, 3), st.floats(2, 90), st.floats(0.1, 3), st.floats(0.1, 9))
def test_the_pooled_spread_lies_between_and_follows_the_unit(n1, sd1, n2, sd2, scale) -> None:
    found = pooled_sd(n1, sd1, n2, sd2)
    assert min(sd1, sd2) - SAME <= found <= max(sd1, sd2) + SAME
    assert pooled_sd(n2, sd2, n1, sd1) == pytest.approx(found, rel=SAME)
    assert pooled_sd(n1, scale * sd1, n2, scale * sd2) == pytest.approx(scale * found, rel=SAME)


@given(st.floats(-6, 6), st.integers(3, 120), st.floats(0.01, 2))
def test_noncentralities_mirror_and_rise_with_t(t, df, step) -> None:
    low, high = noncentrality_limits(t, df)
    assert low < t < high or abs(t) < HALVED
    assert noncentrality_limits(-t, df) == pytest.approx((-high, -low), abs=HALVED)
    further = noncentrality_limits(t + step, df)
    assert further[0] > low
    assert further[1] > high


@given(st.floats(-1, 1), st.floats(0.01, 0.5), st.floats(4, 40), st.sampled_from([2.0, -1.0, 25.0]))
def test_the_effect_across_schools_knows_no_unit_and_turns(estimate, se, df, scale) -> None:
    change = from_t(estimate, se, df, n=9, n_clusters=9, method="cr2")
    turned = from_t(scale * estimate, abs(scale) * se, df, n=9, n_clusters=9, method="cr2")
    found = g_clustered(change, 80, 0.9, 90, 1.2)
    other = g_clustered(turned, 80, abs(scale) * 0.9, 90, abs(scale) * 1.2)
    sign = 1 if scale > 0 else -1
    ends = (found.ci_low, found.ci_high) if sign > 0 else (-found.ci_high, -found.ci_low)
    assert (other.g, other.se) == pytest.approx((sign * found.g, found.se), rel=SAME)
    assert (other.ci_low, other.ci_high) == pytest.approx(ends, rel=SAME, abs=SAME)


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=15), st.sampled_from([1, -1, 3, 0.1]))
def test_signed_ranks_know_neither_unit_nor_sign_nor_order(differences, scale) -> None:
    p = signed_rank(differences)
    other = signed_rank([scale * d for d in sorted(differences)])
    assert (p is None) == (other is None) == (not any(differences))
    if p is not None:
        assert other == pytest.approx(p, rel=SAME)


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=30))
def test_ranks_know_only_the_order_of_values(values) -> None:
    y = np.array(values, dtype=float)
    ranks, ties = mid_ranks(y)
    n = len(y)
    assert ranks.sum() == pytest.approx(n * (n + 1) / 2)
    assert np.square(ranks).sum() == pytest.approx(n * (n + 1) * (2 * n + 1) / 6 - ties / 12)
    moved, still = mid_ranks(np.exp(y / 7))
    assert (moved.tolist(), still) == (ranks.tolist(), ties)
    assert mid_ranks(-y)[0].tolist() == (n + 1 - ranks).tolist()


@given(SAMPLE, SAMPLE)
def test_mann_whitney_knows_only_the_order_of_answers_and_turns(one, two) -> None:
    found = mann_whitney(one, two)
    assert mann_whitney(*(np.exp(side) for side in (one, two))) == found
    turned = mann_whitney(two, one)
    assert turned.u == len(one) * len(two) - found.u
    assert turned.p is None or turned.p == pytest.approx(found.p, rel=SAME)


@given(st.integers(3, 200), st.integers(3, 200), st.floats(1, 5))
def test_a_detectable_change_shrinks_with_answers(n1, n2, deff) -> None:
    found = float(detectable_change(n1, n2, deff))
    assert float(detectable_change(n2, n1, deff)) == pytest.approx(found, rel=SAME)
    assert float(detectable_change(n1 + 5, n2 + 5, deff)) < found
    assert float(detectable_change(n1, n2, deff + 0.5)) > found


@given(st.floats(0, 2), st.floats(1, 200), st.floats(0.1, 50))
def test_a_detectable_contrast_follows_the_unit_and_shrinks_with_schools(se, df, scale) -> None:
    found = detectable_contrast(se, df)
    assert detectable_contrast(scale * se, df) == pytest.approx(scale * found, rel=SAME)
    assert detectable_contrast(se, df + 1) <= found <= detectable_contrast(se, df, power=0.9)


# --- targets and verdicts ------------------------------------------------------------------------


@given(st.floats(0.02, 0.98), st.floats(8, 400), st.floats(0.05, 0.95))
def test_a_share_and_its_opposite_against_a_target(p, n_eff, target) -> None:
    least = target_prop(p, n_eff, target, None)
    most = target_prop(p, n_eff, None, target)
    mirrored = target_prop(1 - p, n_eff, None, 1 - target)
    assert least.prob_met + most.prob_met == pytest.approx(1, abs=SAME)
    assert mirrored.prob_met == pytest.approx(least.prob_met, abs=SAME)
    assert (1 - mirrored.bound_high, 1 - mirrored.bound_low) == pytest.approx(
        (least.bound_low, least.bound_high), abs=SAME
    )
    opposite = {TargetVerdict.MET: TargetVerdict.NOT_MET, TargetVerdict.NOT_MET: TargetVerdict.MET}
    assert most.verdict is opposite.get(least.verdict, least.verdict)


@given(st.floats(-2, 2), st.floats(0.01, 1), st.floats(0.1, 2), UNITS)
def test_the_way_to_a_target_knows_no_unit(change, half, way, unit) -> None:
    scale, shift = unit
    ends = (change - half, change + half)
    found = share_closed(change, *ends, target=3 + way, baseline=3.0)
    moved = sorted(scale * end for end in ends)
    target, baseline = scale * (3 + way) + shift, scale * 3 + shift
    other = share_closed(scale * change, *moved, target=target, baseline=baseline)
    assert found is not None
    assert other is not None
    expected = (found.share, found.low, found.high)
    assert (other.share, other.low, other.high) == pytest.approx(expected, rel=1e-6, abs=SAME)
    assert found.low <= found.share <= found.high


CHANGES = (
    st.floats(-1, 1).filter(bool),
    st.floats(0.01, 0.5),
    st.floats(4, 60),
    st.floats(0.05, 0.6),
)


@given(*CHANGES)
def test_words_mirror_with_the_sign_and_know_no_unit(estimate, se, df, margin) -> None:
    def word(scale: float) -> str:
        result = from_t(scale * estimate, abs(scale) * se, df, n=9, n_clusters=23, method="cr2")
        found, _ = verdict_change(result, margin=abs(scale) * margin, n_schools=None)
        assert found is not None
        return found.name

    turned = {"INCREASED": "DECREASED", "DECREASED": "INCREASED"}
    stem = word(1).removesuffix("_SMALL")
    assert word(8) == word(1)
    assert word(-1) == word(1).replace(stem, turned.get(stem, stem))


@given(*CHANGES)
def test_equivalence_mirrors_and_is_the_smaller_interval(estimate, se, df, margin) -> None:
    result = from_t(estimate, se, df, n=9, n_clusters=23, method="cr2")
    turned = from_t(-estimate, se, df, n=9, n_clusters=23, method="cr2")
    found, other = tost(result, margin), tost(turned, margin)
    assert found is not None
    assert other is not None
    assert (other.p_lower, other.p_upper) == pytest.approx((found.p_upper, found.p_lower), rel=SAME)
    assert found.is_equivalent == other.is_equivalent == (found.p < 0.05)
    wider = tost(result, 2 * margin)
    assert wider is not None
    assert wider.p <= found.p
