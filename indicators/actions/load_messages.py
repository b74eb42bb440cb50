"""What is wrong in a project's files, as sentences that say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indicators.pipeline.shapes import ProblemSpec
from indicators.problem_texts import problem_text
from indicators.vocabulary import Severity

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

# `value`, `suggestion`, `column` and the problem's own params fill the sentences in.
SENTENCES: dict[str, StrOrPromise] = {
    # files and sheets
    "file_missing": _("The file is missing. Put it into the project's folder."),
    "file_unreadable": _("The file cannot be read: %(reason)s"),
    "sheet_missing": _("The sheet is missing. The file has: %(sheets)s."),
    "column_missing": _("The column is missing. Add it with exactly this header."),
    "column_repeated": _("The column stands twice. Remove one of the two."),
    "project_code_wrong": _(
        "The project's code must be 1 to 40 letters, digits and hyphens, for example my-schools."
    ),
    "database_refused": _("The database refuses this together with what is stored: %(reason)s"),
    # cells
    "value_missing": _("The cell is empty. Fill it in."),
    "value_unknown": _("“%(value)s” is not known here. Possible: %(allowed)s."),
    "not_a_number": _("“%(value)s” is not a number. Type digits only."),
    "not_a_whole_number": _("“%(value)s” is not a possible whole number."),
    "negative_count": _("“%(value)s” is negative. A count is 0 or more."),
    "number_outside_range": _("“%(value)s” is outside %(low)s to %(high)s."),
    "not_a_date": _("“%(value)s” is not a date. Write it like 2027-12-01."),
    "text_too_long": _("The text is longer than %(longest)s characters. Shorten it."),
    "repeated": _("This stands in the sheet already, in row %(first_row)s. Remove one of the two."),
    "duplicate_code": _(
        "The code “%(value)s” stands in row %(first_row)s already. Give each row its own code."
    ),
    "dates_not_ordered": _("The end is before the start, %(other)s."),
    "range_not_ordered": _("“%(value)s”: the upper limit must be above the lower, %(other)s."),
    # register of schools
    "missing_code": _("The school has no code. Give it one."),
    "latin_letters": _(
        "Latin letters among Cyrillic ones. Read as “%(suggestion)s”; correct the file."
    ),
    "label_in_other_spelling": _("“%(value)s” is read as %(suggestion)s. Check it."),
    "label_unknown": _("“%(value)s” is not in the list of codes. Correct it or add it there."),
    "unknown_region": _("There is no region “%(value)s” in the list of codes. Correct it."),
    "regions_differ": _("The two columns name different regions: “%(value)s” and “%(other)s”."),
    "total_does_not_match_parts": _(
        "The total is %(value)s, but its parts add up to %(parts)s. Check which is right."
    ),
    # forms
    "form_invalid": _("The form is not a valid XLSForm: %(reason)s"),
    "form_respondent_unknown": _(
        "The form's id must end with who answers: %(allowed)s. For example b23_student."
    ),
    "form_unknown": _("There is no form “%(value)s”. The folder has: %(allowed)s."),
    "version_repeated": _("Two forms of this questionnaire have the version “%(value)s”."),
    "repeat_group": _("The repeated group “%(name)s” cannot be used. Ask single questions."),
    "question_left_out": _("The question “%(name)s” of type “%(value)s” is left out."),
    "item_changed": _(
        "“%(name)s” is “%(value)s” here and “%(suggestion)s” in another version. A question whose "
        "answers change needs a new name."
    ),
    "item_name_shared": _(
        "The name “%(value)s” is used in the questionnaire %(other)s too. Rename one of them."
    ),
    "school_not_in_register": _(
        "The form offers the school “%(value)s”, which is not in the register yet."
    ),
    "school_not_in_form": _("The school “%(value)s” of the register is not offered in the form."),
    # scales
    "scale_missing": _("The list “%(value)s” is not in the sheet scales. Add its options there."),
    "option_unknown": _("The list %(scale)s has no option “%(value)s”."),
    "option_missing": _("The option “%(value)s” of the list %(scale)s is missing in the form."),
    "option_without_code": _("The option has no number, but others of %(scale)s have one."),
    "option_code_wrong": _("The number must be whole, from %(low)s to %(high)s."),
    "option_code_differs": _(
        "The number is %(value)s here and %(suggestion)s in the sheet scales (%(scale)s)."
    ),
    "option_label_differs": _(
        "The wording differs from the sheet scales (%(scale)s), which has “%(suggestion)s”."
    ),
    "too_many_options": _("The list “%(value)s” has more than %(longest)s options to tick."),
    # indices
    "index_skipped": _("The index is marked as not allowed and is left out."),
    "index_refused": _(
        "No index may be built from the questionnaire “%(value)s”: %(reason)s. Remove the row."
    ),
    "index_unknown": _("There is no index “%(value)s” of this questionnaire."),
    "index_scale_differs": _(
        "The question “%(value)s” is scored %(low)s to %(high)s, other than the index."
    ),
    "percent_scale_wrong": _("An index of positive answers runs from %(low)s to %(high)s."),
    "reverse_item_not_in_index": _("The reversed question “%(value)s” is not in the index."),
    "reverse_mark_differs": _(
        "The form %(form)s marks the direction of “%(value)s” otherwise; this sheet decides."
    ),
    "rescale_unreadable": _("“%(value)s” cannot be read. Write it like %(suggestion)s."),
    # indicators
    "instrument_unknown": _("There is no questionnaire or source “%(value)s”: %(allowed)s."),
    "item_unknown": _("There is no question “%(value)s” in this questionnaire."),
    "item_not_scored": _("The question “%(value)s” has no scale (%(is_kind)s)."),
    "item_not_multi": _("The question “%(value)s” does not allow several answers (%(is_kind)s)."),
    "code_unknown": _("The scale %(scale)s has no number “%(value)s”, only %(allowed)s."),
    "not_a_recommend_scale": _("A recommend score needs a question answered from 0 to 10."),
    "question_on_sex_missing": _("The questionnaire does not ask for the sex."),
    "gap_unreadable": _("“%(value)s” cannot be read. Write it like %(suggestion)s."),
    "gap_scales_differ": _("The two questions have different scales: %(first)s and %(second)s."),
    "source_unknown": _("There is no source “%(value)s”. Possible: %(allowed)s."),
    "unit_not_percent": _("A share is shown in percent: the unit must begin with %%."),
    "group_unknown": _(
        "“%(value)s” is neither asked in the questionnaire nor a school attribute: %(allowed)s."
    ),
    # targets
    "indicator_unknown": _("There is no indicator “%(value)s”."),
    "school_unknown": _("There is no school “%(value)s” in the register."),
    "wave_unknown": _("There is no wave “%(value)s”."),
    "school_beside_project": _("A target of the project names no school: empty “%(value)s”."),
    "target_of_self_selected": _(
        "“%(value)s” may have no target: the respondents chose themselves, it only describes."
    ),
    "target_of_descriptive": _("“%(value)s” may have no target: it is marked as descriptive."),
    "target_of_context": _("“%(value)s” may have no target: it is context only."),
    "target_without_direction": _("“%(value)s” may have no target: neither way is better."),
    "target_needs_direction": _(
        "“%(value)s” needs an indicator that should rise or fall; this one is “%(direction)s”. "
        "Use a range."
    ),
    "change_against_direction": _(
        "The change %(value)s goes against the indicator's direction (%(direction)s)."
    ),
    "change_too_large": _("A change of %(value)s is more than the whole scale."),
    "range_unreadable": _("“%(value)s” is not a range. Write it like %(suggestion)s."),
    "target_outside_scale": _(
        "%(value)s is not possible: the scale goes from %(low)s to %(high)s."
    ),
    "reason_missing": _("A target that changes needs a reason. Fill in the column note."),
    "target_refused": _("The target breaks a rule (%(value)s)."),
    # copied from another project
    "copy_code_taken": _(
        "There is an indicator “%(value)s” here with another definition. Give one of the two "
        "another code."
    ),
    "copy_questionnaire_missing": _(
        "The questionnaire “%(value)s” is missing here. Load its workbook first."
    ),
    "copy_question_differs": _(
        "The answers to the question “%(value)s” have other numbers here, so the indicator would "
        "mean something else."
    ),
    "copy_index_differs": _("There is an index “%(value)s” here with another definition."),
    # what is stored already
    "edited_by_a_person": _(
        "“%(value)s” was changed on the site since; that value stays. Change it there."
    ),
    "removed_by_a_person": _(
        "“%(value)s” was removed on the site and stays out. Add it there if it is wanted again."
    ),
    "definition_has_data": _(
        "%(field)s of “%(value)s” cannot change any more: answers were accepted with it. "
        "Give it a new name."
    ),
}


class _Params(dict[str, str]):
    """A part nobody filled in reads as a dash instead of breaking the list of problems."""

    def __missing__(self, key: str) -> str:
        return "–"


def sentence(problem: ProblemSpec) -> str:
    """What is wrong and what to do, in the reader's language."""
    params = _Params(
        {
            **{key: value for key, value in problem.params.items() if value},
            "value": problem.value,
            "suggestion": problem.suggestion,
            "column": problem.column,
        }
    )
    if problem.kind not in SENTENCES:  # of the file itself, as of any file
        return problem_text(problem.kind, params)
    text = str(SENTENCES[problem.kind]) % params
    named = "%(suggestion)s" in str(SENTENCES[problem.kind])
    if problem.suggestion and not named:
        text += " " + gettext("Did you mean “%(suggestion)s”?") % params
    return text


def place(problem: ProblemSpec) -> str:
    """File, sheet, row and column, as far as known."""
    parts = [problem.params.get("file", "")]
    if problem.sheet:
        parts.append(gettext("sheet %(name)s") % {"name": problem.sheet})
    if problem.row is not None:
        parts.append(gettext("row %(number)s") % {"number": problem.row})
    if problem.column:
        parts.append(gettext("column %(name)s") % {"name": problem.column})
    return ", ".join(part for part in parts if part)


def line(problem: ProblemSpec) -> str:
    """One problem as one line."""
    return f"{place(problem)}: {sentence(problem)}"


def as_json(problem: ProblemSpec) -> dict[str, Any]:
    """A problem as it is kept for a page."""
    return {**asdict(problem), "severity": problem.severity.value, "params": dict(problem.params)}


def stored_sentence(stored: Mapping[str, Any]) -> str:
    """The sentence of a problem kept by `as_json`."""
    return sentence(ProblemSpec(**{**stored, "severity": Severity(stored["severity"])}))
