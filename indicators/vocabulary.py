"""Enumerations shared by every layer. Pure: imports nothing of the project and no Django.

Values are stored in the database and written to exported files, so they never change
once released. Words for people live in `words.py`, in three languages.
"""

from enum import StrEnum


class Language(StrEnum):
    """Language of the interface and of project content."""

    KY = "ky"
    RU = "ru"
    EN = "en"


class ExportFormat(StrEnum):
    """What an accepted dataset is handed out as; also the ending of the file."""

    XLSX = "xlsx"
    CSV = "csv"
    SAV = "sav"


class WaveKind(StrEnum):
    BASELINE = "baseline"
    MIDLINE = "midline"
    ENDLINE = "endline"
    MONITORING = "monitoring"


class WaveState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    LOCKED = "locked"
    PUBLISHED = "published"


class WaveStep(StrEnum):
    """What an officer does with a wave; the value is also the stem of the audit's words."""

    OPEN = "open"
    LOCK = "lock"
    UNLOCK = "unlock"


class SchoolRole(StrEnum):
    INNOVATIVE = "innovative"
    CLUSTER = "cluster"
    COMPARISON = "comparison"


class SchoolEventKind(StrEnum):
    """What happened to a school during the project."""

    RENAMED = "renamed"
    MERGED_RENAMED = "merged_renamed"
    CLOSED = "closed"
    ABSENT = "absent"


class Respondent(StrEnum):
    """Who answers an instrument, or which desk source stands in its place."""

    STUDENT = "student"
    TEACHER = "teacher"
    PARENT = "parent"
    DIRECTOR = "director"
    DESK = "desk"
    CLUSTER = "cluster"
    MANUAL = "manual"


class Selection(StrEnum):
    """How the respondents of a survey came in (method section 1)."""

    CENSUS = "census_schools_census_people"
    RANDOM_PEOPLE = "census_schools_random_people"
    SAMPLE = "sample_schools_random_people"
    SELF_SELECTED = "self_selected"


class ItemKind(StrEnum):
    SCALE = "scale"  # one option of an ordered or nominal scale
    MULTI = "multi"  # several options
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    WEIGHT = "weight"  # of the respondent in a sample
    SCHOOL = "school"
    CONSENT = "consent"


# Questions whose answers are counted and shown; the others tell who answered, and when.
ANSWERED_KINDS = frozenset({ItemKind.SCALE, ItemKind.MULTI, ItemKind.NUMBER, ItemKind.TEXT})
BACKGROUND_BLOCK = "background"  # questions about the respondent; a text there is a name


class MeasureKind(StrEnum):
    """What an indicator measures."""

    INDEX_MEAN = "index_mean"
    ITEM_MEAN = "mean"
    SHARE = "percent"  # share of answers with chosen codes
    OPTION_SHARE = "percent_option"  # share of respondents ticking an option
    NPS = "nps"
    SCHOOLS_COUNT = "schools_count"
    SCHOOLS_SHARE = "schools_percent"
    GROUP_GAP = "gap_girls_minus_boys"  # two groups of one instrument
    INSTRUMENT_GAP = "gap_means"  # the same question in two instruments
    DESK_WEIGHTED_MEAN = "desk_weighted_mean"
    DESK_RATE = "desk_rate_per_100"
    LOG_SUM = "log_sum"
    LOG_SHARE = "log_share_yes"
    LOG_COUNT = "log_count"
    LOG_SUM_TEACHERS = "log_sum_teachers"
    MANUAL = "manual"


SURVEY_MEASURES = frozenset(
    {
        MeasureKind.INDEX_MEAN,
        MeasureKind.ITEM_MEAN,
        MeasureKind.SHARE,
        MeasureKind.OPTION_SHARE,
        MeasureKind.NPS,
        MeasureKind.SCHOOLS_COUNT,
        MeasureKind.SCHOOLS_SHARE,
    }
)
GAP_MEASURES = frozenset({MeasureKind.GROUP_GAP, MeasureKind.INSTRUMENT_GAP})
ANSWER_MEASURES = SURVEY_MEASURES | GAP_MEASURES  # rest on answers of people, sheet by sheet
SHARE_MEASURES = frozenset(
    {
        MeasureKind.SHARE,
        MeasureKind.OPTION_SHARE,
        MeasureKind.SCHOOLS_SHARE,
        MeasureKind.LOG_SHARE,
    }
)


class Level(StrEnum):
    IMPACT = "impact"
    OUTCOME = "outcome"
    OUTPUT = "output"


class Direction(StrEnum):
    """Which way is better. NONE: descriptive, no judgement."""

    INCREASE = "increase"
    DECREASE = "decrease"
    MAINTAIN = "maintain"
    NONE = "none"


class DefinitionSource(StrEnum):
    """Through which door a definition came to be as it is."""

    BEFORE = "before"  # as it stood when versions began to be kept
    PAGE = "page"
    FILE = "file"
    TABLE = "table"  # a form of the admin
    COPY = "copy"  # from another project


class BaselinePolicy(StrEnum):
    MEASURED = "measured"
    ZERO = "zero"
    MANUAL = "manual"


class TargetType(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    RANGE = "range"
    CHANGE = "change_abs"  # change from the own baseline


class TargetDoubt(StrEnum):
    """Why a target may not be realistic."""

    OUTSIDE_SCALE = "outside_scale"  # a value that cannot occur
    AGAINST_DIRECTION = "against_direction"
    CEILING = "ceiling"  # the scale leaves no room for it
    TOO_SMALL = "too_small"  # a change that cannot be told from chance
    REACHED = "reached"  # by the baseline already


class Scope(StrEnum):
    """For whom a result stands."""

    PROJECT = "project"
    GROUP = "group"
    SCHOOL = "school"


class Verdict(StrEnum):
    """The words for a change (method section 15)."""

    INCREASED = "INCREASED"
    INCREASED_SMALL = "INCREASED_SMALL"
    DECREASED = "DECREASED"
    DECREASED_SMALL = "DECREASED_SMALL"
    NO_MEANINGFUL_CHANGE = "NO_MEANINGFUL_CHANGE"
    NO_CLEAR_CHANGE = "NO_CLEAR_CHANGE"
    NOT_COMPARABLE = "NOT_COMPARABLE"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Reason(StrEnum):
    """Why a number or verdict is refused, in the order in which they are checked."""

    SELF_SELECTED = "SELF_SELECTED"
    CENSUS = "CENSUS"
    NO_DATA = "NO_DATA"
    NOT_IN_BOTH_WAVES = "NOT_IN_BOTH_WAVES"
    SUPPRESSED = "SUPPRESSED"
    TOO_FEW_RESPONDENTS = "TOO_FEW_RESPONDENTS"
    TOO_FEW_CLUSTERS = "TOO_FEW_CLUSTERS"
    SINGLE_PSU_STRATUM = "SINGLE_PSU_STRATUM"
    ZERO_VARIANCE = "ZERO_VARIANCE"
    ONE_CATEGORY = "ONE_CATEGORY"
    TOO_FEW_ITEMS = "TOO_FEW_ITEMS"
    # Rules of the catalogue, not of the statistics:
    NOT_COMPARABLE = "NOT_COMPARABLE"
    NOT_A_SAMPLE = "NOT_A_SAMPLE"  # activity logs, desk and manual values
    NOT_ASKED = "NOT_ASKED"  # the item is not in this wave's form
    ZERO_BASELINE = "ZERO_BASELINE"
    LOW_RESPONSE = "LOW_RESPONSE"  # fewer than half of those asked answered
    EXPLORATORY = "EXPLORATORY"  # outside the register: numbers and ranges, no words


class GapChange(StrEnum):
    """The words for the change of a gap (method section 6)."""

    NARROWED = "narrowed"
    WIDENED = "widened"
    TURNED_ROUND = "turned_round"
    NO_CLEAR_CHANGE = "no_clear_change"
    NO_MEANINGFUL_CHANGE = "no_meaningful_change"  # of a gap that is an indicator itself


class Irreproducible(StrEnum):
    """Why a stored number cannot be repeated from answers of persons."""

    NO_ANSWERS = "no_answers"  # logs, desk and manual values
    DEFINITIONS_CHANGED = "definitions_changed"
    DATA_CHANGED = "data_changed"


class Family(StrEnum):
    """Which tests are judged together (method section 12)."""

    HEADLINE = "headline"  # Holm over the headline indicators
    QUESTIONNAIRE = "questionnaire"  # Benjamini-Hochberg over the others of one questionnaire
    SCHOOLS = "schools"  # Benjamini-Hochberg over the schools of one indicator


class Flag(StrEnum):
    """What a reader of a change must know besides its numbers."""

    MIX_OF_SCHOOLS = "mix_of_schools"  # method 5.1
    LITTLE_ROOM = "little_room"  # method 5.7
    MIX_OF_PEOPLE = "mix_of_people"  # method 1
    LOW_RESPONSE = "low_response"  # method 1
    RANKS_DECIDE = "ranks_decide"  # method 5.6


class ReliabilityFlag(StrEnum):
    """What a reader of an index must know of its items in one wave (method sections 2 and 16)."""

    ROUGH = "rough"  # fewer than 50 complete sheets
    NEGATIVE_ITEM = "negative_item"  # an item runs against the others
    ALPHA_FELL = "alpha_fell"  # by more than .10 since the first wave
    MANY_PRORATED = "many_prorated"  # more than 20 % of the scores
    MISSING_MOVED = "missing_moved"  # an item's missing answers, by more than 10 points
    ITEM_NOT_ASKED = "item_not_asked"


class SecondLook(StrEnum):
    """Whether the school-by-school test agrees with the pooled one (method 5.3)."""

    CONFIRMED = "confirmed"
    DEPENDS_ON_LARGE_SCHOOLS = "depends_on_large_schools"
    NOT_NEEDED = "not_needed"


class TargetVerdict(StrEnum):
    """Is a target credibly met? (method section 13)"""

    MET = "met"
    NOT_MET = "not_met"
    TOO_CLOSE = "too_close"


class Status(StrEnum):
    """Where an indicator stands against its target."""

    MET = "met"
    NOT_MET = "not_met"
    TOO_CLOSE = "too_close"
    ON_TRACK = "on_track"
    OFF_TRACK = "off_track"
    CANNOT_TELL = "cannot_tell"
    NO_TARGET = "no_target"
    NO_DATA = "no_data"
    NOT_DUE = "not_due"
    NOT_APPLICABLE = "not_applicable"


class FieldLogKind(StrEnum):
    """What was done during fieldwork to be able to trust the answers."""

    PILOT = "pilot"
    TRAINING = "training"
    BACK_CHECK = "back_check"
    NOTE = "note"


class QuestionChange(StrEnum):
    """What differs in a question between two versions of its questionnaire."""

    WORDING = "wording"
    KIND = "kind"
    OPTIONS = "options"  # an answer option added or gone
    CODES = "codes"  # an option has another number
    LABELS = "labels"  # an option is worded differently
    ORDER = "order"  # of the options
    LIMITS = "limits"  # which answers are valid, such as a range of numbers
    TICKS = "ticks"  # how many options may be chosen
    RULE = "rule"  # when it is asked
    BLOCK = "block"  # the section it stands in
    ADDED = "added"
    REMOVED = "removed"


class Comparability(StrEnum):
    """Whether answers to both wordings of a question are one series."""

    COMPARABLE = "comparable"
    NOT_COMPARABLE = "not_comparable"
    UNDECIDED = "undecided"  # counts as not comparable


class FileKind(StrEnum):
    """What a delivered file holds."""

    SURVEY = "survey"
    CHECKLIST = "checklist"
    DESK = "desk"
    ACTIVITY = "activity"
    MANUAL = "manual"
    REGISTER = "register"
    NOTES = "notes"


class DefinitionPart(StrEnum):
    """The workbooks that say what a project is, in the order in which they are made."""

    REGISTER = "register"
    FORM = "form"
    FRAMEWORK = "framework"
    AGENDA = "agenda"  # the questions of the last study; a project may lack it


class DefinitionState(StrEnum):
    WAITING = "waiting"  # dropped, not accepted
    HOLDS = "holds"  # the project is defined by it
    REPLACED = "replaced"  # held until a newer one was accepted
    TAKEN_BACK = "taken_back"  # never accepted


class CopyState(StrEnum):
    """What copying an indicator into another project would do."""

    NEW = "new"
    SAME = "same"  # there already, exactly so
    CLASH = "clash"  # something forbids it


class UploadState(StrEnum):
    RECEIVED = "received"
    CHECKED = "checked"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class PreviewStep(StrEnum):
    """A decision about a file whose outcome can be looked at beforehand."""

    ACCEPT = "accept"
    REPLACE = "replace"
    WITHDRAW = "withdraw"


class Severity(StrEnum):
    """What a problem does to the file, heaviest first."""

    BLOCK = "block"  # the file cannot be accepted
    ROW = "row"  # the row is left out
    CELL = "cell"  # the answer is left empty
    WARNING = "warning"  # accepted as it is, but look


class Inconsistency(StrEnum):
    """What does not agree between figures."""

    SHARES_DO_NOT_ADD_UP = "shares_do_not_add_up"
    MEAN_OFF_DISTRIBUTION = "mean_off_distribution"
    MEAN_OUTSIDE_SCALE = "mean_outside_scale"
    SCALE_OFF_CODES = "scale_off_codes"
    UNSCORED_IN_MEAN = "unscored_in_mean"
    MISSING_AS_ZERO = "missing_as_zero"
    RATIO_OFF_PARTS = "ratio_off_parts"
    BASES_DIFFER = "bases_differ"
    GROUPS_OFF_TOTAL = "groups_off_total"
    MORE_THAN_ANSWERED = "more_than_answered"
    NUMBERS_DIFFER = "numbers_differ"
    GAP_OFF_VALUES = "gap_off_values"
    LABEL_TWICE = "label_twice"
    BANDS_OVERLAP = "bands_overlap"
    NOT_THE_LOWEST = "not_the_lowest"
    NUMBERED_ELSEWHERE = "numbered_elsewhere"
    OUTSIDE_INTERVAL = "outside_interval"
    CHANGE_OFF_VALUES = "change_off_values"


class ChecklistState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class RunState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class UploadStep(StrEnum):  # of a large file, in the background
    READ = "read"  # recognised, read, checked
    ACCEPT = "accept"


class AgendaStatus(StrEnum):
    """What the officer decided about a question of the agenda."""

    OPEN = "open"
    ANSWERED = "answered"
    UNANSWERABLE = "unanswerable"


class Evidence(StrEnum):  # that the results hold of what a question needs
    THERE = "there"
    PARTLY = "partly"
    NONE = "none"
    NOT_LINKED = "not_linked"


class RoleName(StrEnum):
    DONOR = "donor"
    DIRECTOR = "director"
    OFFICER = "officer"
    ADMINISTRATOR = "administrator"


def moved_gap(before: float, after: float) -> GapChange:
    """The word for a gap that clearly moved: its size counts, unless it changed its sign."""
    if before * after < 0:
        return GapChange.TURNED_ROUND
    return GapChange.NARROWED if abs(after) < abs(before) else GapChange.WIDENED


def is_percent_unit(unit: str) -> bool:
    """Whether values of this unit are shares: stored 0-1, shown and typed in percent."""
    return unit.startswith("%")


class PrintedProblem(StrEnum):
    """Why a line of a printed table cannot be compared."""

    NO_CODE = "no_code"
    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_WAVE = "unknown_wave"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_COUNT = "not_a_count"
    NOT_A_SHARE = "not_a_share"
    NOT_A_SCALE = "not_a_scale"
    UNKNOWN_OPTION = "unknown_option"
    NOT_STORED = "not_stored"
    UNKNOWN_COLUMN = "unknown_column"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_LONG = "too_long"
