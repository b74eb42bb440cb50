"""Reading a posted checklist: what was typed stays as typed, whatever is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from indicators.actions.checklists import AnswerProblem
from indicators.vocabulary import ItemKind

if TYPE_CHECKING:
    from django.http import QueryDict

    from indicators.queries.checklist_sheet import Question

P = AnswerProblem
PROBLEMS = {
    P.UNKNOWN_ITEM: _("This question is not part of the form."),
    P.UNKNOWN_CODE: _("Choose one of the answers."),
    P.NOT_A_NUMBER: _("Type a number."),
    P.NOT_A_DATE: _("Type a date as year-month-day."),
    P.TOO_LONG: _("The text is too long."),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """One posting of the form."""

    answers: dict[str, Any]
    comments: dict[str, str]
    revision: int
    is_confirmed: bool
    wants_to_send: bool


def read_typed(post: QueryDict, questions: Iterable[Question]) -> Typed:
    """Answers by question name. A damaged revision counts as 0 and so as stale."""
    answers: dict[str, Any] = {}
    comments: dict[str, str] = {}
    for question in questions:
        field = f"a-{question.name}"
        is_multi = question.kind is ItemKind.MULTI
        answers[question.name] = post.getlist(field) if is_multi else post.get(field, "")
        comments[question.name] = post.get(f"c-{question.name}", "")
    revision = post.get("revision", "")
    return Typed(
        answers,
        comments,
        int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0,
        is_confirmed=post.get("confirm") == "yes",
        wants_to_send=post.get("do") == "send",
    )
