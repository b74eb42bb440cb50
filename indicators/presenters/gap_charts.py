"""Dumbbells: both sides of a gap as a dot and a square, joined; one row per wave.

The sides differ by shape, the waves by row and fill, so nothing rests on colour. Small drawings of
one unit share one width of axis: a gap that is drawn twice as long is twice as large.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from django.utils.translation import gettext

from indicators.presenters.charts import Axis, Chart, Dot, Rect, Stroke, Text, marks, xy
from indicators.presenters.numbers import DASH, Scale

MINI_WIDTH, MINI_HEIGHT = 180, 34
MINI_ROWS = (9.0, 25.0)
WIDTH, ROW, LABEL = 360, 48, 15
ROOM = 1.15  # of the widest pair, so that its marks stay inside


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides in one wave; `css` is "then" or "now". A value that is missing is None."""

    wave: str
    css: str
    first: float | None
    second: float | None

    @property
    def known(self) -> list[float]:
        return [value for value in (self.first, self.second) if value is not None]


@dataclass(frozen=True, slots=True)
class RangeRow:
    """The gap of one wave, or its change, with its range where there is one."""

    name: str
    css: str
    value: float | None
    low: float | None
    high: float | None


def span_of(pairs: Iterable[Pair]) -> float:
    """How far apart the values of one drawing lie."""
    values = [value for pair in pairs for value in pair.known]
    return max(values) - min(values) if values else 0.0


def small_dumbbell(
    pairs: Sequence[Pair], span: float, scale: Scale, labels: tuple[str, str]
) -> Chart | None:
    """One row per wave on an axis as wide as `span`; None without a whole pair."""
    values = [value for pair in pairs for value in pair.known]
    if not any(len(pair.known) == 2 for pair in pairs):
        return None
    middle, half = (min(values) + max(values)) / 2, ROOM * (span or 1.0) / 2
    axis = Axis(middle - half, middle + half, 8, MINI_WIDTH - 8)
    parts = [_dumbbell(pair, axis, y, size=4.0) for pair, y in zip(pairs, MINI_ROWS, strict=False)]
    strokes = [
        Stroke("axis", xy(4), xy(y), xy(MINI_WIDTH - 4), xy(y))
        for y, _pair in zip(MINI_ROWS, pairs, strict=False)
    ]
    return Chart(
        MINI_WIDTH,
        MINI_HEIGHT,
        gettext("Both sides of the gap"),
        _words(pairs, scale, labels),
        "mini",
        strokes=(*strokes, *(stroke for part in parts for stroke in part[1])),
        squares=tuple(rect for part in parts for rect in part[0]),
        dots=tuple(dot for part in parts for dot in part[2]),
    )


def dumbbell(
    pairs: Sequence[Pair], scale: Scale, labels: tuple[str, str], title: str
) -> Chart | None:
    """Large, on a labelled axis, with the name of the wave above its row."""
    shown = [pair for pair in pairs if pair.known]
    values = [value for pair in shown for value in pair.known]
    if not values:
        return None
    axis = _axis(values)
    bottom = 6 + ROW * len(shown)
    strokes, texts = _ticks(axis, bottom, scale)
    squares, dots = [], []
    for row, pair in enumerate(shown):
        y = 6 + ROW * row + 0.66 * ROW
        texts.append(Text("row", "14", xy(y - LABEL), pair.wave, "start"))
        part = _dumbbell(pair, axis, y, size=6.0)
        squares += part[0]
        strokes += part[1]
        dots += part[2]
    return Chart(
        WIDTH,
        int(bottom + 24),
        title,
        _words(shown, scale, labels),
        "axis-chart",
        strokes=tuple(strokes),
        squares=tuple(squares),
        dots=tuple(dots),
        texts=tuple(texts),
    )


def range_chart(rows: Sequence[RangeRow], scale: Scale, title: str) -> Chart | None:
    """The gap of every wave with its 95 % range around the line of no gap."""
    shown = [row for row in rows if row.value is not None]
    if not shown:
        return None
    ends = [end for row in shown for end in (row.value, row.low, row.high) if end is not None]
    axis = _axis([*ends, 0.0])
    bottom = 6 + ROW * len(shown)
    dots = []
    strokes, texts = _ticks(axis, bottom, scale, is_difference=True)
    strokes.append(Stroke("zero", xy(axis(0)), "2", xy(axis(0)), xy(bottom)))
    for place, row in enumerate(shown):
        y = 6 + ROW * place + 0.66 * ROW
        texts.append(Text("row", "14", xy(y - LABEL), row.name, "start"))
        if row.low is not None and row.high is not None:
            ends_x = (xy(axis(row.low)), xy(axis(row.high)))
            strokes.append(Stroke(f"whisker {row.css}", ends_x[0], xy(y), ends_x[1], xy(y)))
        dots.append(Dot(row.css, xy(axis(row.value or 0.0)), xy(y), "6"))
    desc = "; ".join(
        f"{row.name} {scale.difference(row.value)}"
        f" ({scale.interval(row.low, row.high, is_change=True) or DASH})"
        for row in shown
    )
    return Chart(
        WIDTH,
        int(bottom + 24),
        title,
        desc,
        "axis-chart",
        strokes=tuple(strokes),
        dots=tuple(dots),
        texts=tuple(texts),
    )


def _axis(values: Sequence[float]) -> Axis:
    low, high = min(values), max(values)
    pad = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
    return Axis(low - pad, high + pad, 14, WIDTH - 14)


def _ticks(
    axis: Axis, bottom: float, scale: Scale, *, is_difference: bool = False
) -> tuple[list[Stroke], list[Text]]:
    write = scale.difference if is_difference else scale.value
    strokes = [Stroke("axis", xy(axis.left), xy(bottom), xy(axis.right), xy(bottom))]
    texts = []
    for mark in marks(axis, scale.finest):
        strokes.append(Stroke("grid", xy(axis(mark)), "2", xy(axis(mark)), xy(bottom)))
        texts.append(Text("tick", xy(axis(mark)), xy(bottom + 16), write(mark)))
    return strokes, texts


def _dumbbell(
    pair: Pair, axis: Axis, y: float, *, size: float
) -> tuple[list[Rect], list[Stroke], list[Dot]]:
    """The first side as a dot, the second as a square; the line between ends at their edges."""
    squares, strokes, dots = [], [], []
    if pair.first is not None and pair.second is not None:
        left, right = sorted((axis(pair.first), axis(pair.second)))
        if right - left > 2 * size:
            ends = xy(left + size), xy(right - size)
            strokes.append(Stroke(f"link {pair.css}", ends[0], xy(y), ends[1], xy(y)))
    if pair.second is not None:
        side = 1.8 * size
        place = xy(axis(pair.second) - side / 2), xy(y - side / 2)
        squares.append(Rect(pair.css, *place, xy(side), xy(side)))
    if pair.first is not None:
        dots.append(Dot(pair.css, xy(axis(pair.first)), xy(y), xy(size)))
    return squares, strokes, dots


def _words(pairs: Sequence[Pair], scale: Scale, labels: tuple[str, str]) -> str:
    values = product(pairs, ((0, labels[0]), (1, labels[1])))
    return "; ".join(
        f"{pair.wave}, {label} {scale.value((pair.first, pair.second)[side])}"
        for pair, (side, label) in values
    )
