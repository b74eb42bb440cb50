"""Write the quality log of a wave: every entry and every change is on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from indicators.actions.audit import record
from indicators.models import FieldLogEntry, User, Wave

FIELDS = ("kind", "happened_on", "who", "what", "result", "n_collected", "n_checked", "n_agreed")


@transaction.atomic
def add_field_log_entry(*, wave: Wave, values: Mapping[str, Any], by: User) -> FieldLogEntry:
    """`values` hold the fields of FIELDS and `instrument`."""
    entry = FieldLogEntry.objects.create(wave=wave, created_by=by, **values)
    record("field_log.added", entry, by=by, project=wave.project, after=_plain(entry))
    return entry


@transaction.atomic
def change_field_log_entry(*, entry: FieldLogEntry, values: Mapping[str, Any], by: User) -> bool:
    """Whether anything changed; what stood there before stays in the audit log."""
    stored = FieldLogEntry.objects.select_for_update().select_related("wave__project")
    entry = stored.get(pk=entry.pk)
    before = _plain(entry)
    for name, value in values.items():
        setattr(entry, name, value)
    after = _plain(entry)
    if before == after:
        return False
    entry.save()
    project = entry.wave.project
    record("field_log.changed", entry, by=by, project=project, before=before, after=after)
    return True


def _plain(entry: FieldLogEntry) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in FIELDS}
    code = entry.instrument.code if entry.instrument else ""
    return values | {"happened_on": str(entry.happened_on), "instrument": code}
