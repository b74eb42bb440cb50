"""Rows kept by column are the rows that were put in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.columnar import (
    ColumnRows,
    Factor,
    RowsByColumn,
    factorise,
    smallest,
)

CELLS = st.sampled_from(["", "1", "2", "да", "x" * 30])
ROWS = st.lists(st.lists(CELLS, min_size=0, max_size=5), max_size=30)


def kept(rows: list[list[str]], width: int, batch: int) -> ColumnRows:
    collected = RowsByColumn(width)
    for start in range(0, len(rows), batch):
        collected.add(rows[start : start + batch])
    return collected.rows()


@given(rows=ROWS, width=st.integers(1, 4), batch=st.integers(1, 7))
def test_rows_of_any_width_come_back_as_they_were(
    rows: list[list[str]], width: int, batch: int
) -> None:
    found = kept(rows, width, batch)
    expected = [tuple(row) for row in rows]
    assert len(found) == len(rows)
    assert list(found) == expected
    assert [found[place] for place in range(len(rows))] == expected
    if rows:
        assert found[-1] == expected[-1]


@given(rows=ROWS, width=st.integers(1, 4), data=st.data())
def test_a_part_of_the_rows_is_the_part(
    rows: list[list[str]], width: int, data: st.DataObject
) -> None:
    found = kept(rows, width, 7)
    start = data.draw(st.integers(0, len(rows)))
    assert list(found[start:]) == [tuple(row) for row in rows[start:]]
    places = sorted(data.draw(st.sets(st.integers(0, max(0, len(rows) - 1)))) if rows else [])
    part = found.at(np.array(places, dtype=np.intp))
    assert list(part) == [tuple(rows[place]) for place in places]
    for column in part.columns:  # nothing of the rows that are gone
        assert set(column.distinct) == set(column)


def test_a_row_that_is_not_there_is_an_error() -> None:
    rows = kept([["1"], ["2"]], 1, 1)
    with pytest.raises(IndexError):
        rows[2]
    assert len(ColumnRows(())) == 0
    assert RowsByColumn(2).rows()[:0].columns[0].distinct == ()


def test_a_column_is_codes_into_its_distinct_cells_in_the_order_met() -> None:
    factor = factorise(["b", "a", "b", None])
    assert factor.distinct == ("b", "a", None)
    assert factor.codes.tolist() == [0, 1, 0, 2]
    assert list(factor) == ["b", "a", "b", None]
    assert factor[1] == "a"
    assert list(factor[1:]) == ["a", "b", None]
    assert factorise(factor) is factor  # a column of a text file is one already


def test_many_distinct_cells_take_wider_codes() -> None:
    rows = [[str(n)] for n in range(40_000)]
    column = kept(rows, 1, 100).columns[0]
    assert column.codes.dtype == np.int32
    assert list(column[:3]) == ["0", "1", "2"]
    assert list(column)[-1] == "39999"


def test_codes_take_the_smallest_type_that_holds_them() -> None:
    assert smallest([]).dtype == np.int8
    assert smallest([-128, 127]).dtype == np.int8
    assert smallest([128]).dtype == np.int16
    assert smallest([2**40]).dtype == np.int64


def test_a_factor_is_a_sequence() -> None:
    assert len(Factor(np.zeros(3, dtype=np.int8), (None,))) == 3
