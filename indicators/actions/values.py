"""What odd answers mean: decided by an officer, kept for the question, used for later files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.upload_check import UploadClosed, locked_upload
from indicators.actions.upload_jobs import check_soon
from indicators.models import DoubtfulValue, Item, ScaleOption, Upload, User, ValueMapping
from indicators.pipeline.choices import read_number
from indicators.pipeline.doubtful import VALUE_MAPPED, value_key
from indicators.pipeline.shapes import MISSING, ItemSpec
from indicators.queries.import_context import form_spec
from indicators.queries.values import suggestion_of
from indicators.vocabulary import ItemKind, UploadState

Choices = Mapping[tuple[str, str], str | None]


class ValueNotAsked(Exception):
    """The file has no such answer to decide, or the question no such option or number."""


@transaction.atomic
def map_values(*, upload: Upload, choices: Choices, by: User | None) -> Upload:
    """(Name of the item, answer) -> option, number, empty for no answer, or None: as it stands.

    Kept for the question; the file is checked anew. Raises UploadClosed or ValueNotAsked; nothing
    is stored then.
    """
    locked = locked_upload(upload)
    if locked.state not in (UploadState.RECEIVED, UploadState.CHECKED):
        raise UploadClosed
    rows = locked.doubtful_values.select_related("item__scale")
    asked = {(row.item.name, row.key): row for row in rows}
    wanted = {(item, value_key(value)): meaning for (item, value), meaning in choices.items()}
    if wanted.keys() - asked.keys():
        raise ValueNotAsked
    before = {(item, key): locked.value_mapping.get(item, {}).get(key) for item, key in wanted}
    changed = {place: said for place, said in wanted.items() if before[place] != said}
    if changed:
        _keep(locked, {place: (asked[place], said) for place, said in changed.items()}, by)
        locked.value_mapping = _merged(locked.value_mapping, changed)
        locked.save()
        names = {place: f"{place[0]}: {asked[place].value}" for place in changed}
        record(
            "value.mapped",
            locked,
            by=by,
            project=locked.project,
            before={names[place]: before[place] for place in changed},
            after={names[place]: said for place, said in changed.items()},
        )
    check_soon(upload=upload, by=by)
    return upload


def map_suggested_values(*, upload: Upload, by: User | None) -> Upload:
    """All open answers whose meaning the reader suggests, at once. Raises as `map_values`."""
    rows = upload.doubtful_values.exclude(kind=VALUE_MAPPED).select_related("item")
    suggested = {(row.item.name, row.value): suggestion_of(row) for row in rows}
    choices = {place: said for place, said in suggested.items() if said is not None}
    if not choices:
        raise ValueNotAsked
    return map_values(upload=upload, choices=choices, by=by)


def _merged(mapping: Mapping[str, Mapping[str, str]], changed: Choices) -> dict[str, object]:
    found = {item: dict(values) for item, values in mapping.items()}
    for (item, key), meaning in changed.items():
        if meaning is None:
            found[item].pop(key)
        else:
            found.setdefault(item, {})[key] = meaning
    return {item: values for item, values in found.items() if values}


def _keep(
    upload: Upload,
    changed: Mapping[tuple[str, str], tuple[DoubtfulValue, str | None]],
    by: User | None,
) -> None:
    undone = [row for row, meaning in changed.values() if meaning is None]
    for row in undone:
        ValueMapping.objects.filter(item=row.item, key=row.key).delete()
    version = upload.version
    form = form_spec(version, upload.wave) if version is not None else None
    specs = {spec.name: spec for spec in form.items} if form else {}
    options = _options(row.item for row, _ in changed.values())
    ValueMapping.objects.bulk_create(
        [
            _mapping(row, meaning, specs[row.item.name], options, by)
            for row, meaning in changed.values()
            if meaning is not None
        ],
        update_conflicts=True,
        unique_fields=["item", "key"],
        update_fields=["value", "option", "number", "created_by"],
    )


def _options(items: Iterable[Item]) -> dict[tuple[int, str], ScaleOption]:
    scales = {item.scale_id for item in items if item.scale_id is not None}
    rows = ScaleOption.objects.filter(scale__in=scales)
    return {(option.scale_id, option.name): option for option in rows}


def _mapping(
    row: DoubtfulValue,
    meaning: str,
    spec: ItemSpec,
    options: Mapping[tuple[int, str], ScaleOption],
    by: User | None,
) -> ValueMapping:
    kept = ValueMapping(item=row.item, key=row.key, value=row.value, created_by=by)
    if not meaning:
        return kept
    if spec.kind is ItemKind.NUMBER:
        number = read_number(spec, meaning).code
        if number == MISSING or meaning != str(number):
            raise ValueNotAsked
        kept.number = number
    else:
        kept.option = options.get((row.item.scale_id or 0, meaning))
        if kept.option is None:
            raise ValueNotAsked
    return kept
