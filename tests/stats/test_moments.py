"""Mean and SD from totals."""

from statistics import mean, stdev

import numpy as np
import pytest

from indicators.stats.moments import mean_sd


def test_equals_the_respondents() -> None:
    answers = [[1.0, 2.5, 4.0], [3.0, 3.5], [5.0, 1.0, 1.0, 2.0]]
    means, sds = mean_sd(
        [len(a) for a in answers],
        [sum(a) for a in answers],
        [sum(y * y for y in a) for a in answers],
    )
    assert means == pytest.approx([mean(a) for a in answers])
    assert sds == pytest.approx([stdev(a) for a in answers])


def test_nothing_divided_by_nothing_is_missing() -> None:
    means, sds = mean_sd([0, 1, 2], [0, 3, 6], [0, 9, 20])
    assert np.isnan(means).tolist() == [True, False, False]
    assert np.isnan(sds).tolist() == [True, True, False]


@pytest.mark.parametrize("value", [0.1, 1 / 3, 3.7, -20.2, 100.0, 0.0])
@pytest.mark.parametrize("n", [2, 3, 7, 41, 1000])
def test_equal_answers_have_no_spread_whatever_the_rounding(value: float, n: int) -> None:
    _, sd = mean_sd(n, sum([value] * n), sum([value**2] * n))
    assert sd == 0


def test_one_yes_in_a_hundred_thousand_is_spread() -> None:
    _, sd = mean_sd(100_000, 1, 1)
    assert sd == pytest.approx(0.00316227766)
