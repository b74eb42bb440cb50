"""School by school: the t test and the sign flip against plain enumeration."""

from statistics import mean, stdev

import numpy as np
import pytest

from indicators.stats import paired
from indicators.stats.paired import paired_schools, sign_flip
from indicators.vocabulary import Reason
from tests.stats import naive


@pytest.mark.parametrize("schools", [1, 2, 3, 6, 7, 10, 11])
@pytest.mark.parametrize("seed", range(3))
def test_sign_flip_equals_enumeration(schools: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    # One decimal gives many equal sums, the case where counting goes wrong.
    differences = np.round(rng.normal(0.2, 0.3, size=schools), 1).tolist()
    assert sign_flip(differences) == naive.sign_flip(differences)


@pytest.mark.parametrize(
    ("differences", "p"),
    [([], None), ([0.0, 0.0, 0.0], 1.0), ([1.0, -1.0], 1.0), ([0.5], 1.0), ([2.0] * 24, 2 / 2**24)],
)
def test_sign_flip_at_its_ends(differences: list[float], p: float | None) -> None:
    assert sign_flip(differences) == p


def test_above_24_schools_the_draws_come_near_to_the_exact_answer(monkeypatch) -> None:
    differences = np.random.default_rng(3).normal(0.15, 0.4, size=20)
    exact = sign_flip(differences)
    monkeypatch.setattr(paired, "MAX_EXACT", 0)
    drawn = sign_flip(differences)
    assert exact is not None
    # Four standard errors of 99,999 draws.
    assert drawn == pytest.approx(exact, abs=4 * (exact * (1 - exact) / 99_999) ** 0.5)


def test_draws_are_repeatable_and_indifferent_to_order_and_sign() -> None:
    differences = np.random.default_rng(4).normal(0.1, 0.5, size=50)
    p = sign_flip(differences)
    assert p == sign_flip(differences[::-1])
    assert p == sign_flip(-differences)
    assert p != sign_flip(differences, seed=7)


def test_the_smallest_drawn_p_is_one_in_draws_plus_one() -> None:
    assert sign_flip(np.ones(60), draws=999) == 1 / 1000


@pytest.mark.parametrize("bad", [[0.1, np.nan], [[0.1, 0.2]], [np.inf]])
def test_sign_flip_wants_finite_numbers(bad) -> None:
    with pytest.raises(ValueError, match="expected finite differences"):
        sign_flip(bad)


def test_each_school_counts_once_and_small_ones_not_at_all() -> None:
    n1 = np.array([50, 5, 9, 30, 8, 7, 4, 20, 0])
    n2 = np.array([5, 50, 9, 30, 8, 7, 40, 3, 9])
    mean1 = np.array([3, 3, 2.5, 3, 3, 4, 1, 1, np.nan])
    mean2 = np.array([3.5, 3.25, 2.5, 4, 2, 4.5, 5, 5, 3])
    result = paired_schools(n1, mean1, n2, mean2)
    differences = [0.5, 0.25, 0.0, 1.0, -1.0, 0.5]
    assert (result.n_schools, result.n_up, result.n_down) == (6, 4, 1)
    assert result.result.estimate == pytest.approx(mean(differences))
    assert result.result.se == pytest.approx(stdev(differences) / 6**0.5)
    assert result.result.df == 5
    assert result.result.n == sum(n1[:6]) + sum(n2[:6])
    assert result.p_sign_flip == naive.sign_flip(differences)


@pytest.mark.parametrize(
    ("n1", "n2", "reason", "estimate"),
    [
        ([0] * 8, [0] * 8, Reason.NO_DATA, None),
        ([0] * 8, [9] * 8, Reason.NOT_IN_BOTH_WAVES, None),
        ([9] * 8, [0] * 8, Reason.NOT_IN_BOTH_WAVES, None),
        ([9] * 5, [9] * 5, Reason.TOO_FEW_CLUSTERS, 0.5),
        ([4] * 8, [4] * 8, Reason.TOO_FEW_CLUSTERS, None),
        ([9] * 8, [9] * 8, Reason.ZERO_VARIANCE, 0.5),
    ],
)
def test_refusals(n1, n2, reason, estimate) -> None:
    schools = len(n1)
    result = paired_schools(n1, np.full(schools, 3.0), n2, np.full(schools, 3.5))
    assert result.result.reason is reason
    assert result.result.estimate == estimate
    # Equal differences leave no t test, yet eight schools up out of eight are no chance.
    assert result.p_sign_flip == (2 / 2**8 if reason is Reason.ZERO_VARIANCE else None)


def test_arrays_of_different_lengths_are_an_error() -> None:
    with pytest.raises(ValueError, match="expected four arrays"):
        paired_schools([9, 9], [3, 3], [9], [3, 3])


def test_a_school_whose_means_differ_by_rounding_alone_neither_rose_nor_fell() -> None:
    thirds = 0.1 + 0.2  # 0.30000000000000004
    before = np.array([0.3, thirds, 0.1, 0.2, 0.4, 0.5, 0.6])
    after = np.array([thirds, 0.3, 0.2, 0.1, 0.6, 0.7, 0.8])
    found = paired_schools(np.full(7, 9), before, np.full(7, 9), after)
    assert (found.n_up, found.n_down) == (4, 1)
