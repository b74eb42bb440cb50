"""The questions of the agenda as a project's files ask them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from indicators.actions import load_rows as rows
from indicators.actions.audit import record
from indicators.actions.load_store import Store
from indicators.models import AgendaQuestion, Indicator, Project
from indicators.pipeline.framework_shapes import AgendaDefinition


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
    for one in asked:
        question = found[one.code,]
        # A question that was changed on the site keeps the indicators it has there.
        if question.updated_by_id is None:
            _link(store, question, {indicators[code] for code in one.indicators})


def _link(store: Store, question: AgendaQuestion, wanted: set[Indicator]) -> None:
    present = set(question.indicators.all())
    if present == wanted:
        return
    question.indicators.set(wanted)
    if present:
        before, after = (
            {"indicators": sorted(one.code for one in rows)} for rows in (present, wanted)
        )
        kind = "agendaquestion.changed"
        record(kind, question, by=store.by, project=store.project, before=before, after=after)
