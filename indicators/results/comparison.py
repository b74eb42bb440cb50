"""Comparisons that were asked for, and what may be asked."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.results.gaps import GapLine
from indicators.results.lines import WavePair


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One comparison; `line` is None until it is computed."""

    pk: int
    title: str
    state: str
    error: str
    asked_by: str
    why: str
    is_same_question: bool
    line: GapLine | None


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    waves: WavePair
    rows: tuple[ComparisonRow, ...]


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """One group that results were stored for."""

    group_by: str
    group: str
    label: str


@dataclass(frozen=True, slots=True)
class MeasureChoice:
    code: str
    label: str
    instrument: str
