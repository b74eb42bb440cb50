"""Contrasts of designs: the naive sum, the plain case, refusals, and what must always hold."""

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from indicators.stats.cells import summarise
from indicators.stats.design import Lonely, make_design
from indicators.stats.linear import contrast_taylor, design_effect
from indicators.stats.moments import mean_sd
from indicators.stats.survey import contrast_survey
from indicators.vocabulary import Reason
from tests.stats.naive_survey import draw_sample, scores, variance
from tests.stats.test_design import design_of
from tests.stats.test_identities import CHANGE, given, same, totals


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("coefs", [[1.0], [-1.0, 1.0], [1.0, -1.0, -1.0, 1.0]], ids=str)
def test_equals_the_sum_over_respondents(seed: int, coefs: list[float]) -> None:
    sample = draw_sample(seed, cells=len(coefs))
    n, total, weight = sample.totals(len(coefs))
    result = contrast_survey(n, total, coefs, design_of(sample), weight=weight)
    estimate, z = scores(sample, np.array(coefs))
    assert result.estimate == pytest.approx(estimate, rel=1e-12)
    assert result.se == pytest.approx(variance(sample, z, fpc=False, stages=False) ** 0.5)
    used = n.any(axis=1)
    answering = len(set(zip(sample.stratum[used], sample.school[used], strict=True)))
    assert (result.n, result.n_clusters) == (n.sum(), answering)
    assert result.df == answering - 3


def test_totals_per_school_are_as_good_as_rows() -> None:
    sample = draw_sample(7)
    n, total, weight = sample.totals(2)
    rows = design_of(sample, fpc=True)
    _, first = np.unique(rows.psu, return_index=True)
    schools = make_design(
        rows.n_psu, strata=sample.stratum[first], population=sample.population[first]
    )
    sums = [rows.by_psu(column) for column in (n, total, weight)]
    by_school = contrast_survey(sums[0], sums[1], CHANGE, schools, weight=sums[2])
    by_row = contrast_survey(n, total, CHANGE, rows, weight=weight)
    same(by_row, by_school)


@given(totals())
def test_one_stratum_without_weights_is_the_plain_contrast(data) -> None:
    n, total = data
    design = make_design(len(n))
    plain = contrast_taylor(n, total, CHANGE)
    same(plain, contrast_survey(n, total, CHANGE, design))
    same(plain, contrast_survey(n, 2 * total, CHANGE, design, weight=2 * n))


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100))
def test_weights_count_only_in_proportion(seed, factor) -> None:
    sample = draw_sample(seed)
    n, total, weight = sample.totals(2)
    assume((n.sum(axis=0) > 0).all())
    design = design_of(sample)
    same(
        contrast_survey(n, total, CHANGE, design, weight=weight),
        contrast_survey(n, factor * total, CHANGE, design, weight=factor * weight),
    )


@given(st.integers(0, 2**32 - 1))
def test_two_levels_and_their_covariance_make_the_change(seed) -> None:
    """V(a - b) + V(a + b) = 2 V(a) + 2 V(b)."""
    sample = draw_sample(seed)
    n, total, weight = sample.totals(2)
    design = design_of(sample)
    coefs = ([1, 0], [0, 1], [-1, 1], [1, 1])
    found = [contrast_survey(n, total, c, design, weight=weight).se for c in coefs]
    assume(None not in found)
    one, two, change, both = (se**2 for se in found)
    assert change + both == pytest.approx(2 * one + 2 * two, rel=1e-8, abs=1e-12)


def test_kinds_of_schools_cost_a_degree_of_freedom_and_waves_do_not() -> None:
    rng = np.random.default_rng(1)
    n = np.repeat(np.eye(2), 8, axis=0) * 5
    total = n * rng.normal(3, 1, size=(16, 1))
    design = make_design(16, strata=np.repeat([1, 2], 8))
    kinds = contrast_survey(n, total, CHANGE, design)
    waves = contrast_survey(n, total, CHANGE, design, are_waves=True)
    assert (kinds.df, waves.df) == (13, 14)
    assert kinds.se == waves.se


def test_few_schools_of_a_kind_can_be_allowed() -> None:
    n = np.repeat(np.eye(2), [9, 3], axis=0) * 5
    total = n * np.arange(1, 13.0)[:, None]
    design = make_design(12)
    assert contrast_survey(n, total, CHANGE, design).reason is Reason.TOO_FEW_CLUSTERS
    assert contrast_survey(n, total, CHANGE, design, min_per_group=3).reason is None
    assert contrast_survey(n, total, CHANGE, design, are_waves=True).reason is None
    assert contrast_taylor(n, total, CHANGE).reason is Reason.TOO_FEW_CLUSTERS
    assert contrast_taylor(n, total, CHANGE, min_per_group=3).reason is None


@pytest.mark.parametrize(
    ("n", "strata", "population", "lonely", "reason"),
    [
        ([0] * 8, None, None, "fail", Reason.NO_DATA),
        ([3] * 8, [1] * 7 + [2], None, "fail", Reason.SINGLE_PSU_STRATUM),
        ([3] * 8, [1] * 7 + [2], None, "average", None),
        ([3] * 8, range(8), None, "remove", Reason.SINGLE_PSU_STRATUM),
        ([3] + [0] * 7, None, None, "fail", Reason.SINGLE_PSU_STRATUM),
        ([3] * 8, None, [8] * 8, "fail", Reason.CENSUS),
    ],
)
def test_refusals_of_a_level(n, strata, population, lonely, reason) -> None:
    n = np.array(n, dtype=float)[:, None]
    total = n * np.arange(1, 9.0)[:, None]
    design = make_design(
        8,
        strata=None if strata is None else list(strata),
        population=population,
        lonely=Lonely(lonely),
    )
    result = contrast_survey(n, total, [1], design)
    assert result.reason is reason
    assert (result.estimate is None) == (reason is Reason.NO_DATA)


def test_equal_answers_and_empty_waves_are_refused() -> None:
    n, design = np.full((8, 2), 3.0), make_design(8)
    assert contrast_survey(n, n * 0.1, CHANGE, design).reason is Reason.ZERO_VARIANCE
    empty = n * [1, 0]
    assert contrast_survey(empty, empty, CHANGE, design).reason is Reason.NOT_IN_BOTH_WAVES
    few = make_design(8, psu=[1, 1, 2, 2, 3, 3, 4, 4])
    assert contrast_survey(n, n, CHANGE, few).reason is Reason.TOO_FEW_CLUSTERS


@pytest.mark.parametrize(
    ("weight", "message"),
    [([[1.0]], "weight of the shape of n"), ([[1], [0]], "above 0"), ([[1], [np.nan]], "finite")],
)
def test_weights_must_be_weights(weight, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        summarise([[1], [1]], [[1], [1]], [1], weight)


def test_weighted_spread_and_design_effect() -> None:
    """s^2 = n/(n-1) sum w (y - mean)^2/sum w; equal weights change nothing."""
    y, w = np.array([1.0, 2, 4, 4]), np.array([1.0, 2, 1, 3])
    mean, sd = mean_sd(4, (w * y).sum(), (w * y**2).sum(), w.sum())
    assert mean == pytest.approx(np.average(y, weights=w))
    around = np.average((y - mean) ** 2, weights=w)
    assert sd == pytest.approx((4 / 3 * around) ** 0.5)
    _, plain = mean_sd(4, y.sum(), (y**2).sum())
    assert mean_sd(4, 5 * y.sum(), 5 * (y**2).sum(), 20)[1] == pytest.approx(plain)
    assert np.isnan(mean_sd(0, 0, 0, 0)).all()
    level = contrast_survey(
        np.ones((4, 1)), (w * y)[:, None], [1], make_design(4), weight=w[:, None]
    )
    assert design_effect(level.se, level.n, float(sd)) == pytest.approx(level.se**2 * 4 / sd**2)
