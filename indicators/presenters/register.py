"""The register as the tree of the results framework, ready to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indicators.presenters.indicator_filter import Chip, Choice, FilterView, Select
from indicators.presenters.inside import Inside, of_lines
from indicators.presenters.lines import LineView, judgement, line_view, wave_names
from indicators.presenters.words import BLOCK_WORDS, respondent_text
from indicators.vocabulary import Direction, Level, Respondent
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import IndicatorHead, Line
    from indicators.results.register import Register

YES, NO = "yes", "no"
LEVEL_MEANINGS = {
    Level.IMPACT: _("What should be different in the end, for students and schools."),
    Level.OUTCOME: _("What people do and how schools work that leads there."),
    Level.OUTPUT: _("What the project itself brings about."),
}


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What of the register a reader asked to see. Unknown values ask for nothing."""

    level: str = ""
    source: str = ""
    headline: str = ""
    text: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> RegisterFilter:
        level, source, headline = (query.get(name, "") for name in ("level", "source", "headline"))
        return cls(
            level=level if level in list(Level) else "",
            source=source if source in list(Respondent) else "",
            headline=headline if headline in (YES, NO) else "",
            text=query.get("text", "").strip()[:80],
        )

    @property
    def query(self) -> str:
        """As the end of an address: "?level=impact"; empty when nothing is asked."""
        asked = {field.name: getattr(self, field.name) for field in fields(self)}
        text = urlencode({name: value for name, value in asked.items() if value})
        return f"?{text}" if text else ""

    def matches(self, indicator: IndicatorHead) -> bool:
        words = f"{indicator.code} {indicator.name}".casefold()
        return (
            self.level in ("", indicator.level)
            and (not self.source or self.source in indicator.respondent.split("+"))
            and self.headline in ("", YES if indicator.is_headline else NO)
            and self.text.casefold() in words
        )


@dataclass(frozen=True, slots=True)
class RegisterRow:
    line: LineView
    direction: str
    source: str


@dataclass(frozen=True, slots=True)
class RegisterBlock:
    """One part inside a level. `key` is unique on the page; `inside`: when folded."""

    key: str
    title: str
    rows: tuple[RegisterRow, ...]
    inside: Inside


@dataclass(frozen=True, slots=True)
class RegisterLevel:
    key: str
    title: str
    meaning: str
    n: int
    blocks: tuple[RegisterBlock, ...]


@dataclass(frozen=True, slots=True)
class RegisterView:
    levels: tuple[RegisterLevel, ...]
    baseline: str
    endline: str
    is_measured: bool
    filter: FilterView
    n_rows: int
    n_all: int


def register_view(register: Register, wanted: RegisterFilter) -> RegisterView:
    found = [line for line in register.lines if wanted.matches(line.indicator)]
    baseline, endline = wave_names(register.waves)
    levels = (_level(level, found, n_on_page=len(found)) for level in Level)
    return RegisterView(
        levels=tuple(level for level in levels if level.blocks),
        baseline=baseline,
        endline=endline,
        is_measured=register.is_measured,
        filter=_filter_view(wanted),
        n_rows=len(found),
        n_all=len(register.lines),
    )


def _level(level: Level, lines: Sequence[Line], *, n_on_page: int) -> RegisterLevel:
    lines = [line for line in lines if line.indicator.level == level]
    blocks = (
        _block(
            f"{level}-{key}",
            str(title),
            [_row(line) for line in lines if line.indicator.block == key],
            n_on_page,
        )
        for key, title in BLOCK_WORDS.items()
    )
    return RegisterLevel(
        key=level.value,
        title=str(word(level)).capitalize(),
        meaning=str(LEVEL_MEANINGS[level]),
        n=len(lines),
        blocks=tuple(block for block in blocks if block.rows),
    )


def _block(key: str, title: str, rows: Sequence[RegisterRow], n_on_page: int) -> RegisterBlock:
    inside = of_lines((judgement(row.line) for row in rows), n_on_page=n_on_page)
    return RegisterBlock(key, title, tuple(rows), inside)


def _row(line: Line) -> RegisterRow:
    indicator = line.indicator
    return RegisterRow(
        line=line_view(line),
        direction=str(word(Direction(indicator.direction))),
        source=respondent_text(indicator.respondent),
    )


def _filter_view(wanted: RegisterFilter) -> FilterView:
    lists: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("level", gettext("Level"), [(one.value, str(word(one))) for one in Level]),
        ("source", gettext("Source"), [(one.value, str(word(one))) for one in Respondent]),
        (
            "headline",
            gettext("Headline"),
            [(YES, gettext("headline indicators")), (NO, gettext("the others"))],
        ),
    ]
    selects = tuple(
        Select(
            name,
            label,
            tuple(Choice(value, text, value == getattr(wanted, name)) for value, text in pairs),
        )
        for name, label, pairs in lists
    )
    chips = [
        Chip(f"{label}: {dict(pairs)[chosen]}", replace(wanted, **{name: ""}).query or "?")
        for name, label, pairs in lists
        if (chosen := getattr(wanted, name))
    ]
    if wanted.text:
        chips.append(
            Chip(f"{gettext('Text')}: {wanted.text}", replace(wanted, text="").query or "?")
        )
    return FilterView(
        selects=selects,
        hidden=(),
        text=wanted.text,
        chips=tuple(chips),
        query=wanted.query,
        is_active=wanted != RegisterFilter(),
    )
