"""Figures cited in a text by reference, so that a sentence can never differ from the table.

`{S01.endline}` is the value of indicator S01 at the last wave, `{S01@W1.n}` its base in wave W1,
`{S01.change.ci}` the range of its change. A brace that is meant as a brace is written twice.
Pure text: what exists and what may be seen is for the caller to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum


class CitedFigure(StrEnum):
    """What of an indicator a text may cite."""

    BASELINE = "baseline"
    ENDLINE = "endline"
    LEVEL = "level"  # of the wave that is named
    CHANGE = "change"
    GAP = "gap"  # today's, of indicators that are gaps
    TARGET = "target"


class CitedPart(StrEnum):
    """What of a cited figure is printed."""

    VALUE = "value"
    N = "n"
    CI = "ci"
    VERDICT = "verdict"
    STATUS = "status"


class CitationProblem(StrEnum):
    """Why a reference in a text leads nowhere."""

    UNREADABLE = "unreadable"
    NO_INDICATOR = "no_indicator"
    NO_WAVE = "no_wave"
    NO_GAP = "no_gap"


# What each figure has beside its value.
PARTS: Mapping[CitedFigure, tuple[CitedPart, ...]] = {
    CitedFigure.BASELINE: (CitedPart.N, CitedPart.CI),
    CitedFigure.ENDLINE: (CitedPart.N, CitedPart.CI),
    CitedFigure.LEVEL: (CitedPart.N, CitedPart.CI),
    CitedFigure.CHANGE: (CitedPart.CI, CitedPart.VERDICT),
    CitedFigure.GAP: (CitedPart.N, CitedPart.CI),
    CitedFigure.TARGET: (CitedPart.STATUS,),
}
_FIGURES = {one.value: one for one in CitedFigure if one is not CitedFigure.LEVEL}

_TOKEN = re.compile(r"\{\{|\}\}|\{[^{}\n]*\}|[{}]")
_REFERENCE = re.compile(
    r"\s*(?P<code>[^\s{}.@]+)(?:@(?P<wave>[^\s{}.@]+))?(?:\.(?P<rest>[a-z.]+))?\s*"
)
# A decimal number or a percentage; dates, codes (S01), years and counts are no such thing.
_TYPED = re.compile(r"(?<![\w.,@])[+\-−]?(?:\d+[.,]\d+(?:\s?%)?|\d+\s?%)(?![\w]|[.,]\d)")
_BLANK = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Words:
    """Text as it is read: doubled braces are single here."""

    text: str
    start: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Citation:
    """One figure of one indicator. `wave` is a code and belongs to `LEVEL` alone."""

    code: str
    figure: CitedFigure
    part: CitedPart = CitedPart.VALUE
    wave: str = ""
    start: int = field(default=0, compare=False)

    @property
    def reference(self) -> str:
        """As it is typed: "{S01.change.ci}"."""
        place = f"@{self.wave}" if self.wave else ""
        figure = "" if self.figure is CitedFigure.LEVEL else f".{self.figure.value}"
        part = "" if self.part is CitedPart.VALUE else f".{self.part.value}"
        return "{" + self.code + place + figure + part + "}"


@dataclass(frozen=True, slots=True)
class Broken:
    """Braces that hold no reference: kept as typed, never dropped."""

    text: str
    start: int = field(default=0, compare=False)


Part = Words | Citation | Broken


@dataclass(frozen=True, slots=True)
class CitedProblem:
    """What is wrong with a reference. `line` and `column` count from 1."""

    kind: CitationProblem
    reference: str
    name: str  # the part of it that is not known
    line: int
    column: int
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number typed by hand that looks like a figure."""

    text: str
    line: int
    column: int


def parse_citations(text: str) -> tuple[Part, ...]:
    """The parts of a text in order; neighbouring words are one part, an empty text has none.

    Nothing is lost: `write_citations` of the result reads as the same parts again.
    """
    parts: list[Part] = []
    words: list[str] = []
    start = end = 0

    def close() -> None:
        if words:
            parts.append(Words("".join(words), start))
            words.clear()

    for token in _TOKEN.finditer(text):
        if not words:
            start = end
        if token.start() > end:
            words.append(text[end : token.start()])
        end = token.end()
        if token.group() in ("{{", "}}", "}"):
            words.append(token.group()[0])
            continue
        close()
        parts.append(_reference(token.group(), token.start()))
    if not words:
        start = end
    if end < len(text):
        words.append(text[end:])
    close()
    return tuple(parts)


def _reference(token: str, start: int) -> Citation | Broken:
    found = _REFERENCE.fullmatch(token[1:-1]) if len(token) > 1 else None
    if found is None:
        return Broken(token, start)
    code, wave = found["code"], found["wave"] or ""
    names = found["rest"].split(".") if found["rest"] else []
    figure = CitedFigure.LEVEL if wave else _FIGURES.get(names.pop(0)) if names else None
    if figure is None or len(names) > 1:
        return Broken(token, start)
    if not names:
        return Citation(code, figure, wave=wave, start=start)
    part = next((one for one in PARTS[figure] if one.value == names[0]), None)
    return Citation(code, figure, part, wave, start) if part else Broken(token, start)


def write_citations(parts: Iterable[Part]) -> str:
    """The text that reads as these parts."""
    return "".join(map(_written, parts))


def _written(part: Part) -> str:
    if isinstance(part, Words):
        return part.text.replace("{", "{{").replace("}", "}}")
    return part.reference if isinstance(part, Citation) else part.text


def citations_of(text: str) -> tuple[Citation, ...]:
    return tuple(part for part in parse_citations(text) if isinstance(part, Citation))


def references(code: str, *, is_gap: bool = False) -> tuple[Citation, ...]:
    """The values that can be cited of an indicator; a gap has one name more."""
    figures = [CitedFigure.BASELINE, CitedFigure.ENDLINE, CitedFigure.CHANGE, CitedFigure.TARGET]
    return tuple(Citation(code, figure) for figure in figures + [CitedFigure.GAP] * is_gap)


def cited_problems(
    text: str, *, codes: Collection[str], gaps: Collection[str], waves: Collection[str]
) -> tuple[CitedProblem, ...]:
    """References that lead nowhere, in the order of the text.

    `codes`: indicators of the project, `gaps`: those that are gaps, `waves`: codes of its waves.
    """
    return tuple(
        problem
        for part in parse_citations(text)
        if not isinstance(part, Words)
        for problem in _problems(part, text, codes, gaps, waves)
    )


def _problems(
    part: Citation | Broken,
    text: str,
    codes: Collection[str],
    gaps: Collection[str],
    waves: Collection[str],
) -> Iterator[CitedProblem]:
    line, column = place_of(text, part.start)
    kind = CitationProblem
    if isinstance(part, Broken):
        yield CitedProblem(
            kind.UNREADABLE, part.text, part.text, line, column, _readable(part.text, codes)
        )
        return
    reference = part.reference

    def problem(what: CitationProblem, name: str, near: Citation | None) -> CitedProblem:
        return CitedProblem(what, reference, name, line, column, near.reference if near else "")

    if part.code not in codes:
        code = _nearest(part.code, codes)
        near = Citation(code, part.figure, part.part, part.wave) if code else None
        yield problem(kind.NO_INDICATOR, part.code, near)
    elif part.wave and part.wave not in waves:
        wave = _nearest(part.wave, waves)
        near = Citation(part.code, part.figure, part.part, wave) if wave else None
        yield problem(kind.NO_WAVE, part.wave, near)
    elif part.figure is CitedFigure.GAP and part.code not in gaps:
        yield problem(kind.NO_GAP, part.code, Citation(part.code, CitedFigure.ENDLINE, part.part))


def _readable(token: str, codes: Collection[str]) -> str:
    """The reference most like what was typed: a known code with a known figure."""
    names = token.strip("{} ").split(".")
    code = _nearest(names[0].partition("@")[0], codes)
    if not code:
        return ""
    figure = _FIGURES.get(_nearest(names[1], _FIGURES) if len(names) > 1 else "")
    return Citation(code, figure or CitedFigure.ENDLINE).reference


def _nearest(name: str, known: Collection[str]) -> str:
    """The known name most like a mistyped one, whatever its case; empty when none is near."""
    folded = {one.casefold(): one for one in sorted(known)}
    found = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.5)
    return folded[found[0]] if found else ""


def place_of(text: str, start: int) -> tuple[int, int]:
    """Line and character of a position, from 1."""
    before = text[:start]
    return before.count("\n") + 1, start - (before.rfind("\n") + 1) + 1


def typed_numbers(text: str) -> tuple[TypedNumber, ...]:
    """Decimal numbers and percentages outside of references, in the order of the text."""
    hidden = text
    for part in parse_citations(text):
        if not isinstance(part, Words):
            length = len(_written(part)) if isinstance(part, Broken) else _length(text, part.start)
            hidden = hidden[: part.start] + "_" * length + hidden[part.start + length :]
    return tuple(
        TypedNumber(found.group(), *place_of(text, found.start()))
        for found in _TYPED.finditer(hidden)
    )


def _length(text: str, start: int) -> int:
    return text.index("}", start) + 1 - start


def plain_number(text: str) -> str:
    """A printed or typed number without its language: "−3,42" and "-3.42" are the same."""
    text = _BLANK.sub("", text).replace(",", ".").replace("−", "-")
    return text.removeprefix("+")
