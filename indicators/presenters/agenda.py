"""The agenda: each question with its evidence in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from indicators.presenters.cited import cited_html
from indicators.presenters.cited_help import lost_texts
from indicators.presenters.lines import BlockView, LineView, line_view, wave_names
from indicators.presenters.numbers import DASH
from indicators.vocabulary import AgendaStatus, Evidence
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import Agenda, AgendaRow


@dataclass(frozen=True, slots=True)
class QuestionView:
    """`summary`: how many indicators and what became of them; `block`: the lines of the table."""

    code: str
    section: str
    question: str
    status: str
    status_word: str
    evidence: str
    summary: str
    block: BlockView
    conclusion: SafeString
    no_figure_reason: str
    is_public: bool
    quotes: tuple[tuple[str, str], ...]  # address, words


@dataclass(frozen=True, slots=True)
class AgendaView:
    baseline: str
    endline: str
    questions: tuple[QuestionView, ...]
    has_lost: bool  # a text shown cites a figure that is not there any more


@dataclass(frozen=True, slots=True)
class StatusTab:
    status: str
    label: str
    n: int
    is_current: bool


def agenda_view(agenda: Agenda, project_code: str) -> AgendaView:
    lines = {code: line_view(line) for code, line in agenda.figures.lines.items()}
    baseline, endline = wave_names(agenda.figures.pair)
    return AgendaView(
        baseline=baseline,
        endline=endline,
        questions=tuple(_question(row, lines, agenda, project_code) for row in agenda.rows),
        has_lost=bool(lost_texts((row.conclusion for row in agenda.rows), agenda.figures)),
    )


def _question(
    row: AgendaRow, lines: dict[str, LineView], agenda: Agenda, project_code: str
) -> QuestionView:
    found = tuple(lines[code] for code in row.indicators if code in lines)
    return QuestionView(
        code=row.code,
        section=row.section,
        question=row.question,
        status=row.status,
        status_word=str(word(AgendaStatus(row.status))),
        evidence=str(word(Evidence(row.evidence))),
        summary=_summary(found),
        # Named after its question: several stand on one page.
        block=BlockView(row.code, f"{row.code}: {gettext('Indicators that answer it')}", found, ()),
        conclusion=cited_html(row.conclusion, agenda.figures, project_code),
        no_figure_reason=row.no_figure_reason,
        is_public=row.is_public,
        quotes=tuple(_quote(code, n, project_code) for code, n in row.quotes),
    )


def _summary(lines: Sequence[LineView]) -> str:
    """ "4 indicators: increased 2, no clear change 2"; the words in the order of the lines."""
    if not lines:
        return ""
    n = ngettext("%(n)s indicator", "%(n)s indicators", len(lines)) % {"n": len(lines)}
    words = Counter(line.verdict.word if line.verdict else DASH for line in lines)
    told = ", ".join(f"{name} {count}" for name, count in words.items() if name != DASH)
    return f"{n}: {told}" if told else n


def _quote(code: str, n: int, project_code: str) -> tuple[str, str]:
    url = reverse("indicator-detail", args=[project_code, code])
    text = ngettext("%(code)s: %(n)s note", "%(code)s: %(n)s notes", n) % {"code": code, "n": n}
    return f"{url}#quotes", text


def status_tabs(counts: Mapping[str, int], chosen: str) -> tuple[StatusTab, ...]:
    every = StatusTab("", pgettext("questions", "All"), sum(counts.values()), not chosen)
    return (
        every,
        *(
            StatusTab(one.value, str(word(one)).capitalize(), counts.get(one, 0), chosen == one)
            for one in AgendaStatus
        ),
    )


def more_pages(project_code: str, *, with_notes: bool) -> tuple[tuple[str, str], ...]:
    """Address and words of pages about gaps, open answers and, for those who write them, notes."""
    pages = [("gap-list", gettext("Gaps between groups")), ("theme-list", gettext("Open answers"))]
    if with_notes:
        pages.append(("note-list", gettext("Notes and quotes")))
    return tuple((reverse(name, args=[project_code]), words) for name, words in pages)
