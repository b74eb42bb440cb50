"""Words for the values of the vocabulary, in the reader's language (gettext).

Used by model choices and by presenters, so that a status reads the same everywhere.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators import vocabulary as v

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

# By enum first: members of two enums may have the same value ("manual", "director").
WORDS: dict[type[StrEnum], dict[StrEnum, StrOrPromise]] = {
    v.Language: {
        v.Language.KY: _("Kyrgyz"),
        v.Language.RU: _("Russian"),
        v.Language.EN: _("English"),
    },
    v.DefinitionSource: {
        v.DefinitionSource.BEFORE: pgettext_lazy("definition", "as it stood before"),
        v.DefinitionSource.PAGE: pgettext_lazy("definition", "typed on a page"),
        v.DefinitionSource.FILE: pgettext_lazy("definition", "loaded from a file"),
        v.DefinitionSource.TABLE: pgettext_lazy("definition", "typed in the administration"),
        v.DefinitionSource.COPY: pgettext_lazy("definition", "copied from another project"),
    },
    v.WaveKind: {
        v.WaveKind.BASELINE: _("baseline"),
        v.WaveKind.MIDLINE: _("midline"),
        v.WaveKind.ENDLINE: _("endline"),
        v.WaveKind.MONITORING: _("monitoring"),
    },
    v.WaveState: {
        v.WaveState.PLANNED: pgettext_lazy("wave", "planned"),
        v.WaveState.OPEN: pgettext_lazy("wave", "open"),
        v.WaveState.LOCKED: pgettext_lazy("wave", "locked"),
        v.WaveState.PUBLISHED: pgettext_lazy("wave", "published"),
    },
    v.WaveStep: {
        v.WaveStep.OPEN: pgettext_lazy("wave", "Open"),
        v.WaveStep.LOCK: pgettext_lazy("wave", "Lock"),
        v.WaveStep.UNLOCK: pgettext_lazy("wave", "Unlock"),
    },
    v.SchoolRole: {
        v.SchoolRole.INNOVATIVE: _("innovative school"),
        v.SchoolRole.CLUSTER: _("cluster school"),
        v.SchoolRole.COMPARISON: _("comparison school"),
    },
    v.SchoolEventKind: {
        v.SchoolEventKind.RENAMED: _("renamed"),
        v.SchoolEventKind.MERGED_RENAMED: _("merged and renamed"),
        v.SchoolEventKind.CLOSED: pgettext_lazy("school", "closed"),
        v.SchoolEventKind.ABSENT: _("did not take part"),
    },
    v.Respondent: {
        v.Respondent.STUDENT: _("students"),
        v.Respondent.TEACHER: _("teachers"),
        v.Respondent.PARENT: _("parents"),
        v.Respondent.DIRECTOR: _("directors"),
        v.Respondent.DESK: _("desk data"),
        v.Respondent.CLUSTER: _("activity log"),
        v.Respondent.MANUAL: _("values entered by hand"),
    },
    v.Selection: {
        v.Selection.CENSUS: _("all schools, everyone present asked"),
        v.Selection.RANDOM_PEOPLE: _("all schools, people drawn at random"),
        v.Selection.SAMPLE: _("schools and people drawn at random"),
        v.Selection.SELF_SELECTED: _("people chose themselves whether to answer"),
    },
    v.ItemKind: {
        v.ItemKind.SCALE: _("one option of a scale"),
        v.ItemKind.MULTI: _("several options"),
        v.ItemKind.NUMBER: _("number"),
        v.ItemKind.TEXT: _("open answer"),
        v.ItemKind.DATE: _("date"),
        v.ItemKind.WEIGHT: _("weight of the respondent"),
        v.ItemKind.SCHOOL: _("school"),
        v.ItemKind.CONSENT: _("consent"),
    },
    v.MeasureKind: {
        v.MeasureKind.INDEX_MEAN: _("mean of a composite index"),
        v.MeasureKind.ITEM_MEAN: _("mean of a question"),
        v.MeasureKind.SHARE: _("share of answers"),
        v.MeasureKind.OPTION_SHARE: _("share of respondents choosing an option"),
        v.MeasureKind.NPS: _("recommend score"),
        v.MeasureKind.SCHOOLS_COUNT: _("number of schools"),
        v.MeasureKind.SCHOOLS_SHARE: _("share of schools"),
        v.MeasureKind.GROUP_GAP: _("gap between two groups"),
        v.MeasureKind.INSTRUMENT_GAP: _("gap between two questionnaires"),
        v.MeasureKind.DESK_WEIGHTED_MEAN: _("weighted mean of desk data"),
        v.MeasureKind.DESK_RATE: _("rate per 100 from desk data"),
        v.MeasureKind.LOG_SUM: _("sum over the activity log"),
        v.MeasureKind.LOG_SHARE: _("share in the activity log"),
        v.MeasureKind.LOG_COUNT: _("number of activities"),
        v.MeasureKind.LOG_SUM_TEACHERS: _("participations of teachers"),
        v.MeasureKind.MANUAL: _("value entered by hand"),
    },
    v.Level: {
        v.Level.IMPACT: _("impact"),
        v.Level.OUTCOME: _("outcome"),
        v.Level.OUTPUT: _("output"),
    },
    v.Direction: {
        v.Direction.INCREASE: _("higher is better"),
        v.Direction.DECREASE: _("lower is better"),
        v.Direction.MAINTAIN: _("should stay near the baseline"),
        v.Direction.NONE: _("descriptive, no judgement"),
    },
    v.BaselinePolicy: {
        v.BaselinePolicy.MEASURED: _("measured"),
        v.BaselinePolicy.ZERO: _("zero by definition"),
        v.BaselinePolicy.MANUAL: _("entered by hand with a document"),
    },
    v.TargetType: {
        v.TargetType.AT_LEAST: _("at least"),
        v.TargetType.AT_MOST: _("at most"),
        v.TargetType.RANGE: pgettext_lazy("target", "between"),
        v.TargetType.CHANGE: _("change from the own baseline of at least"),
    },
    v.TargetDoubt: {
        v.TargetDoubt.OUTSIDE_SCALE: _("outside the scale"),
        v.TargetDoubt.AGAINST_DIRECTION: _("against the direction"),
        v.TargetDoubt.CEILING: _("at the end of the scale"),
        v.TargetDoubt.TOO_SMALL: _("too small to be seen"),
        v.TargetDoubt.REACHED: _("already reached"),
    },
    v.Scope: {
        v.Scope.PROJECT: _("project"),
        v.Scope.GROUP: _("group"),
        v.Scope.SCHOOL: _("school"),
    },
    v.Verdict: {
        v.Verdict.INCREASED: _("increased"),
        v.Verdict.INCREASED_SMALL: _("increased a little"),
        v.Verdict.DECREASED: _("decreased"),
        v.Verdict.DECREASED_SMALL: _("decreased a little"),
        v.Verdict.NO_MEANINGFUL_CHANGE: _("no meaningful change"),
        v.Verdict.NO_CLEAR_CHANGE: _("no clear change"),
        v.Verdict.NOT_COMPARABLE: _("not comparable"),
        v.Verdict.NOT_APPLICABLE: _("no verdict"),
    },
    v.Reason: {
        v.Reason.SELF_SELECTED: _(
            "People chose themselves whether to answer: a margin of error would suggest a "
            "precision this survey does not have."
        ),
        v.Reason.CENSUS: _(
            "Every school was asked, so there is no sampling error: the number is what they "
            "answered."
        ),
        v.Reason.NO_DATA: _("There are no usable answers."),
        v.Reason.NOT_IN_BOTH_WAVES: _("There are answers from one wave only."),
        v.Reason.SUPPRESSED: _("Hidden to protect the people who answered."),
        v.Reason.TOO_FEW_RESPONDENTS: _(
            "Too few answers to say: at least 8 are needed in each wave, and even then only very "
            "large changes can be seen."
        ),
        v.Reason.TOO_FEW_CLUSTERS: _(
            "Too few schools to tell a general change from chance. See the schools one by one."
        ),
        v.Reason.SINGLE_PSU_STRATUM: _(
            "A stratum has only one school, so its uncertainty cannot be computed."
        ),
        v.Reason.ZERO_VARIANCE: _(
            "Everybody gave the same answer. The value is shown without a range."
        ),
        v.Reason.ONE_CATEGORY: _("All answers are in one category."),
        v.Reason.TOO_FEW_ITEMS: _("The index has too few questions."),
        v.Reason.NOT_COMPARABLE: _("The question was reworded between the waves."),
        v.Reason.NOT_A_SAMPLE: _("Counted, not sampled: the difference is a fact."),
        v.Reason.NOT_ASKED: _("The question was not asked in this wave."),
        v.Reason.ZERO_BASELINE: _(
            "The baseline is zero by definition: only the difference is shown."
        ),
        v.Reason.LOW_RESPONSE: _(
            "Fewer than half of those asked answered: the figure stands for those who answered, "
            "and no target is judged by it."
        ),
        v.Reason.EXPLORATORY: _("Not an indicator of the register: numbers without a verdict."),
    },
    v.GapChange: {
        v.GapChange.NARROWED: _("the gap narrowed"),
        v.GapChange.WIDENED: _("the gap widened"),
        v.GapChange.TURNED_ROUND: _("the gap turned round"),
        v.GapChange.NO_CLEAR_CHANGE: _("no clear change of the gap"),
        v.GapChange.NO_MEANINGFUL_CHANGE: _("no meaningful change of the gap"),
    },
    v.Inconsistency: {
        v.Inconsistency.SHARES_DO_NOT_ADD_UP: _("the shares do not add up to 100 %"),
        v.Inconsistency.MEAN_OFF_DISTRIBUTION: _("the mean does not follow from its answers"),
        v.Inconsistency.MEAN_OUTSIDE_SCALE: _("the value lies outside its scale"),
        v.Inconsistency.SCALE_OFF_CODES: _("the scale does not fit the codes of its answers"),
        v.Inconsistency.UNSCORED_IN_MEAN: _("“don’t know” is counted in the mean"),
        v.Inconsistency.MISSING_AS_ZERO: _("missing answers are counted as zero"),
        v.Inconsistency.RATIO_OFF_PARTS: _("the value is not its count over its base"),
        v.Inconsistency.BASES_DIFFER: _("figures of one table stand on different bases"),
        v.Inconsistency.GROUPS_OFF_TOTAL: _("the parts do not add up to the whole"),
        v.Inconsistency.MORE_THAN_ANSWERED: _("more answers than people who answered"),
        v.Inconsistency.NUMBERS_DIFFER: _("one number is given in two ways"),
        v.Inconsistency.GAP_OFF_VALUES: _("the gap is not the difference of its two values"),
        v.Inconsistency.LABEL_TWICE: _("one name stands for two things"),
        v.Inconsistency.BANDS_OVERLAP: _("two bands of a question overlap"),
        v.Inconsistency.NOT_THE_LOWEST: _("the value called the lowest is not the lowest"),
        v.Inconsistency.NUMBERED_ELSEWHERE: _("the figure has the number of another section"),
        v.Inconsistency.OUTSIDE_INTERVAL: _("the value lies outside its own range"),
        v.Inconsistency.CHANGE_OFF_VALUES: _("the change is not later value minus earlier value"),
        v.Inconsistency.STATUS_OFF_VALUE: _("the status of a target does not fit its value"),
    },
    v.PrintedProblem: {
        v.PrintedProblem.NO_CODE: _("it has no code of a figure."),
        v.PrintedProblem.UNKNOWN_CODE: _(
            "no figure is called “%(cell)s”. Use the code of the register, for example S06."
        ),
        v.PrintedProblem.UNKNOWN_WAVE: _(
            "no wave is called “%(cell)s”. Use the code or the name of a wave."
        ),
        v.PrintedProblem.NOT_A_NUMBER: _("“%(cell)s” is not a number."),
        v.PrintedProblem.NOT_A_COUNT: _("“%(cell)s” is not a whole number of answers."),
        v.PrintedProblem.NOT_A_SHARE: _(
            "“%(cell)s” is in percent, but this figure is not a share."
        ),
        v.PrintedProblem.NOT_A_SCALE: _("“%(cell)s” are not the two ends of a scale, like 1-5."),
        v.PrintedProblem.UNKNOWN_OPTION: _(
            "“%(cell)s” is not the code of an answer to this question."
        ),
        v.PrintedProblem.NOT_STORED: _("the calculation has no value for “%(cell)s”."),
        v.PrintedProblem.UNKNOWN_COLUMN: _("the column “%(cell)s” is not known and was left out."),
        v.PrintedProblem.TOO_MANY_CELLS: _(
            "it has more cells than columns, from “%(cell)s” on. "
            "Name the columns in the first line."
        ),
        v.PrintedProblem.TOO_LONG: _("the table is too long; from here on it was not read."),
    },
    v.Irreproducible: {
        v.Irreproducible.NO_ANSWERS: _(
            "This number is counted from records (logs, desk data, values entered by hand). There "
            "are no answers of people from which it could be repeated."
        ),
        v.Irreproducible.DEFINITIONS_CHANGED: _(
            "Questions, indicators, schools or waves were changed after this calculation, so the "
            "number can no longer be repeated as it was. Calculate again and use the new number."
        ),
        v.Irreproducible.DATA_CHANGED: _(
            "A file or checklist behind this number was withdrawn or changed after this "
            "calculation. Calculate again and use the new number."
        ),
    },
    v.Family: {
        v.Family.HEADLINE: _("judged together with the other headline indicators (Holm)"),
        v.Family.QUESTIONNAIRE: _(
            "judged together with the other indicators of the questionnaire (Benjamini-Hochberg)"
        ),
        v.Family.SCHOOLS: _("judged together with the other schools (Benjamini-Hochberg)"),
    },
    v.Flag: {
        v.Flag.MIX_OF_SCHOOLS: _(
            "Part of this difference is because more answers came from different schools."
        ),
        v.Flag.LITTLE_ROOM: _("There was little room to rise."),
        v.Flag.MIX_OF_PEOPLE: _(
            "The shares of grades and sexes among the answers moved by more than 5 points."
        ),
        v.Flag.LOW_RESPONSE: _(
            "Fewer than 70 percent of those asked answered, or the share of those who did moved by "
            "more than 10 points: the figure may not stand for everybody."
        ),
        v.Flag.RANKS_DECIDE: _(
            "More than 40 of 100 answers stand at one end of the scale, so the word for the "
            "change follows a test of the order of the answers and not the test of their mean."
        ),
    },
    v.ReliabilityFlag: {
        v.ReliabilityFlag.ROUGH: _("fewer than 50 complete answer sheets, so this is rough"),
        v.ReliabilityFlag.NEGATIVE_ITEM: _(
            "a question runs against the others: check whether it is worded in reverse"
        ),
        v.ReliabilityFlag.ALPHA_FELL: _(
            "the questions belong together less than in the first wave (alpha fell by more than "
            "0.10): compare the two waves with care"
        ),
        v.ReliabilityFlag.MANY_PRORATED: _(
            "more than 20 of 100 scores rest on some of the questions only"
        ),
        v.ReliabilityFlag.MISSING_MOVED: _(
            "the share of people who left a question out moved by more than 10 percentage points"
        ),
        v.ReliabilityFlag.ITEM_NOT_ASKED: _("a question was answered by nobody in this wave"),
    },
    v.SecondLook: {
        v.SecondLook.CONFIRMED: _("confirmed school by school"),
        v.SecondLook.DEPENDS_ON_LARGE_SCHOOLS: _("depends on whether large schools count more"),
        v.SecondLook.NOT_NEEDED: _("not needed"),
    },
    v.TargetVerdict: {
        v.TargetVerdict.MET: _("met"),
        v.TargetVerdict.NOT_MET: _("not met"),
        v.TargetVerdict.TOO_CLOSE: _("too close to call"),
    },
    v.Status: {
        v.Status.MET: _("met"),
        v.Status.NOT_MET: _("not met"),
        v.Status.TOO_CLOSE: _("too close to call"),
        v.Status.ON_TRACK: _("on track"),
        v.Status.OFF_TRACK: _("off track"),
        v.Status.CANNOT_TELL: _("cannot tell yet"),
        v.Status.NO_TARGET: _("no target"),
        v.Status.NO_DATA: _("no data"),
        v.Status.NOT_DUE: _("not due yet"),
        v.Status.NOT_APPLICABLE: _("not applicable"),
    },
    v.FieldLogKind: {
        v.FieldLogKind.PILOT: _("pilot"),
        v.FieldLogKind.TRAINING: _("training of interviewers"),
        v.FieldLogKind.BACK_CHECK: _("back-check"),
        v.FieldLogKind.NOTE: pgettext_lazy("quality log", "note"),
    },
    v.QuestionChange: {
        v.QuestionChange.WORDING: pgettext_lazy("question", "wording"),
        v.QuestionChange.KIND: _("kind of question"),
        v.QuestionChange.OPTIONS: _("answer options"),
        v.QuestionChange.CODES: _("number of an option"),
        v.QuestionChange.LABELS: _("wording of an option"),
        v.QuestionChange.ORDER: _("order of the options"),
        v.QuestionChange.LIMITS: _("valid answers"),
        v.QuestionChange.TICKS: _("how many may be chosen"),
        v.QuestionChange.RULE: _("when it is asked"),
        v.QuestionChange.BLOCK: _("section of the questionnaire"),
        v.QuestionChange.ADDED: _("new question"),
        v.QuestionChange.REMOVED: _("no longer asked"),
    },
    v.Comparability: {
        v.Comparability.COMPARABLE: pgettext_lazy("question", "comparable"),
        v.Comparability.NOT_COMPARABLE: pgettext_lazy("question", "not comparable"),
        v.Comparability.UNDECIDED: pgettext_lazy("question", "undecided"),
    },
    v.FileKind: {
        v.FileKind.SURVEY: _("survey answers"),
        v.FileKind.CHECKLIST: _("director checklists"),
        v.FileKind.DESK: _("desk data"),
        v.FileKind.ACTIVITY: _("activity log"),
        v.FileKind.MANUAL: _("values entered by hand"),
        v.FileKind.REGISTER: _("changes of the school register"),
        v.FileKind.NOTES: _("notes and quotes"),
    },
    v.DefinitionPart: {
        v.DefinitionPart.REGISTER: _("register of schools"),
        v.DefinitionPart.FORM: _("questionnaire"),
        v.DefinitionPart.FRAMEWORK: _("framework"),
        v.DefinitionPart.AGENDA: pgettext_lazy("workbook", "endline agenda"),
    },
    v.DefinitionState: {
        v.DefinitionState.WAITING: pgettext_lazy("workbook", "waits"),
        v.DefinitionState.HOLDS: pgettext_lazy("workbook", "in use"),
        v.DefinitionState.REPLACED: pgettext_lazy("workbook", "replaced"),
        v.DefinitionState.TAKEN_BACK: pgettext_lazy("workbook", "taken back"),
    },
    v.CopyState: {
        v.CopyState.NEW: pgettext_lazy("copied indicator", "can be copied"),
        v.CopyState.SAME: pgettext_lazy("copied indicator", "here already"),
        v.CopyState.CLASH: pgettext_lazy("copied indicator", "cannot be copied"),
    },
    v.UploadState: {
        v.UploadState.RECEIVED: pgettext_lazy("upload", "received"),
        v.UploadState.CHECKED: pgettext_lazy("upload", "checked"),
        v.UploadState.ACCEPTED: pgettext_lazy("upload", "accepted"),
        v.UploadState.WITHDRAWN: pgettext_lazy("upload", "withdrawn"),
    },
    v.PreviewStep: {
        v.PreviewStep.ACCEPT: _("What accepting this file would change"),
        v.PreviewStep.REPLACE: _("What replacing the earlier file would change"),
        v.PreviewStep.WITHDRAW: _("What withdrawing this file would change"),
    },
    v.Severity: {
        v.Severity.BLOCK: _("blocks the file"),
        v.Severity.ROW: _("row left out"),
        v.Severity.CELL: _("answer left empty"),
        v.Severity.WARNING: _("warning"),
    },
    v.ChecklistState: {
        v.ChecklistState.DRAFT: pgettext_lazy("checklist", "being filled in"),
        v.ChecklistState.SUBMITTED: pgettext_lazy("checklist", "sent"),
        v.ChecklistState.RETURNED: pgettext_lazy("checklist", "returned for correction"),
        v.ChecklistState.APPROVED: pgettext_lazy("checklist", "approved"),
    },
    v.RunState: {
        v.RunState.WAITING: pgettext_lazy("calculation", "waiting"),
        v.RunState.RUNNING: pgettext_lazy("calculation", "running"),
        v.RunState.DONE: pgettext_lazy("calculation", "done"),
        v.RunState.FAILED: pgettext_lazy("calculation", "failed"),
        v.RunState.INTERRUPTED: pgettext_lazy("calculation", "interrupted"),
    },
    v.UploadStep: {
        v.UploadStep.READ: pgettext_lazy("step of a file", "reading and checking"),
        v.UploadStep.ACCEPT: pgettext_lazy("step of a file", "accepting"),
    },
    v.AgendaStatus: {
        v.AgendaStatus.OPEN: pgettext_lazy("question", "open"),
        v.AgendaStatus.ANSWERED: pgettext_lazy("question", "answered"),
        v.AgendaStatus.UNANSWERABLE: pgettext_lazy("question", "cannot be answered"),
    },
    v.Evidence: {
        v.Evidence.THERE: _("evidence there"),
        v.Evidence.PARTLY: _("part of the evidence there"),
        v.Evidence.NONE: _("no data yet"),
        v.Evidence.NOT_LINKED: _("no indicator linked yet"),
    },
    v.RoleName: {
        v.RoleName.DONOR: _("donor"),
        v.RoleName.DIRECTOR: _("school director"),
        v.RoleName.OFFICER: _("M&E officer"),
        v.RoleName.ADMINISTRATOR: _("administrator"),
    },
}


def word(member: StrEnum) -> StrOrPromise:
    """The word for one value; a missing one is a programming error (KeyError)."""
    return WORDS[type(member)][member]
