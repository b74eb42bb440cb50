"""What must hold between our own answers, on data hypothesis makes up."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, settings
from hypothesis import given as given_any
from hypothesis import strategies as st

from indicators.stats.cr2 import contrast_cr2
from indicators.stats.linear import contrast_taylor
from indicators.stats.moments import mean_sd
from indicators.stats.paired import paired_schools, sign_flip
from indicators.stats.results import Result
from indicators.stats.school import welch_change
from indicators.stats.shares import korn_graubard, newcombe, wilson
from indicators.stats.targets import target_mean
from indicators.vocabulary import TargetVerdict

CHANGE = [-1.0, 1.0]


def given(*strategies: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """`hypothesis.given` without a deadline: the first example pays for importing scipy."""
    return lambda test: settings(deadline=None)(given_any(*strategies)(test))


SCHOOLS = st.integers(6, 15)


@st.composite
def totals(draw: st.DrawFn, cells: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """(n, total) of Likert answers 1-5: up to 30 per school and cell, some cells empty."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = rng.integers(0, 31, size=(draw(SCHOOLS), cells)).astype(float)
    low = rng.integers(n, 5 * n + 1).astype(float)
    return n, low


def same(ours: Result, other: Result, *, scale: float = 1.0, shift: float = 0.0) -> None:
    """`other` is `ours` in another unit."""
    assert ours.reason is other.reason
    assert (ours.n, ours.n_clusters) == (other.n, other.n_clusters)
    size = abs(scale) * 5 + abs(shift)
    for name in ("estimate", "ci_low", "ci_high", "ci90_low", "ci90_high"):
        mirrored = {"low": "high", "high": "low"} if scale < 0 else {}
        stem, _, end = name.rpartition("_")
        twin = f"{stem}_{mirrored.get(end, end)}" if stem else name
        _close(getattr(ours, name), getattr(other, twin), scale, shift, size)
    _close(ours.se, other.se, abs(scale), 0.0, size)
    assert ours.df == other.df or ours.df == pytest.approx(other.df, rel=1e-8)


def _close(value: float | None, other: float | None, scale: float, shift: float, size: float):
    assert (value is None) == (other is None)
    if value is not None and other is not None:
        assert other == pytest.approx(value * scale + shift, rel=1e-7, abs=1e-8 * size)


UNITS = st.sampled_from([(2.0, 0.0), (100.0, 0.0), (-1.0, 0.0), (4 / 3, 1.0), (1.0, -7.5)])


@given(totals(), UNITS)
def test_changes_follow_the_unit_of_the_answers(data, unit) -> None:
    (n, total), (scale, shift) = data, unit
    rescaled = scale * total + shift * n
    for method in (contrast_taylor, contrast_cr2):
        same(method(n, total, CHANGE), method(n, rescaled, CHANGE), scale=scale)


@given(totals(cells=1), UNITS)
def test_levels_follow_the_unit_of_the_answers(data, unit) -> None:
    (n, total), (scale, shift) = data, unit
    ours = contrast_taylor(n, total, [1])
    same(ours, contrast_taylor(n, scale * total + shift * n, [1]), scale=scale, shift=shift)


@given(totals(cells=4), st.randoms(use_true_random=False))
def test_the_order_of_schools_does_not_matter(data, random) -> None:
    n, total = data
    order = list(range(len(n)))
    random.shuffle(order)
    for method in (contrast_taylor, contrast_cr2):
        same(method(n, total, [1, -1, -1, 1]), method(n[order], total[order], [1, -1, -1, 1]))


@given(totals(), st.integers(0, 2**32 - 1))
def test_totals_of_a_split_file_add_up(data, seed) -> None:
    """Any split of the answers over two files gives the same totals, hence the same result."""
    n, total = data
    part = np.random.default_rng(seed).uniform(size=n.shape)
    first_n, first = np.floor(n * part), total * part
    for method in (contrast_taylor, contrast_cr2):
        same(
            method(n, total, CHANGE),
            method(first_n + (n - first_n), first + (total - first), CHANGE),
        )


@given(totals(cells=3))
def test_cells_merge_by_adding_their_totals(data) -> None:
    """The level of two groups together is their mean weighted with the answers."""
    n, total = data
    size = n.sum(axis=0)
    assume((size > 0).all())
    merged = contrast_taylor(n.sum(axis=1, keepdims=True), total.sum(axis=1, keepdims=True), [1])
    split = contrast_taylor(n, total, size / size.sum())
    assert merged.estimate == pytest.approx(split.estimate)


@given(totals())
def test_a_change_is_the_difference_of_its_levels(data) -> None:
    n, total = data
    levels = [contrast_taylor(n[:, [k]], total[:, [k]], [1]).estimate for k in (0, 1)]
    change = contrast_taylor(n, total, CHANGE)
    assume(None not in levels)
    assert change.estimate == pytest.approx(levels[1] - levels[0], abs=1e-12)


@given(totals())
def test_waves_exchanged_turn_the_sign(data) -> None:
    n, total = data
    for method in (contrast_taylor, contrast_cr2):
        same(method(n, total, CHANGE), method(n[:, ::-1], total[:, ::-1], CHANGE), scale=-1)


@given(totals())
def test_cr2_keeps_the_estimate_and_its_df_stay_below_the_schools(data) -> None:
    n, total = data
    linear, robust = contrast_taylor(n, total, CHANGE), contrast_cr2(n, total, CHANGE)
    assume(robust.df is not None)
    assert robust.estimate == linear.estimate
    # (tr O)^2/tr(O^2) cannot exceed the rank of O.
    assert 4 <= robust.df <= len(n) + 1e-9


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=14), st.sampled_from([1, -1, 3, 100]))
def test_sign_flip_knows_neither_unit_nor_sign_nor_order(differences, scale) -> None:
    p = sign_flip(differences)
    assert p == sign_flip([scale * d for d in sorted(differences)])
    assert 0 < p <= 1


@given(totals())
def test_paired_schools_turn_with_the_waves(data) -> None:
    n, total = data
    mean, _ = mean_sd(n, total, total)
    one = paired_schools(n[:, 0], mean[:, 0], n[:, 1], mean[:, 1])
    other = paired_schools(n[:, 1], mean[:, 1], n[:, 0], mean[:, 0])
    assert (one.n_up, one.n_down) == (other.n_down, other.n_up)
    assert one.p_sign_flip == other.p_sign_flip
    same(one.result, other.result, scale=-1)


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_limits_of_a_share_lie_around_it_and_mirror(n1, n2, data) -> None:
    x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    low, high = (float(limit) for limit in wilson(x1 / n1, n1))
    other_low, other_high = (float(limit) for limit in wilson((n1 - x1) / n1, n1))
    assert 0 <= low <= x1 / n1 <= high <= 1
    assert (1 - high, 1 - low) == pytest.approx((other_low, other_high), abs=1e-12)
    least, most = (float(limit) for limit in newcombe(x1, n1, x2, n2))
    mirrored = [float(limit) for limit in newcombe(n1 - x1, n1, n2 - x2, n2)]
    difference = x2 / n2 - x1 / n1
    assert -1 - 1e-12 <= least <= difference + 1e-12
    assert difference - 1e-12 <= most <= 1 + 1e-12
    assert (-most, -least) == pytest.approx(tuple(mirrored), abs=1e-12)


@given(st.floats(0.01, 0.99), st.integers(10, 500), st.floats(0.5, 8), st.integers(5, 40))
def test_a_larger_design_effect_widens_the_limits(p, n, deff, df) -> None:
    simple = korn_graubard(p, n, p * (1 - p) / n, df)
    wide = korn_graubard(p, n, deff * p * (1 - p) / n, df)
    assert 0 < wide.n_eff <= n
    assert wide.low <= p <= wide.high
    if deff > 1:
        assert wide.high - wide.low >= simple.high - simple.low


@given(st.floats(1, 5), st.floats(0.01, 1), st.integers(3, 60), st.floats(1, 5))
def test_targets_from_below_and_above_are_opposites(estimate, se, df, target) -> None:
    least = target_mean(estimate, se, df, target, None)
    most = target_mean(estimate, se, df, None, target)
    assert least.prob_met + most.prob_met == pytest.approx(1)
    opposite = {
        TargetVerdict.MET: TargetVerdict.NOT_MET,
        TargetVerdict.NOT_MET: TargetVerdict.MET,
        TargetVerdict.TOO_CLOSE: TargetVerdict.TOO_CLOSE,
    }
    assert most.verdict is opposite[least.verdict]


@given(st.integers(0, 2**32 - 1), st.integers(1, 20))
def test_many_schools_at_once_are_the_schools_one_by_one(seed, schools) -> None:
    rng = np.random.default_rng(seed)
    columns = [rng.integers(0, 40, schools), rng.uniform(1, 5, schools), rng.uniform(0, 2, schools)]
    columns += [
        rng.integers(0, 40, schools),
        rng.uniform(1, 5, schools),
        rng.uniform(0, 2, schools),
    ]
    together = welch_change(*columns)
    for index in range(schools):
        alone = welch_change(*(column[[index]] for column in columns))
        assert together.at(index) == alone.at(0)
