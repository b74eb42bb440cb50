"""Agreement of coders: published and hand-computed tables, a naive loop, R's answer, identities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from indicators.stats.agreement import cohen_kappa, pooled_kappa, theme_kappas

# Husbands and wives about sex (Agresti, Winner & Newman; data set SexualFun of R's package vcd).
SEXUAL_FUN = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]


def test_a_published_table():
    found = cohen_kappa(SEXUAL_FUN)
    assert (found.n, round(found.kappa, 4), round(found.se, 4)) == (91, 0.1293, 0.0686)


@pytest.mark.parametrize(
    ("table", "kappa", "se"),
    [
        # Base R: the definition and a numerical gradient of it (delta method).
        (SEXUAL_FUN, 0.12933025404, 0.06859853248),
        ([[40, 5], [9, 46]], 0.71943887776, 0.06930684559),
    ],
)
def test_r_says_the_same_by_another_way(table, kappa, se):
    found = cohen_kappa(table)
    assert found.kappa == pytest.approx(kappa, abs=1e-10)
    assert found.se == pytest.approx(se, abs=1e-8)
    assert found.low == pytest.approx(kappa - 1.959963985 * se, abs=1e-8)


def test_a_table_by_hand():
    # po = 35/50 = 0.7; pe = 0.5 * 0.6 + 0.5 * 0.4 = 0.5; kappa = 0.2 / 0.5 = 0.4
    found = cohen_kappa([[20, 5], [10, 15]])
    assert found.agreement == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)


def naive_pooled(one, two):
    n, k = len(one), len(one[0])
    observed = expected = 0.0
    for theme in range(k):
        a = [row[theme] for row in one]
        b = [row[theme] for row in two]
        observed += sum(x == y for x, y in zip(a, b, strict=True)) / n / k
        p, q = sum(a) / n, sum(b) / n
        expected += (p * q + (1 - p) * (1 - q)) / k
    return (observed - expected) / (1 - expected)


def coded(n, k, seed, share=0.3, noise=0.15):
    rng = np.random.default_rng(seed)
    one = (rng.random((n, k)) < share).astype(int)
    flip = rng.random((n, k)) < noise
    return one, np.where(flip, 1 - one, one)


@pytest.mark.parametrize("seed", range(5))
def test_pooled_kappa_is_the_loop_and_its_error_the_loop_without_each_answer(seed):
    one, two = coded(40, 4, seed)
    found = pooled_kappa(one, two)
    assert found.kappa == pytest.approx(naive_pooled(one.tolist(), two.tolist()))
    left_out = [
        naive_pooled(np.delete(one, i, 0).tolist(), np.delete(two, i, 0).tolist())
        for i in range(40)
    ]
    spread = sum((x - sum(left_out) / 40) ** 2 for x in left_out)
    assert found.se == pytest.approx((39 / 40 * spread) ** 0.5)


SEEDS = st.integers(0, 10_000)
# Every cell filled: no table where chance explains all.
TABLES = arrays(np.int64, (3, 3), elements=st.integers(1, 40))


@given(SEEDS)
def test_one_theme_alone_is_cohens_kappa(seed):
    one, two = coded(60, 1, seed, share=0.5)
    (alone,) = theme_kappas(one, two)
    assert pooled_kappa(one, two).kappa == pytest.approx(alone.kappa)


@given(SEEDS)
def test_themes_are_tables_of_their_own(seed):
    """By the definition, theme by theme."""
    one, two = coded(40, 3, seed, share=0.5)
    for theme, found in enumerate(theme_kappas(one, two)):
        alone = naive_pooled(one[:, [theme]].tolist(), two[:, [theme]].tolist())
        assert found.kappa == pytest.approx(alone)


@given(TABLES, SEEDS)
def test_the_order_of_coders_categories_and_answers_does_not_matter(table, seed):
    assert cohen_kappa(table.T).kappa == pytest.approx(cohen_kappa(table).kappa, abs=1e-12)
    assert cohen_kappa(table[::-1, ::-1]).se == pytest.approx(cohen_kappa(table).se, abs=1e-12)
    one, two = coded(30, 3, seed, share=0.5)
    order = np.random.default_rng(2).permutation(30)
    assert pooled_kappa(two[order], one[order]).kappa == pytest.approx(pooled_kappa(one, two).kappa)


@given(TABLES)
def test_twice_the_answers_keep_kappa_and_halve_the_variance(table):
    one, two = cohen_kappa(table), cohen_kappa(2 * table)
    assert two.kappa == pytest.approx(one.kappa, abs=1e-12)
    assert two.se**2 == pytest.approx(one.se**2 / 2, abs=1e-12)


def test_no_agreement_beyond_chance_is_zero_and_all_apart_is_minus_one():
    assert cohen_kappa([[8, 12], [12, 18]]).kappa == pytest.approx(0)
    found = cohen_kappa([[0, 5], [5, 0]])
    assert found.kappa == pytest.approx(-1)


def test_perfect_agreement_has_no_interval():
    found = cohen_kappa([[5, 0], [0, 7]])
    assert (found.kappa, found.low, found.high) == (1, None, None)
    one, _ = coded(20, 2, 4)
    assert pooled_kappa(one, one).kappa == 1
    assert pooled_kappa(one, one).low is None


def test_where_both_always_say_the_same_one_thing_kappa_is_missing():
    found = cohen_kappa([[9, 0], [0, 0]])
    assert (found.n, found.agreement, found.kappa) == (9, 1, None)
    assert pooled_kappa(np.zeros((4, 2)), np.zeros((4, 2))).kappa is None


def test_nothing_read_twice_is_missing():
    assert cohen_kappa([[0, 0], [0, 0]]).agreement is None
    assert pooled_kappa(np.zeros((0, 3)), np.zeros((0, 3))).agreement is None
    assert pooled_kappa(np.zeros((3, 0)), np.zeros((3, 0))).kappa is None
    assert [one.n for one in theme_kappas(np.zeros((0, 2)), np.zeros((0, 2)))] == [0, 0]


def test_one_answer_or_one_that_carries_all_has_no_interval():
    assert pooled_kappa([[1, 0]], [[0, 1]]).low is None
    # Without the first answer nobody says anything: kappa is then undefined.
    found = pooled_kappa([[1], [0], [0]], [[1], [0], [0]])
    assert (found.kappa, found.low) == (1, None)


def test_limits_stay_within_one():
    found = cohen_kappa([[1, 1], [0, 9]])
    assert -1 <= found.low <= found.kappa <= found.high <= 1


@pytest.mark.parametrize("table", [[[1, 2, 3], [1, 2, 3]], [1, 2], [[1, -1], [0, 2]]])
def test_a_wrong_table_is_refused(table):
    with pytest.raises(ValueError, match=r"square|negative"):
        cohen_kappa(table)


def test_coders_of_different_answers_are_refused():
    with pytest.raises(ValueError, match="same answers"):
        pooled_kappa([[1, 0]], [[1]])
