"""The whole project on one page, ready to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters import numbers
from indicators.presenters.lines import BlockView, LineView, blocks, line_view, wave_names
from indicators.presenters.words import (
    BLOCK_WORDS,
    PEOPLE_WORDS,
    StatusView,
    reason_text,
    status_view,
)
from indicators.vocabulary import Level, Reason, Respondent, SchoolEventKind, Status, Verdict
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import Counted, Line, Overview, SchoolNews, WaveHead

CLEAR = (
    Verdict.INCREASED,
    Verdict.INCREASED_SMALL,
    Verdict.DECREASED,
    Verdict.DECREASED_SMALL,
    Verdict.NO_MEANINGFUL_CHANGE,
    Verdict.NO_CLEAR_CHANGE,
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What the reader asked to see. Unknown values ask for nothing."""

    level: str = ""
    respondent: str = ""
    status: str = ""
    text: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filter:
        return cls(
            level=_known(query.get("level", ""), [level.value for level in Level]),
            respondent=_known(query.get("respondent", ""), list(BLOCK_WORDS)),
            status=_known(query.get("status", ""), [status.value for status in Status]),
            text=query.get("text", "").strip()[:80],
        )

    @property
    def is_active(self) -> bool:
        return any((self.level, self.respondent, self.status, self.text))

    def matches(self, line: Line) -> bool:
        indicator = line.indicator
        words = f"{indicator.code} {indicator.name}".casefold()
        return (
            self.level in ("", indicator.level)
            and self.respondent in ("", indicator.block)
            and self.status in ("", line.status)
            and self.text.casefold() in words
        )


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FilterView:
    levels: tuple[Choice, ...]
    blocks: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    text: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class CountView:
    n: int
    word: str


@dataclass(frozen=True, slots=True)
class StatusCount:
    n: int
    status: StatusView


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """A wave with its field dates."""

    name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Unknown:
    """A group of indicators nobody can judge yet, with the reason for all of them."""

    title: str
    why: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class OverviewView:
    waves: tuple[Fieldwork, ...]
    counted: tuple[str, ...]
    verdicts: tuple[CountView, ...]
    n_verdicts: int
    statuses: tuple[StatusCount, ...]
    headlines: tuple[LineView, ...]
    limits: tuple[str, ...]  # of the questionnaires behind the headlines
    blocks: tuple[BlockView, ...]
    n_lines: int
    n_all: int
    unknown: tuple[Unknown, ...]
    missing: tuple[str, ...]
    filter: FilterView
    baseline: str
    endline: str


def overview_view(overview: Overview, wanted: Filter) -> OverviewView:
    waves = overview.waves
    lines = [(line, line_view(line)) for line in overview.lines]
    shown = [view for line, view in lines if wanted.matches(line)]
    return OverviewView(
        waves=tuple(_fieldwork(wave) for wave in (waves.baseline, waves.endline) if wave),
        counted=(_schools(overview.n_schools), *map(_counted, overview.counted)),
        verdicts=_verdicts(overview.lines),
        n_verdicts=sum(1 for line in overview.lines if _verdict(line) in CLEAR),
        statuses=_statuses(overview.lines),
        headlines=tuple(view for line, view in lines if line.indicator.is_headline),
        limits=_headline_limits(overview),
        blocks=blocks(shown, overview.limits),
        n_lines=len(shown),
        n_all=len(lines),
        unknown=_unknown(lines),
        missing=_missing(overview),
        filter=_filter_view(wanted),
        baseline=wave_names(waves)[0],
        endline=wave_names(waves)[1],
    )


def _headline_limits(overview: Overview) -> tuple[str, ...]:
    shown = {line.indicator.block for line in overview.lines if line.indicator.is_headline}
    return tuple(
        text for block, texts in overview.limits.items() if block in shown for text in texts
    )


def _known(value: str, values: Iterable[str]) -> str:
    return value if value in values else ""


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
    counts = [CountView(found[v], str(word(v))) for v in CLEAR if found[v]]
    too_few = sum(
        1
        for line in lines
        if line.change
        and line.change.reason in (Reason.TOO_FEW_CLUSTERS, Reason.TOO_FEW_RESPONDENTS)
    )
    if too_few:
        counts.append(CountView(too_few, gettext("too few to say")))
    if found[Verdict.NOT_COMPARABLE]:
        counts.append(CountView(found[Verdict.NOT_COMPARABLE], str(word(Verdict.NOT_COMPARABLE))))
    return tuple(counts)


def _statuses(lines: Iterable[Line]) -> tuple[StatusCount, ...]:
    found = Counter(line.status for line in lines)
    return tuple(
        StatusCount(found[status], status_view(status)) for status in Status if found[status]
    )


def _unknown(lines: list[tuple[Line, LineView]]) -> tuple[Unknown, ...]:
    """Groups of indicators without an answer yet, each with its reason told once."""
    unclear = tuple(v for line, v in lines if _verdict(line) == Verdict.NO_CLEAR_CHANGE)
    close = tuple(v for line, v in lines if line.status in (Status.TOO_CLOSE, Status.CANNOT_TELL))
    groups = [
        Unknown(
            gettext("No clear change"),
            gettext(
                "The figure moved, but no more than chance could move it. This is not the same as "
                "“no change”."
            ),
            unclear,
        ),
        Unknown(
            gettext("Target too close to call or too early to tell"),
            gettext(
                "The value lies so near the target that the answers cannot decide, or too little "
                "time has passed."
            ),
            close,
        ),
    ]
    refused = [(line.change.reason, view) for line, view in lines if line.change and _refused(line)]
    groups += [
        Unknown(
            gettext("No verdict"),
            reason_text(reason or Reason.NOT_COMPARABLE),
            tuple(view for its_reason, view in refused if its_reason == reason),
        )
        for reason in dict.fromkeys(reason for reason, _view in refused)
    ]
    return tuple(group for group in groups if group.lines)


def _verdict(line: Line) -> str:
    return line.change.verdict if line.change else ""


# Reasons that lie in the kind of data, not in too little of it.
_BY_DESIGN = frozenset(
    {
        Reason.SELF_SELECTED,
        Reason.CENSUS,
        Reason.NOT_A_SAMPLE,
        Reason.ZERO_BASELINE,
        Reason.NOT_IN_BOTH_WAVES,
        Reason.NO_DATA,
    }
)


def _refused(line: Line) -> bool:
    """No verdict where one could have been: reworded, too few, hidden."""
    if line.change is None or line.change.verdict in CLEAR:
        return False
    return line.change.verdict == Verdict.NOT_COMPARABLE or line.change.reason not in _BY_DESIGN


def _missing(overview: Overview) -> tuple[str, ...]:
    """What the picture lacks: schools that stayed away, indicators without values."""
    texts = [_absence(row) for row in overview.news if row.kind == SchoolEventKind.ABSENT]
    for wave, name in (("baseline", overview.waves.baseline), ("endline", overview.waves.endline)):
        codes = [
            line.indicator.code
            for line in overview.lines
            if (level := getattr(line, wave)) is None or level.value is None
        ]
        if name and codes:
            texts.append(
                gettext("%(wave)s: no value for %(codes)s.")
                % {"wave": name.name, "codes": ", ".join(codes)}
            )
    if overview.waves.endline is None:
        texts.append(gettext("There is no second wave yet, so nothing can be compared."))
    return tuple(texts)


def _absence(row: SchoolNews) -> str:
    return gettext("%(school)s did not take part. %(note)s") % {
        "school": f"{row.school.code} {row.school.name}",
        "note": row.note,
    }


def _filter_view(wanted: Filter) -> FilterView:
    def choices(pairs: Iterable[tuple[str, object]], chosen: str) -> tuple[Choice, ...]:
        return tuple(Choice(value, str(label), value == chosen) for value, label in pairs)

    return FilterView(
        levels=choices([(level.value, word(level)) for level in Level], wanted.level),
        blocks=choices(BLOCK_WORDS.items(), wanted.respondent),
        statuses=choices([(s.value, word(s)) for s in Status], wanted.status),
        text=wanted.text,
        is_active=wanted.is_active,
    )
