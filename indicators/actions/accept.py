"""What an accepted file brings into the database, by its kind. Called inside the accept."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
from django.db.models import Model

from indicators.actions.accept_checklists import store_checklists
from indicators.actions.accept_register import store_changes
from indicators.actions.notes import with_marks
from indicators.actions.storage import Packed, pack, pack_texts, pack_weights
from indicators.models import (
    ActivityLog,
    AnswerColumn,
    ClusterPlan,
    Dataset,
    DeskValue,
    Indicator,
    Item,
    ManualValue,
    Note,
    School,
    SchoolArrival,
    TextColumn,
    Upload,
    User,
    Wave,
)
from indicators.pipeline.shapes import CheckedFile, RecordRow, SurveyTable
from indicators.vocabulary import FileKind, UploadState

AT_ONCE = 1000


def store_accepted(*, upload: Upload, checked: CheckedFile, by: User | None) -> dict[str, int]:
    """Store everything and say how many rows of each sort there are now."""
    if upload.kind == FileKind.SURVEY:
        return _store_survey(upload, checked.survey) if checked.survey else {}
    if upload.kind == FileKind.CHECKLIST:
        return store_checklists(upload=upload, rows=checked.checklists, by=by)
    if upload.kind == FileKind.REGISTER:
        return store_changes(upload=upload, rows=checked.records, by=by)
    return _store_records(upload, checked.records)


# --- answers ------------------------------------------------------------------------------


def _store_survey(upload: Upload, table: SurveyTable) -> dict[str, int]:
    version, wave = upload.version, upload.wave
    if version is None or wave is None:
        raise ValueError("a survey has a wave and a version")
    items = {item.name: item for item in Item.objects.filter(instrument=version.instrument_id)}
    columns = {name: pack(codes) for name, codes in table.columns.items()}
    columns["_school"] = pack(table.school_index.astype(np.int32))
    columns["_row"] = pack(table.row_numbers)
    if table.weight is not None:
        columns["_weight"] = pack_weights(table.weight)
    texts = {name: pack_texts(column) for name, column in table.texts.items() if any(column)}
    dataset = Dataset.objects.create(
        upload=upload,
        wave=wave,
        version=version,
        school_codes=list(table.school_codes),
        n_opened=table.funnel.opened,
        n_consented=table.funnel.consented,
        n_answered=table.funnel.answered,
        n_used=table.funnel.used,
        sha256=_name_of(table.school_codes, {**columns, **texts}),
    )
    AnswerColumn.objects.bulk_create(
        AnswerColumn(dataset=dataset, item=items.get(name), dtype=one.dtype, **_stored(name, one))
        for name, one in sorted(columns.items())
    )
    TextColumn.objects.bulk_create(
        TextColumn(
            dataset=dataset,
            item=items.get(name),
            n_filled=sum(map(bool, table.texts[name])),
            **_stored(name, one),
        )
        for name, one in sorted(texts.items())
    )
    SchoolArrival.objects.bulk_create(
        SchoolArrival(
            dataset=dataset,
            school_code=one.school_code,
            n_received=one.n_received,
            n_used=one.n_used,
            last_on=one.last_day,
        )
        for one in table.arrivals
    )
    return {"answers": table.funnel.used, "columns": len(columns), "texts": len(texts)}


def _stored(name: str, packed: Packed) -> dict[str, Any]:
    return {
        "name": name,
        "length": packed.length,
        "data": packed.data,
        "sha256": packed.sha256,
    }


def _name_of(school_codes: Iterable[str], columns: dict[str, Packed]) -> str:
    """One hash for the exact data: schools, then columns in the order of their names."""
    parts = hashlib.sha256("\n".join(school_codes).encode())
    for name in sorted(columns):
        parts.update(f"\n{name} {columns[name].sha256}".encode())
    return parts.hexdigest()


# --- records ------------------------------------------------------------------------------


def _store_records(upload: Upload, rows: Iterable[RecordRow]) -> dict[str, int]:
    """Desk values, activities, plans, values by hand and notes."""
    project = upload.project_id
    schools = {school.code: school for school in School.objects.filter(project=project)}
    indicators = {one.code: one for one in Indicator.objects.filter(project=project)}
    waves = {wave.code: wave for wave in Wave.objects.filter(project=project)}
    new: dict[type[Model], list[Any]] = {}
    counts: Counter[str] = Counter()
    for row in rows:
        values = dict(row.values)
        place: dict[str, Any] = {"upload": upload, "wave": upload.wave}
        if row.table in ("ort", "olympiad"):
            place |= {"school": schools[row.school_code], "table": row.table, "row": row.row}
            model: type[Model] = DeskValue
        elif row.table in ("event", "cluster_plan"):
            place |= {"school": schools[row.school_code], "row": row.row}
            model = ActivityLog if row.table == "event" else ClusterPlan
        elif row.table == "manual_value":
            place |= {"indicator": indicators[values.pop("indicator")], "row": row.row}
            place["wave"] = waves[values.pop("wave")]
            model = ManualValue
        else:
            place["indicator"] = indicators.get(values.pop("indicator"))
            model = Note
        new.setdefault(model, []).append(model(**place, **values))
        counts[row.table] += 1
    if Note in new:
        new[Note] = _marked_notes(upload, new[Note])
    for model, objects in new.items():
        model._default_manager.bulk_create(objects, batch_size=AT_ONCE)
    return dict(counts)


def _marked_notes(upload: Upload, notes: list[Note]) -> list[Note]:
    """Notes that came before, with this file or one that it corrects, hand on their marks."""
    hidden = Note.objects.filter(wave=upload.wave, upload__state=UploadState.WITHDRAWN)
    earlier = list(hidden.order_by("upload__withdrawn_at", "pk"))
    Note.objects.filter(upload=upload).delete()
    return with_marks(notes, earlier)
