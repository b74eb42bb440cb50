"""Words of the checks: what contradicts, and what of a printed table cannot be compared."""

from enum import StrEnum


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
    STATUS_OFF_VALUE = "status_off_value"


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
