"""What must hold between our own answers about designs, weights and schools together."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from indicators.stats.calibration import Margin, calibrate, mean_calibrated
from indicators.stats.composition import change_composition, change_heterogeneity
from indicators.stats.cr2 import contrast_cr2, contrasts_cr2
from indicators.stats.cr2_weighted import WeightedTotals, contrast_cr2_weighted
from indicators.stats.design import Lonely, covariance, make_design, variances
from indicators.stats.ftests import equal_means
from indicators.stats.linear import contrast_taylor, contrasts_taylor, design_effect
from indicators.stats.results import Result, from_t, from_t_many
from indicators.stats.shares import korn_graubard, logit_limits, share_level, share_levels
from indicators.stats.survey import contrast_survey, contrasts_survey
from tests.stats.naive_survey import Sample, draw_sample
from tests.stats.test_design import design_of
from tests.stats.test_identities import UNITS, given, same, totals

SAME = 1e-9  # the same number in another order or unit
SOLVED = 1e-6  # found by halving or from nearly equal numbers
SEEDS = st.integers(0, 2**32 - 1)
CHANGE = [-1.0, 1.0]


def reordered(sample: Sample, order: np.ndarray) -> Sample:
    fields = ("stratum", "school", "population", "people", "weight", "cell", "y")
    return replace(sample, **{name: getattr(sample, name)[order] for name in fields})


# --- covariance of a design ----------------------------------------------------------------------


@given(SEEDS, st.booleans(), st.sampled_from([2.0, -1.0, 100.0]))
def test_a_covariance_knows_neither_the_order_nor_the_split_of_units(
    seed, two_stages, scale
) -> None:
    rng = np.random.default_rng(seed)
    sample = draw_sample(seed)
    z = rng.normal(size=(len(sample.y), 2))
    more = {"fpc": True, "stages": two_stages}
    found = covariance(z, design_of(sample, **more))
    order = rng.permutation(len(z))
    moved = covariance(z[order], design_of(reordered(sample, order), **more))
    assert moved == pytest.approx(found, rel=SAME, abs=SAME)
    assert covariance(scale * z, design_of(sample, **more)) == pytest.approx(
        scale**2 * found, rel=SAME
    )
    assert (np.linalg.eigvalsh(found) >= -SAME).all()
    mixed = z @ np.array([[2.0], [-3.0]])
    single = covariance(mixed, design_of(sample, **more))[0, 0]
    assert single == pytest.approx(4 * found[0, 0] - 12 * found[0, 1] + 9 * found[1, 1], rel=SOLVED)
    if not two_stages:  # a school in two halves has the totals of the school
        halves = np.concatenate([z / 2, z / 2])
        twice = design_of(reordered(sample, np.tile(np.arange(len(z)), 2)), **more)
        assert covariance(halves, twice) == pytest.approx(found, rel=SAME, abs=SAME)


@given(SEEDS)
def test_strata_one_by_one_add_up(seed) -> None:
    sample = draw_sample(seed)
    z = np.random.default_rng(seed).normal(size=(len(sample.y), 1))
    parts = []
    for h in np.unique(sample.stratum):
        inside = np.flatnonzero(sample.stratum == h)
        part = design_of(reordered(sample, inside), fpc=True, stages=False)
        parts.append(covariance(z[inside], part)[0, 0])
    whole = covariance(z, design_of(sample, fpc=True, stages=False))[0, 0]
    assert whole == pytest.approx(sum(parts), rel=SAME)


@given(SEEDS, st.sampled_from([Lonely.ADJUST, Lonely.AVERAGE, Lonely.REMOVE]))
def test_rules_for_lonely_strata_are_nothing_where_none_is_lonely(seed, rule) -> None:
    sample = draw_sample(seed)
    z = np.random.default_rng(seed).normal(size=(len(sample.y), 1))
    plain = design_of(sample)
    assert covariance(z, replace(plain, lonely=rule)).tolist() == covariance(z, plain).tolist()


def survey(sample: Sample, scale: float = 1, shift: float = 0, factor: float = 1) -> Result:
    moved = replace(sample, y=scale * sample.y + shift, weight=factor * sample.weight)
    n, total, weight = moved.totals(2)
    return contrast_survey(n, total, CHANGE, design_of(moved), weight=weight)


@given(SEEDS, UNITS, st.sampled_from([1.0, 0.01, 40.0]))
def test_a_weighted_change_knows_no_unit_no_order_and_no_sum_of_weights(seed, unit, factor) -> None:
    sample, (scale, shift) = draw_sample(seed), unit
    found = survey(sample)
    same(found, survey(sample, scale, shift, factor), scale=scale)
    order = np.random.default_rng(seed).permutation(len(sample.y))
    same(found, survey(reordered(sample, order)))


@given(st.lists(totals(), min_size=1, max_size=3), st.integers(6, 12))
def test_many_at_once_are_one_by_one(drawn, schools) -> None:
    """Surveys of one shape, side by side; some of them refused."""
    n, total = (
        np.stack([np.resize(column, (schools, 2)) for column in columns])
        for columns in zip(*drawn, strict=True)
    )
    design = make_design(schools, strata=np.arange(schools) % 2)
    pairs = zip(n, total, strict=True)
    singly = [
        (
            contrast_taylor(a, b, CHANGE),
            contrast_cr2(a, b, CHANGE),
            contrast_survey(a, b, CHANGE, design),
        )
        for a, b in pairs
    ]
    together = zip(
        contrasts_taylor(n, total, CHANGE),
        contrasts_cr2(n, total, CHANGE),
        contrasts_survey(n, total, CHANGE, design),
        strict=True,
    )
    for alone, many in zip(singly, together, strict=True):
        for one, other in zip(alone, many, strict=True):
            same(one, other)
    shares = n.min(axis=2, keepdims=True)
    levels = [contrast_taylor(a + b, b, [1]) for a, b in zip(n[:, :, :1], shares, strict=True)]
    for one, other in zip(map(share_level, levels), share_levels(levels), strict=True):
        same(one[0], other[0])
        assert one[1] == other[1]


@given(SEEDS)
def test_variances_are_those_of_the_covariance(seed) -> None:
    sample = draw_sample(seed)
    z = np.random.default_rng(seed).normal(size=(len(sample.y), 3))
    for stages in (False, True):
        design = design_of(sample, fpc=True, stages=stages)
        expected = np.diag(covariance(z, design))
        assert variances(z, design) == pytest.approx(expected, rel=SAME, abs=SAME)
        order = np.random.default_rng(seed).permutation(len(z))
        mixed = design_of(reordered(sample, order), fpc=True, stages=stages)
        assert variances(3 * z[order], mixed) == pytest.approx(9 * expected, rel=SAME, abs=SAME)


ERRORS = st.one_of(st.just(0.0), st.floats(0.01, 2))


@given(st.lists(st.tuples(st.floats(-3, 3), ERRORS, st.floats(1, 80)), min_size=1, max_size=5))
def test_many_t_intervals_are_one_by_one(drawn) -> None:
    estimate, se, df = (np.array(column) for column in zip(*drawn, strict=True))
    counts = np.full(len(drawn), 9)
    reasons = [None] * len(drawn)
    many = from_t_many(estimate, se, df, n=counts, n_clusters=counts, method="t", reasons=reasons)
    assert many == [from_t(*one, n=9, n_clusters=9, method="t") for one in drawn]


# --- weighted CR2 --------------------------------------------------------------------------------


def weighted(sample: Sample, scale: float = 1, shift: float = 0, factor: float = 1) -> Result:
    """Totals of all respondents by school and cell."""
    school = sample.stratum * 100 + sample.school
    schools = np.unique(school)
    used = ~np.isnan(sample.y)
    y, w = scale * np.nan_to_num(sample.y) + shift, factor * sample.weight

    def sums(value: np.ndarray) -> np.ndarray:
        found = np.zeros((len(schools), 2))
        np.add.at(found, (np.searchsorted(schools, school[used]), sample.cell[used]), value[used])
        return found

    columns = (np.ones_like(w), w, w**2, y, w * y)
    return contrast_cr2_weighted(WeightedTotals(*(sums(c) for c in columns)), CHANGE, min_df=0.0)


@given(SEEDS, UNITS, st.sampled_from([1.0, 0.01, 40.0, 1e6]))
def test_weighted_cr2_knows_no_unit_no_order_and_no_sum_of_weights(seed, unit, factor) -> None:
    sample, (scale, shift) = draw_sample(seed), unit
    found = weighted(sample)
    same(found, weighted(sample, scale, shift, factor), scale=scale)
    order = np.random.default_rng(seed).permutation(len(sample.y))
    same(found, weighted(reordered(sample, order)))


@given(totals(), st.sampled_from([1.0, 0.5, 7.0]))
def test_equal_weights_are_no_weights(data, weight) -> None:
    n, total = data
    found = contrast_cr2_weighted(
        WeightedTotals(n, weight * n, weight**2 * n, total, weight * total), CHANGE
    )
    plain = contrast_cr2(n, total, CHANGE)
    assert (found.reason, found.n) == (plain.reason, plain.n)
    for name in ("estimate", "se", "df"):
        ours, theirs = getattr(found, name), getattr(plain, name)
        assert (ours is None) == (theirs is None)
        assert ours is None or ours == pytest.approx(theirs, rel=SAME, abs=SAME)


@given(totals(cells=1), UNITS)
def test_a_design_effect_knows_no_unit(data, unit) -> None:
    (n, total), (scale, shift) = data, unit
    level = contrast_taylor(n, total, [1.0])
    found = design_effect(level.se, level.n, 1.3)
    moved = contrast_taylor(n, scale * total + shift * n, [1.0])
    again = design_effect(moved.se, moved.n, abs(scale) * 1.3)
    assert again == pytest.approx(found, rel=SOLVED, abs=SOLVED)


# --- calibration and F tests ---------------------------------------------------------------------


def calibrated(sample: Sample, scale: float = 1, shift: float = 0, *, raking: bool) -> Result:
    margins = [Margin(sample.stratum, [400.0, 500.0, 600.0]), Margin(sample.cell, [800.0, 700.0])]
    found = calibrate(sample.weight, margins, raking=raking)
    return mean_calibrated(scale * sample.y + shift, found, design_of(sample))


@given(SEEDS, UNITS, st.booleans())
def test_a_calibrated_mean_knows_neither_unit_nor_order_nor_scale_of_weights(
    seed, unit, raking
) -> None:
    sample, (scale, shift) = draw_sample(seed), unit
    found = calibrated(sample, raking=raking)
    same(found, calibrated(sample, scale, shift, raking=raking), scale=scale, shift=shift)
    order = np.random.default_rng(seed).permutation(len(sample.y))
    same(found, calibrated(reordered(sample, order), raking=raking))
    same(found, calibrated(replace(sample, weight=3 * sample.weight), raking=raking))


@given(SEEDS, UNITS)
def test_equal_means_know_neither_unit_nor_the_order_of_groups(seed, unit) -> None:
    (scale, shift), rng = unit, np.random.default_rng(seed)
    n = rng.integers(1, 12, size=(14, 3)).astype(float)
    total = n * rng.normal(3, 0.5, size=n.shape)
    design = make_design(14)
    found = equal_means(n, total, design)
    for other in (
        equal_means(n, scale * total + shift * n, design),
        equal_means(n[:, ::-1], total[:, ::-1], design),
    ):
        assert (other.f, other.p) == pytest.approx((found.f, found.p), rel=SOLVED)
        assert (other.ndf, other.ddf) == (found.ndf, found.ddf)


# --- schools together ----------------------------------------------------------------------------


@given(SEEDS, UNITS)
def test_parts_of_a_change_know_neither_unit_nor_order_and_turn(seed, unit) -> None:
    (scale, shift), rng = unit, np.random.default_rng(seed)
    n1, n2 = rng.integers(5, 40, 12).astype(float), rng.integers(5, 40, 12).astype(float)
    before, after, order = rng.normal(3, 0.5, 12), rng.normal(3.2, 0.5, 12), rng.permutation(12)
    found = change_composition(n1, before, n2, after)
    moved = change_composition(n1, scale * before + shift, n2, scale * after + shift)
    same(found.within, moved.within, scale=scale)
    assert moved.mix == pytest.approx(scale * found.mix, rel=SOLVED, abs=SOLVED)
    mixed = change_composition(n1[order], before[order], n2[order], after[order])
    same(found.within, mixed.within)
    turned = change_composition(n2, after, n1, before)
    same(found.within, turned.within, scale=-1)
    assert turned.mix == pytest.approx(-found.mix, abs=SAME)


@given(SEEDS, UNITS)
def test_heterogeneity_knows_neither_unit_nor_order_and_turns(seed, unit) -> None:
    (scale, shift), rng = unit, np.random.default_rng(seed)
    n = rng.integers(5, 40, (2, 12)).astype(float)
    mean, sd = rng.normal(3, 0.7, (2, 12)), rng.uniform(0.5, 1.2, (2, 12))
    order = rng.permutation(12)
    found = change_heterogeneity(n[0], mean[0], sd[0], n[1], mean[1], sd[1])
    moved = change_heterogeneity(
        *(n[0], scale * mean[0] + shift, abs(scale) * sd[0]),
        *(n[1], scale * mean[1] + shift, abs(scale) * sd[1]),
    )
    assert (moved.q, moved.p, moved.i2) == pytest.approx((found.q, found.p, found.i2), abs=SOLVED)
    assert moved.tau2 == pytest.approx(scale**2 * found.tau2, rel=SOLVED, abs=SOLVED)
    assert moved.shrunken == pytest.approx(scale * found.shrunken, abs=SOLVED * max(1, abs(scale)))
    columns = (n[0], mean[0], sd[0], n[1], mean[1], sd[1])
    mixed = change_heterogeneity(*(column[order] for column in columns))
    assert mixed.shrunken == pytest.approx(found.shrunken[order], rel=SAME)
    turned = change_heterogeneity(*columns[3:], *columns[:3])
    assert turned.shrunken == pytest.approx(-found.shrunken, rel=SAME)


# --- shares of a design --------------------------------------------------------------------------


@given(st.floats(0.05, 0.95), st.integers(15, 300), st.floats(0.6, 5), st.integers(5, 40))
def test_a_share_and_its_opposite(p, n, deff, df) -> None:
    yes = korn_graubard(p, n, deff * p * (1 - p) / n, df)
    no = korn_graubard(1 - p, n, deff * p * (1 - p) / n, df)
    assert float(no.n_eff) == pytest.approx(float(yes.n_eff), rel=SAME)
    limits = (1 - float(no.high), 1 - float(no.low))
    assert limits == pytest.approx((float(yes.low), float(yes.high)), abs=SAME)


@given(SEEDS)
def test_the_levels_of_a_share_and_its_opposite(seed) -> None:
    rng = np.random.default_rng(seed)
    n = rng.integers(1, 20, size=(10, 1)).astype(float)
    yes = rng.integers(0, n + 1).astype(float)
    one, other = contrast_taylor(n, yes, [1]), contrast_taylor(n, n - yes, [1])
    (share, n_eff), (opposite, n_eff2) = share_level(one), share_level(other)
    same(share, replace(opposite, t=share.t, p=share.p), scale=-1, shift=1)
    assert n_eff2 == pytest.approx(n_eff, rel=SOLVED)
    low, high = logit_limits(one)
    assume(low is not None and high is not None)
    assert logit_limits(other) == pytest.approx((1 - high, 1 - low), abs=SAME)
