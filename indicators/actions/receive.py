"""Files as an officer drops them: kept, recognised by their content, checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.reading import FORM_KINDS
from indicators.actions.received import received_tables
from indicators.actions.recognise_upload import recognise_upload
from indicators.actions.upload_check import (
    UploadClosed,
    check_upload,
    effective_mapping,
    effective_values,
    facts,
    is_large,
    locked_upload,
    receive_upload,
)
from indicators.actions.upload_jobs import check_soon, request_job
from indicators.models import InstrumentVersion, Project, Upload, User, Wave
from indicators.vocabulary import FileKind, UploadState, UploadStep


def receive_files(
    *, project: Project, files: Iterable[tuple[str, BinaryIO | Any]], by: User | None
) -> list[Upload]:
    """One upload per file, in the order given. A file that is not recognised is kept and asks.

    A large file is only kept here; what it is and what is wrong with it is found in the background.
    """
    received = []
    for name, file in files:
        with transaction.atomic():
            upload = receive_upload(
                project=project, file_name=name, content=file, kind=None, wave=None, by=by
            )
            if is_large(upload):
                request_job(upload=upload, step=UploadStep.READ, by=by)
            else:
                raw = received_tables(upload)
                recognise_upload(upload=upload, raw=raw, by=by)
                check_upload(upload=upload, by=by, raw=raw)
        received.append(upload)
    return received


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
    locked.value_mapping = effective_values(kind, version)
    locked.save()
    record(
        "upload.described",
        locked,
        by=by,
        project=locked.project,
        before=before,
        after=facts(locked),
    )
    check_soon(upload=upload, by=by)
    return upload
