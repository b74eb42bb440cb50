"""One school's answers, and what follows from them person by person in plain loops."""

from math import exp as e_to
from math import lgamma, sqrt

import numpy as np
import pytest

from indicators.stats.effects import (
    g_clustered,
    hedges_g,
    hedges_j,
    noncentrality_limits,
    pooled_sd,
)
from indicators.stats.moments import mean_sd
from indicators.stats.pairs import mcnemar_exact
from indicators.stats.power import detectable_change, detectable_contrast, max_error, mde_change
from indicators.stats.ranks import cliff_delta, mann_whitney, mid_ranks, signed_rank
from indicators.stats.results import from_t, from_t_many, spread_from_t
from indicators.stats.school import class_deff, inflate, mean_interval, welch_change
from indicators.stats.verdict import tost
from tests.stats.naive_distributions import (
    BEND_ERROR,
    STRIP_ERROR,
    binomial_upper,
    noncentral_t_cdf,
    normal_cdf,
    normal_quantile,
    t_cdf,
    t_quantile,
    t_two_sided,
    where,
)

SUMS = 1e-12  # the same sum in another order
Answers = list[float]


def draw(seed: int, n: int, level: float = 3.0) -> Answers:
    """Answers to one decimal, with ties."""
    found = np.random.default_rng(seed).normal(level, 1, size=n)
    return [round(float(y), 1) for y in found]


def mean(answers: Answers) -> float:
    return sum(answers) / len(answers)


def squares(answers: Answers) -> float:
    return sum((y - mean(answers)) ** 2 for y in answers)


def sd(answers: Answers) -> float:
    return sqrt(squares(answers) / (len(answers) - 1))


SIZES = [(8, 12), (15, 9), (30, 42)]


# --- mean, spread, t ----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_a_weighted_mean_person_by_person(seed: int) -> None:
    y = draw(seed, 20)
    w = [1 + 0.25 * (number % 5) for number in range(20)]
    whole = sum(w)
    middle = sum(a * b for a, b in zip(w, y, strict=True)) / whole
    variance = 20 / 19 * sum(a * (b - middle) ** 2 for a, b in zip(w, y, strict=True)) / whole
    total = sum(a * b for a, b in zip(w, y, strict=True))
    total_squares = sum(a * b * b for a, b in zip(w, y, strict=True))
    found = mean_sd(20, total, total_squares, whole)
    assert (float(found[0]), float(found[1])) == pytest.approx((middle, sqrt(variance)), rel=SUMS)


@pytest.mark.parametrize(("estimate", "se", "df"), [(0.3, 0.1, 22), (-0.2, 0.15, 7.4), (0, 1, 4)])
def test_t_and_its_limits_from_the_density(estimate: float, se: float, df: float) -> None:
    found = from_t(estimate, se, df, n=9, n_clusters=9, method="t")
    half, half90 = t_quantile(0.975, df) * se, t_quantile(0.95, df) * se
    assert found.t == pytest.approx(estimate / se)
    assert found.p == pytest.approx(t_two_sided(estimate / se, df), abs=STRIP_ERROR)
    limits = (found.ci_low, found.ci_high, found.ci90_low, found.ci90_high)
    expected = (estimate - half, estimate + half, estimate - half90, estimate + half90)
    assert limits == pytest.approx(expected, abs=STRIP_ERROR)
    counts = {"n": np.array([9, 9]), "n_clusters": np.array([9, 9])}
    columns = [np.array([value, value]) for value in (estimate, se, df)]
    listed = from_t_many(*columns, **counts, method="t", reasons=[None, None])
    limits_of_one = (listed[1].ci_low, listed[1].ci_high, listed[1].ci90_low, listed[1].ci90_high)
    assert limits_of_one == pytest.approx(expected, abs=STRIP_ERROR)
    many = spread_from_t(*columns)
    assert many.p.tolist() == pytest.approx([found.p] * 2, rel=SUMS)
    assert [end[1] for end in (*many.ci, *many.ci90)] == pytest.approx(limits, rel=SUMS)


@pytest.mark.parametrize("listed", [None, 50])
def test_the_level_of_a_school(listed: int | None) -> None:
    """Drawn from a list of N: what is not drawn is what is not known."""
    y = draw(1, 15)
    found = mean_interval([15], [mean(y)], [sd(y)], None if listed is None else [listed]).at(0)
    se = sd(y) / sqrt(15) * (sqrt(1 - 15 / listed) if listed else 1)
    half = t_quantile(0.975, 14) * se
    assert (found.se, found.df) == pytest.approx((se, 14))
    assert (found.ci_low, found.ci_high) == pytest.approx(
        (mean(y) - half, mean(y) + half), abs=STRIP_ERROR
    )


@pytest.mark.parametrize(("n1", "n2"), SIZES)
@pytest.mark.parametrize("deff", [1.0, 2.5])
def test_the_change_of_a_school(n1: int, n2: int, deff: float) -> None:
    one, two = draw(n1, n1), draw(n2, n2, 3.4)
    parts = [squares(y) / (len(y) - 1) / len(y) for y in (one, two)]
    df = sum(parts) ** 2 / sum(v**2 / (len(y) - 1) for v, y in zip(parts, (one, two), strict=True))
    se, df = sqrt(sum(parts) * deff), max(df / deff, 1)
    columns = [[len(one)], [mean(one)], [sd(one)], [len(two)], [mean(two)], [sd(two)]]
    found = welch_change(*columns, deff=[deff]).at(0)
    d = mean(two) - mean(one)
    assert (found.estimate, found.se, found.df) == pytest.approx((d, se, df))
    assert found.p == pytest.approx(t_two_sided(d / se, df), abs=BEND_ERROR)
    half = t_quantile(0.975, df) * se
    assert (found.ci_low, found.ci_high) == pytest.approx((d - half, d + half), abs=BEND_ERROR)
    wider = inflate(sqrt(sum(parts)), df * deff, deff)
    assert (float(wider[0]), float(wider[1])) == pytest.approx((se, df))


@pytest.mark.parametrize("classes", [[21, 21], [20, 22, 0, 18], [30], [1, 1]])
def test_the_design_effect_of_classes(classes: list[int]) -> None:
    known = [size for size in classes if size > 0]
    expected = 1 + (sum(known) / len(known) - 1) * 0.1
    assert float(class_deff(classes, 0.1)) == pytest.approx(max(expected, 1))


@pytest.mark.parametrize("margin", [0.1, 0.3])
def test_two_one_sided_tests_from_the_density(margin: float) -> None:
    result = from_t(0.12, 0.1, 11.5, n=9, n_clusters=9, method="t")
    found = tost(result, margin)
    assert found is not None
    lower = 1 - t_cdf((0.12 + margin) / 0.1, 11.5)
    upper = t_cdf((0.12 - margin) / 0.1, 11.5)
    assert (found.p_lower, found.p_upper) == pytest.approx((lower, upper), abs=STRIP_ERROR)
    assert found.p == max(found.p_lower, found.p_upper)
    assert found.is_equivalent == (found.p < 0.05)


# --- effect sizes --------------------------------------------------------------------------------


def small_sample(df: float) -> float:
    return e_to(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)


@pytest.mark.parametrize(("n1", "n2"), SIZES[:2])
def test_the_effect_in_a_school(n1: int, n2: int) -> None:
    one, two = draw(n1, n1), draw(n2, n2, 3.8)
    df = n1 + n2 - 2
    within = sqrt((squares(one) + squares(two)) / df)
    assert pooled_sd(n1, sd(one), n2, sd(two)) == pytest.approx(within)
    assert hedges_j(df) == pytest.approx(small_sample(df))
    unit, d = sqrt(1 / n1 + 1 / n2), (mean(two) - mean(one)) / within
    t = d / unit
    low = where(lambda shift: 1 - noncentral_t_cdf(t, df, shift), 0.025, t - 6, t + 6)
    high = where(lambda shift: 1 - noncentral_t_cdf(t, df, shift), 0.975, t - 6, t + 6)
    assert noncentrality_limits(t, df) == pytest.approx((low, high), abs=BEND_ERROR)
    found, j = hedges_g(one, two), small_sample(df)
    assert (found.g, found.ci_low, found.ci_high) == pytest.approx(
        (j * d, j * unit * low, j * unit * high), abs=BEND_ERROR
    )


def test_the_effect_across_schools_from_the_density() -> None:
    change = from_t(0.31, 0.09, 17.3, n=400, n_clusters=20, method="cr2")
    found = g_clustered(change, 210, 0.9, 190, 1.1)
    sd2 = (209 * 0.81 + 189 * 1.21) / 398
    j = small_sample(398)
    g = j * 0.31 / sqrt(sd2)
    se = sqrt(j**2 * 0.09**2 / sd2 + g**2 / (2 * 398))
    half = t_quantile(0.975, 17.3) * se
    assert (found.g, found.se) == pytest.approx((g, se))
    assert (found.ci_low, found.ci_high) == pytest.approx((g - half, g + half), abs=STRIP_ERROR)


# --- ranks ---------------------------------------------------------------------------------------


def ranks_of(values: Answers) -> list[float]:
    """Place among the sorted values, the mean place for equal ones."""
    return [
        sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2
        for value in values
    ]


def ties_of(values: Answers) -> float:
    return sum(values.count(value) ** 3 - values.count(value) for value in set(values))


def two_sided(above: float, variance: float) -> float:
    corrected = abs(above) - 0.5 if above else 0.0
    return min(1.0, 2 * (1 - normal_cdf(corrected / sqrt(variance))))


@pytest.mark.parametrize("seed", range(4))
def test_ranks_and_ties_value_by_value(seed: int) -> None:
    values = [round(y) for y in draw(seed, 15)]
    ranks, ties = mid_ranks(np.array(values, dtype=float))
    assert ranks.tolist() == ranks_of(values)
    assert ties == ties_of(values)


@pytest.mark.parametrize("seed", range(4))
def test_signed_ranks_school_by_school(seed: int) -> None:
    d = [float(round(3 * (y - 2.7))) for y in draw(seed, 14)]
    kept = [value for value in d if value != 0]
    sizes = [abs(value) for value in kept]
    n, ranks = len(kept), ranks_of(sizes)
    positive = sum(rank for rank, value in zip(ranks, kept, strict=True) if value > 0)
    variance = n * (n + 1) * (2 * n + 1) / 24 - ties_of(sizes) / 48
    assert signed_rank(d) == pytest.approx(two_sided(positive - n * (n + 1) / 4, variance))


@pytest.mark.parametrize(("n1", "n2"), SIZES)
def test_mann_whitney_pair_by_pair(n1: int, n2: int) -> None:
    one, two = [round(y) for y in draw(n1, n1)], [round(y) for y in draw(n2, n2, 3.4)]
    u = sum((b > a) + (b == a) / 2 for a in one for b in two)
    n = n1 + n2
    variance = n1 * n2 / 12 * (n + 1 - ties_of([*one, *two]) / (n * (n - 1)))
    found = mann_whitney(one, two)
    assert (found.u, found.cles) == pytest.approx((u, u / (n1 * n2)))
    assert found.p == pytest.approx(two_sided(u - n1 * n2 / 2, variance))


@pytest.mark.parametrize(("n1", "n2"), SIZES)
def test_cliffs_delta_pair_by_pair(n1: int, n2: int) -> None:
    one, two = [round(y) for y in draw(n1, n1)], [round(y) for y in draw(n2, n2, 3.4)]
    signs = [[(b > a) - (b < a) for a in one] for b in two]
    delta = sum(sum(row) for row in signs) / (n1 * n2)
    across = sum((sum(row) / n1 - delta) ** 2 for row in signs)
    down = sum((sum(row[i] for row in signs) / n2 - delta) ** 2 for i in range(n1))
    around = sum((sign - delta) ** 2 for row in signs for sign in row)
    variance = (n1**2 * across + n2**2 * down - around) / (n1 * n2 * (n1 - 1) * (n2 - 1))
    se = sqrt(max(variance, (1 - delta**2) / (n1 * n2 - 1)))
    half = t_quantile(0.975, n1 + n2 - 2) * se
    wide = half * sqrt((1 - delta**2) ** 2 + half**2)
    limits = [(delta - delta**3 + side * wide) / (1 - delta**2 + half**2) for side in (-1, 1)]
    found = cliff_delta(one, two)
    assert (found.delta, found.se) == pytest.approx((delta, se))
    assert (found.ci_low, found.ci_high) == pytest.approx(limits, abs=STRIP_ERROR)


@pytest.mark.parametrize(("gained", "lost"), [(6, 2), (2, 6), (3, 3), (0, 5), (1, 0)])
def test_mcnemar_coin_by_coin(gained: int, lost: int) -> None:
    before = [0] * gained + [1] * lost + [1, 1, 0]
    after = [1] * gained + [0] * lost + [1, 1, 0]
    least, n = min(gained, lost), gained + lost
    expected = min(1.0, 2 * (1 - binomial_upper(least + 1, n, 0.5)))
    assert mcnemar_exact(before, after).p == pytest.approx(expected, abs=SUMS)


# --- planning ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n1", "n2", "deff"), [(9, 14, 1), (42, 40, 2)])
def test_the_detectable_change_of_a_school(n1: int, n2: int, deff: float) -> None:
    df = (n1 + n2 - 2) / deff
    bar = t_quantile(0.975, df)

    def power(shift: float) -> float:
        return 1 - noncentral_t_cdf(bar, df, shift) + noncentral_t_cdf(-bar, df, shift)

    expected = where(power, 0.8, 0, 10) * sqrt(deff * (1 / n1 + 1 / n2))
    assert float(detectable_change(n1, n2, deff)) == pytest.approx(expected, abs=BEND_ERROR)


def test_the_detectable_change_of_schools_from_the_density() -> None:
    found = mde_change(23, 42, 38, sd=0.9, icc=0.08, cac=0.6)
    between, within = 0.08 * 0.81, 0.92 * 0.81
    se = sqrt((2 * between * (1 - 0.6) + within / 42 + within / 38) / 23)
    assert (found.se, found.df) == pytest.approx((se, 22))
    expected = (t_quantile(0.975, 22) + t_quantile(0.8, 22)) * se
    assert found.mde == pytest.approx(expected, abs=STRIP_ERROR)
    stricter = (t_quantile(0.995, 17.3) + t_quantile(0.9, 17.3)) * se
    contrast = detectable_contrast(se, 17.3, power=0.9, alpha=0.01)
    assert contrast == pytest.approx(stricter, abs=STRIP_ERROR)


@pytest.mark.parametrize("population", [None, 5_000])
def test_the_largest_error_from_the_density(population: int | None) -> None:
    rest = 1.0 if population is None else (population - 400) / (population - 1)
    expected = normal_quantile(0.975) * sqrt(1.9 * 0.25 / 400 * rest)
    assert max_error(400, population, deff=1.9) == pytest.approx(expected, abs=STRIP_ERROR)
