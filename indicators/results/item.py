"""Questions and how they were answered. Values as stored: shares 0-1, unrounded, None missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from indicators.results.lines import Level, Move, WavePair
from indicators.results.quality import PatternTest
from indicators.results.sheet import Option


@dataclass(frozen=True, slots=True)
class ItemHead:
    """A question in the page's language. `kind` of `ItemKind`."""

    pk: int
    name: str
    label: str
    kind: str
    instrument: str
    instrument_name: str
    respondent: str
    block: str
    is_opinion: bool
    is_reversed: bool = False
    is_background: bool = False
    n_options: int = 0  # that count in a mean
    limits: str = ""


@dataclass(frozen=True, slots=True)
class ItemLevel:
    """One question in one wave; see the model `ItemResult`."""

    BASES: ClassVar = ("n_sheets", "n")
    FIGURES: ClassVar = (
        *("n_scored", "n_mentions", "counts", "mean", "sd", "common", "low", "top"),
        *("promoters", "passives", "detractors", "score"),
    )
    n_sheets: int | None
    n: int | None
    n_scored: int | None = None
    n_mentions: float | None = None
    counts: Mapping[str, float | None] | None = None
    mean: float | None = None
    sd: float | None = None
    common: float | None = None
    low: float | None = None
    top: float | None = None
    promoters: float | None = None
    passives: float | None = None
    detractors: float | None = None
    score: float | None = None
    reason: str = ""
    below: int | None = None

    @property
    def is_hidden(self) -> bool:
        return self.below is not None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One question in both waves, with the test of its pattern where one is stored."""

    item: ItemHead
    baseline: ItemLevel | None
    endline: ItemLevel | None
    test: PatternTest | None = None


@dataclass(frozen=True, slots=True)
class ItemList:
    """The questions of all questionnaires in the order of the forms."""

    waves: WavePair
    lines: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """How one version asks the question, and the waves that use it."""

    waves: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class UsedBy:
    """An indicator that rests on the question. `index`: name of the index between them."""

    code: str
    name: str
    index: str = ""


@dataclass(frozen=True, slots=True)
class ItemSheet:
    """Everything about one question."""

    line: ItemLine
    waves: WavePair
    options: tuple[Option, ...]
    wordings: tuple[Wording, ...]
    is_comparable: bool
    used_by: tuple[UsedBy, ...]
    change: Move | None = None


@dataclass(frozen=True, slots=True)
class IndexLine:
    """One index of the study on the scale 1 to 5 in both waves."""

    code: str
    name: str
    respondent: str
    scale: tuple[float, float]
    baseline: Level | None
    endline: Level | None


@dataclass(frozen=True, slots=True)
class IndexList:
    waves: WavePair
    indices: tuple[IndexLine, ...]
    questions: tuple[ItemLine, ...]
