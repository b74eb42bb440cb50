"""What a file is taken for: as a person says it, else as its content shows it."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.models import InstrumentVersion, Project, Wave
from indicators.pipeline.recognise import Recognition, recognise
from indicators.pipeline.shapes import RawFile
from indicators.queries.import_context import version_in_wave
from indicators.queries.known_files import known_files
from indicators.vocabulary import FileKind, Respondent

FORM_KINDS = frozenset({FileKind.SURVEY, FileKind.CHECKLIST})
WAVELESS = frozenset({FileKind.REGISTER, FileKind.MANUAL})  # a manual file names its waves


@dataclass(frozen=True, slots=True)
class Reading:
    """Kind, wave and version of the questionnaire; None where nobody and nothing says it."""

    kind: FileKind | None = None
    wave: Wave | None = None
    version: InstrumentVersion | None = None

    @property
    def is_whole(self) -> bool:
        has_wave = self.wave is not None or self.kind in WAVELESS
        has_version = self.version is not None or self.kind not in FORM_KINDS
        return self.kind is not None and has_wave and has_version


class Recogniser:
    """Recognises files of one project, whose questionnaires and waves are read once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known = known_files(project)
        self._waves = {wave.code: wave for wave in Wave.objects.filter(project=project)}
        versions = InstrumentVersion.objects.filter(instrument__project=project)
        self._versions = {one.pk: one for one in versions.select_related("instrument")}

    def shown(self, raw: RawFile) -> tuple[Reading, Recognition]:
        """What the content shows, and by what."""
        found = recognise(raw, self._known)
        version = self._versions.get(found.version) if found.version else None
        return Reading(found.kind, self._waves.get(found.wave.code), version), found

    def completed(self, said: Reading, raw: RawFile) -> Reading:
        """What a person said stands; the content fills in the rest, where it decides."""
        if said.is_whole:
            return said
        shown, found = self.shown(raw)
        kind = said.kind or _kind_of(said.version) or shown.kind
        wave = said.wave or shown.wave
        version = said.version
        if version is None and kind in FORM_KINDS and kind == shown.kind:
            version = self._version(wave, shown, found)
        return Reading(kind, wave, version)

    def _version(
        self, wave: Wave | None, shown: Reading, found: Recognition
    ) -> InstrumentVersion | None:
        """The version that fits the content; in a wave a person named, the one used there."""
        if wave is None or wave == shown.wave:
            return shown.version
        return version_in_wave(
            project=self._project, wave=wave, instrument=found.candidates[0].instrument
        )


def _kind_of(version: InstrumentVersion | None) -> FileKind | None:
    if version is None:
        return None
    is_checklist = version.instrument.respondent == Respondent.DIRECTOR
    return FileKind.CHECKLIST if is_checklist else FileKind.SURVEY
