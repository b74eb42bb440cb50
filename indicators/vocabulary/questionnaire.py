"""Words of questionnaires: who answers, kinds of questions, what the field reports."""

from enum import StrEnum


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


class ChecklistState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
