"""What the files of a project may be: its questionnaires in all versions, and its waves."""

from __future__ import annotations

from collections import defaultdict

from indicators.models import InstrumentVersion, Project, Wave, WaveInstrument
from indicators.pipeline.shapes import Known, KnownForm
from indicators.queries.import_context import form_spec, wave_spec
from indicators.vocabulary import WaveState


def known_files(project: Project) -> Known:
    """Three queries and five for every version of a questionnaire."""
    waves = list(Wave.objects.filter(project=project).order_by("position"))
    used: dict[int, set[str]] = defaultdict(set)
    for one in WaveInstrument.objects.filter(wave__project=project).select_related("wave"):
        used[one.version_id].add(one.wave.code)
    versions = InstrumentVersion.objects.filter(instrument__project=project)
    return Known(
        forms=tuple(
            KnownForm(version.pk, form_spec(version, None), frozenset(used[version.pk]))
            for version in versions.select_related("instrument").order_by("pk")
        ),
        waves=tuple(map(wave_spec, waves)),
        open_waves=frozenset(one.code for one in waves if one.state == WaveState.OPEN),
    )
