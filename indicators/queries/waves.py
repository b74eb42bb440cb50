"""The waves with results, and the two that a page compares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from indicators.models import Estimate, Wave
from indicators.queries.results import wave_head
from indicators.results import WaveHead, WavePair

if TYPE_CHECKING:
    from indicators.models import Project, Run


def all_waves(*, project: Project, run: Run) -> tuple[tuple[WaveHead, ...], tuple[WaveHead, ...]]:
    """The waves with results and those without, each in their order. One query.

    Of logs and desk data a run also stores that a planned wave has none: that is no result.
    """
    results = Estimate.objects.filter(run=run, wave=OuterRef("pk"), value__isnull=False)
    rows = list(
        Wave.objects.filter(project=project)
        .annotate(is_measured=Exists(results))
        .order_by("position")
    )
    measured = tuple(wave_head(row) for row in rows if row.is_measured)
    return measured, tuple(wave_head(row) for row in rows if not row.is_measured)


def wave_pair(*, project: Project, run: Run) -> WavePair:
    """One query."""
    measured, _others = all_waves(project=project, run=run)
    return first_and_last(measured)


def first_and_last(waves: Sequence[WaveHead]) -> WavePair:
    return WavePair(waves[0] if waves else None, waves[-1] if len(waves) > 1 else None)
