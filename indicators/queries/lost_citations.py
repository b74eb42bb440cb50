"""References of stored texts that lead nowhere any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indicators.models import AgendaQuestion, Paragraph
from indicators.models.base import LANGUAGES
from indicators.queries.citations import Citable
from indicators.results import Lost

if TYPE_CHECKING:
    from indicators.models import Project


def lost_citations(project: Project) -> tuple[Lost, ...]:
    """In the order of the agenda, then of the paragraphs. Seven queries at most."""
    texts = [
        (kind, place, language, text)
        for kind, rows in (
            ("agenda", AgendaQuestion.objects.filter(project=project)),
            ("paragraph", Paragraph.objects.filter(project=project)),
        )
        for place, *found in rows.values_list(*_columns(kind))
        for language, text in zip(LANGUAGES, found, strict=True)
        if "{" in text
    ]
    if not texts:
        return ()
    known = Citable(project)
    return tuple(
        Lost(kind, place, language, problem.reference)
        for kind, place, language, text in texts
        for problem in known.problems(text)
    )


def _columns(kind: str) -> tuple[str, ...]:
    key, stem = ("code", "conclusion") if kind == "agenda" else ("place", "text")
    return (key, *(f"{stem}_{language}" for language in LANGUAGES))
