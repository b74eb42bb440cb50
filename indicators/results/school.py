"""One school over the waves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from indicators.results.lines import (
    Base,
    IndicatorHead,
    Level,
    Line,
    Standing,
    WaveHead,
    WavePair,
)
from indicators.vocabulary import Respondent

PEOPLE = (Respondent.STUDENT, Respondent.TEACHER, Respondent.PARENT, Respondent.DIRECTOR)


@dataclass(frozen=True, slots=True)
class SchoolRef:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class SchoolHead:
    pk: int
    code: str
    name: str
    role: str
    places: tuple[str, ...]
    n_students: int | None
    n_teachers: int | None
    continues: SchoolRef | None = None
    continued_by: SchoolRef | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """How many of one kind of respondent answered."""

    respondent: str
    baseline: Base | None
    endline: Base | None


@dataclass(frozen=True, slots=True)
class SchoolNews:
    """Something that happened to a school."""

    school: SchoolRef
    kind: str
    happened_on: date | None
    new_school: SchoolRef | None
    note: str


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One wave: the school's own level, and the project's."""

    wave: WaveHead
    own: Level | None
    project: Level | None


@dataclass(frozen=True, slots=True)
class Trend:
    """One indicator of one school in every wave."""

    indicator: IndicatorHead
    points: tuple[TrendPoint, ...]
    target: Standing | None = None


@dataclass(frozen=True, slots=True)
class SchoolProgress:
    school: SchoolHead
    waves: WavePair
    lines: tuple[Line, ...]
    answered: tuple[Answered, ...]
    news: tuple[SchoolNews, ...]
    trends: tuple[Trend, ...] = ()
    limits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by block


@dataclass(frozen=True, slots=True)
class Fact:
    """One question of the director's checklist, answered then and now. Empty: not answered."""

    question: str
    then: str
    now: str
    comment: str


@dataclass(frozen=True, slots=True)
class SchoolSummary:
    """One school in the list: who answered, nothing to rank by."""

    school: SchoolRef
    place: str
    answered: tuple[Answered, ...]
    continued_by: SchoolRef | None
    kinds_of_news: tuple[str, ...]
