"""Small counts: what is hidden, and that the ranges are those of all tables that fit."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.stats.disclosure import feasible_ranges, suppress_table

TABLES = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).integers(0, 16, size=(4, 3))
)


@settings(deadline=None, max_examples=25)
@given(TABLES)
def test_small_counts_are_hidden_and_rows_hide_none_or_two(table) -> None:
    found = suppress_table(table, k=5)
    assert found.primary.tolist() == ((table > 0) & (table < 5)).tolist()
    assert (found.hidden >= found.primary).all()
    assert not found.hidden[table == 0].any()
    for lines, hidden in ((table, found.hidden), (table.T, found.hidden.T)):
        for line, dark in zip(lines, hidden, strict=True):
            # One alone only where there is no other count above 0 to go with it.
            assert dark.sum() != 1 or (line > 0).sum() == 1
    true = table[found.hidden]
    assert (found.low - 1e-6 <= true).all()
    assert (true <= found.high + 1e-6).all()


@pytest.mark.parametrize("seed", range(3))
def test_ranges_are_those_of_all_tables_that_fit(seed: int) -> None:
    """Integer margins have integer extremes, so that every table can be tried."""
    table = np.random.default_rng(seed).integers(1, 5, size=(3, 3)).astype(float)
    hidden = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1]], dtype=bool)
    low, high = feasible_ranges(table, hidden)
    fitting = []
    for values in product(range(13), repeat=2):
        trial = table.copy()
        trial[0, 0], trial[1, 2] = values
        trial[0, 1] = table[0].sum() - trial[0, 0] - trial[0, 2]
        trial[1, 0] = table[:, 0].sum() - trial[0, 0] - trial[2, 0]
        trial[1, 1] = table[1].sum() - trial[1, 0] - trial[1, 2]
        trial[2, 2] = table[:, 2].sum() - trial[0, 2] - trial[1, 2]
        trial[2, 1] = table[2].sum() - trial[2, 0] - trial[2, 2]
        if (trial >= 0).all():
            fitting.append(trial[hidden])
    assert low == pytest.approx(np.min(fitting, axis=0), abs=1e-6)
    assert high == pytest.approx(np.max(fitting, axis=0), abs=1e-6)


def test_nothing_small_nothing_hidden() -> None:
    found = suppress_table([[10, 0], [20, 5]])
    assert found.cells == []
    assert found.is_protected


def test_a_count_alone_in_its_row_is_given_away_by_the_margin() -> None:
    found = suppress_table([[3, 0], [20, 30]])
    assert found.cells == [(0, 0), (1, 0), (1, 1)]
    assert not found.is_protected
    assert found.low[0] == found.high[0] == 3


@pytest.mark.parametrize("bad", [[1, 2], [[1.5]], [[-1]], [[np.nan]]])
def test_counts_are_whole_and_stand_in_a_table(bad) -> None:
    with pytest.raises(ValueError, match="expected whole counts"):
        suppress_table(bad)


def test_an_audit_that_fails_says_so() -> None:
    """Sums that no table has."""
    with pytest.raises(RuntimeError, match="the audit of the table failed"):
        feasible_ranges(np.array([[-3.0]]), np.array([[True]]))
