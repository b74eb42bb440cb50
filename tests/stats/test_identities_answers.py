"""What must hold between our own counts, tables and factors, on data hypothesis makes up."""

import numpy as np
import pytest
from hypothesis import given as given_some
from hypothesis import settings
from hypothesis import strategies as st

from indicators.stats.disclosure import feasible_ranges
from indicators.stats.factor import omega_minres, omega_ml
from indicators.stats.scores import distribution, multi_select
from tests.stats.test_identities import given

SOLVED = 1e-6  # found step by step or by a linear programme
SEEDS = st.integers(0, 2**32 - 1)


@settings(deadline=None, max_examples=15)  # dozens of linear programmes each
@given_some(SEEDS)
def test_ranges_of_hidden_cells_turn_with_the_table(seed) -> None:
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 12, size=(4, 3)).astype(float)
    hidden = rng.random((4, 3)) < 0.5
    low, high = feasible_ranges(table, hidden)
    true = table[hidden]
    assert (low <= true + SOLVED).all()
    assert (true <= high + SOLVED).all()
    order = rng.permutation(4)
    place = np.full(table.shape, -1)
    place[hidden] = np.arange(hidden.sum())
    for turned in (lambda cells: cells[order], lambda cells: cells.T):
        again = feasible_ranges(turned(table), turned(hidden))
        where = turned(place)[turned(hidden)]
        assert again[0] == pytest.approx(low[where], abs=SOLVED)
        assert again[1] == pytest.approx(high[where], abs=SOLVED)


@given(st.lists(st.integers(-1, 4), min_size=1, max_size=30), st.integers(0, 30), st.randoms())
def test_counts_know_no_order_and_files_and_options_add_up(codes, cut, random) -> None:
    found = distribution(codes, [0, 1, 2])
    mixed = list(codes)
    random.shuffle(mixed)
    assert distribution(mixed, [0, 1, 2]).counts.tolist() == found.counts.tolist()
    parts = [distribution(part, [0, 1, 2]) for part in (codes[:cut], codes[cut:])]
    assert sum(part.n_answered for part in parts) == found.n_answered
    assert (parts[0].counts + parts[1].counts).tolist() == found.counts.tolist()
    merged = distribution([1 if code == 2 else code for code in codes], [0, 1])
    assert merged.counts.tolist() == [found.counts[0], found.counts[1] + found.counts[2]]


@given(SEEDS, st.integers(0, 25))
def test_ticks_know_no_order_and_files_add_up(seed, cut) -> None:
    rng = np.random.default_rng(seed)
    ticks = rng.choice([0.0, 1.0, np.nan], size=(25, 3))
    found = multi_select(ticks)
    mixed = multi_select(rng.permutation(ticks))
    assert (mixed.n_answered, mixed.counts.tolist()) == (found.n_answered, found.counts.tolist())
    parts = [multi_select(part) for part in (ticks[:cut], ticks[cut:])]
    assert sum(part.n_answered for part in parts) == found.n_answered
    assert (parts[0].counts + parts[1].counts).tolist() == found.counts.tolist()
    swapped = multi_select(ticks[:, ::-1])
    assert swapped.counts.tolist() == found.counts.tolist()[::-1]


@given(SEEDS, st.permutations(range(4)), st.floats(0.1, 50))
def test_omega_knows_neither_order_nor_unit_nor_direction(seed, order, scale) -> None:
    rng = np.random.default_rng(seed)
    items = rng.normal(size=(200, 1)) + rng.normal(0, 1.2, size=(200, 4))
    r, sd = np.corrcoef(items.T), items.std(axis=0, ddof=1)
    place = list(order)
    mixed = r[np.ix_(place, place)]
    assert omega_ml(mixed, scale * sd[place]) == pytest.approx(omega_ml(r, sd), abs=SOLVED)
    assert omega_minres(mixed) == pytest.approx(omega_minres(r), abs=SOLVED)
    assert 0 < omega_minres(r) < 1
