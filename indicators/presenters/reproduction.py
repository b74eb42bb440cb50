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
        *(_row(_group(row.group_by, row.label), row.baseline, row.endline) for row in sheet.groups),
        *_gap_rows(sheet),
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


def _group(group_by: str, label: str) -> str:
    return f"{GROUP_WORDS.get(group_by, group_by)}: {label}"


def _gap_rows(sheet: Sheet) -> Iterable[DownloadRow]:
    """Group gaps, both waves on one line."""
    labels = {(row.group_by, row.group): row.label for row in sheet.groups}
    places = {
        wave.pk: name for name in ("baseline", "endline") if (wave := getattr(sheet.waves, name))
    }
    found: dict[str, dict[str, Download | None]] = {}
    for gap in sheet.gaps:
        sides = (
            labels.get((gap.group_by, side), side) for side in (gap.first_group, gap.second_group)
        )
        label = _group(gap.group_by, " − ".join(sides))
        found.setdefault(label, {})[places[gap.wave_id]] = _link("gap-reproduce", gap)
    return [DownloadRow(label, **links) for label, links in found.items()]
