"""Calibrated weights: the totals they must meet, post-strata by hand, refusals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import strategies as st

from indicators.stats.calibration import Margin, calibrate, mean_calibrated
from indicators.stats.design import make_design
from indicators.stats.survey import contrast_survey
from indicators.vocabulary import Reason
from tests.stats.naive_survey import draw_sample, variance
from tests.stats.test_design import design_of
from tests.stats.test_identities import given

STRATA, GENDER = [400.0, 500.0, 600.0], [800.0, 700.0]


def margins(sample, *, both: bool) -> list[Margin]:
    known = [Margin(sample.stratum, STRATA)]
    return [*known, Margin(sample.cell, GENDER)] if both else known


@given(st.integers(0, 2**32 - 1), st.booleans(), st.booleans())
def test_weights_meet_the_totals_and_keep_their_own(seed, raking, both) -> None:
    sample = draw_sample(seed)
    found = calibrate(sample.weight, margins(sample, both=both), raking=raking)
    assert np.bincount(sample.stratum, weights=found.weight) == pytest.approx(STRATA)
    if both:
        assert np.bincount(sample.cell, weights=found.weight) == pytest.approx(GENDER)
    if raking:
        assert (found.weight > 0).all()
    again = calibrate(found.weight, margins(sample, both=both), raking=raking)
    assert again.weight == pytest.approx(found.weight)
    assert found.kish_deff >= 1


@pytest.mark.parametrize("seed", range(4))
def test_post_strata_by_hand(seed: int) -> None:
    """g is one number per stratum; residuals are those from the mean of the post-stratum."""
    sample = draw_sample(seed)
    design = design_of(sample)
    found = calibrate(sample.weight, margins(sample, both=False))
    g = np.array(STRATA) / np.bincount(sample.stratum, weights=sample.weight)
    assert found.weight == pytest.approx(sample.weight * g[sample.stratum])
    used = ~np.isnan(sample.y)
    whole = found.weight[used].sum()
    mean = (found.weight[used] * sample.y[used]).sum() / whole
    e = np.where(used, (np.nan_to_num(sample.y) - mean) / whole, 0)
    z = np.zeros(len(e))
    for h in range(3):
        inside = sample.stratum == h
        middle = np.average(e[inside], weights=sample.weight[inside])
        z[inside] = found.weight[inside] * (e[inside] - middle)
    result = mean_calibrated(sample.y, found, design)
    assert result.estimate == pytest.approx(mean)
    assert result.se == pytest.approx(variance(sample, z, fpc=False, stages=False) ** 0.5)


@pytest.mark.parametrize("raking", [False, True])
def test_a_margin_of_the_whole_country_changes_the_scale_of_the_weights_only(raking: bool) -> None:
    drawn = draw_sample(3, cells=1)
    sample = replace(drawn, y=np.nan_to_num(drawn.y, nan=3.0))
    n, total, weight = sample.totals(1)
    found = calibrate(sample.weight, [Margin(sample.cell, [1000.0])], raking=raking)
    plain = contrast_survey(n, total, [1.0], design_of(sample), weight=weight)
    assert found.weight == pytest.approx(sample.weight * 1000 / sample.weight.sum())
    result = mean_calibrated(sample.y, found, design_of(sample))
    for name in ("estimate", "se", "df", "n"):
        assert getattr(result, name) == pytest.approx(getattr(plain, name))


def test_the_mean_of_a_margin_is_known() -> None:
    """y constant in each stratum: no residual is left."""
    sample = draw_sample(4)
    found = calibrate(sample.weight, margins(sample, both=False))
    result = mean_calibrated(sample.stratum * 1.0, found, design_of(sample))
    assert result.estimate == pytest.approx((500 + 2 * 600) / 1500)
    assert result.reason is Reason.ZERO_VARIANCE


@pytest.mark.parametrize(
    ("y", "strata", "reason"),
    [
        ([np.nan] * 4, None, Reason.NO_DATA),
        ([1, 2, 3, 4], [1, 1, 1, 2], Reason.SINGLE_PSU_STRATUM),
        ([1, np.nan, np.nan, np.nan], None, Reason.SINGLE_PSU_STRATUM),
        ([2, 2, 2, 2], None, Reason.ZERO_VARIANCE),
    ],
)
def test_refusals(y, strata, reason) -> None:
    found = calibrate(np.ones(4), [Margin([0, 0, 1, 1], [10.0, 30.0])])
    assert mean_calibrated(y, found, make_design(4, strata=strata)).reason is reason


@pytest.mark.parametrize(
    ("margin", "message"),
    [
        (Margin([0, 1], [1.0, 2.0]), r"level of shape \(3,\)"),
        (Margin([0, 1, 1], [[1.0]]), "totals of shape"),
        (Margin([0, 1, 1], [0.0, 2.0]), "expected totals above 0"),
        (Margin([0, 0, 0], [1.0, 2.0]), "respondents in every level"),
        (Margin([0, 1, 5], [1.0, 2.0]), "a level for every respondent"),
    ],
)
def test_margins_fit_the_respondents(margin, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        calibrate(np.ones(3), [margin])


@pytest.mark.parametrize("raking", [False, True])
def test_margins_that_contradict_each_other(raking: bool) -> None:
    contrary = [Margin([0, 0, 1, 1], [5.0, 5.0]), Margin([0, 1, 0, 1], [3.0, 4.0])]
    with pytest.raises(ValueError, match="no weights reproduce"):
        calibrate(np.ones(4), contrary, raking=raking)


def test_totals_that_only_negative_weights_could_meet() -> None:
    """Everybody of level 0 is a girl, and there are more of them than girls."""
    known = [Margin([0, 0, 1, 1], [5.0, 5.0]), Margin([0, 0, 0, 1], [3.0, 7.0])]
    assert calibrate(np.ones(4), known).weight.min() < 0
    with pytest.raises(ValueError, match="no weights reproduce"):
        calibrate(np.ones(4), known, raking=True)


def test_raking_far_from_the_drawn_weights_does_not_overshoot() -> None:
    level = [0] * 8 + [1] * 8
    gender = [0] + [1] * 7 + [0] * 7 + [1]
    known = [Margin(level, [1e6, 1.0]), Margin(gender, [9e5, 1e5 + 1])]
    found = calibrate(np.linspace(1, 9, 16), known, raking=True)
    assert np.bincount(level, weights=found.weight) == pytest.approx([1e6, 1.0], abs=1e-2)
    assert np.bincount(gender, weights=found.weight) == pytest.approx([9e5, 1e5 + 1])


@pytest.mark.parametrize("weight", [[1.0, 0.0], [1.0, np.inf], [[1.0, 1.0]]])
def test_weights_are_weights(weight) -> None:
    with pytest.raises(ValueError, match="finite and above 0"):
        calibrate(weight, [Margin([0, 1], [1.0, 2.0])])


def test_a_y_for_every_row() -> None:
    found = calibrate(np.ones(2), [Margin([0, 1], [1.0, 2.0])])
    with pytest.raises(ValueError, match=r"expected y of shape \(2,\)"):
        mean_calibrated([1.0], found, make_design(2))
