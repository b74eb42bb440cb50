"""Findings and quotes: the list for those who write them, and what others may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from indicators.models import Note
from indicators.queries.paging import Paged
from indicators.results.sheet import Quote
from indicators.roles import Permission
from indicators.vocabulary import UploadState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from indicators.access import Visit
    from indicators.models import School

PER_PAGE = 50
STANDING = Q(upload__state=UploadState.ACCEPTED) | Q(upload__isnull=True)


@dataclass(frozen=True, slots=True)
class NoteRow:
    pk: int
    code: str
    wave: str
    quote: str
    language: str
    theme: str
    source: str
    speaker: str
    indicator: str  # code
    indicator_name: str
    school: str  # code
    is_publishable: bool
    file_name: str  # empty: typed on the site


@dataclass(frozen=True, slots=True)
class NotePage(Paged):
    rows: tuple[NoteRow, ...]
    number: int
    has_next: bool


def visible_notes(visit: Visit) -> QuerySet[Note]:
    """Notes that stand: all for those who write them, those marked for the others."""
    rows = Note.objects.filter(STANDING, wave__project=visit.project)
    if not visit.may(Permission.NOTE_EDIT):
        rows = rows.filter(is_publishable=True)
    return rows.order_by("wave__position", "code", "pk")


def note_page(visit: Visit, *, text: str, show: str, number: int) -> NotePage:
    """Notes that hold `text`; `show`: all, "shown" to readers or "hidden" from them. One query."""
    rows = visible_notes(visit).select_related("wave", "indicator", "school", "upload")
    if text:
        rows = rows.filter(
            Q(quote__icontains=text)
            | Q(theme__icontains=text)
            | Q(source__icontains=text)
            | Q(indicator__code__iexact=text)
            | Q(school__code__iexact=text)
        )
    if show in ("shown", "hidden"):
        rows = rows.filter(is_publishable=show == "shown")
    start = (number - 1) * PER_PAGE
    found = list(rows[start : start + PER_PAGE + 1])
    return NotePage(tuple(map(_row, found[:PER_PAGE])), number, len(found) > PER_PAGE)


def school_quotes(visit: Visit, school: School) -> tuple[Quote, ...]:
    """Notes that name the school. One query."""
    rows = visible_notes(visit).filter(school=school).select_related("wave")
    return tuple(map(quote_of, rows))


def quote_of(row: Note) -> Quote:
    """Needs `select_related("wave")`."""
    return Quote(
        *(row.code, row.theme, row.quote, row.language, row.source, row.speaker),
        wave=row.wave.name,
    )


def _row(row: Note) -> NoteRow:
    return NoteRow(
        pk=row.pk,
        code=row.code,
        wave=row.wave.name,
        quote=row.quote,
        language=row.language,
        theme=row.theme,
        source=row.source,
        speaker=row.speaker,
        indicator=row.indicator.code if row.indicator else "",
        indicator_name=row.indicator.name if row.indicator else "",
        school=row.school.code if row.school else "",
        is_publishable=row.is_publishable,
        file_name=row.upload.file_name if row.upload else "",
    )
