"""Only an open wave takes data: a planned one not yet, a locked one no more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from indicators.models import ManualValue, Wave
from indicators.pipeline.shapes import CheckedFile, ProblemSpec
from indicators.vocabulary import Severity, WaveState

if TYPE_CHECKING:
    from indicators.models import Project, Upload

NOT_YET, NO_MORE = "wave_planned", "wave_locked"


class WaveClosed(Exception):
    """The data of a wave that is not open stay as they are; `names` says which waves."""

    def __init__(self, waves: Iterable[Wave]) -> None:
        self.names = ", ".join(wave.name or wave.code for wave in waves)
        super().__init__(self.names)


def hold_waves(project_id: int) -> None:
    """Nobody opens or locks a wave of the project until the current transaction ends."""
    list(Wave.objects.select_for_update(no_key=True).filter(project=project_id).order_by("pk"))


def closed_wave_problems(
    project: Project, wave: Wave | None, checked: CheckedFile
) -> list[ProblemSpec]:
    """A blocking problem for every wave a file brings data to and that is not open."""
    named = {
        str(row.values.get("wave", "")) for row in checked.records if row.table == "manual_value"
    }
    if wave is not None:
        named.add(wave.code)
    waves = Wave.objects.filter(project=project, code__in=named)
    return [_problem(one) for one in waves if one.state != WaveState.OPEN]


def _problem(wave: Wave) -> ProblemSpec:
    kind = NOT_YET if wave.state == WaveState.PLANNED else NO_MORE
    return ProblemSpec(Severity.BLOCK, kind, value=wave.name or wave.code)


def demand_open_waves(upload: Upload) -> None:
    """Raises WaveClosed when an accepted file brought data to a wave that is not open."""
    pks = set(ManualValue.objects.filter(upload=upload).values_list("wave_id", flat=True))
    waves = Wave.objects.filter(pk__in=pks | {upload.wave_id})
    closed = [wave for wave in waves if wave.state != WaveState.OPEN]
    if closed:
        raise WaveClosed(closed)


def demand_unlocked(wave: Wave) -> None:
    """Raises WaveClosed when the wave is locked or published: what it rests on stays too."""
    if wave.state in (WaveState.LOCKED, WaveState.PUBLISHED):
        raise WaveClosed([wave])
