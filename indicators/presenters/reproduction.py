"""Links to the answers behind the numbers of a page. Who may follow them is not decided here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters.lines import wave_names
from indicators.presenters.words import GROUP_WORDS
from indicators.vocabulary import ANSWER_MEASURES, Irreproducible
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import GroupGap, Level, Move, SchoolProgress, Sheet


@dataclass(frozen=True, slots=True)
class Download:
    """The address of one number by the name of its page, and its key."""

    address: str
    pk: int


@dataclass(frozen=True, slots=True)
class DownloadRow:
    label: str
    baseline: Download | None = None
    endline: Download | None = None
    change: Download | None = None


@dataclass(frozen=True, slots=True)
class Downloads:
    """`baseline` and `endline` name the waves."""

    baseline: str
    endline: str
    rows: tuple[DownloadRow, ...]


def refused_text(why: Irreproducible) -> str:
    return str(word(why))


def sheet_downloads(sheet: Sheet) -> Downloads | None:
    """Every number of an indicator's page; None where it rests on records, not on answers."""
    line = sheet.line
    if line.indicator.kind not in ANSWER_MEASURES:
        return None
    rows = [
        _row(gettext("The whole project"), line.baseline, line.endline, line.change),
        *_group_rows(sheet),
        *(_row(row.label, row.baseline, row.endline) for row in sheet.answers),
        *(_row(f"{row.code} {row.name}", None, None, row.change) for row in sheet.schools),
    ]
    return _downloads(sheet, rows)


def school_downloads(progress: SchoolProgress) -> Downloads | None:
    """Every number of a school's page that rests on answers."""
    rows = [
        _row(
            f"{line.indicator.code} {line.indicator.name}", line.baseline, line.endline, line.change
        )
        for line in progress.lines
        if line.indicator.kind in ANSWER_MEASURES
    ]
    return _downloads(progress, rows)


def _downloads(page: Sheet | SchoolProgress, rows: Iterable[DownloadRow]) -> Downloads | None:
    found = tuple(row for row in rows if row.baseline or row.endline or row.change)
    return Downloads(*wave_names(page.waves), found) if found else None


def _row(
    label: str, baseline: Level | None, endline: Level | None, change: Move | None = None
) -> DownloadRow:
    return DownloadRow(
        label,
        _link("estimate-reproduce", baseline),
        _link("estimate-reproduce", endline),
        _link("change-reproduce", change),
    )


def _link(address: str, result: Level | Move | GroupGap | None) -> Download | None:
    return Download(address, result.pk) if result is not None and result.pk is not None else None


def _group_rows(sheet: Sheet) -> Iterable[DownloadRow]:
    """The groups of every breakdown, each followed by its gaps."""
    for group_by in dict.fromkeys(row.group_by for row in sheet.groups):
        groups = [row for row in sheet.groups if row.group_by == group_by]
        title = GROUP_WORDS.get(group_by, group_by)
        for row in groups:
            yield _row(f"{title}: {row.label}", row.baseline, row.endline, row.change)
        labels = {row.group: row.label for row in groups}
        gaps = [gap for gap in sheet.gaps if gap.group_by == group_by]
        for sides in dict.fromkeys((gap.first_group, gap.second_group) for gap in gaps):
            waves = {
                gap.wave_id: _link("gap-reproduce", gap)
                for gap in gaps
                if (gap.first_group, gap.second_group) == sides
            }
            label = " − ".join(labels.get(side, side) for side in sides)
            then, now = (
                waves.get(wave.pk) if wave else None
                for wave in (sheet.waves.baseline, sheet.waves.endline)
            )
            # The bundle of the later gap repeats how it changed as well.
            has_changed = any(gap.change is not None for gap in gaps)
            yield DownloadRow(f"{title}: {label}", then, now, now if has_changed else None)
