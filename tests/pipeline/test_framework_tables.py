"""Definitions written as rows of a workbook and read back by the rules of a load."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from indicators.pipeline.framework_book import framework_book
from indicators.pipeline.framework_cells import Problems, Sheet, SheetRow
from indicators.pipeline.framework_indicators import clean_indicator
from indicators.pipeline.framework_indices import read_indices
from indicators.pipeline.framework_shapes import (
    InstrumentDefinition,
    MeasureDefinition,
    TargetDefinition,
    WaveDefinition,
)
from indicators.pipeline.framework_tables import (
    INDICES,
    Table,
    catalogue_of,
    framework_tables,
    index_row,
    indicator_row,
    measured,
    number,
)
from indicators.pipeline.framework_targets import (
    TargetContext,
    clean_target,
    facts_of,
    is_outside_scale,
)
from indicators.vocabulary import Direction, MeasureKind, Selection, TargetType, WaveKind
from tests.pipeline.test_framework_copy import (
    GAP,
    INDEX,
    LOG,
    MEAN,
    SHARE,
    STUDENT,
    TEACHER,
    indicator,
    project,
)

K = MeasureKind
T = TargetType
MANUAL = MeasureDefinition("manual:A", K.MANUAL)
OPTION = MeasureDefinition(
    "option:t_ways:visit", K.OPTION_SHARE, item=("teacher", "t_ways"), option="visit"
)


def tables(definition: Any) -> dict[str, Table]:
    return {table.name: table for table in framework_tables(definition)}


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, None),
        (4.0, 4),
        (-3.0, -3),
        (0.25, 0.25),
        (1 / 3, 1 / 3),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-7, 1e-7),
    ],
)
def test_a_number_keeps_every_digit(value: float | None, cell: object) -> None:
    assert number(value) == cell
    assert value is None or float(str(number(value))) == value


@pytest.mark.parametrize(
    ("measure", "items", "codes"),
    [
        (SHARE, "s_safe", "4,5"),
        (MEAN, "climate", ""),
        (GAP, "t_safe - s_safe", ""),
        (LOG, "events.n", "visit,lesson"),
        (OPTION, "t_ways", "visit"),
        (MANUAL, "", ""),
    ],
)
def test_the_columns_of_a_measure(measure: MeasureDefinition, items: str, codes: str) -> None:
    assert measured(measure) == (items, codes)


@pytest.mark.parametrize(
    ("measure", "source"),
    [(SHARE, "student"), (MEAN, "student"), (GAP, "teacher+student"), (LOG, "cluster")],
)
@pytest.mark.parametrize("margin", [None, 0.1 + 0.2, 1 / 3])
@pytest.mark.parametrize("has_shift", [True, False])
def test_an_indicator_is_read_back_as_it_was(
    measure: MeasureDefinition, source: str, margin: float | None, has_shift: bool
) -> None:
    one = replace(
        indicator("A", measure, source),
        margin=margin,
        has_response_shift=has_shift,
        note="possible response shift" if margin else "",
    )
    problems = Problems("")
    row = SheetRow("indicators", 2, indicator_row(one), problems)
    assert clean_indicator(row, catalogue_of(project(indices=(INDEX,))), one.position) == one
    assert problems.found == []


def targets_back(one: TargetDefinition, direction: Direction) -> TargetDefinition | None:
    """Written and read again; whatever is reported fails the test."""
    about = replace(indicator("A", SHARE), direction=direction)
    definition = project(indicators=(about,), targets=(one,))
    (row,) = tables(definition)["targets"].rows
    facts = facts_of(about, catalogue_of(definition))
    problems = Problems("")
    context = TargetContext({"A": facts}, ["IS-01"], ["W1"])
    found = clean_target(SheetRow("targets", 2, row, problems), context)
    assert problems.found == []
    return found


@pytest.mark.parametrize("direction", [Direction.INCREASE, Direction.DECREASE, Direction.MAINTAIN])
@pytest.mark.parametrize("school", ["", "IS-01"])
@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        (T.AT_LEAST, 0.07, None),
        (T.AT_MOST, None, 0.29),
        (T.RANGE, 0.125, 0.4),
        (T.RANGE, -0.1, 1.3),  # outside, confirmed
        (T.AT_LEAST, 1.2, None),
        (T.CHANGE, 0.05, None),
        (T.CHANGE, None, -0.05),
        (T.CHANGE, -0.02, None),  # may fall a little
        (T.CHANGE, None, 0.02),
        (T.CHANGE, 0.0, None),
        (T.CHANGE, 2.5, None),  # more than the whole scale
    ],
)
def test_a_target_is_read_back_as_it_was(
    kind: TargetType, low: float | None, high: float | None, school: str, direction: Direction
) -> None:
    one = TargetDefinition("A", school, "W1", kind, low, high, "Agreed.")
    assert targets_back(one, direction) == one


def test_only_a_confirmed_value_lies_outside_the_scale() -> None:
    about = indicator("A", SHARE)
    facts = facts_of(about, catalogue_of(project()))
    inside = TargetDefinition("A", "", "W1", T.AT_LEAST, 0.9, None, "")
    assert not is_outside_scale(inside, facts)
    assert is_outside_scale(replace(inside, low=1.1), facts)
    assert not is_outside_scale(replace(inside, type=T.CHANGE, low=0.9), facts)
    no_ends = replace(facts, low=None, high=None)
    assert not is_outside_scale(replace(inside, type=T.CHANGE, low=9.0), no_ends)


def test_a_confirmation_needs_its_reason() -> None:
    definition = project(indicators=(indicator("A", SHARE),))
    facts = facts_of(definition.indicators[0], catalogue_of(definition))
    context = TargetContext({"A": facts}, [], ["W1"])
    row = {
        "indicator": "A",
        "scope": "project",
        "wave": "W1",
        "target_type": "at_least",
        "target_value": 120,
        "confirmed": "yes",
    }
    problems = Problems("")
    assert clean_target(SheetRow("targets", 2, row, problems), context) is None
    assert {one.kind for one in problems.found} == {"value_missing", "target_outside_scale"}


def test_a_target_that_may_be_none_any_more_is_left_out() -> None:
    about = replace(indicator("A", SHARE), is_descriptive=True)
    one = TargetDefinition("A", "", "W1", T.AT_LEAST, 0.5, None, "")
    assert tables(project(indicators=(about,), targets=(one,)))["targets"].rows == ()


def test_waves_name_only_the_unusual_ways_in() -> None:
    wave = WaveDefinition(
        code="W0",
        kind=WaveKind.BASELINE,
        names=("", "", "Start"),
        field_start=date(2025, 10, 6),
        field_end=date(2025, 11, 2),
        school_year="2025/26",
        note="",
        versions=(("student", "1"), ("teacher", "2")),
        position=0,
        selections={
            "student": Selection.CENSUS,
            "teacher": Selection.SAMPLE,
            "gone": Selection.CENSUS,
        },
    )
    (row,) = tables(project(waves=(wave,)))["waves"].rows
    assert row["instrument_versions"] == "student 1; teacher 2"
    assert row["selections"] == f"teacher {Selection.SAMPLE.value}"


def test_a_questionnaire_without_indices_has_a_row_with_the_reason() -> None:
    shut: InstrumentDefinition = replace(TEACHER, allows_index=False, limits=("Эмнеге", "", "Why"))
    rows = tables(project(instruments=(STUDENT, shut), indices=(INDEX,)))["indices"].rows
    assert [(row["code"], row["instrument"], row["allowed"]) for row in rows] == [
        ("climate", "student", "yes"),
        ("(none)", "teacher", "no"),
    ]
    assert rows[1]["name_en"] == "Why"
    assert rows[0]["reverse_items"] == "s_safe s_fair"


def test_signs_a_workbook_cannot_hold_are_left_out() -> None:
    content = framework_book([Table("waves", ("note",), ({"note": "a\x0bb"},))], ["=1", ""])
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content))
    assert book["waves"]["A2"].value == "ab"
    assert (book["readme"]["A1"].value, book["readme"]["A1"].data_type) == ("=1", "s")


@pytest.mark.parametrize(
    ("given", "missing"),
    [("rescaled_min", "rescaled_max"), ("rescaled_max", "rescaled_min")],
)
def test_a_rescaled_index_names_both_ends(given: str, missing: str) -> None:
    row = {**index_row(INDEX), missing: None}
    problems = Problems("")
    sheet = Sheet("", "indices", INDICES, (SheetRow("indices", 2, row, problems),))
    read_indices(sheet, catalogue_of(project()), ["student"], {})
    assert [(one.kind, one.column) for one in problems.found] == [("value_missing", missing)]
    assert row[given] is not None
