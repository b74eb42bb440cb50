"""Rows of the reference tables written one by one: by the admin's forms and by imported tables."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import models, transaction
from django.db.models import F

from indicators.actions.audit import record
from indicators.actions.versions import versioned
from indicators.models import CompositeIndex, IndexItem, Indicator, Project, User
from indicators.models.base import EditedModel
from indicators.pipeline.matching import normalise
from indicators.vocabulary import DefinitionSource

# Never written into the audit log.
SECRET = frozenset({"password", "token_hash", "last_login", "data"})

# Where the project stands, seen from a row. Every other model has a field `project`.
PROJECT_PATHS: dict[str, str] = {
    "schoolalias": "school__project",
    "schoolevent": "school__project",
    "instrumentversion": "instrument__project",
    "block": "instrument__project",
    "columnmapping": "instrument__project",
    "item": "instrument__project",
    "compositeindex": "instrument__project",
    "scaleoption": "scale__project",
    "itemversion": "version__instrument__project",
    "indexitem": "index__instrument__project",
    "waveinstrument": "wave__project",
    "wordingdecision": "question__version__instrument__project",
    "target": "indicator__project",
    "checklist": "school__project",
    "checklistevent": "checklist__school__project",
    "problem": "upload__project",
    "dataset": "upload__project",
    "doubtfulvalue": "upload__project",
    "leftoutrow": "upload__project",
    "valuemapping": "item__instrument__project",
    "exclusion": "dataset__upload__project",
    "schoolarrival": "dataset__upload__project",
    "fieldlogentry": "wave__project",
    "fieldplan": "use__wave__project",
    "deskvalue": "upload__project",
    "activitylog": "upload__project",
    "clusterplan": "upload__project",
    "manualvalue": "upload__project",
    "note": "wave__project",
    "theme": "item__instrument__project",
    "coding": "item__instrument__project",
    "openquestion": "run__project",
    "themeshare": "run__project",
    "release": "run__project",
    "estimate": "run__project",
    "change": "run__project",
    "distributiontest": "run__project",
    "indexcomponent": "run__project",
    "itemresult": "run__project",
    "gap": "run__project",
    "comparison": "run__project",
    "consistencycheck": "run__project",
    "consistencyfinding": "run__project",
    "comparisonwave": "comparison__run__project",
    "reliability": "run__project",
    "assessment": "run__project",
}


def project_path(model: type[models.Model]) -> str:
    """The lookup from a model to its project: "pk" for the project itself, "" for accounts."""
    name = model._meta.model_name or ""
    if model is Project:
        return "pk"
    return "" if model is User else PROJECT_PATHS.get(name, "project")


def project_of(row: models.Model) -> Project | None:
    """The project a row belongs to; None for accounts."""
    if isinstance(row, Project):
        return row
    found: Any = row
    for step in filter(None, project_path(type(row)).split("__")):
        found = getattr(found, step, None)
    return found if isinstance(found, Project) else None


@transaction.atomic
def save_row(
    *,
    row: models.Model,
    by: User | None,
    source: DefinitionSource = DefinitionSource.TABLE,
    reason: str = "",
) -> bool:
    """Create or change one row, with what changed in the audit log. False: nothing changed.

    Of indicators and indices a version is kept; `source` says which door it came through.
    """
    with _versions(row, by, source, reason):
        return _save_row(row, by, reason)


def _versions(
    row: models.Model, by: User | None, source: DefinitionSource, reason: str
) -> AbstractContextManager[None]:
    project = project_of(row)
    if project is None or not isinstance(row, CompositeIndex | IndexItem | Indicator):
        return nullcontext()
    return versioned(project=project, by=by, source=source, reason=reason)


def _save_row(row: models.Model, by: User | None, reason: str) -> bool:
    name = row._meta.model_name
    stored = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
    if stored is None:
        if isinstance(row, EditedModel):
            row.updated_by = by
        row.save()
        _touch_index(row, by)
        project, after = project_of(row), _values(row)
        record(f"{name}.created", row, by=by, project=project, after=after, reason=reason)
        return True
    before, after = _values(stored), _values(row)
    changed = [field for field in after if before[field] != after[field]]
    is_changed = bool(changed) or any(
        getattr(stored, field) != getattr(row, field) for field in _secrets(row)
    )
    if is_changed:
        if isinstance(row, EditedModel):
            row.revision, row.updated_by = row.revision + 1, by
        row.save()
        _touch_index(row, by)
        record(
            f"{name}.changed",
            row,
            by=by,
            project=project_of(row),
            before={field: before[field] for field in changed},
            after={field: after[field] for field in changed},
            reason=reason,
        )
    return is_changed


def _touch_index(row: models.Model, by: User | None) -> None:
    """A question put in or taken out by a person is a change of its index."""
    if isinstance(row, IndexItem):
        CompositeIndex.objects.filter(pk=row.index_id).update(
            revision=F("revision") + 1, updated_by=by
        )


@transaction.atomic
def delete_row(*, row: models.Model, by: User | None, reason: str = "") -> None:
    """Delete one row; what it held stays in the audit log."""
    with _versions(row, by, DefinitionSource.TABLE, reason):
        _delete_row(row, by, reason)


def _delete_row(row: models.Model, by: User | None, reason: str) -> None:
    project = project_of(row)
    # A project's own events outlive it without naming it.
    kept = None if isinstance(row, Project) else project
    kind, before = f"{row._meta.model_name}.deleted", _values(row)
    record(kind, row, by=by, project=kept, before=before, reason=reason)
    _touch_index(row, by)
    row.delete()


def normalised_name(text: str) -> str:
    """How two spellings of a school's name are told to be the same."""
    return normalise(text)


def plain(value: object) -> object:
    """A value as JSON can hold it."""
    is_plain = isinstance(value, bool | int | float | str | list | dict | None)
    return value if is_plain else str(value)


def _values(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in SECRET and not field.primary_key
    }


def _secrets(row: models.Model) -> list[str]:
    return [field.attname for field in row._meta.concrete_fields if field.name in SECRET]
