import pytest

from indicators.pipeline.checklist_rule import is_complete
from indicators.pipeline.shapes import MISSING

ITEMS = ("a", "b", "c", "d", "e")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, (False, 0, 5)),
        ({"a": 1, "b": 2}, (False, 2, 5)),  # 40 %
        ({"a": 1, "b": 2, "c": 0}, (True, 3, 5)),  # a zero is an answer
        ({"a": 1, "b": None, "c": "", "d": MISSING}, (False, 1, 5)),
        ({"a": 1, "text": "a laboratory", "x": 3}, (False, 1, 5)),  # only scored items count
        (dict.fromkeys(ITEMS, 1), (True, 5, 5)),
    ],
)
def test_at_least_half_of_the_scored_items(answers, expected):
    assert is_complete(answers, ITEMS) == expected


def test_exactly_half_is_enough():
    assert is_complete({"a": 1, "b": 1}, ITEMS[:4]) == (True, 2, 4)


def test_without_scored_items_nothing_is_missing():
    assert is_complete({}, ()) == (True, 0, 0)
