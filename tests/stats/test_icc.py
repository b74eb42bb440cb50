"""The correlation within schools: by analysis of variance, by likelihood, at its ends."""

import subprocess

import numpy as np
import pytest
from hypothesis import strategies as st

from indicators.stats.icc import icc_anova, icc_nested, icc_reml
from indicators.vocabulary import Reason
from tests.stats.test_identities import given


def draw(seed: int, between: float, schools: int = 12) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 12, size=schools)
    return [rng.normal(rng.normal(3, between), 1, size=n) for n in sizes]


def totals(groups: list[np.ndarray]) -> tuple[list[float], list[float], list[float]]:
    return (
        [len(y) for y in groups],
        [y.sum() for y in groups],
        [float((y**2).sum()) for y in groups],
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("between", [0.0, 0.8])
def test_anova_person_by_person(seed: int, between: float) -> None:
    groups = draw(seed, between)
    found = icc_anova(*totals(groups))
    everyone = np.concatenate(groups)
    n, g = len(everyone), len(groups)
    msb = sum(len(y) * (y.mean() - everyone.mean()) ** 2 for y in groups) / (g - 1)
    msw = sum(((y - y.mean()) ** 2).sum() for y in groups) / (n - g)
    n_a = sum(len(y) ** 2 for y in groups) / n
    n0 = (n - n_a) / (g - 1)
    assert found.icc == pytest.approx((msb - msw) / (msb + (n0 - 1) * msw))
    assert found.deff == pytest.approx(1 + (n_a - 1) * found.icc)
    assert found.n_effective == pytest.approx(n / found.deff)
    assert found.planned == max(found.icc, 0)


def likelihood(groups: list[np.ndarray], icc: float) -> float:
    """Minus twice the restricted likelihood, with the covariance matrix of everybody."""
    y = np.concatenate(groups)
    school = np.repeat(np.arange(len(groups)), [len(g) for g in groups])
    v = (1 - icc) * np.eye(len(y)) + icc * (school[:, None] == school)
    inverse, one = np.linalg.inv(v), np.ones(len(y))
    mean = one @ inverse @ y / (one @ inverse @ one)
    s = (y - mean) @ inverse @ (y - mean)
    return (len(y) - 1) * np.log(s) + np.linalg.slogdet(v)[1] + np.log(one @ inverse @ one)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("between", [0.0, 0.8])
def test_reml_has_the_highest_likelihood(seed: int, between: float) -> None:
    groups = draw(seed, between)
    icc = icc_reml(*totals(groups))
    best = likelihood(groups, icc)
    others = [likelihood(groups, x) for x in np.linspace(0, 0.95, 39)]
    assert best <= min(others) + 1e-9


@given(st.integers(0, 2**32 - 1), st.floats(-50, 50), st.floats(0.1, 100))
def test_the_unit_of_the_answers_does_not_matter(seed, shift, scale) -> None:
    groups = draw(seed, 0.5)
    moved = [y * scale + shift for y in groups]
    one, other = icc_anova(*totals(groups)), icc_anova(*totals(moved))
    assert other.icc == pytest.approx(one.icc, abs=1e-6)
    assert icc_reml(*totals(moved)) == pytest.approx(icc_reml(*totals(groups)), abs=1e-4)


def test_equal_school_sizes_give_the_textbook_formula() -> None:
    """n0 is the common size; when nobody differs inside schools the correlation is 1."""
    groups = [np.full(4, float(level)) for level in (1, 2, 5)]
    found = icc_anova(*totals(groups))
    assert (found.n0, found.n_a, found.icc) == (4, 4, 1)
    assert icc_reml(*totals(groups)) == 1


def test_schools_that_only_balance_each_other() -> None:
    """All school means equal: below 0, planned with 0."""
    found = icc_anova([2] * 4, [4] * 4, [10] * 4)
    assert found.icc == pytest.approx(-1)
    assert found.planned == 0
    assert found.n_effective is None
    assert icc_reml([2] * 4, [4] * 4, [10] * 4) == 0


@pytest.mark.parametrize(
    ("n", "total", "squares", "reason"),
    [
        ([0, 0], [0, 0], [0, 0], Reason.NO_DATA),
        ([5, 0], [9, 0], [20, 0], Reason.TOO_FEW_CLUSTERS),
        ([1, 1], [3, 4], [9, 16], Reason.TOO_FEW_CLUSTERS),
        ([3, 3], [9, 9], [27, 27], Reason.ZERO_VARIANCE),
    ],
)
def test_refusals(n, total, squares, reason) -> None:
    found = icc_anova(n, total, squares)
    assert found.reason is reason
    assert found.icc is found.planned is None
    assert icc_reml(n, total, squares) is None


def test_totals_have_one_shape() -> None:
    with pytest.raises(ValueError, match=r"shape \(schools,\)"):
        icc_anova([1, 2], [1], [1, 2])


def draw_classes(seed: int, schools: int = 12, between: float = 0.6) -> list[list[np.ndarray]]:
    """Schools of one to three classes of one to eight answers."""
    rng = np.random.default_rng(seed)
    return [
        [
            rng.normal(rng.normal(level, between), 1, size=rng.integers(1, 9))
            for _ in range(rng.integers(1, 4))
        ]
        for level in rng.normal(3, 2, size=schools)
    ]


def class_totals(schools: list[list[np.ndarray]]) -> np.ndarray:
    """(3, schools, classes): n, total, squares; 0 where there is no class."""
    out = np.zeros((3, len(schools), max(len(classes) for classes in schools)))
    for s, classes in enumerate(schools):
        for c, y in enumerate(classes):
            out[:, s, c] = len(y), y.sum(), (y**2).sum()
    return out


@pytest.mark.parametrize("seed", range(5))
def test_classes_inside_schools_person_by_person(seed: int) -> None:
    schools = draw_classes(seed)
    nested = [classes for classes in schools if len(classes) > 1]
    between = within = out_of_n = 0.0
    for classes in nested:
        everyone = np.concatenate(classes)
        between += sum(len(y) * (y.mean() - everyone.mean()) ** 2 for y in classes)
        within += sum(((y - y.mean()) ** 2).sum() for y in classes)
        out_of_n += sum(len(y) ** 2 for y in classes) / len(everyone)
    n = sum(len(y) for classes in nested for y in classes)
    n_classes = sum(len(classes) for classes in nested)
    df = n_classes - len(nested)
    msb, msw, n0 = between / df, within / (n - n_classes), (n - out_of_n) / df
    found = icc_nested(*class_totals(schools), min_schools=1)
    assert (found.n_schools, found.n_classes, found.n) == (len(nested), n_classes, n)
    assert found.icc == pytest.approx((msb - msw) / (msb + (n0 - 1) * msw))


@pytest.mark.r
def test_classes_inside_schools_as_r_has_them() -> None:
    schools = draw_classes(7)
    rows = [
        (s, c, v) for s, classes in enumerate(schools) for c, y in enumerate(classes) for v in y
    ]
    rows = [row for row in rows if len(schools[row[0]]) > 1]
    s, c, y = (", ".join(map(repr, map(float, column))) for column in zip(*rows, strict=True))
    code = (
        f"d <- data.frame(s = factor(c({s})), c = factor(c({c})), y = c({y})); "
        'm <- anova(lm(y ~ s/c, data = d)); cat(sprintf("%.17g ", c(m[["Mean Sq"]], m[["Df"]])))'
    )
    run = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True)
    _, msb, msw, _, df, _ = map(float, run.stdout.split())
    n, _, _ = class_totals([classes for classes in schools if len(classes) > 1])
    n0 = (n.sum() - ((n**2).sum(axis=1) / n.sum(axis=1)).sum()) / df
    found = icc_nested(*class_totals(schools), min_schools=1)
    assert found.icc == pytest.approx((msb - msw) / (msb + (n0 - 1) * msw), rel=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_one_school_of_classes_is_schools_of_a_project(seed) -> None:
    """The level of a school does not count either: every school moved by its own number."""
    groups = draw(seed, 0.5)
    n, total, squares = (np.array([row]) for row in totals(groups))
    found = icc_nested(n, total, squares, min_schools=1)
    assert found.icc == pytest.approx(icc_anova(*totals(groups)).icc)
    schools = draw_classes(seed)
    moved = [[y + 10 * s for y in classes] for s, classes in enumerate(schools)]
    one, other = (icc_nested(*class_totals(x), min_schools=1) for x in (schools, moved))
    assert other.icc == pytest.approx(one.icc, abs=1e-6)


def test_a_correlation_of_classes_is_found() -> None:
    """Built with 0.2/(0.2 + 1) inside classes, schools far apart: recovered within its error."""
    rng = np.random.default_rng(4)
    schools = [
        [rng.normal(level + rng.normal(0, 0.2**0.5), 1, size=20) for _ in range(3)]
        for level in rng.normal(0, 3, size=400)
    ]
    assert icc_nested(*class_totals(schools)).icc == pytest.approx(1 / 6, abs=0.02)


@pytest.mark.parametrize(
    ("schools", "least", "reason"),
    [
        ([[[1, 2]], [[3]]], 1, Reason.NO_DATA),
        ([[[1, 2], [3]]] * 9, 10, Reason.TOO_FEW_CLUSTERS),
        ([[[1], [3]]] * 9, 1, Reason.TOO_FEW_CLUSTERS),
        ([[[2, 2], [2]], [[5], [5, 5]]], 1, Reason.ZERO_VARIANCE),
    ],
)
def test_refusals_for_classes(schools, least, reason) -> None:
    arrays = [[np.array(y, dtype=float) for y in classes] for classes in schools]
    found = icc_nested(*class_totals(arrays), min_schools=least)
    assert found.reason is reason
    assert found.icc is None


def test_class_totals_have_one_shape() -> None:
    with pytest.raises(ValueError, match="schools, classes"):
        icc_nested([1, 2], [1, 2], [1, 2])
