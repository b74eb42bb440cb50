"""What another definition would do to the numbers, worked out on the accepted data.

The change is made, read and taken back in one transaction; the counting goes on after it, so that
nobody waits for it. Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db import transaction

from indicators.actions.definition_edit import (
    IndexTyped,
    IndicatorTyped,
    change_index,
    change_indicator,
    create_index,
    create_indicator,
    stored_index,
)
from indicators.models import (
    CompositeIndex,
    Indicator,
    Instrument,
    Measure,
    Project,
    Target,
    User,
    Wave,
)
from indicators.pipeline.effect import Side, count_measure
from indicators.queries.calculation import calculation_inputs
from indicators.queries.results import indicator_head
from indicators.queries.versions import Fields, index_fields, indicator_fields
from indicators.results import IndicatorHead
from indicators.vocabulary import MeasureKind


@dataclass(frozen=True, slots=True)
class TargetMove:
    """A target whose status differs between the two definitions; None: not judged by it."""

    indicator: IndicatorHead
    school_code: str
    school_name: str
    wave: str
    limits: tuple[str, float | None, float | None]
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Effect:
    """Both definitions on the same data. `before` is None for something new.

    `waves`: code and name, in order. `n_targets`: targets judged by the definition at all.
    """

    waves: tuple[tuple[str, str], ...]
    head: IndicatorHead | None
    head_before: IndicatorHead | None
    before: Side | None
    after: Side
    moves: tuple[TargetMove, ...]
    n_targets: int
    users: tuple[str, ...]  # codes of the indicators that show this definition
    fields_before: Fields  # what the definition says, {} for something new
    fields_after: Fields


NOT_YET = "-"  # the reason is asked for when the change is saved


def preview_indicator(
    *,
    project: Project,
    indicator: Indicator | None,
    typed: IndicatorTyped,
    revision: int | None,
    by: User,
) -> Effect:
    """What saving an indicator would do; None: a new one. Raises what saving raises."""
    tried = replace(typed, reason=typed.reason or NOT_YET)

    def change() -> Indicator:
        if indicator is None:
            return create_indicator(project=project, typed=tried, by=by)
        change_indicator(indicator=indicator, typed=tried, revision=revision or 0, by=by)
        return Indicator.objects.select_related("measure").get(pk=indicator.pk)

    return _indicator_effect(project, indicator, change)


def preview_index(
    *,
    instrument: Instrument,
    index: CompositeIndex | None,
    typed: IndexTyped,
    revision: int | None,
    by: User,
) -> Effect:
    """The same for an index. One that no indicator shows yet is counted all the same."""
    tried = replace(typed, reason=typed.reason or NOT_YET)

    def change() -> CompositeIndex:
        if index is None:
            return create_index(instrument=instrument, typed=tried, by=by)
        change_index(index=index, typed=tried, revision=revision or 0, by=by)
        return index

    return _index_effect(instrument.project, index, change)


def _indicator_effect(
    project: Project, old: Indicator | None, change: Callable[[], Indicator]
) -> Effect:
    first = calculation_inputs(project)[0] if old is not None else None
    with transaction.atomic():
        new = change()
        second = calculation_inputs(project)[0]
        head, fields = indicator_head(new), indicator_fields(new)
        transaction.set_rollback(True)
    before = None
    if first is not None and old is not None:
        before = count_measure(first, old.measure.code)
    after = count_measure(second, fields["measure"])
    keys = Target.objects.filter(indicator=old) if old is not None else Target.objects.none()
    return Effect(
        waves=_waves(project),
        head=head,
        head_before=indicator_head(old) if old is not None else None,
        before=before,
        after=after,
        moves=_moves(set(keys.values_list("pk", flat=True)), before, after),
        n_targets=keys.count(),
        users=(new.code,),
        fields_before=indicator_fields(old) if old is not None else {},
        fields_after=fields,
    )


def _index_effect(
    project: Project, old: CompositeIndex | None, change: Callable[[], CompositeIndex]
) -> Effect:
    with transaction.atomic():
        first, old_fields = None, {}
        if old is not None:
            measure = _measure_of(project, old)
            first = calculation_inputs(project)[0]
            old_fields = index_fields(old)
        new = change()
        measure, new_fields = _measure_of(project, new), index_fields(stored_index(new.pk))
        second = calculation_inputs(project)[0]
        users = tuple(measure.indicators.order_by("code").values_list("code", flat=True))
        code = measure.code
        transaction.set_rollback(True)
    before = count_measure(first, code) if first is not None else None
    after = count_measure(second, code)
    targets = Target.objects.filter(indicator__measure__code=code, indicator__project=project)
    return Effect(
        waves=_waves(project),
        head=None,
        head_before=None,
        before=before,
        after=after,
        moves=_moves(set(targets.values_list("pk", flat=True)), before, after),
        n_targets=targets.count(),
        users=users,
        fields_before=old_fields,
        fields_after=new_fields,
    )


def _measure_of(project: Project, index: CompositeIndex) -> Measure:
    found = Measure.objects.filter(project=project, index=index).first()
    return found or Measure.objects.create(
        project=project,
        code=f"index:{index.code}",
        kind=MeasureKind.INDEX_MEAN,
        index=index,
    )


def _waves(project: Project) -> tuple[tuple[str, str], ...]:
    rows = Wave.objects.filter(project=project).order_by("position")
    return tuple((wave.code, wave.name or wave.code) for wave in rows)


def _moves(keys: set[int], before: Side | None, after: Side) -> tuple[TargetMove, ...]:
    """Targets that stand otherwise, by indicator, school and wave."""
    if before is None:
        return ()
    moved = [key for key in keys if before.status(key) != after.status(key)]
    rows = Target.objects.filter(pk__in=moved).select_related(
        "indicator__measure", "school", "wave"
    )
    found = [
        TargetMove(
            indicator=indicator_head(row.indicator),
            school_code=row.school.code if row.school else "",
            school_name=row.school.name if row.school else "",
            wave=row.wave.name or row.wave.code,
            limits=(row.type, row.low, row.high),
            before=before.status(row.pk),
            after=after.status(row.pk),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.indicator.code, one.school_code, one.wave)))
