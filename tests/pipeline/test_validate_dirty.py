"""Files with planted mistakes: each is found where it stands, or read as it was meant.

`key.json` says what was planted where. For what an importer should simply accept, the value it
should read is compared instead; blank rows, titles and hidden sheets must cause nothing.
"""

import json
from typing import Any

import pytest

from indicators.pipeline.headers import FormIndex
from indicators.pipeline.read import read_table
from indicators.pipeline.shapes import CheckedFile, ProblemSpec
from indicators.vocabulary import Severity
from tests.pipeline.import_cases import DIRTY, check, form

FILES: dict[str, tuple[str, str, str]] = {
    "student_googleforms.xlsx": ("survey", "W0", "student"),
    "student_ru_cp1251.csv": ("survey", "W0", "student"),
    "teacher_kobo.xlsx": ("survey", "W0", "teacher"),
    "teacher_kobo_bom.csv": ("survey", "W0", "teacher"),
    "parent_forms_utf16.csv": ("survey", "W0", "parent"),
    "student_spss.sav": ("survey", "W1", "student_v2_endline"),
    "teacher_kobo_wrong_slot.xlsx": ("survey", "W0", "student"),
    "empty.csv": ("survey", "W0", "student"),
    "header_only.csv": ("survey", "W0", "student"),
    "renamed_text.xlsx": ("survey", "W0", "student"),
    "director_IS-03.xlsx": ("checklist", "W0", "director"),
    "desk_data.xlsx": ("desk", "W0", ""),
    "cluster_activity.xlsx": ("activity", "W1", ""),
    "schools.xlsx": ("register", "W0", ""),
}
KEY: list[dict[str, Any]] = json.loads((DIRTY / "key.json").read_text(encoding="utf-8"))["problems"]

# Nothing is wrong with these: they are read, converted or left aside without a word.
SILENT = {
    "merged_title_and_blank_rows_before_header",
    "code_instead_of_name",
    "label_case_and_space_variant",
    "label_in_other_language",
    "code_instead_of_label",
    "label_punctuation_variant",
    "no_consent",
    "emoji_in_value",
    "header_in_other_language",
    "header_trailing_whitespace",
    "trailing_blank_row",
    "decimal_comma_code",
    "missing_token",
    "header_kyrgyz_letters_lost",  # the header has none of these letters: nothing was lost
    "blank_row_in_the_middle",
    "number_with_spaces",
    "number_as_float_text",
    "code_case_variant",
    "header_group_changed",
    "header_case_and_space_variant",
    "embedded_newline_quote_and_delimiter",
    "zero_width_character",
    "non_breaking_space",
    "header_label_instead_of_name",
    "multi_select_other_separator",
    "option_label_punctuation_variant",
    "emoji_in_text",
    "html_in_text",
    "tab_inside_quoted_cell",
    "date_in_other_format",
    "question_order_changed",
    "merged_answer_cell",
    "signature_row",
    "hidden_sheet",
    "two_row_header",
    "decimal_comma_text",
    "year_as_text",
    "school_year_variant",
    "user_missing_code",
    "variable_name_case",
    "variable_without_labels",
    "latin_lookalike_letters",
    "label_instead_of_code",
    "encoding_cp1251",
    "utf8_bom",
    "encoding_utf16_tab",
}
# Of these kinds some are silent: dates in a usual order, texts of columns that are not stored.
SILENT_IDS = {"P014", "P092", "P093", "P094"}
# Other names for the same thing.
ALSO = {
    "misspelt_school": {"school_written_differently"},
    "kyrgyz_letters_lost_as_question_marks": {"misspelt_school"},
    "decimal_comma_non_integer": {"non_integer_code"},
    "straightlining_including_reversed_items": {"straightlining"},
    "impossible_time": {"impossible_date"},
    "unparseable_number": {"text_in_numeric"},
    "csv_injection": {"formula_like_text"},
    "probable_duplicate_answers_9_seconds_later": {"probable_duplicate_answers"},
    "thousands_space": {"takers_exceed_grade_size", "total_does_not_match_parts"},
    "label_in_other_spelling": {"misspelt_label"},
    "missing_required_column": {"missing_expected_column"},
    "label_punctuation_variant": {"misspelt_label"},
}


@pytest.fixture(scope="module")
def checked() -> dict[str, CheckedFile]:
    return {name: check(DIRTY / name, *how) for name, how in FILES.items()}


def is_there(planted: dict[str, Any], problem: ProblemSpec) -> bool:
    """Same kind at the same row; a problem of a .sav column has no row."""
    kinds = {planted["kind"], *ALSO.get(planted["kind"], ())}
    return problem.kind in kinds and problem.row == planted["row"]


@pytest.mark.parametrize("planted", KEY, ids=lambda planted: planted["id"])
def test_a_planted_mistake_is_listed_where_it_stands(checked, planted):
    problems = checked[planted["file"]].problems
    found = [problem for problem in problems if is_there(planted, problem)]
    if planted["kind"] in SILENT or planted["id"] in SILENT_IDS:
        strays = [p for p in problems if p.row == planted["row"] and p.row is not None]
        neighbours = [
            other
            for other in KEY
            if other["file"] == planted["file"] and other["row"] == planted["row"]
        ]
        assert all(any(is_there(other, p) for other in neighbours) for p in strays), strays
    else:
        assert found, [p for p in problems if p.row == planted["row"]]


def test_nothing_else_is_listed(checked):
    """No false alarm beside what was planted, but the second of a doubled pair."""
    rows = {(planted["file"], planted["row"]) for planted in KEY}
    strays = {
        (name, problem.kind, problem.row)
        for name, file in checked.items()
        for problem in file.problems
        if (name, problem.row) not in rows
    }
    assert strays == {
        ("student_spss.sav", "duplicate_respondent_id", 8),
        ("schools.xlsx", "whole_register", None),
    }


def test_no_file_with_planted_mistakes_passes_unseen(checked):
    for name, file in checked.items():
        assert file.problems, name
    accepted = {name for name, file in checked.items() if file.is_acceptable}
    assert accepted == {"student_ru_cp1251.csv", "teacher_kobo_bom.csv"}  # nothing blocks there


VALUES = [p for p in KEY if p["expected_value"] is not None and FILES[p["file"]][0] == "survey"]
NAMES_TO_CODES = {"girl": 1, "g1_4": 1, "quality, discipline": 0b1001, "discipline": 0b1000}


@pytest.mark.parametrize("planted", VALUES, ids=lambda planted: planted["id"])
def test_what_should_be_accepted_is_read_as_meant(checked, planted):
    file, expected = checked[planted["file"]], planted["expected_value"]
    table = file.survey
    assert table is not None
    if planted["kind"].startswith(("header", "variable")):
        assert expected in table.columns
        return
    place = FormIndex(form(FILES[planted["file"]][2]), {}).place(planted["column"])
    if place is None or place.item is None:
        return  # a date of a column that is checked, not stored
    row = table.row_numbers.tolist().index(planted["row"])
    if place.item.name in table.columns:
        code = NAMES_TO_CODES.get(str(expected), expected)
        assert table.columns[place.item.name][row] == code
    else:
        assert table.school_codes[table.school_index[row]] == expected


def test_checklist_with_mistakes_keeps_what_is_clear(checked):
    (row,) = checked["director_IS-03.xlsx"].checklists
    assert row.answers["d_boys_girls_equally_safe"] == 4
    assert row.answers["d_stem_labs"] == 2
    assert row.answers["d_teaching_kits"] == 4
    assert row.comments["d_teaching_kits"] == "бирок 7-класс үчүн жок"
    assert row.answers["d_strategic_plan"] == 1
    assert row.answers["d_plan_updated"] == 1
    assert row.answers["d_informs_on_plan"] == 2
    assert "d_pd_share" not in row.answers
    assert "d_internet_stable" not in row.answers


def test_desk_data_with_mistakes_keep_what_is_clear(checked):
    values = {
        (r.row, r.values["name"]): r.values["value"]
        for r in checked["desk_data.xlsx"].records
        if r.table == "ort"
    }
    assert values[3, "mean"] == 118.4
    assert values[4, "takers"] == 1204
    assert values[5, "mean"] is None
    assert values[11, "mean"] is None
    assert values[12, "mean"] is None
    assert {r.values["period"] for r in checked["desk_data.xlsx"].records if r.row == 6} == {
        "2023",
        "2024/2025",
    }
    olympiad = [r for r in checked["desk_data.xlsx"].records if r.table == "olympiad"]
    assert {r.values["period"] for r in olympiad if r.row == 3} == {"2024/2025"}
    assert {r.values["level"] for r in olympiad if r.row == 4} == {"oblast"}


def test_answers_of_those_who_refused_are_never_listed(checked):
    for name in ("student_googleforms.xlsx", "teacher_kobo.xlsx", "parent_forms_utf16.csv"):
        refused = [
            p.row for p in checked[name].problems if p.kind == "no_consent_but_answers_present"
        ]
        assert refused
        for problem in checked[name].problems:
            if problem.row in refused:
                assert problem.kind == "no_consent_but_answers_present"
        table = checked[name].survey
        assert table is not None
        assert not set(refused) & set(table.row_numbers.tolist())


def test_the_format_is_told(checked):
    raw = read_table("a.csv", (DIRTY / "parent_forms_utf16.csv").read_bytes())
    assert (raw.encoding, raw.delimiter) == ("utf-16", "\t")
    raw = read_table("a.csv", (DIRTY / "student_ru_cp1251.csv").read_bytes())
    assert (raw.encoding, raw.delimiter) == ("cp1251", ";")
    raw = read_table("a.csv", (DIRTY / "teacher_kobo_bom.csv").read_bytes())
    assert raw.encoding == "utf-8-sig"
    assert raw.tables[0].header[0] == "start"


def test_every_severity_is_used(checked):
    found = {problem.severity for file in checked.values() for problem in file.problems}
    assert found == set(Severity)
