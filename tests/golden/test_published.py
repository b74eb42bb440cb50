"""Every number of the published baseline is made again from the raw files.

The files are read, checked, scored and tallied by the product; the bases are those that the report
used (`published_recipes.csv`). 241 of the 245 printed numbers come out to the printed digit. The
other four contradict the report's own data: the product's number is asserted, and that it is not
the printed one.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tests.golden.published import Baseline, half_up, recipes
from tests.pipeline.import_cases import TRUTH

Entry = dict[str, Any]
ENTRIES: list[Entry] = json.loads((TRUTH / "expected.json").read_text(encoding="utf-8"))[
    "baseline"
]["published"]
RECIPES = recipes()
DIGITS = 0.51e-4  # the truth is rounded to four decimals, half up


def numbered() -> list[tuple[tuple[str, str, int], Entry]]:
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for entry in ENTRIES:
        key = (entry["figure"], entry["key"])
        found.append(((*key, seen[key]), entry))
        seen[key] += 1
    return found


def entries(kind: str | None, *, is_known: bool = False) -> pytest.MarkDecorator:
    chosen = [
        pytest.param(key, entry, id=f"{key[0]}:{key[1]}")
        for key, entry in numbered()
        if entry["kind"] == kind and entry["note"].startswith("KNOWN") is is_known
    ]
    return pytest.mark.parametrize(("key", "entry"), chosen)


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return Baseline()


def test_there_is_one_recipe_for_every_number() -> None:
    assert set(RECIPES) == {key for key, _ in numbered()}
    assert Counter(entry["kind"] for entry in ENTRIES)["printed"] == 245
    known = [entry for entry in ENTRIES if entry["note"].startswith("KNOWN")]
    assert [entry["match"] for entry in known] == [False] * 4
    assert all(entry["match"] for entry in ENTRIES if entry["kind"] and entry not in known)


def assert_as_the_truth_has_it(baseline: Baseline, key: Any, entry: Entry) -> float:
    value, base = baseline.value(RECIPES[key])
    assert value == pytest.approx(entry["value"], abs=DIGITS)
    assert base == entry["base_n"]
    return value


@entries("printed")
def test_a_printed_number(baseline: Baseline, key: Any, entry: Entry) -> None:
    value = assert_as_the_truth_has_it(baseline, key, entry)
    assert half_up(value, entry["decimals"]) == entry["printed"]


@entries("printed", is_known=True)
def test_a_contradiction_of_the_report(baseline: Baseline, key: Any, entry: Entry) -> None:
    value = assert_as_the_truth_has_it(baseline, key, entry)
    assert half_up(value, entry["decimals"]) == entry["rounded"] != entry["printed"]


@entries("derived")
def test_a_number_that_follows_from_printed_ones(
    baseline: Baseline, key: Any, entry: Entry
) -> None:
    value = assert_as_the_truth_has_it(baseline, key, entry)
    assert half_up(value, entry["decimals"]) == entry["printed"]


@entries("approximate")
def test_a_number_printed_in_words(baseline: Baseline, key: Any, entry: Entry) -> None:
    """ "About one in ten", "more than half": near the words, and exactly the truth."""
    value = assert_as_the_truth_has_it(baseline, key, entry)
    assert value == pytest.approx(entry["printed"], rel=0.08)


@entries(None)
def test_a_number_that_the_report_does_not_print(
    baseline: Baseline, key: Any, entry: Entry
) -> None:
    if entry["value"] is not None:
        assert_as_the_truth_has_it(baseline, key, entry)
        return
    texts = baseline.sheets("parent").texts["p_open_improve"]
    themes = Counter(baseline.themes[row] for row in texts)
    order = entry["note"].split(" > ")  # the report names the first three themes
    assert RECIPES[key]["codes"].split() == order
    told = [themes[name] for name in order]
    assert told == sorted(told, reverse=True)
    assert min(told) > 0


def test_every_open_answer_of_parents_has_a_theme(baseline: Baseline) -> None:
    assert set(baseline.sheets("parent").texts["p_open_improve"]) == set(baseline.themes)
