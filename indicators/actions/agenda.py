"""Write questions of the agenda and the conclusions about them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.cited_texts import check_citations
from indicators.actions.ordering import Step, move_row
from indicators.actions.projects import StaleRow
from indicators.models import AgendaQuestion, Indicator, Project, User
from indicators.models.base import LANGUAGES
from indicators.pipeline.citation import citations_of
from indicators.queries.agenda import CREATED, MOVED, REMOVED, next_position
from indicators.vocabulary import AgendaStatus

QUESTIONS = tuple(f"question_{language}" for language in LANGUAGES)
CONCLUSIONS = tuple(f"conclusion_{language}" for language in LANGUAGES)
FIELDS = ("section", *QUESTIONS, "status", *CONCLUSIONS, "no_figure_reason", "is_public")


class AgendaRefusal(StrEnum):
    """Why a question cannot be stored."""

    CODE_TAKEN = "code_taken"
    NO_QUESTION = "no_question"
    NO_CONCLUSION = "no_conclusion"  # decided, with nothing said
    NO_FIGURE = "no_figure"  # answered without a figure and without a reason why there is none


class AgendaRefused(Exception):
    """The question breaks a rule; `reason` names it. Nothing was stored."""

    def __init__(self, reason: AgendaRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def add_question(
    *, project: Project, code: str, values: Mapping[str, Any], by: User
) -> AgendaQuestion:
    """`values` hold the fields of FIELDS and `indicators`, a list of codes.

    Raises AgendaRefused or TextRefused.
    """
    _check(project, values)
    Project.objects.select_for_update().get(pk=project.pk)  # two people adding the same code
    if AgendaQuestion.objects.filter(project=project, code=code).exists():
        raise AgendaRefused(AgendaRefusal.CODE_TAKEN)
    question = AgendaQuestion(
        project=project, code=code, position=next_position(project), updated_by=by
    )
    for name in FIELDS:
        setattr(question, name, values[name])
    question.save()
    _link(question, values["indicators"])
    after = plain_question(question)
    record(CREATED, question, by=by, project=project, after=after)
    return question


@transaction.atomic
def change_question(
    *, question: AgendaQuestion, values: Mapping[str, Any], revision: int, by: User
) -> bool:
    """False when nothing changed. Raises StaleRow, AgendaRefused or TextRefused."""
    rows = AgendaQuestion.objects.select_for_update(of=("self",)).select_related("project")
    stored = rows.get(pk=question.pk)
    before = plain_question(stored)
    after = {name: values[name] for name in FIELDS} | {"indicators": sorted(values["indicators"])}
    if before == after:
        return False
    if stored.revision != revision:
        raise StaleRow(stored)
    _check(stored.project, values)
    for name in FIELDS:
        setattr(stored, name, values[name])
    stored.revision, stored.updated_by = stored.revision + 1, by
    stored.save()
    _link(stored, values["indicators"])
    kind, project = "agenda.changed", stored.project
    record(kind, stored, by=by, project=project, before=before, after=after)
    return True


@transaction.atomic
def remove_question(*, question: AgendaQuestion, reason: str, revision: int, by: User) -> None:
    """Its words stay in the audit log. Raises StaleRow when it is not what was looked at."""
    rows = AgendaQuestion.objects.select_for_update(of=("self",)).select_related("project")
    stored = rows.get(pk=question.pk)
    if stored.revision != revision:
        raise StaleRow(stored)
    before = plain_question(stored)
    record(REMOVED, stored, by=by, project=stored.project, before=before, reason=reason)
    stored.delete()


@transaction.atomic
def move_question(*, question: AgendaQuestion, step: Step, by: User) -> bool:
    """One place up or down; False at the end of the agenda."""
    project = question.project
    rows = AgendaQuestion.objects.filter(project=project)
    return move_row(rows, question, step, project=project, kind=MOVED, by=by)


def plain_question(question: AgendaQuestion) -> dict[str, Any]:
    """What an audit row and a form say of a question."""
    codes = sorted(question.indicators.values_list("code", flat=True))
    return {name: getattr(question, name) for name in FIELDS} | {"indicators": codes}


def _link(question: AgendaQuestion, codes: list[str]) -> None:
    question.indicators.set(Indicator.objects.filter(project=question.project, code__in=codes))


def _check(project: Project, values: Mapping[str, Any]) -> None:
    if not any(values[name] for name in QUESTIONS):
        raise AgendaRefused(AgendaRefusal.NO_QUESTION)
    check_citations(project, {name: values[name] for name in CONCLUSIONS})
    texts = [values[name] for name in CONCLUSIONS if values[name]]
    reason = values["no_figure_reason"]
    if values["status"] == AgendaStatus.OPEN:
        return
    if not texts and not (reason and values["status"] == AgendaStatus.UNANSWERABLE):
        raise AgendaRefused(AgendaRefusal.NO_CONCLUSION)
    # Each language on its own: a reader of one must not get the sentence without its figure.
    is_cited = all(citations_of(text) for text in texts)
    if values["status"] == AgendaStatus.ANSWERED and not is_cited and not reason:
        raise AgendaRefused(AgendaRefusal.NO_FIGURE)
