"""The performance table as rows of cells, for a workbook and for a CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, pgettext

from indicators.presenters import numbers
from indicators.presenters.lines import limits_of, scale_of
from indicators.presenters.numbers import DASH, THIN, Scale
from indicators.presenters.words import respondent_text, unit_text
from indicators.vocabulary import Direction, Level, TargetType
from indicators.words import word

if TYPE_CHECKING:
    from indicators.presenters.performance import PerformanceView, RowView, WavePart
    from indicators.results import Level as WaveLevel
    from indicators.results import Move, Standing

PLACE = "\x00"  # where the number stands in a sentence


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a file, in the unit shown: a share is in percent, a difference in points.

    `before` and `after` are words around it ("at least", "%"), written into the number's format.
    """

    value: float
    decimals: int
    before: str = ""
    after: str = ""
    is_signed: bool = False

    @property
    def plain(self) -> str:
        """With a decimal point and nothing around it, for programs: "-0.12"."""
        text = numbers.fixed(self.value, self.decimals)
        return text.replace(numbers.MINUS, "-").replace(THIN, "").replace(",", ".")


GridCell = str | Number


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `group` is the wave it belongs to, empty for what describes the indicator."""

    group: str
    title: str
    width: int = 11


@dataclass(frozen=True, slots=True)
class GridRow:
    """One indicator, or the title of a block (`cells` is empty) with its limits."""

    title: str
    cells: tuple[GridCell, ...] = ()
    limits: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    columns: tuple[Column, ...]
    rows: tuple[GridRow, ...]


def performance_grid(page: PerformanceView, *, with_note_texts: bool) -> Grid:
    """`with_note_texts`: notes and limits of a row in full, for a file without other lines."""
    texts = {note.number: note.text for note in page.footnotes} if with_note_texts else {}
    rows: list[GridRow] = []
    for block in page.blocks:
        limits = " ".join(block.limits)
        rows.append(GridRow(block.title, limits=limits))
        starts = (page.group,) if page.group else ()
        ends = (limits,) if with_note_texts else ()
        rows += [GridRow(block.title, (*starts, *_cells(row, texts), *ends)) for row in block.rows]
    return Grid(_columns(page, with_limits=with_note_texts), tuple(rows))


def _columns(page: PerformanceView, *, with_limits: bool) -> tuple[Column, ...]:
    found = [Column("", gettext("Schools"), 12)] if page.group else []
    found += [
        Column("", gettext("Code"), 7),
        Column("", gettext("Indicator"), 44),
        Column("", gettext("Unit"), 20),
        Column("", gettext("Level"), 11),
        Column("", gettext("Source"), 14),
        Column("", gettext("Which way is better"), 17),
        Column(page.baseline, gettext("Value")),
        Column(page.baseline, "n", 8),
    ]
    for wave in page.later:
        found += [
            Column(wave, gettext("Target"), 17),
            Column(wave, gettext("Value")),
            Column(wave, "n", 8),
            Column(wave, pgettext("between waves", "Change"), 12),
            Column(wave, gettext("Range from"), 12),
            Column(wave, gettext("Range to"), 12),
            Column(wave, gettext("Verdict"), 24),
            Column(wave, gettext("Status"), 22),
            Column(wave, gettext("Notes"), 9),
        ]
    if with_limits:
        found.append(Column("", gettext("Limits"), 44))
    return tuple(found)


def _cells(row: RowView, texts: dict[int, str]) -> Iterable[GridCell]:
    line = row.line
    indicator = line.indicator
    scale = scale_of(indicator)
    yield indicator.code
    yield indicator.name
    yield unit_text(indicator.unit)
    yield str(word(Level(indicator.level)))
    yield respondent_text(indicator.respondent)
    yield str(word(Direction(indicator.direction)))
    yield _level(line.baseline, scale, line.change.baseline if line.change else None)
    yield _base(line.baseline)
    for part in row.parts:
        yield from _wave_cells(part, scale, texts)


def _wave_cells(part: WavePart, scale: Scale, texts: dict[int, str]) -> Iterable[GridCell]:
    line, view = part.line, part.shown
    yield _target(line.target, scale, view.target)
    limits = limits_of(line.target)
    yield _level(line.endline, scale, line.change.endline if line.change else None, limits)
    yield _base(line.endline)
    yield from _change(line.change, scale)
    yield (
        "; ".join(filter(None, (view.verdict.word, view.verdict.wanted))) if view.verdict else DASH
    )
    yield f"{view.status.word}; {part.reached}" if part.reached else view.status.word
    compared = [view.change.more] if view.change.more else []
    yield "; ".join([*compared, *(texts.get(number, str(number)) for number in part.notes)])


def _level(
    level: WaveLevel | None,
    scale: Scale,
    panel: float | None,
    limits: tuple[float | None, ...] = (),
) -> GridCell:
    """A value; where there is none, what the change starts from: zero by definition."""
    value = panel if level is None else level.value
    if value is None:
        return DASH
    if level is not None and scale.is_count and level.denominator is not None:
        total = numbers.whole(level.denominator)
        pattern = gettext("%(count)s of %(total)s") % {"count": PLACE, "total": total}
        return _within(pattern, value, 0)
    after = f"{THIN}%" if scale.is_share else ""
    shown = _shown(value, is_share=scale.is_share)
    return Number(shown, scale.telling(value, limits), after=after)


def _base(level: WaveLevel | None) -> GridCell:
    """The number of people; a hidden one as the text "< 10"."""
    if level is None:
        return DASH
    return numbers.base(level.n, level.below) if level.n is None else Number(level.n, 0)


def _change(change: Move | None, scale: Scale) -> Sequence[GridCell]:
    """The change and both ends of its range. An end that is not 0 does not read 0."""
    if change is None or change.difference is None:
        return [DASH] * 3
    ends = [
        DASH if end is None else _difference(end, scale, scale.telling(end, [0.0]))
        for end in (change.ci_low, change.ci_high)
    ]
    return [_difference(change.difference, scale, scale.decimals), *ends]


def _difference(value: float, scale: Scale, decimals: int) -> Number:
    after = THIN + gettext("pp") if scale.is_share else ""
    return Number(_shown(value, is_share=scale.is_share), decimals, after=after, is_signed=True)


def _target(target: Standing | None, scale: Scale, text: str) -> GridCell:
    """One limit is a number inside its words; a range of two stays a text."""
    if target is None:
        return DASH
    limit = target.low if target.low is not None else target.high
    if target.type == TargetType.RANGE or limit is None:
        return text
    if target.type == TargetType.CHANGE:
        number = _difference(limit, scale, scale.typed(limit))
        pattern = gettext("own baseline %(change)s") % {"change": PLACE + number.after}
        return _within(pattern, number.value, number.decimals, is_signed=True)
    after = f"{THIN}%" if scale.is_share else ""
    if target.type == TargetType.AT_LEAST:
        pattern = gettext("at least %(low)s") % {"low": PLACE + after}
    else:
        pattern = gettext("at most %(high)s") % {"high": PLACE + after}
    return _within(pattern, _shown(limit, is_share=scale.is_share), scale.typed(limit))


def _shown(value: float, *, is_share: bool) -> float:
    """A share in percent, without the dust of binary fractions: 0.07 is 7."""
    return float(f"{value * 100:.13g}") if is_share else value


def _within(pattern: str, value: float, decimals: int, *, is_signed: bool = False) -> Number:
    before, _place, after = pattern.partition(PLACE)
    return Number(value, decimals, before, after, is_signed)
