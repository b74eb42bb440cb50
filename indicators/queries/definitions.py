"""The workbooks of a project's definition and what the waiting ones would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from indicators.models import Checklist, DefinitionCheck, DefinitionFile, Run, Upload
from indicators.vocabulary import DefinitionPart, DefinitionState, UploadState

if TYPE_CHECKING:
    from indicators.models import Project

NEEDED = tuple(part for part in DefinitionPart if part is not DefinitionPart.AGENDA)
SHOWN = (DefinitionState.WAITING, DefinitionState.HOLDS)


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """`slot`: "form student 2025100101"; a waiting one takes the place of the one in use."""

    pk: int
    part: DefinitionPart
    slot: str
    is_waiting: bool
    file_name: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class DefinitionPage:
    """`problems` and `preview` as they were worked out when the files were dropped."""

    waiting: tuple[DefinitionRow, ...]
    in_use: tuple[DefinitionRow, ...]
    missing: tuple[DefinitionPart, ...]
    mark: str
    problems: Sequence[Mapping[str, Any]]
    preview: Mapping[str, Any]
    needs_reason: bool


def definition_page(project: Project) -> DefinitionPage:
    """Six queries at most."""
    found = DefinitionFile.objects.filter(project=project, state__in=SHOWN)
    rows = [_row(one) for one in found.select_related("created_by")]
    check = DefinitionCheck.objects.filter(project=project).first()
    given = {row.part for row in rows}
    return DefinitionPage(
        waiting=tuple(row for row in rows if row.is_waiting),
        in_use=tuple(row for row in rows if not row.is_waiting),
        missing=tuple(part for part in NEEDED if part not in given),
        mark=check.mark if check else "",
        problems=check.problems if check else (),
        preview=check.preview if check else {},
        needs_reason=waits_on_data(project),
    )


def _row(one: DefinitionFile) -> DefinitionRow:
    return DefinitionRow(
        pk=one.pk,
        part=DefinitionPart(one.part),
        slot=one.slot,
        is_waiting=one.state == DefinitionState.WAITING,
        file_name=one.file_name,
        created_at=one.created_at,
        created_by=one.created_by.get_username() if one.created_by else "",
    )


def waits_on_data(project: Project) -> bool:
    """Whether a workbook waits that says what data mean; the agenda only asks. Four queries."""
    rows = DefinitionFile.objects.filter(project=project, state=DefinitionState.WAITING)
    return rows.exclude(part=DefinitionPart.AGENDA).exists() and needs_reason(project)


def needs_reason(project: Project) -> bool:
    """Whether data or results rest on the definitions. Three queries at most."""
    return (
        Upload.objects.filter(project=project, state=UploadState.ACCEPTED).exists()
        or Run.objects.filter(project=project).exists()
        or Checklist.objects.filter(school__project=project).exists()
    )
