"""From rows of a run to plain results, small groups hidden on the way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from indicators.models import Indicator, Instrument
from indicators.models.base import in_language
from indicators.queries.questions import BY_SCHOOL
from indicators.queries.small_groups import hide_small, hide_whole, is_hidden
from indicators.queries.versions import defined_at
from indicators.results import (
    BLOCKS,
    Base,
    GroupGap,
    IndicatorHead,
    Level,
    Line,
    Move,
    Standing,
    WaveHead,
    WavePair,
)
from indicators.results.lines import GAP_CHANGE
from indicators.vocabulary import GAP_MEASURES, MeasureKind, Reason, Status

if TYPE_CHECKING:
    from indicators.models import Assessment, Change, Estimate, Gap, Project, Run, Wave

# Events and documents, not people: nobody is protected by hiding a count of open lessons.
NOT_ABOUT_PEOPLE = frozenset(
    {
        MeasureKind.LOG_SUM,
        MeasureKind.LOG_SHARE,
        MeasureKind.LOG_COUNT,
        MeasureKind.LOG_SUM_TEACHERS,
        MeasureKind.MANUAL,
    }
)


_BLOCK_OF_RESPONDENT = {
    "student": "students",
    "teacher": "teachers",
    "parent": "parents",
    "director": "directors",
    "manual": "directors",
    "cluster": "cluster",
    "desk": "context",
}


def limits_of(project: Project) -> dict[str, tuple[str, ...]]:
    """What the answers of each block's questionnaires cannot say, by block. One query."""
    found: dict[str, tuple[str, ...]] = {}
    for one in Instrument.objects.filter(project=project):
        block, text = _BLOCK_OF_RESPONDENT.get(one.respondent, ""), in_language(one, "limits")
        if text:
            found[block] = (*found.get(block, ()), text)
    return found


def block_of(indicator: Indicator) -> str:
    """The part of the page an indicator stands in; two sources make a gap."""
    if indicator.is_context:
        return "context"
    return _BLOCK_OF_RESPONDENT.get(indicator.respondent, "gaps")


def base_of(n: int, min_group: int) -> Base:
    return Base(None, min_group) if 0 < n < min_group else Base(n)


def wave_head(wave: Wave) -> WaveHead:
    return WaveHead(
        wave.pk,
        wave.code,
        wave.name,
        wave.kind,
        wave.position,
        wave.field_start,
        wave.field_end,
    )


def indicator_head(indicator: Indicator) -> IndicatorHead:
    """Needs `select_related("measure")`."""
    return IndicatorHead(
        pk=indicator.pk,
        measure_id=indicator.measure_id,
        code=indicator.code,
        name=indicator.name,
        block=block_of(indicator),
        kind=indicator.measure.kind,
        level=indicator.level,
        respondent=indicator.respondent,
        unit=indicator.unit,
        direction=indicator.direction,
        decimals=indicator.decimals,
        is_headline=indicator.is_headline,
        is_descriptive=indicator.is_descriptive,
        is_context=indicator.is_context,
        has_response_shift=indicator.has_response_shift,
    )


def indicator_heads(project: Project, run: Run | None) -> list[IndicatorHead]:
    """Every indicator as the run (None: the project) knows it, by block and in register order.

    One query, two when an indicator is measured otherwise since.
    """
    wanted = Indicator.objects.filter(project=project).select_related("measure")
    rows = defined_at(wanted, run.finished_at if run else None)
    return sorted(map(indicator_head, rows), key=lambda head: BLOCKS.index(head.block))


Row = TypeVar("Row")
Made = TypeVar("Made")


def optional(
    make: Callable[..., Made], row: Row | None, kind: str, min_group: int, **more: Any
) -> Made | None:
    """`make` for a row that may be missing."""
    return None if row is None else make(row, kind=kind, min_group=min_group, **more)


def level_of(estimate: Estimate, *, kind: str, min_group: int, min_schools: int = 1) -> Level:
    """A level as it may be shown. A gap rests on its smaller side, desk data on people.

    `min_schools`: fewest schools of a region or of another attribute of schools.
    """
    sides = tuple((estimate.counts or {}).values()) if kind in GAP_MEASURES else ()
    level = Level(
        n=_people(estimate, kind),
        n_schools=estimate.n_schools,
        value=estimate.value,
        numerator=estimate.numerator,
        denominator=estimate.denominator,
        sd=estimate.sd,
        ci_low=estimate.ci_low,
        ci_high=estimate.ci_high,
        counts=None if sides else estimate.counts,
        n_counted=None if sides or not estimate.counts else sum(estimate.counts.values()),
        icc=estimate.icc,
        deff=estimate.deff,
        common=estimate.common,
        common_low=estimate.common_low,
        common_high=estimate.common_high,
        method=estimate.method,
        reason=estimate.reason,
        pk=estimate.pk,
    )
    if estimate.group_by in BY_SCHOOL and 0 < estimate.n_schools < min_schools:
        return hide_whole(level)
    limit = threshold(kind, min_group)
    if any(0 < n < limit for n in sides):
        level = replace(level, n=min(n for n in sides if n))
    return hide_small(level, limit)


def _people(estimate: Estimate, kind: str) -> int:
    """Desk rows of one school count the school; the people are their denominator."""
    is_desk = kind in (MeasureKind.DESK_WEIGHTED_MEAN, MeasureKind.DESK_RATE)
    if is_desk and estimate.denominator is not None:
        return int(estimate.denominator)
    return estimate.n


def move_of(change: Change, *, kind: str, min_group: int) -> Move:
    stored = {name: getattr(change, name) for name in Move.FIGURES}
    move = Move(
        n_baseline=change.n_baseline,
        n_endline=change.n_endline,
        n_schools=change.n_schools,
        verdict=change.verdict,
        reason=change.reason,
        second_look=change.second_look,
        schools_left=tuple(change.schools_left),
        schools_joined=tuple(change.schools_joined),
        is_on_common_items=change.is_on_common_items,
        method=change.method,
        family=change.family,
        flags=tuple(change.flags),
        pk=change.pk,
        **stored,
    )
    return hide_small(move, threshold(kind, min_group))


def gap_of(gap: Gap, *, kind: str, min_group: int) -> GroupGap:
    row = GroupGap(
        group_by=gap.group_by,
        first_group=gap.first_group,
        second_group=gap.second_group,
        wave_id=gap.wave_id,
        n_first=gap.n_first,
        n_second=gap.n_second,
        value=gap.value,
        p=gap.p,
        ci_low=gap.ci_low,
        ci_high=gap.ci_high,
        reason=gap.reason,
        baseline=gap.baseline,
        endline=gap.endline,
        change=gap.change,
        change_low=gap.change_low,
        change_high=gap.change_high,
        change_word=gap.change_word,
        change_reason=gap.change_reason,
        pk=gap.pk,
    )
    return hide_small(row, threshold(kind, min_group))


def gaps_of(
    gaps: Iterable[Gap],
    *,
    kind: str,
    min_group: int,
    hidden: Collection[tuple[int, str, str]] = (),
) -> tuple[GroupGap, ...]:
    """The gaps of a measure, baseline first, small ones hidden.

    `hidden`: groups whose level is hidden, by wave, breakdown and group. Their gap goes with them:
    with the other side it would tell the level.
    """
    rows = (gap_of(gap, kind=kind, min_group=min_group) for gap in gaps)
    return with_start(
        hide_whole(row)
        if any(
            (row.wave_id, row.group_by, group) in hidden
            for group in (row.first_group, row.second_group)
        )
        else row
        for row in rows
    )


def with_start(gaps: Iterable[GroupGap]) -> tuple[GroupGap, ...]:
    """The gaps of a measure, baseline first. A change is hidden with the gap it started from."""
    found: list[GroupGap] = []
    hidden: set[tuple[str, str, str]] = set()
    for row in gaps:
        pair = (row.group_by, row.first_group, row.second_group)
        if is_hidden(row):
            hidden.add(pair)
        elif pair in hidden:
            blank: dict[str, Any] = dict.fromkeys(GAP_CHANGE)
            row = replace(row, **blank, change_reason=Reason.SUPPRESSED)
        found.append(row)
    return tuple(found)


def speaking(rows: Sequence[Assessment], waves: WavePair) -> tuple[Assessment | None, str]:
    """Which target of a place its line shows, and the name of its wave where the line needs it.

    That of the later wave shown; without one the next that is aimed at, else the last there was.
    `rows` in the order of the waves of their targets, which stand with them.
    """
    shown = waves.endline or waves.baseline
    if not rows or shown is None:
        return (rows[-1] if rows else None), ""
    due = [row for row in rows if row.target.wave_id == shown.pk]
    if due:
        return due[-1], ""
    later = [row for row in rows if row.target.wave.position > shown.position]
    found = later[0] if later else rows[-1]
    return found, found.target.wave.name


def standing_of(
    assessment: Assessment,
    *,
    kind: str,
    min_group: int,
    bases: tuple[int | None, ...],
    of_wave: str = "",
) -> Standing:
    """`bases`: the unhidden n of the results the status rests on."""
    known = [n for n in bases if n is not None]
    row = Standing(
        n=min(known) if known else None,
        wave_id=assessment.target.wave_id,
        type=assessment.target_type,
        low=assessment.target_low,
        high=assessment.target_high,
        status=assessment.status,
        is_by_value_alone=assessment.is_by_value_alone,
        share_elapsed=assessment.share_elapsed,
        reason=assessment.reason,
        of_wave=of_wave,
        **{name: getattr(assessment, name) for name in Standing.FIGURES},
    )
    return hide_small(row, threshold(kind, min_group))


def line_of(
    head: IndicatorHead,
    *,
    then: Estimate | None,
    now: Estimate | None,
    change: Change | None,
    assessment: Assessment | None,
    min_group: int,
    of_wave: str = "",
) -> Line:
    """One indicator of the whole project between two waves."""
    bases = (then.n if then else None, now.n if now else None)
    target = optional(standing_of, assessment, head.kind, min_group, bases=bases, of_wave=of_wave)
    return Line(
        indicator=head,
        baseline=optional(level_of, then, head.kind, min_group),
        endline=optional(level_of, now, head.kind, min_group),
        change=optional(move_of, change, head.kind, min_group),
        target=target,
        status=status_of(head, target),
    )


def threshold(kind: str, min_group: int) -> int:
    """Smallest base that may be shown for a measure of this kind."""
    return 1 if kind in NOT_ABOUT_PEOPLE else min_group


def status_of(indicator: IndicatorHead, standing: Standing | None) -> str:
    """The status shown; without a target it says whether one could be set at all."""
    if standing is not None:
        return standing.status
    if indicator.is_context or indicator.is_descriptive:
        return Status.NOT_APPLICABLE
    return Status.NO_TARGET
