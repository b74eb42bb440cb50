"""Calibration and design effects row by row, without a matrix."""

from dataclasses import fields

import numpy as np
import pytest

from indicators.stats.calibration import Margin, calibrate, mean_calibrated
from indicators.stats.cr2 import contrasts_cr2
from indicators.stats.design import variances
from indicators.stats.ftests import equal_means, rao_scott
from indicators.stats.linear import contrast_taylor, contrasts_taylor, design_effect
from indicators.stats.survey import contrasts_survey
from tests.stats.naive import cr2, draw_people, taylor
from tests.stats.naive_distributions import STRIP_ERROR, f_upper
from tests.stats.naive_survey import Sample, draw_sample, scores, variance
from tests.stats.test_design import design_of

ROUNDS = 600  # of fitting one level after another; far more than needed
FITTED = 1e-8
STRATA, CELLS = [400.0, 500.0, 600.0], [800.0, 700.0]


def margins_of(sample: Sample) -> list[Margin]:
    return [Margin(sample.stratum, STRATA), Margin(sample.cell, CELLS)]


def levels_of(sample: Sample) -> list[tuple[list[int], float]]:
    """Rows of every level of both margins, with its total."""
    columns = ((sample.stratum.tolist(), STRATA), (sample.cell.tolist(), CELLS))
    return [
        ([row for row, at in enumerate(column) if at == level], total)
        for column, totals in columns
        for level, total in enumerate(totals)
    ]


def rake(sample: Sample) -> list[float]:
    """Iterative proportional fitting: every level in turn is stretched to its total."""
    weight = sample.weight.tolist()
    for _ in range(ROUNDS):
        for rows, total in levels_of(sample):
            stretch = total / sum(weight[row] for row in rows)
            for row in rows:
                weight[row] *= stretch
    return weight


def shift(sample: Sample) -> list[float]:
    """Linear calibration: every level in turn adds the same multiple of the drawn weights."""
    base, weight = sample.weight.tolist(), sample.weight.tolist()
    for _ in range(ROUNDS):
        for rows, total in levels_of(sample):
            lack = total - sum(weight[row] for row in rows)
            step = lack / sum(base[row] for row in rows)
            for row in rows:
                weight[row] += base[row] * step
    return weight


def residuals(sample: Sample, e: list[float]) -> list[float]:
    """What the margins do not explain: every level in turn gives up its weighted mean."""
    base, left = sample.weight.tolist(), list(e)
    for _ in range(ROUNDS):
        for rows, _total in levels_of(sample):
            middle = sum(base[row] * left[row] for row in rows) / sum(base[row] for row in rows)
            for row in rows:
                left[row] -= middle
    return left


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("raking", [False, True])
def test_two_margins_level_by_level(seed: int, raking: bool) -> None:
    sample = draw_sample(seed)
    found = calibrate(sample.weight, margins_of(sample), raking=raking)
    weight = rake(sample) if raking else shift(sample)
    assert found.weight.tolist() == pytest.approx(weight, rel=FITTED)
    used = [row for row, y in enumerate(sample.y.tolist()) if y == y]
    whole = sum(weight[row] for row in used)
    mean = sum(weight[row] * float(sample.y[row]) for row in used) / whole
    e = [
        (float(sample.y[row]) - mean) / whole if row in used else 0.0 for row in range(len(weight))
    ]
    z = [w * left for w, left in zip(weight, residuals(sample, e), strict=True)]
    result = mean_calibrated(sample.y, found, design_of(sample))
    assert result.estimate == pytest.approx(mean, rel=FITTED)
    expected = variance(sample, np.array(z), fpc=False, stages=False)
    assert result.se == pytest.approx(expected**0.5, rel=FITTED)


@pytest.mark.parametrize("seed", range(3))
def test_the_design_effect_person_by_person(seed: int) -> None:
    people = draw_people(seed, cells=1)
    n, total = people.totals()
    y = [float(value) for value in people.y]
    size, mean = len(y), sum(y) / len(y)
    z = [0.0] * people.n_schools
    for school, value in zip(people.school.tolist(), y, strict=True):
        z[school] += (value - mean) / size
    between = len(z) / (len(z) - 1) * sum(one**2 for one in z)
    spread = sum((value - mean) ** 2 for value in y) / (size - 1)
    level = contrast_taylor(n, total, [1.0])
    found = design_effect(level.se, level.n, spread**0.5)
    assert found == pytest.approx(between / (spread / size))


def variance_of(sample: Sample, z: np.ndarray) -> float:
    return variance(sample, z, fpc=False, stages=False)


def test_equal_means_group_by_group() -> None:
    """Both differences from the last of three groups, their 2 x 2 covariance inverted by hand."""
    sample = draw_sample(2, cells=3, strata=2, schools=12)
    n, total, weight = sample.totals(3)
    (d1, z1), (d2, z2) = (scores(sample, np.array(c)) for c in ([1.0, 0, -1], [0, 1.0, -1]))
    v11, v22 = variance_of(sample, z1), variance_of(sample, z2)
    v12 = (variance_of(sample, z1 + z2) - v11 - v22) / 2
    f = (d1**2 * v22 - 2 * d1 * d2 * v12 + d2**2 * v11) / (v11 * v22 - v12**2) / 2
    found = equal_means(n, total, design_of(sample), weight=weight)
    assert (found.f, found.ndf, found.ddf) == pytest.approx((f, 2, 24 - 2 - 2))
    assert found.p == pytest.approx(f_upper(f, 2, 20), abs=STRIP_ERROR)


@pytest.mark.parametrize("seed", range(3))
def test_rao_scott_of_two_answers_and_two_groups(seed: int) -> None:
    """One contrast: its variance in the design over that of a simple sample divides chi-square."""
    sample = draw_sample(seed, cells=4, strata=2, schools=10)
    size, whole = len(sample.cell), float(sample.weight.sum())
    answer_of, group_of = sample.cell // 2, sample.cell % 2
    p = [
        [
            sum(
                float(sample.weight[i])
                for i in range(size)
                if (answer_of[i], group_of[i]) == (a, b)
            )
            / whole
            for b in (0, 1)
        ]
        for a in (0, 1)
    ]
    chi2 = 0.0
    for a in (0, 1):
        for b in (0, 1):
            expected = (p[a][0] + p[a][1]) * (p[0][b] + p[1][b])
            chi2 += size * (p[a][b] - expected) ** 2 / expected
    sign = {(0, 0): 1, (0, 1): -1, (1, 0): -1, (1, 1): 1}
    # A person's part in sum sign p_ab / p_ab, linearised: the sums of the signs are 0.
    z = np.array(
        [
            float(sample.weight[i])
            / whole
            * sign[answer_of[i], group_of[i]]
            / p[answer_of[i]][group_of[i]]
            for i in range(size)
        ]
    )
    simple = sum(1 / p[a][b] for a in (0, 1) for b in (0, 1)) / size
    f = chi2 * simple / variance_of(sample, z)
    cells = np.eye(4)[sample.cell].reshape(size, 2, 2)
    design = design_of(sample)
    found = rao_scott(cells, design, weight=cells * sample.weight[:, None, None]).rao_scott
    assert (found.f, found.ndf, found.ddf) == pytest.approx((f, 1, 20 - 2))
    assert found.p == pytest.approx(f_upper(f, 1, 18), abs=STRIP_ERROR)


def test_many_contrasts_at_once_person_by_person() -> None:
    """Three surveys of the same schools: each is answered as if it stood alone."""
    coefs = np.array([1.0, -1.0, -1.0, 1.0])
    surveys = [draw_people(seed, cells=4) for seed in range(3)]
    n, total = (np.stack(parts) for parts in zip(*(one.totals() for one in surveys), strict=True))
    linear = contrasts_taylor(n, total, coefs)
    robust = contrasts_cr2(n, total, coefs, min_df=0.0)
    for one, plain, careful in zip(surveys, linear, robust, strict=True):
        estimate, spread = taylor(one, coefs, one.n_schools)
        assert (plain.estimate, plain.se) == pytest.approx((estimate, spread**0.5))
        estimate, spread, df = cr2(one, coefs)
        found = (careful.estimate, careful.se, careful.df)
        assert found == pytest.approx((estimate, spread**0.5, df))


def test_many_contrasts_of_a_design_person_by_person() -> None:
    sample = draw_sample(5)
    moved = [sample, Sample(**{**vars_of(sample), "y": 2 * sample.y - sample.weight})]
    n, total, weight = (
        np.stack(parts) for parts in zip(*(one.totals(2) for one in moved), strict=True)
    )
    design = design_of(sample, fpc=True, stages=True)
    found = contrasts_survey(n, total, [-1.0, 1.0], design, weight=weight, are_waves=True)
    z = []
    for one, result in zip(moved, found, strict=True):
        estimate, parts = scores(one, np.array([-1.0, 1.0]))
        z.append(parts)
        spread = variance(sample, parts, fpc=True, stages=True)
        assert (result.estimate, result.se) == pytest.approx((estimate, spread**0.5))
    expected = [variance(sample, parts, fpc=True, stages=True) for parts in z]
    assert variances(np.stack(z, axis=1), design).tolist() == pytest.approx(expected)


def vars_of(sample: Sample) -> dict[str, np.ndarray]:
    return {field.name: getattr(sample, field.name) for field in fields(sample)}
