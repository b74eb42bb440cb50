"""What is wrong with the references of a text, and which numbers in it were typed by hand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum

from indicators.pipeline.citation import (
    FIGURES,
    GAPS,
    Broken,
    Citation,
    CitedFigure,
    Words,
    parse_citations,
)


class CitationProblem(StrEnum):
    """Why a reference in a text leads nowhere."""

    UNREADABLE = "unreadable"
    NO_INDICATOR = "no_indicator"
    NO_SCHOOL = "no_school"
    NO_WAVE = "no_wave"
    NO_GAP = "no_gap"
    NO_BREAKDOWN = "no_breakdown"
    NO_GAP_OF_SCHOOL = "no_gap_of_school"


@dataclass(frozen=True, slots=True)
class Known:
    """What references may name in a project: codes of its indicators, waves and schools.

    `gaps`: codes of indicators that are gaps; `breakdowns`: by code, those with a gap between two
    groups.
    """

    codes: Collection[str]
    gaps: Collection[str] = ()
    waves: Collection[str] = ()
    schools: Collection[str] = ()
    breakdowns: Mapping[str, Collection[str]] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class _Fault:
    kind: CitationProblem
    name: str
    near: Citation | None


# A decimal number or a percentage; dates, codes (S01), years and counts are no such thing.
_TYPED = re.compile(r"(?<![\w.,@])[+\-−]?(?:\d+[.,]\d+(?:\s?%)?|\d+\s?%)(?![\w]|[.,]\d)")
_BLANK = re.compile(r"\s")


def cited_problems(text: str, known: Known) -> tuple[CitedProblem, ...]:
    """References that lead nowhere, in the order of the text."""
    return tuple(
        problem
        for part in parse_citations(text)
        if not isinstance(part, Words)
        for problem in _problems(part, text, known)
    )


def leads_nowhere(citation: Citation, known: Known) -> bool:
    return _fault(citation, known) is not None


def _problems(part: Citation | Broken, text: str, known: Known) -> Iterator[CitedProblem]:
    line, column = place_of(text, part.start)
    if isinstance(part, Broken):
        kind, near = CitationProblem.UNREADABLE, _readable(part.text, known)
        yield CitedProblem(kind, part.text, part.text, line, column, near)
    elif (fault := _fault(part, known)) is not None:
        near = fault.near.reference if fault.near else ""
        yield CitedProblem(fault.kind, part.reference, fault.name, line, column, near)


def _fault(one: Citation, known: Known) -> _Fault | None:
    """The first thing that a reference names and the project does not have."""
    kind = CitationProblem
    if one.school and one.school not in known.schools:
        near = _nearest(one.school, known.schools)
        return _Fault(kind.NO_SCHOOL, one.school, replace(one, school=near) if near else None)
    if one.code not in known.codes:
        near = _nearest(one.code, known.codes)
        return _Fault(kind.NO_INDICATOR, one.code, replace(one, code=near) if near else None)
    if one.wave and one.wave not in known.waves:
        near = _nearest(one.wave, known.waves)
        return _Fault(kind.NO_WAVE, one.wave, replace(one, wave=near) if near else None)
    return _gap_fault(one, known) if one.figure in GAPS else None


def _gap_fault(one: Citation, known: Known) -> _Fault | None:
    kind, groups = CitationProblem, known.breakdowns.get(one.code, ())
    if one.school:
        return _Fault(kind.NO_GAP_OF_SCHOOL, one.school, replace(one, school=""))
    if one.code in known.gaps:
        near = replace(one, by="")
        return _Fault(kind.NO_BREAKDOWN, one.by, near) if one.by else None
    if one.by in groups:
        return None
    by = _nearest(one.by, groups) if one.by else next(iter(sorted(groups)), "")
    if by:
        near = replace(one, by=by)
    elif one.figure is CitedFigure.GAP:
        near = Citation(one.code, CitedFigure.ENDLINE, one.part)
    else:
        near = Citation(one.code, CitedFigure.CHANGE, one.part)
    return _Fault(kind.NO_BREAKDOWN if one.by else kind.NO_GAP, one.by or one.code, near)


_PLACED_LAST = re.compile(r"\{(?P<rest>[^@/{}]+)@(?P<school>[^@/{}]+)\}")


def _readable(token: str, known: Known) -> str:
    """The reference most like what was typed: known codes with a known figure."""
    # People say "S01 at IS-03", so a school may stand at the end.
    if (last := _PLACED_LAST.fullmatch(token)) and last["school"] in known.schools:
        token = "{" + f"{last['school']}/{last['rest']}" + "}"
        if all(isinstance(one, Citation) for one in parse_citations(token)):
            return token
    school, _slash, rest = token.strip("{} ").rpartition("/")
    names = rest.split(".")
    code = _nearest(names[0].partition("@")[0], known.codes)
    if not code:
        return ""
    figure = FIGURES.get(_nearest(names[1], FIGURES) if len(names) > 1 else "")
    if figure is CitedFigure.GAP:
        figure = None
    school = _nearest(school, known.schools) if school else ""
    return Citation(code, figure or CitedFigure.ENDLINE, school=school).reference


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
            length = len(part.text) if isinstance(part, Broken) else _length(text, part.start)
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
