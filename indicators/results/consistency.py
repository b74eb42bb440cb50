"""How far the figures of one calculation agree with each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One finding with the names a reader knows. `indicator`: code; empty outside the register."""

    kind: str
    indicator: str
    name: str
    wave: str
    school: str
    group_by: str
    group: str
    found: float | None
    expected: float | None
    detail: str


@dataclass(frozen=True, slots=True)
class Consistency:
    """`checked`: comparisons by kind; None where the calculation is older than the checks."""

    checked: Mapping[str, int] | None
    n_findings: int
    contradictions: tuple[Contradiction, ...]
