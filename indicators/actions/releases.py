"""Make a calculation visible to donors and directors, and take it back."""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from indicators.actions import audit
from indicators.models import Release, Run, User
from indicators.vocabulary import RunState


class ReleaseRefusal(StrEnum):
    NOT_DONE = "not_done"
    ALREADY_PUBLISHED = "already_published"
    NOT_PUBLISHED = "not_published"


class ReleaseRefused(Exception):
    """The run cannot be published or withdrawn; `reason` says why."""

    def __init__(self, reason: ReleaseRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def publish_run(*, run: Run, by: User, note: str = "") -> Release:
    """Show a finished calculation. Donors see the newest release; earlier ones stay as history.

    A release that was withdrawn can be published again: it then counts as the newest.
    """
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state != RunState.DONE:
        raise ReleaseRefused(ReleaseRefusal.NOT_DONE)
    release = Release.objects.filter(run=run).first()
    if release is not None and release.withdrawn_at is None:
        raise ReleaseRefused(ReleaseRefusal.ALREADY_PUBLISHED)
    release = release or Release(run=run)
    release.published_at, release.published_by = timezone.now(), by
    release.withdrawn_at = release.withdrawn_by = None
    release.note = note.strip()
    release.save()
    audit.record(
        "run.published",
        run,
        by=by,
        project=run.project,
        after={"input_sha256": run.input_sha256, "code_version": run.code_version},
        reason=release.note,
    )
    return release


@transaction.atomic
def unpublish_run(*, run: Run, by: User) -> Release:
    """Withdraw a release; donors fall back to the one before it. Its row stays as history."""
    release = Release.objects.select_for_update().filter(run=run, withdrawn_at__isnull=True).first()
    if release is None:
        raise ReleaseRefused(ReleaseRefusal.NOT_PUBLISHED)
    release.withdrawn_at, release.withdrawn_by = timezone.now(), by
    release.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record(
        "run.unpublished",
        run,
        by=by,
        project=run.project,
        before={"published_at": release.published_at.isoformat()},
    )
    return release
