"""Both sides of gaps: their stored levels, hidden where a small group could be found out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from indicators.models import Estimate
from indicators.queries.results import level_of, optional, with_start
from indicators.queries.small_groups import hide_beside_one, hide_whole, is_hidden
from indicators.results import GapSide, GroupGap, Level, WaveHead
from indicators.vocabulary import Scope

if TYPE_CHECKING:
    from indicators.models import Run
    from indicators.queries.group_names import GroupNames
    from indicators.results import WavePair


class Sides:
    """Levels of groups and of whole questionnaires in both waves. Two queries.

    `measures`: codes of those whose groups are wanted, None for all; `wholes`: of those wanted for
    everybody. Whole breakdowns are read: a lone hidden group takes another along.
    """

    def __init__(
        self,
        run: Run,
        waves: WavePair,
        names: GroupNames,
        *,
        min_group: int,
        min_schools: int,
        breakdowns: Collection[str],
        measures: Collection[str] | None,
        wholes: Collection[str],
    ) -> None:
        self.waves, self.names = waves, names
        self.limits = {"min_group": min_group, "min_schools": min_schools}
        rows = Estimate.objects.filter(run=run, wave__in=waves.ids).select_related("measure")
        groups = rows.filter(
            scope=Scope.GROUP, school__isnull=True, group_by__in=sorted(breakdowns)
        )
        if measures is not None:
            groups = groups.filter(measure__code__in=sorted(measures))
        self.groups: dict[tuple[str, str, int], dict[str, Estimate]] = defaultdict(dict)
        for row in groups.order_by("pk"):
            self.groups[row.measure.code, row.group_by, row.wave_id][row.group] = row
        whole = rows.filter(scope=Scope.PROJECT, measure__code__in=sorted(wholes))
        self.wholes = {(row.measure.code, row.wave_id): row for row in whole}

    def of_group(
        self, measure: str, group_by: str, group: str, *, kind: str, respondent: str
    ) -> GapSide:
        then, now = (
            self._level(self.groups.get((measure, group_by, wave), {}), group, kind)
            for wave in self.wave_keys()
        )
        return GapSide(self.names.label(group_by, group), respondent, then, now)

    def of_people(self, measure: str, *, kind: str, respondent: str, question: str) -> GapSide:
        then, now = (
            optional(level_of, self.wholes.get((measure, wave)), kind, **self.limits)
            for wave in self.wave_keys()
        )
        return GapSide("", respondent, then, now, question)

    def of_waves(
        self, gaps: Iterable[GroupGap], sides: Iterable[GapSide]
    ) -> tuple[GroupGap | None, GroupGap | None]:
        """The gaps of both waves. One whose side is hidden would tell it, so it is hidden too."""
        then, now = self.wave_keys()
        hidden = {then: False, now: False}
        for side in sides:
            hidden[then] |= is_hidden(side.baseline)
            hidden[now] |= is_hidden(side.endline)
        shown = with_start(hide_whole(gap) if hidden[gap.wave_id] else gap for gap in gaps)
        by_wave = {gap.wave_id: gap for gap in shown}
        return by_wave.get(then), by_wave.get(now)

    def wave_keys(self) -> tuple[int, int]:
        heads: tuple[WaveHead | None, ...] = (self.waves.baseline, self.waves.endline)
        then, now = (head.pk if head else 0 for head in heads)
        return then, now

    def _level(self, breakdown: Mapping[str, Estimate], group: str, kind: str) -> Level | None:
        shown = [level_of(row, kind=kind, **self.limits) for row in breakdown.values()]
        return dict(zip(breakdown, hide_beside_one(shown), strict=True)).get(group)
