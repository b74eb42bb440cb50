"""How far a project is set up: what is there, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from indicators.models import (
    AgendaQuestion,
    DefinitionFile,
    Indicator,
    Instrument,
    InstrumentVersion,
    Release,
    Run,
    School,
    Upload,
    Wave,
)
from indicators.models.base import LANGUAGES, in_language
from indicators.vocabulary import DefinitionPart, DefinitionState, RunState, UploadState

if TYPE_CHECKING:
    from indicators.models import Project

CLOSED = (UploadState.ACCEPTED, UploadState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class SetupFacts:
    """`forms`: questionnaire -> its versions. `waves`: name and state, in order."""

    n_schools: int
    forms: Mapping[str, tuple[str, ...]]
    n_indicators: int
    n_agenda: int
    waiting: frozenset[DefinitionPart]
    waves: tuple[tuple[str, str], ...]
    n_accepted: int
    n_ready: int  # checked and without a blocking problem
    n_blocked: int
    run_state: str
    is_published: bool

    @property
    def is_defined(self) -> bool:
        return bool(self.n_schools and self.forms and self.n_indicators)


def setup_facts(project: Project) -> SetupFacts:
    """Nine queries."""
    waiting = DefinitionFile.objects.filter(project=project, state=DefinitionState.WAITING)
    not_yet = ~Q(state__in=CLOSED)
    files = Upload.objects.filter(project=project).aggregate(
        accepted=Count("id", Q(state=UploadState.ACCEPTED)),
        ready=Count("id", not_yet & Q(n_blocking=0)),
        blocked=Count("id", not_yet & Q(n_blocking__gt=0)),
    )
    newest = Run.objects.filter(project=project).order_by("-id").values_list("state", flat=True)
    releases = Release.objects.filter(run__project=project, withdrawn_at=None)
    return SetupFacts(
        n_schools=School.objects.filter(project=project).count(),
        forms=_forms(project),
        n_indicators=Indicator.objects.filter(project=project).count(),
        n_agenda=AgendaQuestion.objects.filter(project=project).count(),
        waiting=frozenset(DefinitionPart(part) for part in waiting.values_list("part", flat=True)),
        waves=tuple((wave.name, wave.state) for wave in Wave.objects.filter(project=project)),
        n_accepted=files["accepted"],
        n_ready=files["ready"],
        n_blocked=files["blocked"],
        run_state=newest.first() or "",
        is_published=releases.filter(run__state=RunState.DONE).exists(),
    )


def _forms(project: Project) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    rows = InstrumentVersion.objects.filter(instrument__project=project)
    for row in rows.select_related("instrument").order_by("instrument__position", "version"):
        found.setdefault(row.instrument.name, []).append(row.version)
    return {name: tuple(versions) for name, versions in found.items()}


@dataclass(frozen=True, slots=True)
class LimitsRow:
    """`languages`: those in which a text is there."""

    code: str
    name: str
    limits: str
    languages: str


def limits_rows(project: Project) -> tuple[LimitsRow, ...]:
    """One query."""
    return tuple(
        LimitsRow(
            one.code,
            one.name,
            in_language(one, "limits"),
            ", ".join(code for code in LANGUAGES if getattr(one, f"limits_{code}")),
        )
        for one in Instrument.objects.filter(project=project).order_by("position")
    )
