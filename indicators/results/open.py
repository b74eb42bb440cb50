"""Open questions: what was written, coded, and how often each theme came up."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OpenWave:
    """The coding of one question in one wave. Numbers are None where the group is too small.

    `n_now` are the answers stored now, in a list for officers; the rest is of the calculation.
    """

    code: str
    name: str
    n_answers: int | None = None
    n_coded: int | None = None
    n_unthemed: int | None = None  # coded answers that no theme fits
    n_used: int | None = None
    n_coders: int | None = None
    n_double: int | None = None
    agreement: float | None = None
    kappa: float | None = None
    kappa_low: float | None = None
    kappa_high: float | None = None
    below: int | None = None  # hidden: fewer coded answers than this


@dataclass(frozen=True, slots=True)
class OpenHead:
    instrument: str  # code
    instrument_name: str
    item: str  # name
    label: str
    respondent: str
    is_self_selected: bool = False


@dataclass(frozen=True, slots=True)
class ThemeCell:
    """A theme in one wave. `is_hidden`: named by so few that its figures are left out."""

    n_with: int | None
    share: float | None
    kappa: float | None = None
    kappa_low: float | None = None
    kappa_high: float | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class ThemeLine:
    pk: int
    code: str
    label: str
    definition: str
    is_active: bool
    merged_into: str  # label of the theme it counts as
    cells: tuple[ThemeCell | None, ...]  # one per wave
    revision: int = 1


@dataclass(frozen=True, slots=True)
class OpenQuote:
    quote: str
    language: str
    source: str
    speaker: str
    wave: str


@dataclass(frozen=True, slots=True)
class OpenSheet:
    head: OpenHead
    waves: tuple[OpenWave, ...]
    themes: tuple[ThemeLine, ...]
    quotes: tuple[OpenQuote, ...]
    limits: str = ""


@dataclass(frozen=True, slots=True)
class CoderCount:
    name: str
    n: int


@dataclass(frozen=True, slots=True)
class WorkWave:
    """How far the coding of one wave is, as it stands now."""

    code: str
    name: str
    n_answers: int
    n_coded: int  # answers with at least one code, whether their words still stand or not
    coders: tuple[CoderCount, ...] = ()
    n_apart: int = 0  # codes of files that do not count now


@dataclass(frozen=True, slots=True)
class WorkLine:
    head: OpenHead
    n_themes: int
    waves: tuple[WorkWave, ...] = field(default=())
