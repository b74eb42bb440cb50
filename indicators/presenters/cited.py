"""Figures cited in texts, printed by the functions that print the tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from indicators.pipeline.citation import (
    Broken,
    Citation,
    CitedFigure,
    CitedPart,
    Words,
    cited_problems,
    parse_citations,
    plain_number,
    references,
    typed_numbers,
)
from indicators.presenters.lines import (
    Cell,
    base_text,
    level_cell,
    line_view,
    scale_of,
    wave_names,
)
from indicators.presenters.numbers import DASH
from indicators.vocabulary import GAP_MEASURES, Reason

if TYPE_CHECKING:
    from indicators.pipeline.citation import CitedProblem, Part, TypedNumber
    from indicators.results import Figures, Level, Line

_BREAK = re.compile(r"\r?\n[^\S\n]*\r?\n\s*")


@dataclass(frozen=True, slots=True)
class Printed:
    """A cited figure as text. `is_lost`: the reference leads nowhere, `text` is what was typed."""

    text: str
    about: str = ""
    is_lost: bool = False


def figure_text(citation: Citation, figures: Figures) -> Printed:
    """The same characters as in the tables; a hidden figure says so, a missing one is a dash."""
    line = figures.lines.get(citation.code)
    is_known_wave = not citation.wave or citation.wave in {wave.code for wave in figures.waves}
    if line is None or not is_known_wave or (_is_gap(citation) and not is_gap_line(line)):
        return Printed(citation.reference, gettext("This reference leads nowhere."), is_lost=True)
    about = f"{line.indicator.code} {line.indicator.name}"
    if citation.figure is CitedFigure.CHANGE:
        text = _change_text(line, citation.part)
    elif citation.figure is CitedFigure.TARGET:
        text = _target_text(line, citation.part)
    else:
        level, cell = _level(citation, line, figures)
        text = _level_text(level, cell, line, citation.part)
        base = base_text(level)
        about += "" if base == DASH else f", n = {base}"
    return Printed(text, about)


def is_gap_line(line: Line) -> bool:
    return line.indicator.kind in GAP_MEASURES


def _is_gap(citation: Citation) -> bool:
    return citation.figure is CitedFigure.GAP


def _hidden() -> str:
    return gettext("hidden, small group")


def _level(citation: Citation, line: Line, figures: Figures) -> tuple[Level | None, Cell]:
    """The level cited and its cell as the table of indicators prints it."""
    pair, view = figures.pair, line_view(line)
    then, now = (wave.code if wave else None for wave in (pair.baseline, pair.endline))
    figure = citation.figure
    is_last = figure is CitedFigure.GAP and pair.endline is not None
    if figure is CitedFigure.ENDLINE or is_last or (citation.wave and citation.wave == now):
        return line.endline, view.endline
    if not citation.wave or citation.wave == then:
        return line.baseline, view.baseline
    level = figures.levels.get((citation.code, citation.wave))
    return level, level_cell(level, scale_of(line.indicator))


def _level_text(level: Level | None, cell: Cell, line: Line, part: CitedPart) -> str:
    if part is CitedPart.N:
        return base_text(level)
    if level is not None and level.reason == Reason.SUPPRESSED:
        return _hidden()
    if part is CitedPart.VALUE:
        return cell.text
    scale = scale_of(line.indicator)
    return (scale.interval(level.ci_low, level.ci_high) if level else "") or DASH


def _change_text(line: Line, part: CitedPart) -> str:
    change, view = line.change, line_view(line)
    if change is not None and change.reason == Reason.SUPPRESSED:
        return _hidden()
    if part is CitedPart.VALUE:
        return view.change.text
    if part is CitedPart.CI:
        return view.range or DASH
    return view.verdict.word if view.verdict else DASH


def _target_text(line: Line, part: CitedPart) -> str:
    view = line_view(line)
    if part is CitedPart.VALUE:
        return view.target or DASH
    if line.target is not None and line.target.reason == Reason.SUPPRESSED:
        return _hidden()
    return view.status.word


def cited_text(text: str, figures: Figures) -> str:
    """A text with its figures, without marks: for a report or a summary."""
    return "".join(_plain(part, figures) for part in parse_citations(text))


def _plain(part: Part, figures: Figures) -> str:
    if isinstance(part, Citation):
        printed = figure_text(part, figures)
        return f"[{printed.text.strip('{}')}: ?]" if printed.is_lost else printed.text
    return part.text


def cited_html(text: str, figures: Figures, project_code: str) -> SafeString:
    """A text as paragraphs, every figure a link to its indicator; all else is escaped."""
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
    url = reverse("indicator-detail", args=[project_code, part.code])
    return (
        f'<a class="cited" href="{escape(url)}" title="{escape(printed.about)}">'
        f"{escape(printed.text)}</a>"
    )


def _lost_html(reference: str) -> str:
    why = gettext("This reference leads nowhere.")
    return (
        f'<mark class="cited-lost" title="{escape(why)}">{escape(reference)}'
        f'<span class="visually-hidden"> {escape(why)}</span></mark>'
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """One reference with what it prints now. `label`: "Baseline", "Change"."""

    reference: str
    prints: str
    label: str


@dataclass(frozen=True, slots=True)
class OfferRow:
    code: str
    name: str
    offers: tuple[Offer, ...]


def offers(figures: Figures) -> tuple[OfferRow, ...]:
    """What can be cited: the values of every indicator in the order of the register."""
    labels = _labels(figures)
    return tuple(
        OfferRow(
            code,
            line.indicator.name,
            tuple(
                Offer(one.reference, figure_text(one, figures).text, labels[one.figure])
                for one in references(code)
            ),
        )
        for code, line in figures.lines.items()
    )


def _labels(figures: Figures) -> dict[CitedFigure, str]:
    then, now = wave_names(figures.pair)
    return {
        CitedFigure.BASELINE: then,
        CitedFigure.ENDLINE: now,
        CitedFigure.CHANGE: gettext("Change"),
        CitedFigure.TARGET: gettext("Target"),
    }


def syntax_lines() -> tuple[tuple[str, str], ...]:
    """The few forms of a reference, with what each prints."""
    return (
        ("{S01.baseline}  {S01.endline}", gettext("the value at the first and at the last wave")),
        ("{S01@W1}", gettext("the value in the wave with this code")),
        (
            "{S01.endline.n}  {S01.endline.ci}",
            gettext("the number of answers; the range (95 percent)"),
        ),
        (
            "{S01.change}  {S01.change.ci}  {S01.change.verdict}",
            gettext("the change, its range, and the word for it"),
        ),
        ("{S01.target}  {S01.target.status}", gettext("the target and where it stands")),
        ("{G01.gap}", gettext("the gap at the last wave, for indicators that are gaps")),
        ("{{  }}", gettext("a brace that is meant as a brace")),
    )


def problem_text(problem: CitedProblem) -> str:
    """Where it stands, what is wrong, how to mend it."""
    K = type(problem.kind)
    name = {"name": problem.name}
    what = {
        K.UNREADABLE: gettext("%(name)s is no reference. A brace meant as a brace is typed twice."),
        K.NO_INDICATOR: gettext("%(name)s is not an indicator of this project."),
        K.NO_WAVE: gettext("%(name)s is not a wave of this project."),
        K.NO_GAP: gettext("%(name)s is not a gap between two answers."),
    }[problem.kind] % name
    place = gettext("Line %(line)s, character %(column)s: %(reference)s.") % {
        "line": problem.line,
        "column": problem.column,
        "reference": problem.reference,
    }
    hint = gettext("Did you mean %(suggestion)s?") % {"suggestion": problem.suggestion}
    return " ".join([place, what, *([hint] if problem.suggestion else [])])


def lost_texts(texts: Iterable[str], figures: Figures) -> tuple[str, ...]:
    """What is wrong with the references of texts that are only looked at."""
    gaps = {code for code, line in figures.lines.items() if is_gap_line(line)}
    waves = {wave.code for wave in figures.waves}
    return tuple(
        problem_text(problem)
        for text in texts
        for problem in cited_problems(text, codes=figures.lines, gaps=gaps, waves=waves)
    )


def typed_warnings(texts: Iterable[str], figures: Figures) -> tuple[str, ...]:
    """Numbers typed by hand, each with the references that print the same number."""
    found = [one for text in texts for one in typed_numbers(text)]
    if not found:
        return ()
    printed = _by_number(figures)
    return tuple(dict.fromkeys(_warning(one, printed) for one in found))


def _warning(one: TypedNumber, printed: dict[str, list[str]]) -> str:
    same = printed.get(plain_number(one.text), [])
    values = {"number": one.text, "references": ", ".join(same[:5])}
    if same:
        return (
            gettext("“%(number)s” is typed by hand. These references print it: %(references)s.")
            % values
        )
    return gettext("“%(number)s” is typed by hand, and no figure prints this number now.") % values


def _by_number(figures: Figures) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, line in figures.lines.items():
        for one in references(code, is_gap=is_gap_line(line)):
            if one.figure is not CitedFigure.TARGET:
                text = plain_number(figure_text(one, figures).text).removesuffix(
                    plain_number(gettext("pp"))
                )
                found.setdefault(text, []).append(one.reference)
    return found
