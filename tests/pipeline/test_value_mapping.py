"""What an officer decided about a value comes before any reading, and stays visible."""

from dataclasses import replace

import pytest

from indicators.pipeline.doubtful import MOST_VALUES, value_key
from indicators.pipeline.shapes import MISSING, CheckedFile
from indicators.vocabulary import FileKind, ItemKind
from tests.pipeline.small_survey import (
    ANSWERED,
    FORM,
    ITEMS,
    answers,
    check,
    column_of,
    found_in,
    item,
)
from tests.pipeline.test_read import sav, workbook
from tests.pipeline.test_validate_checklist import CHECKLIST, filled, rows_of

# item, value, kind, suggestion, rows
Offered = tuple[str, str, str, str, int]


def offered(checked: CheckedFile) -> list[Offered]:
    return [(v.item, v.value, v.kind, v.suggestion, v.n_rows) for v in checked.values]


def kinds(checked: CheckedFile) -> list[str]:
    return [problem.kind for problem in checked.problems]


# --- what is offered -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell", "kind", "suggestion"),
    [
        ("safe", "жакшы эле", "unknown_answer_label", ""),
        ("safe", "7", "out_of_range_code", ""),
        ("safe", "99", "undeclared_missing_code", ""),
        ("safe", "3,5", "non_integer_code", ""),
        ("safe", "макул; билбейм", "two_answers_in_single_choice", ""),
        ("safe", "толук макуул", "misspelt_label", "5"),
        ("safe", "макул (кээде)", "comment_in_answer_cell", "4"),
        ("safe", "5/5", "unknown_answer_label", "5"),
        ("age", "он беш", "text_in_numeric", ""),
        ("age", "15,5", "non_integer_code", ""),
        ("age", "150", "out_of_range_value", ""),
        ("ways", "ашкана", "unknown_option_in_multi_select", ""),
        ("ways", "насаатчылыкк", "misspelt_label", "mentoring"),
        ("ways", "study; none", "exclusive_option_combined", ""),
        ("ways", "study bonus", "unknown_option_in_multi_select", ""),
    ],
)
def test_a_value_not_clearly_understood_is_offered(
    column: str, cell: str, kind: str, suggestion: str
) -> None:
    value = "bonus" if "bonus" in cell else cell
    assert offered(answers({**ANSWERED, column: cell})) == [(column, value, kind, suggestion, 1)]


@pytest.mark.parametrize(
    ("column", "cell"), [("safe", " Макул "), ("ways", "study; study"), ("safe", "n/a")]
)
def test_nothing_is_asked_about_what_is_clear(column: str, cell: str) -> None:
    assert offered(answers({**ANSWERED, column: cell})) == []


def test_spellings_of_one_value_count_together_and_the_most_frequent_comes_first() -> None:
    typed = ["7", "Жакшы  эле", "жакшы эле", "7", "ЖАКШЫ ЭЛЕ"]
    found = offered(answers(*({**ANSWERED, "safe": text} for text in typed)))
    assert [(value, n) for _, value, _, _, n in found] == [("Жакшы  эле", 3), ("7", 2)]


def test_rows_that_do_not_count_are_not_counted() -> None:
    refused = {**ANSWERED, "consent": "no", "safe": "7"}
    assert offered(answers(refused, ANSWERED)) == []
    assert [v[4] for v in offered(answers(refused, {**ANSWERED, "safe": "7"}))] == [1]


def test_a_text_too_long_to_be_shown_whole_is_not_offered() -> None:
    assert offered(answers({**ANSWERED, "safe": "жакшы " * 40})) == []


def test_of_thousands_of_odd_values_the_most_frequent_are_offered() -> None:
    odd = [{**ANSWERED, "safe": f"сөз {n} {'аб' * (n % 7)}"} for n in range(MOST_VALUES + 20)]
    found = offered(answers(*odd, {**ANSWERED, "safe": "көп"}, {**ANSWERED, "safe": "көп"}))
    assert len(found) == MOST_VALUES
    assert found[0][1] == "көп"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (7, "7", True),
        (7.0, "7", True),
        (" ЖАКШЫ\u00a0 эле", "жакшы эле", True),
        ("-9", "9", False),
        ("3,5", "35", False),
        ("a/b", "a b", False),
    ],
)
def test_values_are_compared_without_case_and_spaces(one: object, other: str, same: bool) -> None:
    assert (value_key(one) == value_key(other)) is same


# --- what a decision does ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell", "meaning", "code"),
    [
        ("safe", "жакшы эле", "4", 4),
        ("safe", "ЖАКШЫ эле ", "4", 4),
        ("safe", "7", "5", 5),
        ("safe", "7", "", MISSING),
        ("safe", "толук макуул", "4", 4),  # not what the reader took it for
        ("safe", "макул", "2", 2),  # before any other reading
        ("safe", "-", "3", 3),
        ("age", "он беш", "15", 15),
        ("age", "15 жаш", "", MISSING),
        ("age", "150", "300", MISSING),  # outside the range of the question
        ("ways", "ашкана", "study", 0b010),
        ("ways", "ашкана", "", MISSING),
        ("ways", "mentoring; ашкана", "study", 0b011),
        ("ways", "mentoring; ашкана", "", 0b001),
        ("ways", "study ашкана", "mentoring", 0b011),
        ("ways", "ашкана; none", "study", MISSING),  # the rule of the form holds
    ],
)
def test_a_decided_value_is_read_as_decided(
    column: str, cell: str, meaning: str, code: int
) -> None:
    typed = next((word for word in ("ашкана",) if word in cell), cell)
    mapping = {column: {value_key(typed): meaning}}
    assert column_of(answers({**ANSWERED, column: cell}, value_mapping=mapping), column) == [code]


def test_a_whole_cell_may_be_decided_about() -> None:
    mapping = {"ways": {"study; none": "none"}}
    checked = answers({**ANSWERED, "ways": "study; none"}, value_mapping=mapping)
    assert column_of(checked, "ways") == [0b100]


def test_a_decision_is_listed_once_with_its_rows() -> None:
    mapping = {"safe": {"7": "5", "жакшы эле": ""}, "ways": {"ашкана": "study"}}
    typed = [("7", "ашкана; ашкана"), ("7", "mentoring"), ("жакшы эле", "mentoring")]
    people = [{**ANSWERED, "safe": one, "ways": two} for one, two in typed]
    checked = answers(*people, value_mapping=mapping)
    listed = [
        (p.column, p.value, p.suggestion, p.row, p.params["n"])
        for p in checked.problems
        if p.kind == "value_mapped"
    ]
    assert listed == [
        ("safe", "7", "толук макул", None, "2"),
        ("safe", "жакшы эле", "", None, "1"),
        ("ways", "ашкана", "окуу", None, "1"),
    ]
    assert set(kinds(checked)) == {"value_mapped", "duplicate_option"}
    assert offered(checked) == [
        ("safe", "7", "value_mapped", "5", 2),
        ("safe", "жакшы эле", "value_mapped", "", 1),
        ("ways", "ашкана", "value_mapped", "study", 1),
    ]


@pytest.mark.parametrize(
    ("column", "cell", "kind"),
    [("safe", "7", "out_of_range_code"), ("ways", "ашкана", "unknown_option_in_multi_select")],
)
def test_a_decision_for_an_option_that_is_gone_is_none(column: str, cell: str, kind: str) -> None:
    checked = answers({**ANSWERED, column: cell}, value_mapping={column: {cell: "gone"}})
    assert kinds(checked) == [kind]


def test_a_decision_is_about_one_question() -> None:
    person = {**ANSWERED, "safe": "7", "heard": "7"}
    checked = answers(person, value_mapping={"safe": {"7": "5"}})
    assert (column_of(checked, "safe"), column_of(checked, "heard")) == ([5], [MISSING])


def test_consent_and_schools_are_never_read_by_a_decision() -> None:
    mapping = {"consent": {"балким": "yes"}, "school": {"is-77": "IS-01"}}
    checked = answers({**ANSWERED, "consent": "балким"}, ANSWERED, value_mapping=mapping)
    assert kinds(checked) == ["consent_unclear"]
    blocked = answers({**ANSWERED, "school": "IS-77"}, value_mapping=mapping)
    assert kinds(blocked) == ["unknown_school"]


# --- files of SPSS -------------------------------------------------------------------------


def labelled(**changes: object) -> CheckedFile:
    frame = {"school": ["IS-01"] * 3, "safe": [9.0, 9.0, 4.0], "heard": [2.0] * 3}
    labels = {"safe": {9.0: "баш тартты", 4.0: "макул"}}
    return check(sav(frame, variable_value_labels=labels), "answers.sav", **changes)


def test_a_number_with_a_label_is_decided_by_its_label() -> None:
    assert offered(labelled()) == [("safe", "баш тартты", "out_of_range_code", "", 2)]
    by_label = labelled(value_mapping={"safe": {"баш тартты": "3"}})
    assert column_of(by_label, "safe") == [3, 3, 4]
    by_number = labelled(value_mapping={"safe": {"9": "3"}})
    assert column_of(by_number, "safe") == [MISSING, MISSING, 4]


def test_a_decision_against_a_label_is_no_reversed_label() -> None:
    checked = labelled(value_mapping={"safe": {"макул": "5"}})
    assert column_of(checked, "safe") == [MISSING, MISSING, 5]
    assert "value_labels_in_reversed_order" not in kinds(checked)


# --- checklists ----------------------------------------------------------------------------


def test_the_answers_of_a_checklist_are_offered_and_decided() -> None:
    typed = rows_of(boards="он эки", plan="макул, бирок", safe="7", ways="ашкана; окуу")
    first = filled(typed)
    assert sorted(offered(first)) == [
        ("boards", "он эки", "text_in_numeric", "", 1),
        ("plan", "макул, бирок", "unknown_answer_label", "", 1),
        ("safe", "7", "out_of_range_code", "", 1),
        ("ways", "ашкана", "unknown_option_in_multi_select", "", 1),
    ]
    mapping = {
        "boards": {"он эки": "12"},
        "plan": {"макул, бирок": "4"},
        "safe": {"7": ""},
        "ways": {"ашкана": "mentoring"},
    }
    checked = check(
        workbook(typed),
        "checklist.xlsx",
        form=CHECKLIST,
        kind=FileKind.CHECKLIST,
        value_mapping=mapping,
    )
    (row,) = checked.checklists
    assert row.answers == {"boards": 12, "plan": 4, "ways": 0b011, "why": "бардыгы даяр"}
    assert {p.params["n"] for p in checked.problems if p.kind == "value_mapped"} == {"1"}
    assert len(checked.values) == 4


def test_a_remark_in_a_decided_cell_is_kept() -> None:
    checked = check(
        workbook(rows_of(plan="макул (былтыркы)")),
        "checklist.xlsx",
        form=CHECKLIST,
        kind=FileKind.CHECKLIST,
        value_mapping={"plan": {"макул (былтыркы)": "2"}},
    )
    (row,) = checked.checklists
    assert (row.answers["plan"], row.comments["plan"]) == (2, "былтыркы")


def test_a_question_without_a_range_takes_any_number() -> None:
    form = replace(FORM, items=(*ITEMS, item("books", ItemKind.NUMBER)))
    person = {**ANSWERED, "books": "көп"}
    checked = answers(person, form=form, value_mapping={"books": {"көп": "4000"}})
    assert column_of(checked, "books") == [4000]
    assert ("warning", "value_mapped", None, "books", "көп") in found_in(checked)
