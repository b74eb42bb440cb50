"""Which calculation a visit may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indicators.models import Run
from indicators.roles import Permission
from indicators.vocabulary import RunState

if TYPE_CHECKING:
    from indicators.access import Visit
    from indicators.models import Project


@dataclass(frozen=True, slots=True)
class VisibleRun:
    """The calculation whose results the pages show."""

    run: Run
    is_published: bool


def visible_run(visit: Visit) -> VisibleRun | None:
    """The newest finished calculation, for those who may see it; else the newest published one."""
    may_see_all = visit.may(Permission.RESULT_VIEW_UNPUBLISHED)
    return newest_run(visit.project, only_published=not may_see_all)


def newest_run(project: Project, *, only_published: bool) -> VisibleRun | None:
    runs = Run.objects.filter(project=project, state=RunState.DONE).select_related(
        "release", "started_by"
    )
    if only_published:
        runs = runs.filter(release__isnull=False, release__withdrawn_at__isnull=True)
    # What was published last is what readers see, also when it is an older calculation.
    order = "-release__published_at" if only_published else "-id"
    run = runs.order_by(order, "-id").first()
    return None if run is None else VisibleRun(run, _is_published(run))


def _is_published(run: Run) -> bool:
    release = getattr(run, "release", None)
    return release is not None and release.withdrawn_at is None
