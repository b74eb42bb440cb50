"""The design-based rank test: person by person, without clusters, refusals."""

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from indicators.stats.design import make_design
from indicators.stats.ranks_survey import rank_counts, rank_survey
from indicators.vocabulary import Reason
from tests.stats.naive_survey import draw_sample, variance
from tests.stats.test_design import design_of
from tests.stats.test_identities import given


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("weighted", [False, True])
def test_person_by_person(seed: int, weighted: bool) -> None:
    sample = draw_sample(seed)
    y, cell = np.round(sample.y), sample.cell
    # Answers as untied as weights: R averages tied ranks in the order of the file.
    y = y if not weighted else y + np.arange(len(y)) / 1000
    w = sample.weight if weighted else np.ones(len(y))
    used = ~np.isnan(y)
    rank = np.full(len(y), np.nan)
    for i in np.flatnonzero(used):
        below = w[used & (y < y[i])].sum()
        rank[i] = (below + w[used & (y == y[i])].sum() / 2) / w[used].sum()
    z, means = np.zeros(len(y)), []
    for k, sign in ((0, -1), (1, 1)):
        inside = used & (cell == k)
        means.append(np.average(rank[inside], weights=w[inside]))
        z[inside] = sign * w[inside] * (rank[inside] - means[k]) / w[inside].sum()
    found = rank_survey(y, cell, design_of(sample), weight=sample.weight if weighted else None)
    assert found.estimate == pytest.approx(means[1] - means[0], abs=1e-12)
    assert found.se == pytest.approx(variance(sample, z, fpc=False, stages=False) ** 0.5)
    assert found.n == used.sum()


def counted(y: np.ndarray, group: np.ndarray, unit: np.ndarray, weight: np.ndarray | None = None):
    """Counts (units, categories, 2) of rows, and the sums of their weights."""
    codes = np.unique(y[~np.isnan(y)])
    out = np.zeros((2, unit.max() + 1, len(codes), 2))
    w = np.ones(len(y)) if weight is None else weight
    for i in np.flatnonzero(~np.isnan(y) & np.isin(group, (0, 1))):
        out[:, unit[i], np.searchsorted(codes, y[i]), int(group[i])] += (1, w[i])
    return out


@given(st.integers(0, 2**32 - 1))
def test_counts_say_what_rows_say(seed) -> None:
    sample = draw_sample(seed, strata=2, schools=6)
    y, unit = np.round(sample.y), sample.stratum * 6 + sample.school
    n, _ = counted(y, sample.cell, unit)
    by_unit = make_design(12, strata=np.repeat([0, 1], 6))
    rows = rank_survey(y, sample.cell, make_design(len(y), psu=unit, strata=sample.stratum))
    counts = rank_counts(n, by_unit)
    assert (counts.n, counts.n_clusters, counts.df, counts.reason) == (
        rows.n,
        rows.n_clusters,
        rows.df,
        rows.reason,
    )
    assert counts.estimate == pytest.approx(rows.estimate, abs=1e-12)
    assert counts.se == pytest.approx(rows.se, abs=1e-12)
    assert rank_counts(n[:, ::-1], by_unit).estimate == pytest.approx(-rows.estimate, abs=1e-12)
    assert rank_counts(n, by_unit, weight=3 * n).p == pytest.approx(rows.p)


@pytest.mark.parametrize("seed", range(4))
def test_weighted_counts_person_by_person(seed: int) -> None:
    sample = draw_sample(seed)
    y, w, unit = np.round(sample.y), sample.weight, sample.stratum * 5 + sample.school
    used = ~np.isnan(y)
    all_mass, z, means = w[used].sum(), np.zeros(len(y)), []
    rank = np.array(
        [(w[used & (y < v)].sum() + w[used & (y == v)].sum() / 2) / all_mass for v in y]
    )
    for k, sign in ((0, -1), (1, 1)):
        inside = used & (sample.cell == k)
        means.append(np.average(rank[inside], weights=w[inside]))
        z[inside] = sign * w[inside] * (rank[inside] - means[k]) / w[inside].sum()
    n, mass = counted(y, sample.cell, unit, w)
    found = rank_counts(n, make_design(15, strata=np.repeat([0, 1, 2], 5)), weight=mass)
    assert found.estimate == pytest.approx(means[1] - means[0], abs=1e-12)
    assert found.se == pytest.approx(variance(sample, z, fpc=False, stages=False) ** 0.5)


def test_single_respondents_come_near_to_mann_whitney() -> None:
    rng = np.random.default_rng(1)
    group = np.repeat([0, 1], 500)
    y = rng.integers(1, 6, size=1000) + (rng.uniform(size=1000) < 0.2 * group)
    found = rank_survey(y, group, make_design(1000))
    theirs = mannwhitneyu(y[group == 1], y[group == 0])
    assert found.p == pytest.approx(theirs.pvalue, rel=0.1)
    assert found.estimate == pytest.approx(theirs.statistic / 250_000 - 0.5)


@given(st.integers(0, 2**32 - 1))
def test_only_the_order_of_answers_counts(seed) -> None:
    sample = draw_sample(seed)
    y, design = np.round(sample.y), design_of(sample)
    one = rank_survey(y, sample.cell, design)
    stretched = rank_survey(np.exp(y) * 7, sample.cell, design)
    turned = rank_survey(y, 1 - sample.cell, design)
    assert stretched == one
    if one.reason is None:
        assert turned.estimate == pytest.approx(-one.estimate)
        assert turned.se == pytest.approx(one.se)


@pytest.mark.parametrize(
    ("y", "group", "more", "reason"),
    [
        ([np.nan] * 8, [0, 1] * 4, {}, Reason.NO_DATA),
        (range(8), [0] * 8, {}, Reason.NOT_IN_BOTH_WAVES),
        (range(8), [0, 1] * 4, {"psu": [1, 2, 3, 4] * 2}, Reason.TOO_FEW_CLUSTERS),
        (range(8), [0, 1] * 4, {"strata": range(8)}, Reason.TOO_FEW_CLUSTERS),
        (range(8), [0, 1] * 4, {"strata": [1] * 7 + [2]}, Reason.SINGLE_PSU_STRATUM),
        (range(8), [0, 1] * 4, {"population": [8] * 8}, Reason.CENSUS),
        ([3] * 8, [0, 1] * 4, {}, Reason.ZERO_VARIANCE),
        ([1, 1, 2, 2] * 2, [0, 1] * 4, {"psu": list("aabbccdd")}, Reason.TOO_FEW_CLUSTERS),
        ([1, 1] * 8, [0, 1] * 8, {}, Reason.ZERO_VARIANCE),
    ],
)
def test_refusals(y, group, more, reason) -> None:
    more = {key: list(value) for key, value in more.items()}
    y = list(y)
    design = make_design(len(y), **more)
    assert rank_survey(y, group, design).reason is reason
    y, group = np.array(y, dtype=np.float64), np.array(group)
    n, _ = counted(y, group, np.arange(len(y)))
    assert rank_counts(n, design).reason is reason


def test_schools_that_all_agree_have_no_spread() -> None:
    """Group 1 always above group 0, the same ranks inside each."""
    found = rank_survey([1, 2] * 8, [0, 1] * 8, make_design(16))
    assert found.reason is Reason.ZERO_VARIANCE
    assert found.estimate == 0.5


def test_a_value_for_every_unit() -> None:
    with pytest.raises(ValueError, match="categories, 2"):
        rank_counts(np.zeros((8, 5, 3)), make_design(8))
    with pytest.raises(ValueError, match="units as in the design"):
        rank_counts(np.zeros((8, 5, 2)), make_design(7))
    with pytest.raises(ValueError, match="one per unit"):
        rank_survey([1, 2], [0, 1, 1], make_design(3))
