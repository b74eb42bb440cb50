"""One school: scipy's t tests, the order of refusals, and the inflation for classes."""

from statistics import mean, stdev

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import chi2, norm, t, ttest_1samp, ttest_ind

from indicators.stats.power import detectable_change
from indicators.stats.school import (
    class_deff,
    inflate,
    mean_interval,
    newcombe_change,
    share_interval,
    welch_change,
)
from indicators.vocabulary import Reason

RNG = np.random.default_rng(11)
BEFORE = [np.round(RNG.normal(3, 1, size=n), 1) for n in (8, 9, 30, 42)]
AFTER = [np.round(RNG.normal(3.4, 1.3, size=n), 1) for n in (12, 8, 25, 42)]


def moments(groups: list[np.ndarray]) -> tuple[list[int], list[float], list[float]]:
    return [len(y) for y in groups], [mean(y) for y in groups], [stdev(y) for y in groups]


def test_welch_equals_scipy_for_every_school_at_once() -> None:
    ours = welch_change(*moments(BEFORE), *moments(AFTER))
    assert ours.reason == [None] * 4
    for index, (before, after) in enumerate(zip(BEFORE, AFTER, strict=True)):
        theirs = ttest_ind(after, before, equal_var=False)
        limits, limits90 = theirs.confidence_interval(), theirs.confidence_interval(0.9)
        one = ours.at(index)
        assert one.estimate == pytest.approx(after.mean() - before.mean())
        assert (one.t, one.df, one.p) == pytest.approx(
            (theirs.statistic, theirs.df, theirs.pvalue), rel=1e-9
        )
        assert (one.ci_low, one.ci_high) == pytest.approx(tuple(limits), rel=1e-9)
        assert (one.ci90_low, one.ci90_high) == pytest.approx(tuple(limits90), rel=1e-9)
        assert (one.n, one.n_clusters, one.method) == (len(before) + len(after), 1, "welch")


def test_classes_widen_the_interval_and_leave_the_estimate() -> None:
    plain = welch_change(*moments(BEFORE), *moments(AFTER))
    wide = welch_change(*moments(BEFORE), *moments(AFTER), deff=[1.0, 2.0, 4.0, 1e6])
    assert wide.estimate.tolist() == plain.estimate.tolist()
    assert (wide.se / plain.se) ** 2 == pytest.approx([1, 2, 4, 1e6])
    assert plain.df[:3] / wide.df[:3] == pytest.approx([1, 2, 4])
    assert wide.df[3] == 1


@pytest.mark.parametrize(
    ("n1", "n2", "sd", "reason", "estimate"),
    [
        (0, 0, 1.0, Reason.NO_DATA, None),
        (0, 30, 1.0, Reason.NOT_IN_BOTH_WAVES, None),
        (3, 0, 1.0, Reason.NOT_IN_BOTH_WAVES, None),
        (1, 30, 1.0, Reason.SUPPRESSED, None),
        (30, 4, 1.0, Reason.SUPPRESSED, None),
        (5, 30, 1.0, Reason.TOO_FEW_RESPONDENTS, 0.5),
        (30, 7, 0.0, Reason.TOO_FEW_RESPONDENTS, 0.5),
        (8, 8, 0.0, Reason.ZERO_VARIANCE, 0.5),
        (8, 8, 1.0, None, 0.5),
    ],
)
def test_refusals_of_a_change_come_in_order(n1, n2, sd, reason, estimate) -> None:
    means = (3.0 if n1 else np.nan, 3.5 if n2 else np.nan)
    sds = (sd if n1 > 1 else np.nan, sd if n2 > 1 else np.nan)
    result = welch_change([n1], [means[0]], [sds[0]], [n2], [means[1]], [sds[1]]).at(0)
    assert result.reason is reason
    assert result.estimate == estimate
    assert (result.p is None) == (reason is not None)
    assert (result.ci_low is None) == (reason is not None)
    assert (result.se == 0.0) == (reason is Reason.ZERO_VARIANCE)


def test_the_least_number_of_answers_is_a_setting() -> None:
    assert welch_change([6], [3], [1], [6], [4], [1]).reason == [Reason.TOO_FEW_RESPONDENTS]
    assert welch_change([6], [3], [1], [6], [4], [1], min_n=6).reason == [None]


def test_one_survey_without_spread_still_has_a_test() -> None:
    result = welch_change([10], [3], [0], [10], [4], [1]).at(0)
    assert result.df == pytest.approx(9)
    assert result.se == pytest.approx(0.1**0.5)


def test_a_level_equals_scipy() -> None:
    levels = mean_interval(*moments(BEFORE))
    for index, y in enumerate(BEFORE):
        limits = ttest_1samp(y, 0).confidence_interval()
        assert (levels.ci_low[index], levels.ci_high[index]) == pytest.approx(tuple(limits))


def test_a_level_of_a_list_knows_how_many_were_left_out() -> None:
    n, population = np.array([10.0] * 5), np.array([np.nan, 40, 10, 9, 1e15])
    levels = mean_interval(n, np.full(5, 3.0), np.full(5, 1.0), population)
    assert levels.reason == [None, None, Reason.CENSUS, None, None]
    assert levels.se == pytest.approx(np.sqrt([0.1, 0.075, 0, 0.1, 0.1]))
    assert np.isnan(levels.ci_low).tolist() == [False, False, True, False, False]
    assert len(levels) == 5


@pytest.mark.parametrize("level", [mean_interval, share_interval])
def test_refusals_of_a_level(level) -> None:
    n = np.array([0.0, 4, 4, 5, 5])
    population = np.array([np.nan, np.nan, 4, 5, np.nan])
    value = np.array([np.nan, 0.5, 0.5, 0.5, 0.5])
    spread = (np.array([np.nan, 1, 1, 1, 0.0]),) if level is mean_interval else ()
    result = level(n, value, *spread, population)
    last = Reason.ZERO_VARIANCE if level is mean_interval else None
    suppressed = Reason.SUPPRESSED
    assert result.reason == [Reason.NO_DATA, suppressed, suppressed, Reason.CENSUS, last]
    assert np.isnan(result.estimate).tolist() == [True, True, True, False, False]
    assert result.at(0).n_clusters == 0


def test_a_share_has_limits_but_no_standard_error() -> None:
    result = share_interval([9, 9], [1.0, 5 / 9]).at(0)
    assert (result.se, result.df, result.t, result.p) == (None, None, None, None)
    assert result.ci_high == 1.0
    assert result.ci_low is not None
    assert result.ci90_low is not None
    assert result.ci_low < result.ci90_low


def test_change_of_a_share_has_fisher_and_newcombe() -> None:
    x1, n1 = [14, 0, 2, 0, 1], [25, 10, 3, 0, 7]
    x2, n2 = [29, 0, 8, 5, 7], [48, 12, 30, 9, 9]
    result = newcombe_change(x1, n1, x2, n2)
    refusals = [Reason.SUPPRESSED, Reason.NOT_IN_BOTH_WAVES, Reason.TOO_FEW_RESPONDENTS]
    assert result.reason == [None, None, *refusals]
    assert result.estimate[:2] == pytest.approx([29 / 48 - 14 / 25, 0])
    assert result.p[1] == 1
    assert result.ci_low[1] < 0 < result.ci_high[1]
    assert result.ci_low[0] < result.ci90_low[0] < result.ci90_high[0] < result.ci_high[0]
    assert np.isnan(result.se).all()
    assert np.isnan(result.p[2:]).all()


def test_shapes_must_agree() -> None:
    with pytest.raises(ValueError, match=r"expected arrays of shape \(schools,\)"):
        mean_interval([9, 9], [3, 3, 3], [1, 1])
    with pytest.raises(ValueError, match="found"):
        share_interval(9, 0.5)


def test_class_deff_uses_the_classes_there_are() -> None:
    assert float(class_deff([21, 21])) == pytest.approx(2.0)
    sizes = [[20, 22, 0], [30, 0, 0], [0, 0, 0], [1, 1, 1]]
    assert class_deff(sizes, 0.1) == pytest.approx([3.0, 3.9, 1, 1])
    assert class_deff(sizes, -0.2).tolist() == [1, 1, 1, 1]


def test_inflate_never_leaves_less_than_one_degree() -> None:
    se, df = inflate([1.0, 1.0, np.nan], [30.0, 3.0, np.nan], 4.0)
    assert se[:2].tolist() == [2.0, 2.0]
    assert df[:2].tolist() == [7.5, 1.0]
    assert np.isnan([se[2], df[2]]).all()


@pytest.mark.parametrize(
    ("n", "d"), [(8, 1.51), (10, 1.32), (12, 1.20), (15, 1.06), (20, 0.91), (30, 0.74), (42, 0.62)]
)
def test_detectable_change_of_the_method_table(n: int, d: float) -> None:
    assert float(detectable_change(n, n)) == pytest.approx(d, abs=0.006)


@pytest.mark.parametrize("power", [0.5, 0.8, 0.95])
@pytest.mark.parametrize(("n1", "n2", "deff"), [(2, 2, 1), (9, 14, 1), (42, 40, 2), (300, 400, 3)])
def test_detectable_change_has_the_power_asked_for(n1, n2, deff, power) -> None:
    d = float(detectable_change(n1, n2, deff, power=power))
    df = (n1 + n2 - 2) / deff
    shift = d / (deff * (1 / n1 + 1 / n2)) ** 0.5
    bar = t.isf(0.025, df)

    def rejects(square: float) -> float:
        """Given the chi-square under the root, T = (Z + shift)/sqrt(square/df) is normal."""
        edge = bar * (square / df) ** 0.5
        beyond = norm.sf(edge - shift) + norm.cdf(-edge - shift)
        return float(beyond * chi2.pdf(square, df))

    reached, _ = quad(rejects, 0, df + 40 * df**0.5 + 40, points=[df], epsabs=1e-12, epsrel=1e-10)
    assert reached == pytest.approx(power, rel=1e-7)


def test_detectable_change_without_answers_is_missing() -> None:
    found = detectable_change([0, 9, 1, np.nan, 9], [9, 0, 1, 9, 9])
    assert np.isnan(found).tolist() == [True, True, True, True, False]
    assert np.isnan(detectable_change(9, 9, np.nan))
    assert detectable_change([[9, 9]], [[9], [8]]).shape == (2, 2)


@pytest.mark.parametrize(("power", "alpha"), [(0.4, 0.05), (1.0, 0.05), (0.8, 0.0), (0.8, 0.6)])
def test_detectable_change_wants_a_sensible_test(power: float, alpha: float) -> None:
    with pytest.raises(ValueError, match="found "):
        detectable_change(9, 9, power=power, alpha=alpha)


def test_detectable_change_never_returns_an_unfinished_answer(monkeypatch) -> None:
    monkeypatch.setattr("indicators.stats.power.MAX_STEPS", 2)
    with pytest.raises(RuntimeError, match="no detectable change found"):
        detectable_change(9, 9)


def test_a_list_of_nobody_is_no_list() -> None:
    assert mean_interval([0.0], [np.nan], [np.nan], [0.0]).reason == [Reason.NO_DATA]


def test_classes_widen_the_level_of_a_school() -> None:
    """Two classes of 20 with a correlation of .05 are worth 40/1.95 people."""
    n, mean, sd, deff = np.array([40.0]), np.array([3.2]), np.array([1.1]), 1.95
    alone, classes = mean_interval(n, mean, sd), mean_interval(n, mean, sd, deff=deff)
    assert classes.se[0] == pytest.approx(alone.se[0] * deff**0.5)
    assert classes.df[0] == pytest.approx(39 / deff)
    share, fewer = share_interval(n, [0.3], deff=deff), share_interval(n / deff, [0.3])
    assert share.ci_low[0] == pytest.approx(fewer.ci_low[0])
    assert share.ci90_high[0] == pytest.approx(fewer.ci90_high[0])
    assert share.n[0] == 40
