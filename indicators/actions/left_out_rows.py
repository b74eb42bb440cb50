"""Leave rows out of a file before it is accepted, and take them back. The file itself stays."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.exclusions import RowsUnknown
from indicators.actions.upload_check import UploadClosed, locked_upload
from indicators.actions.upload_jobs import check_soon
from indicators.models import LeftOutRow, Upload, User
from indicators.vocabulary import UploadState


@transaction.atomic
def leave_out_rows(
    *, upload: Upload, sheet: str, rows: Collection[int], reason: str, by: User | None
) -> list[int]:
    """Returns the rows newly left out; those left out before keep their reason. Checked anew.

    `sheet`: ONE_SHEET for a questionnaire. Raises RowsUnknown for rows without answers, or
    UploadClosed; nothing is stored then.
    """
    locked = _open(upload)
    wanted = set(rows)
    stored = locked.left_out_rows.filter(sheet=sheet, row__in=wanted)
    new = sorted(wanted - set(stored.values_list("row", flat=True)))
    if not new:
        return []
    LeftOutRow.objects.bulk_create(
        LeftOutRow(upload=locked, sheet=sheet, row=row, reason=reason, created_by=by) for row in new
    )
    project, after = locked.project, {"rows": new, "sheet": sheet}
    record("upload.rows_left_out", locked, by=by, project=project, after=after, reason=reason)
    check_soon(upload=upload, by=by)
    if unknown := _not_found(upload, sheet, new):
        raise RowsUnknown(unknown)
    return new


def _not_found(upload: Upload, sheet: str, rows: list[int]) -> list[int]:
    """Rows the check did not meet; all of them when it met none, as in a file of another kind."""
    problems = upload.problems.filter(row__in=rows)
    if sheet:
        problems = problems.filter(sheet=sheet)
    if not problems.filter(kind="row_left_out").exists():
        return rows
    missing = problems.filter(kind="left_out_row_not_found").order_by("row")
    return [row for row in missing.values_list("row", flat=True) if row is not None]


@transaction.atomic
def take_back_rows(
    *, upload: Upload, sheet: str, rows: Collection[int], by: User | None
) -> list[int]:
    """Rows of the file count again, which is checked anew. Returns them. Raises UploadClosed."""
    locked = _open(upload)
    stored = locked.left_out_rows.filter(sheet=sheet, row__in=set(rows))
    found = dict(stored.order_by("row").values_list("row", "reason"))
    if not found:
        return []
    record(
        "upload.rows_taken_back",
        locked,
        by=by,
        project=locked.project,
        before={"rows": list(found), "sheet": sheet, "reasons": sorted(set(found.values()))},
    )
    stored.delete()
    check_soon(upload=upload, by=by)
    return list(found)


def _open(upload: Upload) -> Upload:
    locked = locked_upload(upload)
    if locked.state not in (UploadState.RECEIVED, UploadState.CHECKED):
        raise UploadClosed
    return locked
