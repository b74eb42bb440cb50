"""The words for a change, and the test that it is too small to matter."""

from dataclasses import dataclass

from indicators.stats.cells import MIN_SCHOOLS
from indicators.stats.results import Result
from indicators.vocabulary import SecondLook, Verdict

BOTH_TESTS_BELOW = 12  # with fewer schools the word needs the second test too (method 5.3)


def verdict_change(
    result: Result,
    *,
    margin: float | None,
    p_adjusted: float | None = None,
    alpha: float = 0.05,
    second_p: float | None = None,
    n_schools: int | None,
) -> tuple[Verdict | None, SecondLook]:
    """The verdict on a change or gap, and whether the school-by-school test agrees.

    margin: smallest change that matters, in the unit of the estimate, None when not set. p_adjusted
    replaces the p of the result when the change belongs to a family of tests. second_p: sign-flip
    p. n_schools: schools behind the result; None for a statement about one school, which has no
    second look. Significant: p < alpha, and with 6 to 11 schools second_p < alpha too. Small: the
    90 % interval lies strictly inside +-margin. The verdict is None when the result was refused
    (its reason says why) or n_schools < 6. Raises ValueError for a margin that is not above 0.
    Source: method sections 5.3 and 15 (V01-V10).
    """
    if margin is not None and not margin > 0:
        raise ValueError(f"expected a margin above 0, found {margin}")
    if n_schools is not None and n_schools < MIN_SCHOOLS:
        return None, SecondLook.NOT_NEEDED
    p = result.p if p_adjusted is None else p_adjusted
    if result.reason is not None or result.estimate is None or p is None:
        return None, SecondLook.NOT_NEEDED
    is_first = p < alpha
    is_second = second_p is not None and second_p < alpha
    is_significant = is_first
    if n_schools is not None and n_schools < BOTH_TESTS_BELOW:
        is_significant = is_first and is_second
    look = SecondLook.NOT_NEEDED
    if is_first and second_p is not None:
        look = SecondLook.CONFIRMED if is_second else SecondLook.DEPENDS_ON_LARGE_SCHOOLS
    return _word(result.estimate, is_significant, _is_inside(result, margin)), look


def _is_inside(result: Result, margin: float | None) -> bool:
    if margin is None or result.ci90_low is None or result.ci90_high is None:
        return False
    return -margin < result.ci90_low and result.ci90_high < margin


def _word(estimate: float, is_significant: bool, is_inside: bool) -> Verdict:
    if not is_significant:
        return Verdict.NO_MEANINGFUL_CHANGE if is_inside else Verdict.NO_CLEAR_CHANGE
    if estimate > 0:
        return Verdict.INCREASED_SMALL if is_inside else Verdict.INCREASED
    return Verdict.DECREASED_SMALL if is_inside else Verdict.DECREASED


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Two one-sided tests: p of "not below -margin", of "not above +margin", the larger of both."""

    p_lower: float
    p_upper: float
    p: float
    is_equivalent: bool


def tost(result: Result, margin: float) -> Equivalence | None:
    """Can a change as large as the margin be ruled out? (Schuirmann's two one-sided tests)

    margin: above 0, in the unit of the estimate. p_lower = P(T > (estimate + margin)/se), p_upper =
    P(T < (estimate - margin)/se), T with the df of the result. Equivalent: the 90 % interval lies
    strictly inside +-margin. None when the result has no t distribution. Raises ValueError for a
    margin that is not above 0. Source: method section 11 (H01); Schuirmann 1987.
    """
    if not margin > 0:
        raise ValueError(f"expected a margin above 0, found {margin}")
    if result.t is None or result.estimate is None or not result.se or result.df is None:
        return None
    from scipy.special import stdtr

    p_lower = float(stdtr(result.df, -(result.estimate + margin) / result.se))
    p_upper = float(stdtr(result.df, (result.estimate - margin) / result.se))
    return Equivalence(p_lower, p_upper, max(p_lower, p_upper), _is_inside(result, margin))
