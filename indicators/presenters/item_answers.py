"""How one question was answered: bars and one table of the same numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters import charts, numbers
from indicators.presenters.answers import shades
from indicators.presenters.numbers import DASH
from indicators.presenters.words import reason_text
from indicators.vocabulary import ItemKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indicators.results import ItemLevel, ItemSheet, Option

Waves = list[tuple[str, "ItemLevel"]]
FEW = 100  # below it a tenth of a percent would be more exact than the answers are
DIVERGING_FROM = 4  # ordered options
PROMOTERS, PASSIVES, DETRACTORS = "shade-0", "shade-2", "shade-4"


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    bar: charts.Chart | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `css`: shade of an option; `is_sum`: a line under the options."""

    label: str
    cells: tuple[str, ...]
    css: str = ""
    chart: charts.Chart | None = None
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class AnswersTable:
    """`columns`: heads of the columns, wave by wave; `base`: what the shares are of."""

    bars: tuple[Bar, ...]
    groups: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    base: str
    has_charts: bool
    has_hidden: bool
    hidden: tuple[str, ...]


def answers_table(sheet: ItemSheet, names: tuple[str, str]) -> AnswersTable:
    waves = [
        (name, level)
        for name, level in zip(names, (sheet.line.baseline, sheet.line.endline), strict=True)
        if level is not None
    ]
    kind = sheet.line.item.kind
    heads: tuple[str, ...]
    if kind == ItemKind.MULTI:
        heads = (gettext("of respondents"), gettext("of mentions"), "n")
        rows = _ticked(sheet, waves)
    elif kind == ItemKind.TEXT:
        heads, rows = ("n",), ()
    else:
        heads = ("%", "n")
        rows = _chosen(sheet, waves)
    return AnswersTable(
        bars=_bars(sheet, waves) if kind == ItemKind.SCALE else (),
        groups=tuple(name for name, _level in waves),
        heads=heads,
        rows=(*rows, *_totals(kind, waves, len(heads))),
        base=_base(kind, has_mean=any(level.mean is not None for _name, level in waves)),
        has_charts=kind == ItemKind.MULTI,
        has_hidden=any(None in (level.counts or {}).values() for _name, level in waves),
        hidden=tuple(f"{name}: {reason_text(one.reason)}" for name, one in waves if one.is_hidden),
    )


def _base(kind: str, *, has_mean: bool) -> str:
    if kind == ItemKind.MULTI:
        return gettext(
            "Several answers were possible. Share of respondents: of everyone who chose any answer;"
            " adds up to more than 100 %. Share of mentions: of all ticks; adds up to 100 %."
        )
    if kind == ItemKind.TEXT:
        return gettext("An open question: the number of people who wrote something.")
    text = gettext("Shares are of everyone who chose any answer, “don’t know” included.")
    if has_mean:
        text += " " + gettext("The mean leaves “don’t know” out.")
    return text


def _count(level: ItemLevel, code: int | str) -> float | None:
    """Answers with a code: 0 where nobody chose it, None when hidden."""
    return None if level.counts is None else level.counts.get(str(code), 0)


def share_text(share: float | None, n: int | None) -> str:
    return numbers.percent(share, 1 if (n or 0) >= FEW else 0)


def _cells(level: ItemLevel, code: int | str) -> list[str]:
    """Share and number of one option."""
    if level.is_hidden or level.counts is None:
        return [DASH, DASH]
    times = _count(level, code)
    if times is None:
        return [gettext("hidden"), gettext("hidden")]
    return [share_text(times / level.n, level.n) if level.n else DASH, numbers.whole(times)]


def _chosen(sheet: ItemSheet, waves: Waves) -> tuple[Row, ...]:
    is_recommend = any(level.score is not None for _name, level in waves)
    css = _recommend_shades(sheet.options) if is_recommend else shades(sheet.options)
    if sheet.line.item.kind == ItemKind.NUMBER:
        return _numbers(waves)
    return tuple(
        Row(
            option.label,
            tuple(cell for _name, level in waves for cell in _cells(level, option.code)),
            css.get(option.code, ""),
        )
        for option in sheet.options
    )


def _recommend_shades(options: Sequence[Option]) -> dict[int, str]:
    """Promoters, passives and detractors: three shades."""
    return {
        o.code: PROMOTERS if o.code >= 9 else PASSIVES if o.code >= 7 else DETRACTORS
        for o in options
    }


def _numbers(waves: Waves) -> tuple[Row, ...]:
    """A line for each value or band of a number, in their order."""

    def first(band: str) -> int:
        start = band[1:].partition("-")[0]
        return int(band[0] + start)

    found = {code for _name, level in waves for code in level.counts or {}}
    return tuple(
        Row(
            band.replace("-", "–") if not band.startswith("-") else band,
            tuple(cell for _name, level in waves for cell in _cells(level, band)),
        )
        for band in sorted(found, key=first)
    )


def _ticked(sheet: ItemSheet, waves: Waves) -> tuple[Row, ...]:
    rows = []
    for option in sheet.options:
        cells, shares = [], []
        for _name, level in waves:
            times = _count(level, option.code)
            share, number = _cells(level, option.code)
            mentions = DASH if number == DASH else number
            if times is not None and level.n_mentions:
                mentions = share_text(times / level.n_mentions, level.n)
            cells += [share, mentions, number]
            shares.append(times / level.n if times is not None and level.n else None)
        then, now = shares if len(shares) == 2 else (None, shares[0] if shares else None)
        words = "; ".join(
            f"{name} {share_text(share, level.n)}"
            for (name, level), share in zip(waves, shares, strict=True)
        )
        chart = charts.share_bars(then, now, option.label, words)
        rows.append(Row(option.label, tuple(cells), chart=chart))
    return tuple(rows)


def _totals(kind: str, waves: Waves, width: int) -> tuple[Row, ...]:
    """Bases, mean and what else belongs to a question, where any wave has it."""

    def row(label: str, texts: Sequence[str], *, is_number: bool = False) -> Row:
        blanks = [""] * (width - 1)
        cells = [c for t in texts for c in ([*blanks, t] if is_number else [t, *blanks])]
        return Row(label, tuple(cells), is_total=True)

    bases = [numbers.base(level.n, level.below) for _name, level in waves]
    asked = [numbers.base(level.n_sheets, level.below) for _name, level in waves]
    rows = [row(gettext("Answered (n)"), bases, is_number=True)]
    if kind == ItemKind.MULTI:
        ticks = [numbers.whole(level.n_mentions) for _name, level in waves]
        rows.append(row(gettext("Mentions"), ticks, is_number=True))
    rows.append(row(gettext("Asked"), asked, is_number=True))
    rows += [row(label, [read(one) for _n, one in waves]) for label, read in _figures(waves)]
    return tuple(rows)


def _figures(waves: Waves) -> list[tuple[str, Callable[[ItemLevel], str]]]:
    """Further lines with how to read them, those that some wave has."""

    def share(name: str) -> Callable[[ItemLevel], str]:
        return lambda level: share_text(getattr(level, name), level.n)

    def fixed(name: str, decimals: int = 2) -> Callable[[ItemLevel], str]:
        return lambda level: numbers.fixed(getattr(level, name), decimals)

    lines = (
        ("top", gettext("The two highest answers together"), share("top")),
        ("low", gettext("The two lowest answers together"), share("low")),
        ("promoters", gettext("Promoters (9–10)"), share("promoters")),
        ("passives", gettext("Passives (7–8)"), share("passives")),
        ("detractors", gettext("Detractors (0–6)"), share("detractors")),
        ("score", gettext("Score: promoters minus detractors"), fixed("score", 1)),
        ("mean", gettext("Mean"), fixed("mean")),
        ("sd", gettext("Standard deviation"), fixed("sd")),
    )
    return [
        (label, read)
        for name, label, read in lines
        if any(getattr(level, name) is not None for _name, level in waves)
    ]


def _bars(sheet: ItemSheet, waves: Waves) -> tuple[Bar, ...]:
    """A bar per wave; none where pieces are hidden, for the others would stand wrong."""
    return tuple(
        Bar(name, _bar(sheet.options, level, f"{name}: {sheet.line.item.label}"))
        for name, level in waves
        if level.counts and level.n and None not in level.counts.values()
    )


def _bar(options: Sequence[Option], level: ItemLevel, title: str) -> charts.Chart:
    if level.score is not None:
        return _recommend_bar(level, title)
    css = shades(options)

    def part(option: Option) -> charts.Part:
        share = (_count(level, option.code) or 0) / (level.n or 1)
        return charts.Part(css[option.code], share, f"{option.label}: {share_text(share, level.n)}")

    scored = sorted((o for o in options if o.is_substantive), key=lambda option: option.code)
    if level.mean is None or len(scored) < DIVERGING_FROM:
        return charts.stacked_bar([part(o) for o in options if _count(level, o.code)], title)
    half = len(scored) // 2
    middle = part(scored[half]) if len(scored) % 2 else None
    low = [part(option) for option in scored[:half]]
    high = [part(option) for option in scored[-half:]]
    return charts.diverging_bar(low, middle, high, title)


def _recommend_bar(level: ItemLevel, title: str) -> charts.Chart:
    def part(css: str, share: float | None, label: str) -> charts.Part:
        return charts.Part(css, share or 0.0, f"{label}: {share_text(share, level.n)}")

    low = part(DETRACTORS, level.detractors, gettext("Detractors (0–6)"))
    middle = part(PASSIVES, level.passives, gettext("Passives (7–8)"))
    high = part(PROMOTERS, level.promoters, gettext("Promoters (9–10)"))
    return charts.diverging_bar([low], middle, [high], title)
