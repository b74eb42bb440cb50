"""Taylor contrasts: the naive sum over respondents, the refusals, and the rules for df."""

import numpy as np
import pytest

from indicators.stats.linear import contrast_taylor, design_effect
from indicators.stats.moments import mean_sd
from indicators.vocabulary import Reason
from tests.stats.naive import draw_people, taylor

CHANGE = np.array([-1.0, 1.0])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "coefs", [[1.0], [-1.0, 1.0], [0.5, 0.5, -1.0], [1.0, -1.0, -1.0, 1.0]], ids=str
)
def test_equals_the_sum_over_respondents(seed: int, coefs: list[float]) -> None:
    people = draw_people(seed, schools=12, cells=len(coefs), most=7)
    result = contrast_taylor(*people.totals(), coefs)
    estimate, variance = taylor(people, np.array(coefs), people.n_schools)
    assert result.estimate == pytest.approx(estimate, rel=1e-12)
    assert result.se == pytest.approx(variance**0.5, rel=1e-10)
    assert result.df == len(set(people.school)) - 1
    assert result.n == len(people.y)
    assert result.reason is None


def test_a_cell_with_coefficient_zero_plays_no_part() -> None:
    people = draw_people(3, cells=3)
    n, total = people.totals()
    assert contrast_taylor(n, total, [-1, 0, 1]) == contrast_taylor(
        n[:, [0, 2]], total[:, [0, 2]], CHANGE
    )


def test_schools_without_answers_are_passed_as_rows_or_as_a_number() -> None:
    n, total = draw_people(1).totals()
    empty = np.zeros((4, 2))
    with_rows = contrast_taylor(np.vstack([n, empty]), np.vstack([total, empty]), CHANGE)
    assert with_rows == contrast_taylor(n, total, CHANGE, n_psu=len(n) + 4)
    plain = contrast_taylor(n, total, CHANGE)
    assert with_rows.df == plain.df
    assert with_rows.se is not None
    assert plain.se is not None
    assert with_rows.se < plain.se  # G/(G-1) is nearer to 1


def test_totals_of_empty_cells_are_not_read() -> None:
    n, total = draw_people(2).totals()
    assert contrast_taylor(n, np.where(n == 0, np.nan, total), CHANGE) == contrast_taylor(
        n, total, CHANGE
    )


def test_groups_of_whole_schools_cost_one_more_degree_of_freedom() -> None:
    n, total = np.zeros((14, 2)), np.zeros((14, 2))
    n[:7, 0] = n[7:, 1] = 10
    total[:7, 0], total[7:, 1] = np.arange(20, 27), np.arange(30, 37)
    between = contrast_taylor(n, total, CHANGE)
    assert between.df == 12
    n[0, 1], total[0, 1] = 10, 33
    assert contrast_taylor(n, total, CHANGE).df == 13


@pytest.mark.parametrize(
    ("n", "total", "coefs", "reason", "estimate"),
    [
        ([[0, 0]] * 8, [[0, 0]] * 8, [-1, 1], Reason.NO_DATA, None),
        ([[0]] * 8, [[0]] * 8, [1], Reason.NO_DATA, None),
        ([[4, 0]] * 8, [[9, 0]] * 8, [-1, 1], Reason.NOT_IN_BOTH_WAVES, None),
        ([[4, 4]] * 5, [[9, 13]] * 5, [-1, 1], Reason.TOO_FEW_CLUSTERS, 1.0),
        ([[4, 0], [0, 4]] * 5, [[8, 0], [0, 9]] * 5, [-1, 1], Reason.TOO_FEW_CLUSTERS, 0.25),
        ([[4], [0], [0]], [[9], [0], [0]], [1], Reason.SINGLE_PSU_STRATUM, 2.25),
        ([[4]], [[9]], [1], Reason.SINGLE_PSU_STRATUM, 2.25),
        ([[4]] * 3, [[12]] * 3, [1], Reason.ZERO_VARIANCE, 3.0),
        ([[3, 7]] * 8, [[3 * 0.1, 7 * 0.1]] * 8, [-1, 1], Reason.ZERO_VARIANCE, 0.0),
    ],
)
def test_refusals_keep_the_value_where_it_may_be_shown(n, total, coefs, reason, estimate) -> None:
    result = contrast_taylor(n, total, coefs)
    assert result.reason is reason
    assert result.estimate == (None if estimate is None else pytest.approx(estimate, abs=1e-12))
    assert result.se == (0.0 if reason is Reason.ZERO_VARIANCE else None)
    assert result.t is result.p is result.ci_low is result.ci_high is None
    assert result.ci90_low is result.ci90_high is None
    assert result.n == np.sum(n)


@pytest.mark.parametrize(
    ("n", "total", "coefs", "message"),
    [
        ([4, 4], [9, 9], [1], r"found \(1, 2\), \(1, 2\) and \(1,\)"),
        ([[4, 4]], [[9]], [-1, 1], r"found \(1, 2\), \(1, 1\) and \(2,\)"),
        ([[4, 4]], [[9, 9]], [1], "expected n and total of shape"),
        ([[4, 4]], [[9, 9]], [0, 0], "not all 0"),
        ([[4, 4]], [[9, 9]], [np.nan, 1], "expected finite coefs"),
        ([[-1, 4]], [[9, 9]], [-1, 1], "expected n >= 0"),
        ([[np.nan, 4]], [[9, 9]], [-1, 1], "expected n >= 0"),
        ([[4, 4]], [[np.nan, 9]], [-1, 1], "finite totals"),
    ],
)
def test_bad_shapes_and_values_are_errors(n, total, coefs, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        contrast_taylor(n, total, coefs)


def test_n_psu_cannot_be_below_the_schools_with_answers() -> None:
    with pytest.raises(ValueError, match="expected n_psu >= 8"):
        contrast_taylor([[4]] * 8, [[9]] * 8, [1], n_psu=7)


def test_design_effect_is_one_when_schools_are_single_respondents() -> None:
    y = np.array([2.0, 3.0, 3.0, 5.0, 1.0])
    level = contrast_taylor(np.ones((5, 1)), y[:, None], [1])
    _, sd = mean_sd(5, y.sum(), (y**2).sum())
    assert design_effect(level.se, level.n, float(sd)) == pytest.approx(1)
    assert design_effect(level.se, level.n, 0.0) is None
    assert design_effect(level.se, level.n, float("nan")) is None
    assert design_effect(contrast_taylor([[1]], [[2]], [1]).se, 1, 1.0) is None
