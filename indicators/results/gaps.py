"""Gaps between two groups, or two questionnaires, with both sides beside them."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.results.lines import GroupGap, IndicatorHead, Level, WavePair


@dataclass(frozen=True, slots=True)
class GapSide:
    """One side of a gap: a group with its label, or the people of one questionnaire.

    `question` is set where the sides answer questions of their own.
    """

    label: str
    respondent: str
    baseline: Level | None
    endline: Level | None
    question: str = ""


@dataclass(frozen=True, slots=True)
class GapLine:
    """One gap, first side minus second. `group_by` is empty between questionnaires.

    `verdict` is that of a gap which is an indicator itself. The change stands in `endline`.
    """

    indicator: IndicatorHead
    group_by: str
    first: GapSide
    second: GapSide
    baseline: GroupGap | None
    endline: GroupGap | None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class GapList:
    waves: WavePair
    lines: tuple[GapLine, ...]
