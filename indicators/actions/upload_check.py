"""A file received and checked: kept under its sha256, its problems listed. Nothing counts yet."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

from indicators.actions.accept_checklists import taken_checklists
from indicators.actions.audit import record
from indicators.actions.reading import FORM_KINDS, WAVELESS
from indicators.actions.received import received_tables
from indicators.actions.wave_lock import closed_wave_problems
from indicators.models import (
    DoubtfulValue,
    InstrumentVersion,
    Item,
    Problem,
    Project,
    Upload,
    User,
    Wave,
)
from indicators.pipeline.doubtful import value_key
from indicators.pipeline.shapes import CheckedFile, ImportContext, ProblemSpec, RawFile
from indicators.pipeline.ticking import Tick, no_tick, part
from indicators.pipeline.validate import validate
from indicators.queries.columns import saved_mapping
from indicators.queries.import_context import import_context
from indicators.queries.left_out_rows import rows_left_out
from indicators.queries.values import saved_values
from indicators.vocabulary import FileKind, Severity, UploadState

AT_ONCE = 1000
READING = 0.8  # share of the time that reading takes, checking the rest


class UploadRefused(Exception):
    """The file has problems that block it; `problems` lists everything found."""

    def __init__(self, problems: tuple[ProblemSpec, ...]) -> None:
        self.problems = problems
        n = sum(problem.severity is Severity.BLOCK for problem in problems)
        super().__init__(f"{n} blocking problems")


class AlreadyAccepted(Exception):
    """The same file counts already; `upload` is the accepted one."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        super().__init__(f"{upload.file_name} is accepted already")


class UploadClosed(Exception):
    """The step does not fit the state of the file."""


@transaction.atomic
def receive_upload(
    *,
    project: Project,
    file_name: str,
    content: bytes | BinaryIO | Any,
    kind: FileKind | None,
    wave: Wave | None,
    version: InstrumentVersion | None = None,
    mapping: Mapping[str, str] | None = None,
    recognition: Mapping[str, Any] | None = None,
    by: User | None,
) -> Upload:
    """Keep a file as it is. Its name is shown later and never used as a path."""
    file = ContentFile(content) if isinstance(content, bytes) else File(content)
    sha256, size = _sha256_and_size(file)
    upload = Upload.objects.create(
        project=project,
        wave=wave,
        version=version if kind in FORM_KINDS else None,
        kind=kind or "",
        file_name=PurePath(file_name.replace("\\", "/")).name[:255] or "file",
        stored_as=_keep(sha256, file),
        sha256=sha256,
        size=size,
        mapping=effective_mapping(kind, version, mapping),
        value_mapping=effective_values(kind, version),
        recognition=dict(recognition or {}),
        created_by=by,
    )
    record("upload.received", upload, by=by, project=project, after=facts(upload))
    return upload


def is_large(upload: Upload) -> bool:
    """Whether its reading takes longer than a person waits for a page."""
    return upload.size > settings.BACKGROUND_BYTES


def effective_mapping(
    kind: FileKind | None, version: InstrumentVersion | None, mapping: Mapping[str, str] | None
) -> dict[str, str]:
    """What officers decided for the questionnaire, and over it what is said for this file."""
    saved = saved_mapping(version) if kind in FORM_KINDS else {}
    return {**saved, **(mapping or {})}


def _sha256_and_size(file: File[bytes]) -> tuple[str, int]:
    """Read a piece at a time: a large file does not have to fit into memory."""
    found, size = hashlib.sha256(), 0
    for piece in file.chunks():
        found.update(piece)
        size += len(piece)
    return found.hexdigest(), size


def effective_values(
    kind: FileKind | None, version: InstrumentVersion | None
) -> dict[str, dict[str, str]]:
    """What odd answers to the questionnaire mean, as officers decided it until now."""
    return saved_values(version) if kind in FORM_KINDS else {}


def _keep(sha256: str, file: File[bytes]) -> str:
    """The name in the storage; the same content is kept once."""
    name = f"uploads/{sha256[:2]}/{sha256}"
    if default_storage.exists(name):
        return name
    file.seek(0)
    return str(default_storage.save(name, file))


def facts(upload: Upload) -> dict[str, Any]:
    return {
        "sha256": upload.sha256,
        "size": upload.size,
        "kind": str(upload.kind),
        "wave": upload.wave.code if upload.wave else "",
        "version": str(upload.version) if upload.version else "",
    }


def check_upload(*, upload: Upload, by: User | None, raw: RawFile | None = None) -> Upload:
    """Read and validate a file that is not accepted, and list its problems anew.

    The file is read before the transaction begins: nobody waits for a lock meanwhile. `raw` is the
    file where it was read before. Raises UploadClosed.
    """
    if upload.state == UploadState.ACCEPTED:
        raise UploadClosed
    store_check(upload=upload, reading=read_upload(upload, raw=raw), by=by)
    upload.refresh_from_db()
    return upload


@transaction.atomic
def store_check(*, upload: Upload, reading: CheckedUpload, by: User | None) -> None:
    """List what was found in a file that does not count. Raises UploadClosed."""
    locked = locked_upload(upload)
    if locked.state == UploadState.ACCEPTED:
        raise UploadClosed
    list_problems(locked, settled(locked, reading))
    locked.state = UploadState.CHECKED
    locked.save()
    after = {"n_problems": locked.n_problems, "n_blocking": locked.n_blocking}
    record("upload.checked", locked, by=by, project=locked.project, after=after)


def locked_upload(upload: Upload) -> Upload:
    return (
        Upload.objects.select_for_update(of=("self",))
        .select_related("project", "wave", "version__instrument")
        .get(pk=upload.pk)
    )


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """A file read under the rules of a moment. `context` is None when its kind is not known."""

    format: str
    context: ImportContext | None
    checked: CheckedFile


def read_upload(upload: Upload, tick: Tick = no_tick, raw: RawFile | None = None) -> CheckedUpload:
    """The stored bytes read and checked against the project as it is now; stores nothing.

    `raw` is the file where it was read before. Raises what `tick` raises.
    """
    kind = FileKind(upload.kind) if upload.kind else None
    missing = what_is_missing(kind, upload.wave, upload.version)
    if kind is not None and missing:
        return CheckedUpload("", None, CheckedFile((ProblemSpec(Severity.BLOCK, missing),)))
    raw = raw or received_tables(upload, part(tick, 0, READING))
    if kind is None:
        nothing = CheckedFile((ProblemSpec(Severity.BLOCK, missing), *raw.problems))
        return CheckedUpload("", None, nothing)
    context = _context(upload, kind)
    checked = validate(raw, context, part(tick, READING, 1))
    return CheckedUpload(" ".join(filter(None, (raw.format, raw.encoding))), context, checked)


def _context(upload: Upload, kind: FileKind) -> ImportContext:
    return import_context(
        project=upload.project,
        kind=kind,
        wave=upload.wave,
        version=upload.version,
        mapping=upload.mapping,
        left_out=upload.left_out,
        value_mapping=upload.value_mapping,
        rows_left_out=rows_left_out(upload),
    )


def settled(locked: Upload, reading: CheckedUpload) -> CheckedUpload:
    """The reading, or a new one when the rules changed since; with what stands in the project."""
    kind = FileKind(locked.kind) if locked.kind else None
    missing = what_is_missing(kind, locked.wave, locked.version)
    context = None if kind is None or missing else _context(locked, kind)
    if context != reading.context:
        reading = read_upload(locked)
    taken = taken_checklists(
        wave=locked.wave, version=locked.version, rows=reading.checked.checklists
    )
    closed = closed_wave_problems(locked.project, locked.wave, reading.checked)
    problems = (*closed, *reading.checked.problems, *taken)
    checked = replace(reading.checked, problems=problems)
    return replace(reading, checked=checked)


def what_is_missing(
    kind: FileKind | None, wave: Wave | None, version: InstrumentVersion | None
) -> str:
    """The kind of problem when it was not said what the file belongs to; else empty."""
    if kind is None:
        return "kind_not_named"
    if wave is None:
        return "" if kind in WAVELESS else "wave_not_named"
    if kind not in FORM_KINDS:
        return ""
    is_used = version is not None and wave.wave_instruments.filter(version=version).exists()
    return "" if is_used else "questionnaire_not_named"


def list_problems(upload: Upload, reading: CheckedUpload) -> None:
    """What was found takes the place of what was found before."""
    checked = reading.checked
    upload.problems.all().delete()
    Problem.objects.bulk_create(
        (problem_row(upload, spec) for spec in checked.problems), batch_size=AT_ONCE
    )
    _list_values(upload, checked)
    upload.format = reading.format
    upload.n_rows = n_rows(checked)
    upload.n_problems = len(checked.problems)
    upload.n_blocking = sum(spec.severity is Severity.BLOCK for spec in checked.problems)


def _list_values(upload: Upload, checked: CheckedFile) -> None:
    """Answers to decide on. One that a database cannot hold as it is could not be found again."""
    upload.doubtful_values.all().delete()
    found = [value for value in checked.values if _plain(value.value) == value.value]
    if not found or upload.version is None:
        return
    items = {item.name: item for item in Item.objects.filter(instrument=upload.version.instrument)}
    DoubtfulValue.objects.bulk_create(
        (
            DoubtfulValue(
                upload=upload,
                item=items[value.item],
                value=value.value,
                key=value_key(value.value),
                kind=value.kind,
                suggestion=value.suggestion,
                n_rows=value.n_rows,
            )
            for value in found
        ),
        batch_size=AT_ONCE,
    )


def problem_row(upload: Upload | None, spec: ProblemSpec) -> Problem:
    """The row that lists a problem, not stored yet."""
    return Problem(
        upload=upload,
        severity=spec.severity,
        kind=spec.kind,
        sheet=_plain(spec.sheet)[:120],
        row=spec.row,
        column=_plain(spec.column),
        value=_plain(spec.value),
        suggestion=_plain(spec.suggestion),
        params=_params(spec),
    )


def _params(spec: ProblemSpec) -> dict[str, str]:
    """Everything a sentence about the problem may name."""
    found = {**spec.params, "value": spec.value, "suggestion": spec.suggestion}
    return {n: _plain(text) for n, text in found.items() if text and n != "position"}


def _plain(text: str) -> str:
    """Without the characters a database refuses."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def n_rows(checked: CheckedFile) -> int:
    """Rows with something in them that were read as data."""
    if checked.survey is not None:
        return checked.survey.funnel.opened
    if checked.checklists:
        return len(checked.checklists)
    return len({(row.table, row.row) for row in checked.records})
