"""An index and its parts. Values as stored, None missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from indicators.results.lines import Level


@dataclass(frozen=True, slots=True)
class Component:
    """One question as a part of an index in two waves; see the model `IndexComponent`."""

    BASES: ClassVar = ("n_baseline", "n_endline")
    FIGURES: ClassVar = (
        *("baseline", "endline", "difference", "contribution", "from_answered"),
        *("share_baseline", "share_endline"),
    )
    label: str
    instrument: str
    name: str
    n_baseline: int | None = None
    n_endline: int | None = None
    baseline: float | None = None
    endline: float | None = None
    difference: float | None = None
    contribution: float | None = None
    from_answered: float | None = None
    share_baseline: float | None = None
    share_endline: float | None = None
    is_reversed: bool = False
    reason: str = ""
    below: int | None = None


@dataclass(frozen=True, slots=True)
class Composition:
    """An index on both scales and its parts. `is_pair`: both waves, on the schools of both."""

    scale: tuple[float, float]
    baseline: Level | None
    endline: Level | None
    parts: tuple[Component, ...]
    is_pair: bool
    difference: float | None = None  # of the index on the same schools and questions
