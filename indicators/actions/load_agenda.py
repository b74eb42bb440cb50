"""The questions of the agenda as a project's files ask them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from indicators.actions import load_rows as rows
from indicators.actions.audit import record
from indicators.actions.load_store import Store
from indicators.models import AgendaQuestion, Indicator, Project
from indicators.pipeline.framework_shapes import AgendaDefinition
from indicators.pipeline.shapes import ProblemSpec
from indicators.queries.agenda import is_ordered_here, removed_codes
from indicators.vocabulary import Severity


def store_agenda(
    store: Store,
    project: Project,
    agenda: Iterable[AgendaDefinition],
    indicators: Mapping[str, Indicator],
) -> None:
    """Questions by their code, then their links; conclusions are the officer's and stay.

    What people removed stays out, and once they changed the order it is theirs.
    """
    asked = _without_removed(store, project, list(agenda))
    if not asked:
        return
    places = _places(project, asked)
    found = store.put(
        AgendaQuestion.objects.filter(project=project),
        ("code",),
        (
            {
                "project_id": project.pk,
                "code": one.code,
                "section": one.section,
                **rows.labelled("question", one.questions),
                "position": places[one.code],
            }
            for one in asked
        ),
    )
    for one in asked:
        question = found[one.code,]
        # A question that was changed on the site keeps the indicators it has there.
        if question.updated_by_id is None:
            _link(store, question, {indicators[code] for code in one.indicators})


def _without_removed(
    store: Store, project: Project, asked: Sequence[AgendaDefinition]
) -> list[AgendaDefinition]:
    removed = removed_codes(project) if asked else frozenset()
    for one in asked:
        if one.code in removed:
            spec = ProblemSpec(Severity.WARNING, "removed_by_a_person", value=one.code)
            store.notices.append(spec)
    return [one for one in asked if one.code not in removed]


def _places(project: Project, asked: Sequence[AgendaDefinition]) -> dict[str, int]:
    """As in the sheet, or as people put them; new questions then come last."""
    stored = dict(AgendaQuestion.objects.filter(project=project).values_list("code", "position"))
    if not stored or not is_ordered_here(project):
        return {one.code: one.position for one in asked}
    first = max(stored.values()) + 1
    new = (one.code for one in asked if one.code not in stored)
    return stored | {code: first + place for place, code in enumerate(new)}


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
