"""Paragraphs of the report with the figures they cite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max

from indicators.models import Paragraph
from indicators.models.base import LANGUAGES
from indicators.queries.citations import cited_figures
from indicators.results import Figures, ParagraphRow
from indicators.roles import Permission

if TYPE_CHECKING:
    from indicators.access import Visit
    from indicators.models import Project, Run


@dataclass(frozen=True, slots=True)
class ParagraphPage:
    rows: tuple[ParagraphRow, ...]
    figures: Figures


def paragraph_page(visit: Visit, run: Run | None) -> ParagraphPage:
    """Paragraphs in their order: all for officers, public ones for others. One query and those
    of the figures.
    """
    may_edit = visit.may(Permission.TEXT_EDIT)
    stored = Paragraph.objects.filter(project=visit.project)
    if not may_edit:
        stored = stored.filter(is_public=True)
    rows = tuple(map(_row, stored))
    figures = cited_figures(visit, run, [row.text for row in rows])
    return ParagraphPage(rows, figures)


def _row(one: Paragraph) -> ParagraphRow:
    given = tuple(language for language in LANGUAGES if getattr(one, f"text_{language}"))
    return ParagraphRow(one.place, one.text, one.is_public, given)


def next_position(project: Project) -> int:
    last = Paragraph.objects.filter(project=project).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
