"""What the problems found in answers and numbers mean, and what to do about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

CORRECT_AND_RELOAD = _("Correct it in the source and load the file again.")
LOOK = _("Look whether this is right; nothing needs to be done if it is.")
NOTHING = _("Nothing needs to be done.")

ANSWER_TEXTS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "unknown_answer_label": (
        _("This is none of the answers of the question."),
        _("The answer is left empty. Correct it in the source if it is known."),
    ),
    "misspelt_label": (
        _("The answer is misspelt; it is read as %(suggestion)s."),
        _("Look whether this is what was meant."),
    ),
    "label_gender_variant": (
        _("Another form of the same answer; it is read as %(suggestion)s."),
        NOTHING,
    ),
    "comment_in_answer_cell": (
        _("There is a remark beside the answer; the answer is read as %(suggestion)s."),
        LOOK,
    ),
    "value_mapped": (
        _("By decision this is read as %(suggestion)s (rows: %(n)s)."),
        _("A dash means no answer. The decision can be changed under “Answers to decide”."),
    ),
    "answer_in_note_column": (
        _("The answer stands in the remarks; it is read as %(suggestion)s."),
        LOOK,
    ),
    "two_answers_in_single_choice": (
        _("Two answers to a question with one answer."),
        _("The answer is left empty. Correct it in the source if it is known."),
    ),
    "out_of_range_label": (
        _("The number in the answer is none of those asked for."),
        _("The answer is left empty. Correct it in the source if it is known."),
    ),
    "out_of_range_code": (
        _("The scale has no such number."),
        _("The answer is left empty. Correct it in the source if it is known."),
    ),
    "non_integer_code": (
        _("Between two answers of the scale."),
        _("The answer is left empty. Correct it in the source if it is known."),
    ),
    "undeclared_missing_code": (
        _("A number that usually means no answer, but is not declared as such."),
        _("The answer is left empty. Declare the code as missing in the source."),
    ),
    "number_instead_of_band": (
        _("A number where a range was to be chosen; it would be %(suggestion)s."),
        _("The answer is left empty. Choose the range in the source."),
    ),
    "share_instead_of_band": (
        _("A share where a range was to be chosen; it would be %(suggestion)s."),
        _("The answer is left empty. Choose the range in the source."),
    ),
    "formula_like_text": (
        _("The text begins like a formula. It is never run."),
        _("Look at the cell in the source."),
    ),
    "formula_cell": (
        _("The cell holds a formula; the value stored with it was used."),
        _("Replace the formula by its value if it was not put there on purpose."),
    ),
    "error_cell": (
        _("The cell shows an error of the spreadsheet and counts as empty."),
        CORRECT_AND_RELOAD,
    ),
    "unknown_option_in_multi_select": (
        _("One of the answers is unknown; the others count."),
        _("Correct it in the source if it is one of the options."),
    ),
    "too_many_options": (_("More answers than the form allows (%(suggestion)s)."), LOOK),
    "exclusive_option_combined": (
        _("An answer that excludes all others is combined with another one."),
        _("The answer is left empty. Correct it in the source if it is known."),
    ),
    "duplicate_option": (_("The same answer twice; it counts once."), NOTHING),
    "joined_empty_but_split_filled": (
        _("The column with all answers is empty; the columns of the options were used."),
        LOOK,
    ),
    "split_column_contradicts_joined_column": (
        _("The column of the option contradicts the column with all answers, which counts."),
        LOOK,
    ),
    "very_long_cell": (_("The text is very long and was cut."), LOOK),
    "personal_data_in_open_text": (
        _("The open answer may hold a telephone number or an address."),
        _("Nothing of it is published; take it out of the source if it is personal."),
    ),
    "missing_value": (_("The question is not answered."), NOTHING),
    "checklist_incomplete": (
        _("Only %(answered)s of %(scored)s questions of %(value)s are answered."),
        _("The checklist goes back to the school and does not count until half is answered."),
    ),
    "unknown_question_row": (
        _("The checklist has no such question; its answer is not stored."),
        NOTHING,
    ),
}

NUMBER_TEXTS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "weight_missing": (
        _("The weight is missing: nobody knows for how many people this respondent stands."),
        _("The row is left out. Fill in the weight in the source."),
    ),
    "weight_not_positive": (
        _("The weight is not a number above 0."),
        _("The row is left out. Correct the weight in the source."),
    ),
    "text_in_numeric": (
        _("A text where a number belongs."),
        _("It counts as empty. Correct it in the source if it is known."),
    ),
    "cyrillic_letter_in_number": (
        _("There is a letter in the number; it may be %(suggestion)s."),
        _("It counts as empty. Correct it in the source."),
    ),
    "negative_count": (
        _("A count cannot be negative."),
        _("It counts as empty. Correct it in the source."),
    ),
    "non_integer_count": (
        _("A count must be whole."),
        _("It counts as empty. Correct it in the source."),
    ),
    "out_of_range_value": (
        _("The number lies outside what is possible."),
        _("It counts as empty. Correct it in the source."),
    ),
    "implausible_value": (_("The number is unusually large (more than %(most)s)."), LOOK),
    "zero_probably_missing": (
        _("A mean score of 0 is not possible; the value is probably missing."),
        _("It counts as empty."),
    ),
    "takers_exceed_grade_size": (_("More took the test than are in the grade."), LOOK),
    "prizes_exceed_participants": (_("More prizes than participants."), LOOK),
    "value_differs_from_parts": (
        _("The percent differs from numerator / denominator (%(suggestion)s)."),
        LOOK,
    ),
    "unknown_value": (_("The value is not known."), _("It counts as empty.")),
    "unknown_type": (
        _("There is no such type of activity."),
        _("Use open_lesson, training, mentoring, material or joint_event."),
    ),
    "unknown_indicator": (
        _("The project has no such indicator."),
        _("Write the code of the indicator as in the register of indicators."),
    ),
    "unknown_wave": (_("The project has no such wave."), CORRECT_AND_RELOAD),
    "document_missing": (
        _("The document the value comes from is not named."),
        _("A value by hand should name its document."),
    ),
    "duplicate_value": (
        _("The value stands here twice (see row %(other)s)."),
        CORRECT_AND_RELOAD,
    ),
    "duplicate_school_year": (
        _("School and year occur twice (see row %(other)s)."),
        CORRECT_AND_RELOAD,
    ),
    "impossible_date": (_("There is no such date or time."), _("It counts as empty.")),
    "date_in_future": (
        _("The date lies after the project's reference date."),
        _("The clock of the device may be wrong. Correct it in the source if it is known."),
    ),
    "date_outside_wave": (_("The date lies outside the dates of the wave."), LOOK),
    "date_before_project": (_("The date lies before the project's first wave."), LOOK),
    "date_as_text": (_("The date is written as text; it is read as %(suggestion)s."), NOTHING),
    "date_two_digit_year": (
        _("The year has two digits; the date is read as %(suggestion)s."),
        LOOK,
    ),
    "date_in_other_order": (
        _("Month and day are in another order; the date is read as %(suggestion)s."),
        LOOK,
    ),
    "excel_serial_date": (
        _("The date is stored as a number; it is read as %(suggestion)s."),
        NOTHING,
    ),
}
