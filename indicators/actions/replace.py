"""A corrected version of a file takes the place of the earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.codings import carry_codes
from indicators.actions.received import received_tables
from indicators.actions.upload_check import UploadClosed
from indicators.actions.uploads import accept_upload, withdraw_upload
from indicators.models import Coding, Upload
from indicators.pipeline.row_differences import RowDifferences, row_differences
from indicators.queries.open_answers import open_answers, open_items
from indicators.vocabulary import UploadState

if TYPE_CHECKING:
    from indicators.models import User

LEAST_ALIKE = 0.5  # share of the shorter file's rows that both have
MOST_LOOKED_AT = 20  # accepted files of the same kind, newest first


def earlier_version(upload: Upload) -> tuple[Upload, RowDifferences] | None:
    """The accepted file of the same wave and questionnaire with mostly the same rows, if any."""
    rows = Upload.objects.filter(
        project=upload.project_id,
        kind=upload.kind,
        wave=upload.wave_id,
        version=upload.version_id,
        state=UploadState.ACCEPTED,
    ).exclude(sha256=upload.sha256)
    new = received_tables(upload)
    best: tuple[Upload, RowDifferences] | None = None
    for other in rows.order_by("-accepted_at")[:MOST_LOOKED_AT]:
        try:
            found = row_differences(received_tables(other), new)
        except FileNotFoundError:  # nothing to compare with
            continue
        is_closer = best is None or found.share_alike > best[1].share_alike
        if found.share_alike >= LEAST_ALIKE and is_closer:
            best = (other, found)
    return best


@transaction.atomic
def replace_upload(
    *, upload: Upload, earlier: Upload, by: User | None, reason: str
) -> Mapping[str, int]:
    """Withdraw the earlier file and accept this one, both or neither.

    Raises what the two steps raise, and UploadClosed for a file of another kind, wave or version.
    """
    fits = all(
        getattr(upload, name) == getattr(earlier, name)
        for name in ("project_id", "kind", "wave_id", "version_id")
    )
    earlier = Upload.objects.get(pk=earlier.pk)
    if not fits or earlier.state != UploadState.ACCEPTED or earlier.pk == upload.pk:
        raise UploadClosed
    withdraw_upload(upload=earlier, by=by, reason=reason)
    counts = accept_upload(upload=upload, by=by)
    codes = _carried_codes(earlier, upload)
    record(
        "upload.replaced",
        upload,
        by=by,
        project=upload.project,
        before={"file": earlier.file_name, "sha256": earlier.sha256, "upload": earlier.pk},
        after={"file": upload.file_name, "sha256": upload.sha256, "upload": upload.pk} | codes,
        reason=reason,
    )
    return counts


def _carried_codes(earlier: Upload, upload: Upload) -> dict[str, int]:
    """How many codes of open answers went along, and how many stay with the earlier file."""
    if not Coding.objects.filter(upload=earlier).exists():
        return {}
    items = list(open_items(upload.project))
    parts = open_answers(upload.project, items, upload.wave_id)
    answers = [answer for part in parts for answer in part.answers]
    moved, left = carry_codes(earlier=earlier.pk, later=upload.pk, answers=answers)
    return {"codes_moved": moved, "codes_left": left}
