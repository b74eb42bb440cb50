"""CR2 from totals against the explicit matrices, and its refusals."""

import tracemalloc

import numpy as np
import pytest

from indicators.stats.cr2 import contrast_cr2
from indicators.stats.linear import contrast_taylor
from indicators.vocabulary import Reason
from tests.stats.naive import cr2, draw_people

CONTRASTS = [[1.0], [-1.0, 1.0], [0.5, 0.5, -1.0], [1.0, -1.0, -1.0, 1.0]]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("coefs", CONTRASTS, ids=str)
def test_equals_the_explicit_matrices(seed: int, coefs: list[float]) -> None:
    people = draw_people(seed, schools=14, cells=len(coefs))
    result = contrast_cr2(*people.totals(), coefs)
    estimate, variance, df = cr2(people, np.array(coefs))
    assert result.reason is None
    assert result.estimate == pytest.approx(estimate, rel=1e-10)
    assert result.se == pytest.approx(variance**0.5, rel=1e-8)
    assert result.df == pytest.approx(df, rel=1e-8)


def test_a_school_that_is_a_whole_cell_adds_nothing_there() -> None:
    """The block is singular: the pseudo-inverse is 0 in that direction."""
    people = draw_people(4, schools=12, cells=3)
    keep = (people.cell != 2) | (people.school == 0)
    alone = type(people)(people.school[keep], people.cell[keep], people.y[keep], 12, 3)
    coefs = np.array([-1.0, 0.5, 0.5])
    result = contrast_cr2(*alone.totals(), coefs)
    estimate, variance, df = cr2(alone, coefs)
    assert result.estimate == pytest.approx(estimate)
    assert result.se == pytest.approx(variance**0.5, rel=1e-8)
    assert result.df == pytest.approx(df, rel=1e-8)


def test_equal_schools_give_the_paired_t_test_and_the_taylor_error() -> None:
    rng = np.random.default_rng(5)
    n = np.full((10, 2), 6.0)
    total = rng.normal(18, 3, size=(10, 2))
    ours, linear = contrast_cr2(n, total, [-1, 1]), contrast_taylor(n, total, [-1, 1])
    differences = (total[:, 1] - total[:, 0]) / 6
    assert ours.se == pytest.approx(differences.std(ddof=1) / 10**0.5, rel=1e-12)
    assert ours.se == pytest.approx(linear.se, rel=1e-12)
    assert ours.df == pytest.approx(9, rel=1e-12)


@pytest.mark.parametrize(
    ("n", "total", "coefs", "reason", "estimate"),
    [
        ([[0, 0]] * 8, [[0, 0]] * 8, [-1, 1], Reason.NO_DATA, None),
        ([[0, 4]] * 8, [[0, 9]] * 8, [-1, 1], Reason.NOT_IN_BOTH_WAVES, None),
        ([[4, 4]] * 5, [[9, 13]] * 5, [-1, 1], Reason.TOO_FEW_CLUSTERS, 1.0),
        ([[4]] * 5, [[9]] * 5, [1], Reason.TOO_FEW_CLUSTERS, 2.25),
        ([[4, 0], [0, 4]] * 5, [[8, 0], [0, 9]] * 5, [-1, 1], Reason.TOO_FEW_CLUSTERS, 0.25),
        ([[4, 4]] * 8, [[8, 12]] * 8, [-1, 1], Reason.ZERO_VARIANCE, 1.0),
        # Kinds of schools with one school each.
        (np.eye(6), np.eye(6), [1, 1, 1, -1, -1, -1], Reason.TOO_FEW_CLUSTERS, 0.0),
    ],
)
def test_refusals(n, total, coefs, reason, estimate) -> None:
    result = contrast_cr2(n, total, coefs)
    assert result.reason is reason
    assert result.estimate == (None if estimate is None else pytest.approx(estimate))


def test_a_giant_school_leaves_too_few_degrees_of_freedom() -> None:
    n, total = np.full((8, 2), 2.0), np.tile([4.0, 5.0], (8, 1))
    n[0], total[0] = 900, 1800
    result = contrast_cr2(n, total, [-1, 1])
    assert result.reason is Reason.TOO_FEW_CLUSTERS
    assert result.estimate == pytest.approx(7 / 914)


def test_without_anything_left_to_judge_by_df_is_refused_and_not_divided_by() -> None:
    """Seven cells, each one school, the first school holding two of them: O is 0."""
    n = np.hstack([np.eye(6), np.eye(6)[:, :1]])
    result = contrast_cr2(n, n * 3, [1, 1, 1, -1, -1, -2, 1])
    assert result.reason is Reason.TOO_FEW_CLUSTERS


def test_a_country_of_schools_is_cheap() -> None:
    """2,333 schools and four cells: no schools x schools matrix, which alone takes 43 MB."""
    rng = np.random.default_rng(1)
    n = rng.integers(5, 60, size=(2333, 4)).astype(float)
    total = n * rng.normal(3, 0.3, size=n.shape)
    tracemalloc.start()
    result = contrast_cr2(n, total, [1, -1, -1, 1])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
    assert result.df is not None
    assert 1000 < result.df < 2332
