"""Help for those who write texts that cite: what can be cited, what is wrong, what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext

from indicators.pipeline.citation import (
    Citation,
    CitedFigure,
    citations_of,
    gap_references,
    references,
)
from indicators.pipeline.citation_check import (
    CitationProblem,
    CitedProblem,
    cited_problems,
    plain_number,
    typed_numbers,
)
from indicators.presenters.cited import figure_text, known_of
from indicators.presenters.gap_filter import TITLES, kind_of
from indicators.presenters.lines import wave_names
from indicators.vocabulary import Language
from indicators.words import word

if TYPE_CHECKING:
    from indicators.pipeline.citation_check import TypedNumber
    from indicators.results import Figures, Lost


@dataclass(frozen=True, slots=True)
class Offer:
    """One reference with what it prints now. `label`: "Baseline", "Change"."""

    reference: str
    prints: str
    label: str


@dataclass(frozen=True, slots=True)
class LostView:
    """A reference that leads nowhere: `url` of the form of its text, `why` with how to mend it."""

    url: str
    kind: str
    place: str
    language: str
    is_public: bool
    why: str


@dataclass(frozen=True, slots=True)
class OfferRow:
    code: str
    name: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class SchoolOffers:
    code: str
    rows: tuple[OfferRow, ...]


def offers(figures: Figures) -> tuple[OfferRow, ...]:
    """What can be cited: the values of every indicator in the order of the register."""
    return _offer_rows(figures, figures.lines, "")


def school_offers(figures: Figures) -> tuple[SchoolOffers, ...]:
    """The same of the schools that the texts name."""
    codes = dict.fromkeys(school for school, _code in figures.school_lines)
    return tuple(
        SchoolOffers(
            school,
            _offer_rows(
                figures,
                [code for code in figures.lines if (school, code) in figures.school_lines],
                school,
            ),
        )
        for school in codes
    )


def _offer_rows(figures: Figures, codes: Iterable[str], school: str) -> tuple[OfferRow, ...]:
    then, now = wave_names(figures.pair)
    labels = {
        CitedFigure.BASELINE: then,
        CitedFigure.ENDLINE: now,
        CitedFigure.CHANGE: gettext("Change"),
        CitedFigure.TARGET: gettext("Target"),
    }
    return tuple(
        OfferRow(
            code,
            figures.lines[code].indicator.name,
            tuple(_offer(one, figures, labels[one.figure]) for one in references(code, school)),
        )
        for code in codes
    )


def gap_offers(figures: Figures) -> tuple[OfferRow, ...]:
    """The gaps of the project, each with its change."""
    labels = {
        CitedFigure.GAP: gettext("The gap at the last wave"),
        CitedFigure.GAP_CHANGE: gettext("Change of the gap"),
    }
    return tuple(
        OfferRow(
            code,
            f"{line.indicator.name} · {TITLES.get(kind_of(line), kind_of(line))}",
            tuple(_offer(one, figures, labels[one.figure]) for one in gap_references(code, by)),
        )
        for (code, by), line in figures.gaps.items()
    )


def _offer(one: Citation, figures: Figures, label: str) -> Offer:
    return Offer(one.reference, figure_text(one, figures).text, label)


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
        (
            "{S01@W1.target}  {S01@W1.target.status}",
            gettext("the target set for the wave with this code"),
        ),
        (
            "{G01.gap}  {S01.gap.sex}",
            gettext("the gap at the last wave: of an indicator that is a gap, or between groups"),
        ),
        (
            "{S01.gap.sex.n}  {S01.gap.sex.ci}",
            gettext("the numbers of answers of both sides; the range of the gap"),
        ),
        (
            "{S01.gap.sex.change}  {S01.gap.sex.change.ci}  {S01.gap.sex.change.verdict}",
            gettext("how the gap changed, the range of that, and the word for it"),
        ),
        (
            "{IS-03/S01.endline}  {IS-03/S01.change}  {IS-03/S01@W1.target}",
            gettext(
                "the figure of one school: its code and a slash before any reference but a gap. "
                "Directors read it of their own school only."
            ),
        ),
        ("{{  }}", gettext("a brace that is meant as a brace")),
    )


def problem_text(problem: CitedProblem) -> str:
    """Where it stands, what is wrong, how to mend it."""
    K = type(problem.kind)
    what = {
        K.UNREADABLE: gettext("%(name)s is no reference. A brace meant as a brace is typed twice."),
        K.NO_INDICATOR: gettext("%(name)s is not an indicator of this project."),
        K.NO_SCHOOL: gettext("%(name)s is not a school of this project."),
        K.NO_WAVE: gettext("%(name)s is not a wave of this project."),
        K.NO_GAP: gettext("%(name)s is not a gap between two answers."),
        K.NO_BREAKDOWN: gettext("There is no gap by “%(name)s” for this indicator."),
        K.NO_GAP_OF_SCHOOL: gettext("Gaps are calculated for the project, not for %(name)s alone."),
    }[problem.kind] % {"name": problem.name}
    place = gettext("Line %(line)s, character %(column)s: %(reference)s.") % {
        "line": problem.line,
        "column": problem.column,
        "reference": problem.reference,
    }
    hint = gettext("Did you mean %(suggestion)s?") % {"suggestion": problem.suggestion}
    return " ".join([place, what, *([hint] if problem.suggestion else [])])


def cited_references(texts: Iterable[str]) -> tuple[str, ...]:
    """Every reference of these texts once, as it is typed."""
    found = (one.reference for text in texts for one in citations_of(text))
    return tuple(dict.fromkeys(found))


def lost_texts(texts: Iterable[str], figures: Figures) -> tuple[str, ...]:
    """What is wrong with the references of texts that are only looked at."""
    known = known_of(figures)
    return tuple(problem_text(problem) for text in texts for problem in cited_problems(text, known))


def lost_views(lost: Iterable[Lost], project_code: str) -> tuple[LostView, ...]:
    """References of stored texts that lead nowhere, each with the way to the text."""
    pages = {"agenda": "agenda-edit", "paragraph": "paragraph-edit"}
    kinds = {"agenda": gettext("Endline agenda"), "paragraph": gettext("Paragraphs of the report")}
    return tuple(
        LostView(
            url=reverse(pages[one.kind], args=[project_code, one.place]),
            kind=kinds[one.kind],
            place=one.place,
            language=str(word(Language(one.language))),
            is_public=one.is_public,
            why=problem_text(_problem(one)),
        )
        for one in lost
    )


def _problem(one: Lost) -> CitedProblem:
    kind = CitationProblem(one.problem)
    return CitedProblem(kind, one.reference, one.name, one.line, one.column, one.suggestion)


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
    cited = [one for code in figures.lines for one in references(code)]
    cited += [one for code, by in figures.gaps for one in gap_references(code, by)]
    cited += [one for school, code in figures.school_lines for one in references(code, school)]
    found: dict[str, list[str]] = {}
    for one in cited:
        if one.figure is not CitedFigure.TARGET:
            text = plain_number(figure_text(one, figures).text)
            found.setdefault(text.removesuffix(plain_number(gettext("pp"))), []).append(
                one.reference
            )
    return found
