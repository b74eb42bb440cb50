"""The rows a calculation gives back.

They have the fields of the result models of the same name; schools and measures by code.
Shares are 0-1. None is missing; `reason` says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from indicators.vocabulary import (
    Family,
    Flag,
    GapChange,
    Inconsistency,
    Reason,
    ReliabilityFlag,
    Scope,
    SecondLook,
    Status,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """The level of one measure in one wave. `n_eff` serves the assessment of shares only."""

    measure: str
    wave: str
    scope: Scope
    n: int
    value: float | None
    school: str = ""
    group_by: str = ""
    group: str = ""
    n_schools: int = 0
    numerator: float | None = None
    denominator: float | None = None
    sd: float | None = None
    se: float | None = None
    df: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    counts: Mapping[str, float] | None = None
    method: str = ""
    reason: Reason | None = None
    n_eff: float | None = None
    icc: float | None = None  # of the project's level: how alike answers of one school are
    deff: float | None = None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """The change of one measure between two waves, for the project, a group or one school."""

    measure: str
    wave_from: str
    wave_to: str
    scope: Scope
    verdict: Verdict
    school: str = ""
    group_by: str = ""
    group: str = ""
    baseline: float | None = None
    endline: float | None = None
    n_baseline: int = 0
    n_endline: int = 0
    n_schools: int = 0
    difference: float | None = None
    se: float | None = None
    df: float | None = None
    t: float | None = None
    p: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci90_low: float | None = None
    ci90_high: float | None = None
    margin: float | None = None
    detectable: float | None = None
    reason: Reason | None = None
    second_look: SecondLook | None = None
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
    family: Family | None = None
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
    flags: tuple[Flag, ...] = ()
    p_rank: float | None = None  # set where the rank test decides the word (method 5.6)
    rank_difference: float | None = None
    class_correlation: float | None = None  # that widens the schools' ranges
    n_class_schools: int | None = None  # schools it was estimated from; None: the setting


@dataclass(frozen=True, slots=True)
class GapRow:
    """The difference of two groups of one measure in one wave, and its change since the baseline.

    `change_*` are None in the baseline, and where the change was refused (`change_reason`).
    """

    measure: str
    wave: str
    group_by: str
    first_group: str
    second_group: str
    value: float | None
    se: float | None
    df: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None
    n_first: int
    n_second: int
    n_schools: int
    reason: Reason | None
    wave_from: str = ""
    baseline: float | None = None  # of the schools with answers in both waves
    endline: float | None = None
    change: float | None = None
    change_se: float | None = None
    change_df: float | None = None
    change_p: float | None = None
    change_p_adjusted: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    change_reason: Reason | None = None
    change_word: GapChange | None = None


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    """How well the items of an index hang together in one wave, and how fully they were answered.

    `n`: answer sheets; `n_scored`: with a score, of which `n_prorated` from fewer items than were
    asked; `n_too_few`: some answers, too few for a score; `n_complete`: every item asked answered.
    `item_rest`, `item_missing`: by name of the items asked. `value_complete`: the index over the
    complete sheets. alpha is None for two items, whose reliability is `alpha_std` (Spearman-Brown).
    """

    measure: str
    wave: str
    n: int
    n_scored: int
    n_prorated: int
    n_too_few: int
    n_complete: int
    n_items: int
    item_missing: Mapping[str, float]
    not_asked: tuple[str, ...] = ()
    value_complete: float | None = None
    alpha: float | None = None
    alpha_low: float | None = None
    alpha_high: float | None = None
    alpha_std: float | None = None
    mean_r: float | None = None
    omega: float | None = None
    item_rest: Mapping[str, float | None] | None = None
    flags: tuple[ReliabilityFlag, ...] = ()
    reason: Reason | None = None

    @property
    def coefficient(self) -> float | None:
        return self.alpha_std if self.alpha is None else self.alpha


@dataclass(frozen=True, slots=True)
class DistributionRow:
    """Whether the answers to one item are spread otherwise than in the earlier wave.

    On the schools of both waves. f, ndf, ddf, p: Rao-Scott F; `p_adjusted` and `has_changed` among
    the items of one questionnaire. `end_share`: the larger share of answers at an end of the scale,
    both waves together. `rank_*`: the rank test, where that share asks for it.
    """

    measure: str
    wave_from: str
    wave_to: str
    n_baseline: int = 0
    n_endline: int = 0
    n_schools: int = 0
    f: float | None = None
    ndf: float | None = None
    ddf: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    has_changed: bool | None = None
    end_share: float | None = None
    rank_difference: float | None = None
    rank_se: float | None = None
    rank_df: float | None = None
    rank_p: float | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """Where one target stands."""

    target: int
    status: Status
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
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Two figures of one calculation that contradict each other, and where they stand."""

    kind: Inconsistency
    measure: str
    wave: str
    school: str = ""
    group_by: str = ""
    group: str = ""
    found: float | None = None
    expected: float | None = None
    tolerance: float = 0.0
    detail: str = ""


@dataclass(slots=True)
class Results:
    """All rows of a calculation. `checked`: comparisons made between figures, by kind."""

    estimates: list[EstimateRow] = field(default_factory=list)
    changes: list[ChangeRow] = field(default_factory=list)
    gaps: list[GapRow] = field(default_factory=list)
    reliabilities: list[ReliabilityRow] = field(default_factory=list)
    distributions: list[DistributionRow] = field(default_factory=list)
    assessments: list[AssessmentRow] = field(default_factory=list)
    checked: dict[Inconsistency, int] = field(default_factory=dict)
    findings: list[FindingRow] = field(default_factory=list)
