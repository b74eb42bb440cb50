"""One indicator on one line, ready to print: used by the overview, a school and the admin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters import charts, numbers, sentences
from indicators.presenters.inside import Inside, of_lines
from indicators.presenters.numbers import DASH, Scale
from indicators.presenters.words import (
    BLOCK_WORDS,
    StatusView,
    VerdictView,
    reason_text,
    status_view,
    unit_text,
    verdict_view,
)
from indicators.vocabulary import Respondent, TargetType, Verdict, WaveKind
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import IndicatorHead, Level, Line, Move, Standing, WaveHead, WavePair


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as text. `reason` says why it is a dash; `more` is a small line under it."""

    text: str
    reason: str = ""
    more: str = ""


def base_text(level: Level | None) -> str:
    """Number of answers, or below which number it is hidden."""
    return numbers.base(level.n, level.below) if level else DASH


@dataclass(frozen=True, slots=True)
class LineView:
    code: str
    name: str
    block: str
    unit: str
    baseline: Cell
    endline: Cell
    change: Cell
    range: str
    verdict: VerdictView | None
    status: StatusView
    target: str
    n: str
    note: str
    is_headline: bool
    chart: charts.Chart | None


@dataclass(frozen=True, slots=True)
class BlockView:
    """`limits`: what the answers of these respondents cannot say. `inside`: when folded."""

    key: str
    title: str
    lines: tuple[LineView, ...]
    limits: tuple[str, ...]
    inside: Inside | None = None


def scale_of(indicator: IndicatorHead) -> Scale:
    return Scale(indicator.kind, indicator.decimals, indicator.unit)


def line_view(line: Line, *, beside_project: bool = False) -> LineView:
    """`beside_project`: the chart shows the change with the project's range as a band."""
    indicator = line.indicator
    scale = scale_of(indicator)
    change = line.change
    return LineView(
        code=indicator.code,
        name=indicator.name,
        block=indicator.block,
        unit=unit_text(indicator.unit),
        baseline=_level_cell(line.baseline, scale, change.baseline if change else None),
        endline=_level_cell(
            line.endline, scale, change.endline if change else None, limits_of(line.target)
        ),
        change=_change_cell(line, scale),
        range=scale.interval(change.ci_low, change.ci_high, is_change=True) if change else "",
        verdict=verdict_view(change.verdict, change.reason, indicator.direction)
        if change
        else None,
        status=status_view(line.status),
        target=target_text(line.target, scale),
        n=DASH if beside_project and is_counted(line) else bases_text(line),
        note=_note(line),
        is_headline=indicator.is_headline,
        chart=charts.change_chart(change, line.project_change, scale)
        if beside_project
        else charts.level_chart(line, scale),
    )


def blocks(
    lines: Iterable[LineView], limits: Mapping[str, tuple[str, ...]]
) -> tuple[BlockView, ...]:
    """Lines by block, in the order of the register. Never by value."""
    groups: dict[str, list[LineView]] = {}
    for line in lines:
        groups.setdefault(line.block, []).append(line)
    n = sum(map(len, groups.values()))
    return tuple(
        BlockView(
            key,
            str(title),
            tuple(groups[key]),
            limits.get(key, ()),
            of_lines(map(judgement, groups[key]), n_on_page=n),
        )
        for key, title in BLOCK_WORDS.items()
        if key in groups
    )


def judgement(line: LineView) -> tuple[str, str]:
    """Verdict and status, as keys of the vocabulary."""
    return (line.verdict.key if line.verdict else "", line.status.key)


def level_cell(level: Level | None, scale: Scale) -> Cell:
    return _level_cell(level, scale, None)


def limits_of(target: Standing | None) -> tuple[float | None, ...]:
    """The limits a level stands beside; those of a change target are no levels."""
    if target is None or target.type == TargetType.CHANGE:
        return ()
    return target.low, target.high


def _level_cell(
    level: Level | None,
    scale: Scale,
    panel: float | None,
    limits: tuple[float | None, ...] = (),
) -> Cell:
    """`panel`: the value the change is computed from, known also where zero by definition."""
    if level is None and panel is not None:
        return Cell(scale.value(panel))
    if level is None:
        return Cell(DASH, gettext("No value in this wave."))
    if level.value is None:
        return Cell(DASH, reason_text(level.reason) or gettext("No value in this wave."))
    text = scale.value(level.value, beside=limits)
    if scale.is_count and level.denominator is not None:
        text = gettext("%(count)s of %(total)s") % {
            "count": text,
            "total": numbers.whole(level.denominator),
        }
    return Cell(text)


def wave_names(waves: WavePair) -> tuple[str, str]:
    """Short names for the heads of columns: "Baseline", "Endline"; full ones where kinds repeat."""
    pair = (waves.baseline, waves.endline)
    names = short_names([wave for wave in pair if wave])
    defaults = (WaveKind.BASELINE, WaveKind.ENDLINE)
    then, now = (
        names[wave.pk] if wave else str(word(kind)).capitalize()
        for wave, kind in zip(pair, defaults, strict=True)
    )
    return then, now


def short_names(waves: Sequence[WaveHead]) -> dict[int, str]:
    """A name for every wave by its key: its kind, or its full name where kinds repeat."""
    kinds = [wave.kind for wave in waves]
    if len(set(kinds)) < len(kinds):
        return {wave.pk: wave.name for wave in waves}
    return {wave.pk: str(word(WaveKind(wave.kind))).capitalize() for wave in waves}


def _change_cell(line: Line, scale: Scale) -> Cell:
    change = line.change
    if change is None:
        return Cell(DASH, gettext("A change needs two waves."))
    if change.difference is None:
        return Cell(DASH, reason_text(change.reason))
    return Cell(scale.difference(change.difference), more=_compared(line, change, scale))


def _compared(line: Line, change: Move, scale: Scale) -> str:
    """The values the change is computed from, where they differ from the levels shown."""
    levels = [level.value if level else None for level in (line.baseline, line.endline)]
    pairs = zip(levels, (change.baseline, change.endline), strict=True)
    if all(
        shown is None or used is None or scale.value(shown) == scale.value(used)
        for shown, used in pairs
    ):
        return ""
    values = f"{scale.value(change.baseline)} → {scale.value(change.endline)}"
    return gettext("compared: %(value)s") % {"value": values}


def target_text(target: Standing | None, scale: Scale) -> str:
    """The target in words: "at least 85 %"; empty where there is none."""
    if target is None:
        return ""
    limits = _limits_text(target, scale)
    return f"{limits} ({target.of_wave})" if target.of_wave else limits


def _limits_text(target: Standing, scale: Scale) -> str:
    if target.type == TargetType.AT_LEAST:
        return gettext("at least %(low)s") % {"low": scale.limit(target.low)}
    if target.type == TargetType.AT_MOST:
        return gettext("at most %(high)s") % {"high": scale.limit(target.high)}
    if target.type == TargetType.RANGE:
        return gettext("between %(low)s and %(high)s") % {
            "low": scale.limit(target.low),
            "high": scale.limit(target.high),
        }
    limit = target.low if target.low is not None else target.high
    return gettext("own baseline %(change)s") % {"change": scale.limit_difference(limit)}


def is_counted(line: Line) -> bool:
    """Events and documents of one school: no people stand behind the number."""
    return line.indicator.respondent in (Respondent.CLUSTER, Respondent.MANUAL)


def bases_text(line: Line) -> str:
    """The bases of both waves: "972 / 928"."""
    bases = [
        numbers.base(level.n, level.below) if level else DASH
        for level in (line.baseline, line.endline)
    ]
    return " / ".join(bases)


def _note(line: Line) -> str:
    change = line.change
    if change is None:
        return ""
    if line.indicator.has_response_shift and change.verdict in (
        Verdict.DECREASED,
        Verdict.DECREASED_SMALL,
    ):
        return gettext("possible response shift")
    if change.is_on_common_items:
        return gettext("compared on the questions worded alike")
    if sentences.is_clear_alone(change):
        return gettext("among so many tests this can be chance")
    return ""
