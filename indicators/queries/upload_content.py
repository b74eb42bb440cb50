"""What a received file was recognised as, for its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indicators.models import Instrument, Upload
from indicators.vocabulary import FileKind

FORM_KINDS = (FileKind.SURVEY, FileKind.CHECKLIST)
NEEDS_NO_WAVE = (FileKind.REGISTER, FileKind.MANUAL)


@dataclass(frozen=True, slots=True)
class UploadContent:
    """`instruments`: names of the questionnaires by code."""

    kind: str
    wave_code: str
    recognition: Mapping[str, Any]
    instruments: Mapping[str, str]
    is_incomplete: bool  # kind, wave or questionnaire is still to be said


def upload_content(upload: Upload) -> UploadContent:
    """One query."""
    rows = Instrument.objects.filter(project_id=upload.project_id)
    kind = upload.kind
    lacks_wave = upload.wave is None and kind not in NEEDS_NO_WAVE
    lacks_version = upload.version is None and kind in FORM_KINDS
    return UploadContent(
        kind=kind,
        wave_code=upload.wave.code if upload.wave else "",
        recognition=upload.recognition,
        instruments={one.code: one.name for one in rows},
        is_incomplete=not kind or lacks_wave or lacks_version,
    )
