"""The waves with results, and the two that a page compares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from indicators.models import Estimate, Wave
from indicators.queries.results import wave_head
from indicators.results import WaveHead, WavePair

if TYPE_CHECKING:
    from indicators.models import Project, Run


def measured_waves(*, project: Project, run: Run) -> tuple[WaveHead, ...]:
    """The waves with results, in their order. One query."""
    measured = Estimate.objects.filter(run=run).order_by().values("wave_id").distinct()
    rows = Wave.objects.filter(project=project, pk__in=measured).order_by("position")
    return tuple(wave_head(row) for row in rows)


def wave_pair(*, project: Project, run: Run) -> WavePair:
    """One query."""
    return first_and_last(measured_waves(project=project, run=run))


def first_and_last(waves: Sequence[WaveHead]) -> WavePair:
    return WavePair(waves[0] if waves else None, waves[-1] if len(waves) > 1 else None)
