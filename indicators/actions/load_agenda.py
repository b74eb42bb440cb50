"""The questions of the agenda as a project's files ask them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from indicators.actions import load_rows as rows
from indicators.actions.load_store import Store
from indicators.models import AgendaQuestion, Indicator, Project
from indicators.pipeline.framework_shapes import AgendaDefinition

LINK = ("agendaquestion_id", "indicator_id")


def store_agenda(
    store: Store,
    project: Project,
    agenda: Iterable[AgendaDefinition],
    indicators: Mapping[str, Indicator],
) -> None:
    """Questions by their code, then their links; conclusions are the officer's and stay."""
    asked = list(agenda)
    found = store.put(
        AgendaQuestion.objects.filter(project=project),
        ("code",),
        (
            {
                "project_id": project.pk,
                "code": one.code,
                "section": one.section,
                **rows.labelled("question", one.questions),
                "position": one.position,
            }
            for one in asked
        ),
    )
    # A question that was changed on the site keeps the indicators it has there.
    questions = {one: found[one.code,] for one in asked if not found[one.code,].updated_by_id}
    links = {
        (question.pk, indicators[code].pk)
        for one, question in questions.items()
        for code in one.indicators
    }
    stored = AgendaQuestion.indicators.through.objects.filter(
        agendaquestion__in=[question.pk for question in questions.values()]
    )
    present = {(row.agendaquestion_id, row.indicator_id): row.pk for row in stored}
    wanted = [dict(zip(LINK, link, strict=True)) for link in sorted(links)]
    store.put(stored.all(), LINK, wanted)
    store.remove(stored.filter(pk__in=[pk for link, pk in present.items() if link not in links]))
