"""Calibration and design effects row by row, without a matrix."""

import numpy as np
import pytest

from indicators.stats.calibration import Margin, calibrate, mean_calibrated
from indicators.stats.linear import contrast_taylor, design_effect
from tests.stats.naive import draw_people
from tests.stats.naive_survey import Sample, draw_sample, variance
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
    found = design_effect(contrast_taylor(n, total, [1.0]), spread**0.5)
    assert found == pytest.approx(between / (spread / size))
