"""Figures cited in a text by reference, so that a sentence can never differ from the table.

    {[school/]indicator[@wave][.figure][.part]}

`{S01.endline}` is the value of indicator S01 at the last wave, `{S01@W1.n}` its base in wave W1,
`{S01@W1.target}` the target set for that wave, `{S01.change.ci}` the range of the change,
`{S01.gap.sex.change}` how the gap between girls and boys moved, and with a school before it every
figure but a gap is that of the school: `{IS-03/S01.endline}`. A brace that is meant as a brace is
written twice. Pure text: what exists and what may be seen is for the caller to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class CitedFigure(StrEnum):
    """What of an indicator a text may cite."""

    BASELINE = "baseline"
    ENDLINE = "endline"
    LEVEL = "level"  # of the wave that is named
    CHANGE = "change"
    GAP = "gap"  # today's: of an indicator that is a gap, or between the groups of a breakdown
    GAP_CHANGE = "gap.change"
    TARGET = "target"  # the one its line shows, or that of the wave that is named


class CitedPart(StrEnum):
    """What of a cited figure is printed."""

    VALUE = "value"
    N = "n"
    CI = "ci"
    VERDICT = "verdict"
    STATUS = "status"


# What each figure has beside its value.
PARTS: Mapping[CitedFigure, tuple[CitedPart, ...]] = {
    CitedFigure.BASELINE: (CitedPart.N, CitedPart.CI),
    CitedFigure.ENDLINE: (CitedPart.N, CitedPart.CI),
    CitedFigure.LEVEL: (CitedPart.N, CitedPart.CI),
    CitedFigure.CHANGE: (CitedPart.CI, CitedPart.VERDICT),
    CitedFigure.GAP: (CitedPart.N, CitedPart.CI),
    CitedFigure.GAP_CHANGE: (CitedPart.CI, CitedPart.VERDICT),
    CitedFigure.TARGET: (CitedPart.STATUS,),
}
GAPS = frozenset({CitedFigure.GAP, CitedFigure.GAP_CHANGE})
FIGURES: Mapping[str, CitedFigure] = {
    one.value: one for one in CitedFigure if one not in (CitedFigure.LEVEL, CitedFigure.GAP_CHANGE)
}
_KEYWORDS = frozenset(CitedPart) | {CitedFigure.CHANGE.value}

_TOKEN = re.compile(r"\{\{|\}\}|\{[^{}\n]*\}|[{}]")
_REFERENCE = re.compile(
    r"\s*(?:(?P<school>[^\s{}@]+)/)?(?P<code>[^\s{}.@/]+)"
    r"(?:@(?P<wave>[^\s{}.@]+))?(?:\.(?P<rest>[^\s{}@/]+))?\s*"
)


@dataclass(frozen=True, slots=True)
class Words:
    """Text as it is read: doubled braces are single here."""

    text: str
    start: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Citation:
    """One figure of one indicator. `wave` is a code and belongs to `LEVEL` and `TARGET`.

    `by` is the breakdown of a gap, empty where the indicator is a gap itself. `school` is a code,
    empty for the project.
    """

    code: str
    figure: CitedFigure
    part: CitedPart = CitedPart.VALUE
    wave: str = ""
    by: str = ""
    school: str = ""
    start: int = field(default=0, compare=False)

    @property
    def reference(self) -> str:
        """As it is typed: "{S01.change.ci}"."""
        names = [self.code + (f"@{self.wave}" if self.wave else "")]
        if self.figure in GAPS:
            names += [CitedFigure.GAP.value, *filter(None, [self.by])]
            names += [CitedFigure.CHANGE.value] * (self.figure is CitedFigure.GAP_CHANGE)
        elif self.figure is not CitedFigure.LEVEL:
            names.append(self.figure.value)
        if self.part is not CitedPart.VALUE:
            names.append(self.part.value)
        return "{" + (f"{self.school}/" if self.school else "") + ".".join(names) + "}"


@dataclass(frozen=True, slots=True)
class Broken:
    """Braces that hold no reference: kept as typed, never dropped."""

    text: str
    start: int = field(default=0, compare=False)


Part = Words | Citation | Broken


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
    names = found["rest"].split(".") if found["rest"] else []
    figure, by, part = _figure(names, has_wave=bool(found["wave"]))
    if figure is None or part is None:
        return Broken(token, start)
    wave, school = found["wave"] or "", found["school"] or ""
    return Citation(found["code"], figure, part, wave, by, school, start)


def _figure(
    names: list[str], *, has_wave: bool
) -> tuple[CitedFigure | None, str, CitedPart | None]:
    """The figure, its breakdown and its part that these names say; None for what they do not."""
    figure: CitedFigure | None = FIGURES.get(names[0]) if names else None
    by = ""
    if has_wave and figure is not CitedFigure.TARGET:
        figure, names = CitedFigure.LEVEL, ["", *names]
    names = names[1:]
    if figure is CitedFigure.GAP:
        if names and names[0] not in _KEYWORDS:
            by, names = names[0], names[1:]
            figure = figure if by else None
        if names[:1] == [CitedFigure.CHANGE.value]:
            figure, names = CitedFigure.GAP_CHANGE, names[1:]
    if figure is None or len(names) > 1:
        return None, by, None
    if not names:
        return figure, by, CitedPart.VALUE
    return figure, by, next((one for one in PARTS[figure] if one.value == names[0]), None)


def write_citations(parts: Iterable[Part]) -> str:
    """The text that reads as these parts."""
    return "".join(map(_written, parts))


def _written(part: Part) -> str:
    if isinstance(part, Words):
        return part.text.replace("{", "{{").replace("}", "}}")
    return part.reference if isinstance(part, Citation) else part.text


def citations_of(text: str) -> tuple[Citation, ...]:
    return tuple(part for part in parse_citations(text) if isinstance(part, Citation))


def references(code: str, school: str = "") -> tuple[Citation, ...]:
    """The values that can be cited of every indicator, of the project or of a school."""
    figures = (
        CitedFigure.BASELINE,
        CitedFigure.ENDLINE,
        CitedFigure.CHANGE,
        CitedFigure.TARGET,
    )
    return tuple(Citation(code, figure, school=school) for figure in figures)


def gap_references(code: str, by: str = "") -> tuple[Citation, ...]:
    """What can be cited of a gap: today's, and its change."""
    return tuple(
        Citation(code, figure, by=by) for figure in (CitedFigure.GAP, CitedFigure.GAP_CHANGE)
    )
