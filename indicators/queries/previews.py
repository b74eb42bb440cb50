"""Previews of decisions about a file, as they were worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q

from indicators.models import AuditEvent, Indicator, UploadPreview, Wave
from indicators.queries.results import indicator_head
from indicators.vocabulary import PreviewStep, UploadState

if TYPE_CHECKING:
    from indicators.models import Project, Upload
    from indicators.results import IndicatorHead

# Entries of the audit log after which every number is as it was.
CHANGES_NO_DATA = Q(kind__in=["upload.received", "upload.recognised", "upload.checked"])
for _thing in (
    *("run", "member", "membership", "user", "answers", "comparison", "figure"),
    *("note", "agenda", "agendaquestion", "paragraph"),
):
    CHANGES_NO_DATA |= Q(kind__startswith=f"{_thing}.")


@dataclass(frozen=True, slots=True)
class Movement:
    """One figure of an indicator before and after."""

    indicator: IndicatorHead
    wave: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BaseMove:
    """Answer sheets of one wave and kind of respondent before and after; `schools` that differ."""

    wave: str
    respondent: str
    before: int
    after: int
    schools: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class PreviewSheet:
    step: str
    is_finished: bool
    is_outdated: bool
    error: str
    what: str  # that stands in the way of a withdrawal
    finished_at: datetime | None
    counts: Mapping[str, int]
    funnel: tuple[int, ...]
    bases: tuple[BaseMove, ...]
    movements: tuple[Movement, ...]
    replaces: str = ""  # name of the earlier version
    replaces_pk: int | None = None
    rows: Mapping[str, Any] | None = None  # that differ from it


def data_mark(project: Project) -> int:
    """The last entry of the audit log that may have changed a number; 0 without one."""
    rows = AuditEvent.objects.filter(project=project).exclude(CHANGES_NO_DATA)
    return int(rows.aggregate(last=Max("pk"))["last"] or 0)


def earlier_file(upload: Upload) -> Upload | None:
    """The file whose corrected version this one is, as its preview found."""
    preview = UploadPreview.objects.filter(upload=upload, step=PreviewStep.REPLACE)
    found = preview.select_related("replaces").first()
    return found.replaces if found else None


def preview_sheets(upload: Upload) -> dict[str, PreviewSheet]:
    """By step. Four queries, one when there is none."""
    stored = UploadPreview.objects.filter(upload=upload).select_related("replaces")
    # What was withdrawn meanwhile is replaced no more.
    previews = [
        one for one in stored if not one.replaces or one.replaces.state == UploadState.ACCEPTED
    ]
    if not previews:
        return {}
    mark = data_mark(upload.project)
    waves = {wave.code: wave.name for wave in Wave.objects.filter(project=upload.project_id)}
    register = Indicator.objects.filter(project=upload.project_id).select_related("measure")
    heads = [(row.measure.code, indicator_head(row)) for row in register]
    return {one.step: _sheet(one, mark, waves, heads) for one in previews}


def _sheet(
    preview: UploadPreview,
    mark: int,
    waves: Mapping[str, str],
    heads: Sequence[tuple[str, IndicatorHead]],
) -> PreviewSheet:
    content = preview.content
    return PreviewSheet(
        step=preview.step,
        is_finished=preview.finished_at is not None,
        is_outdated=preview.finished_at is not None and preview.data_mark != mark,
        error=preview.error,
        what=content.get("what", ""),
        finished_at=preview.finished_at,
        counts=content.get("counts", {}),
        funnel=tuple(content.get("funnel", ())),
        bases=tuple(
            BaseMove(
                waves.get(one["wave"], one["wave"]),
                one["respondent"],
                one["before"],
                one["after"],
                tuple((code, before, after) for code, before, after in one["schools"]),
            )
            for one in content.get("bases", ())
        ),
        movements=tuple(
            Movement(head, waves.get(one["wave"], one["wave"]), one["before"], one["after"])
            for measure, head in heads  # in the order of the register
            for one in content.get("figures", ())
            if one["measure"] == measure
        ),
        replaces=preview.replaces.file_name if preview.replaces else "",
        replaces_pk=preview.replaces_id,
        rows=content.get("rows"),
    )
