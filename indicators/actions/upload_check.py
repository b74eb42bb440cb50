"""A file received and checked: kept under its sha256, its problems listed. Nothing counts yet."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from indicators.actions.accept_checklists import taken_checklists
from indicators.actions.audit import record
from indicators.actions.reading import FORM_KINDS, WAVELESS
from indicators.models import InstrumentVersion, Problem, Project, Upload, User, Wave
from indicators.pipeline.read import read_table
from indicators.pipeline.shapes import CheckedFile, ProblemSpec, RawFile
from indicators.pipeline.validate import validate
from indicators.queries.columns import saved_mapping
from indicators.queries.import_context import import_context
from indicators.vocabulary import FileKind, Severity, UploadState

AT_ONCE = 1000


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
    data = content if isinstance(content, bytes) else content.read()
    sha256 = hashlib.sha256(data).hexdigest()
    upload = Upload.objects.create(
        project=project,
        wave=wave,
        version=version if kind in FORM_KINDS else None,
        kind=kind or "",
        file_name=PurePath(file_name.replace("\\", "/")).name[:255] or "file",
        stored_as=_keep(sha256, data),
        sha256=sha256,
        size=len(data),
        mapping=effective_mapping(kind, version, mapping),
        recognition=dict(recognition or {}),
        created_by=by,
    )
    record("upload.received", upload, by=by, project=project, after=facts(upload))
    return upload


def effective_mapping(
    kind: FileKind | None, version: InstrumentVersion | None, mapping: Mapping[str, str] | None
) -> dict[str, str]:
    """What officers decided for the questionnaire, and over it what is said for this file."""
    saved = saved_mapping(version) if kind in FORM_KINDS else {}
    return {**saved, **(mapping or {})}


def _keep(sha256: str, data: bytes) -> str:
    """The name in the storage; the same content is kept once."""
    name = f"uploads/{sha256[:2]}/{sha256}"
    if default_storage.exists(name):
        return name
    return str(default_storage.save(name, ContentFile(data)))


def facts(upload: Upload) -> dict[str, Any]:
    return {
        "sha256": upload.sha256,
        "size": upload.size,
        "kind": str(upload.kind),
        "wave": upload.wave.code if upload.wave else "",
        "version": str(upload.version) if upload.version else "",
    }


@transaction.atomic
def check_upload(*, upload: Upload, by: User | None) -> Upload:
    """Read and validate a file that is not accepted, and list its problems anew."""
    locked = locked_upload(upload)
    if locked.state == UploadState.ACCEPTED:
        raise UploadClosed
    raw, checked = validated(locked)
    list_problems(locked, raw, checked)
    locked.state = UploadState.CHECKED
    locked.save()
    after = {"n_problems": locked.n_problems, "n_blocking": locked.n_blocking}
    record("upload.checked", locked, by=by, project=locked.project, after=after)
    upload.refresh_from_db()
    return upload


def locked_upload(upload: Upload) -> Upload:
    return (
        Upload.objects.select_for_update(of=("self",))
        .select_related("project", "wave", "version__instrument")
        .get(pk=upload.pk)
    )


def validated(upload: Upload) -> tuple[RawFile, CheckedFile]:
    """The stored bytes read and checked against the project as it is now."""
    with default_storage.open(upload.stored_as, "rb") as file:
        data = file.read()
    kind = FileKind(upload.kind) if upload.kind else None
    missing = what_is_missing(kind, upload.wave, upload.version)
    if missing or kind is None:
        unread = RawFile(upload.file_name, "", ())
        found = () if kind else read_table(upload.file_name, data).problems
        return unread, CheckedFile((ProblemSpec(Severity.BLOCK, missing), *found))
    raw = read_table(upload.file_name, data)
    context = import_context(
        project=upload.project,
        kind=kind,
        wave=upload.wave,
        version=upload.version,
        mapping=upload.mapping,
        left_out=upload.left_out,
    )
    checked = validate(raw, context)
    taken = taken_checklists(wave=upload.wave, version=upload.version, rows=checked.checklists)
    return raw, replace(checked, problems=(*checked.problems, *taken))


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


def list_problems(upload: Upload, raw: RawFile, checked: CheckedFile) -> None:
    upload.problems.all().delete()
    Problem.objects.bulk_create(
        (problem_row(upload, spec) for spec in checked.problems), batch_size=AT_ONCE
    )
    upload.format = " ".join(part for part in (raw.format, raw.encoding) if part)
    upload.n_rows = n_rows(checked)
    upload.n_problems = len(checked.problems)
    upload.n_blocking = sum(spec.severity is Severity.BLOCK for spec in checked.problems)


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
