"""A small checklist in both shapes: one filled template, and a table with a row per school."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from indicators.pipeline.shapes import CheckedFile, FormSpec
from indicators.vocabulary import FileKind, ItemKind
from tests.pipeline.small_survey import FORM, LIKERT, WAYS, Found, check, found_in, item
from tests.pipeline.test_read import workbook

ITEMS = (
    item("school", ItemKind.SCHOOL, labels=("Мектептин аталышы жазылсын", "", "")),
    item("filled_on", ItemKind.DATE, labels=("Качан толтурулду", "", "")),
    item("boards", ItemKind.NUMBER, labels=("Канча интерактивдүү доска бар?", "", "")),
    item("plan", options=LIKERT, labels=("Мектептин планы барбы?", "", ""), is_scored=True),
    item("safe", options=LIKERT, labels=("Мектепте коопсузбу?", "", ""), is_scored=True),
    item(
        "ways",
        ItemKind.MULTI,
        options=WAYS,
        exclusive_option="none",
        labels=("Кандай жолдор колдонулат?", "", ""),
    ),
    item("why", ItemKind.TEXT, labels=("Эмне үчүн ушундай?", "", "")),
)
CHECKLIST = replace(FORM, items=ITEMS, instrument="director")
QUESTIONS = [one.labels[0] for one in ITEMS]
ANSWERS: dict[str, object] = {
    "boards": 12,
    "plan": 4,
    "safe": "макул",
    "ways": "насаатчылык; окуу",
    "why": "бардыгы даяр",
}
STORED = {"boards": 12, "plan": 4, "safe": 4, "ways": 0b011, "why": "бардыгы даяр"}


def rows_of(remarks: dict[str, object] | None = None, **changes: object) -> list[list[Any]]:
    """A filled template: head, then a question per row, its answer and a remark beside it."""
    cells = {**ANSWERS, **changes}
    labels = {one.name: one.labels[0] for one in ITEMS}
    body = [
        [labels[name], cell, (remarks or {}).get(name)]
        for name, cell in cells.items()
        if name in labels
    ]
    head = [["Код", cells.get("code", "IS-01"), None]]
    return [*head, ["Мектеп", cells.get("name"), None], ["Күнү", cells.get("day"), None], *body]


def filled(*sheets: list[list[Any]], form: FormSpec = CHECKLIST) -> CheckedFile:
    return check(workbook(*sheets), "checklist.xlsx", form=form, kind=FileKind.CHECKLIST)


def test_a_filled_template_is_read() -> None:
    checked = filled(rows_of(day=datetime(2025, 10, 14)))  # noqa: DTZ001  # as workbooks give it
    assert found_in(checked) == []
    (row,) = checked.checklists
    assert (row.school_code, row.answers, row.filled_on) == ("IS-01", STORED, date(2025, 10, 14))


def test_a_table_of_checklists_is_read() -> None:
    header = ["Код", None, *QUESTIONS[1:]]
    cells = [None, datetime(2025, 10, 14), *ANSWERS.values()]  # noqa: DTZ001  # as workbooks give it
    checked = filled([header, ["IS-01", *cells], ["IS-02", *cells]])
    assert found_in(checked) == []
    assert [row.school_code for row in checked.checklists] == ["IS-01", "IS-02"]
    assert [row.answers for row in checked.checklists] == [STORED, STORED]


def test_a_column_without_header_in_a_table_is_mentioned() -> None:
    header = ["Код", None, *QUESTIONS[2:]]
    checked = filled([header, ["IS-01", "унутулган", *ANSWERS.values()]])
    assert found_in(checked) == [("warning", "column_without_header", 1, "", "2")]


@pytest.mark.parametrize(
    ("name", "cell", "problem", "code"),
    [
        ("boards", "көп", ("cell", "text_in_numeric"), None),
        ("boards", "1,5", ("cell", "non_integer_code"), None),
        ("boards", None, None, None),
        ("plan", None, ("warning", "missing_value"), None),
        ("plan", "7", ("cell", "out_of_range_code"), None),
        ("ways", "окуу; эч кандай", ("cell", "exclusive_option_combined"), None),
        ("ways", None, None, None),
        ("ways", "n/a", None, None),
        ("why", "-", None, None),
        ("why", None, None, None),
    ],
)
def test_one_answer(
    name: str, cell: object, problem: tuple[str, str] | None, code: int | None
) -> None:
    checked = filled(rows_of(**{name: cell}))
    number = 4 + list(ANSWERS).index(name)
    value = "" if cell is None else str(cell)
    assert found_in(checked) == ([(*problem, number, "B", value)] if problem else [])
    assert checked.checklists[0].answers.get(name) == code


def test_an_unknown_tick_keeps_the_known_one() -> None:
    checked = filled(rows_of(ways="окуу; экскурсия"))
    assert found_in(checked) == [("warning", "unknown_option_in_multi_select", 7, "B", "экскурсия")]
    assert checked.checklists[0].answers["ways"] == 0b010


def test_a_tick_given_twice_is_told_and_counts_once() -> None:
    checked = filled(rows_of(ways="окуу; окуу"))
    assert [found[1] for found in found_in(checked)] == ["duplicate_option"]
    assert checked.checklists[0].answers["ways"] == 0b010


@pytest.mark.parametrize(
    ("name", "remark", "problems", "code"),
    [
        ("plan", "макул", [("warning", "answer_in_note_column", 5, "C", "макул")], 4),
        ("plan", "кийинчерээк", [("warning", "missing_value", 5, "B", "")], None),
        ("ways", "окуу", [], None),  # which of several is not told by one word beside them
        ("boards", "5", [], None),
    ],
)
def test_a_remark_beside_an_empty_answer(
    name: str, remark: str, problems: list[Found], code: int | None
) -> None:
    checked = filled(rows_of({name: remark}, **{name: None}))
    assert found_in(checked) == problems
    (row,) = checked.checklists
    assert row.answers.get(name) == code
    assert row.comments == {name: remark}


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        ({"code": None, "name": "Көк-Мунара"}, ("warning", "school_written_differently", 2)),
        ({"code": None}, ("block", "school_missing", 1)),
        ({"code": "IS-77"}, ("block", "unknown_school", 1)),
        ({"name": "Көк-Мунара"}, ("block", "school_name_contradicts_code", 2)),
        ({"day": "31.02.2025"}, ("cell", "impossible_date", 3)),
        ({"day": date(2031, 1, 1)}, ("cell", "date_in_future", 3)),
        ({"day": date(2025, 1, 1)}, ("warning", "date_outside_wave", 3)),
        ({"day": "14.10.2025"}, ("warning", "date_as_text", 3)),
    ],
)
def test_the_head_of_a_checklist(head: dict[str, object], problem: tuple[str, str, int]) -> None:
    checked = filled(rows_of(**head))
    assert [(p.severity.value, p.kind, p.row) for p in checked.problems] == [problem]


def test_too_few_answers_are_listed_with_their_number() -> None:
    items = (*ITEMS, *(item(f"q{n}", options=LIKERT, is_scored=True) for n in range(3)))
    checked = filled(rows_of(), form=replace(CHECKLIST, items=items))
    (incomplete,) = (p for p in checked.problems if p.kind == "checklist_incomplete")
    assert (incomplete.params["answered"], incomplete.params["scored"]) == ("2", "5")
    assert [p.kind for p in checked.problems].count("missing_expected_column") == 3


def test_a_question_of_no_form_is_listed_when_it_is_numbered() -> None:
    rows = [*rows_of(), [1, "Дагы бир суроо барбы?", "ооба"], ["эскертүү", "", ""]]
    assert found_in(filled(rows)) == [
        ("warning", "unknown_question_row", 9, "B", "Дагы бир суроо барбы?")
    ]


def test_other_templates_of_the_file_are_named() -> None:
    checked = filled(rows_of(), rows_of(code="IS-02"), [["нерсе"], ["x"]])
    assert [(p.kind, p.value) for p in checked.problems] == [("sheet_not_read", "sheet 1")]
    assert [row.school_code for row in checked.checklists] == ["IS-01"]


def test_another_file_is_no_checklist() -> None:
    assert [p.kind for p in filled([["нерсе"], ["x"]]).problems] == ["wrong_instrument"]
