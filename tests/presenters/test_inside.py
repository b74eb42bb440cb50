"""What a folded block says of itself."""

import pytest

from indicators.presenters.inside import FEW, begins_open, of_lines
from indicators.vocabulary import Status, Verdict

MET = (Verdict.INCREASED, Status.MET)
UNTOLD = (Verdict.NO_CLEAR_CHANGE, Status.TOO_CLOSE)
COUNTED = (Verdict.NOT_APPLICABLE, Status.NO_TARGET)


def test_it_counts_what_moved_and_how_targets_stand():
    inside = of_lines([MET, MET, UNTOLD, COUNTED], n_on_page=70)
    assert inside.text == "4 indicators · 2 moved · targets: 2 met, 1 too close to call"


def test_without_targets_and_changes_only_the_number_is_said():
    assert of_lines([COUNTED], n_on_page=70).text == "1 indicator"


@pytest.mark.parametrize(
    ("n_on_page", "n_rows", "has_moved", "opens"),
    [
        (70, 4, True, True),
        (70, 4, False, False),
        (70, FEW, True, True),
        (70, FEW + 1, True, False),  # what moved is said by the text
        (FEW, 3, False, True),  # too little to fold
        (FEW + 1, 3, False, False),
    ],
)
def test_a_block_begins_open_where_it_is_short_and_something_moved(
    n_on_page, n_rows, has_moved, opens
):
    assert begins_open(n_on_page, n_rows, has_moved) is opens
