"""The whole project on one page, ready to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters import numbers
from indicators.presenters.indicator_filter import (
    CLEAR,
    LOOKS,
    Filter,
    FilterView,
    filter_view,
    looks_of,
    verdict_of,
)
from indicators.presenters.lines import BlockView, LineView, blocks, line_view, wave_names
from indicators.presenters.missing import MissingView, missing_view
from indicators.presenters.unknown import Unknown, unknown_groups
from indicators.presenters.words import PEOPLE_WORDS, StatusView, status_view
from indicators.vocabulary import Reason, Respondent, Status, Verdict
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import Counted, Line, Overview, WaveHead


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the four first questions: how many indicators, and the way to them."""

    n: int
    word: str
    text: str
    query: str


@dataclass(frozen=True, slots=True)
class CountView:
    """`query` leads to these indicators; empty where the list has no filter for them."""

    n: int
    word: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class StatusCount:
    n: int
    status: StatusView
    query: str


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """A wave with its field dates."""

    name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class OverviewView:
    waves: tuple[Fieldwork, ...]
    counted: tuple[str, ...]
    tiles: tuple[Tile, ...]
    verdicts: tuple[CountView, ...]
    n_verdicts: int
    statuses: tuple[StatusCount, ...]
    headlines: tuple[LineView, ...]
    limits: tuple[str, ...]  # of the questionnaires behind the headlines
    blocks: tuple[BlockView, ...]
    n_lines: int
    n_all: int
    unknown: tuple[Unknown, ...]
    missing: MissingView
    filter: FilterView
    group: str
    baseline: str
    endline: str


def overview_view(overview: Overview, wanted: Filter) -> OverviewView:
    waves = overview.waves
    lines = [(line, line_view(line)) for line in overview.lines]
    shown = _shown(overview, lines, wanted)
    return OverviewView(
        waves=tuple(_fieldwork(wave) for wave in (waves.baseline, waves.endline) if wave),
        counted=(_schools(overview.n_schools), *map(_counted, overview.counted)),
        tiles=_tiles(overview),
        verdicts=_verdicts(overview.lines),
        n_verdicts=sum(1 for line in overview.lines if verdict_of(line) in CLEAR),
        statuses=_statuses(overview.lines),
        headlines=tuple(view for line, view in lines if line.indicator.is_headline),
        limits=_headline_limits(overview),
        blocks=blocks(shown, overview.limits),
        n_lines=len(shown),
        n_all=len(lines),
        unknown=unknown_groups(lines),
        missing=missing_view(overview),
        filter=filter_view(wanted, overview.groups),
        group=overview.group.label if overview.group else "",
        baseline=wave_names(waves)[0],
        endline=wave_names(waves)[1],
    )


def _shown(
    overview: Overview, lines: Sequence[tuple[Line, LineView]], wanted: Filter
) -> list[LineView]:
    """The lines that fit; with a group of schools its figures, where indicators have them.

    What moved or was met is always that of the whole project: groups are not judged.
    """
    fits = [wanted.matches(line, overview.waves) for line, _view in lines]
    if overview.group is None:
        return [view for (_line, view), is_wanted in zip(lines, fits, strict=True) if is_wanted]
    pairs = zip(overview.group_lines, fits, strict=True)
    return [
        line_view(line)
        for line, is_wanted in pairs
        if is_wanted and (line.baseline or line.endline)
    ]


def _tiles(overview: Overview) -> tuple[Tile, ...]:
    found = Counter(look for line in overview.lines for look in looks_of(line, overview.waves))
    texts = {
        "moved": gettext("a change larger than chance would explain"),
        "met": gettext("the target is reached, and clearly so"),
        "unknown": gettext("the answers do not decide, or the target is too close"),
        "missing": gettext("in one of the two waves; see also what is missing"),
    }
    return tuple(
        Tile(found[look], str(LOOKS[look]), text, Filter(look=look).query)
        for look, text in texts.items()
    )


def _headline_limits(overview: Overview) -> tuple[str, ...]:
    shown = {line.indicator.block for line in overview.lines if line.indicator.is_headline}
    return tuple(
        text for block, texts in overview.limits.items() if block in shown for text in texts
    )


def _fieldwork(wave: WaveHead) -> Fieldwork:
    return Fieldwork(wave.name, wave.field_start, wave.field_end)


def _schools(n: tuple[int, int]) -> str:
    then, now = n
    if not now or then == now:
        return numbers.schools(then)
    return f"{numbers.whole(then)} → {numbers.schools(now)}"


def _counted(row: Counted) -> str:
    """ "972 → 928 students"."""
    respondent = Respondent(row.respondent)
    sizes = [numbers.whole(n) for n in (row.baseline, row.endline) if n is not None]
    text = gettext("%(n)s %(who)s") % {
        "n": " → ".join(sizes),
        "who": PEOPLE_WORDS[respondent],
    }
    if respondent is Respondent.PARENT:
        return text + " " + gettext("(chose to answer)")
    return text


def _verdicts(lines: Iterable[Line]) -> tuple[CountView, ...]:
    """How many indicators went which way, in the order of the vocabulary."""
    found = Counter(line.change.verdict for line in lines if line.change)
    counts = [_verdict_count(found[verdict], verdict) for verdict in CLEAR if found[verdict]]
    too_few = sum(
        1
        for line in lines
        if line.change
        and line.change.reason in (Reason.TOO_FEW_CLUSTERS, Reason.TOO_FEW_RESPONDENTS)
    )
    if too_few:
        counts.append(CountView(too_few, gettext("too few to say")))
    if found[Verdict.NOT_COMPARABLE]:
        counts.append(_verdict_count(found[Verdict.NOT_COMPARABLE], Verdict.NOT_COMPARABLE))
    return tuple(counts)


def _verdict_count(n: int, verdict: Verdict) -> CountView:
    return CountView(n, str(word(verdict)), Filter(verdict=verdict).query)


def _statuses(lines: Iterable[Line]) -> tuple[StatusCount, ...]:
    found = Counter(line.status for line in lines)
    return tuple(
        StatusCount(found[status], status_view(status), Filter(status=status).query)
        for status in Status
        if found[status]
    )
