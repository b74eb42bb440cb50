"""One gap in full, ready to print: the finding, both sides, the ranges, how to read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_lazy

from indicators.presenters.charts import Chart
from indicators.presenters.gap_charts import RangeRow, dumbbell, range_chart
from indicators.presenters.gap_filter import TITLES, kind_of
from indicators.presenters.gaps import (
    GapRow,
    change_reason,
    gap_cell,
    gap_row,
    gap_scale,
    level_text,
    line_reasons,
    pairs_of,
)
from indicators.presenters.groups import GAP_TEXTS
from indicators.presenters.lines import Cell, base_text, scale_of, wave_names
from indicators.presenters.method.reasons import ReasonView, reason_views
from indicators.presenters.numbers import DASH, Scale
from indicators.vocabulary import GapChange

if TYPE_CHECKING:
    from indicators.results import GapLine, GroupGap, IndicatorHead, Level, WavePair


@dataclass(frozen=True, slots=True)
class WaveRow:
    """One wave: both sides with their bases, and the gap."""

    wave: str
    first: Cell
    n_first: str
    second: Cell
    n_second: str
    gap: Cell


@dataclass(frozen=True, slots=True)
class GapView:
    row: GapRow
    baseline: str
    endline: str
    has_two_waves: bool
    kind_title: str
    finding: tuple[str, ...]
    chart: Chart | None
    ranges: Chart | None
    waves: tuple[WaveRow, ...]
    panel: str
    care: tuple[str, ...]
    reasons: tuple[ReasonView, ...]


BETWEEN_PEOPLE = gettext_lazy(
    "Two kinds of people can use the same scale differently. Such habits stay from wave to wave, "
    "so the change of this gap says more than its size."
)
BETWEEN_SCHOOLS = gettext_lazy(
    "Each school stands wholly on one side, so schools are compared with schools. The gap may come "
    "from anything in which these schools differ."
)
INSIDE_SCHOOLS = gettext_lazy(
    "Both sides come from the same schools, so what a school has in common with itself moves both "
    "and does not make a gap. People who did not name their group stand on neither side."
)
BY_SCHOOL = frozenset({"settlement", "language", "oblast", "remoteness"})


def gap_view(line: GapLine, waves: WavePair) -> GapView:
    scale = gap_scale(line.indicator)
    names = wave_names(waves)
    row = gap_row(line, names)
    labels = (row.first.label, row.second.label)
    title = gettext("%(first)s and %(second)s") % {"first": labels[0], "second": labels[1]}
    return GapView(
        row=row,
        baseline=names[0],
        endline=names[1],
        has_two_waves=waves.endline is not None,
        kind_title=str(TITLES[kind_of(line)]),
        finding=_finding(line, row, scale, names),
        chart=dumbbell(pairs_of(line, names), scale, labels, title),
        ranges=range_chart(_ranges(line, names), scale, gettext("The gap with its range")),
        waves=_waves(line, scale, names),
        panel=_panel(line, scale),
        care=_care(line),
        reasons=reason_views(line_reasons(line)),
    )


def _finding(line: GapLine, row: GapRow, scale: Scale, names: tuple[str, str]) -> tuple[str, ...]:
    """The newest gap in one sentence, what became of it in another."""
    is_later = line.endline is not None
    gap, wave = (line.endline, names[1]) if is_later else (line.baseline, names[0])
    levels = [side.endline if is_later else side.baseline for side in (line.first, line.second)]
    if gap is None or gap.value is None:
        return (change_reason(line),)
    known = {
        "wave": wave,
        "first": row.first.label,
        "second": row.second.label,
        "a": level_text(levels[0], line.indicator),
        "b": level_text(levels[1], line.indicator),
        "gap": scale.difference(gap.value),
        "range": scale.interval(gap.ci_low, gap.ci_high, is_change=True),
    }
    if gap.ci_low is None:
        text = gettext("%(wave)s: %(first)s %(a)s, %(second)s %(b)s, a gap of %(gap)s.")
    else:
        text = gettext(
            "%(wave)s: %(first)s %(a)s, %(second)s %(b)s, a gap of %(gap)s (95 %% range %(range)s)."
        )
    return (text % known, *([_moved(gap, scale)] if gap.change is not None else []))


def _moved(gap: GroupGap, scale: Scale) -> str:
    known = {
        "size": scale.difference(gap.change),
        "range": scale.interval(gap.change_low, gap.change_high, is_change=True) or DASH,
    }
    if gap.change_word:
        return str(GAP_TEXTS[GapChange(gap.change_word)]) % known
    if gap.change_low is None:
        return gettext("The gap moved by %(size)s; nothing is said about chance.") % known
    return gettext("The gap moved by %(size)s (95 %% range %(range)s).") % known


def _ranges(line: GapLine, names: tuple[str, str]) -> list[RangeRow]:
    return [
        RangeRow(name, css, gap.value, gap.ci_low, gap.ci_high)
        for name, css, gap in zip(
            names, ("then", "now"), (line.baseline, line.endline), strict=True
        )
        if gap is not None
    ]


def _waves(line: GapLine, scale: Scale, names: tuple[str, str]) -> tuple[WaveRow, ...]:
    rows = (
        (names[0], line.first.baseline, line.second.baseline, line.baseline),
        (names[1], line.first.endline, line.second.endline, line.endline),
    )
    return tuple(
        WaveRow(
            wave,
            _level(first, line.indicator),
            base_text(first),
            _level(second, line.indicator),
            base_text(second),
            gap_cell(gap, scale),
        )
        for wave, first, second, gap in rows
        if gap is not None
    )


def _level(level: Level | None, indicator: IndicatorHead) -> Cell:
    range = scale_of(indicator).interval(level.ci_low, level.ci_high) if level else ""
    return Cell(level_text(level, indicator), more=range)


def _panel(line: GapLine, scale: Scale) -> str:
    """The gaps that the change is computed from, where they differ from those of all schools."""
    gap = line.endline
    if gap is None or gap.change is None or line.baseline is None:
        return ""
    used, all_schools = (gap.baseline, gap.endline), (line.baseline.value, gap.value)
    if [scale.difference(one) for one in used] == [scale.difference(one) for one in all_schools]:
        return ""
    return gettext(
        "The change is computed on the schools with answers in both waves: there the gap was "
        "%(then)s and then %(now)s."
    ) % {"then": scale.difference(gap.baseline), "now": scale.difference(gap.endline)}


def _care(line: GapLine) -> tuple[str, ...]:
    if not line.group_by:
        return (str(BETWEEN_PEOPLE),)
    return (str(BETWEEN_SCHOOLS if line.group_by in BY_SCHOOL else INSIDE_SCHOOLS),)
