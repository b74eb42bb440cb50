"""How good an index is, and whether the answers to a question are spread otherwise than before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class IndexQuality:
    """The items of an index in one wave. `item_rest`, `item_missing`: by name of the item."""

    BASES: ClassVar = ("n", "n_complete")
    FIGURES: ClassVar = (
        "n_scored",
        "n_prorated",
        "n_too_few",
        "value_complete",
        "alpha",
        "alpha_low",
        "alpha_high",
        "alpha_std",
        "omega",
        "item_rest",
        "item_missing",
    )
    n: int | None
    n_complete: int | None
    n_items: int
    n_scored: int | None = None
    n_prorated: int | None = None
    n_too_few: int | None = None
    value_complete: float | None = None
    alpha: float | None = None
    alpha_low: float | None = None
    alpha_high: float | None = None
    alpha_std: float | None = None
    omega: float | None = None
    item_rest: Mapping[str, float | None] | None = None
    item_missing: Mapping[str, float] | None = None
    not_asked: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    reason: str = ""
    below: int | None = None


@dataclass(frozen=True, slots=True)
class QualityPair:
    """Both waves of an index, and its questions in the order of the form: (name, wording)."""

    baseline: IndexQuality | None
    endline: IndexQuality | None
    questions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PatternTest:
    """The test of all answers to one question at once, between two waves."""

    BASES: ClassVar = ("n_baseline", "n_endline")
    FIGURES: ClassVar = ("p", "p_adjusted", "has_changed", "end_share", "rank_p")
    n_baseline: int | None
    n_endline: int | None
    n_schools: int
    p: float | None = None
    p_adjusted: float | None = None
    has_changed: bool | None = None
    end_share: float | None = None
    rank_p: float | None = None
    reason: str = ""
    below: int | None = None
