"""Completeness and distributions, respondent by respondent."""

import numpy as np
import pytest
from hypothesis import strategies as st

from indicators.stats.scores import completeness, distribution, multi_select, rescale
from tests.stats.test_identities import given


@pytest.mark.parametrize(
    ("items", "answered", "min_share", "stands"),
    [
        (6, 3, 0.5, True),
        (5, 2, 0.5, False),
        (3, 2, 0.5, True),
        (20, 11, 0.55, True),
        (4, 3, 1.0, False),
        (4, 0, 0.0, False),
    ],
)
def test_the_half_rule(items, answered, min_share, stands) -> None:
    row = np.arange(items) < answered
    found = completeness([row], min_share)
    assert found.n_valid == found.n_prorated == int(stands)
    assert found.n_too_few_items == int(not stands and answered > 0)
    assert found.n_empty == int(answered == 0)


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.floats(0, 1))
def test_everybody_is_somewhere(seed, items, min_share) -> None:
    rows = np.random.default_rng(seed).integers(0, 2, size=(20, items))
    found = completeness(rows, min_share)
    assert found.n_rows == found.n_valid + found.n_too_few_items + found.n_empty == 20
    assert found.n_valid - found.n_prorated == (rows.sum(axis=1) == items).sum()


def test_items_stand_in_columns() -> None:
    with pytest.raises(ValueError, match="respondents, items"):
        completeness([True, False])


@given(st.floats(0, 3), st.floats(-10, 10))
def test_rescaled_values_keep_their_place(y, low) -> None:
    to = (low, low + 4)
    assert low - 1e-9 <= rescale(y, (0, 3), to) <= low + 4 + 1e-9
    assert rescale(rescale(y, (0, 3), to), to, (0, 3)) == pytest.approx(y, abs=1e-9)


def test_a_scale_has_a_length() -> None:
    assert rescale([0, 3, np.nan], (0, 3), (1, 5)).tolist()[:2] == [1, 5]
    with pytest.raises(ValueError, match="from low to high"):
        rescale([1], (3, 3), (1, 5))


@given(st.lists(st.integers(-1, 4), max_size=30))
def test_shares_are_of_those_who_answered(codes) -> None:
    found = distribution(codes, [0, 1, 2, 3, 4])
    answered = [code for code in codes if code >= 0]
    assert (found.n_answered, found.n_missing) == (len(answered), codes.count(-1))
    assert found.counts.tolist() == [answered.count(option) for option in range(5)]
    if answered:
        assert found.shares.sum() == pytest.approx(1)
    else:
        assert np.isnan(found.shares).all()


def test_several_options() -> None:
    found = multi_select([[1, 0, 1], [0, 0, 0], [np.nan] * 3, [1, np.nan, 0]])
    assert (found.n_answered, found.n_missing) == (3, 1)
    assert found.counts.tolist() == [2, 0, 1]
    assert found.shares.tolist() == pytest.approx([2 / 3, 0, 1 / 3])
