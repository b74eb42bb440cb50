"""The comparison itself: it must find differences, and it must not lose entries."""

from collections import Counter

from tests.oracles.adapters import METHODS
from tests.oracles.source import SHIPPED, compare, read_entries

TOLERANCE = {"rel": 1e-6, "abs": 1e-8}


def test_compare_reports_name_ours_reference_and_difference() -> None:
    (line,) = compare({"a": {"b": 1.5}}, {"a": {"b": 1.0}}, TOLERANCE)
    assert line == "a.b: ours 1.5, R 1.0, difference 0.5"


def test_compare_finds_what_is_absent_missing_or_of_another_kind() -> None:
    expected = {"absent": 1, "missing": 1.0, "null": None, "flag": True, "word": "INCREASED"}
    ours = {"missing": None, "null": 0.0, "flag": False, "word": "DECREASED"}
    assert len(compare(ours, expected, TOLERANCE)) == len(expected)


def test_compare_accepts_up_to_the_tolerance() -> None:
    assert compare({"a": 100.00009, "b": None}, {"a": 100, "b": None}, TOLERANCE) == []


def test_compare_looks_into_lists() -> None:
    assert compare([[1, 2.0], []], [[1, 2], []], TOLERANCE) == []
    assert compare({"p": [0.5, None]}, {"p": [0.5, 0.1]}, TOLERANCE) == ["p[1]: ours None, R 0.1"]
    assert len(compare([1, 2], [1], TOLERANCE)) == 1
    assert len(compare("absent", [1], TOLERANCE)) == 1


def test_every_method_has_an_entry_in_the_shipped_set_and_every_entry_a_method() -> None:
    found = Counter(entry["method"] for entry in read_entries(SHIPPED))
    assert set(found) == set(METHODS)
    assert found.total() == 208
