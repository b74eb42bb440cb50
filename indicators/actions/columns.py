"""What a column means: decided by an officer, kept for the questionnaire, used for later files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.upload_check import UploadClosed, locked_upload
from indicators.actions.upload_jobs import check_soon
from indicators.models import ColumnMapping, InstrumentVersion, Item, Upload, User
from indicators.pipeline.matching import normalise
from indicators.queries.columns import asked_columns
from indicators.vocabulary import UploadState

LEAVE_OUT = ""


class ColumnNotAsked(Exception):
    """The file has no such column to decide, or the questionnaire no such question."""


@transaction.atomic
def map_columns(*, upload: Upload, choices: Mapping[str, str | None], by: User | None) -> Upload:
    """Header -> name of the item, LEAVE_OUT, or None to read the header as it stands.

    Kept for the questionnaire; the file is checked anew. Raises UploadClosed or ColumnNotAsked;
    nothing is stored then.
    """
    locked = locked_upload(upload)
    if locked.state not in (UploadState.RECEIVED, UploadState.CHECKED):
        raise UploadClosed
    if locked.version is None or choices.keys() - {one.header for one in asked_columns(locked)}:
        raise ColumnNotAsked
    before: dict[str, str | None] = {header: locked.mapping.get(header) for header in choices}
    changed = {header: name for header, name in choices.items() if before[header] != name}
    for header, name in changed.items():
        _keep(locked.version, header, name, by)
    mapping = {**locked.mapping, **changed}
    locked.mapping = {header: name for header, name in mapping.items() if name is not None}
    locked.save()
    if changed:
        record(
            "column.mapped",
            locked,
            by=by,
            project=locked.project,
            before={header: before[header] for header in changed},
            after=changed,
        )
    check_soon(upload=upload, by=by)
    return upload


def _keep(version: InstrumentVersion, header: str, name: str | None, by: User | None) -> None:
    instrument = version.instrument
    key = hashlib.sha256(normalise(header).encode()).hexdigest()
    if name is None:
        ColumnMapping.objects.filter(instrument=instrument, key=key).delete()
        return
    item = Item.objects.filter(versions__version=version, name=name).first() if name else None
    if name and item is None:
        raise ColumnNotAsked
    ColumnMapping.objects.update_or_create(
        instrument=instrument,
        key=key,
        defaults={"header": header, "item": item, "created_by": by},
    )
