"""Handing out answers of people: allowed to officers, and always on record."""

from __future__ import annotations

import hashlib

from django.db import transaction

from indicators.actions.audit import record
from indicators.models import User
from indicators.queries.answer_tables import school_of, waves_of
from indicators.queries.reproduction import Reproduction


@transaction.atomic
def record_download(*, found: Reproduction, content: bytes, by: User) -> None:
    """Say who got which answers, before they are sent. `content` is what is sent."""
    row = found.row
    columns = sorted({name for table in found.tables for name in table.columns})
    record(
        "answers.downloaded",
        row.run,
        by=by,
        project=row.run.project,
        after={
            "number": row._meta.model_name,
            "id": row.pk,
            "measure": row.measure.code,
            "waves": list(waves_of(row)),
            "school": school_of(row),
            "people": found.n_rows,
            "columns": columns,
            "sha256": hashlib.sha256(content).hexdigest(),
        },
    )
