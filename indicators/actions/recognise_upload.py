"""What a file is, by its content, set where nobody has said it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.reading import Recogniser
from indicators.actions.upload_check import (
    effective_mapping,
    effective_values,
    facts,
    locked_upload,
)
from indicators.models import Upload, User
from indicators.pipeline.recognise import Recognition
from indicators.pipeline.shapes import RawFile


@transaction.atomic
def recognise_upload(*, upload: Upload, raw: RawFile, by: User | None) -> None:
    """Set what a file is by its content, where nobody has said it; `upload` is brought up to date.

    Other steps may follow in the same transaction.
    """
    project = upload.project
    shown, found = Recogniser(project).shown(raw)
    locked = locked_upload(upload)
    if not locked.kind and shown.kind:
        locked.kind, locked.wave, locked.version = shown.kind, shown.wave, shown.version
        locked.mapping = effective_mapping(shown.kind, shown.version, locked.mapping)
        locked.value_mapping = effective_values(shown.kind, shown.version)
    locked.recognition = _stored(found)
    locked.save()
    record("upload.recognised", locked, by=by, project=project, after=facts(locked))
    upload.refresh_from_db()


def _stored(found: Recognition) -> dict[str, Any]:
    """What the officer is told about how the file was recognised, as plain JSON."""
    wave = found.wave
    return {
        "candidates": [
            {
                "kind": one.kind.value,
                "instrument": one.instrument,
                "n_found": one.n_found,
                "n_expected": one.n_expected,
            }
            for one in found.candidates
        ],
        "language": found.language,
        "wave": wave.code,
        "why": wave.why,
        "first": wave.first.isoformat() if wave.first else "",
        "n_fitting": wave.n_fitting,
        "n_dates": wave.n_dates,
        "last": wave.last.isoformat() if wave.last else "",
    }
