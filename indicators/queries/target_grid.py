"""Targets as a sheet: indicators or schools down, waves across."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from indicators.models import Assessment, Indicator, School, Target
from indicators.queries.paging import Paged
from indicators.queries.results import block_of, indicator_head, wave_head
from indicators.queries.schools import matching_schools
from indicators.queries.target_evidence import Evidence, Place, target_evidence
from indicators.queries.targets import first_wave, later_waves
from indicators.queries.versions import defined_at
from indicators.queries.visible import visible_run
from indicators.results import BLOCKS, IndicatorHead, WaveHead
from indicators.results.school_filter import SchoolFilter
from indicators.roles import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from indicators.access import Visit
    from indicators.models import Run

PER_PAGE = 100

CellPlace = tuple[int, int | None, int]  # indicator, school (None: the project), wave
Pair = tuple[Indicator, School | None]


@dataclass(frozen=True, slots=True)
class GridWanted:
    """Which part of the sheet. With `indicator` the rows are schools, else indicators."""

    indicator: str = ""
    school: str = ""
    block: str = ""
    level: str = ""
    text: str = ""
    is_headline: bool = False
    number: int = 1


@dataclass(frozen=True, slots=True)
class GridCell:
    """One target, or the empty place of one (`pk` is None).

    Those who do not edit get the target that the published calculation was judged by, without
    rationale and person. `status`: of the last calculation, "" when it knows no such target;
    `is_changed`: the target is another one since.
    """

    place: CellPlace
    pk: int | None = None
    revision: int | None = None
    type: str = ""
    low: float | None = None
    high: float | None = None
    rationale: str = ""
    updated_by: str = ""
    updated_at: datetime | None = None
    status: str = ""
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    indicator: IndicatorHead
    school_code: str
    school_name: str
    evidence: Evidence | None
    cells: tuple[GridCell, ...]

    @property
    def place(self) -> Place:
        return self.indicator.pk, self.school_code


@dataclass(frozen=True, slots=True)
class GridPage(Paged):
    """`is_editor`: cells show targets as they stand, not as they were judged."""

    wanted: GridWanted
    waves: tuple[WaveHead, ...]
    rows: tuple[GridRow, ...]
    number: int
    has_next: bool
    has_run: bool
    is_published: bool
    is_editor: bool

    @property
    def evidence(self) -> dict[Place, Evidence]:
        return {row.place: row.evidence for row in self.rows if row.evidence is not None}


def grid_page(visit: Visit, wanted: GridWanted, *, is_whole: bool = False) -> GridPage | None:
    """One page of the sheet, or all rows of it.

    None for an unknown indicator or a school the visit may not see.
    """
    start = 0 if is_whole else (wanted.number - 1) * PER_PAGE
    end = None if is_whole else start + PER_PAGE + 1
    found: list[Pair]
    if wanted.indicator:
        one = next((row for row in _known(visit) if row.code == wanted.indicator), None)
        if one is None:
            return None
        found = [
            (one, school)
            for school in matching_schools(visit, SchoolFilter(text=wanted.text))[start:end]
        ]
    else:
        place = _school(visit, wanted.school)
        if wanted.school and place is None:
            return None
        rows = _in_order(row for row in _known(visit) if _matches(row, wanted))
        found = [(row, place) for row in rows[start:end]]
    has_next = not is_whole and len(found) > PER_PAGE
    return _page(visit, wanted, found[:PER_PAGE] if has_next else found, has_next=has_next)


def grid_of(visit: Visit, wanted: GridWanted, places: Collection[CellPlace]) -> GridPage:
    """The rows in which these cells stand; cells of another project are left out."""
    indicators = {row.pk: row for row in _indicators(visit).filter(pk__in={p[0] for p in places})}
    named = School.objects.filter(project=visit.project, pk__in={p[1] for p in places if p[1]})
    schools: dict[int | None, School | None] = {None: None, **{row.pk: row for row in named}}
    pairs = {
        (place[0], place[1]): (indicators[place[0]], schools[place[1]])
        for place in places
        if place[0] in indicators and place[1] in schools
    }
    order = {row.pk: n for n, row in enumerate(_in_order(indicators.values()))}
    found = sorted(
        pairs.values(), key=lambda pair: (order[pair[0].pk], pair[1].code if pair[1] else "")
    )
    return _page(visit, wanted, found, has_next=False)


def indicator_choices(visit: Visit) -> list[tuple[str, str]]:
    """Code and name of every indicator, by code."""
    return sorted((row.code, row.name) for row in _known(visit))


def first_codes(visit: Visit) -> tuple[str, str]:
    """A school and an indicator to begin with: one that has targets by school, if there is any."""
    school = matching_schools(visit, SchoolFilter()).values_list("code", flat=True).first()
    codes = _indicators(visit).order_by("code").values_list("code", flat=True)
    indicator = codes.filter(targets__school__isnull=False).first() or codes.first()
    return school or "", indicator or ""


def places_by_code(
    visit: Visit, named: Collection[tuple[str, str, str]]
) -> dict[tuple[str, str, str], CellPlace]:
    """Cells named by the codes of indicator, school ("": the project) and wave, where they exist.

    Three queries.
    """
    codes = [{name[part] for name in named} for part in range(3)]
    indicators = dict(_indicators(visit).filter(code__in=codes[0]).values_list("code", "pk"))
    schools: dict[str, int | None] = dict(
        matching_schools(visit, SchoolFilter()).filter(code__in=codes[1]).values_list("code", "pk")
    )
    schools[""] = None
    waves = {wave.code: wave.pk for wave in later_waves(visit.project)}
    return {
        (indicator, school, wave): (indicators[indicator], schools[school], waves[wave])
        for indicator, school, wave in named
        if indicator in indicators and school in schools and wave in waves
    }


def _indicators(visit: Visit) -> QuerySet[Indicator]:
    return Indicator.objects.filter(project=visit.project).select_related("measure")


def _known(visit: Visit) -> list[Indicator]:
    """As they stand for those who edit; for others as the calculation they see knew them."""
    rows = _indicators(visit)
    seen = None if visit.may(Permission.TARGET_EDIT) else visible_run(visit)
    return defined_at(rows, seen.run.finished_at) if seen else list(rows)


def _in_order(rows: Iterable[Indicator]) -> list[Indicator]:
    """By the parts of the pages, then as the register has them."""
    return sorted(rows, key=lambda row: (BLOCKS.index(block_of(row)), row.position, row.code))


def _school(visit: Visit, code: str) -> School | None:
    return matching_schools(visit, SchoolFilter()).filter(code=code).first() if code else None


def _matches(row: Indicator, wanted: GridWanted) -> bool:
    text = wanted.text.casefold()
    return (
        (not wanted.block or block_of(row) == wanted.block)
        and (not wanted.level or row.level == wanted.level)
        and (row.is_headline or not wanted.is_headline)
        and any(
            text in part.casefold() for part in (row.code, row.name_ky, row.name_ru, row.name_en)
        )
    )


def _page(visit: Visit, wanted: GridWanted, pairs: Sequence[Pair], *, has_next: bool) -> GridPage:
    seen = visible_run(visit)
    run = seen.run if seen else None
    waves = later_waves(visit.project)
    heads = {indicator.pk: indicator_head(indicator) for indicator, _school in pairs}
    schools = list({one.pk: one for _indicator, one in pairs if one is not None}.values())
    evidence = target_evidence(
        run,
        first_wave(visit.project),
        list(heads.values()),
        schools,
        with_project=any(school is None for _indicator, school in pairs),
        min_group=visit.min_group,
    )
    cells = _cells(visit, run, heads, schools)
    return GridPage(
        wanted=wanted,
        waves=tuple(map(wave_head, waves)),
        rows=tuple(
            GridRow(
                indicator=heads[indicator.pk],
                school_code=school.code if school else "",
                school_name=school.name if school else "",
                evidence=evidence.get((indicator.pk, school.code if school else "")),
                cells=tuple(
                    cells.get(place, GridCell(place))
                    for wave in waves
                    for place in [(indicator.pk, school.pk if school else None, wave.pk)]
                ),
            )
            for indicator, school in pairs
        ),
        number=wanted.number,
        has_next=has_next,
        has_run=run is not None,
        is_published=bool(seen and seen.is_published),
        is_editor=visit.may(Permission.TARGET_EDIT),
    )


def _cells(
    visit: Visit, run: Run | None, indicators: Collection[int], schools: Sequence[School]
) -> Mapping[CellPlace, GridCell]:
    """The targets of these rows and of the project: as they stand, or as they were judged."""
    is_editor = visit.may(Permission.TARGET_EDIT)
    targets = list(
        Target.objects.filter(Q(school=None) | Q(school__in=schools), indicator__in=indicators)
        .select_related("updated_by")
        .order_by()
    )
    judged = {row.target_id: row for row in Assessment.objects.filter(run=run, target__in=targets)}
    return {
        (one.indicator_id, one.school_id, one.wave_id): (
            _cell(one, judged.get(one.pk)) if is_editor else _judged_cell(one, judged[one.pk])
        )
        for one in targets
        if is_editor or one.pk in judged
    }


def _cell(target: Target, judged: Assessment | None) -> GridCell:
    person = target.updated_by
    limits = (target.type, target.low, target.high)
    return GridCell(
        place=(target.indicator_id, target.school_id, target.wave_id),
        pk=target.pk,
        revision=target.revision,
        type=target.type,
        low=target.low,
        high=target.high,
        rationale=target.rationale,
        updated_by=(person.get_full_name() or person.get_username()) if person else "",
        updated_at=target.updated_at,
        status=judged.status if judged else "",
        is_changed=judged is not None
        and limits != (judged.target_type, judged.target_low, judged.target_high),
    )


def _judged_cell(target: Target, judged: Assessment) -> GridCell:
    return GridCell(
        place=(target.indicator_id, target.school_id, target.wave_id),
        pk=target.pk,
        type=judged.target_type,
        low=judged.target_low,
        high=judged.target_high,
    )
