"""The whole project on one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from indicators.results.lines import Line, WaveHead, WavePair
from indicators.results.school import SchoolNews, SchoolRef
from indicators.results.school_filter import SchoolGroup


@dataclass(frozen=True, slots=True)
class Source:
    """One accepted file a calculation took its answers from, as the calculation recorded it."""

    file: str
    file_sha256: str
    dataset_sha256: str
    wave: str
    instrument: str
    version: str
    n: int
    n_excluded: int


@dataclass(frozen=True, slots=True)
class Records:
    """Checklists or counted records of a run, named by one fingerprint."""

    kind: str  # checklists, records
    sha256: str
    n: int | None = None


@dataclass(frozen=True, slots=True)
class RunHead:
    """Which calculation the numbers of a page come from."""

    pk: int
    code_version: str
    input_sha256: str
    finished_at: datetime | None
    started_by: str
    is_published: bool
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many answers of one kind of respondent each wave has."""

    respondent: str
    baseline: int | None
    endline: int | None


@dataclass(frozen=True, slots=True)
class Missing:
    """How many schools lack something, the first of them by code."""

    n: int
    named: tuple[SchoolRef, ...]


@dataclass(frozen=True, slots=True)
class Absence:
    """What the schools of one wave still owe."""

    wave: WaveHead
    without_answers: Missing
    without_checklist: Missing


@dataclass(frozen=True, slots=True)
class Overview:
    """`unmeasured`: waves of the project that have no result in this run.

    `groups`: what the lines can be narrowed to; `group_lines`: the lines of `group`, one for each
    of `lines`, where one is asked for.
    """

    waves: WavePair
    lines: tuple[Line, ...]
    counted: tuple[Counted, ...]
    n_schools: tuple[int, int]  # with answers, per wave
    news: tuple[SchoolNews, ...]
    unmeasured: tuple[WaveHead, ...] = ()
    absences: tuple[Absence, ...] = ()
    groups: tuple[SchoolGroup, ...] = ()
    group: SchoolGroup | None = None
    group_lines: tuple[Line, ...] = ()
    limits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by block
