"""Words of files: what they hold, how far they are read, how they are handed out."""

from enum import StrEnum


class ExportFormat(StrEnum):
    """What an accepted dataset is handed out as; also the ending of the file."""

    XLSX = "xlsx"
    CSV = "csv"
    SAV = "sav"


class FileKind(StrEnum):
    """What a delivered file holds."""

    SURVEY = "survey"
    CHECKLIST = "checklist"
    DESK = "desk"
    ACTIVITY = "activity"
    MANUAL = "manual"
    REGISTER = "register"
    NOTES = "notes"


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


class UploadStep(StrEnum):  # of a large file, in the background
    READ = "read"  # recognised, read, checked
    ACCEPT = "accept"
