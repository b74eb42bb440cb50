"""Adjusted p values: by hand, step by step, and what must always hold."""

import math

import numpy as np
import pytest
from hypothesis import strategies as st

from indicators.stats.families import benjamini_hochberg, holm
from tests.stats.test_identities import given

P = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def naive_holm(p: list[float], own: float) -> float:
    """The largest step down to one's own place."""
    return min(1.0, max((len(p) - sum(q < v for q in p)) * v for v in p if v <= own))


def naive_bh(p: list[float], own: float) -> float:
    ordered = sorted(p)
    return min(1.0, *(len(p) * v / (i + 1) for i, v in enumerate(ordered) if v >= own))


@given(P)
def test_every_step_by_hand(p) -> None:
    assert holm(p).tolist() == pytest.approx([naive_holm(p, own) for own in p])
    assert benjamini_hochberg(p).tolist() == pytest.approx([naive_bh(p, own) for own in p])


@given(P, st.randoms(use_true_random=False))
def test_order_and_missing_ones_do_not_matter(p, random) -> None:
    order = list(range(len(p)))
    random.shuffle(order)
    mixed = [*(p[i] for i in order), math.nan]
    for method in (holm, benjamini_hochberg):
        adjusted = method(p)
        shuffled = method(mixed)
        assert shuffled[:-1].tolist() == adjusted[order].tolist()
        assert math.isnan(shuffled[-1])
        assert (adjusted >= np.array(p) - 1e-15).all()
        assert (adjusted <= 1).all()
    assert (benjamini_hochberg(p) <= holm(p) + 1e-15).all()


def test_an_empty_family() -> None:
    assert holm([]).tolist() == []
    assert np.isnan(benjamini_hochberg([math.nan])).all()


@pytest.mark.parametrize("bad", [[1.1], [-0.1], [[0.5]], 0.5])
def test_p_are_between_0_and_1(bad) -> None:
    with pytest.raises(ValueError, match="expected p of shape"):
        holm(bad)
