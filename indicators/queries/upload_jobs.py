"""Steps of a large file: the newest one, and the one that waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indicators.models import UploadJob
from indicators.models.upload_job import UNFINISHED
from indicators.vocabulary import RunState

if TYPE_CHECKING:
    from indicators.models import Upload


@dataclass(frozen=True, slots=True)
class JobRow:
    """`is_silent`: its process has not been heard of for so long that it may be gone."""

    step: str
    state: str
    percent: int
    error: str
    is_final: bool
    is_silent: bool
    is_cancel_asked: bool


def waiting_job(upload: Upload) -> UploadJob | None:
    """The step that nobody has begun."""
    return UploadJob.objects.filter(upload=upload, state=RunState.WAITING).first()


def newest_job(upload: Upload) -> UploadJob | None:
    return UploadJob.objects.filter(upload=upload).order_by("-id").first()


def job_row(upload: Upload) -> JobRow | None:
    """The newest step of the file; None for a small one. One query."""
    job = newest_job(upload)
    if job is None:
        return None
    return JobRow(
        step=job.step,
        state=job.state,
        percent=job.percent,
        error=job.error,
        is_final=job.state not in UNFINISHED,
        is_silent=job.is_silent,
        is_cancel_asked=job.cancel_asked,
    )
