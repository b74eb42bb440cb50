"""Leave rows of an accepted file out of all results, and put them back. Data are never edited."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.upload_check import UploadClosed
from indicators.actions.wave_lock import demand_open_waves, hold_waves
from indicators.models import Dataset, Exclusion, Upload, User
from indicators.queries.answers import answers_of
from indicators.vocabulary import UploadState


class RowsUnknown(Exception):
    """These rows of the file hold no used answers."""

    def __init__(self, rows: list[int]) -> None:
        self.rows = rows
        super().__init__(f"rows without used answers: {rows}")


@transaction.atomic
def exclude_rows(*, upload: Upload, rows: Collection[int], reason: str, by: User) -> list[int]:
    """Returns the rows newly left out; those left out before keep their reason.

    Raises RowsUnknown, UploadClosed when the file does not count, WaveClosed when its wave is not
    open; nothing is stored then.
    """
    dataset = _counting(upload)
    wanted = set(rows)
    used = answers_of(dataset, ["_row"]).get("_row")
    if unknown := wanted - (set(used.tolist()) if used is not None else set()):
        raise RowsUnknown(sorted(unknown))
    stored = Exclusion.objects.filter(dataset=dataset, row__in=wanted)
    new = sorted(wanted - set(stored.values_list("row", flat=True)))
    if new:
        Exclusion.objects.bulk_create(
            Exclusion(dataset=dataset, row=row, reason=reason, created_by=by) for row in new
        )
        project, after = upload.project, {"rows": new}
        record("upload.rows_excluded", upload, by=by, project=project, after=after, reason=reason)
    return new


@transaction.atomic
def include_row(*, upload: Upload, row: int, by: User) -> bool:
    """Put one row back; False when it was not left out. Raises UploadClosed or WaveClosed."""
    dataset = _counting(upload)
    exclusion = Exclusion.objects.filter(dataset=dataset, row=row).first()
    if exclusion is None:
        return False
    record(
        "upload.row_included",
        upload,
        by=by,
        project=upload.project,
        before={"row": row, "reason": exclusion.reason},
    )
    exclusion.delete()
    return True


def _counting(upload: Upload) -> Dataset:
    dataset = (
        Dataset.objects.select_for_update(of=("self",))
        .filter(upload=upload, upload__state=UploadState.ACCEPTED)
        .first()
    )
    if dataset is None:
        raise UploadClosed
    hold_waves(upload.project_id)
    demand_open_waves(upload)
    return dataset
