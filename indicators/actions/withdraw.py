"""What a withdrawn file takes with it."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, ProtectedError

from indicators.actions.audit import record
from indicators.models import (
    ActivityLog,
    Checklist,
    ClusterPlan,
    Dataset,
    DeskValue,
    Exclusion,
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


def exclusions_of(upload: Upload) -> list[dict[str, Any]]:
    """Rows that were left out by decision, as they are kept while the file is withdrawn."""
    rows = Exclusion.objects.filter(dataset__upload=upload).order_by("row")
    return [{"row": one.row, "reason": one.reason, "created_by": one.created_by_id} for one in rows]


def restore_exclusions(upload: Upload) -> None:
    """The decisions about its rows count again with the file."""
    dataset = Dataset.objects.filter(upload=upload).first()
    people = {one["created_by"] for one in upload.exclusions}
    known = set(User.objects.filter(pk__in=people - {None}).values_list("pk", flat=True))
    if dataset is not None:
        for one in upload.exclusions:
            by = one["created_by"] if one["created_by"] in known else None
            Exclusion.objects.create(
                dataset=dataset, row=one["row"], reason=one["reason"], created_by_id=by
            )
    upload.exclusions = []


def remove_accepted(*, upload: Upload, by: User | None) -> dict[str, int]:
    """Delete what the file brought; notes are only hidden.

    Raises NotWithdrawn when something else stands on it.
    """
    counts = {}
    for model in BROUGHT:
        rows = model._default_manager.filter(upload=upload)
        if n := rows.count():
            # Notes stay, unseen, with what officers decided about them: see `notes.with_marks`.
            if model is not Note:
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
