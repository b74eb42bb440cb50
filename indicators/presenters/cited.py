"""Figures cited in texts, printed by the functions that print the tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from indicators.pipeline.citation import (
    GAPS,
    Broken,
    Citation,
    CitedFigure,
    CitedPart,
    Words,
    parse_citations,
)
from indicators.pipeline.citation_check import Known, leads_nowhere
from indicators.presenters.gap_filter import kind_of
from indicators.presenters.gaps import change_cell, gap_cell, gap_scale, gap_word
from indicators.presenters.lines import (
    Cell,
    LineView,
    base_text,
    is_counted,
    level_cell,
    line_view,
    scale_of,
    target_text,
)
from indicators.presenters.numbers import DASH, base
from indicators.presenters.words import status_view
from indicators.vocabulary import GAP_MEASURES, Reason, Status

if TYPE_CHECKING:
    from indicators.pipeline.citation import Part
    from indicators.results import Figures, GapLine, GroupGap, Level, Line

_BREAK = re.compile(r"\r?\n[^\S\n]*\r?\n\s*")


@dataclass(frozen=True, slots=True)
class Printed:
    """A cited figure as text. `is_lost`: the reference leads nowhere, `text` is what was typed.

    `is_closed`: the figure belongs to a school this reader may not open.
    """

    text: str
    about: str = ""
    is_lost: bool = False
    is_closed: bool = False


def known_of(figures: Figures) -> Known:
    """What references may name, as far as `figures` tell."""
    return Known(
        codes=figures.lines,
        gaps={code for code, line in figures.lines.items() if is_gap_line(line)},
        waves={wave.code for wave in figures.waves},
        schools=figures.schools,
        breakdowns=figures.breakdowns,
    )


def is_gap_line(line: Line) -> bool:
    return line.indicator.kind in GAP_MEASURES


def figure_text(citation: Citation, figures: Figures) -> Printed:
    """The same characters as in the tables; a hidden figure says so, a missing one is a dash."""
    if leads_nowhere(citation, known_of(figures)):
        return Printed(citation.reference, gettext("This reference leads nowhere."), is_lost=True)
    head = figures.lines[citation.code].indicator
    about = f"{head.code} {head.name}"
    if citation.school in figures.closed:
        why = gettext("Figures of a school are shown to those who may open its page.")
        return Printed(gettext("not shown"), why, is_closed=True)
    if citation.school:
        about = f"{citation.school}: {about}"
    if citation.figure in GAPS:
        text, n = _gap_text(citation, figures), _gap_base(citation, figures)
    else:
        text, n = _line_text(citation, figures)
    return Printed(text, about + ("" if n == DASH else f", n = {n}"))


def _hidden() -> str:
    return gettext("hidden, small group")


# --- levels, changes, targets -----------------------------------------------------------


def _line_text(citation: Citation, figures: Figures) -> tuple[str, str]:
    """The figure and, of a level, the number of answers it rests on."""
    line = figures.lines[citation.code]
    if citation.figure is CitedFigure.TARGET and citation.wave:
        return _named_target(citation, line, figures), DASH
    if citation.school:
        own = figures.school_lines.get((citation.school, citation.code))
        if own is None and not citation.wave:
            return DASH, DASH
        line = own or line
    view = line_view(line, beside_project=bool(citation.school))
    if citation.figure is CitedFigure.CHANGE:
        return _change_text(line, view, citation.part), DASH
    if citation.figure is CitedFigure.TARGET:
        return _target_text(line, view, citation.part), DASH
    level, cell = _level(citation, line, view, figures)
    # Events and documents of one school: no people stand behind the number.
    n = DASH if citation.school and is_counted(line) else base_text(level)
    return (n if citation.part is CitedPart.N else _level_text(level, cell, line, citation)), n


def _level(
    citation: Citation, line: Line, view: LineView, figures: Figures
) -> tuple[Level | None, Cell]:
    """The level cited and its cell as the table of indicators prints it."""
    pair = figures.pair
    then, now = (wave.code if wave else None for wave in (pair.baseline, pair.endline))
    is_own = not citation.school or (citation.school, citation.code) in figures.school_lines
    if citation.figure is CitedFigure.ENDLINE or (is_own and citation.wave == now):
        return line.endline, view.endline
    if citation.figure is CitedFigure.BASELINE or (is_own and citation.wave == then):
        return line.baseline, view.baseline
    level = figures.levels.get((citation.school, citation.code, citation.wave))
    return level, level_cell(level, scale_of(line.indicator))


def _level_text(level: Level | None, cell: Cell, line: Line, citation: Citation) -> str:
    if level is not None and level.reason == Reason.SUPPRESSED:
        return _hidden()
    if citation.part is CitedPart.VALUE:
        return cell.text
    scale = scale_of(line.indicator)
    return (scale.interval(level.ci_low, level.ci_high) if level else "") or DASH


def _change_text(line: Line, view: LineView, part: CitedPart) -> str:
    change = line.change
    if change is not None and change.reason == Reason.SUPPRESSED:
        return _hidden()
    if part is CitedPart.VALUE:
        return view.change.text
    if part is CitedPart.CI:
        return view.range or DASH
    return view.verdict.word if view.verdict else DASH


def _target_text(line: Line, view: LineView, part: CitedPart) -> str:
    if part is CitedPart.VALUE:
        return view.target or DASH
    if line.target is not None and line.target.reason == Reason.SUPPRESSED:
        return _hidden()
    return view.status.word


def _named_target(citation: Citation, line: Line, figures: Figures) -> str:
    """The target set for one wave, of the project or of a school."""
    target = figures.targets.get((citation.school, citation.code, citation.wave))
    if citation.part is CitedPart.VALUE:
        return target_text(target, scale_of(line.indicator)) or DASH
    if target is not None and target.reason == Reason.SUPPRESSED:
        return _hidden()
    return status_view(target.status if target else Status.NO_TARGET).word


# --- gaps -------------------------------------------------------------------------------


def _gap_line(citation: Citation, figures: Figures) -> GapLine | None:
    return figures.gaps.get((citation.code, citation.by))


def _gap_today(citation: Citation, figures: Figures) -> GroupGap | None:
    line = _gap_line(citation, figures)
    if line is None:
        return None
    return line.endline if figures.pair.endline else line.baseline


def _gap_text(citation: Citation, figures: Figures) -> str:
    """As on the page of gaps, which hides a gap with either of its sides."""
    line, gap = _gap_line(citation, figures), _gap_today(citation, figures)
    if citation.part is CitedPart.N:
        return _gap_base(citation, figures)
    is_change = citation.figure is CitedFigure.GAP_CHANGE
    if gap is not None and Reason.SUPPRESSED in (gap.reason, is_change and gap.change_reason):
        return _hidden()
    if line is None:
        return DASH
    if citation.part is CitedPart.VERDICT:
        return gap_word(line).word
    scale = gap_scale(line.indicator)
    cell = change_cell(line, scale) if is_change else gap_cell(gap, scale)
    return (cell.text if citation.part is CitedPart.VALUE else cell.more) or DASH


def _gap_base(citation: Citation, figures: Figures) -> str:
    """The numbers of answers of both sides: "480 / 440"."""
    gap = _gap_today(citation, figures)
    if gap is None or citation.figure is CitedFigure.GAP_CHANGE:
        return DASH
    sides = [base(n, gap.below) for n in (gap.n_first, gap.n_second)]
    return DASH if set(sides) == {DASH} else " / ".join(sides)


# --- texts ------------------------------------------------------------------------------


def cited_text(text: str, figures: Figures) -> str:
    """A text with its figures, without marks: for a report or a summary."""
    return "".join(_plain(part, figures) for part in parse_citations(text))


def _plain(part: Part, figures: Figures) -> str:
    if isinstance(part, Citation):
        printed = figure_text(part, figures)
        return f"[{printed.text.strip('{}')}: ?]" if printed.is_lost else printed.text
    return part.text


def cited_html(text: str, figures: Figures, project_code: str) -> SafeString:
    """A text as paragraphs, every figure a link to where it stands; all else is escaped."""
    paragraphs = (part for part in _BREAK.split(text.strip()) if part)
    return SafeString(
        "\n".join(
            f"<p>{''.join(_html(part, figures, project_code) for part in parse_citations(one))}</p>"
            for one in paragraphs
        )
    )


def _html(part: Part, figures: Figures, project_code: str) -> str:
    if isinstance(part, Words):
        return escape(part.text).replace("\n", "<br>")
    if isinstance(part, Broken):
        return _lost_html(part.text)
    printed = figure_text(part, figures)
    if printed.is_lost:
        return _lost_html(printed.text)
    title, text = escape(printed.about), escape(printed.text)
    if printed.is_closed:
        return f'<span class="cited" title="{title}">{text}</span>'
    url = escape(_address(part, figures, project_code))
    return f'<a class="cited" href="{url}" title="{title}">{text}</a>'


def _address(citation: Citation, figures: Figures, project_code: str) -> str:
    """The page that shows the figure in its table."""
    if citation.school:
        return reverse("school-detail", args=[project_code, citation.school])
    line = _gap_line(citation, figures) if citation.figure in GAPS else None
    if line is not None:
        return reverse("gap-detail", args=[project_code, citation.code, kind_of(line)])
    return reverse("indicator-detail", args=[project_code, citation.code])


def _lost_html(reference: str) -> str:
    why = gettext("This reference leads nowhere.")
    return (
        f'<mark class="cited-lost" title="{escape(why)}">{escape(reference)}'
        f'<span class="visually-hidden"> {escape(why)}</span></mark>'
    )
