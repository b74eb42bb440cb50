"""Write paragraphs of the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.cited_texts import check_citations
from indicators.actions.ordering import Step, move_row
from indicators.actions.projects import StaleRow
from indicators.models import Paragraph, Project, User
from indicators.models.base import LANGUAGES
from indicators.queries.paragraphs import next_position

TEXTS = tuple(f"text_{language}" for language in LANGUAGES)
FIELDS = (*TEXTS, "is_public")


class PlaceTaken(Exception):
    """The project has a paragraph of this place already."""


@transaction.atomic
def add_paragraph(
    *, project: Project, place: str, values: Mapping[str, Any], by: User
) -> Paragraph:
    """`values` hold the fields of FIELDS. Raises PlaceTaken or TextRefused."""
    check_citations(project, {name: values[name] for name in TEXTS})
    Project.objects.select_for_update().get(pk=project.pk)
    if Paragraph.objects.filter(project=project, place=place).exists():
        raise PlaceTaken(place)
    texts = {name: values[name] for name in FIELDS}
    paragraph = Paragraph.objects.create(
        project=project, place=place, position=next_position(project), updated_by=by, **texts
    )
    record("paragraph.created", paragraph, by=by, project=project, after=texts)
    return paragraph


@transaction.atomic
def change_paragraph(
    *, paragraph: Paragraph, values: Mapping[str, Any], revision: int, by: User
) -> bool:
    """False when nothing changed. Raises StaleRow or TextRefused."""
    rows = Paragraph.objects.select_for_update(of=("self",)).select_related("project")
    stored = rows.get(pk=paragraph.pk)
    before = {name: getattr(stored, name) for name in FIELDS}
    after = {name: values[name] for name in FIELDS}
    if before == after:
        return False
    if stored.revision != revision:
        raise StaleRow(stored)
    check_citations(stored.project, {name: values[name] for name in TEXTS})
    for name, value in after.items():
        setattr(stored, name, value)
    stored.revision, stored.updated_by = stored.revision + 1, by
    stored.save()
    kind, project = "paragraph.changed", stored.project
    record(kind, stored, by=by, project=project, before=before, after=after)
    return True


@transaction.atomic
def remove_paragraph(*, paragraph: Paragraph, reason: str, revision: int, by: User) -> None:
    """Its words stay in the audit log. Raises StaleRow when it is not what was looked at."""
    rows = Paragraph.objects.select_for_update(of=("self",)).select_related("project")
    stored = rows.get(pk=paragraph.pk)
    if stored.revision != revision:
        raise StaleRow(stored)
    before = {name: getattr(stored, name) for name in FIELDS}
    kind, project = "paragraph.removed", stored.project
    record(kind, stored, by=by, project=project, before=before, reason=reason)
    stored.delete()


@transaction.atomic
def move_paragraph(*, paragraph: Paragraph, step: Step, by: User) -> bool:
    """One place up or down; False at the end of the texts."""
    kind, project = "paragraph.moved", paragraph.project
    rows = Paragraph.objects.filter(project=project)
    return move_row(rows, paragraph, step, project=project, kind=kind, by=by)
