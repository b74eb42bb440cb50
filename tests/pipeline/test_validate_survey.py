"""A small questionnaire with one thing wrong at a time: what is listed, and what is kept."""

from dataclasses import replace
from typing import Any

import pytest

from indicators.pipeline.shapes import MISSING
from indicators.vocabulary import ItemKind
from tests.pipeline.small_survey import (
    ANSWERED,
    FORM,
    ITEMS,
    LIKERT,
    Found,
    answers,
    check,
    column_of,
    found_in,
    item,
    table,
)
from tests.pipeline.test_read import sav, workbook

Cells = dict[str, object]


def test_everything_answered_is_kept_without_a_word() -> None:
    checked = answers({**ANSWERED, "why": "китепкана"})
    assert found_in(checked) == []
    assert checked.survey is not None
    assert {name: codes.tolist() for name, codes in checked.survey.columns.items()} == {
        "age": [15],
        "safe": [4],
        "heard": [2],
        "ways": [0b001],
    }
    assert checked.survey.texts["why"] == ["китепкана"]


# --- one cell ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell", "code", "problem"),
    [
        ("age", "16", 16, None),
        ("age", "", MISSING, None),
        ("age", "n/a", MISSING, None),
        ("age", "х", MISSING, ("cell", "text_in_numeric")),
        ("age", "15,5", MISSING, ("cell", "non_integer_code")),
        ("age", "4", MISSING, ("cell", "out_of_range_value")),
        ("age", "21", MISSING, ("cell", "out_of_range_value")),
        ("safe", "макул", 4, None),
        ("safe", "макул (экинчи жылдан)", 4, ("warning", "comment_in_answer_cell")),
        ("safe", "такыр башка (экинчи)", MISSING, ("cell", "unknown_answer_label")),
        ("safe", "3 (экинчи)", MISSING, ("cell", "unknown_answer_label")),
        ("ways", "mentoring, study", 0b011, None),
        ("ways", "none", 0b100, None),
        ("ways", "study; none", MISSING, ("cell", "exclusive_option_combined")),
    ],
)
def test_one_cell(column: str, cell: str, code: int, problem: tuple[str, str] | None) -> None:
    checked = answers({**ANSWERED, column: cell})
    assert found_in(checked) == ([(*problem, 2, column, cell)] if problem else [])
    assert column_of(checked, column) == [code]


def test_a_number_without_limits_takes_any_whole_number() -> None:
    form = replace(FORM, items=(*ITEMS[:2], item("age", ItemKind.NUMBER), *ITEMS[3:]))
    checked = answers({**ANSWERED, "age": "-7"}, {**ANSWERED, "age": "4000000"}, form=form)
    assert found_in(checked) == []
    assert column_of(checked, "age") == [-7, 4_000_000]


def test_the_number_that_stands_for_no_answer_is_no_answer() -> None:
    form = replace(FORM, items=(*ITEMS[:2], item("age", ItemKind.NUMBER), *ITEMS[3:]))
    checked = answers({**ANSWERED, "age": str(MISSING)}, form=form)
    assert found_in(checked) == [("cell", "out_of_range_value", 2, "age", "-128")]


def test_an_option_named_by_a_number_means_the_same_as_text_and_as_number() -> None:
    """Names decide, also where the codes of other options look like them."""
    options = tuple(replace(one, code=one.code - 1) for one in LIKERT)  # "1" has the code 0
    form = replace(FORM, items=(*ITEMS[:3], item("safe", options=options), *ITEMS[4:]))
    rows = [["yes", "IS-01", cell, "2"] for cell in ("3", 3, 3.0)]
    content = workbook([["consent", "school", "safe", "heard"], *rows])
    checked = check(content, "answers.xlsx", form=form)
    assert column_of(checked, "safe") == [2, 2, 2]


# --- a number where a band is asked ----------------------------------------------------------

BANDS = tuple(
    replace(option, name=f"b{place}", labels=("", "", text))
    for place, (option, text) in enumerate(
        zip(LIKERT[:4], ("5% or less", "6-10%", "11-15%", "16% and more"), strict=True)
    )
)


@pytest.mark.parametrize(
    ("cell", "suggestion"),
    [("12", "11-15%"), ("0,12", "11-15%"), ("80", "16% and more"), ("0,02", "5% or less")],
)
def test_the_band_of_a_number_is_proposed_and_not_taken(cell: str, suggestion: str) -> None:
    form = replace(FORM, items=(*ITEMS[:3], item("safe", options=BANDS), *ITEMS[4:]))
    checked = answers({**ANSWERED, "safe": cell}, form=form)
    (problem,) = checked.problems
    assert (problem.row, problem.value, problem.suggestion) == (2, cell, suggestion)
    assert column_of(checked, "safe") == [MISSING]


def test_a_number_in_no_band_gets_no_proposal() -> None:
    bands = (*BANDS[:2], replace(BANDS[3], labels=("", "", "16-20%")))
    form = replace(FORM, items=(*ITEMS[:3], item("safe", options=bands), *ITEMS[4:]))
    (problem,) = answers({**ANSWERED, "safe": "12"}, form=form).problems
    assert (problem.kind, problem.suggestion) == ("out_of_range_code", "")


def test_a_short_form_of_two_labels_is_not_guessed() -> None:
    """ "чыккан(мын)" and "чыккан(быз)" both shorten to "чыккан"."""
    options = (
        replace(LIKERT[0], labels=("", "согласен(на)", "")),
        replace(LIKERT[1], labels=("", "согласен(ны)", "")),
    )
    form = replace(FORM, items=(*ITEMS[:3], item("safe", options=options), *ITEMS[4:]))
    checked = answers({**ANSWERED, "safe": "согласен"}, {**ANSWERED, "safe": "согласна"}, form=form)
    assert found_in(checked) == [
        ("cell", "unknown_answer_label", 2, "safe", "согласен"),
        ("warning", "label_gender_variant", 3, "safe", "согласна"),
    ]
    assert column_of(checked, "safe") == [MISSING, 1]


# --- weights -------------------------------------------------------------------------------------

WEIGHTED = replace(FORM, items=(*ITEMS, item("weight", ItemKind.WEIGHT, block="")))


@pytest.mark.parametrize(
    ("cell", "kind", "weight"),
    [
        ("2,5", "", 2.5),
        ("1 204,5", "", 1204.5),
        ("", "weight_missing", None),
        ("0", "weight_not_positive", None),
        ("-3", "weight_not_positive", None),
        ("көп", "weight_not_positive", None),
    ],
)
def test_a_row_counts_with_its_weight_or_not_at_all(
    cell: str, kind: str, weight: float | None
) -> None:
    other = {**ANSWERED, "safe": "1", "weight": "1"}
    checked = answers({**ANSWERED, "weight": cell}, other, form=WEIGHTED)
    assert found_in(checked) == ([("row", kind, 2, "weight", cell)] if kind else [])
    assert checked.survey is not None
    assert checked.survey.weight is not None
    assert checked.survey.weight.tolist() == ([1.0] if kind else [weight, 1.0])
    assert column_of(checked, "safe") == ([1] if kind else [4, 1])


def test_weights_are_needed_where_the_form_has_them() -> None:
    checked = answers(ANSWERED, form=WEIGHTED)
    assert ("block", "missing_needed_column", 1, "weight", "weight") in found_in(checked)


def test_a_declared_missing_code_is_no_weight() -> None:
    content = sav(
        {
            "school": ["IS-01", "IS-02"],
            "safe": [4.0, 2.0],
            "heard": [1.0, 2.0],
            "weight": [2.5, 99],
        },
        missing_ranges={"weight": [99]},
    )
    checked = check(content, "answers.sav", form=WEIGHTED)
    assert ("row", "weight_missing", 2, "weight", "99") in found_in(checked)
    assert checked.survey is not None
    assert checked.survey.row_numbers.tolist() == [1]


# --- columns -----------------------------------------------------------------------------------

NAMES = [name for name in ANSWERED if name != "why"]
CELLS = [ANSWERED[name] for name in NAMES]


def test_the_first_of_two_columns_with_the_same_metadata_counts() -> None:
    header = [*NAMES, "why", "_uuid", "meta/instanceID"]
    others = CELLS[:-1]
    rows = [[*others, "mentoring", "", "u1", "x"], [*others, "study", "", "u2", "x"]]
    checked = check(table(header, rows))
    assert found_in(checked) == []
    assert column_of(checked, "ways") == [0b001, 0b010]


def test_a_column_without_header_and_cells_is_nothing() -> None:
    checked = check(table([*NAMES, "why", "", " "], [[*CELLS, "", "", "x"]]))
    assert found_in(checked) == [("warning", "column_without_header", 1, "", "9")]


def test_a_header_that_is_nearly_a_wording_is_used_or_proposed() -> None:
    long = item("heard", options=LIKERT, labels=("Мугалимдер менин пикиримди дайыма угат", "", ""))
    form = replace(FORM, items=(*ITEMS[:4], long, *ITEMS[5:]))
    others = [name for name in NAMES if name != "heard"]
    cells = [ANSWERED[name] for name in others]

    def read(header: str) -> tuple[list[Found], bool]:
        checked = check(table([*others, "why", header], [[*cells, "", "2"]]), form=form)
        assert checked.survey is not None
        return found_in(checked), "heard" in checked.survey.columns

    exact = "Мугалимдер менин пикиримди дайыма угат"
    tiny, unclear = "Мугалимдер менин пикиримди дайыма угатт", "Мугалимдер менин пикирди угат"
    assert read(exact) == ([], True)
    assert read(tiny) == ([("warning", "header_wording_slightly_changed", 1, tiny, tiny)], True)
    assert read(unclear) == (
        [
            ("warning", "header_unclear", 1, unclear, unclear),
            ("warning", "missing_expected_column", 1, "heard", "heard"),
        ],
        False,
    )


def test_a_grid_of_another_question_is_no_column_of_ours() -> None:
    header = [*NAMES, "why", "Башка суроо [Сап 1]", "ways/насаатчылыктын башка түрү"]
    checked = check(table(header, [[*CELLS, "", "x", "1"]]))
    assert [(p.kind, p.column) for p in checked.problems] == [
        ("unknown_extra_column", "Башка суроо [Сап 1]"),
        ("unknown_extra_column", "ways/насаатчылыктын башка түрү"),
    ]


def test_names_of_questions_may_begin_alike() -> None:
    more = item("ways_more", ItemKind.MULTI, options=ITEMS[5].options)
    form = replace(FORM, items=(*ITEMS, more))
    checked = answers(
        {**ANSWERED, "ways_study": "1", "ways_more_study": "1", "ways": ""}, form=form
    )
    assert column_of(checked, "ways_more") == [0b010]
    assert column_of(checked, "ways") == [0b010]


# --- one column per option -----------------------------------------------------------------


def split(**cells: object) -> Cells:
    named = {f"ways/{name}": cell for name, cell in cells.items()}
    return {**ANSWERED, "ways": "mentoring", **named}


def test_columns_per_option_beside_the_joined_one() -> None:
    checked = answers(
        split(mentoring=1, study=0),
        {**split(mentoring=0, study=1), "safe": "3"},
        {**split(mentoring=0, study=1), "ways": ""},
        {**split(mentoring=1), "safe": "5"},
        {**split(mentoring="", study=""), "ways": "mentoring study"},
    )
    assert found_in(checked) == [
        ("warning", "split_column_contradicts_joined_column", 3, "ways/mentoring", "0"),
        ("warning", "joined_empty_but_split_filled", 4, "ways", ""),
    ]
    assert column_of(checked, "ways") == [0b001, 0b001, 0b010, 0b001, 0b011]


# --- sheets and other formats ------------------------------------------------------------------


def test_a_second_sheet_of_answers_is_named() -> None:
    rows = [[*CELLS, ""]]
    content = workbook(
        [[*NAMES, "why"], *rows], [[*NAMES, "why"], *rows, *rows], [["нерсе"], ["x"]]
    )
    checked = check(content, "answers.xlsx")
    assert [(p.kind, p.value, p.params["n"]) for p in checked.problems] == [
        ("sheet_not_read", "sheet 1", "2")
    ]
    assert column_of(checked, "safe") == [4]


def test_a_second_sheet_without_rows_is_nothing() -> None:
    content = workbook([[*NAMES, "why"], [*CELLS, ""]], [[*NAMES, "why"]])
    assert found_in(check(content, "answers.xlsx")) == []


def spss(**columns: list[Any]) -> dict[str, list[Any]]:
    return {"school": ["IS-01", "IS-02"], "safe": [4.0, 2.0], "heard": [1.0, 2.0], **columns}


def test_declared_missing_codes_of_any_kind_are_no_answers() -> None:
    content = sav(
        spss(age=[15.0, 99.0], ways=["mentoring", "?"]),
        missing_ranges={"age": [{"lo": 90, "hi": 99}], "ways": ["?"]},
    )
    checked = check(content, "answers.sav")
    assert column_of(checked, "age") == [15, MISSING]
    assert column_of(checked, "ways") == [0b001, MISSING]
    assert {p.kind for p in checked.problems} == {"missing_expected_column"}


def test_labels_of_another_scale_are_pointed_out_and_the_numbers_kept() -> None:
    """A .sav may carry the labels of a scale that the form does not have."""
    labels = {
        "safe": {4.0: "көбүнчө", 2.0: "сейрек"},
        "heard": {1.0: "толук макул", 2.0: "макул эмес"},  # the first one is number 5 of the form
    }
    content = sav(spss(age=[15.0, 16.0]), variable_value_labels=labels)
    checked = check(content, "answers.sav")
    assert column_of(checked, "safe") == [4, 2]
    assert column_of(checked, "heard") == [5, 2]
    found = {(p.kind, p.column, p.value) for p in checked.problems if "labels" in p.kind}
    assert found == {
        ("value_labels_of_another_scale", "safe", "2 = сейрек; 4 = көбүнчө"),
        ("value_labels_in_reversed_order", "heard", "1 = толук макул"),
    }
