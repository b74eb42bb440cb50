"""All files without blocking problems accepted in one go, each for itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indicators.actions.replace import earlier_version
from indicators.actions.upload_check import is_large
from indicators.actions.uploads import (
    AlreadyAccepted,
    UploadClosed,
    UploadRefused,
    accept_upload,
    check_upload,
)
from indicators.models import Upload
from indicators.vocabulary import FileKind, UploadState

if TYPE_CHECKING:
    from indicators.models import Project, User

# A second file of these is another school's, or blocked where it repeats the first.
NEVER_TWICE = (FileKind.CHECKLIST, FileKind.REGISTER)


@dataclass(frozen=True, slots=True)
class ManyAccepted:
    """File names. `corrected`: most rows count already, so each wants a decision of its own.

    `large`: accepted in the background, each from its own page. `freed`: blocked until now and
    clean after what was accepted (a new school, for one).
    """

    accepted: tuple[str, ...]
    refused: tuple[str, ...]
    corrected: tuple[str, ...]
    large: tuple[str, ...]
    freed: tuple[str, ...]


def accept_many(*, project: Project, pks: Collection[int], by: User | None) -> ManyAccepted:
    """Accept these files, changes of the register first: later files name its new schools.

    Every file is a transaction of its own, so one that cannot be accepted stops no other, and an
    interrupted request is simply repeated.
    """
    rows = Upload.objects.filter(project=project, pk__in=pks, state=UploadState.CHECKED)
    accepted, refused, corrected, large = [], [], [], []
    for upload in sorted(rows, key=lambda one: (one.kind != FileKind.REGISTER, one.pk)):
        if is_large(upload):
            large.append(upload.file_name)
            continue
        if upload.kind not in NEVER_TWICE and earlier_version(upload) is not None:
            corrected.append(upload.file_name)
            continue
        try:
            accept_upload(upload=upload, by=by)
        except UploadRefused:
            check_upload(upload=upload, by=by)
            refused.append(upload.file_name)
        except (AlreadyAccepted, UploadClosed):
            refused.append(upload.file_name)
        else:
            accepted.append(upload.file_name)
    freed = _freed(project, by) if accepted else []
    found = (accepted, refused, corrected, large, freed)
    return ManyAccepted(*(tuple(names) for names in found))


def _freed(project: Project, by: User | None) -> list[str]:
    """Check the blocked files again; names of those that are clean now."""
    rows = Upload.objects.filter(project=project, state=UploadState.CHECKED, n_blocking__gt=0)
    names = []
    for upload in rows.order_by("pk"):
        if is_large(upload):
            continue
        try:
            check_upload(upload=upload, by=by)
        except UploadClosed:
            continue
        if not upload.n_blocking:
            names.append(upload.file_name)
    return names
