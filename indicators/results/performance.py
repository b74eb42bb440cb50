"""Targets against actuals: every indicator in every wave."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.results.lines import Line, WaveHead, WavePair


@dataclass(frozen=True, slots=True)
class PerformanceRow:
    """One indicator: a line from the first wave to each later one, in the order of the waves.

    While there is one wave only, its line has no endline.
    """

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Performance:
    """`later`: the waves after the first that have a value or a target."""

    baseline: WaveHead | None
    later: tuple[WaveHead, ...]
    rows: tuple[PerformanceRow, ...]

    @property
    def pairs(self) -> tuple[WavePair, ...]:
        """The waves of every line of a row."""
        return tuple(WavePair(self.baseline, wave) for wave in self.later or (None,))
