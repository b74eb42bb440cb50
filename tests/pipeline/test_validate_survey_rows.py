"""Rows of a small questionnaire against each other and against the calendar."""

import pytest

from indicators.pipeline.shapes import FormSpec
from tests.pipeline.small_survey import (
    ANSWERED,
    FORM,
    ITEMS,
    answers,
    check,
    column_of,
    found_in,
    table,
)
from tests.pipeline.test_read import workbook

Cells = dict[str, object]


def test_a_row_with_nothing_but_the_background_is_left_out() -> None:
    empty = dict.fromkeys(("age", "safe", "heard", "ways", "why"), "")
    checked = answers({**ANSWERED, **empty}, {**ANSWERED, **empty, "why": "бар"})
    assert found_in(checked) == [("row", "no_answers", 2, "", "")]
    assert checked.survey is not None
    assert checked.survey.row_numbers.tolist() == [3]
    assert checked.survey.texts["why"] == ["бар"]


def test_a_form_of_open_questions_only_has_answers() -> None:
    form = FormSpec("parent", "1", FORM.respondent, FORM.selection, (*ITEMS[:2], ITEMS[6]))
    rows = [["yes", "IS-01", "китепкана"], ["yes", "IS-01", ""]]
    checked = check(table(["consent", "school", "why"], rows), form=form)
    assert found_in(checked) == [("row", "no_answers", 3, "", "")]
    assert checked.survey is not None
    assert checked.survey.texts == {"why": ["китепкана"]}


def test_each_doubled_respondent_is_listed_with_the_other_row() -> None:
    people = [{**ANSWERED, "resp_id": number} for number in ("a", "b", "a", "b", "c", "", "")]
    refused = {**ANSWERED, "consent": "no", "resp_id": "c"}
    checked = answers(*people, refused)
    listed = [
        (p.row, p.value, p.params["other"])
        for p in checked.problems
        if p.kind == "duplicate_respondent_id"
    ]
    assert listed == [(2, "a", "4"), (3, "b", "5"), (4, "a", "2"), (5, "b", "3")]


def timed(start: str, end: str, **cells: object) -> Cells:
    return {**ANSWERED, "start": start, "end": end, **cells}


@pytest.mark.parametrize(
    ("start", "end", "kinds"),
    [
        ("2025-10-14 09:00:00", "2025-10-14 09:20:00", []),
        ("2025-10-14 09:00:00", "2025-10-14 09:00:40", ["too_fast_submission"]),
        ("2025-10-14 09:00:00", "2025-10-16 09:00:00", ["too_long_submission"]),
        ("2025-10-14 09:00:00", "2025-10-14 08:00:00", ["end_before_start"]),
        ("2025-10-14", "2025-10-14", []),  # no time of day: no length
        ("2025-10-14 09:00:00", "", []),
        ("31.02.2025", "2025-10-14 09:00:00", ["impossible_date"]),
        ("", "2025-10-14 09:00:00", ["missing_timestamp"]),
        ("2025-09-14 09:00:00", "2025-09-14 09:20:00", ["date_outside_wave"]),
        ("2030-10-14 09:00:00", "2030-10-14 09:20:00", ["date_in_future"]),
    ],
)
def test_when_a_row_was_filled_in(start: str, end: str, kinds: list[str]) -> None:
    checked = answers(timed(start, end))
    assert [(p.kind, p.row) for p in checked.problems] == [(kind, 2) for kind in kinds]


DISTINCT = {"age": "15", "safe": "4", "heard": "2", "ways": "mentoring"}


@pytest.mark.parametrize(
    ("first", "second", "is_listed"),
    [
        ("2025-10-14 09:00:00", "2025-10-14 09:01:30", True),
        ("2025-10-14 09:00:00", "2025-10-14 09:10:00", False),
        ("2025-10-14", "2025-10-14", True),  # the same day, the next row
        ("2025-10-14", "2025-10-15", False),
        ("", "2025-10-14 09:00:00", False),
    ],
)
def test_the_same_answers_shortly_after(first: str, second: str, is_listed: bool) -> None:
    checked = answers(
        {**ANSWERED, **DISTINCT, "Timestamp": first}, {**ANSWERED, **DISTINCT, "Timestamp": second}
    )
    listed = [p.row for p in checked.problems if p.kind == "probable_duplicate_answers"]
    assert listed == ([3] if is_listed else [])


def test_the_same_answers_at_the_same_second_count_once() -> None:
    stamped = {**ANSWERED, "Timestamp": "2025-10-14 09:00:00"}
    checked = answers(stamped, stamped, {**stamped, "safe": "5"})
    (problem,) = checked.problems
    assert (problem.severity, problem.kind, problem.row) == ("row", "duplicate_identical_row", 3)
    assert problem.params["other"] == "2"
    assert column_of(checked, "safe") == [4, 5]


def test_another_version_of_the_form_is_listed() -> None:
    versions = ("v1", "v1", "v2")
    checked = answers(
        *({**ANSWERED, "safe": str(n), "__version__": v} for n, v in enumerate(versions, 1))
    )
    listed = [(p.row, p.value) for p in checked.problems if p.kind == "other_form_version"]
    assert listed == [(4, "v2")]
    assert column_of(checked, "safe") == [1, 2, 3]


@pytest.mark.parametrize(
    ("cell", "is_listed"), [("12", False), ("", False), ("u" * 32, False), ("twelve", True)]
)
def test_the_number_of_a_submission(cell: str, is_listed: bool) -> None:
    checked = answers({**ANSWERED, "_id": cell})
    expected = [("warning", "text_in_numeric", 2, "_id", cell)]
    assert found_in(checked) == (expected if is_listed else [])


def days(n_outside: int, n_inside: int) -> list[tuple[str, int | None]]:
    late, right = "2026-03-14 09:00:00", "2025-10-14 09:00:00"
    starts = [late] * n_outside + [right] * n_inside
    checked = answers(*(timed(start, "", age=str(5 + n)) for n, start in enumerate(starts)))
    wanted = ("date_outside_wave", "wrong_wave")
    return [(p.kind, p.row) for p in checked.problems if p.kind in wanted]


def test_most_days_outside_the_wave_are_one_thing() -> None:
    """From ten dated rows on; fewer, and a half or less, are looked at one by one."""
    assert days(6, 4) == [("wrong_wave", None)]
    assert days(5, 5) == [("date_outside_wave", row) for row in range(2, 7)]
    assert days(9, 0) == [("date_outside_wave", row) for row in range(2, 11)]


def test_another_wave_is_named_with_its_numbers() -> None:
    checked = answers(*(timed("2026-03-14 09:00:00", "", age=str(n)) for n in range(5, 17)))
    (problem,) = [p for p in checked.problems if p.kind == "wrong_wave"]
    assert (problem.severity.value, problem.column) == ("warning", "start")
    assert problem.params == {"n": "12", "of": "12", "start": "06.10.2025", "end": "02.11.2025"}
    assert checked.is_acceptable


def test_a_row_of_totals_is_one_thing_even_where_its_cells_are_formulas() -> None:
    cells = [["yes", "IS-01", 4], ["yes", "IS-01", 5], ["Бардыгы", None, "=SUM(C2:C3)"]]
    checked = check(workbook([["consent", "school", "safe"], *cells]), name="a.xlsx")
    assert [(p.kind, p.row) for p in checked.problems if p.row == 4] == [("total_row", 4)]
