"""What the files of a project say, cleaned and cross-checked: plain values, ready to be stored.

Names follow the files. Labels are (ky, ru, en). Shares and their limits are 0-1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from indicators.pipeline.shapes import Labels, OptionSpec, ProblemSpec
from indicators.pipeline.wording import QuestionAsked
from indicators.vocabulary import (
    BaselinePolicy,
    Direction,
    ItemKind,
    Level,
    MeasureKind,
    Respondent,
    SchoolRole,
    Selection,
    TargetType,
    WaveKind,
)

# How the respondents of each questionnaire come in. Method, section 1: all schools take part;
# every student present and every director is asked, teachers are drawn at random, parents
# answer a link if they wish.
SELECTION: Mapping[Respondent, Selection] = {
    Respondent.STUDENT: Selection.CENSUS,
    Respondent.TEACHER: Selection.RANDOM_PEOPLE,
    Respondent.PARENT: Selection.SELF_SELECTED,
    Respondent.DIRECTOR: Selection.CENSUS,
}
NOT_ANONYMOUS = frozenset({Respondent.DIRECTOR})  # one per school: the answers carry a name
# On these scales a director gives an opinion; every other answer is a fact about the school.
OPINION_SCALES = frozenset({"likert_1_5"})


@dataclass(frozen=True, slots=True)
class ProjectHead:
    code: str
    names: Labels
    reference_date: date


@dataclass(frozen=True, slots=True)
class WaveDefinition:
    """`versions` are pairs of questionnaire and version number."""

    code: str
    kind: WaveKind
    names: Labels
    field_start: date
    field_end: date
    school_year: str
    note: str
    versions: tuple[tuple[str, str], ...]
    position: int
    selections: Mapping[str, Selection] = field(default_factory=dict)  # by questionnaire

    def selection(self, instrument: str, respondent: Respondent) -> Selection:
        """As the sheet says, else as is usual for this kind of respondent."""
        return self.selections.get(instrument, SELECTION[respondent])


@dataclass(frozen=True, slots=True)
class ScaleDefinition:
    code: str
    options: tuple[OptionSpec, ...]
    notes: Mapping[str, str] = field(default_factory=dict)

    def option(self, name: str) -> OptionSpec | None:
        return next((option for option in self.options if option.name == name), None)

    @property
    def codes(self) -> frozenset[int]:
        return frozenset(option.code for option in self.options)

    @property
    def scored_range(self) -> tuple[float, float]:
        """Smallest and largest code that counts in a mean."""
        codes = [option.code for option in self.options if option.is_substantive]
        return (float(min(codes)), float(max(codes))) if codes else (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class BlockDefinition:
    code: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class FormItem:
    """One question as it stands in one form."""

    name: str
    kind: ItemKind
    labels: Labels
    scale: str
    block: str
    is_required: bool
    horizon: str
    max_selected: int | None
    exclusive_option: str
    indices: tuple[str, ...]
    is_reversed: bool
    note: str
    row: int | None
    relevant: str = ""
    limits: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One row of a form's sheet `choices`; the code may be empty there."""

    name: str
    code: int | None
    labels: Labels
    row: int | None


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """One XLSForm: one version of one questionnaire."""

    file: str
    sha256: str
    instrument: str
    version: str
    title: str
    names: Labels
    blocks: tuple[BlockDefinition, ...]
    items: tuple[FormItem, ...]
    choices: Mapping[str, tuple[ChoiceRow, ...]]


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """One question whose identity lasts over the versions; wording of its first version."""

    instrument: str
    name: str
    kind: ItemKind
    labels: Labels
    scale: str
    block: str
    horizon: str = ""
    is_opinion: bool = False
    max_selected: int | None = None
    exclusive_option: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class ItemVersionDefinition:
    """`is_comparable` is None where the framework file is silent; `asked`: as the form has it."""

    instrument: str
    version: str
    item: str
    name_in_version: str
    is_required: bool
    is_comparable: bool | None
    position: int
    note: str
    asked: QuestionAsked


@dataclass(frozen=True, slots=True)
class InstrumentDefinition:
    code: str
    respondent: Respondent
    names: Labels
    is_anonymous: bool
    allows_index: bool
    limits: Labels
    position: int
    forms: tuple[FormDefinition, ...]
    blocks: tuple[BlockDefinition, ...]
    items: tuple[ItemDefinition, ...]
    item_versions: tuple[ItemVersionDefinition, ...]


@dataclass(frozen=True, slots=True)
class IndexDefinition:
    instrument: str
    code: str
    names: Labels
    items: tuple[str, ...]
    reversed_items: frozenset[str]
    statistic: str
    scale_min: float
    scale_max: float
    min_answered_share: float
    rescaled: tuple[float, float] | None
    note: str
    position: int
    positive_codes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasureDefinition:
    """`item` and `second_item` are (instrument, name); `index` is an index code."""

    code: str
    kind: MeasureKind
    index: str = ""
    item: tuple[str, str] | None = None
    second_item: tuple[str, str] | None = None
    codes: tuple[int | str, ...] = ()
    option: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorDefinition:
    code: str
    names: Labels
    definitions: Labels
    measure: MeasureDefinition
    position: int
    level: Level
    respondent: str
    unit: str
    direction: Direction
    disaggregation: tuple[str, ...]
    responsible: Labels
    frequency: str
    baseline_policy: BaselinePolicy
    decimals: int
    is_headline: bool
    is_descriptive: bool
    is_context: bool
    has_response_shift: bool
    margin: float | None
    note: str


@dataclass(frozen=True, slots=True)
class TargetDefinition:
    """`school` is empty for the whole project."""

    indicator: str
    school: str
    wave: str
    type: TargetType
    low: float | None
    high: float | None
    rationale: str


@dataclass(frozen=True, slots=True)
class AgendaDefinition:
    """A question the last study is to answer, with the codes of the indicators that carry it."""

    code: str
    section: str
    questions: Labels
    indicators: tuple[str, ...]
    position: int


@dataclass(frozen=True, slots=True)
class CategoryDefinition:
    """One value of a school attribute."""

    field: str
    code: str
    labels: Labels
    position: int


@dataclass(frozen=True, slots=True)
class SchoolDefinition:
    code: str
    names: Labels
    role: SchoolRole
    oblast: str
    district_ky: str
    district_ru: str
    settlement: str
    remoteness: str
    distance_km: float | None
    languages: str
    counts: Mapping[str, int | None]  # by column of the register: n_girls_1_4 ... n_teachers
    stratum: str = ""


@dataclass(frozen=True, slots=True)
class StratumDefinition:
    """One stratum of the frame of a sample of schools."""

    code: str
    n_schools: int | None
    merged_into: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What an index, an indicator or a target may refer to."""

    items: Mapping[tuple[str, str], ItemDefinition]
    scales: Mapping[str, ScaleDefinition]
    indices: Mapping[str, IndexDefinition] = field(default_factory=dict)

    def scale_of(self, item: ItemDefinition) -> ScaleDefinition:
        return self.scales.get(item.scale, ScaleDefinition(item.scale, ()))

    def names_of(self, instruments: tuple[str, ...]) -> list[str]:
        return [name for instrument, name in self.items if instrument in instruments]


@dataclass(frozen=True, slots=True)
class ProjectDefinition:
    """A whole project as its files describe it."""

    head: ProjectHead
    categories: tuple[CategoryDefinition, ...]
    schools: tuple[SchoolDefinition, ...]
    strata: tuple[StratumDefinition, ...]
    scales: tuple[ScaleDefinition, ...]
    instruments: tuple[InstrumentDefinition, ...]
    waves: tuple[WaveDefinition, ...]
    indices: tuple[IndexDefinition, ...]
    measures: tuple[MeasureDefinition, ...]
    indicators: tuple[IndicatorDefinition, ...]
    targets: tuple[TargetDefinition, ...]
    agenda: tuple[AgendaDefinition, ...]
    files: Mapping[str, str]  # name -> sha256
    notices: tuple[ProblemSpec, ...]
