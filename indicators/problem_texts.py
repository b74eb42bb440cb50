"""What the problems found in files mean, and what to do about them, in the reader's language.

A kind is a stable word of the validation; `params` of a problem fill the places in its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from indicators.problem_texts_answers import (
    ANSWER_TEXTS,
    CORRECT_AND_RELOAD,
    LOOK,
    NOTHING,
    NUMBER_TEXTS,
)
from indicators.problem_texts_coding import CODING_TEXTS

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

FILE_TEXTS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "empty_file": (_("The file is empty."), _("Export it again and load the new file.")),
    "no_data_rows": (
        _("The file has a header and no rows below it."),
        _("Export it again with the answers and load the new file."),
    ),
    "file_type_mismatch": (
        _("The file is called %(value)s but is no such file: its content is plain text."),
        _("Save it as a real workbook, or give it the ending .csv."),
    ),
    "file_type_differs": (
        _("The file is a workbook although its name ends in %(value)s."),
        NOTHING,
    ),
    "not_a_table": (
        _("The file is no table: neither Excel, nor CSV, nor SPSS, nor Stata."),
        _("Export the data as XLSX, CSV, SAV or DTA."),
    ),
    "encrypted_workbook": (
        _("The workbook is protected by a password."),
        _("Save it without a password and load it again."),
    ),
    "broken_workbook": (
        _("The workbook is damaged and cannot be opened."),
        _("Open it in Excel, save it anew and load it again."),
    ),
    "broken_text_file": (
        _("The text of the file cannot be read."),
        _("Export it again as CSV in UTF-8."),
    ),
    "quote_never_closed": (
        _("A quotation mark that opens in row %(value)s is never closed: the rows end there."),
        _("Correct that row in the source, or export the file again."),
    ),
    "broken_sav_file": (
        _("The SPSS file is damaged and cannot be opened."),
        _("Save it anew in SPSS and load it again."),
    ),
    "broken_dta_file": (
        _("The Stata file is damaged and cannot be opened."),
        _("Save it anew in Stata and load it again."),
    ),
    "workbook_too_large": (
        _("The workbook would take too much memory when opened."),
        _("Delete empty rows and columns far outside the table, or export it as CSV."),
    ),
    "file_too_demanding": (
        _("The file asks for far more time or memory than its size explains. It was not opened."),
        _("Open it in the program it comes from, save it anew as XLSX or CSV and load that."),
    ),
    "workbook_with_macros": (
        _("The workbook holds macros. Workbooks with programs in them are not taken in."),
        _("Save it as an Excel workbook without macros (.xlsx) and load that."),
    ),
    "workbook_unsafe": (
        _("The workbook refers to content outside itself, as no export does. It was not opened."),
        _("Open it in Excel, save it anew and load it again."),
    ),
    "too_many_lines": (
        _("The file has more than %(most)s lines."),
        _("Delete empty lines, or load it in several files."),
    ),
    "too_many_columns": (
        _("The file has too many columns."),
        _("Delete empty columns, or export only the questionnaire."),
    ),
    "wrong_instrument": (
        _("Only %(found)s of %(expected)s questions were found: this is another questionnaire."),
        _("Choose the questionnaire this file belongs to."),
    ),
    "wrong_wave": (
        _(
            "%(n)s of %(of)s dates lie outside the dates of the wave, %(start)s to %(end)s: the "
            "file may belong to another wave."
        ),
        _("Look which wave is meant before the file is accepted."),
    ),
    "wrong_file_kind": (
        _("No table of this kind was found in the file."),
        _("Choose what the file holds, or compare its column names with the template."),
    ),
    "questionnaire_not_named": (
        _("It was not said which questionnaire and wave the answers belong to."),
        _("Choose both above under “What is in it”; the wave must use the questionnaire."),
    ),
    "wave_not_named": (
        _("It was not said which wave the file belongs to."),
        _("Say it above under “What is in it”; the file is then checked."),
    ),
    "definition_unknown": (
        _(
            "This is no register of schools, no questionnaire and no framework: a sheet called "
            "“schools”, “survey” or “indicators” is missing, or it is no .xlsx workbook."
        ),
        _("Answers and other data are loaded on the page Files."),
    ),
    "wave_locked": (
        _("The wave “%(value)s” is locked: its data stay as they are."),
        _("If they must change, unlock it on the page Waves, saying why, and check again."),
    ),
    "wave_planned": (
        _("The wave “%(value)s” is only planned: it takes no data yet."),
        _("Open it on the page Waves and check the file again."),
    ),
    "kind_not_named": (
        _("The content does not show clearly what the file is."),
        _(
            "Say it above under “What is in it”; the file is then checked. Register of schools, "
            "questionnaires and framework are loaded on the page Set up."
        ),
    ),
    "whole_register": (
        _("This is a whole school register, not a list of changes."),
        _("The register belongs to the project's definition; load changes as changes."),
    ),
    "checklist_taken": (
        _("The checklist of %(value)s is there already."),
        _("It is never overwritten. Withdraw the earlier file, or correct it on its page."),
    ),
    "database_refused": (
        _("The data contradict what is stored already."),
        _("Look for rows that occur twice, or for a file that counts already."),
    ),
    "more_of_the_same": (
        _("%(n)s more problems of the same kind (%(kind)s) are not listed one by one."),
        _("They have the same cause; correct it in the source."),
    ),
}

COLUMN_TEXTS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "duplicate_header": (
        _("Two columns have the same meaning."),
        _("Delete or rename one of them, or say in the mapping which one counts."),
    ),
    "missing_needed_column": (
        _("A column without which nothing can be read is missing."),
        _("Add the column, or say in the mapping which one it is."),
    ),
    "missing_required_column": (
        _("The column of a required question is missing."),
        _("Results by this question will not exist. Add the column if it was asked."),
    ),
    "missing_expected_column": (
        _("A question of the form is missing in the file."),
        _("Indicators that use it have fewer questions or no value. Add it if it was asked."),
    ),
    "unknown_extra_column": (
        _("This column belongs to no question. It is not stored."),
        _("If it is a question, say in the mapping which one."),
    ),
    "sheet_not_read": (
        _("The sheet “%(value)s” looks like the same table and was not read (rows: %(n)s)."),
        _("If its rows are missing here, put them below the others, or load the sheet as a file."),
    ),
    "rows_of_other_forms": (
        _("%(n)s rows belong to other questionnaires by this column. They are not read here."),
        _("Load the same file again for each of the other questionnaires."),
    ),
    "column_without_header": (
        _("Column %(value)s has cells but no header. It is not stored."),
        _("Give it a header if it holds answers."),
    ),
    "header_wording_slightly_changed": (
        _("The header is worded slightly differently; it is read as %(suggestion)s."),
        _("If it is another question, say so in the mapping."),
    ),
    "header_unclear": (
        _("The header resembles %(suggestion)s, but not enough to be sure. It is not stored."),
        _("If it is this question, say so in the mapping."),
    ),
    "value_labels_in_reversed_order": (
        _("The labels of this variable give its numbers another meaning than the form."),
        _("The labels were believed. Look whether they are right."),
    ),
    "value_labels_of_another_scale": (
        _("The labels of this variable are not the answer options of the form."),
        _(
            "The numbers were believed. If another scale was asked, say on the page of the "
            "questions over the waves that the answers are not comparable."
        ),
    ),
}

ROW_TEXTS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "school_left_out": (
        _("No school of the project is meant; you left these rows out."),
        _("If a school is meant after all, choose it below."),
    ),
    "row_left_out": (
        _("The row was left out by decision (%(reason)s)."),
        _("It can be taken back under “Rows left out by decision” until the file is accepted."),
    ),
    "left_out_row_not_found": (
        _("A row that was left out by decision is no row of answers in the table that is read."),
        _("Take the decision back under “Rows left out by decision”."),
    ),
    "missing_required_value": (
        _("A cell that every row needs is empty."),
        _("The row is left out. Fill the cell in the source if it is known."),
    ),
    "consent_blank": (
        _("Consent was not given or refused; the cell is empty."),
        _("The row counts as opened without consent; none of its answers is stored."),
    ),
    "consent_unclear": (
        _("It is not clear whether consent was given."),
        _("The row counts as opened without consent; none of its answers is stored."),
    ),
    "no_consent_but_answers_present": (
        _("Consent was refused, but there are answers."),
        _("The answers are not stored."),
    ),
    "no_answers": (_("Nothing beyond the background questions is answered."), NOTHING),
    "duplicate_identical_row": (
        _("The row repeats row %(other)s exactly."),
        _("Of the answers of a survey one copy counts; a repeated activity counts twice."),
    ),
    "duplicate_uuid_identical_content": (
        _("The same submission stands here a second time."),
        _("It is counted once."),
    ),
    "duplicate_uuid_different_content": (
        _("Two rows are the same submission with different answers (see row %(other)s)."),
        _("Keep the right one in the source and load the file again."),
    ),
    "duplicate_respondent_id": (
        _("Two rows have the same number of the respondent (see row %(other)s)."),
        LOOK,
    ),
    "probable_duplicate_answers": (
        _("All answers are the same as in row %(other)s, sent shortly before."),
        LOOK,
    ),
    "straightlining": (_("All %(n)s questions of one scale have the same answer."), LOOK),
    "total_row": (_("This row is a total."), _("It is ignored.")),
    "ragged_row_too_many_fields": (
        _("The row has more cells than the header."),
        _("A separator inside an answer may have shifted it. Correct the row in the source."),
    ),
    "ragged_row_too_few_fields": (
        _("The row has fewer cells than the header."),
        _("The rest counts as empty. Look whether the row was cut off."),
    ),
    "missing_timestamp": (_("The time of the answer is missing."), LOOK),
    "straightlining_in_blocks": (
        _("All %(n)s questions in blocks of one scale have the same answer within each block."),
        LOOK,
    ),
    "many_straightlining": (
        _(
            "%(percent)s of the sheets have the same answer to all %(n)s questions of a "
            "section; more than %(most)s is unusual."
        ),
        _("Ask those who were there how the questionnaire was filled in."),
    ),
    "many_missing": (
        _("%(percent)s of those asked did not answer; more than %(most)s is unusual."),
        _("Ask whether the question was understood, or left out in some schools."),
    ),
    "many_dont_know": (
        _("%(percent)s of the answers are “don't know”; more than %(most)s is unusual."),
        _("Ask whether the question was understood."),
    ),
    "answered_though_not_asked": (
        _("By the rules of the form this question should not have been asked here."),
        _("The answer counts. Look at the question the rule rests on, or leave the row out."),
    ),
    "skip_rule_not_checked": (
        _("The rule for asking this question could not be checked."),
        NOTHING,
    ),
    "filled_in_at_night": (_("The questionnaire was begun between 23 and 5 o'clock."), LOOK),
    "much_faster_than_others": (
        _("Filled in within %(minutes)s minutes, less than a third of the usual %(median)s."),
        LOOK,
    ),
    "more_sheets_than_people": (
        _("The school has %(n)s sheets but only %(there)s people by the register."),
        _("Look whether sheets were loaded twice or name the wrong school."),
    ),
    "more_sheets_than_planned": (
        _("The school has %(n)s sheets; the plan is at most %(most)s."),
        LOOK,
    ),
    "end_before_start": (_("The end lies before the start."), LOOK),
    "too_fast_submission": (_("The questionnaire was filled in within a minute."), LOOK),
    "too_long_submission": (_("The questionnaire was open for more than a day."), LOOK),
    "other_form_version": (
        _("The row comes from another version of the form than the others."),
        LOOK,
    ),
    "unclear_period": (
        _("The year or school year cannot be understood."),
        _("Write it as 2025 or 2024/2025."),
    ),
}

SCHOOL_TEXTS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "unknown_school": (
        _("There is no such school in the project."),
        _("Write its code or name as in the register, or add the name as an alias."),
    ),
    "misspelt_school": (
        _("The school is misspelt; the nearest one is %(suggestion)s."),
        _("Look whether this is the school meant."),
    ),
    "school_written_differently": (
        _("The school is written differently; it is read as %(suggestion)s."),
        NOTHING,
    ),
    "school_name_contradicts_code": (
        _("Code and name are those of two different schools."),
        _("Correct the one that is wrong and load the file again."),
    ),
    "school_missing": (
        _("It is not said which school this is."),
        _("Write the code or the name of the school."),
    ),
    "duplicate_school": (
        _("The school occurs twice (see row %(other)s)."),
        _("Keep one row and load the file again."),
    ),
    "new_code_missing": (_("A merged school needs its new code."), CORRECT_AND_RELOAD),
    "new_code_taken": (
        _("The new code belongs to another school already."),
        _("Choose a code that is free; the change may have been loaded before."),
    ),
    "unknown_change": (
        _("It is not clear what happened to the school."),
        _("Write renamed, merged_renamed, closed or absent."),
    ),
    "unknown_region": (
        _("There is no such region in the project's list."),
        CORRECT_AND_RELOAD,
    ),
    "missing_code": (_("The school has no code."), CORRECT_AND_RELOAD),
    "duplicate_code": (_("The code occurs twice (see row %(other)s)."), CORRECT_AND_RELOAD),
    "total_does_not_match_parts": (
        _("The total is not the sum of its parts (%(suggestion)s)."),
        LOOK,
    ),
}

PROBLEM_TEXTS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    **FILE_TEXTS,
    **COLUMN_TEXTS,
    **ROW_TEXTS,
    **SCHOOL_TEXTS,
    **ANSWER_TEXTS,
    **NUMBER_TEXTS,
    **CODING_TEXTS,
}
UNKNOWN = (_("Something is wrong here."), CORRECT_AND_RELOAD)


class _Filled(dict[str, Any]):
    """Places in a sentence nobody filled show a dash instead of an error."""

    def __missing__(self, key: str) -> str:
        return "—"


def problem_parts(kind: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    filled = _Filled({name: value for name, value in params.items() if value not in (None, "")})
    wrong, remedy = PROBLEM_TEXTS.get(kind, UNKNOWN)
    return str(wrong) % filled, str(remedy) % filled


def problem_text(kind: str, params: Mapping[str, Any]) -> str:
    """Both in one line."""
    return " ".join(problem_parts(kind, params))
