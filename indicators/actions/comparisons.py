"""Comparisons that an officer asks for: checked, computed from the run's data, stored.

The numbers are made by the functions of the calculation (`pipeline.compare`) and belong to the run
whose data they rest on. If data or definitions changed since that run, nothing is computed: numbers
of two states of the data do not stand side by side.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from django.db import transaction

from indicators.actions import audit
from indicators.models import (
    Comparison,
    ComparisonWave,
    Estimate,
    Measure,
    Run,
    User,
    Wave,
)
from indicators.pipeline.compare import compare
from indicators.pipeline.outcomes import GapRow
from indicators.pipeline.shapes import GapSpec
from indicators.queries.calculation import calculation_inputs
from indicators.queries.comparisons import asked_before
from indicators.vocabulary import MeasureKind, RunState, Scope

SAME_DATA = ("datasets", "checklists", "definitions", "schools", "waves")
# Means of people's answers, as the functions for gaps compare them.
COMPARED = frozenset({MeasureKind.INDEX_MEAN, MeasureKind.ITEM_MEAN, MeasureKind.SHARE})
STORED = tuple(
    field.name
    for field in fields(GapRow)
    if field.name not in ("measure", "wave", "wave_from", "group_by", "first_group")
    and field.name not in ("second_group", "reason", "change_reason")
    and field.name not in ("change_p_adjusted", "change_word")
)


class ComparisonRefusal(StrEnum):
    """Why two sides are not compared."""

    NOT_COMPARED = "not_compared"  # a kind of measure that has no mean of answers
    NO_RESULT = "no_result"  # a side without a value in the run
    SAME_SIDE = "same_side"
    OTHER_BREAKDOWN = "other_breakdown"  # groups of two breakdowns overlap
    SAME_QUESTIONNAIRE = "same_questionnaire"
    OTHER_SCALE = "other_scale"
    NO_REASON = "no_reason"  # two different questions, and nothing said why they compare
    SMALL = "small"


class ComparisonRefused(Exception):
    """The comparison breaks a rule; `reason` names it."""

    def __init__(self, reason: ComparisonRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sides:
    """What is to be compared: two groups of one measure, or two measures without groups."""

    first: Measure
    second: Measure
    group_by: str = ""
    first_group: str = ""
    second_group: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "first": self.first.code,
            "second": self.second.code,
            "group_by": self.group_by,
            "groups": [self.first_group, self.second_group] if self.group_by else [],
        }


@transaction.atomic
def ask_comparison(*, run: Run, sides: Sides, why: str, by: User) -> Comparison:
    """The comparison of the run, asked for anew unless it is computed already.

    `why`: what makes two differently named questions comparable. Raises ComparisonRefused.
    """
    why = why.strip()
    if reason := why_not_compared(run, sides, why):
        raise ComparisonRefused(reason)
    Run.objects.select_for_update().get(pk=run.pk)  # two who ask at once get the same row
    key = {
        "run": run,
        "first": sides.first,
        "second": sides.second,
        "group_by": sides.group_by,
        "first_group": sides.first_group,
        "second_group": sides.second_group,
    }
    known = Comparison.objects.filter(**key).first()
    if known is not None and known.state == RunState.DONE:
        return known
    asked = known or Comparison(**key)
    asked.state, asked.error, asked.why, asked.asked_by = RunState.WAITING, "", why, by
    asked.save()
    audit.record(
        "comparison.asked",
        asked,
        by=by,
        project=run.project,
        after=sides.as_json(),
        reason=why,
    )
    return asked


def ask_again(*, run: Run, by: User) -> tuple[list[Comparison], int]:
    """Ask what the calculation before was asked. Also says how many this run's data refuse."""
    asked, n_refused = [], 0
    for one in asked_before(run=run):
        sides = Sides(one.first, one.second, one.group_by, one.first_group, one.second_group)
        try:
            asked.append(ask_comparison(run=run, sides=sides, why=one.why, by=by))
        except ComparisonRefused:
            n_refused += 1
    return asked, n_refused


def why_not_compared(run: Run, sides: Sides, why: str) -> ComparisonRefusal | None:
    """The rule that the comparison breaks, or None. At most one query."""
    first, second = sides.first, sides.second
    if {first.kind, second.kind} - COMPARED:
        return ComparisonRefusal.NOT_COMPARED
    if sides.group_by:
        if sides.first_group == sides.second_group:
            return ComparisonRefusal.SAME_SIDE
    elif refusal := _wrong_pair(first, second, why):
        return refusal
    return _too_small(run, sides)


def _wrong_pair(first: Measure, second: Measure, why: str) -> ComparisonRefusal | None:
    if first.pk == second.pk:
        return ComparisonRefusal.SAME_SIDE
    if instrument_of(first) == instrument_of(second):
        return ComparisonRefusal.SAME_QUESTIONNAIRE
    if scale_key(first) != scale_key(second):
        return ComparisonRefusal.OTHER_SCALE
    if not (is_same_question(first, second) or why):
        return ComparisonRefusal.NO_REASON
    return None


def instrument_of(measure: Measure) -> int | None:
    """Key of the questionnaire that asks it. The measure with its item and index."""
    source = measure.item or measure.index
    return source.instrument_id if source is not None else None


def scale_key(measure: Measure) -> tuple[Any, ...]:
    """Equal for measures whose values mean the same: the same list of answers, the same limits."""
    if measure.index is not None:
        index = measure.index
        return measure.kind, index.statistic, index.scale_min, index.scale_max
    scale = measure.item.scale_id if measure.item is not None else None
    return measure.kind, scale, tuple(sorted(map(str, measure.codes)))


def is_same_question(first: Measure, second: Measure) -> bool:
    """Named alike in both questionnaires: s_feel_safe and t_feel_safe. Of indices never."""
    if first.item is None or second.item is None:
        return False
    return first.item.name.partition("_")[2] == second.item.name.partition("_")[2]


def _too_small(run: Run, sides: Sides) -> ComparisonRefusal | None:
    """Both sides need a value, and as many answers as readers outside the project may see."""
    rows = Estimate.objects.filter(run=run, measure__in={sides.first.pk, sides.second.pk})
    if sides.group_by:
        groups = (sides.first_group, sides.second_group)
        rows = rows.filter(scope=Scope.GROUP, group_by=sides.group_by, group__in=groups)
    else:
        rows = rows.filter(scope=Scope.PROJECT)
    found: dict[tuple[int, str], int] = {}
    for measure, group, n in rows.order_by("wave__position").values_list("measure", "group", "n"):
        found[measure, group] = n  # of the newest wave
    wanted = {
        (sides.first.pk, sides.first_group),
        (sides.second.pk, sides.second_group),
    }
    if not wanted <= found.keys():
        return ComparisonRefusal.NO_RESULT
    least = run.project.min_group_public
    return ComparisonRefusal.SMALL if min(found[key] for key in wanted) < least else None


def compute_comparison(*, comparison_id: int) -> Comparison:
    """Compute and store. Doing it twice is safe: whoever finishes first stores.

    Where the data are no longer those of the run, the row says so; any other error is raised, with
    the row telling that it failed.
    """
    asked = Comparison.objects.select_related("run__project", "first", "second").get(
        pk=comparison_id
    )
    if asked.state == RunState.DONE:
        return asked
    try:
        inputs, now = calculation_inputs(asked.run.project)
        if _is_changed(asked.run.inputs, now, SAME_DATA):
            return _ended(asked, "data_changed")
        rows = compare(_spec(asked), inputs)
    except Exception:
        _ended(asked, "failed")
        raise
    return _stored(asked, rows)


def _is_changed(before: Mapping[str, Any], now: Mapping[str, Any], names: Collection[str]) -> bool:
    return any(before.get(name) != now[name] for name in names)


def _spec(asked: Comparison) -> GapSpec:
    kind = MeasureKind.GROUP_GAP if asked.group_by else MeasureKind.INSTRUMENT_GAP
    return GapSpec(
        *(str(asked), kind, asked.first.code, asked.second.code),
        group_by=asked.group_by,
        first_group=asked.first_group,
        second_group=asked.second_group,
    )


def _ended(asked: Comparison, error: str) -> Comparison:
    Comparison.objects.filter(pk=asked.pk).exclude(state=RunState.DONE).update(
        state=RunState.FAILED, error=error
    )
    asked.refresh_from_db()
    return asked


@transaction.atomic
def _stored(asked: Comparison, rows: Collection[GapRow]) -> Comparison:
    locked = Comparison.objects.select_for_update().get(pk=asked.pk)
    if locked.state == RunState.DONE:
        return locked
    waves = dict(Wave.objects.filter(project=asked.run.project).values_list("code", "pk"))
    ComparisonWave.objects.bulk_create(
        ComparisonWave(
            comparison=locked,
            wave_id=waves[row.wave],
            wave_from_id=waves[row.wave_from] if row.wave_from else None,
            reason=row.reason or "",
            change_reason=row.change_reason or "",
            **{name: getattr(row, name) for name in STORED},
        )
        for row in rows
    )
    locked.state, locked.error = RunState.DONE, ""
    locked.save(update_fields=["state", "error"])
    by, project = asked.asked_by, asked.run.project
    after = {"waves": sorted(row.wave for row in rows)}
    audit.record("comparison.computed", locked, by=by, project=project, after=after)
    return locked
