"""Many targets saved at once: all of them, or none and every reason why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from indicators.actions.target_realism import with_scales
from indicators.actions.targets import (
    TargetRefusal,
    TargetRefused,
    TargetValue,
    remove_target,
    self_selected_instruments,
    store_target,
    stored_value,
    why_no_target,
    why_refused,
)
from indicators.models import Assessment, Indicator, Project, School, Target, User, Wave
from indicators.vocabulary import TargetType, WaveKind

CellPlace = tuple[int, int | None, int]  # indicator, school (None: the project), wave


@dataclass(frozen=True, slots=True)
class Limits:
    """A target as typed into a cell. Shares are 0-1."""

    type: TargetType
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class CellEdit:
    """What one cell is to hold (None: no target), and which target at which revision was read.

    `read` is (primary key, revision), None where there was no target: one that was removed and set
    anew begins at revision 1 again.
    """

    place: CellPlace
    limits: Limits | None
    read: tuple[int, int] | None


class GridNotSaved(Exception):
    """Nothing was stored. `refused`: why, by cell; `stale`: what stands there now (None: removed).

    Stale cells were changed by somebody else after they were read.
    """

    def __init__(
        self,
        refused: Mapping[CellPlace, TargetRefusal],
        stale: Mapping[CellPlace, TargetValue | None],
    ) -> None:
        super().__init__(f"{len(refused)} refused, {len(stale)} stale")
        self.refused, self.stale = refused, stale


def closed_indicators(
    project: Project, indicators: Iterable[Indicator]
) -> dict[int, TargetRefusal]:
    """The indicators that get no target, and why. One query; needs `with_scales`."""
    self_selected = self_selected_instruments(project.pk)
    found = {row.pk: why_no_target(row, self_selected) for row in indicators}
    return {pk: reason for pk, reason in found.items() if reason is not None}


@transaction.atomic
def save_targets(
    *,
    project: Project,
    edits: Sequence[CellEdit],
    rationale: str,
    by: User,
    is_confirmed: bool = False,
) -> int:
    """Store all edits with one rationale; returns how many cells changed.

    A cell that somebody gave the very same limits meanwhile is left as it is. Limits outside the
    scale need `is_confirmed`. Raises TargetRefused without a rationale, GridNotSaved when any cell
    cannot be stored.
    """
    reason = rationale.strip()
    if not reason:
        raise TargetRefused(TargetRefusal.NO_RATIONALE)
    tables = _Tables(project, edits)
    changes = [edit for edit in edits if _limits(tables.targets.get(edit.place)) != edit.limits]
    refused, stale = {}, {}
    for edit in changes:
        stored = tables.targets.get(edit.place)
        if _read(stored) != edit.read:
            stale[edit.place] = stored_value(stored) if stored else None
        elif why := tables.why_refused(edit, reason, is_confirmed=is_confirmed):
            refused[edit.place] = why
    if refused or stale:
        raise GridNotSaved(refused, stale)
    for edit in changes:
        tables.store(edit, reason, by)
    return len(changes)


class _Tables:
    """What the cells name, read once. The indicators stay locked to the end of the transaction."""

    def __init__(self, project: Project, edits: Sequence[CellEdit]) -> None:
        rows = Indicator.objects.filter(
            project=project, pk__in={edit.place[0] for edit in edits}
        ).order_by("pk")
        # In one order, so that two people who save the same cells wait instead of blocking.
        list(rows.select_for_update().values_list("pk", flat=True))
        schools = School.objects.filter(project=project, pk__in={edit.place[1] for edit in edits})
        waves = Wave.objects.filter(project=project, pk__in={edit.place[2] for edit in edits})
        self.indicators = {row.pk: row for row in with_scales(rows)}
        self.schools = {row.pk: row for row in schools}
        self.waves = {row.pk: row for row in waves.exclude(kind=WaveKind.BASELINE)}
        places = Q(school=None) | Q(school__in=self.schools)
        found = Target.objects.filter(places, indicator__in=self.indicators, wave__in=self.waves)
        self.targets: dict[CellPlace, Target] = {
            (row.indicator_id, row.school_id, row.wave_id): row
            for row in found.select_related("indicator__project", "school", "wave")
        }
        self.self_selected = self_selected_instruments(project.pk)
        emptied = [edit.place for edit in edits if edit.limits is None]
        shown = Assessment.objects.filter(
            target__in=[self.targets[place].pk for place in emptied if place in self.targets],
            run__release__isnull=False,
        )
        self.published = set(shown.values_list("target", flat=True))

    def why_refused(
        self, edit: CellEdit, reason: str, *, is_confirmed: bool
    ) -> TargetRefusal | None:
        indicator, wave = self.indicators.get(edit.place[0]), self.waves.get(edit.place[2])
        school = self.schools.get(edit.place[1]) if edit.place[1] is not None else None
        if indicator is None or wave is None or (edit.place[1] is not None and school is None):
            return TargetRefusal.WRONG_PLACE
        if edit.limits is None:
            is_shown = self.targets[edit.place].pk in self.published
            return TargetRefusal.PUBLISHED if is_shown else None
        return why_refused(
            indicator,
            school,
            wave,
            _value(edit.limits, reason),
            is_confirmed=is_confirmed,
            self_selected=self.self_selected,
        )

    def store(self, edit: CellEdit, reason: str, by: User) -> None:
        target = self.targets.get(edit.place)
        if edit.limits is None:
            if target is not None:
                remove_target(target=target, reason=reason, by=by)
            return
        indicator, school, wave = edit.place
        store_target(
            target
            or Target(
                indicator=self.indicators[indicator],
                school=self.schools[school] if school is not None else None,
                wave=self.waves[wave],
                revision=0,
            ),
            _value(edit.limits, reason),
            by=by,
        )


def _value(limits: Limits, rationale: str) -> TargetValue:
    return TargetValue(limits.type, limits.low, limits.high, rationale, None)


def _limits(target: Target | None) -> Limits | None:
    return Limits(TargetType(target.type), target.low, target.high) if target else None


def _read(target: Target | None) -> tuple[int, int] | None:
    return (target.pk, target.revision) if target else None
