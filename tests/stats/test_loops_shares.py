"""Shares, targets and verdicts in plain loops: limits where the tails begin, tables one by one."""

from math import comb, exp, log, sqrt

import pytest

from indicators.stats.fisher import fisher_p
from indicators.stats.linear import contrast_taylor
from indicators.stats.results import Result, from_t
from indicators.stats.school import newcombe_change, share_interval
from indicators.stats.shares import (
    korn_graubard,
    logit_limits,
    newcombe,
    share_level,
    share_levels,
    wilson,
)
from indicators.stats.targets import share_closed, target_mean, target_prop
from indicators.stats.verdict import verdict_change
from indicators.vocabulary import SecondLook, TargetVerdict, Verdict
from tests.stats.naive_distributions import (
    BEND_ERROR,
    STRIP_ERROR,
    beta_cdf,
    beta_quantile,
    binomial_upper,
    normal_quantile,
    t_cdf,
    t_quantile,
    where,
)

SUMS = 1e-12  # the same sum in another order
COUNTS = [(0, 9), (1, 9), (5, 9), (9, 9), (17, 60)]


# --- one school ----------------------------------------------------------------------------------


def score_limits(x: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """The shares from which x of n is as far as the normal quantile allows."""
    z, p = normal_quantile((1 + confidence) / 2), x / n

    def distance(share: float) -> float:
        return (share - p) / sqrt(share * (1 - share) / n)

    least, most = 1e-15, 1 - 1e-15
    low = where(distance, -z, least, max(p, least)) if x > 0 else 0.0
    high = where(distance, z, min(p, most), most) if x < n else 1.0
    return low, high


@pytest.mark.parametrize(("x", "n"), COUNTS)
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_wilson_limits_solve_the_score_equation(x: int, n: int, confidence: float) -> None:
    found = [float(limit) for limit in wilson(x / n, n, confidence=confidence)]
    assert found == pytest.approx(score_limits(x, n, confidence), abs=STRIP_ERROR)


@pytest.mark.parametrize("listed", [None, 23])
def test_the_share_of_a_school(listed: int | None) -> None:
    """A list of N adds to the answers: n* = n (N - 1)/(N - n)."""
    n = 9 * (listed - 1) / (listed - 9) if listed else 9
    found = share_interval([9], [5 / 9], None if listed is None else [listed]).at(0)
    assert found.estimate == 5 / 9
    for limits, confidence in (
        ((found.ci_low, found.ci_high), 0.95),
        ((found.ci90_low, found.ci90_high), 0.9),
    ):
        expected = score_limits(5 / 9 * n, n, confidence)
        assert limits == pytest.approx(expected, abs=STRIP_ERROR)


def hypergeometric(x1: int, n1: int, x2: int, n2: int) -> float:
    """Two-sided p: every table with these margins, counted."""
    yes = x1 + x2
    ways = {
        first: comb(n1, first) * comb(n2, yes - first)
        for first in range(max(0, yes - n2), min(n1, yes) + 1)
    }
    return sum(n for n in ways.values() if n <= ways[x1]) / sum(ways.values())


TABLES = [(3, 10, 8, 10), (0, 25, 0, 48), (0, 8, 8, 8), (14, 25, 29, 48), (5, 9, 5, 9)]


@pytest.mark.parametrize(("x1", "n1", "x2", "n2"), TABLES)
def test_the_change_of_a_share(x1: int, n1: int, x2: int, n2: int) -> None:
    (low1, high1), (low2, high2) = score_limits(x1, n1), score_limits(x2, n2)
    p1, p2 = x1 / n1, x2 / n2
    below = sqrt((p2 - low2) ** 2 + (high1 - p1) ** 2)
    above = sqrt((high2 - p2) ** 2 + (p1 - low1) ** 2)
    expected = (p2 - p1 - below, p2 - p1 + above)
    found = [float(limit) for limit in newcombe(x1, n1, x2, n2)]
    assert found == pytest.approx(expected, abs=STRIP_ERROR)
    p = hypergeometric(x1, n1, x2, n2)
    assert fisher_p(x1, n1, x2, n2) == pytest.approx(p)
    school = newcombe_change([x1], [n1], [x2], [n2]).at(0)
    assert (school.ci_low, school.ci_high) == pytest.approx(expected, abs=STRIP_ERROR)
    assert (school.estimate, school.p) == pytest.approx((p2 - p1, p))


# --- across schools ------------------------------------------------------------------------------


@pytest.mark.parametrize(("x", "n"), [(2, 12), (5, 9), (17, 60)])
def test_whole_answers_have_the_limits_of_the_binomial(x: int, n: int) -> None:
    """Clopper-Pearson: the shares under which x or more, and x or fewer, are rare."""
    found = korn_graubard(x / n, n, x / n * (1 - x / n) / n, n - 1)
    low = where(lambda p: binomial_upper(x, n, p), 0.025, 0, 1)
    high = where(lambda p: binomial_upper(x + 1, n, p), 0.975, 0, 1)
    limits = (float(found.low), float(found.high))
    assert limits == pytest.approx((low, high), abs=STRIP_ERROR)


@pytest.mark.parametrize(("p", "n", "deff", "df"), [(0.3, 200, 2.6, 21), (0.62, 90, 0.7, 9)])
def test_a_clustered_share(p: float, n: int, deff: float, df: int) -> None:
    variance = deff * p * (1 - p) / n
    ratio = t_quantile(0.975, n - 1) / t_quantile(0.975, df)
    size = min(n, p * (1 - p) / variance * ratio**2)
    yes, no = size * p, size * (1 - p)
    expected = (beta_quantile(0.025, yes, no + 1), beta_quantile(0.975, yes + 1, no))
    found = korn_graubard(p, n, variance, df)
    assert float(found.n_eff) == pytest.approx(size, rel=BEND_ERROR)
    assert (float(found.low), float(found.high)) == pytest.approx(expected, abs=BEND_ERROR)


def test_the_limits_of_a_share_follow_from_its_level() -> None:
    yes = [5.0, 9.0, 12.0, 3.0, 8.0, 11.0, 6.0]
    p = sum(yes) / 140
    z = [(count - p * 20) / 140 for count in yes]
    se = sqrt(7 / 6 * sum(value**2 for value in z))
    level = contrast_taylor([[20.0]] * 7, [[count] for count in yes], [1])
    ratio = t_quantile(0.975, 139) / t_quantile(0.975, 6)
    size = min(140, p * (1 - p) / se**2 * ratio**2)
    share, n_eff = share_level(level)
    expected = beta_quantile(0.025, size * p, size * (1 - p) + 1)
    assert (share.estimate, share.se) == pytest.approx((p, se))
    assert n_eff == pytest.approx(size, rel=BEND_ERROR)
    assert share.ci_low == pytest.approx(expected, abs=BEND_ERROR)
    both = share_levels([level, level])
    assert [one.ci_low for one, _ in both] == pytest.approx([expected] * 2, abs=BEND_ERROR)
    half, middle = t_quantile(0.975, 6) * se / (p * (1 - p)), log(p / (1 - p))
    logits = tuple(1 / (1 + exp(-(middle + side * half))) for side in (-1, 1))
    assert logit_limits(level) == pytest.approx(logits, abs=STRIP_ERROR)


# --- targets -------------------------------------------------------------------------------------

SIDES = [(2.9, None), (3.4, None), (None, 3.0), (None, 2.7), (2.95, 3.4), (3.1, 3.2)]


def verdict_of(low: float | None, high: float | None, ends: tuple[float, float]) -> TargetVerdict:
    inside = (low is None or low <= ends[0]) and (high is None or ends[1] <= high)
    outside = (low is not None and ends[1] < low) or (high is not None and ends[0] > high)
    if inside:
        return TargetVerdict.MET
    return TargetVerdict.NOT_MET if outside else TargetVerdict.TOO_CLOSE


@pytest.mark.parametrize(("low", "high"), SIDES)
def test_a_mean_against_a_target(low: float | None, high: float | None) -> None:
    half = t_quantile(0.95, 18.5) * 0.08
    ends = (3.1 - half, 3.1 + half)
    below = t_cdf((low - 3.1) / 0.08, 18.5) if low is not None else 0.0
    above = 1 - t_cdf((high - 3.1) / 0.08, 18.5) if high is not None else 0.0
    found = target_mean(3.1, 0.08, 18.5, low, high)
    assert (found.bound_low, found.bound_high) == pytest.approx(ends, abs=STRIP_ERROR)
    assert found.prob_met == pytest.approx(1 - below - above, abs=STRIP_ERROR)
    assert found.verdict is verdict_of(low, high, ends)
    assert found.reached == ((low is None or low <= 3.1) and (high is None or high >= 3.1))


@pytest.mark.parametrize(("low", "high"), [(0.5, None), (0.8, None), (None, 0.7), (0.55, 0.65)])
def test_a_share_against_a_target(low: float | None, high: float | None) -> None:
    a, b = 47.3 * 0.6 + 0.5, 47.3 * 0.4 + 0.5
    ends = (beta_quantile(0.05, a, b), beta_quantile(0.95, a, b))
    below = beta_cdf(low, a, b) if low is not None else 0.0
    above = 1 - beta_cdf(high, a, b) if high is not None else 0.0
    found = target_prop(0.6, 47.3, low, high)
    assert (found.bound_low, found.bound_high) == pytest.approx(ends, abs=STRIP_ERROR)
    assert found.prob_met == pytest.approx(1 - below - above, abs=STRIP_ERROR)
    assert found.verdict is verdict_of(low, high, ends)


@pytest.mark.parametrize("target", [4.0, 2.5])
def test_the_way_to_a_target(target: float) -> None:
    found = share_closed(0.2, 0.05, 0.35, target=target, baseline=3.0)
    steps = [part / (target - 3.0) for part in (0.2, 0.05, 0.35)]
    assert found is not None
    assert (found.share, found.low, found.high) == pytest.approx((steps[0], *sorted(steps[1:])))


# --- verdicts ------------------------------------------------------------------------------------


def word_of(result: Result, margin: float | None, schools: int | None, second: float | None) -> str:
    """The table of method section 15, line by line, with the rule for 6 to 11 schools."""
    assert result.p is not None
    assert result.estimate is not None
    clear = result.p < 0.05
    if schools is not None and schools < 12:
        clear = clear and second is not None and second < 0.05
    small = margin is not None and -margin < result.ci90_low and result.ci90_high < margin
    if not clear:
        return "NO_MEANINGFUL_CHANGE" if small else "NO_CLEAR_CHANGE"
    return ("INCREASED" if result.estimate > 0 else "DECREASED") + ("_SMALL" if small else "")


@pytest.mark.parametrize("estimate", [-0.5, -0.22, -0.02, 0.04, 0.21, 0.6])
@pytest.mark.parametrize("margin", [None, 0.2, 0.45])
@pytest.mark.parametrize(
    ("schools", "second"), [(23, 0.01), (23, 0.2), (8, 0.2), (8, 0.04), (None, None)]
)
def test_every_word(
    estimate: float, margin: float | None, schools: int | None, second: float | None
) -> None:
    result = from_t(estimate, 0.1, 20, n=400, n_clusters=schools or 1, method="cr2")
    word, look = verdict_change(result, margin=margin, second_p=second, n_schools=schools)
    assert word is Verdict[word_of(result, margin, schools, second)]
    agrees = (
        SecondLook.CONFIRMED
        if second is not None and second < 0.05
        else (SecondLook.DEPENDS_ON_LARGE_SCHOOLS)
    )
    asked = second is not None and result.p is not None and result.p < 0.05
    assert look is (agrees if asked else SecondLook.NOT_NEEDED)
