"""What the calculation takes: answers, facts, definitions, targets and rules. All frozen.

Shares are 0-1. None is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from indicators.pipeline.shapes import (
    FloatArray,
    GapSpec,
    IntArray,
    MeasureSpec,
    SchoolSpec,
    StratumSpec,
    WaveSpec,
)
from indicators.vocabulary import BaselinePolicy, ItemKind, MeasureKind, Selection, TargetType


@dataclass(frozen=True, slots=True)
class Rules:
    """The project's rules of assessment (settings printed in the legend)."""

    alpha: float = 0.05
    margin_sd: float = 0.20
    margin_share: float = 0.05
    margin_nps: float = 10.0
    on_track_share: float = 0.8
    target_confidence: float = 0.9  # of the two-sided range that a target is judged by
    class_correlation: float = 0.05
    min_group_verdict: int = 8
    reference_date: date = date.max


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A measure that is counted or written down: `source` names the desk table, log or plan."""

    code: str
    kind: MeasureKind
    source: str
    codes: frozenset[str] = frozenset()
    baseline_policy: BaselinePolicy = BaselinePolicy.MEASURED
    indicator: str = ""  # for manual values
    keeps_schools: bool = True


@dataclass(frozen=True, slots=True)
class DeskRecord:
    school: str
    table: str
    period: str
    level: str
    name: str
    value: float | None


@dataclass(frozen=True, slots=True)
class ActivityRecord:
    school: str
    kind: str
    n_teachers: int | None


@dataclass(frozen=True, slots=True)
class PlanRecord:
    school: str
    n_schools: int | None
    is_signed: bool | None


@dataclass(frozen=True, slots=True)
class ManualRecord:
    indicator: str
    value: float | None
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True, slots=True)
class WaveFacts:
    """Everything counted in one wave. `enrolment`: students of the schools that take part."""

    desk: tuple[DeskRecord, ...] = ()
    activities: tuple[ActivityRecord, ...] = ()
    plans: tuple[PlanRecord, ...] = ()
    manual: tuple[ManualRecord, ...] = ()
    enrolment: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TargetSpec:
    """A target; `key` identifies it, `school` is empty for the project.

    `is_held`: the indicator is to be maintained, so there is no way to go.
    """

    key: int
    measure: str
    wave: str
    type: TargetType
    low: float | None
    high: float | None
    school: str = ""
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    """One question whose answers are counted, whether or not an indicator uses it.

    `options`: codes in the order of the scale (bit i of an answer with several options is
    `options[i]`); `scored`: those that are no "don't know". `is_ordered`: a mean says something.
    """

    instrument: str
    name: str
    kind: ItemKind
    options: tuple[int, ...] = ()
    scored: frozenset[int] = frozenset()
    is_ordered: bool = False


def no_texts(_names: Sequence[str]) -> Mapping[str, int]:
    return {}


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """One dataset as the calculation reads it. `load` fetches the columns asked for.

    `weight` (n,) is above 0; None when everybody weighs the same. `count_texts` tells how many
    sheets have a text in each of the open questions asked for that were on the form.
    """

    wave: str
    instrument: str
    selection: Selection
    school_codes: tuple[str, ...]
    school_index: IntArray
    load: Callable[[Sequence[str]], Mapping[str, IntArray]]
    weight: FloatArray | None = None
    count_texts: Callable[[Sequence[str]], Mapping[str, int]] = field(default=no_texts)


@dataclass(frozen=True, slots=True)
class GivenCode:
    """What one coder said about one answer; no theme: none fits. `answer`: place in the wave."""

    answer: int
    coder: int
    themes: frozenset[str]


@dataclass(frozen=True, slots=True)
class OpenQuestionSpec:
    """An open question with a coding frame in one wave. `item`: questionnaire and name.

    `n_used` sheets counted, `n_answers` of them with words. `themes` by code, merged ones resolved.
    """

    item: tuple[str, str]
    wave: str
    n_used: int
    n_answers: int
    themes: tuple[str, ...]
    codes: tuple[GivenCode, ...]


@dataclass(frozen=True, slots=True)
class CalculationInputs:
    waves: tuple[WaveSpec, ...]
    schools: Mapping[str, SchoolSpec]
    measures: tuple[MeasureSpec, ...]
    gaps: tuple[GapSpec, ...]
    facts: tuple[FactSpec, ...]
    wave_facts: Mapping[str, WaveFacts]
    answers: tuple[AnswerSet, ...]
    targets: tuple[TargetSpec, ...]
    group_gaps: tuple[GapSpec, ...]  # girls - boys of every measure broken down by sex
    rules: Rules
    class_items: Mapping[str, str] = field(
        default_factory=dict
    )  # instrument -> item naming a class
    with_classes: frozenset[str] = frozenset()  # instruments where it does, and not a grade
    headline: frozenset[str] = frozenset()  # measures of headline indicators
    questionnaires: Mapping[str, str] = field(
        default_factory=dict
    )  # measure in the register -> its
    invited: Mapping[tuple[str, str], int] = field(
        default_factory=dict
    )  # people asked, by instrument and wave; absent where nobody counted
    strata: Mapping[str, StratumSpec] = field(default_factory=dict)  # of a sample of schools
    questions: tuple[QuestionSpec, ...] = ()
    open_questions: tuple[OpenQuestionSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredFigure:
    """One figure of a run as a printed one is compared with it, of the project in one wave.

    `respondents`: answer sheets of the wave, None where there are none to count. `scale`: lowest
    and highest value of a mean. `counts`: answers by option code, `unscored` codes ("don't know")
    among them. `sides`: codes of the two measures of a gap.
    """

    value: float | None
    n: int
    is_share: bool = False
    respondents: int | None = None
    scale: tuple[float, float] | None = None
    counts: Mapping[float, float] = field(default_factory=dict)
    unscored: frozenset[float] = frozenset()
    sides: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class StoredFigures:
    """All figures of a run. `codes`: what a figure may be called -> its measure; `waves`: what a
    wave may be called -> its code; both without case. `changes`: by measure and both waves.
    """

    codes: Mapping[str, str]
    waves: Mapping[str, str]
    levels: Mapping[tuple[str, str], StoredFigure]
    changes: Mapping[tuple[str, str, str], float | None]
