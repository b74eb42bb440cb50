"""The demo project at the size of the country: its answers stand for 2,333 schools.

Every school of the demo is copied a hundred times with its answers drawn anew, checklists, desk
data and logs with it, so that a copy holds as many people as a school of the demo does. Built in a
transaction that the caller rolls back.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

SCHOOLS = 2_333
TARGETED = ("S01", "T01", "B01")  # every school has a target for those the project has
BATCH = 1_000


def grow(project: Any) -> int:
    """Make the project national; how many answer sheets it has then."""
    from indicators.models import Checklist, Dataset, DeskValue, Indicator, School, Target

    schools = {row.code: row for row in School.objects.filter(project=project)}
    times = SCHOOLS // len(schools)
    copies = _copy_schools(schools, times)
    n = sum(
        _grow_dataset(dataset, copies) for dataset in Dataset.objects.filter(wave__project=project)
    )
    for model, path in ((Checklist, "school__project"), (DeskValue, "wave__project")):
        _copy_rows(model, list(model.objects.filter(**{path: project})), copies)
    every = School.objects.filter(project=project)
    for target in list(Target.objects.filter(indicator__project=project, school=None)):
        if target.indicator.code in TARGETED:
            Target.objects.filter(indicator=target.indicator).exclude(school=None).delete()
            Target.objects.bulk_create(
                (_of_school(target, school) for school in every), batch_size=BATCH
            )
    assert Indicator.objects.filter(project=project).exists()
    return n


def _copy_schools(schools: dict[str, Any], times: int) -> list[dict[str, Any]]:
    """Per copy, the new schools by the code of the one they are made of."""
    from indicators.models import School

    made = []
    for number in range(1, times):
        for row in schools.values():
            fields = {f.attname: getattr(row, f.attname) for f in School._meta.concrete_fields}
            fields |= {"id": None, "code": f"{row.code}-{number}", "continues_id": None}
            made.append(School(**fields))
    School.objects.bulk_create(made, batch_size=BATCH)
    size = len(schools)
    return [
        dict(zip(schools, made[start : start + size], strict=True))
        for start in range(0, len(made), size)
    ]


def _grow_dataset(dataset: Any, copies: list[dict[str, Any]]) -> int:
    import numpy as np

    from indicators.actions.storage import pack, pack_weights

    rng = np.random.default_rng(dataset.pk)
    codes, n = list(dataset.school_codes), dataset.n_used
    columns = {row.name: row for row in dataset.columns.all()}
    arrays = {
        name: np.frombuffer(zlib.decompress(bytes(row.data)), dtype=row.dtype)
        for name, row in columns.items()
    }
    # Whole people are drawn within their school: sizes of schools and answers stay alike.
    order = np.argsort(arrays["_school"], kind="stable")
    sizes = np.bincount(arrays["_school"], minlength=len(codes))
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    own = np.repeat(sizes, sizes)
    drawn = [np.arange(n)[order]]
    drawn += [order[first + rng.integers(0, own)] for _ in copies]
    people = np.concatenate(drawn)
    shift = np.repeat(np.arange(len(drawn)) * len(codes), n)
    arrays = {name: values[people] for name, values in arrays.items()}
    arrays["_school"] = arrays["_school"].astype(np.int64) + shift
    arrays["_row"] = np.arange(2, len(people) + 2)
    for name, row in columns.items():
        packed = pack_weights(arrays[name]) if name == "_weight" else pack(arrays[name])
        row.dtype, row.length = packed.dtype, packed.length
        row.data, row.sha256 = packed.data, packed.sha256
        row.save()
    for text in dataset.text_columns.all():
        _grow_texts(text, people)
    dataset.school_codes = [*codes, *(copy[code].code for copy in copies for code in codes)]
    for name in ("n_opened", "n_consented", "n_answered", "n_used"):
        setattr(dataset, name, getattr(dataset, name) * len(drawn))
    dataset.save()
    return len(people)


def _grow_texts(column: Any, people: Any) -> None:
    from indicators.actions.storage import pack_texts

    texts = json.loads(zlib.decompress(bytes(column.data)))
    grown = [texts[place] for place in people]
    packed = pack_texts(grown)
    column.length, column.data, column.sha256 = packed.length, packed.data, packed.sha256
    column.n_filled = sum(bool(text.strip()) for text in grown)
    column.save()


def _copy_rows(model: Any, rows: list[Any], copies: list[dict[str, Any]]) -> None:
    def again(row: Any, school: Any) -> Any:
        fields = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields}
        return model(**(fields | {"id": None, "school_id": school.pk}))

    old = {copied_from: code for code, copied_from in _codes(rows).items()}
    made = (
        again(row, copy[old[row.school_id]])
        for copy in copies
        for row in rows
        if row.school_id in old
    )
    model.objects.bulk_create(made, batch_size=BATCH)


def _codes(rows: list[Any]) -> dict[str, int]:
    from indicators.models import School

    keys = {row.school_id for row in rows if row.school_id}
    return dict(School.objects.filter(pk__in=keys).values_list("code", "pk"))


def _of_school(target: Any, school: Any) -> Any:
    from indicators.models import Target

    fields = {f.attname: getattr(target, f.attname) for f in Target._meta.concrete_fields}
    return Target(**(fields | {"id": None, "school_id": school.pk}))
