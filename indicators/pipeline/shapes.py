"""What travels between the steps and between the two halves of the code.

Specs come from the database (built by `queries`), tables and datasets from files.
Labels are always (ky, ru, en) in this order; an empty string means "not translated".
Proportions are 0-1. Codes are integers; a missing code is `MISSING`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indicators.vocabulary import (
    FileKind,
    ItemKind,
    MeasureKind,
    Respondent,
    Selection,
    Severity,
)

Labels = tuple[str, str, str]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Codes = NDArray[np.signedinteger[Any]]  # in the smallest type that holds them

# Outside every scale (0 is a real code) and inside int8, the smallest column type.
MISSING = -128
MOST_COLUMNS = 5_000  # of a file
ONE_SHEET = ""  # stands for the sheet read of a questionnaire's file, whatever it is called


# --- the form -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One answer option. `code` is the number used in statistics and stored in columns."""

    name: str
    code: int
    labels: Labels
    is_substantive: bool = True


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """One question of a form version.

    `name` is the item's identity over the waves, `file_name` its name in this version
    (they differ for a reworded item). A multi item's answer is stored as a bit mask:
    bit i is set when option i of `options` is ticked; 0 never occurs (nothing ticked is missing).
    """

    name: str
    file_name: str
    kind: ItemKind
    labels: Labels
    options: tuple[OptionSpec, ...] = ()
    block: str = ""
    is_required: bool = False
    is_scored: bool = False  # counts towards a complete checklist
    max_selected: int | None = None
    exclusive_option: str = ""  # may not be ticked together with others
    relevant: str = ""  # rule of the form: asked only where it holds; empty: asked of everybody
    low: float | None = None  # range of a number item
    high: float | None = None


@dataclass(frozen=True, slots=True)
class FormSpec:
    """One version of an instrument as used in one wave."""

    instrument: str
    version: str
    respondent: Respondent
    selection: Selection
    items: tuple[ItemSpec, ...]

    def of_kind(self, kind: ItemKind) -> ItemSpec | None:
        return next((item for item in self.items if item.kind is kind), None)


@dataclass(frozen=True, slots=True)
class SchoolSpec:
    """One school as a file may name it. `names`: official names and accepted aliases."""

    code: str
    names: tuple[str, ...]
    lineage: str  # code of the first school in its line (IS-24 continues IS-09)
    n_students: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    stratum: str = ""  # of the frame it was drawn from, in a sample of schools
    n_teachers: int | None = None


@dataclass(frozen=True, slots=True)
class StratumSpec:
    """One stratum of the frame of schools. `n_schools`: schools in it, drawn or not."""

    code: str
    n_schools: int | None = None
    merged_into: str = ""  # a stratum with too few schools counts as part of another


@dataclass(frozen=True, slots=True)
class WaveSpec:
    code: str
    order: int
    field_start: date
    field_end: date


@dataclass(frozen=True, slots=True)
class ImportContext:
    """All that reading one file needs to know. `form` is None for desk-like files."""

    kind: FileKind
    wave: WaveSpec | None
    reference_date: date
    schools: tuple[SchoolSpec, ...]
    form: FormSpec | None = None
    indicator_codes: frozenset[str] = frozenset()
    percent_indicators: frozenset[str] = frozenset()  # typed in percent, stored as 0-1
    wave_codes: frozenset[str] = frozenset()  # all waves of the project
    project_start: date | None = None  # first day of fieldwork of the first wave
    categories: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # school attribute -> wording in any language -> code
    mapping: Mapping[str, str] = field(default_factory=dict)  # column header -> item file name
    left_out: frozenset[str] = frozenset()  # unknown names of schools whose rows are left out
    value_mapping: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # item -> key of a value -> name of an option, or a number; empty: no answer
    rows_left_out: Mapping[str, Mapping[int, str]] = field(
        default_factory=dict
    )  # sheet (or ONE_SHEET) -> row -> why it is left out


# --- the file -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KnownForm:
    """One version of a questionnaire and the waves that use it."""

    key: int
    form: FormSpec
    waves: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the project's files may be. `waves` in their order."""

    forms: tuple[KnownForm, ...]
    waves: tuple[WaveSpec, ...]
    open_waves: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RawTable:
    """One sheet as it stands in the file: cells untouched, as text, numbers or dates.

    `row_numbers[i]` is the number a person sees for `rows[i]`: the sheet row of a workbook,
    the record number (header = 1) of a CSV, the case number of a .sav or .dta.
    """

    sheet: str
    header: tuple[str, ...]
    header_row: int
    rows: Sequence[tuple[Any, ...]]
    row_numbers: Sequence[int]
    value_labels: Mapping[str, Mapping[float, str]] = field(default_factory=dict)
    missing_codes: Mapping[str, frozenset[float | str]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)  # column -> question text (.sav, .dta)


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file read: its tables and what was found out about its format."""

    name: str
    format: str  # xlsx, xls, ods, csv, sav, dta
    tables: tuple[RawTable, ...]
    encoding: str = ""
    delimiter: str = ""
    problems: tuple[ProblemSpec, ...] = ()

    @property
    def is_statistics(self) -> bool:
        """Files of SPSS and Stata are prepared: those who refused have been taken out before."""
        return self.format in ("sav", "dta")


@dataclass(frozen=True, slots=True)
class ProblemSpec:
    """One thing found in a file. `kind` names the sentence shown; `params` fill it in."""

    severity: Severity
    kind: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    suggestion: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DoubtfulValue:
    """An answer that was not, or only nearly, understood, or that a decision reads.

    `suggestion` is the name of the option (or the number) it was taken for or may mean, empty
    without one; `read_as` the same as shown beside a problem. `kind` is that of the problem.
    """

    item: str
    column: str
    value: str
    kind: str
    suggestion: str
    read_as: str
    n_rows: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """Consent funnel in rows: opened -> consented -> answered -> used.

    A row that an officer left out of the file was opened and nothing more: its answers, consent
    among them, are not looked at.
    """

    opened: int = 0
    consented: int = 0
    answered: int = 0
    used: int = 0


@dataclass(frozen=True, slots=True)
class SchoolArrival:
    """Answer sheets of one school in one file. `last_day`: of the newest, where the file says."""

    school_code: str
    n_received: int
    n_used: int
    last_day: date | None


@dataclass(frozen=True, slots=True)
class SurveyTable:
    """Answers of one accepted survey file, by column. All arrays have one entry per used row.

    `school_index` points into `school_codes`; `columns[item.name]` are codes with
    MISSING where there is no answer; `texts[item.name]` are open answers ("" = none). `weight` is
    above 0; None when everybody weighs the same.
    """

    school_codes: tuple[str, ...]
    school_index: IntArray
    row_numbers: IntArray
    columns: Mapping[str, Codes]
    texts: Mapping[str, Sequence[str]]
    funnel: Funnel
    weight: FloatArray | None = None
    arrivals: tuple[SchoolArrival, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One school's checklist from a file: answers by item name (code, or text)."""

    school_code: str
    answers: Mapping[str, int | str]
    comments: Mapping[str, str]
    filled_on: date | None
    filled_by: str
    row: int


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One validated row of a desk, activity, manual, register or notes file.

    `table` names the sort of row ("ort", "olympiad", "event", "cluster_plan", "manual_value",
    "school_event", "note"); `values` hold typed cells by field name.
    """

    table: str
    school_code: str
    values: Mapping[str, Any]
    row: int
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """The outcome of validation: everything wrong, and what would be accepted."""

    problems: tuple[ProblemSpec, ...]
    survey: SurveyTable | None = None
    checklists: tuple[ChecklistRow, ...] = ()
    records: tuple[RecordRow, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    values: tuple[DoubtfulValue, ...] = ()

    @property
    def is_acceptable(self) -> bool:
        return not any(p.severity is Severity.BLOCK for p in self.problems)


# --- the measures ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """A breakdown: by an item's codes, or by an attribute of the school."""

    name: str  # sex, grade, level, language, settlement, oblast ...
    item: str = ""  # item name; empty for a school attribute
    codes: Mapping[int, str] = field(default_factory=dict)  # code -> group key


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """What is computed from answers, ready for `score`.

    `items` with `reversed_items`, `min_share` and `scale` serve indices; `codes` shares;
    `option` the bit of a multi item. `common_items` lists the items worded alike in all waves
    (equal to `items` when everything is comparable; empty: not comparable at all).
    """

    code: str
    kind: MeasureKind
    instrument: str
    respondent: Respondent
    items: tuple[str, ...]
    scale: tuple[float, float] | None = None
    reversed_items: frozenset[str] = frozenset()
    min_share: float = 0.5
    positive_codes: frozenset[int] = frozenset()  # index as percent of positive answers, 0-100
    codes: frozenset[int] = frozenset()
    option: int | None = None
    unscored_codes: frozenset[int] = (
        frozenset()
    )  # "don't know": in the base of shares, never in means
    common_items: tuple[str, ...] = ()
    groups: tuple[GroupSpec, ...] = ()
    mix: tuple[GroupSpec, ...] = ()  # items whose combinations are kinds of people: grade, sex
    keeps_schools: bool = True  # per-school results are wanted
    keeps_counts: bool = False  # keep the distribution of answers
    margin: float | None = None  # smallest change that matters, in the measure's units


@dataclass(frozen=True, slots=True)
class GapSpec:
    """Difference of two domain means: two groups of one measure, or two measures."""

    code: str
    kind: MeasureKind
    first: str  # code of the measure of the first mean
    second: str  # code of the measure of the second mean (may equal the first)
    group_by: str = ""  # set for two groups of one measure
    first_group: str = ""
    second_group: str = ""
    margin: float | None = None
