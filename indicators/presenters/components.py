"""The parts of an index, and all indices side by side, ready to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters import charts, numbers
from indicators.presenters.lines import base_text, wave_names
from indicators.presenters.numbers import DASH
from indicators.presenters.words import BLOCK_WORDS
from indicators.results import ItemLevel
from indicators.vocabulary import ItemKind, Respondent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indicators.results import (
        Component,
        Composition,
        IndexLine,
        IndexList,
        ItemLine,
        Level,
    )

COMMON = (1.0, 5.0)
N_ENDS = 5  # questions named as the highest and as the lowest
LEAST = 2 * N_ENDS  # questions a questionnaire needs, so that none is both


@dataclass(frozen=True, slots=True)
class PartRow:
    """One question of an index. `cells`: means, change, contribution and shares as text."""

    label: str
    instrument: str
    name: str
    is_reversed: bool
    then: str
    now: str
    difference: str
    contribution: str
    share_then: str
    share_now: str
    n: str


@dataclass(frozen=True, slots=True)
class ScaleView:
    """The index in one wave on its own scale and on 1 to 5."""

    wave: str
    raw: str
    common: str
    range: str
    n: str


@dataclass(frozen=True, slots=True)
class CompositionView:
    scales: tuple[ScaleView, ...]
    raw_head: str
    parts: tuple[PartRow, ...]
    is_pair: bool
    total: str
    from_answered: str
    has_missing: bool


def composition_view(found: Composition | None, names: tuple[str, str]) -> CompositionView | None:
    """None where the measure is no index of means."""
    if found is None:
        return None
    low, high = (numbers.fixed(end, 0) for end in found.scale)
    shifts = [part.from_answered for part in found.parts if part.from_answered is not None]
    return CompositionView(
        scales=tuple(
            _scale(level, name)
            for level, name in zip((found.baseline, found.endline), names, strict=True)
            if level is not None
        ),
        raw_head=gettext("On its own scale, %(low)s–%(high)s") % {"low": low, "high": high},
        parts=tuple(_part(part, found) for part in found.parts),
        is_pair=found.is_pair,
        total=numbers.signed(found.difference, 3),
        from_answered=_shift_note(shifts),
        has_missing=any(part.endline is None for part in found.parts),
    )


def _scale(level: Level, name: str) -> ScaleView:
    ends = [level.common_low, level.common_high]
    return ScaleView(
        wave=name,
        raw=numbers.fixed(level.value, 2),
        common=numbers.fixed(level.common, 2),
        range=range_text(*ends),
        n=base_text(level),
    )


def range_text(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return DASH
    ends = {"low": numbers.fixed(low, 2), "high": numbers.fixed(high, 2)}
    return gettext("%(low)s to %(high)s") % ends


def _part(part: Component, found: Composition) -> PartRow:
    bases = (part.n_baseline, part.n_endline) if found.is_pair else (part.n_endline,)
    return PartRow(
        label=part.label,
        instrument=part.instrument,
        name=part.name,
        is_reversed=part.is_reversed,
        then=numbers.fixed(part.baseline, 2),
        now=numbers.fixed(part.endline, 2),
        difference=numbers.signed(part.difference, 2),
        contribution=numbers.signed(part.contribution, 3),
        share_then=numbers.percent(part.share_baseline, 1),
        share_now=numbers.percent(part.share_endline, 1),
        n=" / ".join(numbers.base(n, part.below) for n in bases),
    )


def _shift_note(shifts: Sequence[float]) -> str:
    """What came from who answered which question, where it shows in the decimals printed."""
    size = sum(map(abs, shifts))
    if size < 0.0005:
        return ""
    return gettext(
        "Of the contributions, %(size)s in all comes from people who left out other questions than"
        " before, not from other answers."
    ) % {"size": numbers.fixed(size, 3)}


# --- indices side by side ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IndexRow:
    code: str
    name: str
    chart: charts.Chart | None
    then: str
    then_range: str
    now: str
    now_range: str
    n: str
    is_rescaled: bool


@dataclass(frozen=True, slots=True)
class EndRow:
    """One question among the highest or the lowest."""

    instrument: str
    name: str
    label: str
    chart: charts.Chart | None
    then: str
    now: str
    n: str
    moved: bool
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class Ends:
    """Strengths and weaknesses of one questionnaire: the highest and the lowest answers."""

    key: str
    title: str
    note: str
    high: tuple[EndRow, ...]
    low: tuple[EndRow, ...]
    moved: tuple[EndRow, ...]


@dataclass(frozen=True, slots=True)
class IndexBlock:
    key: str
    title: str
    rows: tuple[IndexRow, ...]


@dataclass(frozen=True, slots=True)
class IndexListView:
    baseline: str
    endline: str
    blocks: tuple[IndexBlock, ...]
    ends: tuple[Ends, ...]


RATED = range(4, 11)  # options of a rating; eleven recommend from 0 to 10, another sort

PEOPLE_BLOCKS = {
    Respondent.STUDENT: "students",
    Respondent.TEACHER: "teachers",
    Respondent.PARENT: "parents",
    Respondent.DIRECTOR: "directors",
}


def index_list_view(found: IndexList) -> IndexListView:
    names = wave_names(found.waves)
    groups: dict[str, list[IndexLine]] = {}
    for line in found.indices:
        groups.setdefault(_block(line.respondent), []).append(line)
    return IndexListView(
        baseline=names[0],
        endline=names[1],
        blocks=tuple(
            IndexBlock(key, str(BLOCK_WORDS[key]), tuple(_index(one, names) for one in lines))
            for key, lines in groups.items()
        ),
        ends=tuple(_ends(found.questions, names)),
    )


def _block(respondent: str) -> str:
    return PEOPLE_BLOCKS[Respondent(respondent)]


def _index(line: IndexLine, names: tuple[str, str]) -> IndexRow:
    then, now = line.baseline, line.endline
    row = charts.ScaleRow(_point(then), _point(now))
    texts = [
        (numbers.fixed(level.common, 2), range_text(level.common_low, level.common_high))
        if level
        else (DASH, DASH)
        for level in (then, now)
    ]
    words = "; ".join(
        f"{name} {text[0]} ({text[1]})" for name, text in zip(names, texts, strict=True)
    )
    return IndexRow(
        line.code,
        line.name,
        charts.common_chart(row, COMMON, line.name, words),
        *texts[0],
        *texts[1],
        n=f"{base_text(then)} / {base_text(now)}",
        is_rescaled=line.scale != COMMON,
    )


def _point(level: Level | None) -> tuple[float, float | None, float | None] | None:
    if level is None or level.common is None:
        return None
    return level.common, level.common_low, level.common_high


def _ends(lines: Iterable[ItemLine], names: tuple[str, str]) -> Iterable[Ends]:
    """Per questionnaire with enough questions of one sort; facts about schools are left out."""
    groups: dict[str, list[ItemLine]] = {}
    for line in lines:
        if _is_rated(line):
            groups.setdefault(line.item.instrument, []).append(line)
    for key, found in groups.items():
        if len(found) < LEAST:
            continue
        ordered = sorted(found, key=lambda line: (-_height(line), line.item.name))
        head = found[0].item
        yield Ends(
            key=key,
            title=head.instrument_name,
            note=head.limits,
            high=tuple(_end(line, names) for line in ordered[:N_ENDS]),
            low=tuple(_end(line, names) for line in reversed(ordered[-N_ENDS:])),
            moved=tuple(_end(line, names) for line in found if line.test and line.test.has_changed),
        )


def _height(line: ItemLine) -> float:
    """Where a question stands between weak and strong; of a negative statement less is better."""
    value = _last(line).common or 0.0
    return sum(COMMON) - value if line.item.is_reversed else value


def _is_rated(line: ItemLine) -> bool:
    """A statement rated on an ordered scale of four or more: no facts, no 0 to 10, no lists."""
    is_fact = line.item.respondent == Respondent.DIRECTOR and not line.item.is_opinion
    is_rated = line.item.kind == ItemKind.SCALE and line.item.n_options in RATED
    return is_rated and _last(line).common is not None and not is_fact


def _last(line: ItemLine) -> ItemLevel:
    return line.endline or line.baseline or ItemLevel(0, 0)


def _end(line: ItemLine, names: tuple[str, str]) -> EndRow:
    levels = (line.baseline, line.endline)
    texts = [numbers.fixed(level.common if level else None, 2) for level in levels]
    points = [
        (level.common, None, None) if level and level.common is not None else None
        for level in levels
    ]
    words = "; ".join(f"{name} {text}" for name, text in zip(names, texts, strict=True))
    return EndRow(
        instrument=line.item.instrument,
        name=line.item.name,
        label=line.item.label,
        chart=charts.common_chart(charts.ScaleRow(*points), COMMON, line.item.label, words),
        then=texts[0],
        now=texts[1],
        n=" / ".join(numbers.base(one.n, one.below) if one else DASH for one in levels),
        moved=bool(line.test and line.test.has_changed),
        is_reversed=line.item.is_reversed,
    )
