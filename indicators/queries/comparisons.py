"""Comparisons that were asked for, and what may be asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from indicators.models import Comparison, ComparisonWave, Estimate, Measure
from indicators.queries.gap_sides import Sides
from indicators.queries.group_names import group_names
from indicators.queries.results import indicator_heads, threshold
from indicators.queries.small_groups import hide_small
from indicators.queries.waves import wave_pair
from indicators.results import GapLine, GroupGap, IndicatorHead, WavePair
from indicators.results.comparison import (
    ComparisonPage,
    ComparisonRow,
    GroupChoice,
    MeasureChoice,
)
from indicators.vocabulary import Direction, Level, MeasureKind, Reason, RunState, Scope

if TYPE_CHECKING:
    from indicators.access import Visit
    from indicators.models import Item, Run
    from indicators.models.indicator import CompositeIndex

COMPARED = (MeasureKind.INDEX_MEAN, MeasureKind.ITEM_MEAN, MeasureKind.SHARE)
WITH_MEASURES = (
    "run",
    "asked_by",
    "first__item__instrument",
    "first__index__instrument",
    "second__item__instrument",
    "second__index__instrument",
)


def comparison_page(*, visit: Visit, run: Run, pk: int | None = None) -> ComparisonPage:
    """The comparisons of a run, or one of them, oldest first. Nine queries at most.

    Readers get what is computed; who may ask also what is on its way or failed.
    """
    found = Comparison.objects.filter(run=run).select_related(*WITH_MEASURES)
    if pk is not None:
        found = found.filter(pk=pk)
    asked = list(found.order_by("pk"))
    waves = wave_pair(project=visit.project, run=run)
    if not asked:
        return ComparisonPage(waves, ())
    reader = _Reader(visit, run, waves, asked)
    return ComparisonPage(waves, tuple(reader.row(one) for one in asked))


def asked_before(*, run: Run) -> tuple[Comparison, ...]:
    """Comparisons of the newest earlier run that has any, without those this run has. Two queries.

    A calculation starts without comparisons: each belongs to the numbers it was computed with.
    """
    found = Comparison.objects.filter(run__project=run.project_id, run__pk__lte=run.pk)
    rows = list(found.select_related(*WITH_MEASURES).order_by("-run__pk", "pk"))
    earlier = [one for one in rows if one.run_id != run.pk]
    known = {_sides(one) for one in rows if one.run_id == run.pk}
    return tuple(
        one for one in earlier if one.run_id == earlier[0].run_id and _sides(one) not in known
    )


def _sides(one: Comparison) -> tuple[int, int, str, str, str]:
    return one.first_id, one.second_id, one.group_by, one.first_group, one.second_group


class _Reader:
    def __init__(self, visit: Visit, run: Run, waves: WavePair, asked: list[Comparison]) -> None:
        self.min_group = visit.min_group
        breakdowns = {one.group_by for one in asked if one.group_by}
        measures = {one.first.code for one in asked if one.group_by}
        whole = [one for one in asked if not one.group_by]
        self.sides = Sides(
            *(run, waves, group_names(visit.project, breakdowns)),
            min_group=self.min_group,
            min_schools=visit.min_schools,
            breakdowns=breakdowns,
            measures=measures,
            wholes={measure.code for one in whole for measure in (one.first, one.second)},
        )
        self.figures: dict[int, list[ComparisonWave]] = {}
        rows = ComparisonWave.objects.filter(comparison__in=[one.pk for one in asked])
        for row in rows.filter(wave__in=waves.ids).order_by("wave__position"):
            self.figures.setdefault(row.comparison_id, []).append(row)
        used = {measure.pk for one in asked for measure in (one.first, one.second)}
        self.heads: dict[int, IndicatorHead] = {}
        for head in indicator_heads(visit.project, run):
            if head.measure_id in used:
                self.heads.setdefault(head.measure_id, head)

    def row(self, one: Comparison) -> ComparisonRow:
        return ComparisonRow(
            pk=one.pk,
            title=measure_label(one.first, self.heads.get(one.first_id)),
            state=one.state,
            error=one.error,
            asked_by=str(one.asked_by or ""),
            why=one.why,
            is_same_question=_stem(one.first) == _stem(one.second),
            line=self._line(one) if one.state == RunState.DONE else None,
        )

    def _line(self, one: Comparison) -> GapLine:
        head = self._head(one.first)
        limit = threshold(head.kind, self.min_group)
        gaps = [hide_small(_gap(one, row), limit) for row in self.figures.get(one.pk, ())]
        if one.group_by:
            first, second = (
                self.sides.of_group(
                    *(one.first.code, one.group_by, group),
                    kind=head.kind,
                    respondent=_source(one.first).instrument.respondent,
                )
                for group in (one.first_group, one.second_group)
            )
        else:
            first, second = (
                self.sides.of_people(
                    measure.code,
                    kind=head.kind,
                    respondent=_source(measure).instrument.respondent,
                    question=measure_label(measure, None),
                )
                for measure in (one.first, one.second)
            )
        then, now = self.sides.of_waves(gaps, (first, second))
        return GapLine(head, one.group_by, first, second, then, now)

    def _head(self, measure: Measure) -> IndicatorHead:
        """The indicator of the measure, or what a line needs to know of a question without one."""
        known = self.heads.get(measure.pk)
        respondent = _source(measure).instrument.respondent
        return IndicatorHead(
            pk=known.pk if known else 0,
            measure_id=measure.pk,
            code=known.code if known else "",
            name=known.name if known else measure_label(measure, None),
            block=known.block if known else "gaps",
            kind=measure.kind,
            level=known.level if known else Level.OUTPUT,
            respondent=respondent,
            unit=known.unit if known else "",
            direction=Direction.NONE,
            decimals=known.decimals if known else 2,
            is_headline=False,
            is_descriptive=False,
            is_context=False,
            has_response_shift=False,
        )


def _gap(one: Comparison, row: ComparisonWave) -> GroupGap:
    reason = row.change_reason
    return GroupGap(
        group_by=one.group_by,
        first_group=one.first_group,
        second_group=one.second_group,
        wave_id=row.wave_id,
        n_first=row.n_first,
        n_second=row.n_second,
        value=row.value,
        p=None,
        ci_low=row.ci_low,
        ci_high=row.ci_high,
        reason=row.reason,
        baseline=row.baseline,
        endline=row.endline,
        change=row.change,
        change_low=row.change_low,
        change_high=row.change_high,
        change_reason=reason or (Reason.EXPLORATORY if row.change is not None else ""),
        pk=row.pk,
    )


def _source(measure: Measure) -> Item | CompositeIndex:
    source = measure.item or measure.index
    assert source is not None  # noqa: S101  # comparisons are of questions and indices
    return source


def _stem(measure: Measure) -> str:
    return measure.item.name.partition("_")[2] if measure.item else measure.code


def measure_label(measure: Measure, head: IndicatorHead | None) -> str:
    """The indicator's name, else the question as it is asked or the index by its name."""
    if head is not None:
        return f"{head.code} {head.name}"
    if measure.item is not None:
        return measure.item.label or measure.item.name
    return measure.index.name or measure.index.code if measure.index is not None else measure.code


# --- what may be asked ------------------------------------------------------------------


def measure_choices(*, run: Run) -> tuple[tuple[Measure, MeasureChoice], ...]:
    """Indices, questions and shares with a value in the run, by questionnaire. Three queries."""
    valued = Estimate.objects.filter(run=run, scope=Scope.PROJECT, school__isnull=True)
    rows = Measure.objects.filter(
        pk__in=set(valued.order_by().values_list("measure", flat=True)), kind__in=COMPARED
    ).select_related("item__instrument", "item__scale", "index__instrument")
    heads: dict[int, IndicatorHead] = {}
    for head in indicator_heads(run.project, run):
        heads.setdefault(head.measure_id, head)

    def place(row: Measure) -> tuple[int, bool, str]:
        head = heads.get(row.pk)
        return _source(row).instrument.position, head is None, head.code if head else row.code

    return tuple(
        (
            row,
            MeasureChoice(
                row.code, measure_label(row, heads.get(row.pk)), _source(row).instrument.name
            ),
        )
        for row in sorted(rows, key=place)
    )


def group_choices(*, visit: Visit, run: Run, measure: Measure) -> tuple[GroupChoice, ...]:
    """The groups of a measure that the run has results for, by breakdown. Four queries."""
    rows: Iterable[tuple[str, str]] = (
        Estimate.objects.filter(run=run, measure=measure, scope=Scope.GROUP, school__isnull=True)
        .order_by("group_by", "group")
        .values_list("group_by", "group")
        .distinct()
    )
    found = list(rows)
    names = group_names(visit.project, {group_by for group_by, _group in found})
    order = {key: place for place, key in enumerate(names.labels)}
    found.sort(key=lambda key: (key[0], order.get(key, len(order)), key[1]))
    return tuple(GroupChoice(by, code, names.label(by, code)) for by, code in found)
