"""How the fieldwork of a wave was checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class FieldworkChecks:
    """Counts over the quality log of one wave. `n_agreed` is None where it was not counted.

    `n_short`: interviewers of whose sheets fewer were asked again than the rule asks for.
    """

    wave: str
    pilot_on: date | None
    n_interviewers: int
    n_collected: int
    n_checked: int
    n_agreed: int | None
    n_short: int
