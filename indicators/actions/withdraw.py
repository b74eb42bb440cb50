"""What a withdrawn file takes with it."""

from __future__ import annotations

from django.db.models import Model, ProtectedError

from indicators.actions.audit import record
from indicators.models import (
    ActivityLog,
    Checklist,
    ClusterPlan,
    Dataset,
    DeskValue,
    ManualValue,
    Note,
    School,
    SchoolEvent,
    Upload,
    User,
)

BROUGHT: tuple[type[Model], ...] = (
    Dataset,
    DeskValue,
    ActivityLog,
    ClusterPlan,
    ManualValue,
    Note,
)


class NotWithdrawn(Exception):
    """Later data stand on what the file brought; `what` names them."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


def remove_accepted(*, upload: Upload, by: User | None) -> dict[str, int]:
    """Delete what the file brought. Raises NotWithdrawn when something else stands on it."""
    counts = {}
    for model in BROUGHT:
        rows = model._default_manager.filter(upload=upload)
        if n := rows.count():
            rows.delete()
            counts[model.__name__] = n
    counts |= _remove_checklists(upload, by)
    counts |= _remove_changes(upload, by)
    return counts


def _remove_checklists(upload: Upload, by: User | None) -> dict[str, int]:
    """Checklists as they were loaded. One that was worked on since belongs to its school."""
    checklists = list(Checklist.objects.filter(upload=upload).select_related("school"))
    worked_on = [c for c in checklists if c.events.exclude(kind="loaded").exists()]
    if worked_on:
        raise NotWithdrawn(", ".join(c.school.code for c in worked_on))
    for checklist in checklists:
        record("checklist.removed", checklist, by=by, project=upload.project)
        checklist.delete()
    return {"Checklist": len(checklists)} if checklists else {}


def _remove_changes(upload: Upload, by: User | None) -> dict[str, int]:
    """Events, and the schools they created, unless data of these schools exist."""
    events = list(SchoolEvent.objects.filter(upload=upload).select_related("new_school"))
    new = [event.new_school for event in events if event.new_school is not None]
    codes = {school.code for school in new}
    for dataset in Dataset.objects.filter(wave__project=upload.project_id):
        if used := codes & set(dataset.school_codes):
            raise NotWithdrawn(", ".join(sorted(used)))
    for event in events:
        event.delete()
    for school in new:
        _delete_school(school, upload, by)
    return {"SchoolEvent": len(events), "School": len(new)} if events else {}


def _delete_school(school: School, upload: Upload, by: User | None) -> None:
    if school.checklists.exists() or school.targets.exists() or school.memberships.exists():
        raise NotWithdrawn(school.code)
    record("school.removed", school, by=by, project=upload.project)
    try:
        school.delete()
    except ProtectedError as error:
        raise NotWithdrawn(school.code) from error
