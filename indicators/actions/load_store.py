"""Rows created or updated by their natural key, with a count of what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from indicators.actions.audit import record
from indicators.actions.tables import plain
from indicators.models import Project, User
from indicators.pipeline.shapes import ProblemSpec
from indicators.vocabulary import Severity

M = TypeVar("M", bound=Model)
Key = tuple[Any, ...]
# Rows a person knows by name; of the others a number says enough.
NAMED = {
    "School": "code",
    "InstrumentVersion": "version",
    "Wave": "code",
    "CompositeIndex": "code",
    "Indicator": "code",
    "AgendaQuestion": "code",
}


@dataclass(slots=True)
class Journal:
    """What a load does, by model: names of rows added and of rows the files no longer name."""

    added: dict[str, list[str]] = default(default_factory=dict)
    kept: dict[str, list[str]] = default(default_factory=dict)
    changed: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = default(default_factory=list)
    removed: list[tuple[str, str]] = default(default_factory=list)


class Store:
    """Writes rows of one project. Call inside a transaction; it is left to the caller.

    An updated row is audited with the values that changed. Created rows are not audited one by one:
    the load itself is, with the hashes of its files.
    """

    def __init__(self, *, by: User | None, has_data: bool) -> None:
        self.by = by
        self.project: Project | None = None
        self.created: Counter[str] = Counter()
        self.updated: Counter[str] = Counter()
        self.unchanged: Counter[str] = Counter()
        self.refused: list[ProblemSpec] = []
        self.notices: list[ProblemSpec] = []
        self.journal = Journal()
        self._has_data = has_data

    def put(
        self,
        existing: QuerySet[M],
        key: Sequence[str],
        rows: Iterable[Mapping[str, Any]],
        *,
        fixed: Sequence[str] = (),
    ) -> dict[Key, M]:
        """The rows by their key, after creating the new and updating the changed ones.

        `fixed` names fields that may not change once answers are stored: they give the stored
        numbers their meaning.
        """
        stored = {self._key(row, key): row for row in existing}
        new: dict[Key, M] = {}
        absent = dict(stored)
        for values in rows:
            place = tuple(values[name] for name in key)
            absent.pop(place, None)
            row = stored.get(place)
            if row is None:
                new[place] = existing.model(**values)
            else:
                self._update(row, values, fixed)
        created = existing.model._default_manager.bulk_create(new.values())
        name = existing.model.__name__
        self.created[name] += len(created)
        if name in NAMED:
            self.journal.added[name] = [getattr(row, NAMED[name]) for row in created]
            self.journal.kept[name] = [getattr(row, NAMED[name]) for row in absent.values()]
        return {**stored, **new}

    def remove(self, rows: QuerySet[M]) -> None:
        """Links that the files no longer make; they carry no data of their own."""
        for row in rows:
            record("project.link_removed", row, by=self.by, project=self.project)
            self.journal.removed.append((type(row).__name__, str(row)))
            row.delete()

    def _update(self, row: Model, values: Mapping[str, Any], fixed: Sequence[str]) -> None:
        name = type(row).__name__
        changed = {field: value for field, value in values.items() if getattr(row, field) != value}
        if not changed or self._is_edited(row, changed):
            self.unchanged[name] += 1
            return
        for field in set(fixed) & changed.keys():
            if self._has_data:
                self._refuse(row, field)
        before = {field: getattr(row, field) for field in changed}
        for field, value in changed.items():
            setattr(row, field, value)
        if hasattr(row, "revision"):
            row.revision += 1
        row.save()
        self.updated[name] += 1
        old = {field: plain(value) for field, value in before.items()}
        new = {field: plain(value) for field, value in changed.items()}
        self.journal.changed.append((name, str(row), old, new))
        kind = f"{row._meta.model_name}.changed"
        record(kind, row, by=self.by, project=self.project, before=old, after=new)

    def _is_edited(self, row: Model, changed: Mapping[str, Any]) -> bool:
        """What a person typed since is kept: the files are told apart from it, not above it."""
        if getattr(row, "updated_by_id", None) is None:
            return False
        self.notice_edited(row, changed)
        return True

    def notice_edited(self, row: Model, fields: Iterable[str]) -> None:
        """Say once which fields of a row the files would have changed."""
        spec = ProblemSpec(
            Severity.WARNING,
            "edited_by_a_person",
            value=str(row),
            params={"fields": ", ".join(fields)},
        )
        if spec not in self.notices:
            self.notices.append(spec)

    def _refuse(self, row: Model, field: str) -> None:
        self.refused.append(
            ProblemSpec(
                Severity.BLOCK, "definition_has_data", value=str(row), params={"field": field}
            )
        )

    @staticmethod
    def _key(row: Model, key: Sequence[str]) -> Key:
        return tuple(getattr(row, name) for name in key)
