"""The strips against values every table has, so that they can stand as a check of their own."""

from math import exp

import pytest

from tests.stats.naive_distributions import (
    BEND_ERROR,
    STRIP_ERROR,
    beta_cdf,
    binomial_upper,
    chi2_upper,
    f_upper,
    noncentral_t_cdf,
    normal_quantile,
    t_cdf,
    t_quantile,
)


def test_tables_of_the_distributions() -> None:
    assert normal_quantile(0.975) == pytest.approx(1.959963984540054, abs=STRIP_ERROR)
    assert t_cdf(1.0, 1) == pytest.approx(0.75, abs=STRIP_ERROR)  # Cauchy
    assert t_cdf(2.0, 2) == pytest.approx(0.5 + 1 / 6**0.5, abs=STRIP_ERROR)
    assert t_quantile(0.975, 22) == pytest.approx(2.0738730679, abs=1e-8)
    assert beta_cdf(0.25, 0.5, 0.5) == pytest.approx(1 / 3, abs=STRIP_ERROR)  # arcsine
    assert beta_cdf(0.3, 3, 8) == pytest.approx(binomial_upper(3, 10, 0.3), abs=STRIP_ERROR)
    assert beta_cdf(0.3, 2.3, 1) == pytest.approx(0.3**2.3, abs=BEND_ERROR)
    assert chi2_upper(7.0, 2) == pytest.approx(exp(-3.5), abs=STRIP_ERROR)
    assert f_upper(3.0, 2, 10) == pytest.approx((1 + 0.6) ** -5, abs=STRIP_ERROR)


def test_without_a_shift_the_noncentral_t_is_the_t() -> None:
    for x, df in ((-1.3, 7), (0.4, 21), (2.5, 80)):
        assert noncentral_t_cdf(x, df, 0.0) == pytest.approx(t_cdf(x, df), abs=STRIP_ERROR)
