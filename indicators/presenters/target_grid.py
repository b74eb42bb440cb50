"""The sheet of targets ready to print: rows in parts, one cell per wave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext

from indicators.presenters.numbers import DASH, Scale, base
from indicators.presenters.target import limits_text, place_text, scale_of, why_none
from indicators.presenters.target_doubts import DoubtView, doubt_views
from indicators.presenters.words import BLOCK_WORDS, StatusView, status_view, unit_text
from indicators.vocabulary import Level
from indicators.words import word


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell. `box` is the form's cell, None where nothing can be typed.

    `words`: the target as read; `mine`, `theirs`: the two values of a stale cell; `theirs_choice`:
    what stands now, for the choice of one's own.
    """

    label: str
    wave: str
    wave_code: str
    words: str
    box: Any
    is_set: bool
    status: StatusView | None
    is_changed: bool
    doubts: tuple[DoubtView, ...]
    theirs: str
    theirs_by: str
    theirs_why: str
    keep_mine: str

    @property
    def is_wrong(self) -> bool:
        return bool(self.box and self.box.problem)


@dataclass(frozen=True, slots=True)
class GridLine:
    """`code` and `name` of the row: an indicator, or a school; `place` where rows mix schools."""

    code: str
    name: str
    place: str
    unit: str
    indicator_code: str
    school_code: str
    baseline: str
    base_n: str
    why_none: str
    cells: tuple[CellView, ...]

    @property
    def doubted(self) -> tuple[CellView, ...]:
        return tuple(cell for cell in self.cells if cell.doubts)


@dataclass(frozen=True, slots=True)
class GridPart:
    """Rows under one heading; no heading where the rows are schools."""

    title: str
    lines: tuple[GridLine, ...]


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_chosen: bool


def grid_parts(page: Any, boxes: Mapping[Any, Any], doubted: Mapping[Any, Any]) -> list[GridPart]:
    """`boxes`: the form's cells by place, empty for readers; `doubted`: by place too."""
    if page.wanted.indicator:
        lines = tuple(_line(row, page, boxes, doubted, is_school=True) for row in page.rows)
        return [GridPart("", lines)] if lines else []
    return [
        GridPart(
            str(BLOCK_WORDS[block]),
            tuple(_line(row, page, boxes, doubted, is_school=False) for row in rows),
        )
        for block, rows in groupby(page.rows, key=lambda row: row.indicator.block)
    ]


def _line(
    row: Any, page: Any, boxes: Mapping[Any, Any], doubted: Mapping[Any, Any], *, is_school: bool
) -> GridLine:
    scale = scale_of(row.indicator)
    level = row.evidence.level if row.evidence else None
    place = place_text(row.school_code, row.school_name)
    has_box = any(cell.place in boxes for cell in row.cells)
    return GridLine(
        code=row.school_code if is_school else row.indicator.code,
        name=row.school_name if is_school else row.indicator.name,
        place="" if is_school or page.wanted.school or not row.school_code else place,
        unit="" if is_school else unit_text(row.indicator.unit),
        indicator_code=row.indicator.code,
        school_code=row.school_code,
        baseline=scale.value(level.value if level else None),
        base_n=base(level.n, level.below) if level else "",
        why_none=_closed(row, page) if not has_box else "",
        cells=tuple(
            _cell(row, cell, wave, scale, boxes.get(cell.place), doubted.get(cell.place))
            for cell, wave in zip(row.cells, page.waves, strict=True)
        ),
    )


def _closed(row: Any, page: Any) -> str:
    """Why nothing can be typed here; empty for those who type nowhere."""
    if not page.is_editor:
        return ""
    return why_none(row.indicator) or gettext("described only")


def _cell(row: Any, cell: Any, wave: Any, scale: Scale, box: Any, doubted: Any) -> CellView:
    stored = limits_text(scale, cell.type, cell.low, cell.high)
    place = place_text(row.school_code, row.school_name)
    return CellView(
        label=f"{row.indicator.code} {row.indicator.name}, {place}, {wave.name or wave.code}",
        wave=wave.name or wave.code,
        wave_code=wave.code,
        words=stored,
        box=box,
        is_set=cell.pk is not None,
        status=status_view(cell.status) if cell.status else None,
        is_changed=cell.is_changed,
        doubts=doubt_views(doubted, scale) if doubted else (),
        theirs=stored if cell.pk else gettext("removed"),
        theirs_by=cell.updated_by or DASH,
        theirs_why=cell.rationale,
        keep_mine=f"mine-{cell.pk or 0}-{cell.revision or 0}",
    )


def part_options(chosen: str) -> list[Option]:
    return [Option(key, str(text), key == chosen) for key, text in BLOCK_WORDS.items()]


def level_options(chosen: str) -> list[Option]:
    return [Option(one.value, str(word(one)), one.value == chosen) for one in Level]
