"""The stored gaps of a run, each with both its sides, small groups hidden."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indicators.models import Change, Estimate, Gap, Indicator, SchoolCategory
from indicators.queries.gap_sides import Sides
from indicators.queries.group_names import GroupNames, group_names
from indicators.queries.results import (
    gap_of,
    indicator_head,
    threshold,
)
from indicators.queries.small_groups import hide_small
from indicators.queries.versions import defined_at
from indicators.queries.waves import wave_pair
from indicators.results import BLOCKS, GapLine, GapList, GapSide, GroupGap
from indicators.vocabulary import (
    GAP_MEASURES,
    GapChange,
    MeasureKind,
    Reason,
    Scope,
    Verdict,
    moved_gap,
)

if TYPE_CHECKING:
    from indicators.access import Visit
    from indicators.models import Item, Project, Run
    from indicators.results import IndicatorHead, WavePair

BY_SEX = "sex"
BETWEEN_QUESTIONNAIRES = ""
MOVED = frozenset(
    {
        Verdict.INCREASED,
        Verdict.INCREASED_SMALL,
        Verdict.DECREASED,
        Verdict.DECREASED_SMALL,
    }
)
STAYED = {
    Verdict.NO_CLEAR_CHANGE: GapChange.NO_CLEAR_CHANGE,
    Verdict.NO_MEANINGFUL_CHANGE: GapChange.NO_MEANINGFUL_CHANGE,
}


def gap_list(*, visit: Visit, run: Run, indicator: Indicator | None = None) -> GapList:
    """Every gap of the register, or those of one indicator, in the order of the pages.

    Thirteen queries, whatever the number of schools and indicators. A gap that no indicator of the
    register asks for is not listed.
    """
    rows = Indicator.objects.filter(project=visit.project).select_related(
        "measure__item__instrument", "measure__second_item__instrument"
    )
    if indicator is not None:
        rows = rows.filter(pk=indicator.pk)
    waves = wave_pair(project=visit.project, run=run)
    known = defined_at(rows, run.finished_at)  # what is published stays as it was defined
    reader = _Reader(visit, run, waves, sorted(known, key=_place), is_part=indicator is not None)
    return GapList(waves, tuple(reader.lines()))


def gap_lines(visit: Visit, run: Run, waves: WavePair, codes: Collection[str]) -> list[GapLine]:
    """The gaps of some indicators, hidden as on the page of gaps. Eleven queries at most."""
    rows = Indicator.objects.filter(project=visit.project, code__in=codes).select_related(
        "measure__item__instrument", "measure__second_item__instrument"
    )
    known = defined_at(rows, run.finished_at)
    return list(_Reader(visit, run, waves, sorted(known, key=_place), is_part=True).lines())


def breakdowns_with_gap(
    project: Project, codes: Collection[str] | None = None
) -> dict[str, frozenset[str]]:
    """By indicator, None for all, the breakdowns into two groups, whose gap is calculated.

    Girls and boys, and attributes of schools with just two values. Two queries.
    """
    rows = Indicator.objects.filter(project=project)
    if codes is not None:
        rows = rows.filter(code__in=codes)
    values = SchoolCategory.objects.filter(project=project).values_list("field", flat=True)
    two = {BY_SEX} | {field for field, n in Counter(values.order_by()).items() if n == 2}
    named = rows.exclude(measure__kind__in=GAP_MEASURES).values_list("code", "disaggregation")
    return {code: frozenset(two.intersection(groups)) for code, groups in named}


def _place(row: Indicator) -> tuple[int, int]:
    return BLOCKS.index(indicator_head(row).block), row.position


@dataclass(frozen=True, slots=True)
class _Source:
    """Where one side of a gap that is an indicator has its levels: a question and a group."""

    item: Item
    group: str = ""

    @property
    def measure(self) -> str:
        return f"item:{self.item.name}"


class _Reader:
    """The rows of all gaps, each kind fetched once."""

    def __init__(
        self, visit: Visit, run: Run, waves: WavePair, rows: list[Indicator], *, is_part: bool
    ) -> None:
        self.run, self.waves, self.rows, self.is_part = run, waves, rows, is_part
        self.min_group = visit.min_group
        self.gaps = self._gaps()
        breakdowns = {BY_SEX, *(key[1] for key in self.gaps)}
        self.names: GroupNames = group_names(visit.project, breakdowns)
        self.sides = Sides(
            *(run, waves, self.names),
            min_group=self.min_group,
            min_schools=visit.min_schools,
            breakdowns=breakdowns,
            measures=self._measures() if is_part else None,
            wholes={
                source.measure
                for row in rows
                if row.measure.second_item is not None
                for source in self._sources(row)
            },
        )
        own = [row.measure_id for row in rows if row.measure.kind in GAP_MEASURES]
        self.estimates = {
            (row.measure_id, row.wave_id): row
            for row in Estimate.objects.filter(
                run=run, scope=Scope.PROJECT, measure__in=own, wave__in=waves.ids
            )
        }
        self.changes = {
            (row.measure_id, row.wave_to_id): row
            for row in Change.objects.filter(run=run, scope=Scope.PROJECT, measure__in=own)
        }

    def _gaps(self) -> Mapping[tuple[int, str], list[Gap]]:
        """By measure and breakdown, baseline first."""
        found: dict[tuple[int, str], list[Gap]] = defaultdict(list)
        rows = Gap.objects.filter(run=self.run, wave__in=self.waves.ids)
        if self.is_part:
            rows = rows.filter(measure__in={row.measure_id for row in self.rows})
        for row in rows.order_by("wave__position", "pk"):
            found[row.measure_id, row.group_by].append(row)
        return found

    def _measures(self) -> set[str]:
        asked = {source.measure for row in self.rows for source in self._sources(row)}
        return asked | {row.measure.code for row in self.rows}

    def _sources(self, row: Indicator) -> tuple[_Source, ...]:
        """Both sides of a gap that is an indicator; nothing for other indicators."""
        first, second = row.measure.item, row.measure.second_item
        if row.measure.kind not in GAP_MEASURES or first is None:
            return ()
        if second is not None:
            return _Source(first), _Source(second)
        groups = self.names.asked.get((first.instrument_id, BY_SEX), ("", ""))
        return _Source(first, groups[0]), _Source(first, groups[1])

    # --- lines --------------------------------------------------------------------------

    def lines(self) -> Iterable[GapLine]:
        for row in self.rows:
            head = indicator_head(row)
            if row.measure.kind in GAP_MEASURES:
                if (line := self._own_gap(row, head)) is not None:
                    yield line
                continue
            for group_by in row.disaggregation:
                if gaps := self.gaps.get((row.measure_id, group_by)):
                    yield self._group_gap(row, head, gaps)

    def _group_gap(self, row: Indicator, head: IndicatorHead, gaps: list[Gap]) -> GapLine:
        one = gaps[0]
        shown = [gap_of(gap, kind=head.kind, min_group=self.min_group) for gap in gaps]
        first, second = (
            self.sides.of_group(
                *(row.measure.code, one.group_by, group),
                kind=head.kind,
                respondent=head.respondent,
            )
            for group in (one.first_group, one.second_group)
        )
        then, now = self.sides.of_waves(shown, (first, second))
        return GapLine(head, one.group_by, first, second, then, now)

    def _side(self, source: _Source, group_by: str) -> GapSide:
        kind, respondent = MeasureKind.ITEM_MEAN, source.item.instrument.respondent
        if source.group:
            return self.sides.of_group(
                *(source.measure, group_by, source.group), kind=kind, respondent=respondent
            )
        return self.sides.of_people(
            source.measure, kind=kind, respondent=respondent, question=source.item.label
        )

    def _own_gap(self, row: Indicator, head: IndicatorHead) -> GapLine | None:
        """A gap that is an indicator: its level is an estimate and it has a change of its own."""
        sources = self._sources(row)
        pairs = [
            (estimate, self.changes.get((row.measure_id, wave)))
            for wave in self.waves.ids
            if (estimate := self.estimates.get((row.measure_id, wave))) is not None
        ]
        if not sources or not pairs:
            return None
        group_by = BETWEEN_QUESTIONNAIRES if row.measure.second_item else BY_SEX
        limit = threshold(head.kind, self.min_group)
        groups = (sources[0].group, sources[1].group)
        shown = [hide_small(_from_estimate(*pair, group_by, groups), limit) for pair in pairs]
        first, second = (self._side(source, group_by) for source in sources)
        then, now = self.sides.of_waves(shown, (first, second))
        change = pairs[-1][1]
        verdict = change.verdict if change is not None else ""
        return GapLine(head, group_by, first, second, then, now, verdict)


def _from_estimate(
    level: Estimate, change: Change | None, group_by: str, groups: tuple[str, str]
) -> GroupGap:
    """A gap that is an indicator, in the shape of the gaps between groups."""
    sides = level.counts or {}
    gap = GroupGap(
        group_by=group_by,
        first_group=groups[0],
        second_group=groups[1],
        wave_id=level.wave_id,
        n_first=int(sides.get("first", 0)),
        n_second=int(sides.get("second", 0)),
        value=level.value,
        p=None,
        ci_low=level.ci_low,
        ci_high=level.ci_high,
        reason=level.reason,
        pk=level.pk,
    )
    return gap if change is None else _with_change(gap, change)


def _with_change(gap: GroupGap, change: Change) -> GroupGap:
    """The gap with the change that its indicator made, and the word for it."""
    reason = change.reason
    if change.verdict == Verdict.NOT_COMPARABLE:
        reason = reason or Reason.NOT_COMPARABLE
    return replace(
        gap,
        baseline=change.baseline,
        endline=change.endline,
        change=change.difference,
        change_low=change.ci_low,
        change_high=change.ci_high,
        change_word=_word(change),
        change_reason=reason,
    )


def _word(change: Change) -> str:
    verdict = Verdict(change.verdict)
    if verdict not in MOVED:
        return STAYED.get(verdict, "")
    return moved_gap(change.baseline or 0.0, change.endline or 0.0)
