"""What a sample can detect: published figures, what the formulas promise, wrong questions."""

import pytest
from hypothesis import strategies as st

from indicators.stats.power import detectable_contrast, max_error, mde_change
from tests.stats.test_identities import given


@pytest.mark.parametrize(
    ("icc", "m", "cac", "expected"),
    [
        (0.03, 42, 0.6, 0.16),
        (0.08, 42, 0.6, 0.20),
        (0.08, 42, 0.3, 0.24),
        (0.08, 42, 0.8, 0.17),
        (0.15, 42, 0.6, 0.24),
        (0.03, 11, 0.6, 0.27),
        (0.15, 11, 0.6, 0.32),
    ],
)
def test_the_figures_of_the_note(icc, m, cac, expected) -> None:
    assert mde_change(23, m, m, icc=icc, cac=cac).mde == pytest.approx(expected, abs=0.005)


def test_the_margins_of_the_national_study() -> None:
    """4.88 % and 9.78 % are those of simple samples; with deff 1.95 the first is 6.8."""
    assert max_error(400, 49_000) == pytest.approx(0.0488, abs=5e-5)
    assert max_error(100, 24_500) == pytest.approx(0.0978, abs=5e-5)
    assert max_error(400, 49_000, deff=1.95) == pytest.approx(0.068, abs=5e-4)


@given(st.integers(2, 300), st.floats(1, 100), st.floats(0, 1), st.floats(0, 1))
def test_more_answers_schools_and_units(schools, m, icc, cac) -> None:
    found = mde_change(schools, m, m, icc=icc, cac=cac, sd=2)
    assert found.mde >= mde_change(schools, 2 * m, m, icc=icc, cac=cac, sd=2).mde - 1e-12
    assert found.mde >= mde_change(schools + 1, m, m, icc=icc, cac=cac, sd=2).mde
    assert found.mde_sd == pytest.approx(mde_change(schools, m, m, icc=icc, cac=cac).mde)


@given(st.integers(1, 500), st.floats(0, 1), st.floats(0, 5))
def test_a_larger_country_widens_the_margin_to_its_limit(n, p, deff) -> None:
    margins = [max_error(n, size, p=p, deff=deff) for size in (n, 2 * n, 100 * n)]
    assert margins == sorted(margins)
    assert margins[0] == 0
    assert margins[-1] <= max_error(n, p=p, deff=deff)
    assert max_error(n, p=p, deff=deff) <= max_error(n, deff=deff)


@pytest.mark.parametrize(
    "wrong",
    [
        {"schools": 1},
        {"m1": 0},
        {"m2": 0},
        {"sd": 0},
        {"icc": -0.1},
        {"icc": 1.1},
        {"cac": 2},
        {"power": 1},
        {"alpha": 0},
    ],
)
def test_impossible_plans_are_errors(wrong) -> None:
    with pytest.raises(ValueError, match="expected"):
        mde_change(**{"schools": 9, "m1": 5, "m2": 5, "icc": 0.1, **wrong})


@pytest.mark.parametrize(("se", "df"), [(-0.1, 9), (0.1, 0), (float("nan"), 9)])
def test_impossible_errors_detect_nothing(se, df) -> None:
    with pytest.raises(ValueError, match="expected se >= 0 and df > 0"):
        detectable_contrast(se, df)


@pytest.mark.parametrize(
    "wrong", [{"n": 0}, {"population": 5}, {"p": 1.2}, {"deff": -1}, {"p": -0.1}]
)
def test_impossible_margins_are_errors(wrong) -> None:
    with pytest.raises(ValueError, match="expected 1 <= n <= N"):
        max_error(**{"n": 10, **wrong})
