"""Decide whether reworded questions can be compared, and link a question to the one it carries on.

Answers are never touched: a decision or a link changes what the next calculation reads as one
series, and taking it back restores the results as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.db import transaction

from indicators.actions.audit import record
from indicators.models import Item, ItemVersion, Project, User, WordingDecision
from indicators.pipeline.wording import can_continue
from indicators.queries.wording import (
    ComparedRow,
    DecisionRow,
    VersionPair,
    version_pairs,
)


class WordingRefusal(StrEnum):
    """Why nothing was decided."""

    UNKNOWN = "unknown"  # no question that stands in two versions of this project
    NO_REASON = "no_reason"
    NOT_ALIKE = "not_alike"  # another kind of question, or other options
    LINKED = "linked"  # one of both is linked already, or both are asked in one version


class WordingRefused(Exception):
    """The decision breaks a rule; `reason` names it. Nothing was stored."""

    def __init__(self, reason: WordingRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class StaleDecision(Exception):
    """Somebody decided about one of the questions meanwhile. Nothing was stored."""


@transaction.atomic
def decide_wordings(
    *, project: Project, seen: Mapping[int, int], is_comparable: bool, reason: str, by: User
) -> int:
    """Decide about several questions at once; returns how many were decided anew.

    `seen`: key of a question (its wording in the later version) -> key of the decision in force
    when the person looked, 0 for none. The same decision sent twice is kept once.
    Raises WordingRefused or StaleDecision.
    """
    _demand_reason(reason)
    _lock(project)
    rows = {row.question: row for pair in version_pairs(project) for row in pair.rows}
    asked = [rows.get(question) for question in seen]
    found = [row for row in asked if row is not None and row.compared.is_in_both]
    if not found or len(found) < len(seen):
        raise WordingRefused(WordingRefusal.UNKNOWN)
    new = [row for row in found if not _is_said(row, is_comparable, reason, by)]
    if any((row.decisions[0].pk if row.decisions else 0) != seen[row.question] for row in new):
        raise StaleDecision
    questions = ItemVersion.objects.in_bulk([row.question for row in new])
    for row in new:
        _decide(project, questions[row.question], row, is_comparable, reason, by)
    return len(new)


@transaction.atomic
def link_question(
    *, project: Project, earlier: int, later: int, is_comparable: bool, reason: str, by: User
) -> Item:
    """Let a new question carry on one that is no longer asked, and decide about its wording.

    `earlier` and `later` are keys of questions. Raises WordingRefused.
    """
    _demand_reason(reason)
    _lock(project)
    pair, gone, added = _found(project, earlier, later)
    if gone.compared.old is None or added.compared.new is None:
        raise WordingRefused(WordingRefusal.UNKNOWN)
    if not can_continue(gone.compared.old, added.compared.new):
        raise WordingRefused(WordingRefusal.NOT_ALIKE)
    items = Item.objects.select_related("instrument").in_bulk([earlier, later])
    first, item = items[earlier].continues or items[earlier], items[later]
    if item.continues_id or item.continued_by.exists() or _are_asked_together(first, item):
        raise WordingRefused(WordingRefusal.LINKED)
    item.continues = first
    item.save(update_fields=["continues"])
    after = {"continues": first.name, "version": pair.new.version}
    record("question.linked", item, by=by, project=project, after=after, reason=reason)
    question = ItemVersion.objects.get(pk=added.question)
    _decide(project, question, added, is_comparable, reason, by)
    return item


@transaction.atomic
def unlink_question(*, project: Project, item_pk: int, reason: str, by: User) -> bool:
    """Take a link back; False when there is none. The decisions stay on record."""
    _demand_reason(reason)
    _lock(project)
    linked = Item.objects.filter(instrument__project=project, continues__isnull=False)
    item = linked.select_related("continues").filter(pk=item_pk).first()
    if item is None or item.continues is None:
        return False
    before = {"continues": item.continues.name}
    item.continues = None
    item.save(update_fields=["continues"])
    record("question.unlinked", item, by=by, project=project, before=before, reason=reason)
    return True


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise WordingRefused(WordingRefusal.NO_REASON)


def _lock(project: Project) -> None:
    """Two officers decide one after the other."""
    Project.objects.select_for_update().get(pk=project.pk)


def _is_said(row: ComparedRow, is_comparable: bool, reason: str, by: User) -> bool:
    """Whether this very decision of this person is in force: a form sent twice."""
    now: DecisionRow | None = row.decisions[0] if row.decisions else None
    if now is None or (now.is_comparable, now.reason) != (is_comparable, reason.strip()):
        return False
    return WordingDecision.objects.filter(pk=now.pk, decided_by=by).exists()


def _decide(
    project: Project,
    question: ItemVersion,
    row: ComparedRow,
    is_comparable: bool,
    reason: str,
    by: User,
) -> None:
    now = row.decisions[0] if row.decisions else None
    WordingDecision.objects.create(
        question=question, is_comparable=is_comparable, reason=reason.strip(), decided_by=by
    )
    record(
        "wording.decided",
        question,
        by=by,
        project=project,
        before={"comparable": now.is_comparable, "reason": now.reason} if now else {},
        after={"comparable": is_comparable, **_wordings(row)},
        reason=reason.strip(),
    )


def _wordings(row: ComparedRow) -> dict[str, Any]:
    """What was compared: it may be corrected later."""
    old, new = row.compared.old, row.compared.new
    return {
        "old": list(old.labels) if old else [],
        "new": list(new.labels) if new else [],
    }


def _found(
    project: Project, earlier: int, later: int
) -> tuple[VersionPair, ComparedRow, ComparedRow]:
    """The pair of versions in which one question goes and the other comes."""
    for pair in version_pairs(project):
        gone = {row.item: row for row in pair.gone().values()}
        added = {row.item: row for row in pair.added().values()}
        if earlier in gone and later in added:
            return pair, gone[earlier], added[later]
    raise WordingRefused(WordingRefusal.UNKNOWN)


def _are_asked_together(first: Item, item: Item) -> bool:
    """Whether one version asks both, or another question that carries on the first."""
    line = ItemVersion.objects.filter(item=first) | ItemVersion.objects.filter(
        item__continues=first
    )
    versions = line.values_list("version_id", flat=True)
    return ItemVersion.objects.filter(item=item, version__in=list(versions)).exists()
