"""Cells, the school register and its planted mistakes."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from indicators.pipeline.framework_cells import (
    Problems,
    SheetRow,
    as_number,
    as_text,
    read_sheets,
)
from indicators.pipeline.framework_schools import (
    CATEGORY_COLUMNS,
    REGISTER_COLUMNS,
    SchoolCodes,
    read_categories,
    read_schools,
)
from indicators.vocabulary import Severity

ROOT = Path(__file__).resolve().parents[2]
REGISTER = ROOT / "indicators/definitions/demo/register/schools.xlsx"
DIRTY = ROOT / "tests/golden/dirty"
KEY = json.loads((DIRTY / "key.json").read_text(encoding="utf-8"))["problems"]
PLANTED = [one for one in KEY if one["file"] == "schools.xlsx"]


@pytest.fixture(scope="module")
def codes() -> SchoolCodes:
    problems = Problems("schools.xlsx")
    sheet = read_sheets(REGISTER, {"codes": CATEGORY_COLUMNS}, problems)["codes"]
    categories = read_categories(sheet)
    assert problems.found == []
    return SchoolCodes(categories)


@pytest.fixture(scope="module")
def dirty(codes: SchoolCodes) -> tuple[list[Any], list[Any]]:
    """Schools and problems of the register with planted mistakes."""
    problems = Problems("schools.xlsx")
    sheet = read_sheets(DIRTY / "schools.xlsx", {"schools": REGISTER_COLUMNS}, problems)["schools"]
    return list(read_schools(sheet, codes)), problems.found


WRONG = {
    "P177": ("duplicate_code", Severity.BLOCK),
    "P178": ("total_does_not_match_parts", Severity.WARNING),
    "P179": ("negative_count", Severity.BLOCK),
    "P180": ("label_in_other_spelling", Severity.WARNING),
    "P181": ("unknown_region", Severity.BLOCK),
    "P182": ("latin_letters", Severity.WARNING),
    "P183": ("missing_code", Severity.BLOCK),
    "P187": ("not_a_number", Severity.BLOCK),
}


@pytest.mark.parametrize("planted", [p for p in PLANTED if p["id"] in WRONG], ids=lambda p: p["id"])
def test_a_planted_mistake_is_found_where_it_stands(
    dirty: tuple[list[Any], list[Any]], planted: dict[str, Any]
) -> None:
    kind, severity = WRONG[planted["id"]]
    found = [one for one in dirty[1] if one.row == planted["row"]]
    assert [(one.kind, one.severity, one.column) for one in found] == [
        (kind, severity, planted["column"])
    ]
    assert found[0].value == str(planted["value"] if planted["value"] is not None else "")
    if planted["expected_action"] == "suggest":
        assert found[0].suggestion == planted["expected_value"]


@pytest.mark.parametrize(
    ("planted", "code", "field", "value"),
    [
        ("P184", "IS-09", "settlement", "rural"),
        ("P185", "IS-10", "languages", "ky,uz"),
        ("P188", "IS-13", "distance_km", 4.5),
        ("P180", "IS-05", "oblast", "chui"),
    ],
)
def test_what_can_be_understood_is_taken(
    dirty: tuple[list[Any], list[Any]], planted: str, code: str, field: str, value: object
) -> None:
    school = next(one for one in dirty[0] if one.code == code)
    assert getattr(school, field) == value


def test_thousands_are_read_and_totals_and_blank_rows_are_no_schools(
    dirty: tuple[list[Any], list[Any]],
) -> None:
    schools, problems = dirty
    school = next(one for one in schools if one.code == "IS-11")
    assert school.counts["n_students"] == 1240
    assert not [one for one in problems if one.row in (16, 18)]
    assert len(PLANTED) == len(WRONG) + 6  # accepted: P184-P186, P188; ignored: P189, P190


def test_a_latin_letter_in_a_name_is_replaced(dirty: tuple[list[Any], list[Any]]) -> None:
    school = next(one for one in dirty[0] if one.code == "IS-07")
    assert school.names[0] == "«Толкун-Жээк» мектеп-гимназиясы"


def test_the_clean_register_has_no_problem(codes: SchoolCodes) -> None:
    problems = Problems("schools.xlsx")
    sheet = read_sheets(REGISTER, {"schools": REGISTER_COLUMNS}, problems)["schools"]
    assert len(read_schools(sheet, codes)) == 23
    assert problems.found == []


def test_two_columns_that_name_different_regions(codes: SchoolCodes) -> None:
    problems = Problems("schools.xlsx")
    sheet = read_sheets(REGISTER, {"schools": REGISTER_COLUMNS}, problems)["schools"]
    cells = {**sheet.rows[0].cells, "Область": "Нарынская область"}
    row = SheetRow("schools", 2, cells, problems)
    read_schools(type(sheet)("schools.xlsx", "schools", sheet.header, (row,)), codes)
    assert [one.kind for one in problems.found] == ["regions_differ"]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (5, 5.0),
        ("4,5", 4.5),
        ("1 240", 1240.0),
        ("1 240,5", 1240.5),
        ("−0.1", -0.1),
        ("ок. 45", None),
        ("", None),
        (True, None),
        (date(2025, 5, 10), None),
        (float("nan"), None),
        ("12 34", None),
    ],
)
def test_numbers(cell: object, number: float | None) -> None:
    assert as_number(cell) == number


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (9.0, "9"),
        (0.15, "0.15"),
        ("00123", "00123"),
        (True, "yes"),
        (datetime(2025, 10, 6, 0, 0), "2025-10-06"),  # noqa: DTZ001  # as workbooks give it
        (" a\xa0", "a"),
    ],
)
def test_texts(cell: object, text: str) -> None:
    assert as_text(cell) == text


def cell(value: object) -> SheetRow:
    return SheetRow("sheet", 7, {"x": value}, Problems("file"))


def test_a_count_is_whole_and_not_negative() -> None:
    for value, kind in ((-1, "negative_count"), (1.5, "not_a_whole_number"), ("x", "not_a_number")):
        row = cell(value)
        assert row.whole("x") is None
        problem = row.problems.found[0]
        assert (problem.kind, problem.row, problem.column) == (kind, 7, "x")
    assert cell("").whole("x") is None
    assert cell("0").whole("x") == 0


def test_a_day_may_be_text_or_a_date() -> None:
    assert cell("2027-12-01").day("x") == date(2027, 12, 1)
    assert cell(date(2027, 12, 1)).day("x") == date(2027, 12, 1)
    row = cell("")
    assert row.day("x") is None
    assert [one.kind for one in row.problems.found] == ["value_missing"]


def test_an_empty_cell_takes_the_default_and_a_wrong_one_is_told() -> None:
    assert cell("").yes("x", default=True) is True
    row = cell("maybe")
    assert row.yes("x") is False
    assert [one.kind for one in row.problems.found] == ["value_unknown"]


def test_a_text_is_cut_only_with_a_report() -> None:
    row = cell("abcdef")
    assert row.text("x", longest=3) == "abc"
    assert [one.kind for one in row.problems.found] == ["text_too_long"]
