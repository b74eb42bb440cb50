"""Texts of the demo that cite figures: answers of the agenda, paragraphs of the report."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.db import transaction

from indicators.actions.agenda import change_question, plain_question
from indicators.actions.paragraphs import add_paragraph
from indicators.models import AgendaQuestion, AuditEvent, Project, User
from indicators.models.base import LANGUAGES
from indicators.vocabulary import AgendaStatus

TEXTS = "texts.toml"


@transaction.atomic
def load_demo_texts(*, project: Project, directory: Path, by: User) -> None:
    """All texts, once: what people changed or removed since does not come back."""
    if AuditEvent.objects.filter(project=project, kind="paragraph.created").exists():
        return
    texts = tomllib.loads((directory / TEXTS).read_text(encoding="utf-8"))
    for answer in texts["answer"]:
        question = AgendaQuestion.objects.get(project=project, code=answer["question"])
        values = plain_question(question) | {
            "status": AgendaStatus.ANSWERED,
            "is_public": True,
            **{f"conclusion_{language}": answer[language] for language in LANGUAGES},
        }
        change_question(question=question, values=values, revision=question.revision, by=by)
    for paragraph in texts["paragraph"]:
        words = {f"text_{language}": paragraph[language] for language in LANGUAGES}
        add_paragraph(
            project=project, place=paragraph["place"], values={**words, "is_public": True}, by=by
        )
