"""Names in a file that are not, or not quite, those of a school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from indicators.models import School
from indicators.vocabulary import Severity

if TYPE_CHECKING:
    from indicators.models import Upload

UNKNOWN, NEAR, LEFT_OUT = "unknown_school", "misspelt_school", "school_left_out"
MOST_NAMES = 40  # shown at once
LONGEST_TEXT = 200  # of a value beside a problem; a longer one is cut


@dataclass(frozen=True, slots=True)
class AskedName:
    """`suggestion`: the code it is read as; `alike`: codes with a resembling name."""

    text: str
    suggestion: str
    alike: tuple[str, ...]
    n_rows: int
    is_left_out: bool = False

    @property
    def is_unknown(self) -> bool:
        return not self.suggestion


@dataclass(frozen=True, slots=True)
class SchoolNames:
    names: tuple[AskedName, ...]
    n_more: int
    schools: tuple[tuple[str, str], ...]  # code, name


def asked_names(upload: Upload) -> list[AskedName]:
    """Unknown names first. One query. A text too long to be stored whole cannot be remembered."""
    rows = (
        upload.problems.filter(
            Q(kind=UNKNOWN, severity=Severity.BLOCK)
            | Q(kind=LEFT_OUT)
            | Q(kind=NEAR, severity=Severity.WARNING) & ~Q(suggestion="")
        )
        .exclude(value="")
        .values("kind", "value", "suggestion", "params__alike")
        .annotate(n=Count("pk"))
        .order_by("value")
    )
    found = [
        AskedName(
            text=row["value"],
            suggestion=row["suggestion"] if row["kind"] == NEAR else "",
            alike=tuple((row["params__alike"] or "").split()),
            n_rows=row["n"],
            is_left_out=row["kind"] == LEFT_OUT,
        )
        for row in rows
        if len(row["value"]) < LONGEST_TEXT
    ]
    return sorted(found, key=lambda name: not name.is_unknown)


def school_names(upload: Upload) -> SchoolNames:
    """Two queries."""
    names = asked_names(upload)
    rows = School.objects.filter(project_id=upload.project_id).order_by("code") if names else ()
    schools = tuple((school.code, school.name) for school in rows)
    return SchoolNames(tuple(names[:MOST_NAMES]), max(len(names) - MOST_NAMES, 0), schools)
