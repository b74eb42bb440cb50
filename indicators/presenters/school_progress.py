"""One school's progress, ready to print. Used by the school's page and by the admin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters import numbers
from indicators.presenters.lines import (
    BlockView,
    blocks,
    line_view,
    scale_of,
    short_names,
    wave_names,
)
from indicators.presenters.method.reasons import ReasonView, line_reasons, reason_views
from indicators.presenters.trends import TrendBlock, trend_blocks
from indicators.presenters.words import BLOCK_WORDS, PEOPLE_WORDS, unit_text
from indicators.vocabulary import Respondent, SchoolEventKind, SchoolRole
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import (
        Answered,
        Base,
        Line,
        Move,
        SchoolHead,
        SchoolNews,
        SchoolProgress,
        SchoolRef,
    )


@dataclass(frozen=True, slots=True)
class AnsweredView:
    who: str
    baseline: str
    endline: str


@dataclass(frozen=True, slots=True)
class NewsView:
    """`school` is given only where the page of another school is worth a link."""

    text: str
    on: date | None
    note: str
    school: SchoolRef | None


@dataclass(frozen=True, slots=True)
class SchoolProgressView:
    school: SchoolHead
    role: str
    place: str
    size: str
    baseline: str
    endline: str
    answered: tuple[AnsweredView, ...]
    what_can_be_seen: tuple[str, ...]
    blocks: tuple[BlockView, ...]
    no_figures: str
    trends: tuple[TrendBlock, ...]
    reasons: tuple[ReasonView, ...]
    news: tuple[NewsView, ...]
    has_results: bool


def school_progress_view(progress: SchoolProgress) -> SchoolProgressView:
    school = progress.school
    waves = progress.waves
    return SchoolProgressView(
        school=school,
        role=str(word(SchoolRole(school.role))),
        place=", ".join(school.places),
        size=_size(school),
        baseline=wave_names(waves)[0],
        endline=wave_names(waves)[1],
        answered=tuple(answered_view(row) for row in progress.answered),
        what_can_be_seen=_what_can_be_seen(progress),
        blocks=blocks(
            (line_view(line, beside_project=True) for line in progress.lines), progress.limits
        ),
        no_figures=_no_figures(progress),
        trends=trend_blocks(progress.trends, _wave_names(progress)),
        reasons=reason_views(line_reasons(progress.lines)),
        news=(*_lineage(progress), *(_news(row, school) for row in progress.news)),
        has_results=bool(progress.lines),
    )


def _wave_names(progress: SchoolProgress) -> list[str]:
    """Of every wave the trends go through."""
    points = progress.trends[0].points if progress.trends else ()
    names = short_names([point.wave for point in points])
    return [names[point.wave.pk] for point in points]


def _no_figures(progress: SchoolProgress) -> str:
    """Which parts of the register have no figure for a single school; empty where all have."""
    present = {line.indicator.block for line in progress.lines}
    absent = [str(title) for key, title in BLOCK_WORDS.items() if key not in present]
    if not absent:
        return ""
    return gettext(
        "No figures for a single school: %(parts)s. These are known for the whole project only."
    ) % {"parts": "; ".join(absent)}


def _size(school: SchoolHead) -> str:
    parts = []
    if school.n_students is not None:
        parts.append(gettext("%(n)s students") % {"n": numbers.whole(school.n_students)})
    if school.n_teachers is not None:
        parts.append(gettext("%(n)s teachers") % {"n": numbers.whole(school.n_teachers)})
    return ", ".join(parts)


def answered_view(row: Answered) -> AnsweredView:
    return AnsweredView(
        who=str(PEOPLE_WORDS[Respondent(row.respondent)]),
        baseline=_base(row.baseline),
        endline=_base(row.endline),
    )


def _base(base: Base | None) -> str:
    return numbers.DASH if base is None else numbers.base(base.n, base.below)


def _what_can_be_seen(progress: SchoolProgress) -> tuple[str, ...]:
    """What changes one school's answers can show: one sentence per kind of respondent."""
    told: dict[str, str] = {}
    for line in progress.lines:
        change = line.change
        is_known = line.indicator.respondent in told
        is_of_people = line.indicator.respondent in PEOPLE_WORDS  # a gap has two kinds of them
        if is_known or not is_of_people or change is None or change.detectable is None:
            continue
        told[line.indicator.respondent] = _detectable(line, change)
    if not told:
        return ()
    warning = gettext("So most lines say “no clear change”. That is not the same as “no change”.")
    return (*told.values(), warning)


def _detectable(line: Line, change: Move) -> str:
    scale = scale_of(line.indicator)
    return gettext(
        "With %(then)s and %(now)s answers of %(who)s, only changes of about %(size)s or more "
        "(%(unit)s) can be seen in one school."
    ) % {
        "then": numbers.base(change.n_baseline, change.below),
        "now": numbers.base(change.n_endline, change.below),
        "who": PEOPLE_WORDS[Respondent(line.indicator.respondent)],
        "size": scale.size(change.detectable),
        "unit": unit_text(line.indicator.unit),
    }


def _lineage(progress: SchoolProgress) -> list[NewsView]:
    """Which school this one goes on as, or continues, where no event tells it."""
    told = {row.kind for row in progress.news}
    school = progress.school
    if SchoolEventKind.MERGED_RENAMED in told:
        return []
    found = []
    if school.continued_by:
        text = gettext("Goes on as %(name)s. Targets are judged there.")
        found.append((text, school.continued_by))
    if school.continues:
        text = gettext("Continues %(name)s.")
        found.append((text, school.continues))
    return [
        NewsView(text % {"name": f"{other.code} {other.name}"}, None, "", other)
        for text, other in found
    ]


def _news(row: SchoolNews, school: SchoolHead) -> NewsView:
    """An event as a sentence, seen from the school whose page it is."""
    kind = SchoolEventKind(row.kind)
    text, other = str(word(kind)), None
    if kind is SchoolEventKind.MERGED_RENAMED and row.new_school is not None:
        if row.new_school.code == school.code:
            text = gettext("Continues %(name)s, which was merged and renamed.")
            other = row.school
        else:
            text = gettext("Merged and renamed; goes on as %(name)s. Targets are judged there.")
            other = row.new_school
        text %= {"name": f"{other.code} {other.name}"}
    elif kind is SchoolEventKind.ABSENT:
        text = gettext("Did not take part.")
    return NewsView(text=text, on=row.happened_on, note=row.note, school=other)
