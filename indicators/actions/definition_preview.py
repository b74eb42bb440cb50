"""What another definition would do to the numbers, worked out on the accepted data.

The change is made, read and taken back in one transaction; the counting goes on after it, so that
nobody waits for it. Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from django.db import transaction

from indicators.actions.definition_edit import (
    IndexTyped,
    IndicatorTyped,
    save_index,
    save_indicator,
    stored_index,
)
from indicators.models import (
    AuditEvent,
    Change,
    CompositeIndex,
    Indicator,
    Instrument,
    Measure,
    Project,
    Run,
    Target,
    User,
    Wave,
)
from indicators.pipeline.effect import Side, WordMove, count_measure, is_same, only
from indicators.pipeline.inputs import CalculationInputs
from indicators.pipeline.outcomes import ChangeRow
from indicators.pipeline.tally import Progress
from indicators.queries.measure_inputs import definition_inputs, n_sheets, with_data
from indicators.queries.previews import CHANGES_NO_DATA
from indicators.queries.results import indicator_head
from indicators.queries.specs import Catalogue
from indicators.queries.versions import Fields, index_fields, indicator_fields
from indicators.results import IndicatorHead
from indicators.vocabulary import Family, MeasureKind, Reason, RunState, Scope, Verdict

MOST_MOVES = 200
Wants = Callable[[int], bool]  # whether so many answer sheets are to be counted
NOT_YET = "-"  # the reason is asked for when the change is saved


def always(_n_sheets: int) -> bool:
    return True


def never(_n_sheets: int) -> bool:
    return False


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
class Counted:
    """Both definitions on the same data. `before` is None for something new."""

    before: Side | None
    after: Side


@dataclass(frozen=True, slots=True)
class Tried:
    """A change that was made and taken back: what it says, and what counting it takes.

    `first` is None for something new, and `second` where counting was not wanted. `targets`: keys
    of those the definition judges at all.
    """

    project: Project
    codes: tuple[str, str]  # of the measure before and after
    first: CalculationInputs | None
    second: CalculationInputs | None
    head: IndicatorHead | None
    head_before: IndicatorHead | None
    targets: frozenset[int]
    users: tuple[str, ...]  # codes of the indicators that show this definition
    fields_before: Fields  # what the definition says, {} for something new
    fields_after: Fields


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do. `waves`: code and name, in order.

    `moves` holds the first of `n_moves` targets that would stand otherwise, of `n_targets`.
    `words`: indicators whose word for the change moves because they are judged together.
    """

    waves: tuple[tuple[str, str], ...]
    head: IndicatorHead | None
    head_before: IndicatorHead | None
    before: Side | None
    after: Side
    moves: tuple[TargetMove, ...]
    n_moves: int
    n_targets: int
    users: tuple[str, ...]
    words: tuple[tuple[IndicatorHead, WordMove], ...]
    fields_before: Fields
    fields_after: Fields


def try_indicator(
    *,
    project: Project,
    indicator: Indicator | None,
    typed: IndicatorTyped,
    revision: int | None,
    by: User | None,
    wants: Wants = always,
) -> Tried:
    """An indicator changed, or (None) made, and taken back. Raises what saving raises."""
    tried, reader = replace(typed, reason=typed.reason or NOT_YET), _Reader(project, wants)
    with transaction.atomic():
        new = save_indicator(
            project=project, indicator=indicator, typed=tried, revision=revision, by=by
        )
        second = reader.wanted(new.measure, *((indicator.measure,) if indicator else ()))
        head, after = indicator_head(new), indicator_fields(new)
        transaction.set_rollback(True)
    own = Target.objects.filter(indicator=indicator) if indicator else Target.objects.none()
    return Tried(
        project=project,
        codes=(indicator.measure.code if indicator else "", after["measure"]),
        first=reader.inputs(indicator.measure) if indicator and second else None,
        second=second,
        head=head,
        head_before=indicator_head(indicator) if indicator is not None else None,
        targets=frozenset(own.values_list("pk", flat=True)),
        users=(new.code,),
        fields_before=indicator_fields(indicator) if indicator is not None else {},
        fields_after=after,
    )


def try_index(
    *,
    instrument: Instrument,
    index: CompositeIndex | None,
    typed: IndexTyped,
    revision: int | None,
    by: User | None,
    wants: Wants = always,
) -> Tried:
    """The same for an index. One that no indicator shows yet is counted all the same."""
    project = instrument.project
    tried, reader = replace(typed, reason=typed.reason or NOT_YET), _Reader(project, wants)
    with transaction.atomic():
        before = index_fields(index) if index is not None else {}
        new = save_index(instrument=instrument, index=index, typed=tried, revision=revision, by=by)
        measure, after = _measure_of(project, new), index_fields(stored_index(new.pk))
        second = reader.wanted(measure)
        users = tuple(measure.indicators.order_by("code").values_list("code", flat=True))
        transaction.set_rollback(True)
    targets = Target.objects.filter(
        indicator__measure__code=measure.code, indicator__project=project
    )
    return Tried(
        project=project,
        codes=(measure.code, measure.code),
        first=reader.of_index(index) if index is not None and second else None,
        second=second,
        head=None,
        head_before=None,
        targets=frozenset(targets.values_list("pk", flat=True)),
        users=users,
        fields_before=before,
        fields_after=after,
    )


def count(tried: Tried, progress: Callable[[float], None] = lambda _: None) -> Counted:
    """Both definitions counted. `progress` hears of every step, from 0 to 1."""
    if tried.second is None:
        raise ValueError("the change was tried without what counting takes")
    found = [tried.second] if tried.first is None else [tried.first, tried.second]
    parts = with_data(tried.project, found)
    others = current_changes(tried.project)
    code_before, code_after = tried.codes
    share = 1 / len(parts)
    if len(parts) == 1:
        return Counted(None, count_measure(parts[0], code_after, others, _part(progress, 0, 1)))
    before = count_measure(parts[0], code_before, others, _part(progress, 0, share))
    if code_before == code_after and is_same(*parts):
        return Counted(before, before)
    after = count_measure(parts[1], code_after, others, _part(progress, share, 1))
    return Counted(before, after)


def effect_of(tried: Tried, counted: Counted) -> Effect:
    """What was tried and counted, as it is shown."""
    before, after = counted.before, counted.after
    moved = []
    if before is not None:
        moved = [key for key in tried.targets if before.status(key) != after.status(key)]
    return Effect(
        waves=_waves(tried.project),
        head=tried.head,
        head_before=tried.head_before,
        before=before,
        after=after,
        moves=_moves(moved, counted),
        n_moves=len(moved),
        n_targets=len(tried.targets),
        users=tried.users,
        words=_words(tried.project, after.words) if before is not None else (),
        fields_before=tried.fields_before,
        fields_after=tried.fields_after,
    )


class _Reader:
    """Definitions of measures as they are at the moment; the questions are read once."""

    def __init__(self, project: Project, wants: Wants) -> None:
        self.project, self.wants = project, wants

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.project)

    def wanted(self, measure: Measure, *more: Measure) -> CalculationInputs | None:
        """What counting the measure takes. `more`: what is read as well, for its size."""
        is_wanted = self.wants(n_sheets(self.project, (measure, *more)))
        return self.inputs(measure) if is_wanted else None

    def inputs(self, measure: Measure) -> CalculationInputs:
        found = definition_inputs(self.project, measure.code, self.catalogue)
        return only(found, {measure.code})

    def of_index(self, index: CompositeIndex) -> CalculationInputs:
        """One that nothing shows yet gets its measure for as long as it is read."""
        with transaction.atomic():
            found = self.inputs(_measure_of(self.project, index))
            transaction.set_rollback(True)
        return found


def _part(progress: Callable[[float], None], start: float, end: float) -> Progress:
    def hear(_step: str, done: int, total: int) -> None:
        progress(start + (end - start) * done / max(total, 1))

    return hear


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


def _moves(moved: list[int], counted: Counted) -> tuple[TargetMove, ...]:
    """The first targets that stand otherwise, by indicator, school and wave."""
    before, after = counted.before or Side(), counted.after
    rows = Target.objects.filter(pk__in=moved[:MOST_MOVES]).select_related(
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


def _words(
    project: Project, words: tuple[WordMove, ...]
) -> tuple[tuple[IndicatorHead, WordMove], ...]:
    if not words:
        return ()
    moved = {(one.measure, one.wave): one for one in words}
    rows = Indicator.objects.filter(project=project, measure__code__in={m for m, _ in moved})
    heads = [(row.measure.code, indicator_head(row)) for row in rows.select_related("measure")]
    return tuple(
        (head, one)
        for code, head in heads
        for (measure, _wave), one in moved.items()
        if measure == code
    )


# --- the changes of the other measures ----------------------------------------------------

CHANGE_FIELDS = {field.name for field in fields(ChangeRow)} - {
    *("measure", "wave_from", "wave_to", "school", "scope", "verdict"),
    *("reason", "second_look", "family", "flags", "schools_left", "schools_joined"),
}


def current_changes(project: Project) -> list[ChangeRow] | None:
    """The project's changes of the last calculation; None when data or rules changed since."""
    run = Run.objects.filter(project=project, state=RunState.DONE).order_by("-pk").first()
    if run is None:
        return None
    later = AuditEvent.objects.filter(project=project, at__gt=run.created_at)
    if later.exclude(CHANGES_NO_DATA).exists():
        return None
    rows = Change.objects.filter(run=run, scope=Scope.PROJECT)
    return [_change_row(row) for row in rows.select_related("measure", "wave_from", "wave_to")]


def _change_row(row: Change) -> ChangeRow:
    values: dict[str, Any] = {name: getattr(row, name) for name in CHANGE_FIELDS}
    return ChangeRow(
        measure=row.measure.code,
        wave_from=row.wave_from.code,
        wave_to=row.wave_to.code,
        scope=Scope.PROJECT,
        verdict=Verdict(row.verdict),
        reason=Reason(row.reason) if row.reason else None,
        family=Family(row.family) if row.family else None,
        **values,
    )
