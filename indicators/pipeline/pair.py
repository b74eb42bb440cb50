"""Two waves of one measure brought onto the same lines of schools (a merged school continues)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indicators.pipeline.register import register_of
from indicators.pipeline.shapes import GroupSpec, IntArray, SchoolSpec
from indicators.pipeline.totals import EVERYBODY, MIX, Cells, Place, Totals, beside, by_place


@dataclass(frozen=True, slots=True)
class Pair:
    """Arrays (G,) over `lineages`; `before_codes`/`after_codes` name the school of each wave ("" =
    not in that wave). `in_before`, `in_after`: lines in the files of each wave, with or without
    usable answers. `groups` have answers in both waves, their cells are (G, groups).
    `kinds`: cells (G, kinds of people) of both waves, where their mix is watched.
    """

    wave_from: str
    wave_to: str
    lineages: tuple[str, ...]
    before_codes: tuple[str, ...]
    after_codes: tuple[str, ...]
    before: Cells
    after: Cells
    in_before: tuple[str, ...] = ()
    in_after: tuple[str, ...] = ()
    groups: tuple[Place, ...] = ()
    groups_before: Cells | None = None
    groups_after: Cells | None = None
    kinds: tuple[Cells, Cells] | None = None

    @property
    def is_in_both(self) -> np.ndarray:
        return (self.before.n > 0) & (self.after.n > 0)


def pair_waves(
    wave_from: str,
    wave_to: str,
    before: Totals,
    after: Totals,
    schools: Mapping[str, SchoolSpec],
    breakdowns: Sequence[GroupSpec] = (),
) -> Pair:
    """Align two waves by the line of each school."""
    register = register_of(schools)
    lineages = register.lines(before.school_codes, after.school_codes)
    size = len(lineages)
    first = register.rows(before.school_codes, lineages)
    second = register.rows(after.school_codes, lineages)
    places1, cells1 = by_place(breakdowns, before, schools)
    places2, cells2 = by_place(breakdowns, after, schools)
    groups = tuple(place for place in places1 if place in places2 and place != EVERYBODY)

    def chosen(cells: Cells, places: Sequence[Place], rows: IntArray) -> Cells | None:
        parts = [cells.column(places.index(place)) for place in groups]
        return beside(parts).take(rows, size) if parts else None

    return Pair(
        wave_from,
        wave_to,
        lineages,
        _names(before, first, size),
        _names(after, second, size),
        before.schools.take(first, size),
        after.schools.take(second, size),
        register.lines(before.school_codes),
        register.lines(after.school_codes),
        groups,
        chosen(cells1, places1, first),
        chosen(cells2, places2, second),
        _kinds(before, after, (first, second), size),
    )


def _kinds(
    before: Totals, after: Totals, rows: tuple[IntArray, IntArray], size: int
) -> tuple[Cells, Cells] | None:
    if MIX not in before.groups or MIX not in after.groups:
        return None
    return before.groups[MIX].take(rows[0], size), after.groups[MIX].take(rows[1], size)


def _names(totals: Totals, rows: IntArray, size: int) -> tuple[str, ...]:
    answered = totals.schools.n > 0
    names = np.full(size, "", dtype=object)
    names[rows[answered]] = np.array(totals.school_codes, dtype=object)[answered]
    return tuple(names.tolist())
