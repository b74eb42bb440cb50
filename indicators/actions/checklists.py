"""A director's checklist from the first answer to approval. Every step is an event and audited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from indicators.actions import audit
from indicators.actions.checklist_answers import AnswerProblem, BadAnswers, clean_answers
from indicators.models import (
    Checklist,
    ChecklistEvent,
    InstrumentVersion,
    Item,
    Membership,
    School,
    User,
    Wave,
)
from indicators.pipeline.checklist_rule import is_complete
from indicators.vocabulary import ChecklistState, ItemKind, Respondent, RoleName, WaveState

__all__ = [
    "AnswerProblem",
    "BadAnswers",
    "ChecklistClosed",
    "IncompleteChecklist",
    "ReasonMissing",
    "StaleChecklist",
    "approve_checklist",
    "reopen_checklist",
    "return_checklist",
    "save_draft",
    "start_checklist",
    "submit_checklist",
]

FILLING = ("started", "saved", "sent", "sent_incomplete")
OPEN_STATES = frozenset({ChecklistState.DRAFT, ChecklistState.RETURNED})


class ChecklistClosed(Exception):
    """This step is not possible in the checklist's state, or its wave is not open."""


class ReasonMissing(Exception):
    """A return or a reopening says why."""


class StaleChecklist(Exception):
    """The answers were saved elsewhere meanwhile; nothing of either side is lost."""

    def __init__(self, *, answers: Mapping[str, Any], stored: Checklist) -> None:
        super().__init__("the checklist was saved elsewhere")
        self.answers = dict(answers)
        self.stored = stored


class IncompleteChecklist(Exception):
    """Fewer than half of the scored questions are answered and nobody confirmed the sending."""

    def __init__(self, *, answered: int, scored: int) -> None:
        super().__init__(f"{answered} of {scored} scored questions answered")
        self.answered = answered
        self.scored = scored


@transaction.atomic
def start_checklist(
    *, school: School, wave: Wave, version: InstrumentVersion, by: User
) -> Checklist:
    """The checklist of a school in a wave; made on the first visit."""
    stored = Checklist.objects.filter(school=school, wave=wave, version=version).first()
    if stored is not None:
        return stored
    fits = (
        school.project_id == wave.project_id
        and version.instrument.respondent == Respondent.DIRECTOR
        and wave.wave_instruments.filter(version=version).exists()
    )
    if wave.state != WaveState.OPEN or not fits:
        raise ChecklistClosed
    checklist, is_new = Checklist.objects.get_or_create(school=school, wave=wave, version=version)
    if is_new:
        _happened(checklist, "started", by=by)
    return checklist


@transaction.atomic
def save_draft(
    *,
    checklist: Checklist,
    answers: Mapping[str, Any],
    comments: Mapping[str, str],
    revision: int,
    by: User,
) -> Checklist:
    """Keep what is typed so far; unanswered questions are simply absent.

    Replaces the answers of the questions on the form. Raises BadAnswers for unknown questions or
    codes, StaleChecklist when somebody saved since `revision`, ChecklistClosed when it was sent.
    """
    stored = _locked(checklist)
    _demand_open(stored)
    answers, comments = clean_answers(stored.version, answers, comments)
    kept = {name: value for name, value in stored.answers.items() if name not in _asked(stored)}
    answers = kept | answers
    if stored.answers == answers and stored.comments == comments:
        return stored
    if stored.revision != revision:
        raise StaleChecklist(answers=answers, stored=stored)
    before = {"answers": stored.answers, "comments": stored.comments}
    after = {"answers": answers, "comments": comments}
    stored.answers, stored.comments = answers, comments
    stored.revision += 1
    stored.save(update_fields=["answers", "comments", "revision", "updated_at"])
    _happened(stored, "saved", by=by, before=_differences(before, after), after=after)
    return stored


@transaction.atomic
def submit_checklist(
    *, checklist: Checklist, revision: int, by: User, confirm_incomplete: bool = False
) -> Checklist:
    """Send the checklist to the project team; it is closed until somebody returns or reopens it."""
    stored = _locked(checklist)
    _demand_open(stored)
    if stored.revision != revision:
        raise StaleChecklist(answers=stored.answers, stored=stored)
    complete, answered, scored = is_complete(stored.answers, _scored(stored))
    if not complete and not confirm_incomplete:
        raise IncompleteChecklist(answered=answered, scored=scored)
    stored.submitted_at = timezone.now()
    stored.filled_on = stored.filled_on or timezone.localdate(stored.submitted_at)
    stored.filled_by = stored.filled_by or by.get_full_name() or by.get_username()
    stored.return_reason = ""
    return _move(stored, ChecklistState.SUBMITTED, "sent" if complete else "sent_incomplete", by=by)


@transaction.atomic
def return_checklist(*, checklist: Checklist, reason: str, by: User) -> Checklist:
    """Send a checklist back for correction, saying what to correct."""
    stored = _in_state(checklist, ChecklistState.SUBMITTED)
    stored.return_reason = _demand(reason)
    return _move(stored, ChecklistState.RETURNED, "returned", by=by, reason=stored.return_reason)


@transaction.atomic
def approve_checklist(*, checklist: Checklist, by: User) -> Checklist:
    """Accept a sent checklist as it is."""
    stored = _in_state(checklist, ChecklistState.SUBMITTED)
    return _move(stored, ChecklistState.APPROVED, "approved", by=by)


@transaction.atomic
def reopen_checklist(*, checklist: Checklist, reason: str, by: User) -> Checklist:
    """Make a sent or approved checklist fillable again; the reason is kept."""
    stored = _in_state(checklist, ChecklistState.SUBMITTED, ChecklistState.APPROVED)
    reason = _demand(reason)
    return _move(stored, ChecklistState.DRAFT, "reopened", by=by, reason=reason)


def _locked(checklist: Checklist) -> Checklist:
    return (
        Checklist.objects.select_for_update(of=("self",))
        .select_related("school__project", "wave", "version__instrument")
        .get(pk=checklist.pk)
    )


def _demand_open(checklist: Checklist) -> None:
    if checklist.state not in OPEN_STATES or checklist.wave.state != WaveState.OPEN:
        raise ChecklistClosed


def _in_state(checklist: Checklist, *states: ChecklistState) -> Checklist:
    stored = _locked(checklist)
    if stored.state not in states or stored.wave.state != WaveState.OPEN:
        raise ChecklistClosed
    return stored


def _demand(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()


def _asked(checklist: Checklist) -> set[str]:
    return set(
        Item.objects.filter(versions__version=checklist.version_id).values_list("name", flat=True)
    )


def _scored(checklist: Checklist) -> list[str]:
    items = Item.objects.filter(versions__version=checklist.version_id, kind=ItemKind.SCALE)
    return list(items.values_list("name", flat=True))


def _differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What of `before` is no longer so; `after` loses what did not change."""
    changed: dict[str, Any] = {}
    for part in before:
        names = {
            name
            for name in before[part].keys() | after[part].keys()
            if before[part].get(name) != after[part].get(name)
        }
        changed[part] = {name: before[part].get(name) for name in sorted(names)}
        after[part] = {name: after[part].get(name) for name in sorted(names)}
    return changed


def _move(
    checklist: Checklist, state: ChecklistState, kind: str, *, by: User, reason: str = ""
) -> Checklist:
    before = {"state": str(checklist.state)}
    checklist.state = state
    checklist.revision += 1
    checklist.save()
    _happened(checklist, kind, by=by, before=before, after={"state": state.value}, reason=reason)
    return checklist


def _happened(
    checklist: Checklist,
    kind: str,
    *,
    by: User,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """The event people see and the audit event. What the team fills in for a school: `_for`."""
    if kind in FILLING and not _is_director(checklist.school, by):
        kind = f"{kind}_for"
    ChecklistEvent.objects.create(checklist=checklist, kind=kind, by=by, comment=reason)
    audit.record(
        f"checklist.{kind}",
        checklist,
        by=by,
        project=checklist.school.project,
        before=before,
        after=after,
        reason=reason,
    )


def _is_director(school: School, by: User) -> bool:
    return Membership.objects.filter(user=by, role=RoleName.DIRECTOR, schools=school.pk).exists()
