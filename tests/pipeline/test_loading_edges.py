"""Rare turns of loading, checking and exporting: what the officer is told or gets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from indicators.pipeline.differences import NOTHING, Figure, figures, moved
from indicators.pipeline.export_files import write_file
from indicators.pipeline.export_table import export_columns
from indicators.pipeline.inputs import TargetSpec
from indicators.pipeline.outcomes import AssessmentRow, ChangeRow, EstimateRow, Results
from indicators.pipeline.read import read_table
from indicators.pipeline.relevant import RuleNotUnderstood, is_asked
from indicators.pipeline.shapes import MISSING, Funnel, OptionSpec, SurveyTable
from indicators.vocabulary import ExportFormat, ItemKind, Reason, Scope, Status, TargetType, Verdict
from tests.pipeline.import_cases import check_text
from tests.pipeline.small_survey import (
    ANSWERED,
    FORM,
    ITEMS,
    LIKERT,
    SCHOOLS,
    answers,
    check,
    column_of,
    found_in,
    item,
    table,
)
from tests.pipeline.test_relevant import COLUMNS

# --- two calculations side by side ------------------------------------------------------------

KEY = ("safe", "W1")


def target(key: int, measure: str, wave: str, school: str = "") -> TargetSpec:
    return TargetSpec(key, measure, wave, next(iter(TargetType)), 0.5, None, school)


def level(wave: str, n: int, value: float | None, scope: Scope = Scope.PROJECT) -> EstimateRow:
    return EstimateRow("safe", wave, scope, n, value)


def change(scope: Scope, verdict: Verdict, reason: Reason | None = None) -> ChangeRow:
    return ChangeRow("safe", "W0", "W1", scope, verdict, reason=reason)


def test_a_figure_is_the_level_the_change_and_the_target_of_the_project():
    results = Results(
        estimates=[
            level("W0", 90, 0.4),
            level("W1", 80, 0.5),
            level("W1", 7, 0.9, Scope.SCHOOL),
            level("W1", 30, 0.7, Scope.GROUP),
        ],
        changes=[
            change(Scope.PROJECT, Verdict.INCREASED),
            change(Scope.SCHOOL, Verdict.NOT_COMPARABLE, Reason.NO_DATA),
        ],
        assessments=[AssessmentRow(1, Status.MET), AssessmentRow(2, Status.NOT_MET)],
    )
    targets = (target(1, *KEY), target(2, *KEY, school="IS-01"))
    assert figures(results, targets) == {
        ("safe", "W0"): Figure(0.4, 90),
        KEY: Figure(0.5, 80, "INCREASED", "", "met"),
    }


def test_a_refused_change_and_a_target_stand_without_a_level():
    results = Results(
        changes=[change(Scope.PROJECT, Verdict.NOT_COMPARABLE, Reason.NO_DATA)],
        assessments=[AssessmentRow(1, Status.CANNOT_TELL)],
    )
    assert figures(results, (target(1, "heard", "W1"),)) == {
        KEY: Figure(verdict="NOT_COMPARABLE", reason="NO_DATA"),
        ("heard", "W1"): Figure(status="cannot_tell"),
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Figure(0.5, 80), Figure(0.501, 80)),
        (Figure(0.5, 80), Figure(0.5, 81)),
        (Figure(0.5, 80, "INCREASED"), Figure(0.5, 80, "NO_CLEAR_CHANGE")),
        (Figure(0.5, 80, status="met"), Figure(0.5, 80, status="not_met")),
        (Figure(None, 4), Figure(0.0, 4)),
        (Figure(None, 4), Figure(None, 5)),
    ],
)
def test_a_figure_that_is_not_the_same_is_shown_with_both_sides(before, after):
    assert moved({KEY: before}, {KEY: after}) == {KEY: (before, after)}


def test_a_figure_that_comes_or_goes_is_shown_in_a_fixed_order():
    came, went = Figure(0.5, 80), Figure(0.2, 9)
    found = moved({("b", "W0"): went}, {("a", "W1"): came})
    assert list(found.items()) == [(("a", "W1"), (NOTHING, came)), (("b", "W0"), (went, NOTHING))]


def test_the_same_figures_in_other_last_digits_are_not_shown():
    before = {KEY: Figure(0.1 + 0.2, 80), ("safe", "W0"): Figure(None, 3)}
    assert moved(before, {KEY: Figure(0.3, 80), ("safe", "W0"): Figure(None, 3)}) == {}


# --- export -----------------------------------------------------------------------------------


def stored(**columns: list[int]) -> SurveyTable:
    n = len(next(iter(columns.values())))
    return SurveyTable(
        school_codes=("IS-01",),
        school_index=np.zeros(n, dtype=np.int64),
        row_numbers=np.arange(n, dtype=np.int64) + 2,
        columns={name: np.array(codes, dtype=np.int64) for name, codes in columns.items()},
        texts={},
        funnel=Funnel(n, n, n, n),
    )


def test_names_that_spss_takes_for_one_are_numbered():
    names = ("q-1", "q_1", "Q_1")
    items = tuple(item(name, options=LIKERT) for name in names)
    columns = export_columns(
        replace(FORM, items=items), stored(**{name: [n + 1] for n, name in enumerate(names)}), 0
    )
    (sheet,) = read_table("a.sav", write_file(ExportFormat.SAV, columns)).tables
    assert sheet.header == ("q_1", "q_12", "Q_13")
    assert list(sheet.rows) == [(1.0, 2.0, 3.0)]
    assert [sheet.labels[name] for name in sheet.header] == [f"Суроо {name}" for name in names]


def test_a_question_that_the_file_did_not_have_is_no_column():
    columns = export_columns(FORM, stored(safe=[4], age=[15]), 0)
    assert [column.name for column in columns] == ["consent", "school", "age", "safe"]


def test_several_answers_with_one_wording_are_exported_by_name_and_read_back():
    alike = tuple(OptionSpec(name, n, ("окуу", "", "")) for n, name in enumerate(("x", "y"), 1))
    form = replace(FORM, items=(*ITEMS[:5], item("ways", ItemKind.MULTI, options=alike)))
    masks = [0b01, 0b10, 0b11, MISSING]
    columns = export_columns(form, stored(age=[15] * 4, safe=[4] * 4, ways=masks), 0)
    assert list(columns[-1].cells)[1:] == ["y", "x y", None]
    again = check(write_file(ExportFormat.CSV, columns), form=form)
    assert column_of(again, "ways") == masks


# --- headers, rules and schools ---------------------------------------------------------------


def test_a_header_of_group_question_and_an_option_with_a_slash():
    either = (OptionSpec("x", 1, ("үй/мектеп", "", "")), OptionSpec("y", 2, ("көчө", "", "")))
    form = replace(FORM, items=(*ITEMS[:5], item("where", ItemKind.MULTI, options=either)))
    header = [*list(ANSWERED)[:5], "Топ/Суроо where/үй/мектеп", "Топ/Суроо where/көчө"]
    rows = [["yes", "IS-01", 15, 4, 2, 1, 0], ["yes", "IS-02", 14, 3, 1, 1, 1]]
    checked = check(table(header, rows), form=form)
    assert found_in(checked) == []
    assert column_of(checked, "where") == [0b01, 0b11]


def test_a_rule_in_a_form_that_asks_no_consent():
    which = item("which", options=LIKERT, relevant="${safe} = '4'")
    form = replace(FORM, items=(*ITEMS[1:5], which))
    header = ["school", "age", "safe", "heard", "which"]
    rows = [["IS-01", 15, 4, 2, 1], ["IS-01", 14, 3, 1, 5]]
    checked = check(table(header, rows), form=form)
    assert found_in(checked) == [("warning", "answered_though_not_asked", 3, "which", "5")]


@pytest.mark.parametrize(("n_asked", "is_listed"), [(29, False), (30, True)])
def test_a_question_that_few_were_asked_gives_no_share(n_asked, is_listed):
    which = item("which", options=LIKERT, relevant="selected(${ways}, 'study')")
    rows = [
        ANSWERED | {"age": str(5 + k % 15), "safe": str(1 + k % 5), "which": ""} for k in range(40)
    ]
    for row in rows[:n_asked]:
        row["ways"] = "study"
    checked = answers(*rows, form=replace(FORM, items=(*ITEMS, which)))
    listed = [column for _, kind, _, column, _ in found_in(checked) if kind == "many_missing"]
    assert listed == (["which"] if is_listed else [])


def test_one_answer_of_a_single_choice_counts_as_one_ticked():
    found = is_asked("count-selected(${plan}) = 1", COLUMNS, 4)
    assert found.tolist() == [True, True, True, False]


@pytest.mark.parametrize(
    "rule",
    ["selected(${plan}, 3)", "${age} < '15'", "'15' > ${age}", "15 = '15'", "'a' != 'b'"],
)
def test_a_text_where_a_number_belongs_and_the_reverse_is_not_understood(rule):
    with pytest.raises(RuleNotUnderstood):
        is_asked(rule, COLUMNS, 4)


def test_rows_of_a_school_that_was_left_out_are_listed_and_not_used():
    elsewhere = ANSWERED | {"school": "Башка мектеп", "age": "11", "safe": "1", "heard": "5"}
    checked = answers(ANSWERED, elsewhere, left_out=frozenset({"Башка мектеп"}))
    assert found_in(checked) == [("row", "school_left_out", 3, "school", "Башка мектеп")]
    assert checked.survey is not None
    assert checked.survey.school_codes == (SCHOOLS[0].code,)
    assert checked.survey.funnel.used == 1


def test_a_record_of_a_school_that_was_left_out_is_listed_and_not_used():
    text = "School code;School;Year;ORT takers;ORT mean score\nIS-01;;2025;50;120\nX-1;;2025;9;110"
    checked = check_text(text, "desk", "W0", left_out=frozenset({"X-1"}))
    assert found_in(checked) == [("row", "school_left_out", 3, "School code", "X-1")]
    assert [(row.school_code, row.values["value"]) for row in checked.records] == [
        ("IS-01", 50.0),
        ("IS-01", 120.0),
    ]
