"""What of the indicators a reader asked to see: read from the address, shown as chips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext, gettext_lazy

from indicators.presenters.words import BLOCK_WORDS, GROUP_WORDS
from indicators.vocabulary import Level, Reason, Respondent, Status, Verdict
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import Line, SchoolGroup, WaveHead, WavePair

MOVED = (
    Verdict.INCREASED,
    Verdict.INCREASED_SMALL,
    Verdict.DECREASED,
    Verdict.DECREASED_SMALL,
)
CLEAR = (*MOVED, Verdict.NO_MEANINGFUL_CHANGE, Verdict.NO_CLEAR_CHANGE)
OPEN_STATUSES = (Status.TOO_CLOSE, Status.CANNOT_TELL)
# Reasons that lie in the kind of data, not in too little of it.
BY_DESIGN = frozenset(
    {
        Reason.SELF_SELECTED,
        Reason.CENSUS,
        Reason.NOT_A_SAMPLE,
        Reason.ZERO_BASELINE,
        Reason.NOT_IN_BOTH_WAVES,
        Reason.NO_DATA,
    }
)
LOOKS = {
    "moved": gettext_lazy("moved"),
    "met": gettext_lazy("target met"),
    "unknown": gettext_lazy("cannot be told yet"),
    "missing": gettext_lazy("without a value"),
}
# Name in the address, label, and (value, words) of what can be chosen.
Choices = tuple[str, str, Sequence[tuple[str, object]]]


def verdict_of(line: Line) -> str:
    return line.change.verdict if line.change else ""


def is_refused(line: Line) -> bool:
    """No verdict where one could have been: reworded, too few, hidden."""
    if line.change is None or line.change.verdict in CLEAR:
        return False
    return line.change.verdict == Verdict.NOT_COMPARABLE or line.change.reason not in BY_DESIGN


def lacking(line: Line, waves: WavePair) -> tuple[WaveHead, ...]:
    """The waves without a value. A baseline that is zero by definition has one."""
    start = line.change.baseline if line.change else None
    pairs = ((waves.baseline, line.baseline, start), (waves.endline, line.endline, None))
    return tuple(
        wave
        for wave, level, by_definition in pairs
        if wave and by_definition is None and (level is None or level.value is None)
    )


def looks_of(line: Line, waves: WavePair) -> frozenset[str]:
    """Which of the four first questions this line answers: a line can answer several."""
    verdict = verdict_of(line)
    found = {
        "moved": verdict in MOVED,
        "met": line.status == Status.MET,
        "unknown": verdict == Verdict.NO_CLEAR_CHANGE
        or line.status in OPEN_STATUSES
        or is_refused(line),
        "missing": bool(lacking(line, waves)) or line.status == Status.NO_DATA,
    }
    return frozenset(look for look, is_so in found.items() if is_so)


@dataclass(frozen=True, slots=True)
class Filter:
    """What the reader asked to see. Unknown values ask for nothing."""

    respondent: str = ""  # the block of the page
    instrument: str = ""
    level: str = ""
    status: str = ""
    verdict: str = ""
    look: str = ""
    group: str = ""  # key of a group of schools; not of all pages
    text: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filter:
        def known(name: str, values: Iterable[str]) -> str:
            value = query.get(name, "")
            return value if value in list(values) else ""

        return cls(
            respondent=known("respondent", BLOCK_WORDS),
            instrument=known("instrument", Respondent),
            level=known("level", Level),
            status=known("status", Status),
            verdict=known("verdict", Verdict),
            look=known("look", LOOKS),
            group=query.get("group", "")[:80],
            text=query.get("text", "").strip()[:80],
        )

    @property
    def is_active(self) -> bool:
        return self != Filter()

    @property
    def query(self) -> str:
        """As the end of an address: "?level=impact"; empty when nothing is asked."""
        asked = {field.name: getattr(self, field.name) for field in fields(self)}
        text = urlencode({name: value for name, value in asked.items() if value})
        return f"?{text}" if text else ""

    def matches(self, line: Line, waves: WavePair) -> bool:
        indicator = line.indicator
        words = f"{indicator.code} {indicator.name}".casefold()
        return (
            self.respondent in ("", indicator.block)
            and (not self.instrument or self.instrument in indicator.respondent.split("+"))
            and self.level in ("", indicator.level)
            and self.status in ("", line.status)
            and self.verdict in ("", verdict_of(line))
            and (not self.look or self.look in looks_of(line, waves))
            and self.text.casefold() in words
        )


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    """One list of choices of the form. `name` is the parameter of the address."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing asked for, and the address without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class FilterView:
    selects: tuple[Select, ...]
    hidden: tuple[tuple[str, str], ...]  # asked for by a link, kept when the form is sent
    text: str
    chips: tuple[Chip, ...]
    query: str
    is_active: bool


def filter_view(wanted: Filter, groups: Sequence[SchoolGroup] = ()) -> FilterView:
    """`groups`: of schools, on a page that can show them; others ignore a group asked for."""
    lists = _selects(groups)
    wanted = wanted if wanted.group in [one.key for one in groups] else replace(wanted, group="")
    return FilterView(
        selects=tuple(
            Select(name, label, _choices(pairs, getattr(wanted, name)))
            for name, label, pairs in lists
        ),
        hidden=tuple(
            (name, value) for name in ("look", "verdict") if (value := getattr(wanted, name))
        ),
        text=wanted.text,
        chips=_chips(wanted, lists),
        query=wanted.query,
        is_active=wanted.is_active,
    )


def _selects(groups: Sequence[SchoolGroup]) -> list[Choices]:
    def words(values: Iterable[Level | Status | Respondent]) -> list[tuple[str, object]]:
        return [(value.value, word(value)) for value in values]

    found: list[Choices] = [
        ("respondent", gettext("Part"), list(BLOCK_WORDS.items())),
        ("instrument", gettext("Source"), words(Respondent)),
        ("level", gettext("Level"), words(Level)),
        ("status", gettext("Status"), words(Status)),
    ]
    if groups:
        pairs = [(one.key, f"{GROUP_WORDS[one.field]}: {one.label}") for one in groups]
        found.append(("group", gettext("Schools"), pairs))
    return found


def _choices(pairs: Iterable[tuple[str, object]], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, str(label), value == chosen) for value, label in pairs)


def _chips(wanted: Filter, lists: Sequence[Choices]) -> tuple[Chip, ...]:
    named = [
        (name, label, str(dict(pairs)[chosen]))
        for name, label, pairs in lists
        if (chosen := getattr(wanted, name))
    ]
    if wanted.verdict:
        named.append(("verdict", gettext("Verdict"), str(word(Verdict(wanted.verdict)))))
    if wanted.look:
        named.append(("look", gettext("Look"), str(LOOKS[wanted.look])))
    if wanted.text:
        named.append(("text", gettext("Text"), wanted.text))
    return tuple(
        Chip(f"{label}: {value}", replace(wanted, **{name: ""}).query or "?")
        for name, label, value in named
    )
