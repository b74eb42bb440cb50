"""Two versions of a file beside each other: what came, what went, what was corrected."""

import random

from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.row_differences import (
    MOST_SHOWN,
    ChangedCell,
    row_differences,
)
from indicators.pipeline.shapes import RawFile, RawTable

HEADER = ("_uuid", "school", "a", "b", "c", "d", "e", "f")


def file(*rows, header=HEADER) -> RawFile:
    table = RawTable("", header, 1, tuple(rows), tuple(range(2, len(rows) + 2)))
    return RawFile("x.csv", "csv", (table,))


def row(name, *answers):
    return (f"u-{name}", "IS-01", *(answers or (name % 5, name % 3, 1, 2, 3, 4)))


def test_the_same_file_has_no_differences():
    one = file(*(row(n) for n in range(5)))
    found = row_differences(one, one)
    assert (found.n_same, found.n_changed, found.n_added, found.n_removed) == (5, 0, 0, 0)
    assert found.share_alike == 1


def test_rows_are_found_by_their_name_wherever_they_stand():
    before = file(row(1), row(2), row(3))
    after = file(row(4), row(3), row(1, 9, 9, 9, 9, 9, 9))
    found = row_differences(before, after)
    assert (found.n_same, found.n_changed, found.n_added, found.n_removed) == (1, 1, 1, 1)
    assert (found.added, found.removed) == ((2,), (3,))
    assert found.changed[0] == ChangedCell(4, "a", "1", "9")
    assert {cell.column for cell in found.changed} == {"a", "b", "c", "d", "e", "f"}


def test_without_names_rows_are_found_by_content_then_by_place():
    def plain(name):
        return row(name)[1:]

    header = HEADER[1:]
    before = file(plain(1), plain(2), plain(3), header=header)
    corrected = ("IS-01", 2, 2, 1, 2, 3, "5")
    after = file(plain(3), corrected, plain(1), plain(1), header=header)
    found = row_differences(before, after)
    assert (found.n_same, found.n_changed, found.n_added, found.n_removed) == (2, 1, 1, 0)
    assert found.changed == (ChangedCell(3, "f", "4", "5"),)
    assert found.added == (5,)


def test_a_running_number_names_no_row():
    def numbered(n, *answers):
        return (str(n), *row(n, *answers)[1:])

    before = file(*(numbered(n, *(n,) * 6) for n in (1, 2, 3)))
    after = file(*(numbered(n, *(n + 50,) * 6) for n in (1, 2, 3)))
    found = row_differences(before, after)
    assert (found.n_changed, found.n_added, found.n_removed) == (0, 3, 3)
    assert found.share_alike == 0


def test_another_file_is_another_file():
    before = file(*(row(n) for n in range(10)))
    after = file(*(row(n, *(n,) * 6) for n in range(50, 60)))
    assert row_differences(before, after).share_alike == 0
    assert row_differences(file(), after).share_alike == 0
    nothing = RawFile("x", "csv", ())
    assert row_differences(nothing, nothing).n_before == 0


def test_columns_of_one_version_only_are_named():
    found = row_differences(
        file(("u-1", 2), header=("_uuid", "old")), file(("u-1", 3), header=("_uuid", "new"))
    )
    assert (found.columns_added, found.columns_removed) == (("new",), ("old",))
    assert found.n_same == 1


def test_blank_rows_and_short_rows_are_no_rows_and_blank_cells():
    found = row_differences(file(row(1), (None,) * 8), file(row(1)[:7], ("", " ")))
    assert (found.n_before, found.n_after, found.n_changed) == (1, 1, 1)
    assert found.changed == (ChangedCell(2, "f", "4", ""),)


def test_long_lists_are_cut_and_their_counts_are_not():
    before = file(*(row(n) for n in range(500)))
    after = file(*(row(n) for n in range(250, 1000)))
    found = row_differences(before, after)
    assert (found.n_added, found.n_removed) == (500, 250)
    assert (len(found.added), len(found.removed)) == (MOST_SHOWN, MOST_SHOWN)


@given(
    st.lists(st.integers(0, 60), unique=True),
    st.lists(st.integers(0, 60), unique=True),
    st.randoms(use_true_random=False),
)
def test_every_row_is_counted_once(first: list[int], second: list[int], order: random.Random):
    """Identities: n before = same + changed + removed; the other way round the parts swap."""
    shuffled = list(second)
    order.shuffle(shuffled)
    before, after = file(*map(row, first)), file(*map(row, shuffled))
    found, back = row_differences(before, after), row_differences(after, before)
    assert found.n_before == found.n_same + found.n_changed + found.n_removed == len(first)
    assert found.n_after == found.n_same + found.n_changed + found.n_added == len(second)
    assert (found.n_added, found.n_removed) == (back.n_removed, back.n_added)
    assert found.n_same == len(set(first) & set(second))
