"""A file from the moment it arrives: kept unchanged, checked, accepted, taken back.

Files are named by their content (sha256) in the storage; the sender's name is only shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from indicators.actions.accept import store_accepted
from indicators.actions.audit import record
from indicators.actions.dry_run import counting, try_file
from indicators.actions.reading import Reading
from indicators.actions.upload_check import (
    AlreadyAccepted,
    CheckedUpload,
    UploadClosed,
    UploadRefused,
    check_upload,
    facts,
    list_problems,
    locked_upload,
    n_rows,
    read_upload,
    receive_upload,
    settled,
)
from indicators.actions.wave_lock import (
    WaveClosed,
    demand_open_waves,
    hold_waves,
)
from indicators.actions.withdraw import (
    NotWithdrawn,
    exclusions_of,
    remove_accepted,
    restore_exclusions,
)
from indicators.models import InstrumentVersion, Project, Upload, User, Wave
from indicators.pipeline.shapes import ProblemSpec
from indicators.queries.import_context import version_in_wave
from indicators.vocabulary import FileKind, Severity, UploadState

__all__ = [
    "AlreadyAccepted",
    "ImportReport",
    "NotWithdrawn",
    "UploadClosed",
    "UploadRefused",
    "WaveClosed",
    "accept_upload",
    "check_upload",
    "import_file",
    "receive_upload",
    "withdraw_upload",
]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of one file."""

    upload: Upload | None  # None after a dry run
    problems: tuple[ProblemSpec, ...]
    is_accepted: bool
    already: bool = False
    counts: Mapping[str, int] | None = None  # rows stored, by what they are


def accept_upload(*, upload: Upload, by: User | None) -> dict[str, int]:
    """Make the content of a file count. Returns how many rows of each sort were stored.

    A withdrawn file comes back with what was decided about its rows; the log keeps its withdrawal.

    The stored bytes are read again, so what counts is what the file says now under the project's
    rules of now. Raises UploadRefused, AlreadyAccepted or UploadClosed; nothing is stored then.
    """
    check_open(upload)
    # Before the transaction: nobody waits for a lock meanwhile.
    return store_reading(upload=upload, reading=read_upload(upload), by=by)


def check_open(upload: Upload) -> None:
    """Raises UploadClosed or AlreadyAccepted when there is nothing to accept."""
    if upload.state == UploadState.ACCEPTED:
        raise UploadClosed
    twin = counting(upload.project, upload.sha256, upload.kind, upload.version)
    if twin is not None:
        raise AlreadyAccepted(twin)


@transaction.atomic
def store_reading(*, upload: Upload, reading: CheckedUpload, by: User | None) -> dict[str, int]:
    """Accept what was read. Raises as `accept_upload` does."""
    locked = locked_upload(upload)
    check_open(locked)
    hold_waves(locked.project_id)
    reading = settled(locked, reading)
    checked = reading.checked
    if not checked.is_acceptable:
        raise UploadRefused(checked.problems)
    list_problems(locked, reading)
    try:
        with transaction.atomic():
            counts = store_accepted(upload=locked, checked=checked, by=by)
            locked.state = UploadState.ACCEPTED
            locked.accepted_at, locked.accepted_by = timezone.now(), by
            locked.withdrawn_at, locked.withdrawn_by, locked.withdrawal_reason = None, None, ""
            restore_exclusions(locked)
            locked.save()
    except IntegrityError as error:
        reason = ProblemSpec(Severity.BLOCK, "database_refused", params={"reason": str(error)})
        raise UploadRefused((*checked.problems, reason)) from error
    record("upload.accepted", locked, by=by, project=locked.project, after=facts(locked) | counts)
    upload.refresh_from_db()
    return counts


@transaction.atomic
def withdraw_upload(*, upload: Upload, by: User | None, reason: str) -> Upload:
    """Take a file back: what it brought is deleted, the file and its history stay.

    Raises NotWithdrawn when later data stand on it (a school that it created), and WaveClosed when
    it counts in a wave that is not open.
    """
    locked = locked_upload(upload)
    if locked.state == UploadState.WITHDRAWN:
        raise UploadClosed
    if locked.state == UploadState.ACCEPTED:
        hold_waves(locked.project_id)
        demand_open_waves(locked)
    locked.exclusions = exclusions_of(locked)
    counts = remove_accepted(upload=locked, by=by) if locked.state == UploadState.ACCEPTED else {}
    locked.state = UploadState.WITHDRAWN
    locked.withdrawn_at, locked.withdrawn_by = timezone.now(), by
    locked.withdrawal_reason = reason
    locked.save()
    record(
        "upload.withdrawn",
        locked,
        by=by,
        project=locked.project,
        before=facts(locked) | counts,
        reason=reason,
    )
    upload.refresh_from_db()
    return upload


def import_file(
    *,
    project: Project,
    wave: Wave | None,
    kind: FileKind,
    file_name: str,
    content: bytes,
    instrument: str = "",
    version: InstrumentVersion | None = None,
    mapping: Mapping[str, str] | None = None,
    by: User | None,
    dry_run: bool = False,
) -> ImportReport:
    """Receive, check and accept a file in one go. A file that counts already is left as it is.

    `version`, or else `instrument` in the version the wave uses, names the questionnaire. A
    blocked file stays as checked, so that its problems can be looked at; a dry run leaves nothing
    behind.
    """
    kind = FileKind(kind)
    if version is None and instrument and wave is not None:
        version = version_in_wave(project=project, wave=wave, instrument=instrument)
    twin = counting(project, hashlib.sha256(content).hexdigest(), kind, version)
    if twin is not None:
        return ImportReport(twin, (), is_accepted=True, already=True)
    if dry_run:
        said = Reading(kind, wave, version)
        tried = try_file(
            project=project, file_name=file_name, content=content, said=said, mapping=mapping
        )
        checked, counts = tried.checked, {"rows": n_rows(tried.checked)}
        return ImportReport(None, checked.problems, checked.is_acceptable, counts=counts)
    with transaction.atomic():
        upload = receive_upload(
            project=project,
            file_name=file_name,
            content=content,
            kind=kind,
            wave=wave,
            version=version,
            mapping=mapping,
            by=by,
        )
        return _accepted_or_checked(upload, by)


def _accepted_or_checked(upload: Upload, by: User | None) -> ImportReport:
    try:
        counts = accept_upload(upload=upload, by=by)
    except UploadRefused as refusal:
        check_upload(upload=upload, by=by)
        return ImportReport(upload, refusal.problems, is_accepted=False)
    problems = tuple(
        ProblemSpec(
            Severity(row.severity),
            row.kind,
            row.sheet,
            row.row,
            row.column,
            row.value,
            row.suggestion,
            row.params,
        )
        for row in upload.problems.order_by("id")
    )
    return ImportReport(upload, problems, is_accepted=True, counts=counts)
