"""Levels, changes, targets, and the line that joins them. Values as stored: shares 0-1, unrounded.

Missing is None. `BASES` of a class name its numbers of people and `FIGURES` what rests on them:
`queries.small_groups` blanks both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class WaveHead:
    pk: int
    code: str
    name: str
    kind: str
    position: int
    field_start: date
    field_end: date


@dataclass(frozen=True, slots=True)
class IndicatorHead:
    """What a line needs to know of its indicator. `block` is its place on the pages."""

    pk: int
    measure_id: int
    code: str
    name: str
    block: str
    kind: str
    level: str
    respondent: str
    unit: str
    direction: str
    decimals: int
    is_headline: bool
    is_descriptive: bool
    is_context: bool
    has_response_shift: bool


BLOCKS = ("students", "teachers", "parents", "directors", "cluster", "gaps", "context")


@dataclass(frozen=True, slots=True)
class Base:
    """A number of people. Hidden when under `below`; 0 stays, for it tells on nobody."""

    n: int | None
    below: int | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """The level of a measure in one wave. `below`: the base is hidden, being under this number."""

    BASES: ClassVar = ("n",)
    FIGURES: ClassVar = (
        "value",
        "numerator",
        "denominator",
        "sd",
        "ci_low",
        "ci_high",
        "counts",
        "n_counted",
        "icc",
        "deff",
        "common",
        "common_low",
        "common_high",
    )
    n: int | None
    n_schools: int
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    sd: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    counts: Any = None
    n_counted: int | None = None  # everyone who chose an option, hidden cells included
    icc: float | None = None
    deff: float | None = None
    common: float | None = None  # an index on the scale 1 to 5
    common_low: float | None = None
    common_high: float | None = None
    method: str = ""
    reason: str = ""
    below: int | None = None
    pk: int | None = None  # of the stored row


@dataclass(frozen=True, slots=True)
class Move:
    """The change of a measure between two waves."""

    BASES: ClassVar = ("n_baseline", "n_endline")
    FIGURES: ClassVar = (
        "baseline",
        "endline",
        "difference",
        "p",
        "ci_low",
        "ci_high",
        "ci90_low",
        "ci90_high",
        "margin",
        "detectable",
        "school_difference",
        "school_ci_low",
        "school_ci_high",
        "n_up",
        "n_down",
        "p_sign_flip",
        "all_difference",
        "all_se",
        "p_adjusted",
        "within_difference",
        "within_low",
        "within_high",
        "mix_difference",
        "same_mix_difference",
        "effect_size",
        "effect_low",
        "effect_high",
        "spread_i2",
        "p_spread",
        "p_rank",
        "class_correlation",
        "n_class_schools",
    )
    n_baseline: int | None
    n_endline: int | None
    n_schools: int
    verdict: str
    reason: str
    baseline: float | None = None
    endline: float | None = None
    difference: float | None = None
    p: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci90_low: float | None = None
    ci90_high: float | None = None
    margin: float | None = None
    detectable: float | None = None
    second_look: str = ""
    school_difference: float | None = None
    school_ci_low: float | None = None
    school_ci_high: float | None = None
    n_up: int | None = None
    n_down: int | None = None
    p_sign_flip: float | None = None
    all_difference: float | None = None
    all_se: float | None = None
    schools_left: tuple[str, ...] = ()
    schools_joined: tuple[str, ...] = ()
    is_on_common_items: bool = False
    method: str = ""
    p_adjusted: float | None = None
    family: str = ""
    within_difference: float | None = None
    within_low: float | None = None
    within_high: float | None = None
    mix_difference: float | None = None
    same_mix_difference: float | None = None
    effect_size: float | None = None
    effect_low: float | None = None
    effect_high: float | None = None
    spread_i2: float | None = None
    p_spread: float | None = None
    p_rank: float | None = None
    class_correlation: float | None = None
    n_class_schools: int | None = None
    flags: tuple[str, ...] = ()
    below: int | None = None
    pk: int | None = None  # of the stored row


GAP_CHANGE = ("baseline", "endline", "change", "change_low", "change_high", "change_word")


@dataclass(frozen=True, slots=True)
class GroupGap:
    """The difference of two groups, or of two questionnaires, in one wave.

    `change` since the first wave on the schools with answers in both; their gaps then and now are
    `baseline` and `endline`.
    """

    BASES: ClassVar = ("n_first", "n_second")
    FIGURES: ClassVar = ("value", "p", "ci_low", "ci_high", *GAP_CHANGE)
    group_by: str
    first_group: str
    second_group: str
    wave_id: int
    n_first: int | None
    n_second: int | None
    value: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None
    reason: str = ""
    baseline: float | None = None
    endline: float | None = None
    change: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    change_word: str | None = None
    change_reason: str = ""
    below: int | None = None
    pk: int | None = None  # of the stored row


@dataclass(frozen=True, slots=True)
class Standing:
    """A target and where it stands. `n` is the smallest base its status rests on.

    `of_wave`: the name of its wave where that is not the later one of the line.
    """

    BASES: ClassVar = ("n",)
    FIGURES: ClassVar = (
        "value",
        "reached",
        "prob_met",
        "bound_low",
        "bound_high",
        "share_closed",
        "share_low",
        "share_high",
    )
    n: int | None
    wave_id: int
    type: str
    low: float | None
    high: float | None
    status: str
    is_by_value_alone: bool = False
    value: float | None = None
    reached: bool | None = None
    prob_met: float | None = None
    bound_low: float | None = None
    bound_high: float | None = None
    share_closed: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    share_elapsed: float | None = None
    reason: str = ""
    below: int | None = None
    of_wave: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator on one line: for the project, or for one school with the project beside it."""

    indicator: IndicatorHead
    baseline: Level | None
    endline: Level | None
    change: Move | None
    target: Standing | None
    status: str
    project_change: Move | None = None


@dataclass(frozen=True, slots=True)
class WavePair:
    """The first wave with results and the last; `endline` is None while there is one only."""

    baseline: WaveHead | None
    endline: WaveHead | None

    @property
    def ids(self) -> list[int]:
        return [wave.pk for wave in (self.baseline, self.endline) if wave is not None]
