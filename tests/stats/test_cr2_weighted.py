"""Weighted CR2 from totals against the explicit matrices, and its refusals."""

import numpy as np
import pytest

from indicators.stats.cr2 import contrast_cr2
from indicators.stats.cr2_weighted import WeightedTotals, contrast_cr2_weighted
from indicators.vocabulary import Reason
from tests.stats.naive import People, draw_people
from tests.stats.naive_survey import cr2_weighted

CONTRASTS = [[-1.0, 1.0], [0.5, 0.5, -1.0], [1.0, -1.0, -1.0, 1.0], [1.0]]


def totals_of(people: People, w: np.ndarray) -> WeightedTotals:
    sums = np.zeros((5, people.n_schools, people.n_cells))
    rows = zip(people.school, people.cell, people.y, w, strict=True)
    for school, cell, y, weight in rows:
        sums[:, school, cell] += (1, weight, weight**2, y, weight * y)
    return WeightedTotals(*sums)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("coefs", CONTRASTS, ids=str)
def test_equals_the_explicit_matrices(seed: int, coefs: list[float]) -> None:
    people = draw_people(seed, schools=14, cells=len(coefs))
    w = np.random.default_rng(seed).uniform(0.5, 3, size=len(people.y))
    result = contrast_cr2_weighted(totals_of(people, w), coefs, min_df=0)
    estimate, variance, df = cr2_weighted(people.school, people.cell, people.y, w, np.array(coefs))
    assert result.estimate == pytest.approx(estimate, rel=1e-10)
    assert result.se == pytest.approx(variance**0.5, rel=1e-8)
    assert result.df == pytest.approx(df, rel=1e-7)


def test_weights_that_differ_between_schools_only() -> None:
    """N/n of each school: the plane of 1 and w is a line there."""
    people = draw_people(3, schools=12)
    w = np.random.default_rng(1).uniform(1, 4, size=12)[people.school]
    result = contrast_cr2_weighted(totals_of(people, w), [-1, 1])
    estimate, variance, df = cr2_weighted(
        people.school, people.cell, people.y, w, np.array([-1.0, 1.0])
    )
    assert result.estimate == pytest.approx(estimate)
    assert result.se == pytest.approx(variance**0.5, rel=1e-8)
    assert result.df == pytest.approx(df, rel=1e-7)


def test_a_school_that_is_a_whole_cell_adds_nothing_there() -> None:
    people = draw_people(4, schools=12, cells=3)
    keep = (people.cell != 2) | (people.school == 0)
    alone = People(people.school[keep], people.cell[keep], people.y[keep], 12, 3)
    w = np.random.default_rng(2).uniform(1, 4, size=keep.sum())
    result = contrast_cr2_weighted(totals_of(alone, w), [-1.0, 0.5, 0.5], min_df=0)
    expected = cr2_weighted(alone.school, alone.cell, alone.y, w, np.array([-1.0, 0.5, 0.5]))
    assert result.se == pytest.approx(expected[1] ** 0.5, rel=1e-6)
    assert result.df == pytest.approx(expected[2], rel=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_equal_weights_give_the_plain_answer(seed: int) -> None:
    people = draw_people(seed, schools=10)
    n, total = people.totals()
    plain = contrast_cr2(n, total, [-1, 1])
    weighted = contrast_cr2_weighted(totals_of(people, np.full(len(people.y), 2.5)), [-1, 1])
    for name in ("estimate", "se", "df", "p"):
        assert getattr(weighted, name) == pytest.approx(getattr(plain, name), rel=1e-8)
    assert (weighted.n, weighted.n_clusters) == (plain.n, plain.n_clusters)


def flat(n: np.ndarray, y: float) -> WeightedTotals:
    return WeightedTotals(n, n, n, y * n, y * n)


@pytest.mark.parametrize(
    ("n", "coefs", "reason"),
    [
        (np.zeros((8, 2)), [-1, 1], Reason.NO_DATA),
        (np.full((8, 2), 3.0) * [1, 0], [-1, 1], Reason.NOT_IN_BOTH_WAVES),
        (np.full((5, 2), 3.0), [-1, 1], Reason.TOO_FEW_CLUSTERS),
        (np.full((5, 1), 3.0), [1], Reason.TOO_FEW_CLUSTERS),
        (np.full((8, 2), 3.0), [-1, 1], Reason.ZERO_VARIANCE),
        (np.eye(6), [1, 1, 1, -1, -1, -1], Reason.TOO_FEW_CLUSTERS),
    ],
)
def test_refusals(n, coefs, reason) -> None:
    assert contrast_cr2_weighted(flat(n, 3.0), coefs).reason is reason


def test_nothing_left_to_judge_by_and_giant_schools() -> None:
    n = np.eye(6)
    found = contrast_cr2_weighted(flat(n, 3.0), [1, 1, 1, -1, -1, -1], min_df=0, min_per_group=1)
    assert found.reason is Reason.TOO_FEW_CLUSTERS
    giant = np.full((8, 2), 2.0)
    giant[0] = 900
    values = WeightedTotals(giant, giant, giant, giant, giant * np.arange(1, 9)[:, None])
    assert contrast_cr2_weighted(values, [-1, 1]).reason is Reason.TOO_FEW_CLUSTERS
    assert (
        contrast_cr2(giant, giant * [[1, 2]] * np.arange(1, 9)[:, None], [-1, 1], min_df=0).reason
        is None
    )
