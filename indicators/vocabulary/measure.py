"""Words of the register: what is measured, its direction, its targets and its versions."""

from enum import StrEnum


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


def is_percent_unit(unit: str) -> bool:
    """Whether values of this unit are shares: stored 0-1, shown and typed in percent."""
    return unit.startswith("%")
