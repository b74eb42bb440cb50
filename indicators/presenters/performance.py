"""The performance table, ready to print. The workbook and the CSV are made from the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters.indicator_filter import Filter, FilterView, filter_view
from indicators.presenters.inside import Inside, of_lines
from indicators.presenters.lines import LineView, base_text, judgement, line_view
from indicators.presenters.words import BLOCK_WORDS, reason_text
from indicators.vocabulary import Flag, Reason, Status, Verdict
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import Line, Performance, PerformanceRow, WaveHead


@dataclass(frozen=True, slots=True)
class WavePart:
    """One later wave of a row: its target beside what was measured. `notes`: their numbers."""

    wave: str
    line: Line
    shown: LineView
    n: str
    reached: str
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RowView:
    """One indicator. `line` and `first` are those of the first part, for what all waves share."""

    line: Line
    first: LineView
    n_baseline: str
    parts: tuple[WavePart, ...]


@dataclass(frozen=True, slots=True)
class RowBlock:
    """`limits`: what the answers of these respondents cannot say. `inside`: when folded."""

    key: str
    title: str
    rows: tuple[RowView, ...]
    inside: Inside
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Footnote:
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class FieldDates:
    name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class PerformanceView:
    """`later`: names of the waves after the first; empty while there is only one.

    `group`: the schools the figures are of; empty for all.
    """

    baseline: str
    later: tuple[str, ...]
    waves: tuple[FieldDates, ...]
    blocks: tuple[RowBlock, ...]
    footnotes: tuple[Footnote, ...]
    filter: FilterView
    n_rows: int
    n_all: int
    group: str = ""

    @property
    def notice(self) -> str:
        return group_notice(self.group) if self.group else ""


def performance_view(table: Performance, wanted: Filter) -> PerformanceView:
    waves = [*([table.baseline] if table.baseline else []), *table.later]
    found = _found(table, wanted)
    notes = _Notes()
    later = tuple(wave.name for wave in table.later)
    rows = [_row(row, later, notes) for row in found]
    return PerformanceView(
        baseline=table.baseline.name if table.baseline else "",
        later=later,
        waves=tuple(_dates(wave) for wave in waves),
        blocks=_blocks(rows, table.limits),
        footnotes=notes.all(),
        filter=filter_view(wanted, table.groups),
        n_rows=len(rows),
        n_all=len(table.rows),
        group=table.group.label if table.group else "",
    )


def _blocks(rows: Sequence[RowView], limits: Mapping[str, tuple[str, ...]]) -> tuple[RowBlock, ...]:
    """Rows by block. Folded, a block is told by its newest wave."""
    found = []
    for key, title in BLOCK_WORDS.items():
        mine = tuple(row for row in rows if row.first.block == key)
        newest = [row.parts[-1].shown if row.parts else row.first for row in mine]
        inside = of_lines(map(judgement, newest), n_on_page=len(rows))
        if mine:
            found.append(RowBlock(key, str(title), mine, inside, limits.get(key, ())))
    return tuple(found)


def _found(table: Performance, wanted: Filter) -> list[PerformanceRow]:
    """The rows that fit; with a group of schools its figures, where indicators have them.

    What moved or was met is always that of the whole project: groups are not judged.
    """
    fits = [
        any(wanted.matches(line, pair) for line, pair in zip(row.lines, table.pairs, strict=True))
        for row in table.rows
    ]
    rows = table.group_rows if table.group else table.rows
    return [
        row
        for row, is_wanted in zip(rows, fits, strict=True)
        if is_wanted
        and (not table.group or any(line.baseline or line.endline for line in row.lines))
    ]


def group_notice(group: str) -> str:
    """What must be known of figures that are those of a group of schools."""
    return gettext(
        "Only the schools of this group: %(group)s. Groups are looked at and not judged: their "
        "changes have no verdict, and targets are those of the whole project. Indicators that are "
        "not broken down this way are left out."
    ) % {"group": group}


class _Notes:
    """Texts numbered as they are met first; a text met again keeps its number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def __call__(self, texts: Iterable[str]) -> tuple[int, ...]:
        wanted = dict.fromkeys(text for text in texts if text)
        found = [self.numbers.setdefault(text, len(self.numbers) + 1) for text in wanted]
        return tuple(sorted(found))

    def all(self) -> tuple[Footnote, ...]:
        return tuple(Footnote(number, text) for text, number in self.numbers.items())


def _dates(wave: WaveHead) -> FieldDates:
    return FieldDates(wave.name, wave.field_start, wave.field_end)


def _row(row: PerformanceRow, later: tuple[str, ...], notes: _Notes) -> RowView:
    shown = [line_view(line) for line in row.lines]
    return RowView(
        line=row.lines[0],
        first=shown[0],
        n_baseline=base_text(row.lines[0].baseline),
        parts=tuple(
            WavePart(
                wave=wave,
                line=line,
                shown=view,
                n=base_text(line.endline),
                reached=reached_text(line),
                notes=notes(_texts(line, view)),
            )
            for wave, line, view in zip(later, row.lines, shown, strict=False)
        ),
    )


def reached_text(line: Line) -> str:
    """Whether the value itself reached the target, where the answers cannot decide."""
    target = line.target
    if target is None or target.reached is None or line.status != Status.TOO_CLOSE:
        return ""
    return gettext("value reached it") if target.reached else gettext("value did not reach it")


def _texts(line: Line, view: LineView) -> Iterable[str]:
    """What a reader must know of one row, in the order in which it matters."""
    change, target = line.change, line.target
    if change is not None:
        is_reworded = change.verdict == Verdict.NOT_COMPARABLE
        yield reason_text(change.reason or (Reason.NOT_COMPARABLE if is_reworded else ""))
    for level in (line.baseline, line.endline):
        if level is not None and level.value is None:
            yield reason_text(level.reason)
    yield view.note[:1].upper() + view.note[1:] + "." if view.note else ""
    if change is not None:
        yield from (str(word(Flag(flag))) for flag in change.flags)
    if target is not None:
        yield reason_text(target.reason)
        if target.is_by_value_alone:
            yield gettext("Judged by the value alone: nothing was sampled.")
