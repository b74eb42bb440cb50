"""Notes and quotes tied to an indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indicators.models import Note
from indicators.results import Quote
from indicators.vocabulary import UploadState

if TYPE_CHECKING:
    from indicators.models import Indicator


def quotes_of(indicator: Indicator) -> tuple[Quote, ...]:
    """Of accepted files, wave by wave. One query."""
    rows = Note.objects.filter(indicator=indicator, upload__state=UploadState.ACCEPTED)
    return tuple(
        Quote(row.code, row.theme, row.quote, row.language, row.source, row.speaker, row.wave.name)
        for row in rows.select_related("wave").order_by("wave__position", "code")
    )
