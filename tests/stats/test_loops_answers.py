"""Answers counted person by person, and tables hidden cell by cell, in plain loops."""

from math import sqrt

import numpy as np
import pytest

from indicators.stats.disclosure import suppress_table
from indicators.stats.factor import omega_minres, omega_ml
from indicators.stats.reliability import cross_products, reliability
from indicators.stats.scores import completeness, distribution, multi_select, rescale
from tests.stats.naive_distributions import STRIP_ERROR, f_upper, where


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("min_share", [0.5, 0.6, 1.0])
def test_how_complete_each_person_is(seed: int, min_share: float) -> None:
    rows = (np.random.default_rng(seed).random((40, 5)) < 0.6).tolist()
    found = completeness(rows, min_share)
    scored = [row for row in rows if any(row) and sum(row) / 5 >= min_share]
    assert found.n_valid == len(scored)
    assert found.n_prorated == sum(not all(row) for row in scored)
    assert found.n_empty == sum(not any(row) for row in rows)
    assert found.n_too_few_items == sum(any(row) and sum(row) / 5 < min_share for row in rows)
    assert found.n_rows == 40


def test_each_value_keeps_its_share_of_the_scale() -> None:
    values = [0, 0.5, 1, 2.25, 3]
    found = rescale(values, (0, 3), (1, 5)).tolist()
    assert found == pytest.approx([1 + 4 * (value / 3) for value in values])


def test_each_option_is_counted() -> None:
    codes = np.random.default_rng(3).integers(-1, 6, size=60).tolist()
    found = distribution(codes, [1, 2, 3])
    answered = [code for code in codes if code in (1, 2, 3)]
    assert (found.n_answered, found.n_missing) == (len(answered), 60 - len(answered))
    assert found.counts.tolist() == [sum(code == one for code in codes) for one in (1, 2, 3)]
    assert found.shares.tolist() == pytest.approx(
        [sum(code == one for code in codes) / len(answered) for one in (1, 2, 3)]
    )


def test_each_tick_is_counted() -> None:
    rng = np.random.default_rng(4)
    rows = [
        [None if blank else int(tick) for blank, tick in zip(blanks, ticks, strict=True)]
        for blanks, ticks in zip(rng.random((50, 3)) < 0.5, rng.random((50, 3)) < 0.4, strict=True)
    ]
    answered = [row for row in rows if row != [None, None, None]]
    counts = [sum(row[option] == 1 for row in rows) for option in range(3)]
    found = multi_select([[np.nan if cell is None else cell for cell in row] for row in rows])
    assert (found.n_answered, found.n_missing) == (len(answered), 50 - len(answered))
    assert found.counts.tolist() == counts
    assert found.shares.tolist() == pytest.approx([count / len(answered) for count in counts])


def hide(table: list[list[int]], k: int) -> list[list[bool]]:
    """Rows, then columns, then again, as the note says, until nothing changes."""
    rows, columns = range(len(table)), range(len(table[0]))
    dark = {(r, c) for r in rows for c in columns if 0 < table[r][c] < k}
    before = None
    while before != dark:
        before = set(dark)
        lines = [[(r, c) for c in columns] for r in rows] + [
            [(r, c) for r in rows] for c in columns
        ]
        for line in lines:
            if sum(cell in dark for cell in line) == 1:
                others = [(table[r][c], (r, c)) for r, c in line if (r, c) not in dark]
                above = [(count, place) for count, place in others if count > 0]
                if above:
                    dark.add(min(above)[1])
    return [[(r, c) in dark for c in columns] for r in rows]


@pytest.mark.parametrize("seed", range(12))
def test_small_counts_are_hidden_cell_by_cell(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 14, size=(int(rng.integers(2, 6)), int(rng.integers(2, 6)))).tolist()
    assert suppress_table(table, k=5).hidden.tolist() == hide(table, 5)


# --- items of an index ---------------------------------------------------------------------------


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def together(one: list[float], other: list[float]) -> float:
    """Covariance, divided by n - 1."""
    a, b = mean(one), mean(other)
    return sum((x - a) * (y - b) for x, y in zip(one, other, strict=True)) / (len(one) - 1)


def correlated(one: list[float], other: list[float]) -> float:
    return together(one, other) / sqrt(together(one, one) * together(other, other))


def sums_of(items: list[list[float]]) -> list[float]:
    return [sum(row) for row in zip(*items, strict=True)]


def alpha_of(items: list[list[float]]) -> float:
    """From the variances of the items and of their sum."""
    k, whole = len(items), together(sums_of(items), sums_of(items))
    return k / (k - 1) * (1 - sum(together(one, one) for one in items) / whole)


@pytest.mark.parametrize("seed", range(3))
def test_alpha_and_what_each_item_adds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = np.round(rng.normal(size=(40, 1)) + rng.normal(size=(40, 4)), 1).tolist()
    items = [list(column) for column in zip(*rows, strict=True)]
    found = reliability(cross_products(rows))
    alpha = alpha_of(items)
    assert (found.n_complete, found.n_items) == (40, 4)
    assert found.alpha == pytest.approx(alpha)
    pairs = [correlated(items[i], items[j]) for i in range(4) for j in range(i)]
    r = mean(pairs)
    assert (found.mean_r, found.alpha_std) == pytest.approx((r, 4 * r / (1 + 3 * r)))
    for place in range(4):
        others = [one for other, one in enumerate(items) if other != place]
        rest = correlated(items[place], sums_of(others))
        assert found.item_rest[place] == pytest.approx(rest)
        assert found.alpha_dropped[place] == pytest.approx(alpha_of(others))
    upper, lower = (
        where(lambda f: 1 - f_upper(f, 39, 39 * 3), tail, 0.1, 10) for tail in (0.975, 0.025)
    )
    limits = (1 - (1 - alpha) * upper, 1 - (1 - alpha) * lower)
    assert (found.alpha_low, found.alpha_high) == pytest.approx(limits, abs=STRIP_ERROR)


# --- one factor behind the items -----------------------------------------------------------------

FITTED = 1e-6  # loadings after so many rounds, each a little nearer
ROUNDS = 3_000


def correlations(seed: int, items: int) -> list[list[float]]:
    rng = np.random.default_rng(seed)
    people = rng.normal(size=(200, 1)) + rng.normal(0, 1.2, size=(200, items))
    return np.corrcoef(people.T).tolist()


def most_likely(r: list[list[float]]) -> tuple[list[float], list[float]]:
    """Expectation and maximisation in turn: scores of the factor, then loadings from the scores."""
    items = range(len(r))
    loading, rest = [0.7] * len(r), [0.5] * len(r)
    for _ in range(ROUNDS):
        share = 1 + sum(loading[i] ** 2 / rest[i] for i in items)
        beta = [loading[i] / rest[i] / share for i in items]
        with_score = [sum(r[i][j] * beta[j] for j in items) for i in items]
        left = 1 - sum(beta[i] * loading[i] for i in items)
        square = left + sum(beta[i] * with_score[i] for i in items)
        loading = [with_score[i] / square for i in items]
        rest = [r[i][i] - loading[i] * with_score[i] for i in items]
    return loading, rest


def least_residual(r: list[list[float]]) -> list[float]:
    """Every loading in turn is the one that fits its row best, the others as they are."""
    items = range(len(r))
    loading = [0.7] * len(r)
    for _ in range(ROUNDS):
        for i in items:
            others = [j for j in items if j != i]
            loading[i] = sum(r[i][j] * loading[j] for j in others) / sum(
                loading[j] ** 2 for j in others
            )
    return loading


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("items", [3, 5])
def test_omega_from_a_factor_fitted_round_by_round(seed: int, items: int) -> None:
    r, sd = correlations(seed, items), [1 + item / 4 for item in range(items)]
    loading, rest = most_likely(r)
    common = sum(one * unit for one, unit in zip(loading, sd, strict=True)) ** 2
    unique = sum(one * unit**2 for one, unit in zip(rest, sd, strict=True))
    found = omega_ml(np.array(r), np.array(sd))
    assert found == pytest.approx(common / (common + unique), abs=FITTED)
    unexplained = sum(1 - one**2 for one in least_residual(r))
    expected = 1 - unexplained / sum(sum(row) for row in r)
    assert omega_minres(np.array(r)) == pytest.approx(expected, abs=FITTED)
