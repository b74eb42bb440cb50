"""Rows that an officer left out before acceptance: listed with the reason, and never looked at."""

import pytest

from indicators.pipeline.shapes import CheckedFile
from indicators.vocabulary import FileKind
from tests.pipeline.import_cases import check_text
from tests.pipeline.small_survey import ANSWERED, answers, check, column_of
from tests.pipeline.test_read import workbook
from tests.pipeline.test_validate_checklist import ANSWERS, CHECKLIST, QUESTIONS, rows_of
from tests.pipeline.test_validate_records import ORT, PLANS

OTHERS = {"": {3: "two at one telephone"}}


def listed(checked: CheckedFile) -> list[tuple[str, str, int | None]]:
    return [(p.severity.value, p.kind, p.row) for p in checked.problems]


def test_a_row_left_out_is_opened_and_no_more() -> None:
    people = [{**ANSWERED, "age": age} for age in ("14", "900", "16")]
    checked = answers(*people, rows_left_out=OTHERS)
    assert listed(checked) == [("row", "row_left_out", 3)]
    assert checked.problems[0].params == {"reason": "two at one telephone"}
    assert column_of(checked, "age") == [14, 16]
    survey = checked.survey
    assert survey is not None
    assert survey.row_numbers.tolist() == [2, 4]
    funnel = survey.funnel
    assert (funnel.opened, funnel.consented, funnel.answered, funnel.used) == (3, 2, 2, 2)
    assert [(one.n_received, one.n_used) for one in survey.arrivals] == [(3, 2)]
    assert checked.values == ()


@pytest.mark.parametrize("consent", ["no", "балким", "yes"])
def test_nothing_of_a_row_left_out_is_listed(consent: str) -> None:
    odd = {**ANSWERED, "consent": consent, "school": "nowhere", "safe": "7", "why": "a@b.kg"}
    checked = answers(ANSWERED, odd, rows_left_out=OTHERS)
    assert listed(checked) == [("row", "row_left_out", 3)]
    assert checked.is_acceptable


@pytest.mark.parametrize("left_out", [2, 3])
def test_a_block_by_two_submissions_of_one_key_goes_with_either(left_out: int) -> None:
    people = [{**ANSWERED, "_uuid": "u-1", "age": age} for age in ("14", "15")]
    assert [kind for _, kind, _ in listed(answers(*people))] == ["duplicate_uuid_different_content"]
    checked = answers(*people, rows_left_out={"": {left_out: "sent in error"}})
    assert listed(checked) == [("row", "row_left_out", left_out)]
    assert column_of(checked, "age") == [15 if left_out == 2 else 14]


def test_a_repeated_row_counts_when_the_first_is_left_out() -> None:
    person = {**ANSWERED, "timestamp": "14.10.2025 10:41"}
    assert [row for _, _, row in listed(answers(person, person))] == [3]
    checked = answers(person, person, rows_left_out={"": {2: "the first try"}})
    assert listed(checked) == [("row", "row_left_out", 2)]
    assert checked.survey is not None
    assert checked.survey.row_numbers.tolist() == [3]


def test_a_row_that_is_not_there_is_named() -> None:
    checked = answers(ANSWERED, rows_left_out={"": {1: "header", 77: "gone"}})
    assert listed(checked) == [
        ("warning", "left_out_row_not_found", 1),
        ("warning", "left_out_row_not_found", 77),
    ]


# --- other files ---------------------------------------------------------------------------


def test_a_row_of_one_sheet_of_records_is_left_out() -> None:
    text = ORT + "IS-77;;2025;100;50;120\nIS-01;;2025;100;50;120"
    blocked = check_text(text, "desk", "W0")
    assert not blocked.is_acceptable
    checked = check_text(text, "desk", "W0", rows_left_out={"": {2: "another project's"}})
    assert listed(checked) == [("row", "row_left_out", 2)]
    assert {row.school_code for row in checked.records} == {"IS-01"}
    elsewhere = check_text(text, "desk", "W0", rows_left_out={"a sheet": {2: "x"}})
    assert listed(elsewhere) == listed(blocked)


def test_a_row_of_plans_is_left_out() -> None:
    text = PLANS + "IS-77;5;ооба;01.10.2025\nIS-01;5;ооба;01.10.2025"
    checked = check_text(text, "activity", "W0", rows_left_out={"": {2: "x"}})
    assert [row.school_code for row in checked.records] == ["IS-01"]


def checklists(*codes: str, **changes: object) -> CheckedFile:
    named = ["boards", "plan", "safe", "ways", "why"]
    rows = [["Код", *QUESTIONS[2:]], *([code, *(ANSWERS[n] for n in named)] for code in codes)]
    return check(workbook(rows), "c.xlsx", form=CHECKLIST, kind=FileKind.CHECKLIST, **changes)


def test_a_checklist_of_a_table_is_left_out() -> None:
    assert not checklists("IS-01", "IS-01").is_acceptable
    checked = checklists("IS-01", "IS-01", rows_left_out={"": {2: "an earlier draft"}})
    assert listed(checked) == [("row", "row_left_out", 2)]
    assert [row.row for row in checked.checklists] == [3]


def test_a_template_has_no_row_to_leave_out() -> None:
    checked = check(
        workbook(rows_of()),
        "c.xlsx",
        form=CHECKLIST,
        kind=FileKind.CHECKLIST,
        rows_left_out={"": {3: "x"}},
    )
    assert listed(checked) == [("warning", "left_out_row_not_found", 3)]
    assert len(checked.checklists) == 1
