"""The comparison itself: it must find differences, and it must not lose entries."""

from collections import Counter

from tests.oracles.adapters import METHODS, NOT_COMPARED, is_implemented
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


def test_every_implemented_method_is_collected_from_the_shipped_set() -> None:
    found = Counter(e["method"] for e in read_entries(SHIPPED) if is_implemented(e))
    assert set(found) == set(METHODS)
    assert found.total() == 102
    assert set(NOT_COMPARED) <= set(METHODS)
