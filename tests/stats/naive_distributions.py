"""Distributions by adding up thin strips under their densities: slow, from the formula alone."""

from collections.abc import Callable
from functools import cache
from math import atan, comb, cos, erf, exp, lgamma, log, pi, sin, sqrt

STRIPS = 1_000
HALVINGS = 60
# What strips and halvings leave: smooth densities are added up to about ten digits.
STRIP_ERROR = 1e-9
# Densities with a bend at their end (a beta of few answers) and limits found by halving: six.
BEND_ERROR = 1e-6


def area(density: Callable[[float], float], low: float, high: float) -> float:
    """Simpson's rule."""
    width = (high - low) / STRIPS
    found = density(low) + density(high)
    for strip in range(1, STRIPS):
        found += (4 if strip % 2 else 2) * density(low + strip * width)
    return found * width / 3


def where(rises: Callable[[float], float], level: float, low: float, high: float) -> float:
    """Where a rising function reaches the level, by halving."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if rises(middle) >= level else (middle, high)
    return (low + high) / 2


def normal_cdf(z: float) -> float:
    return (1 + erf(z / sqrt(2))) / 2


def normal_quantile(q: float) -> float:
    return where(normal_cdf, q, -40, 40)


@cache
def t_cdf(x: float, df: float) -> float:
    """With x = sqrt(df) tan(a) the density is a power of the cosine."""
    scale = exp(lgamma((df + 1) / 2) - lgamma(df / 2)) / sqrt(pi)
    return 0.5 + scale * area(lambda a: cos(a) ** (df - 1), 0, atan(x / sqrt(df)))


@cache
def t_quantile(q: float, df: float) -> float:
    return where(lambda x: t_cdf(x, df), q, -200, 200)


def t_two_sided(t: float, df: float) -> float:
    return 2 * (1 - t_cdf(abs(t), df))


def beta_cdf(x: float, a: float, b: float) -> float:
    """With x = sin(u)^2 the ends are no poles for a and b of 1/2 or more."""
    scale = exp(lgamma(a + b) - lgamma(a) - lgamma(b))
    end = atan(sqrt(x / (1 - x))) if x < 1 else pi / 2
    return scale * area(lambda u: 2 * sin(u) ** (2 * a - 1) * cos(u) ** (2 * b - 1), 0, end)


@cache
def beta_quantile(q: float, a: float, b: float) -> float:
    return where(lambda x: beta_cdf(x, a, b), q, 0, 1)


def f_upper(f: float, df1: float, df2: float) -> float:
    return beta_cdf(df2 / (df2 + df1 * f), df2 / 2, df1 / 2)


def chi2_upper(q: float, df: float) -> float:
    """The square of a length: its density over the length."""
    scale = exp(-(df / 2 - 1) * log(2) - lgamma(df / 2))
    return 1 - scale * area(lambda r: r ** (df - 1) * exp(-r * r / 2), 0, sqrt(q))


def noncentral_t_cdf(t: float, df: float, shift: float) -> float:
    """Given the root s of chi-square/df, T = (Z + shift)/s is at most t when Z <= t s - shift."""
    start = df / 2 * log(df / 2) + log(2) - lgamma(df / 2)

    def given(s: float) -> float:
        if s <= 0:
            return 0.0
        return exp(start + (df - 1) * log(s) - df * s * s / 2) * normal_cdf(t * s - shift)

    reach = 12 / sqrt(2 * df)  # twelve standard deviations of s around 1
    return area(given, max(0.0, 1 - reach), 1 + reach)


def binomial_upper(k: int, n: int, p: float) -> float:
    """P(X >= k)."""
    return sum(comb(n, x) * p**x * (1 - p) ** (n - x) for x in range(k, n + 1))
