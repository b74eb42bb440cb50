"""The effect of a changed definition on large data: worked out in the background, kept on a row.

A small one is shown at once and leaves no row. Nothing of the definition is stored before somebody
saves it, so a row that was lost with its process is simply asked for again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from indicators.actions.definition_edit import DefinitionRefused
from indicators.actions.definition_preview import Counted, count
from indicators.actions.definition_subjects import Subject, subject_of
from indicators.actions.projects import StaleRow
from indicators.actions.table_rows import RowRefused
from indicators.models import DefinitionEffect, User
from indicators.models.definition_effect import UNFINISHED
from indicators.pipeline.effect_content import as_content, from_content
from indicators.queries.previews import data_mark
from indicators.vocabulary import RunState

SECONDS_BETWEEN_UPDATES = 0.25
# Answer sheets that are counted while the page waits; more would take it over 200 ms.
MOST_AT_ONCE = 20_000


class EffectCancelled(Exception):
    """The effect is wanted no more."""


def is_small(n_sheets: int) -> bool:
    return n_sheets <= MOST_AT_ONCE


@transaction.atomic
def request_effect(
    *, subject: Subject, typed: Any, revision: int | None, form: str, mark: str, by: User
) -> DefinitionEffect:
    """Ask for an effect; what the person looked at before of the same definition is forgotten.

    `form`: the page as it was sent; `mark` names what was typed.
    """
    effects_of(subject, by).delete()
    return DefinitionEffect.objects.create(
        **subject.keys,
        revision=revision,
        typed=asdict(typed),
        form=form,
        mark=mark,
        created_by=by,
    )


def effects_of(subject: Subject, by: User) -> QuerySet[DefinitionEffect]:
    """What a person looks at of one definition, and has not saved."""
    keys = {
        name if value is not None else f"{name}__isnull": True if value is None else value
        for name, value in subject.keys.items()
    }
    return DefinitionEffect.objects.filter(created_by=by, **keys)


def counted_before(subject: Subject, mark: str, by: User) -> Counted | None:
    """What was worked out of exactly this, unless data or definitions changed since."""
    row = effects_of(subject, by).filter(mark=mark, state=RunState.DONE).first()
    if row is None or is_outdated(row):
        return None
    before = row.content["before"]
    return Counted(from_content(before) if before else None, from_content(row.content["after"]))


def is_outdated(row: DefinitionEffect) -> bool:
    return row.state == RunState.DONE and row.data_mark != data_mark(row.project)


def cancel_effect(*, row: DefinitionEffect) -> None:
    """Stop the work at its next step. What was typed stays."""
    DefinitionEffect.objects.filter(pk=row.pk, state__in=UNFINISHED).update(
        state=RunState.INTERRUPTED, finished_at=timezone.now()
    )


def waiting_effects() -> list[int]:
    """Effects that nobody has begun; oldest first."""
    rows = DefinitionEffect.objects.filter(state=RunState.WAITING).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def mark_effects_interrupted() -> int:
    """Effects that a stopped process left behind. Only where this process does the work itself."""
    return DefinitionEffect.objects.filter(state__in=UNFINISHED).update(
        state=RunState.INTERRUPTED, finished_at=timezone.now()
    )


def compute_effect(
    *, effect_id: int, progress: Callable[[DefinitionEffect], None] | None = None
) -> None:
    """Work out an effect that was asked for. Doing it twice is safe.

    `progress` hears of every step; it may raise EffectCancelled to stop. A definition that cannot
    be saved as it is typed ends as "refused"; any other error is raised, the row says "failed".
    """
    parts = ("project", "indicator__measure", "instrument__project", "index", "created_by")
    row = DefinitionEffect.objects.select_related(*parts).filter(pk=effect_id).first()
    if row is None or not _begin(row):
        return
    try:
        mark = data_mark(row.project)
        subject = subject_of(row)
        typed = subject.typed_from(row.typed)
        tried = subject.attempt(typed=typed, revision=row.revision, by=row.created_by)
        found = count(tried, _Reporter(row, progress))
    except EffectCancelled:
        _end(row, RunState.INTERRUPTED)
    except (DefinitionRefused, RowRefused, StaleRow):
        _end(row, RunState.FAILED, error="refused")
    except Exception:
        _end(row, RunState.FAILED, error="failed")
        raise
    except BaseException:  # Ctrl-C, or the worker is told to go
        _end(row, RunState.INTERRUPTED)
        raise
    else:
        before = as_content(found.before) if found.before is not None else None
        content = {"before": before, "after": as_content(found.after)}
        _end(row, RunState.DONE, content=content, data_mark=mark, percent=100)


def _begin(row: DefinitionEffect) -> bool:
    wanted = DefinitionEffect.objects.filter(pk=row.pk, state__in=UNFINISHED)
    return bool(wanted.update(state=RunState.RUNNING, percent=0, heard_at=timezone.now()))


def _end(row: DefinitionEffect, state: RunState, **values: Any) -> None:
    """Close the row, unless it was cancelled or is gone."""
    DefinitionEffect.objects.filter(pk=row.pk, state=RunState.RUNNING).update(
        state=state, finished_at=timezone.now(), **values
    )


class _Reporter:
    """Writes how far the work is, a few times a second at most, and hears of a cancel."""

    def __init__(
        self, row: DefinitionEffect, listener: Callable[[DefinitionEffect], None] | None
    ) -> None:
        self.row, self.listener, self.last = row, listener, time.monotonic()

    def __call__(self, share: float) -> None:
        now = time.monotonic()
        if now - self.last < SECONDS_BETWEEN_UPDATES:
            return
        self.last = now
        running = DefinitionEffect.objects.filter(pk=self.row.pk, state=RunState.RUNNING)
        if not running.update(percent=round(100 * share), heard_at=timezone.now()):
            raise EffectCancelled
        if self.listener is not None:
            self.listener(self.row)
