"""Targets against actuals: every indicator in every wave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from indicators.results.lines import Line, WaveHead, WavePair
from indicators.results.school_filter import SchoolGroup


@dataclass(frozen=True, slots=True)
class PerformanceRow:
    """One indicator: a line from the first wave to each later one, in the order of the waves.

    While there is one wave only, its line has no endline.
    """

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Performance:
    """`later`: the waves after the first that have a value or a target.

    `groups`: what the rows can be narrowed to; `group_rows`: the rows of `group`, one for each of
    `rows`, where one is asked for. `limits`: of the questionnaires, by block.
    """

    baseline: WaveHead | None
    later: tuple[WaveHead, ...]
    rows: tuple[PerformanceRow, ...]
    groups: tuple[SchoolGroup, ...] = ()
    group: SchoolGroup | None = None
    group_rows: tuple[PerformanceRow, ...] = ()
    limits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def pairs(self) -> tuple[WavePair, ...]:
        """The waves of every line of a row."""
        return tuple(WavePair(self.baseline, wave) for wave in self.later or (None,))
