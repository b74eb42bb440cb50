"""The words, beyond the reference answers: few schools, second look, refusals."""

from dataclasses import replace

import pytest
from scipy.stats import t

from indicators.stats.results import Result, from_t, refused
from indicators.stats.verdict import tost, verdict_change
from indicators.vocabulary import Reason, SecondLook, Verdict

CONFIRMED, DEPENDS = SecondLook.CONFIRMED, SecondLook.DEPENDS_ON_LARGE_SCHOOLS
NOT_NEEDED = SecondLook.NOT_NEEDED


def change(estimate: float, se: float = 0.1, df: float = 20) -> Result:
    return from_t(estimate, se, df, n=800, n_clusters=23, method="cr2")


@pytest.mark.parametrize(
    ("n_schools", "second_p", "word", "look"),
    [
        (23, None, Verdict.INCREASED, NOT_NEEDED),
        (23, 0.01, Verdict.INCREASED, CONFIRMED),
        (23, 0.05, Verdict.INCREASED, DEPENDS),
        (12, 0.3, Verdict.INCREASED, DEPENDS),
        (11, 0.3, Verdict.NO_CLEAR_CHANGE, DEPENDS),
        (11, 0.01, Verdict.INCREASED, CONFIRMED),
        (6, 0.031, Verdict.INCREASED, CONFIRMED),
        (6, None, Verdict.NO_CLEAR_CHANGE, NOT_NEEDED),
        (5, 0.01, None, NOT_NEEDED),
        (None, None, Verdict.INCREASED, NOT_NEEDED),
    ],
)
def test_few_schools_need_both_tests(n_schools, second_p, word, look) -> None:
    found = verdict_change(change(0.5), margin=0.2, second_p=second_p, n_schools=n_schools)
    assert found == (word, look)


def test_the_second_look_does_not_make_a_change_clear() -> None:
    found = verdict_change(change(0.1), margin=None, second_p=0.001, n_schools=23)
    assert found == (Verdict.NO_CLEAR_CHANGE, NOT_NEEDED)


def test_p_equal_to_alpha_is_not_below_it() -> None:
    result = change(0.5)
    assert verdict_change(result, margin=None, p_adjusted=0.05, n_schools=23)[0] is (
        Verdict.NO_CLEAR_CHANGE
    )
    assert verdict_change(result, margin=None, p_adjusted=0.07, alpha=0.1, n_schools=23)[0] is (
        Verdict.INCREASED
    )


def test_the_interval_must_lie_strictly_inside_the_margin() -> None:
    result = change(0.0)
    edge = result.ci90_high
    assert edge is not None
    at_edge = verdict_change(result, margin=edge, n_schools=23)[0]
    assert at_edge is Verdict.NO_CLEAR_CHANGE
    wider = verdict_change(result, margin=edge * 1.001, n_schools=23)[0]
    assert wider is Verdict.NO_MEANINGFUL_CHANGE


def test_a_result_with_p_but_without_standard_error_gets_a_word() -> None:
    """One school's share: Fisher's p and Newcombe limits."""
    share = replace(change(-0.4), se=None, df=None, t=None, p=0.01)
    assert verdict_change(share, margin=0.05, n_schools=None) == (Verdict.DECREASED, NOT_NEEDED)
    assert tost(share, 0.05) is None


@pytest.mark.parametrize("reason", list(Reason))
def test_a_refused_result_gets_no_word(reason: Reason) -> None:
    result = refused(reason, n=9, n_clusters=9, method="cr2", estimate=0.3)
    assert verdict_change(result, margin=0.2, p_adjusted=0.001, second_p=0.001, n_schools=9) == (
        None,
        NOT_NEEDED,
    )
    assert tost(result, 0.2) is None


@pytest.mark.parametrize("margin", [0.0, -0.1, float("nan")])
def test_a_margin_is_above_zero(margin: float) -> None:
    with pytest.raises(ValueError, match="expected a margin above 0"):
        verdict_change(change(0.1), margin=margin, n_schools=23)
    with pytest.raises(ValueError, match="expected a margin above 0"):
        tost(change(0.1), margin)


def test_tost_is_the_larger_of_two_one_sided_tests() -> None:
    tests = tost(change(0.05), 0.3)
    assert tests is not None
    assert tests.p_lower == pytest.approx(t.sf(3.5, 20))
    assert tests.p_upper == pytest.approx(t.cdf(-2.5, 20))
    assert tests.p == tests.p_upper
    assert tests.is_equivalent
