"""Files as an officer drops them: kept, recognised by their content, checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.reading import FORM_KINDS, Recogniser
from indicators.actions.upload_check import (
    UploadClosed,
    check_upload,
    effective_mapping,
    facts,
    locked_upload,
    receive_upload,
)
from indicators.models import InstrumentVersion, Project, Upload, User, Wave
from indicators.pipeline.read import read_table
from indicators.pipeline.recognise import Recognition
from indicators.vocabulary import FileKind, UploadState


def receive_files(
    *, project: Project, files: Iterable[tuple[str, BinaryIO | Any]], by: User | None
) -> list[Upload]:
    """One upload per file, in the order given. A file that is not recognised is kept and asks."""
    recogniser = Recogniser(project)
    received = []
    for name, file in files:
        content = file.read()
        shown, found = recogniser.shown(read_table(name, content))
        with transaction.atomic():
            upload = receive_upload(
                project=project,
                file_name=name,
                content=content,
                kind=shown.kind,
                wave=shown.wave,
                version=shown.version,
                recognition=_stored(found),
                by=by,
            )
            check_upload(upload=upload, by=by)
        received.append(upload)
    return received


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


@transaction.atomic
def describe_upload(
    *,
    upload: Upload,
    kind: FileKind,
    wave: Wave | None,
    version: InstrumentVersion | None,
    by: User | None,
) -> Upload:
    """Say what a file is, and check it anew. Raises UploadClosed after accept or withdrawal."""
    locked = locked_upload(upload)
    if locked.state in (UploadState.ACCEPTED, UploadState.WITHDRAWN):
        raise UploadClosed
    before = facts(locked)
    locked.kind, locked.wave = kind, wave
    locked.version = version if kind in FORM_KINDS else None
    locked.mapping = effective_mapping(kind, version, None)
    locked.save()
    record(
        "upload.described",
        locked,
        by=by,
        project=locked.project,
        before=before,
        after=facts(locked),
    )
    check_upload(upload=upload, by=by)
    return upload
