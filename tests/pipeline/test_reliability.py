"""Reliability per index and wave: person by person, what is refused, what is flagged."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.calculate import calculate
from indicators.pipeline.outcomes import ReliabilityRow
from indicators.pipeline.shapes import MeasureSpec
from indicators.stats.reliability import cross_products, reliability
from indicators.vocabulary import Reason, ReliabilityFlag, Respondent, Selection
from tests.pipeline.builders import FEW, Person, answers, codes_of, crowd, index, project

ITEMS = ("a", "b", "c", "d")
INDEX = index(ITEMS, code="i")
EIGHT = codes_of(8)


def people(seed: int, *, n: int = 10, noise: float = 0.8, skipped: float = 0.05) -> list[Person]:
    """`n` per school whose answers to all items share a level of their own."""
    rng = np.random.default_rng(seed)
    found: list[Person] = []
    for school in EIGHT:
        for _ in range(n):
            level = rng.normal(3, 0.9)
            codes = np.clip(np.round(level + rng.normal(0, noise, size=4)), 1, 5).astype(int)
            row = {
                i: None if rng.random() < skipped else int(c)
                for i, c in zip(ITEMS, codes, strict=True)
            }
            found.append({"school": school, **row})
    return found


def rows(
    *waves: list[Person], spec: MeasureSpec = INDEX, selection: Selection = Selection.CENSUS
) -> list[ReliabilityRow]:
    sets = [
        answers(wave, one, selection=selection)
        for wave, one in zip(("W0", "W1"), waves, strict=False)
    ]
    return calculate(project(*sets, measures=[spec])).reliabilities


@given(st.integers(0, 2**32 - 1))
@FEW
def test_alpha_and_counts_person_by_person(seed):
    first, second = people(seed), people(seed + 1, skipped=0.1)
    for row, wave in zip(rows(first, second), (first, second), strict=True):
        answered = [sum(p[i] is not None for i in ITEMS) for p in wave]
        full = np.array([[p[i] for i in ITEMS] for p in wave if None not in p.values()], float)
        alpha = 4 / 3 * (1 - full.var(axis=0, ddof=1).sum() / full.sum(axis=1).var(ddof=1))
        assert row.alpha == row.coefficient == pytest.approx(alpha)
        assert row.alpha_low < alpha < row.alpha_high
        assert row.item_rest["b"] == pytest.approx(
            np.corrcoef(full[:, 1], full[:, [0, 2, 3]].sum(axis=1))[0, 1]
        )
        assert row.value_complete == pytest.approx(full.mean())
        assert (row.n, row.n_complete, row.n_items) == (len(wave), len(full), 4)
        assert row.n_scored == sum(k >= 2 for k in answered)
        assert row.n_prorated == sum(2 <= k < 4 for k in answered)
        assert row.n_too_few == sum(k == 1 for k in answered)
        missing = sum(p["c"] is None for p in wave) / len(wave)
        assert row.item_missing["c"] == pytest.approx(missing)


def test_two_items_have_spearman_brown_and_no_omega():
    spec = index(["a", "b"], code="i")
    (row,) = rows(people(1, skipped=0), spec=spec)
    pairs = np.array([[p["a"], p["b"]] for p in people(1, skipped=0)], float)
    r = np.corrcoef(pairs.T)[0, 1]
    assert row.coefficient == row.alpha_std == pytest.approx(2 * r / (1 + r))
    assert row.alpha is row.alpha_low is row.omega is None
    assert row.item_rest == {"a": pytest.approx(r), "b": pytest.approx(r)}


def test_an_index_of_positive_answers_is_taken_as_zero_and_hundred():
    spec = index(ITEMS, code="i", positive_codes=frozenset({4, 5}))
    wave = people(2, skipped=0)
    (row,) = rows(wave, spec=spec)
    x = np.array([[100.0 * (p[i] >= 4) for i in ITEMS] for p in wave])
    alpha = 4 / 3 * (1 - x.var(axis=0, ddof=1).sum() / x.sum(axis=1).var(ddof=1))
    assert row.alpha == pytest.approx(alpha)
    assert row.value_complete == pytest.approx(x.mean())


@pytest.mark.parametrize(
    ("n", "reason", "flags"),
    [
        (7, None, (ReliabilityFlag.ROUGH,)),  # 56 sheets, 48 complete
        (10, None, ()),
        (3, Reason.TOO_FEW_RESPONDENTS, ()),
    ],
)
def test_few_complete_sheets(n, reason, flags):
    wave = people(5, n=n, skipped=0)
    wave = [{**p, "a": None if i < 8 and n == 7 else p["a"]} for i, p in enumerate(wave)]
    (row,) = rows(wave)
    assert (row.reason, row.flags) == (reason, flags)
    assert (row.alpha is None) is (reason is not None)
    assert (row.omega is None) is (reason is not None)


def test_what_carries_no_inference_gets_no_coefficient():
    (row,) = rows(people(1), selection=Selection.SELF_SELECTED)
    assert (row.reason, row.alpha, row.item_rest) == (Reason.SELF_SELECTED, None, None)
    assert row.n_complete > 50
    (row,) = rows(people(1), spec=replace(INDEX, respondent=Respondent.DIRECTOR))
    assert row.reason is Reason.CENSUS


def test_nobody_complete_and_everybody_alike():
    (row,) = rows(
        [{**p, "a": None} if i % 2 else {**p, "b": None} for i, p in enumerate(people(1))]
    )
    assert (row.reason, row.n_complete, row.value_complete) == (Reason.NO_DATA, 0, None)
    (row,) = rows([{**p, "a": 3} for p in people(1)])
    assert row.reason is Reason.ZERO_VARIANCE
    (row,) = rows(people(1), spec=index(["a"], code="i"))
    assert row.reason is Reason.TOO_FEW_ITEMS


def test_an_item_turned_round_is_found():
    wave = [{**p, "b": None if p["b"] is None else 6 - p["b"]} for p in people(3)]
    (row,) = rows(wave)
    assert row.item_rest["b"] < 0
    assert row.flags == (ReliabilityFlag.NEGATIVE_ITEM,)
    (right,) = rows(wave, spec=replace(INDEX, reversed_items=frozenset({"b"})))
    assert right.flags == ()
    assert right.item_rest["b"] > 0


def test_a_fall_of_alpha_is_a_warning_and_a_rise_is_none():
    close, loose = people(1, noise=0.5), people(1, noise=1.6)
    first, second = rows(close, loose)
    assert first.alpha - second.alpha > 0.10
    assert (first.flags, second.flags) == ((), (ReliabilityFlag.ALPHA_FELL,))
    assert rows(loose, close)[1].flags == ()


def test_answers_left_out():
    """More than a fifth of the scores, and more than ten points more than in the first wave."""
    full = people(1, skipped=0)
    holes = [{**p, "d": None if i % 4 == 0 else p["d"]} for i, p in enumerate(full)]
    first, second = rows(full, holes)
    assert first.flags == ()
    assert second.flags == (ReliabilityFlag.MANY_PRORATED, ReliabilityFlag.MISSING_MOVED)
    assert second.item_missing["d"] == 0.25
    few = [{**p, "d": None if i % 5 == 0 else p["d"]} for i, p in enumerate(full)]
    assert rows(few, holes)[1].flags == (ReliabilityFlag.MANY_PRORATED,)
    assert rows(few, few)[0].flags == ()  # exactly a fifth


def test_an_item_missing_in_a_whole_wave():
    """Reliability of the items asked; no comparison of alphas of different questions."""
    close = people(1, noise=0.5)
    unasked = [{**p, "d": None} for p in people(1, noise=1.6)]
    first, second = rows(close, unasked)
    assert second.flags == (ReliabilityFlag.ITEM_NOT_ASKED,)
    assert (second.n_items, second.not_asked) == (3, ("d",))
    assert set(second.item_missing) == set(second.item_rest) == {"a", "b", "c"}
    assert second.n_prorated == second.n_scored - second.n_complete
    assert first.not_asked == ()


def test_with_most_items_not_asked_there_are_no_scores():
    (row,) = rows([{"school": p["school"], "a": p["a"]} for p in people(1)])
    assert (row.n_scored, row.n_prorated, row.n_items) == (0, 0, 1)
    assert row.reason is Reason.TOO_FEW_ITEMS


def test_a_later_wave_alone_is_compared_with_nothing():
    later = calculate(project(answers("W1", people(1, noise=1.6)), measures=[INDEX]))
    (row,) = later.reliabilities
    assert (row.wave, row.flags) == ("W1", ())


def test_omega_outside_zero_and_one_is_no_share():
    """Two items far closer to each other than to the third: a residual variance below 0."""
    rng = np.random.default_rng(31)
    a = rng.integers(1, 6, size=40)
    x = np.column_stack([a, np.clip(a + rng.integers(0, 2, size=40), 1, 5), rng.integers(1, 6, 40)])
    assert reliability(cross_products(x)).omega_ml > 1
    wave = [{"school": "A", **dict(zip("abc", map(int, row), strict=True))} for row in x]
    (found,) = rows(wave, spec=index(["a", "b", "c"], code="i"))
    assert found.omega is None
    assert found.alpha == pytest.approx(reliability(cross_products(x)).alpha)


def test_no_rows_for_single_items_and_projects_without_answers():
    assert calculate(project(measures=[INDEX])).reliabilities == []
    assert len(rows(crowd(1, EIGHT, items=ITEMS))) == 1
