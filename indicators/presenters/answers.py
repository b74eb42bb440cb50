"""How a question was answered in both waves, ready to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters import charts, numbers
from indicators.presenters.lines import base_text
from indicators.presenters.numbers import DASH
from indicators.presenters.quality import pattern_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indicators.results import ItemAnswers, Option
    from indicators.results import Level as WaveLevel


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One option: its shade, and its share in every wave."""

    label: str
    css: str
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaveBar:
    """One wave of a question: the bar, and its base."""

    name: str
    n: str
    bar: charts.Chart | None


@dataclass(frozen=True, slots=True)
class AnswersView:
    label: str
    waves: tuple[WaveBar, ...]
    rows: tuple[AnswerRow, ...]
    is_reversed: bool
    has_hidden: bool
    pattern: str


def answers_view(row: ItemAnswers, names: tuple[str, str]) -> AnswersView:
    css = shades(row.options)
    waves = [
        (name, level)
        for level, name in ((row.baseline, names[0]), (row.endline, names[1]))
        if level is not None
    ]
    return AnswersView(
        label=row.label,
        waves=tuple(_wave_bar(row, level, name, css) for name, level in waves),
        rows=tuple(
            AnswerRow(
                option.label,
                css[option.code],
                tuple(_share(level, option.code) for _name, level in waves),
            )
            for option in row.options
        ),
        is_reversed=row.is_reversed,
        pattern=pattern_text(row.test),
        has_hidden=any(None in (level.counts or {}).values() for _name, level in waves),
    )


def shades(options: Iterable[Option]) -> dict[int, str]:
    """One shade per option: from dark to light along the scale, grey for "don't know"."""
    found = tuple(options)
    scored = sorted((o.code for o in found if o.is_substantive), reverse=True)
    steps = max(len(scored) - 1, 1)
    css = {code: f"shade-{round(4 * place / steps)}" for place, code in enumerate(scored)}
    return css | {o.code: "shade-none" for o in found if not o.is_substantive}


def _count(level: WaveLevel, code: int) -> int | None:
    """Answers with a code: 0 when nobody chose it, None when hidden or not counted."""
    return level.counts.get(str(code), 0) if level.counts else None


def _share(level: WaveLevel, code: int) -> str:
    n = _count(level, code)
    if n is None or not level.n_counted:
        return gettext("hidden") if level.counts else DASH
    return numbers.percent(n / level.n_counted)


def _wave_bar(row: ItemAnswers, level: WaveLevel, name: str, css: dict[int, str]) -> WaveBar:
    parts = [
        charts.Part(
            css[option.code],
            n / level.n_counted,
            f"{option.label}: {_share(level, option.code)}",
        )
        for option in row.options
        if level.n_counted and (n := _count(level, option.code))
    ]
    # With pieces hidden, the others would stand in the wrong place.
    is_whole = bool(parts) and None not in (level.counts or {}).values()
    bar = charts.stacked_bar(parts, f"{name}: {row.label}") if is_whole else None
    return WaveBar(
        name, numbers.whole(level.n_counted) if level.n_counted else base_text(level), bar
    )
