"""References of stored texts that lead nowhere any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indicators.models import AgendaQuestion, Paragraph
from indicators.models.base import LANGUAGES
from indicators.queries.citations import Citable
from indicators.results import Lost

if TYPE_CHECKING:
    from indicators.models import Project
    from indicators.pipeline.citation_check import CitedProblem


def lost_citations(project: Project) -> tuple[Lost, ...]:
    """In the order of the agenda, then of the paragraphs. Seven queries, two without texts."""
    texts = [
        (kind, place, language, is_public, text)
        for kind, rows in (
            ("agenda", AgendaQuestion.objects.filter(project=project)),
            ("paragraph", Paragraph.objects.filter(project=project)),
        )
        for place, is_public, *found in rows.values_list(*_columns(kind))
        for language, text in zip(LANGUAGES, found, strict=True)
        if "{" in text
    ]
    if not texts:
        return ()
    known = Citable(project)
    return tuple(
        _lost(kind, place, language, is_public, problem)
        for kind, place, language, is_public, text in texts
        for problem in known.problems(text)
    )


def _lost(kind: str, place: str, language: str, is_public: bool, problem: CitedProblem) -> Lost:
    return Lost(
        kind=kind,
        place=place,
        language=language,
        is_public=is_public,
        reference=problem.reference,
        problem=problem.kind.value,
        name=problem.name,
        line=problem.line,
        column=problem.column,
        suggestion=problem.suggestion,
    )


def _columns(kind: str) -> tuple[str, ...]:
    key, stem = ("code", "conclusion") if kind == "agenda" else ("place", "text")
    return (key, "is_public", *(f"{stem}_{language}" for language in LANGUAGES))
