"""Words of projects: waves, schools, roles, the agenda."""

from enum import StrEnum


class Language(StrEnum):
    """Language of the interface and of project content."""

    KY = "ky"
    RU = "ru"
    EN = "en"


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


# Of a region that a director sees: with the own one known, two tell the other.
FEWEST_SCHOOLS = 3
