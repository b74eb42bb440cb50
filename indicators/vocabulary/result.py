"""Words of results: scopes, verdicts, reasons, statuses."""

from enum import StrEnum


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


class RunState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


def moved_gap(before: float, after: float) -> GapChange:
    """The word for a gap that clearly moved: its size counts, unless it changed its sign."""
    if before * after < 0:
        return GapChange.TURNED_ROUND
    return GapChange.NARROWED if abs(after) < abs(before) else GapChange.WIDENED
