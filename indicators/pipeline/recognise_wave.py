"""The wave a file belongs to: by the dates in it, by its questionnaire, or the only open one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from indicators.pipeline.cells import moment_of, number_of
from indicators.pipeline.columns import ranked_tables
from indicators.pipeline.headers import FormIndex
from indicators.pipeline.records import Table, find_table
from indicators.pipeline.shapes import FormSpec, RawFile, RawTable, WaveSpec
from indicators.vocabulary import FileKind, ItemKind

DATED = frozenset({"timestamp", "date", "today", "start", "end", "submitted"})
NAMES_ITS_WAVES = frozenset({FileKind.MANUAL})
UP_TO_A_WAVE = frozenset({FileKind.DESK, FileKind.ACTIVITY, FileKind.REGISTER})
MOST_OF_THEM = 0.8  # share of the dates that must lie in the wave's time
NEAR_DAYS = 60  # answers come in so long before or after the field dates
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class WaveFound:
    """`code` is empty where nothing decides; `why`: dates, period, questionnaire, only_open."""

    code: str = ""
    why: str = ""
    first: date | None = None  # of the dates that decide
    last: date | None = None
    n_fitting: int = 0  # dates that decide,
    n_dates: int = 0  # of so many in the part of the file that was looked at
    is_needed: bool = True  # off: this sort of file names its waves or needs none


def days_of(
    raw: RawFile, kind: FileKind, form: FormSpec | None, tables: Sequence[Table]
) -> list[date]:
    """The dates by which a file is placed in time."""
    if kind is FileKind.SURVEY and form is not None:
        index = FormIndex(form, {})
        return sorted(_days(_dated_cells(ranked_tables(raw.tables, index)[0][0], index)))
    if kind is FileKind.DESK:
        return sorted(_years(raw, tables))
    cells = (c for table in raw.tables for row in (table.header, *table.rows) for c in row)
    return sorted(_days(cells))


def _dated_cells(table: RawTable, index: FormIndex) -> Iterable[Any]:
    for position, header in enumerate(table.header):
        place = index.place(header)
        item = place.item if place else None
        is_date = item is not None and item.kind is ItemKind.DATE
        if place is not None and (place.meta in DATED or is_date):
            yield from (row[position] for row in table.rows if position < len(row))


def _days(cells: Iterable[Any]) -> Iterable[date]:
    """Days of date cells and of texts that are written like dates; plain numbers are none."""
    for cell in cells:
        is_date = isinstance(cell, datetime | date)
        is_text = isinstance(cell, str) and number_of(cell) is None
        if (is_date or is_text) and (moment := moment_of(cell)) is not None:
            yield moment.at.date()


def _years(raw: RawFile, tables: Sequence[Table]) -> Iterable[date]:
    """First days of the years that desk data are about; a year that stands once may be a slip."""
    years: Counter[int] = Counter()
    for table in tables:
        found = find_table(raw, table)
        if found is not None and "period" in found[1]:
            sheet, place = found[0], found[1]["period"]
            for row in sheet.rows:
                text = str(row[place]) if place < len(row) else ""
                years.update(map(int, YEAR.findall(text)))
    usual = [year for year, n in years.items() if n > 1] or list(years)
    return (date(year, 1, 1) for year in usual)


def wave_of(
    kind: FileKind,
    days: Sequence[date],
    waves: Sequence[WaveSpec],
    *,
    used_in: Set[str],
    open_waves: Set[str],
) -> WaveFound:
    """`days` in order. `used_in`: the waves that use the questionnaire."""
    if kind in NAMES_ITS_WAVES or (kind is FileKind.REGISTER and not days):
        return WaveFound(is_needed=False)
    is_period = kind in UP_TO_A_WAVE
    code, fitting = (_up_to if is_period else _during)(days, waves)
    if code:
        why = "period" if is_period else "dates"
        return WaveFound(code, why, fitting[0], fitting[-1], len(fitting), len(days))
    if days:  # dates that fit no wave are no reason to take one
        return WaveFound("", "", days[0], days[-1], 0, len(days))
    if len(used_in) == 1:
        return WaveFound(next(iter(used_in)), "questionnaire")
    if len(open_waves) == 1:
        return WaveFound(next(iter(open_waves)), "only_open")
    return WaveFound()


def _during(days: Sequence[date], waves: Sequence[WaveSpec]) -> tuple[str, list[date]]:
    """The wave around whose field dates most days lie, and those days."""
    near: dict[str, list[date]] = defaultdict(list)
    for day in days:
        found = [(_distance(day, wave), wave.code) for wave in waves]
        if found and (best := min(found))[0] <= NEAR_DAYS:
            near[best[1]].append(day)
    if not near:
        return "", []
    code, fitting = max(near.items(), key=lambda pair: len(pair[1]))
    return (code, fitting) if len(fitting) >= MOST_OF_THEM * len(days) else ("", [])


def _distance(day: date, wave: WaveSpec) -> int:
    """Days between a day and the field dates; 0 inside."""
    return max((wave.field_start - day).days, (day - wave.field_end).days, 0)


def _up_to(days: Sequence[date], waves: Sequence[WaveSpec]) -> tuple[str, list[date]]:
    """The first wave that ends after nearly all of the days, and the days until then."""
    if not days:
        return "", []
    late = days[int(0.9 * (len(days) - 1))]
    ended = sorted((wave.field_end, wave.code) for wave in waves if wave.field_end >= late)
    return (ended[0][1], [day for day in days if day <= ended[0][0]]) if ended else ("", [])
