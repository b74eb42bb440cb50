"""Answers counted person by person, and tables hidden cell by cell, in plain loops."""

import numpy as np
import pytest

from indicators.stats.disclosure import suppress_table
from indicators.stats.scores import completeness, distribution, multi_select, rescale


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("min_share", [0.5, 0.6, 1.0])
def test_how_complete_each_person_is(seed: int, min_share: float) -> None:
    rows = (np.random.default_rng(seed).random((40, 5)) < 0.6).tolist()
    found = completeness(rows, min_share)
    scored = [row for row in rows if any(row) and sum(row) / 5 >= min_share]
    assert found.n_valid == len(scored)
    assert found.n_prorated == sum(not all(row) for row in scored)
    assert found.n_empty == sum(not any(row) for row in rows)
    assert found.n_too_few_items == sum(any(row) and sum(row) / 5 < min_share for row in rows)
    assert found.n_rows == 40


def test_each_value_keeps_its_share_of_the_scale() -> None:
    values = [0, 0.5, 1, 2.25, 3]
    found = rescale(values, (0, 3), (1, 5)).tolist()
    assert found == pytest.approx([1 + 4 * (value / 3) for value in values])


def test_each_option_is_counted() -> None:
    codes = np.random.default_rng(3).integers(-1, 6, size=60).tolist()
    found = distribution(codes, [1, 2, 3])
    answered = [code for code in codes if code in (1, 2, 3)]
    assert (found.n_answered, found.n_missing) == (len(answered), 60 - len(answered))
    assert found.counts.tolist() == [sum(code == one for code in codes) for one in (1, 2, 3)]
    assert found.shares.tolist() == pytest.approx(
        [sum(code == one for code in codes) / len(answered) for one in (1, 2, 3)]
    )


def test_each_tick_is_counted() -> None:
    rng = np.random.default_rng(4)
    rows = [
        [None if blank else int(tick) for blank, tick in zip(blanks, ticks, strict=True)]
        for blanks, ticks in zip(rng.random((50, 3)) < 0.5, rng.random((50, 3)) < 0.4, strict=True)
    ]
    answered = [row for row in rows if row != [None, None, None]]
    counts = [sum(row[option] == 1 for row in rows) for option in range(3)]
    found = multi_select([[np.nan if cell is None else cell for cell in row] for row in rows])
    assert (found.n_answered, found.n_missing) == (len(answered), 50 - len(answered))
    assert found.counts.tolist() == counts
    assert found.shares.tolist() == pytest.approx([count / len(answered) for count in counts])


def hide(table: list[list[int]], k: int) -> list[list[bool]]:
    """Rows, then columns, then again, as the note says, until nothing changes."""
    rows, columns = range(len(table)), range(len(table[0]))
    dark = {(r, c) for r in rows for c in columns if 0 < table[r][c] < k}
    before = None
    while before != dark:
        before = set(dark)
        lines = [[(r, c) for c in columns] for r in rows] + [
            [(r, c) for r in rows] for c in columns
        ]
        for line in lines:
            if sum(cell in dark for cell in line) == 1:
                others = [(table[r][c], (r, c)) for r, c in line if (r, c) not in dark]
                above = [(count, place) for count, place in others if count > 0]
                if above:
                    dark.add(min(above)[1])
    return [[(r, c) in dark for c in columns] for r in rows]


@pytest.mark.parametrize("seed", range(12))
def test_small_counts_are_hidden_cell_by_cell(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 14, size=(int(rng.integers(2, 6)), int(rng.integers(2, 6)))).tolist()
    assert suppress_table(table, k=5).hidden.tolist() == hide(table, 5)
