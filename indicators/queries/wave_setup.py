"""The waves of a project as their officer sets them up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from indicators.models import InstrumentVersion, Wave, WaveInstrument
from indicators.vocabulary import UploadState

if TYPE_CHECKING:
    from datetime import date

    from indicators.models import Project


@dataclass(frozen=True, slots=True)
class WaveRow:
    """`uses`: questionnaire with version, and how its respondents came in."""

    code: str
    name: str
    kind: str
    state: str
    field_start: date
    field_end: date
    uses: tuple[tuple[str, str], ...]
    n_files: int
    n_checklists: int


def wave_rows(project: Project) -> tuple[WaveRow, ...]:
    """Two queries."""
    uses: dict[int, list[tuple[str, str]]] = {}
    rows = WaveInstrument.objects.filter(wave__project=project).select_related(
        "version__instrument"
    )
    for use in rows.order_by("version__instrument__position", "version__version"):
        uses.setdefault(use.wave_id, []).append((str(use.version), use.selection))
    counted = Wave.objects.filter(project=project).annotate(
        n_files=Count("uploads", Q(uploads__state=UploadState.ACCEPTED), distinct=True),
        n_checklists=Count("checklists", distinct=True),
    )
    return tuple(
        WaveRow(
            code=wave.code,
            name=wave.name,
            kind=wave.kind,
            state=wave.state,
            field_start=wave.field_start,
            field_end=wave.field_end,
            uses=tuple(uses.get(wave.pk, ())),
            n_files=wave.n_files,
            n_checklists=wave.n_checklists,
        )
        for wave in counted.order_by("position")
    )


def versions_of(project: Project) -> list[InstrumentVersion]:
    """All versions of all questionnaires, in order."""
    rows = InstrumentVersion.objects.filter(instrument__project=project)
    return list(rows.select_related("instrument").order_by("instrument__position", "version"))


def uses_of(wave: Wave) -> dict[int, str]:
    """Selection by version."""
    return dict(WaveInstrument.objects.filter(wave=wave).values_list("version_id", "selection"))
