"""The list of gaps, ready to print: both sides, the gap of each wave, what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from indicators.presenters import numbers
from indicators.presenters.charts import Chart
from indicators.presenters.gap_charts import Pair, small_dumbbell, span_of
from indicators.presenters.gap_filter import (
    QUESTIONNAIRES,
    TITLES,
    GapFilter,
    GapFilterView,
    gap_filter_view,
    kind_of,
    outcome_of,
    outcome_text,
)
from indicators.presenters.inside import Inside, begins_open, counted
from indicators.presenters.lines import Cell, base_text, scale_of, wave_names
from indicators.presenters.method.reasons import ReasonView, anchor, reason_views
from indicators.presenters.numbers import DASH, Scale
from indicators.presenters.words import (
    PEOPLE_WORDS,
    VerdictView,
    reason_text,
    short_reason,
    unit_text,
    verdict_view,
)
from indicators.vocabulary import GapChange, MeasureKind, Reason, Respondent, Verdict

if TYPE_CHECKING:
    from indicators.results import GapLine, GapList, GapSide, GroupGap, IndicatorHead, Level

MOVED = (GapChange.NARROWED, GapChange.WIDENED, GapChange.TURNED_ROUND)


@dataclass(frozen=True, slots=True)
class SideView:
    """One side in both waves: "4.35 → 4.39" with its numbers of answers."""

    label: str
    question: str
    value: Cell


@dataclass(frozen=True, slots=True)
class GapRow:
    """`code` and `kind` are the address of the gap."""

    code: str
    name: str
    unit: str
    kind: str
    first: SideView
    second: SideView
    chart: Chart | None
    baseline: Cell
    endline: Cell
    change: Cell
    word: VerdictView


@dataclass(frozen=True, slots=True)
class GapTable:
    """Gaps with the same two sides. `sides`: their names for the heads of columns.

    `inside`: what is said of them when folded.
    """

    title: str
    sides: tuple[str, str]
    rows: tuple[GapRow, ...]
    inside: Inside


@dataclass(frozen=True, slots=True)
class GapSection:
    key: str
    title: str
    tables: tuple[GapTable, ...]

    @property
    def is_between_questionnaires(self) -> bool:
        return self.key == QUESTIONNAIRES


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    text: str
    n: int
    query: str


@dataclass(frozen=True, slots=True)
class GapListView:
    baseline: str
    endline: str
    has_two_waves: bool
    sections: tuple[GapSection, ...]
    outcomes: tuple[OutcomeCount, ...]
    filter: GapFilterView
    reasons: tuple[ReasonView, ...]
    n_rows: int
    n_all: int


def gap_list_view(found: GapList, wanted: GapFilter) -> GapListView:
    lines = [line for line in found.lines if wanted.matches(line)]
    names = wave_names(found.waves)
    spans = _spans(found.lines, names)
    sections = {kind: [line for line in lines if kind_of(line) == kind] for kind in TITLES}
    counted = Counter(map(outcome_of, found.lines))
    return GapListView(
        baseline=names[0],
        endline=names[1],
        has_two_waves=found.waves.endline is not None,
        sections=tuple(
            GapSection(kind, str(TITLES[kind]), _tables(part, names, spans, len(lines)))
            for kind, part in sections.items()
            if part
        ),
        outcomes=tuple(
            OutcomeCount(outcome_text(one), n, replace(GapFilter(), outcome=one).query)
            for one in (*map(str, GapChange), "not_judged")
            if (n := counted[one])
        ),
        filter=gap_filter_view(wanted, found.lines),
        reasons=reason_views(reason for line in lines for reason in line_reasons(line)),
        n_rows=len(lines),
        n_all=len(found.lines),
    )


def _spans(lines: Iterable[GapLine], names: tuple[str, str]) -> dict[str, float]:
    """The width of axis that all drawings of one unit share."""
    spans: dict[str, float] = {}
    for line in lines:
        unit = _axis_of(line.indicator)
        spans[unit] = max(spans.get(unit, 0.0), span_of(pairs_of(line, names)))
    return spans


def _axis_of(indicator: IndicatorHead) -> str:
    """Scores and points of one scale, and all percentages, are drawn alike."""
    if gap_scale(indicator).is_share:
        return "%"
    return indicator.unit.rpartition(" ")[2]


def _tables(
    lines: Sequence[GapLine], names: tuple[str, str], spans: dict[str, float], n_on_page: int
) -> tuple[GapTable, ...]:
    """Between questionnaires one table; else one for every kind of respondent."""
    parts: dict[tuple[str, str, str], list[GapRow]] = {}
    outcomes: dict[tuple[str, str, str], list[str]] = {}
    for line in lines:
        people = PEOPLE_WORDS.get(Respondent(line.first.respondent), "") if line.group_by else ""
        title = str(people)
        key = (title[:1].upper() + title[1:], line.first.label, line.second.label)
        row = gap_row(line, names, spans[_axis_of(line.indicator)])
        parts.setdefault(key, []).append(row)
        outcomes.setdefault(key, []).append(outcome_of(line))
    return tuple(
        GapTable(key[0], (key[1], key[2]), tuple(rows), _inside(outcomes[key], n_on_page=n_on_page))
        for key, rows in parts.items()
    )


def _inside(outcomes: Sequence[str], *, n_on_page: int) -> Inside:
    found = Counter(outcomes)
    n = ngettext("%(n)s gap", "%(n)s gaps", len(outcomes)) % {"n": numbers.whole(len(outcomes))}
    parts = [counted(found[one], outcome_text(one)) for one in map(str, GapChange) if found[one]]
    has_moved = any(found[one] for one in MOVED)
    return Inside(" · ".join([n, *parts]), begins_open(n_on_page, len(outcomes), has_moved))


def gap_row(line: GapLine, names: tuple[str, str], span: float | None = None) -> GapRow:
    scale = gap_scale(line.indicator)
    pairs = pairs_of(line, names)
    first, second = (side_view(side, line.indicator) for side in (line.first, line.second))
    return GapRow(
        code=line.indicator.code,
        name=line.indicator.name,
        unit=unit_text(line.indicator.unit),
        kind=kind_of(line),
        first=first,
        second=second,
        chart=small_dumbbell(
            pairs,
            span_of(pairs) if span is None else span,
            scale,
            (first.label, second.label),
        ),
        baseline=gap_cell(line.baseline, scale),
        endline=gap_cell(line.endline, scale),
        change=change_cell(line, scale),
        word=gap_word(line),
    )


def gap_scale(indicator: IndicatorHead) -> Scale:
    return scale_of(indicator).of_gap


def pairs_of(line: GapLine, names: tuple[str, str]) -> list[Pair]:
    """Both sides per wave, as the gap compares them."""

    def place(level: Level | None) -> float | None:
        if level is None or level.value is None:
            return None
        if line.indicator.kind == MeasureKind.SCHOOLS_COUNT and level.denominator:
            return level.value / float(level.denominator)
        return level.value

    first, second = line.first, line.second
    return [
        Pair(names[0], "then", place(first.baseline), place(second.baseline)),
        Pair(names[1], "now", place(first.endline), place(second.endline)),
    ]


def side_label(side: GapSide) -> str:
    """The group, or the people of the questionnaire."""
    return side.label or str(PEOPLE_WORDS[Respondent(side.respondent)])


def side_view(side: GapSide, indicator: IndicatorHead) -> SideView:
    levels = [level for level in (side.baseline, side.endline) if level is not None]
    reasons = dict.fromkeys(reason_text(level.reason) for level in levels if level.value is None)
    if not levels:
        return SideView(side_label(side), side.question, Cell(DASH, gettext("No value.")))
    return SideView(
        side_label(side),
        side.question,
        Cell(
            " → ".join(level_text(level, indicator) for level in levels),
            " ".join(filter(None, reasons)),
            more="n " + " / ".join(map(base_text, levels)),
        ),
    )


def level_text(level: Level | None, indicator: IndicatorHead) -> str:
    """A level; a count of schools with the number it is out of."""
    if level is None or level.value is None:
        return DASH
    if indicator.kind == MeasureKind.SCHOOLS_COUNT and level.denominator:
        known = {"count": level.value, "total": level.denominator}
        whole = Scale(indicator.kind, 0, "")
        return gettext("%(count)s of %(total)s") % {
            name: whole.value(value) for name, value in known.items()
        }
    return scale_of(indicator).value(level.value)


def gap_cell(gap: GroupGap | None, scale: Scale) -> Cell:
    """The gap of one wave with its range under it."""
    if gap is None or gap.value is None:
        return Cell(DASH, reason_text(gap.reason if gap else Reason.NO_DATA))
    return Cell(
        scale.difference(gap.value), more=scale.interval(gap.ci_low, gap.ci_high, is_change=True)
    )


def change_cell(line: GapLine, scale: Scale) -> Cell:
    gap = line.endline
    if gap is None or gap.change is None:
        return Cell(DASH, change_reason(line))
    return Cell(
        scale.difference(gap.change),
        more=scale.interval(gap.change_low, gap.change_high, is_change=True),
    )


def change_reason(line: GapLine) -> str:
    """Why there is no change, or no word for it."""
    return reason_text(_why_no_word(line)) or gettext("A change needs two waves.")


def gap_word(line: GapLine) -> VerdictView:
    """What became of the gap; where nothing is judged, why."""
    gap = line.endline
    if gap is not None and gap.change_word:
        word = GapChange(gap.change_word)
        base = verdict_view(
            line.verdict or Verdict.NO_CLEAR_CHANGE, direction=line.indicator.direction
        )
        tone = base.tone if word in MOVED and base.wanted else "plain" if word in MOVED else "quiet"
        wanted = base.wanted if word in MOVED else ""
        return VerdictView(word.value, outcome_text(word), tone, wanted, "")
    reason = _why_no_word(line)
    if not reason:
        return VerdictView("", gettext("one wave only"), "quiet", "", change_reason(line))
    return VerdictView(
        "",
        short_reason(reason) or gettext("not judged"),
        "quiet",
        "",
        reason_text(reason),
        anchor(reason),
    )


def _why_no_word(line: GapLine) -> str:
    """Empty while there is one wave. A gap never compared (no reason stored) was reworded."""
    gap = line.endline
    if gap is None:
        return ""
    reworded = Reason.NOT_COMPARABLE if line.baseline else Reason.NOT_IN_BOTH_WAVES
    return gap.change_reason or gap.reason or reworded


def line_reasons(line: GapLine) -> Iterable[str]:
    """Every reason met in a gap and its sides."""
    for side in (line.first, line.second):
        yield from (level.reason for level in (side.baseline, side.endline) if level)
    yield from (gap.reason for gap in (line.baseline, line.endline) if gap)
    if line.endline is not None and not line.endline.change_word:
        yield _why_no_word(line)
