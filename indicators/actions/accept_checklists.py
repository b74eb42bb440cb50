"""Checklists from a file. What a director typed on the site is never overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from indicators.actions.audit import record
from indicators.models import (
    Checklist,
    ChecklistEvent,
    InstrumentVersion,
    Item,
    School,
    Upload,
    User,
    Wave,
)
from indicators.pipeline.checklist_rule import is_complete
from indicators.pipeline.shapes import ChecklistRow, ProblemSpec
from indicators.vocabulary import ChecklistState, ItemKind, Severity

LOADED = "loaded"


def taken_checklists(
    *, wave: Wave | None, version: InstrumentVersion | None, rows: Sequence[ChecklistRow]
) -> list[ProblemSpec]:
    """A blocking problem for every row whose checklist is there already."""
    if not rows:
        return []
    stored = Checklist.objects.filter(wave=wave, version=version).exclude(
        state=ChecklistState.DRAFT, answers={}, comments={}
    )
    taken = set(stored.values_list("school__code", flat=True))
    return [
        ProblemSpec(Severity.BLOCK, "checklist_taken", row=row.row, value=row.school_code)
        for row in rows
        if row.school_code in taken
    ]


def store_checklists(
    *, upload: Upload, rows: Iterable[ChecklistRow], by: User | None
) -> dict[str, int]:
    """One checklist per row: complete ones as sent, others returned with the reason."""
    schools = {school.code: school for school in School.objects.filter(project=upload.project_id)}
    scored = list(
        Item.objects.filter(versions__version=upload.version_id, kind=ItemKind.SCALE).values_list(
            "name", flat=True
        )
    )
    counts = {"complete": 0, "incomplete": 0}
    for row in rows:
        checklist = _checklist(upload, schools[row.school_code])
        complete, n_answered, n_scored = is_complete(row.answers, scored)
        counts["complete" if complete else "incomplete"] += 1
        checklist.upload = upload
        checklist.answers, checklist.comments = dict(row.answers), dict(row.comments)
        checklist.filled_on, checklist.filled_by = row.filled_on, row.filled_by[:200]
        checklist.state = ChecklistState.SUBMITTED if complete else ChecklistState.RETURNED
        checklist.submitted_at = timezone.now() if complete else None
        checklist.return_reason = ""  # pages say it in the reader's language
        checklist.revision += 1 if checklist.pk else 0
        checklist.save()
        ChecklistEvent.objects.create(
            checklist=checklist, kind=LOADED, by=by, comment=upload.file_name
        )
        record(
            "checklist.loaded",
            checklist,
            by=by,
            project=upload.project,
            after={"state": str(checklist.state), "answered": n_answered, "scored": n_scored},
        )
    return counts


def _checklist(upload: Upload, school: School) -> Checklist:
    """The school's checklist of the wave: new, or empty so far (`taken_checklists` saw to it)."""
    found = (
        Checklist.objects.select_for_update()
        .filter(school=school, wave=upload.wave_id, version=upload.version_id)
        .first()
    )
    return found or Checklist(school=school, wave=upload.wave, version=upload.version)
