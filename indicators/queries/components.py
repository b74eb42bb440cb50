"""An index on both scales with its parts, and all indices side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from indicators.models import Estimate, IndexComponent, Indicator
from indicators.queries.items import item_lines
from indicators.queries.results import level_of, optional
from indicators.queries.small_groups import hide_small
from indicators.queries.versions import defined_at, indices_as_defined_then
from indicators.queries.waves import wave_pair
from indicators.results import Component, Composition, IndexLine, IndexList, Level, WavePair
from indicators.vocabulary import MeasureKind, Scope

if TYPE_CHECKING:
    from indicators.access import Visit
    from indicators.models import Measure, Run
    from indicators.queries.questions import Question, Questions

FIGURES = (*Component.BASES, *Component.FIGURES)


def composition(
    *,
    run: Run,
    measure: Measure,
    waves: WavePair,
    questions: Questions,
    levels: tuple[Level | None, Level | None],
    difference: float | None,
    min_group: int,
) -> Composition | None:
    """One query for an index, none for other measures; None where nothing is stored.

    `questions`: those of the index in its order; `levels`: of both waves; `difference`: of the
    index on the schools of both waves, the sum of the contributions.
    """
    index = measure.index
    if index is None:
        return None
    rows = IndexComponent.objects.filter(run=run, measure=measure, wave__in=waves.ids)
    pair = {row.item_id: row for row in rows if row.wave_from_id}
    first = {row.item_id: row for row in rows if not row.wave_from_id}
    found = pair or first
    if not found:
        return None
    instrument = next(iter(questions.instruments), "")
    parts = [
        _part(found.get(pk), question, instrument, min_group)
        for pk, question in questions.asked.items()
    ]
    return Composition(
        scale=(index.scale_min, index.scale_max),
        baseline=levels[0],
        endline=levels[1],
        parts=tuple(hide_alone(parts)),
        is_pair=bool(pair),
        difference=difference,
    )


def _part(
    row: IndexComponent | None, question: Question, instrument: str, min_group: int
) -> Component:
    head = Component(
        question.label,
        instrument,
        question.name,
        is_reversed=question.is_reversed,
    )
    if row is None:
        return head
    part = replace(head, **{name: getattr(row, name) for name in FIGURES})
    found: Component = hide_small(part, min_group)
    return found


def hide_alone(parts: list[Component]) -> list[Component]:
    """The parts sum to the index: where one is hidden, all sums are, since one would follow."""
    if not any(part.below is not None for part in parts):
        return parts
    sums = ("contribution", "from_answered", "share_baseline", "share_endline")
    blank: dict[str, Any] = dict.fromkeys(sums)
    return [replace(part, **blank) for part in parts]


def index_list(*, visit: Visit, run: Run) -> IndexList:
    """All indices on the scale 1 to 5, and the questions of the questionnaires. Seven queries."""
    waves = wave_pair(project=visit.project, run=run)
    rows = _indices_then(visit, run)
    estimates = {
        (row.measure_id, row.wave_id): row
        for row in Estimate.objects.filter(
            run=run,
            measure__kind=MeasureKind.INDEX_MEAN,
            scope=Scope.PROJECT,
            wave__in=waves.ids,
        ).order_by()
    }

    def level(indicator: Indicator, place: int) -> Level | None:
        wave = (waves.baseline, waves.endline)[place]
        row = estimates.get((indicator.measure_id, wave.pk)) if wave else None
        return optional(level_of, row, MeasureKind.INDEX_MEAN, visit.min_group)

    indices = tuple(
        IndexLine(
            code=one.code,
            name=one.name,
            respondent=one.measure.index.instrument.respondent,
            scale=(one.measure.index.scale_min, one.measure.index.scale_max),
            baseline=level(one, 0),
            endline=level(one, 1),
        )
        for one in rows
        if one.measure.index is not None
    )
    return IndexList(waves, indices, item_lines(visit=visit, run=run, waves=waves))


def _indices_then(visit: Visit, run: Run) -> list[Indicator]:
    """The indicators that show an index, and the indices as they were when the run was made."""
    rows = Indicator.objects.filter(project=visit.project)  # what shows an index now may not then
    rows = rows.select_related("measure__index__instrument").order_by("position")
    found = defined_at(rows, run.finished_at)
    indices = [one.measure.index for one in found if one.measure.index is not None]
    indices_as_defined_then(indices, run.finished_at)
    return found
