"""The two waves a page compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indicators.models import Estimate, Wave
from indicators.queries.results import wave_head
from indicators.results import WavePair

if TYPE_CHECKING:
    from indicators.models import Project, Run


def wave_pair(*, project: Project, run: Run) -> WavePair:
    """One query."""
    measured = Estimate.objects.filter(run=run).order_by().values("wave_id").distinct()
    waves = [
        wave_head(wave)
        for wave in Wave.objects.filter(project=project, pk__in=measured).order_by("position")
    ]
    first = waves[0] if waves else None
    return WavePair(first, waves[-1] if len(waves) > 1 else None)
