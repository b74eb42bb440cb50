"""The wild bootstrap against regressions drawn one by one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import strategies as st

from indicators.stats import wild
from indicators.stats.wild import change_wild
from indicators.vocabulary import Reason
from tests.stats.naive import People, draw_people
from tests.stats.test_identities import given


def t_of(people: People, y: np.ndarray) -> float:
    x = np.column_stack([np.ones(len(y)), people.cell == 1]).astype(float)
    bread = np.linalg.inv(x.T @ x)
    slope = bread @ x.T @ y
    schools = np.unique(people.school)
    residual = y - x @ slope
    meat = sum(
        np.outer(s, s)
        for s in (x[people.school == g].T @ residual[people.school == g] for g in schools)
    )
    g, n = len(schools), len(y)
    v = g / (g - 1) * (n - 1) / (n - 2) * bread @ meat @ bread
    return slope[1] / v[1, 1] ** 0.5


@pytest.mark.parametrize("seed", range(3))
def test_regression_by_regression(seed: int) -> None:
    people = draw_people(seed, schools=7)
    found = change_wild(*people.totals())
    observed = t_of(people, people.y)
    rest = people.y - people.y.mean()
    schools = np.unique(people.school)
    hits = 0
    for signs in product((-1, 1), repeat=len(schools)):
        sign = dict(zip(schools, signs, strict=True))
        drawn = people.y.mean() + rest * np.array([sign[s] for s in people.school])
        hits += abs(t_of(people, drawn)) >= abs(observed) - 1e-9
    assert found.t == pytest.approx(observed)
    assert found.draws == 2 ** len(schools)
    assert found.p == hits / found.draws


@given(st.integers(0, 2**32 - 1), st.sampled_from([2.0, -1.0, 100.0]))
def test_the_unit_and_the_order_do_not_matter(seed, scale) -> None:
    people = draw_people(seed, schools=8)
    n, total = people.totals()
    one = change_wild(n, total)
    other = change_wild(n[::-1], scale * total[::-1] + 3 * n[::-1])
    if one.reason is None:
        assert other.p == pytest.approx(one.p, abs=2 / 2**8)
        assert abs(other.t) == pytest.approx(abs(one.t), rel=1e-8, abs=1e-8)


def test_draws_in_pieces_are_the_same(monkeypatch) -> None:
    totals = draw_people(3, schools=8).totals()
    whole = change_wild(*totals)
    monkeypatch.setattr(wild, "CHUNK", 50)
    assert change_wild(*totals) == whole


@pytest.mark.parametrize(
    ("n", "total", "reason"),
    [
        ([[0, 0]] * 8, [[0, 0]] * 8, Reason.NO_DATA),
        ([[3, 0]] * 8, [[3, 0]] * 8, Reason.NOT_IN_BOTH_WAVES),
        ([[3, 3]] * 5 + [[0, 0]] * 4, [[3, 5]] * 9, Reason.TOO_FEW_CLUSTERS),
        ([[3, 3]] * 8, [[3, 3]] * 8, Reason.ZERO_VARIANCE),
        ([[3, 3]] * 8, [[3, 6]] * 8, Reason.ZERO_VARIANCE),
    ],
)
def test_refusals(n, total, reason) -> None:
    assert change_wild(n, total).reason is reason


def test_too_many_schools_to_enumerate() -> None:
    with pytest.raises(ValueError, match="at most 20 schools, found 21"):
        change_wild(np.ones((21, 2)), np.random.default_rng(1).normal(size=(21, 2)))
