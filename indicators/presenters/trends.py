"""Small multiples of one school: every indicator over the waves, the project's range as a band."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters.charts import Area, Axis, Chart, Dot, Stroke, Text, xy
from indicators.presenters.inside import indicators
from indicators.presenters.lines import Cell, base_text, level_cell, limits_of, scale_of
from indicators.presenters.numbers import DASH, Scale
from indicators.presenters.words import BLOCK_WORDS, unit_text

if TYPE_CHECKING:
    from indicators.results import Level, Trend, TrendPoint, WaveHead

WIDTH, HEIGHT = 220, 116
TOP, BOTTOM = 8, 90  # between them lies the scale
SIDE = 52  # room for a value at both ends
HALF_BAND = 16  # half the width of the band of a wave that stands alone
NAME_LINE = 108


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One wave in numbers: the same as in the drawing."""

    wave: str
    value: Cell
    range: str
    n: str
    project: Cell
    project_range: str


@dataclass(frozen=True, slots=True)
class TrendView:
    code: str
    name: str
    unit: str
    chart: Chart
    rows: tuple[TrendRow, ...]


@dataclass(frozen=True, slots=True)
class TrendBlock:
    key: str
    title: str
    trends: tuple[TrendView, ...]

    @property
    def inside(self) -> str:
        """What is said of them when folded."""
        return indicators(len(self.trends))


def trend_blocks(trends: Iterable[Trend], names: Sequence[str]) -> tuple[TrendBlock, ...]:
    """In the order of the register. `names`: a short name for every wave."""
    views: dict[str, list[TrendView]] = {}
    for trend in trends:
        if (view := _view(trend, names)) is not None:
            views.setdefault(trend.indicator.block, []).append(view)
    return tuple(
        TrendBlock(key, str(title), tuple(views[key]))
        for key, title in BLOCK_WORDS.items()
        if key in views
    )


def _view(trend: Trend, names: Sequence[str]) -> TrendView | None:
    indicator = trend.indicator
    scale = scale_of(indicator)
    chart = trend_chart(trend, scale, names)
    if chart is None:
        return None
    rows = (_row(point, name, scale) for point, name in zip(trend.points, names, strict=True))
    return TrendView(indicator.code, indicator.name, unit_text(indicator.unit), chart, tuple(rows))


def _row(point: TrendPoint, name: str, scale: Scale) -> TrendRow:
    return TrendRow(
        wave=name,
        value=level_cell(point.own, scale),
        range=_range(point.own, scale) or DASH,
        n=base_text(point.own),
        project=level_cell(point.project, scale),
        project_range=_range(point.project, scale) or DASH,
    )


def _range(level: Level | None, scale: Scale) -> str:
    return scale.interval(level.ci_low, level.ci_high) if level else ""


def trend_chart(trend: Trend, scale: Scale, names: Sequence[str]) -> Chart | None:
    """The school's values as dots on a line; None where nothing but one dot would be drawn.

    Each dot has its own 95 % range. The project stands behind as a band where it has a range; a
    total of all schools is no level a school could be held against.
    """
    own = [point.own for point in trend.points]
    n_values = sum(level is not None and level.value is not None for level in own)
    has_band = any(_has_range(point.project) for point in trend.points)
    if not n_values or (n_values == 1 and not has_band):
        return None
    limits = [limit for limit in limits_of(trend.target) if limit is not None]
    ends = [end for point in trend.points for end in _ends(point)] + limits
    y = _axis(ends, scale)
    xs = _places(len(trend.points))
    strokes = [Stroke("axis", xy(xs[0] - 20), xy(BOTTOM), xy(xs[-1] + 20), xy(BOTTOM))]
    strokes += [
        Stroke("target", xy(xs[-1] - 14), xy(y(limit)), xy(xs[-1] + 14), xy(y(limit)))
        for limit in limits
    ]
    values = [
        (x, level.value)
        for x, level in zip(xs, own, strict=True)
        if level is not None and level.value is not None
    ]
    strokes += [
        Stroke("whisker now slope", xy(x1), xy(y(a)), xy(x2), xy(y(b)))
        for (x1, a), (x2, b) in pairwise(values)
    ]
    strokes += [
        Stroke("own-range", xy(x), xy(y(level.ci_low)), xy(x), xy(y(level.ci_high)))
        for x, level in zip(xs, own, strict=True)
        if level is not None and level.ci_low is not None and level.ci_high is not None
    ]
    looks = ["then"] * (len(values) - 1) + ["now"]
    ticks = _ticks([point.wave for point in trend.points])
    texts = [Text("tick", xy(x), xy(NAME_LINE), tick) for x, tick in zip(xs, ticks, strict=True)]
    texts += [_aside(x, xs, y(value), scale.value(value)) for x, value in values]
    return Chart(
        WIDTH,
        HEIGHT,
        gettext("This school over the waves"),
        _words(trend, scale, names),
        "trend",
        areas=_bands(trend.points, xs, y),
        strokes=tuple(strokes),
        dots=tuple(
            Dot(look, xy(x), xy(y(value)), "4")
            for look, (x, value) in zip(looks, values, strict=True)
        ),
        texts=tuple(texts),
    )


def _ticks(waves: Sequence[WaveHead]) -> list[str]:
    """The years of the waves, which are short in every language; their codes where years repeat."""
    years = [str(wave.field_start.year) for wave in waves]
    return years if len(set(years)) == len(years) else [wave.code for wave in waves]


def _aside(x: float, xs: Sequence[float], y: float, text: str) -> Text:
    """A value beside the dot of the first and of the last wave, where no line runs; else above."""
    if len(xs) > 1 and x == xs[0]:
        return Text("row", xy(x - 9), xy(y + 4), text, "end")
    if len(xs) > 1 and x == xs[-1]:
        return Text("row", xy(x + 9), xy(y + 4), text, "start")
    return Text("row", xy(x), xy(y - 8), text)


def _has_range(level: Level | None) -> bool:
    return level is not None and level.ci_low is not None and level.ci_high is not None


def _ends(point: TrendPoint) -> list[float]:
    """Everything of one wave that must lie inside the drawing."""
    own = [point.own.value, point.own.ci_low, point.own.ci_high] if point.own else []
    band = [point.project.ci_low, point.project.ci_high] if point.project else []
    return [end for end in (*own, *band) if end is not None]


def _axis(ends: Sequence[float], scale: Scale) -> Axis:
    """From bottom to top. Two equal values lie in the middle, not at an edge."""
    low, high = min(ends), max(ends)
    pad = (high - low) * 0.05 or max(abs(high) * 0.1, scale.finest)
    return Axis(low - pad, high + pad, BOTTOM, TOP)


def _places(n: int) -> list[float]:
    if n == 1:
        return [WIDTH / 2]
    step = (WIDTH - 2 * SIDE) / (n - 1)
    return [SIDE + step * place for place in range(n)]


def _bands(points: Sequence[TrendPoint], xs: Sequence[float], y: Axis) -> tuple[Area, ...]:
    """One band through neighbouring waves with a range; a wave alone has a short one."""
    found: list[list[tuple[float, float, float]]] = [[]]
    for point, x in zip(points, xs, strict=True):
        level = point.project
        if level is None or level.ci_low is None or level.ci_high is None:
            found.append([])
        else:
            found[-1].append((x, y(level.ci_low), y(level.ci_high)))
    return tuple(Area("band", _outline(band)) for band in found if band)


def _outline(band: Sequence[tuple[float, float, float]]) -> str:
    if len(band) == 1:
        x, low, high = band[0]
        band = [(x - HALF_BAND, low, high), (x + HALF_BAND, low, high)]
    there = [(x, high) for x, _low, high in band]
    back = [(x, low) for x, low, _high in reversed(band)]
    return " ".join(f"{xy(x)},{xy(end)}" for x, end in (*there, *back))


def _words(trend: Trend, scale: Scale, names: Sequence[str]) -> str:
    """The same for those who do not see it: "Baseline 4.46 (project 4.25 to 4.47); ..."."""
    parts = []
    for point, name in zip(trend.points, names, strict=True):
        text = f"{name} {level_cell(point.own, scale).text}"
        project = _range(point.project, scale)
        if project:
            text += " " + gettext("(project %(range)s)") % {"range": project}
        parts.append(text)
    return "; ".join(parts)
