"""Charts as coordinates; `markup.chart_html` draws them.

Coordinates are text with a decimal point, so that no language turns them into "12,5".
Every chart says its content in words, for readers who do not see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters.numbers import Scale

if TYPE_CHECKING:
    from indicators.results import Level, Line, Move, Standing

MINI_WIDTH, MINI_HEIGHT = 180, 26
AXIS_WIDTH, AXIS_ROW = 360, 44


@dataclass(frozen=True, slots=True)
class Rect:
    css: str
    x: str
    y: str
    width: str
    height: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A closed shape. `points`: "x,y x,y ..."."""

    css: str
    points: str


@dataclass(frozen=True, slots=True)
class Stroke:
    css: str
    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Dot:
    css: str
    cx: str
    cy: str
    r: str


@dataclass(frozen=True, slots=True)
class Text:
    css: str
    x: str
    y: str
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing. `title` says what it shows, `desc` its numbers in words."""

    width: int
    height: int
    title: str
    desc: str
    css: str = ""
    areas: tuple[Area, ...] = ()
    rects: tuple[Rect, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    squares: tuple[Rect, ...] = ()  # marks, above the lines
    dots: tuple[Dot, ...] = ()
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps values to places between two margins. A scale that goes up has its left below."""

    low: float
    high: float
    left: float
    right: float

    def __call__(self, value: float) -> float:
        span = (self.high - self.low) or 1.0
        place = self.left + (value - self.low) / span * (self.right - self.left)
        first, last = sorted((self.left, self.right))
        return min(max(place, first), last)


def xy(value: float) -> str:
    return f"{value:.1f}"


def level_chart(line: Line, scale: Scale, title: str = "") -> Chart | None:
    """Small: baseline as a ring, endline as a dot, their ranges, the target as a tick."""
    levels = [level for level in (line.baseline, line.endline) if level and level.value is not None]
    limits = _limits(line.target, line)
    has_range = any(level.ci_low is not None for level in levels)
    if not levels or not (has_range or limits):
        return None  # two bare dots on an axis made for them would say nothing
    axis = _axis(_values(levels) + limits, 8, MINI_WIDTH - 8)
    middle = MINI_HEIGHT / 2
    strokes = [Stroke("axis", xy(4), xy(middle), xy(MINI_WIDTH - 4), xy(middle))]
    strokes += [_tick(axis(limit), middle, 9) for limit in limits]
    dots = []
    for css, level, shift in (("then", line.baseline, -4), ("now", line.endline, 4)):
        if level is None or level.value is None:
            continue
        strokes += _whisker(axis, level, middle + shift, css)
        dots.append(Dot(css, xy(axis(level.value)), xy(middle + shift), "4"))
    return Chart(
        MINI_WIDTH,
        MINI_HEIGHT,
        title or gettext("Baseline, endline and target"),
        _level_words(line, scale),
        "mini",
        strokes=tuple(strokes),
        dots=tuple(dots),
    )


def axis_chart(line: Line, scale: Scale, names: tuple[str, str], title: str) -> Chart | None:
    """Large: one row per wave on one labelled axis, the target as a line through both.

    The name of a wave stands above its row: names are long and phones narrow.
    """
    rows = [
        (name, css, level, level.value)
        for name, css, level in zip(
            names, ("then", "now"), (line.baseline, line.endline), strict=True
        )
        if level and level.value is not None
    ]
    if not rows:
        return None
    limits = _limits(line.target, line)
    axis = _axis(_values([row[2] for row in rows]) + limits, 14, AXIS_WIDTH - 14)
    bottom = 6 + AXIS_ROW * len(rows)
    strokes = [Stroke("axis", xy(axis.left), xy(bottom), xy(axis.right), xy(bottom))]
    texts, dots = [], []
    for mark in marks(axis, scale.finest):
        strokes.append(Stroke("grid", xy(axis(mark)), "2", xy(axis(mark)), xy(bottom)))
        texts.append(Text("tick", xy(axis(mark)), xy(bottom + 16), scale.value(mark)))
    for limit in limits:
        strokes.append(Stroke("target", xy(axis(limit)), "2", xy(axis(limit)), xy(bottom)))
    for row, (name, css, level, value) in enumerate(rows):
        y = 6 + AXIS_ROW * (row + 0.66)
        texts.append(Text("row", "14", xy(y - 14), name, "start"))
        strokes += _whisker(axis, level, y, css)
        dots.append(Dot(css, xy(axis(value)), xy(y), "6"))
    return Chart(
        AXIS_WIDTH,
        int(bottom + 24),
        title,
        _level_words(line, scale),
        "axis-chart",
        strokes=tuple(strokes),
        dots=tuple(dots),
        texts=tuple(texts),
    )


def change_chart(
    change: Move | None, project: Move | None, scale: Scale, reach: float | None = None
) -> Chart | None:
    """Small: one school's change with its range, the project's range as a band, zero as a line.

    `reach` makes the axes of many schools alike; without it the chart fits its own values.
    """
    if change is None or change.difference is None or change.ci_low is None:
        return None
    ends = [change.difference, change.ci_low, change.ci_high]
    ends += [project.ci_low, project.ci_high] if project else []
    size = reach or max((abs(end) for end in ends if end is not None), default=0) or 1.0
    axis = Axis(-size, size, 8, MINI_WIDTH - 8)
    middle = MINI_HEIGHT / 2
    rects = []
    if project and project.ci_low is not None and project.ci_high is not None:
        left, right = axis(project.ci_low), axis(project.ci_high)
        rects.append(Rect("band", xy(left), "3", xy(max(right - left, 1)), xy(MINI_HEIGHT - 6)))
    strokes = [Stroke("zero", xy(axis(0)), "1", xy(axis(0)), xy(MINI_HEIGHT - 1))]
    if change.ci_low is not None and change.ci_high is not None:
        ends_x = axis(change.ci_low), axis(change.ci_high)
        strokes.append(Stroke("whisker now", xy(ends_x[0]), xy(middle), xy(ends_x[1]), xy(middle)))
    return Chart(
        MINI_WIDTH,
        MINI_HEIGHT,
        gettext("Change beside the project's"),
        _change_words(change, project, scale),
        "mini",
        rects=tuple(rects),
        strokes=tuple(strokes),
        dots=(Dot("now", xy(axis(change.difference)), xy(middle), "4"),),
    )


def reach_of(changes: Iterable[Move | None], project: Move | None) -> float | None:
    """The half width of a common axis for the changes of many schools."""
    sizes = [
        abs(end)
        for change in (*changes, project)
        if change
        for end in (change.difference, change.ci_low, change.ci_high)
        if end is not None
    ]
    return max(sizes, default=None)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a stacked bar."""

    css: str
    share: float
    title: str


def stacked_bar(parts: Sequence[Part], title: str) -> Chart:
    """A bar of 400 x 18 whose pieces fill it by their shares."""
    rects, left = [], 0.0
    for part in parts:
        width = 400 * part.share
        rects.append(Rect(part.css, xy(left), "0", xy(width), "18", part.title))
        left += width
    desc = "; ".join(part.title for part in parts)
    return Chart(400, 18, title, desc, "stack", rects=tuple(rects))


def _values(levels: Iterable[Level]) -> list[float]:
    return [
        end
        for level in levels
        for end in (level.value, level.ci_low, level.ci_high)
        if end is not None
    ]


def _limits(target: Standing | None, line: Line) -> list[float]:
    """Where the target lies on the axis; a change counts from the baseline it is measured on."""
    if target is None:
        return []
    ends = [end for end in (target.low, target.high) if end is not None]
    if target.type != "change_abs":
        return ends
    start = line.change.baseline if line.change else None
    if start is None and line.baseline:
        start = line.baseline.value
    return [] if start is None else [start + end for end in ends]


def _axis(values: Sequence[float], left: float, right: float) -> Axis:
    low, high = min(values), max(values)
    pad = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    return Axis(low - pad, high + pad, left, right)


def marks(axis: Axis, finest: float) -> list[float]:
    """Up to five round values on the axis, no closer than the finest difference shown."""
    span = axis.high - axis.low
    steps = (base * 10.0**power for power in range(-6, 9) for base in (1, 2, 5))
    step = next((step for step in steps if span / step <= 5 and step >= finest * 0.999), span)
    first = int(axis.low // step) + 1
    last = int(axis.high // step)
    return [number * step for number in range(first, last + 1)]


def _tick(x: float, middle: float, half: float) -> Stroke:
    return Stroke("target", xy(x), xy(middle - half), xy(x), xy(middle + half))


def _whisker(axis: Axis, level: Level, y: float, css: str) -> list[Stroke]:
    if level.ci_low is None or level.ci_high is None:
        return []
    left, right = axis(level.ci_low), axis(level.ci_high)
    return [Stroke(f"whisker {css}", xy(left), xy(y), xy(right), xy(y))]


def _level_words(line: Line, scale: Scale) -> str:
    then = line.baseline.value if line.baseline else None
    now = line.endline.value if line.endline else None
    return gettext("Baseline %(then)s, endline %(now)s.") % {
        "then": scale.value(then),
        "now": scale.value(now),
    }


def _change_words(change: Move, project: Move | None, scale: Scale) -> str:
    words = gettext("Change %(change)s (%(range)s).") % {
        "change": scale.difference(change.difference),
        "range": scale.interval(change.ci_low, change.ci_high, is_change=True) or "–",
    }
    if project is None or project.difference is None:
        return words
    return (
        words
        + " "
        + gettext("All schools: %(change)s.") % {"change": scale.difference(project.difference)}
    )
