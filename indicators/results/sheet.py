"""Everything about one indicator."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.results.composition import Composition
from indicators.results.fieldwork import FieldworkChecks
from indicators.results.lines import GroupGap, Level, Line, Move, Standing, WavePair
from indicators.results.overview import Records, Source
from indicators.results.quality import PatternTest, QualityPair
from indicators.results.school_filter import SchoolChoices


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference sheet: what is measured, how, by whom."""

    definition: str
    responsible: str
    frequency: str
    baseline_policy: str
    kind: str
    level: str
    note: str
    limits: tuple[str, ...]
    disaggregation: tuple[str, ...]
    fieldwork: tuple[FieldworkChecks, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    code: int
    label: str
    is_substantive: bool = True
    name: str = ""


@dataclass(frozen=True, slots=True)
class ItemAnswers:
    """How a question was answered in both waves."""

    name: str
    label: str
    options: tuple[Option, ...]
    baseline: Level | None
    endline: Level | None
    is_reversed: bool = False
    test: PatternTest | None = None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of a breakdown in both waves; the change carries no word."""

    group_by: str
    group: str
    label: str
    baseline: Level | None
    endline: Level | None
    change: Move | None = None


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One school's change, with the numbers it rests on."""

    code: str
    name: str
    change: Move


@dataclass(frozen=True, slots=True)
class Quote:
    code: str
    theme: str
    quote: str
    language: str
    source: str
    speaker: str
    wave: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    """The project's target in one wave with its assessment."""

    wave: str
    standing: Standing
    rationale: str


@dataclass(frozen=True, slots=True)
class Sheet:
    line: Line
    waves: WavePair
    reference: Reference
    answers: tuple[ItemAnswers, ...]
    groups: tuple[GroupRow, ...]
    gaps: tuple[GroupGap, ...]
    schools: tuple[SchoolRow, ...]
    page: int
    has_next_page: bool
    choices: SchoolChoices
    targets: tuple[TargetRow, ...]
    quotes: tuple[Quote, ...]
    sources: tuple[Source, ...]
    version: int = 1  # of the definition the run was calculated by
    records: Records | None = None
    quality: QualityPair | None = None
    composition: Composition | None = None
