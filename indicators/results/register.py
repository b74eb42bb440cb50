"""The register of indicators: definitions, with what a run says of them beside."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.results.lines import IndicatorHead, Line, WavePair
from indicators.results.overview import Records, Source
from indicators.results.sheet import Option, Quote, TargetRow


@dataclass(frozen=True, slots=True)
class Register:
    """Every indicator, in the order of the register. `is_measured`: a run stands beside."""

    lines: tuple[Line, ...]
    waves: WavePair
    is_measured: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question behind an indicator. Options carry their numbers; `is_reversed`: turned round."""

    name: str
    label: str
    options: tuple[Option, ...]
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class IndexRule:
    """How the answers of one person become one number. Shares 0-1; `rescaled`: both new ends."""

    code: str
    name: str
    statistic: str
    scale_min: float
    scale_max: float
    min_answered_share: float
    rescaled: tuple[float, float] | None
    positive_codes: tuple[int, ...]
    note: str


@dataclass(frozen=True, slots=True)
class MeasureRule:
    """What is computed. `codes`: answers that count; `option`: the name of the one counted."""

    code: str
    kind: str
    codes: tuple[int | str, ...]
    option: str
    source: str
    index: IndexRule | None


@dataclass(frozen=True, slots=True)
class Margins:
    """The smallest change that matters: the indicator's own, else the rules of the project."""

    own: float | None
    sd: float
    share: float
    nps: float


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """The reference sheet of one indicator. `names` and `definitions` are (ky, ru, en)."""

    indicator: IndicatorHead
    names: tuple[str, str, str]
    definitions: tuple[str, str, str]
    responsible: str
    frequency: str
    baseline_policy: str
    disaggregation: tuple[str, ...]
    note: str
    limits: tuple[str, ...]
    instruments: tuple[str, ...]
    measure: MeasureRule
    questions: tuple[Asked, ...]
    margins: Margins
    targets: tuple[TargetRow, ...]
    quotes: tuple[Quote, ...]
    sources: tuple[Source, ...]
    records: Records | None
    is_measured: bool
