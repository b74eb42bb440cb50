"""Ways of writing a school's name that an officer accepts: remembered for every later file."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.upload_check import UploadClosed, locked_upload
from indicators.actions.upload_jobs import check_soon
from indicators.models import School, SchoolAlias, Upload, User
from indicators.pipeline.matching import normalise
from indicators.queries.school_names import asked_names
from indicators.vocabulary import UploadState


class NotAsked(Exception):
    """The file has no such open name."""


class NameTaken(Exception):
    """Another school is called so already; `school` is that one."""

    def __init__(self, school: School) -> None:
        self.school = school
        super().__init__(f"{school} has this name")


@transaction.atomic
def remember_school_names(
    *, upload: Upload, names: Mapping[str, School], by: User | None
) -> Upload:
    """Each text becomes an alias of its school, then the file is checked anew.

    Raises UploadClosed, NotAsked or NameTaken; nothing is stored then.
    """
    locked = locked_upload(upload)
    if locked.state not in (UploadState.RECEIVED, UploadState.CHECKED):
        raise UploadClosed
    if not names or names.keys() - {name.text for name in asked_names(locked)}:
        raise NotAsked
    for text, school in names.items():
        _remember(text, school, locked, by)
    check_soon(upload=upload, by=by)
    return upload


@transaction.atomic
def leave_out_school(*, upload: Upload, text: str, reason: str, by: User | None) -> Upload:
    """Rows of this file that name no school of the project do not count. Checked anew.

    Raises UploadClosed or NotAsked; nothing is stored then.
    """
    locked = locked_upload(upload)
    if locked.state not in (UploadState.RECEIVED, UploadState.CHECKED):
        raise UploadClosed
    unknown = {name.text for name in asked_names(locked) if name.is_unknown}
    if text not in unknown or not reason.strip():
        raise NotAsked
    locked.left_out = {**locked.left_out, text: reason}
    locked.save()
    record(
        "upload.rows_left_out",
        locked,
        by=by,
        project=locked.project,
        after={"school": text},
        reason=reason,
    )
    check_soon(upload=upload, by=by)
    return upload


def _remember(text: str, school: School, upload: Upload, by: User | None) -> None:
    normalised = normalise(text)[:300]
    others = SchoolAlias.objects.filter(school__project=upload.project, normalised=normalised)
    taken = others.exclude(school=school).select_related("school").first()
    if taken is not None:
        raise NameTaken(taken.school)
    SchoolAlias.objects.update_or_create(
        school=school, normalised=normalised, defaults={"text": text}
    )
    after = {"alias": text, "file": upload.file_name}
    record("school.alias_added", school, by=by, project=upload.project, after=after)


def remember_suggested_names(*, upload: Upload, by: User | None) -> Upload:
    """All names that are read as one clear school, at once."""
    suggested = {name.text: name.suggestion for name in asked_names(upload) if name.suggestion}
    rows = School.objects.filter(project=upload.project, code__in=suggested.values())
    schools = {school.code: school for school in rows}
    names = {text: schools[code] for text, code in suggested.items() if code in schools}
    return remember_school_names(upload=upload, names=names, by=by)
