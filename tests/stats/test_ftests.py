"""F tests: two groups are a t test, tables cell by cell, refusals."""

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, f_oneway

from indicators.stats.design import covariance, make_design
from indicators.stats.ftests import equal_means, rao_scott
from indicators.stats.survey import contrast_survey
from indicators.vocabulary import Reason
from tests.stats.naive_survey import draw_sample
from tests.stats.test_design import design_of
from tests.stats.test_identities import CHANGE, given


@given(st.integers(0, 2**32 - 1))
def test_two_groups_are_the_square_of_t(seed) -> None:
    sample = draw_sample(seed)
    n, total, weight = sample.totals(2)
    design = design_of(sample, fpc=True)
    one = contrast_survey(n, total, CHANGE, design, weight=weight)
    assume(one.reason is None)
    both = equal_means(n, total, design, weight=weight)
    assert both.f == pytest.approx(one.t**2, rel=1e-8)
    assert (both.ndf, both.ddf) == (1, one.df - 1)
    turned = equal_means(n[:, ::-1], total[:, ::-1], design, weight=weight[:, ::-1])
    assert turned.f == pytest.approx(both.f, rel=1e-8)


def test_single_respondents_of_equal_groups_come_near_to_the_classical_f() -> None:
    rng = np.random.default_rng(3)
    y = rng.normal([3.0, 3.2, 3.5], 1, size=(400, 3))
    n = np.tile(np.eye(3), (400, 1))
    found = equal_means(n, n * y.reshape(-1, 1), make_design(1200))
    assert found.f == pytest.approx(f_oneway(*y.T).statistic, rel=0.05)


@pytest.mark.parametrize("groups", [3, 4])
def test_the_wald_statistic_by_hand(groups: int) -> None:
    sample = draw_sample(2, cells=groups, strata=2, schools=12)
    n, total, weight = sample.totals(groups)
    design = design_of(sample)
    mean = total.sum(axis=0) / weight.sum(axis=0)
    v = covariance((total - mean * weight) / weight.sum(axis=0), design)
    k = np.eye(groups)[:-1] - np.eye(groups)[-1]
    found = equal_means(n, total, design, weight=weight)
    q = groups - 1
    assert found.f == pytest.approx(k @ mean @ np.linalg.inv(k @ v @ k.T) @ (k @ mean) / q)
    with_empty = [np.hstack([a, np.zeros((len(n), 1))]) for a in (n, total, weight)]
    again = equal_means(with_empty[0], with_empty[1], design, weight=with_empty[2])
    assert again == found


@pytest.mark.parametrize(
    ("n", "strata", "population", "reason"),
    [
        (np.zeros((8, 2)), None, None, Reason.NO_DATA),
        (np.full((8, 2), 3.0) * [1, 0], None, None, Reason.NOT_IN_BOTH_WAVES),
        (np.full((5, 2), 3.0), None, None, Reason.TOO_FEW_CLUSTERS),
        (np.full((8, 2), 3.0), range(8), None, Reason.TOO_FEW_CLUSTERS),
        (np.full((8, 2), 3.0), [1] * 7 + [2], None, Reason.SINGLE_PSU_STRATUM),
        (np.full((8, 2), 3.0), None, [8] * 8, Reason.CENSUS),
        (np.full((8, 2), 3.0), None, None, Reason.ZERO_VARIANCE),
        (np.full((8, 9), 3.0), None, None, Reason.TOO_FEW_CLUSTERS),
    ],
)
def test_refusals(n, strata, population, reason) -> None:
    design = make_design(
        len(n), strata=None if strata is None else list(strata), population=population
    )
    found = equal_means(n, n, design)
    assert found.reason is reason
    assert found.f is found.p is None


def test_groups_that_move_together_cannot_be_told_apart() -> None:
    n = np.full((8, 3), 2.0)
    total = np.arange(8.0)[:, None] * [1, 2, 3]
    assert equal_means(n, total, make_design(8)).reason is Reason.ZERO_VARIANCE


def table_of(seed: int, rows: int = 3, columns: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 6, size=(20, rows, columns)).astype(float)


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (3, 2), (4, 3)])
def test_the_design_effects_cell_by_cell(rows: int, columns: int) -> None:
    """With the contrasts of R's model matrix and the explicit quadratic forms."""
    counts = table_of(rows, rows, columns)
    w = counts * np.random.default_rng(1).uniform(1, 2, size=(20, 1, 1))
    design = make_design(20, strata=[1] * 10 + [2] * 10)
    found = rao_scott(counts, design, weight=w).rao_scott
    n, whole = counts.sum(), w.sum()
    flat = w.reshape(20, -1)
    p = flat.sum(axis=0) / whole
    v = covariance((flat - p * flat.sum(axis=1, keepdims=True)) / whole, design)
    a, b = np.divmod(np.arange(rows * columns), columns)
    main = np.column_stack(
        [np.ones(len(a)), a[:, None] == range(1, rows), b[:, None] == range(1, columns)]
    ).astype(float)
    cross = np.column_stack(
        [(a == i) & (b == j) for i in range(1, rows) for j in range(1, columns)]
    ).astype(float)
    c = cross - main @ np.linalg.lstsq(main, cross, rcond=None)[0]
    inverse = np.diag(1 / p)
    delta = np.linalg.solve(c.T @ inverse @ c / n, c.T @ inverse @ v @ inverse @ c)
    expected = np.outer(p.reshape(rows, columns).sum(1), p.reshape(rows, columns).sum(0))
    x2 = n * ((p.reshape(rows, columns) - expected) ** 2 / expected).sum()
    trace = np.trace(delta)
    assert found.f == pytest.approx(x2 / trace)
    assert found.ndf == pytest.approx(trace**2 / np.trace(delta @ delta))
    assert found.ddf == pytest.approx(found.ndf * 18)


@given(st.integers(0, 2**32 - 1))
def test_the_order_of_answers_and_groups_does_not_matter(seed) -> None:
    counts, design = table_of(seed), make_design(20)
    one = rao_scott(counts, design)
    other = rao_scott(counts[:, ::-1, ::-1], design)
    swapped = rao_scott(counts.transpose(0, 2, 1), design)
    for found in (other, swapped):
        assert found.rao_scott.f == pytest.approx(one.rao_scott.f, rel=1e-8, abs=1e-12)
        assert found.naive_p == pytest.approx(one.naive_p)
    table = counts.sum(axis=0)
    plain = chi2_contingency(table, correction=False)
    assert (one.pearson, one.naive_p) == pytest.approx((plain.statistic, plain.pvalue))


def test_an_answer_nobody_gave_and_a_cell_nobody_is_in() -> None:
    counts, design = table_of(5), make_design(20)
    wide = np.concatenate([counts, np.zeros((20, 1, 2))], axis=1)
    assert rao_scott(wide, design) == rao_scott(counts, design)
    counts[:, 0, 0] = 0
    assert rao_scott(counts, design).rao_scott.p is not None


@pytest.mark.parametrize(
    ("keep", "reason"),
    [
        (np.zeros((3, 2)), Reason.NO_DATA),
        (np.array([[1, 0]] * 3), Reason.NOT_IN_BOTH_WAVES),
        (np.array([[1, 1], [0, 0], [0, 0]]), Reason.ONE_CATEGORY),
    ],
)
def test_tables_without_a_question(keep, reason) -> None:
    found = rao_scott(table_of(1) * keep, make_design(20))
    assert found.rao_scott.reason is reason
    assert found.pearson is None


def test_schools_that_all_answer_alike_have_no_spread() -> None:
    found = rao_scott(np.tile([[[3, 5], [7, 5]]], (8, 1, 1)), make_design(8))
    assert found.rao_scott.reason is Reason.ZERO_VARIANCE
    assert found.pearson == pytest.approx(20 / 3)
    assert found.naive_p is None


def test_few_schools_and_bad_shapes() -> None:
    assert rao_scott(table_of(1)[:5], make_design(5)).rao_scott.reason is Reason.TOO_FEW_CLUSTERS
    with pytest.raises(ValueError, match="units, categories, groups"):
        rao_scott(np.ones((20, 3)), make_design(20))
