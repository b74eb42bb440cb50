"""The order in which a project's texts are read, changed one step at a time."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from django.db.models import Model, QuerySet

from indicators.actions.audit import record
from indicators.models import AgendaQuestion, Paragraph, Project, User

Row = TypeVar("Row", AgendaQuestion, Paragraph)


class Step(StrEnum):
    UP = "up"
    DOWN = "down"


def move_row(
    rows: QuerySet[Row], row: Model, step: Step, *, project: Project, kind: str, by: User
) -> bool:
    """Let a row change places with its neighbour; False at the end of the list.

    Call inside a transaction. `rows`: all of them, in their order. Places are numbered anew, for
    two rows may have had the same.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    ordered = list(rows)
    place = next(i for i, one in enumerate(ordered) if one.pk == row.pk)
    other = place - 1 if step is Step.UP else place + 1
    if not 0 <= other < len(ordered):
        return False
    ordered[place], ordered[other] = ordered[other], ordered[place]
    changed = []
    for position, one in enumerate(ordered):
        if one.position != position:
            one.position = position
            changed.append(one)
    rows.model._default_manager.bulk_update(changed, ["position"])
    before, after = {"position": place + 1}, {"position": other + 1}
    record(kind, row, by=by, project=project, before=before, after=after)
    return True
