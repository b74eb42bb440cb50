"""How far the fieldwork of a wave is: school by questionnaire, from what is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Max, Sum

from indicators.models import (
    Dataset,
    FieldPlan,
    School,
    SchoolArrival,
    Upload,
    Wave,
    WaveInstrument,
)
from indicators.queries.coverage_checklists import checklist_arrivals
from indicators.queries.excluded_rows import excluded_by_school
from indicators.queries.paging import Paged
from indicators.queries.results import wave_head
from indicators.queries.wave_schools import wave_schools
from indicators.results import WaveHead
from indicators.vocabulary import (
    FileKind,
    Respondent,
    Selection,
    UploadState,
    WaveState,
)

if TYPE_CHECKING:
    from indicators.models import Project

PER_PAGE = 100
# Teachers are drawn from an alphabetical list, so many per school (method section 1).
LEAST_TEACHERS, MOST_TEACHERS = 8, 15


@dataclass(frozen=True, slots=True)
class Expected:
    """How many sheets a school owes: at least `least`, at most `most` (equal for a fixed number).

    `is_typed`: an officer entered it; otherwise it follows from a rule.
    """

    least: int
    most: int
    is_typed: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    received: int = 0
    used: int = 0
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """One school and one questionnaire. `expected` is None where nobody said a number."""

    expected: Expected | None
    arrived: Arrived
    is_due: bool  # the school is to be reminded

    @property
    def n_missing(self) -> int:
        """Sheets short of the least expected; 0 where no number was said."""
        return max(self.expected.least - self.arrived.used, 0) if self.expected else 0


@dataclass(frozen=True, slots=True)
class CoverageRow:
    school_code: str
    school_name: str
    is_absent: bool
    cells: tuple[CoverageCell, ...]  # in the order of the questionnaires

    @property
    def is_due(self) -> bool:
        return any(cell.is_due for cell in self.cells)


@dataclass(frozen=True, slots=True)
class CoverageColumn:
    """One questionnaire of the wave with its totals over all schools.

    `expected` is the sum where every school has a number. `n_nowhere`: rows received that name no
    school.
    """

    instrument: str
    code: str
    respondent: str
    n_invited: int | None
    expected: Expected | None
    arrived: Arrived
    n_nowhere: int
    n_schools_in: int
    n_due: int


@dataclass(frozen=True, slots=True)
class CoverageBoard(Paged):
    waves: tuple[WaveHead, ...]
    wave: WaveHead | None
    is_open: bool
    columns: tuple[CoverageColumn, ...]
    rows: tuple[CoverageRow, ...]
    n_schools: int
    n_due: int  # schools to remind
    n_waiting: int  # survey files of the wave that are not accepted
    only_due: bool
    number: int
    has_next: bool


NOTHING = Arrived()


def coverage_board(
    project: Project, *, wave_code: str, only_due: bool, number: int
) -> CoverageBoard:
    """One page of schools by code, and totals over all of them. Fourteen queries at most."""
    waves = list(Wave.objects.filter(project=project).order_by("position"))
    heads = tuple(wave_head(wave) for wave in waves)
    wave = next((wave for wave in waves if wave.code == wave_code), None) or _newest(waves)
    uses = _uses(wave) if wave else {}
    if wave is None or not uses:
        head = wave_head(wave) if wave else None
        return CoverageBoard(heads, head, False, (), (), 0, 0, 0, only_due, 1, False)
    is_open = wave.state == WaveState.OPEN
    arrived = _arrived(wave)
    seen = {school for schools in arrived.values() for school in schools}
    plans = _plans(wave)
    rows = [
        _row(school, is_absent, uses, plans, arrived, is_open)
        for school, is_absent in wave_schools(wave, seen)
    ]
    due = [row for row in rows if row.is_due]
    listed = due if only_due else rows
    start = (number - 1) * PER_PAGE
    return CoverageBoard(
        waves=heads,
        wave=wave_head(wave),
        is_open=is_open,
        columns=tuple(_columns(wave, uses, rows)),
        rows=tuple(listed[start : start + PER_PAGE]),
        n_schools=len(rows),
        n_due=len(due),
        n_waiting=_n_waiting(wave),
        only_due=only_due,
        number=number,
        has_next=len(listed) > start + PER_PAGE,
    )


def _newest(waves: list[Wave]) -> Wave | None:
    """The last wave in the field, else the last one."""
    in_field = [wave for wave in waves if wave.state == WaveState.OPEN]
    return (in_field or waves)[-1] if waves else None


def _uses(wave: Wave) -> dict[str, list[WaveInstrument]]:
    """Questionnaires of the wave by code, in their order; the newest version stands last."""
    rows = (
        WaveInstrument.objects.filter(wave=wave)
        .select_related("version__instrument")
        .order_by("version__instrument__position", "version__instrument__code", "version__version")
    )
    found: dict[str, list[WaveInstrument]] = {}
    for row in rows:
        found.setdefault(row.version.instrument.code, []).append(row)
    return found


def _plans(wave: Wave) -> dict[tuple[str, int], int]:
    """Expected sheets by questionnaire and school, where an officer typed them."""
    rows = FieldPlan.objects.filter(use__wave=wave)
    return {
        (code, school): n
        for code, school, n in rows.values_list(
            "use__version__instrument__code", "school_id", "n_expected"
        )
    }


def _arrived(wave: Wave) -> dict[str, dict[str, Arrived]]:
    """By questionnaire and code of the school; rows an officer excluded are not used."""
    datasets = Dataset.objects.filter(wave=wave, upload__state=UploadState.ACCEPTED)
    excluded = excluded_by_school(datasets)
    rows = (
        SchoolArrival.objects.filter(dataset__in=datasets)
        .order_by()
        .values_list("dataset__version__instrument__code", "school_code")
        .annotate(
            Sum("n_received"), Sum("n_used"), Max("last_on"), Max("dataset__upload__created_at")
        )
    )
    found: dict[str, dict[str, Arrived]] = defaultdict(dict)
    for code, school, received, used, last_on, loaded in rows:
        left_out = excluded.get((code, school), 0)
        found[code][school] = Arrived(received, used - left_out, last_on or loaded.date())
    for code, schools in checklist_arrivals(wave).items():
        found[code] = {school: Arrived(*numbers) for school, numbers in schools.items()}
    return found


def _row(
    school: School,
    is_absent: bool,
    uses: Mapping[str, list[WaveInstrument]],
    plans: Mapping[tuple[str, int], int],
    arrived: Mapping[str, Mapping[str, Arrived]],
    is_open: bool,
) -> CoverageRow:
    cells = []
    for code, versions in uses.items():
        expected = expected_sheets(school, versions[-1], plans.get((code, school.pk)))
        came = arrived.get(code, {}).get(school.code, NOTHING)
        least = expected.least if expected else 1
        is_due = is_open and not is_absent and came.used < least
        cells.append(CoverageCell(None if is_absent else expected, came, is_due))
    return CoverageRow(school.code, school.name, is_absent, tuple(cells))


def expected_sheets(school: School, use: WaveInstrument, typed: int | None) -> Expected | None:
    """What an officer typed; else one checklist, 8-15 teachers, and no number for the others.

    Needs `version__instrument` of `use`.
    """
    if typed is not None:
        return Expected(typed, typed, is_typed=True)
    respondent = use.version.instrument.respondent
    if respondent == Respondent.DIRECTOR:
        return Expected(1, 1)
    if respondent == Respondent.TEACHER and use.selection == Selection.RANDOM_PEOPLE:
        there = school.n_teachers if school.n_teachers is not None else MOST_TEACHERS
        return Expected(min(LEAST_TEACHERS, there), min(MOST_TEACHERS, there))
    return None


def _columns(
    wave: Wave, uses: Mapping[str, list[WaveInstrument]], rows: list[CoverageRow]
) -> Iterable[CoverageColumn]:
    opened = dict(
        Dataset.objects.filter(wave=wave, upload__state=UploadState.ACCEPTED)
        .order_by()
        .values_list("version__instrument__code")
        .annotate(Sum("n_opened"))
    )
    for place, (code, versions) in enumerate(uses.items()):
        instrument = versions[-1].version.instrument
        cells = [row.cells[place] for row in rows]
        invited = [use.n_invited for use in versions if use.n_invited is not None]
        arrived = _sum(cell.arrived for cell in cells)
        yield CoverageColumn(
            instrument=instrument.name or code,
            code=code,
            respondent=instrument.respondent,
            n_invited=sum(invited) if invited else None,
            expected=_all_expected(rows, place),
            arrived=arrived,
            n_nowhere=max(opened.get(code, arrived.received) - arrived.received, 0),
            n_schools_in=sum(cell.arrived.used > 0 for cell in cells),
            n_due=sum(cell.is_due for cell in cells),
        )


def _sum(arrived: Iterable[Arrived]) -> Arrived:
    every = list(arrived)
    days = [one.last_on for one in every if one.last_on]
    return Arrived(
        sum(one.received for one in every), sum(one.used for one in every), max(days, default=None)
    )


def _all_expected(rows: list[CoverageRow], place: int) -> Expected | None:
    known = [row.cells[place].expected for row in rows if not row.is_absent]
    numbers = [one for one in known if one is not None]
    if not numbers or len(numbers) < len(known):
        return None
    return Expected(sum(one.least for one in numbers), sum(one.most for one in numbers))


def _n_waiting(wave: Wave) -> int:
    return Upload.objects.filter(
        wave=wave,
        kind__in=(FileKind.SURVEY, FileKind.CHECKLIST),
        state__in=(UploadState.RECEIVED, UploadState.CHECKED),
    ).count()
