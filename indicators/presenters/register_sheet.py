"""The reference sheet of an indicator, ready to print on one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters import measure_words, numbers
from indicators.presenters.lines import scale_of, target_text
from indicators.presenters.sheet import Term, frequency_text
from indicators.presenters.words import (
    GROUP_WORDS,
    StatusView,
    respondent_text,
    status_view,
    unit_text,
)
from indicators.vocabulary import BaselinePolicy, Direction, Language, Level, MeasureKind
from indicators.words import word

if TYPE_CHECKING:
    from indicators.presenters.numbers import Scale
    from indicators.results import IndicatorHead, Option, Quote, TargetRow
    from indicators.results.register import Asked, MeasureRule, RegisterSheet


@dataclass(frozen=True, slots=True)
class NameView:
    """Name and definition in one language. `code` is for `lang=`."""

    code: str
    language: str
    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer. `mark` says in words whether it counts or is no answer; often empty."""

    code: str
    label: str
    mark: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """`answers` is empty where the question before has the same ones."""

    name: str
    label: str
    note: str
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class SheetTarget:
    wave: str
    target: str
    status: StatusView | None
    rationale: str


@dataclass(frozen=True, slots=True)
class FileView:
    file: str
    what: str
    n: str


@dataclass(frozen=True, slots=True)
class RegisterSheetView:
    code: str
    name: str
    unit: str
    is_headline: bool
    names: tuple[NameView, ...]
    about: tuple[Term, ...]
    measured: tuple[Term, ...]
    questions: tuple[QuestionView, ...]
    limits: tuple[str, ...]
    targets: tuple[SheetTarget, ...]
    quotes: tuple[Quote, ...]
    files: tuple[FileView, ...]
    files_note: str


def register_sheet_view(sheet: RegisterSheet) -> RegisterSheetView:
    indicator = sheet.indicator
    scale = scale_of(indicator)
    return RegisterSheetView(
        code=indicator.code,
        name=indicator.name,
        unit=unit_text(indicator.unit),
        is_headline=indicator.is_headline,
        names=_names(sheet),
        about=_about(sheet),
        measured=_measured(sheet, scale),
        questions=_questions(sheet.questions, sheet.measure),
        limits=_limits(sheet),
        targets=tuple(_target(row, scale) for row in sheet.targets),
        quotes=sheet.quotes,
        files=tuple(
            FileView(
                one.file, f"{one.instrument}, {one.wave}", numbers.whole(one.n - one.n_excluded)
            )
            for one in sheet.sources
        ),
        files_note=_files_note(sheet),
    )


def _names(sheet: RegisterSheet) -> tuple[NameView, ...]:
    return tuple(
        NameView(language.value, str(word(language)), name or numbers.DASH, definition)
        for language, name, definition in zip(Language, sheet.names, sheet.definitions, strict=True)
        if name or definition
    )


def _about(sheet: RegisterSheet) -> tuple[Term, ...]:
    indicator = sheet.indicator
    rows = (
        (gettext("Headline"), gettext("yes") if indicator.is_headline else gettext("no")),
        (gettext("Level"), str(word(Level(indicator.level)))),
        (gettext("Unit"), unit_text(indicator.unit)),
        (gettext("Which way is better"), str(word(Direction(indicator.direction)))),
        (gettext("Baseline"), str(word(BaselinePolicy(sheet.baseline_policy)))),
        (
            gettext("Smallest change that matters"),
            measure_words.margin_text(sheet.margins, indicator.kind, scale_of(indicator)),
        ),
        (
            gettext("Broken down by"),
            ", ".join(str(GROUP_WORDS.get(name, name)) for name in sheet.disaggregation),
        ),
        (gettext("Responsible"), sheet.responsible),
        (gettext("How often"), frequency_text(sheet.frequency)),
    )
    return tuple(Term(term, text) for term, text in rows if text)


def _measured(sheet: RegisterSheet, scale: Scale) -> tuple[Term, ...]:
    measure = sheet.measure
    index = measure.index
    rows = (
        (gettext("Source"), _source(sheet)),
        (gettext("Computed as"), str(word(MeasureKind(measure.kind)))),
        (gettext("Records"), measure_words.source_text(measure)),
        (gettext("Formula in words"), measure_words.formula_text(measure)),
        (gettext("Base"), measure_words.base_words(measure)),
        (gettext("Index"), f"{index.name} ({index.code})" if index else ""),
        (gettext("Scale"), measure_words.scale_text(index) if index else ""),
        (gettext("Decimals shown"), str(scale.decimals)),
        (gettext("Remark on the index"), index.note if index else ""),
        (gettext("Code of the measure"), measure.code),
    )
    return tuple(Term(term, text) for term, text in rows if text)


def _source(sheet: RegisterSheet) -> str:
    source = respondent_text(sheet.indicator.respondent)
    return f"{source}: {'; '.join(sheet.instruments)}" if sheet.instruments else source


def _questions(questions: tuple[Asked, ...], measure: MeasureRule) -> tuple[QuestionView, ...]:
    found = []
    before: tuple[AnswerView, ...] = ()
    for one in questions:
        answers = tuple(_answer(measure, option) for option in one.options)
        found.append(
            QuestionView(
                name=one.name,
                label=one.label,
                note=gettext("turned round before scoring") if one.is_reversed else "",
                answers=() if answers == before else answers,
            )
        )
        before = answers
    return tuple(found)


def _answer(measure: MeasureRule, option: Option) -> AnswerView:
    code, name = option.code, option.name
    marks = []
    if measure_words.marks_answers(measure):
        if measure_words.counts(measure, code, name):
            marks.append(gettext("counts"))
    elif not option.is_substantive:
        marks.append(gettext("not scored"))
    shown = "" if measure.option else str(code)
    return AnswerView(shown, option.label, ", ".join(marks))


def _limits(sheet: RegisterSheet) -> tuple[str, ...]:
    indicator = sheet.indicator
    return tuple(filter(None, (*_flags(indicator), *sheet.limits, sheet.note)))


def _flags(indicator: IndicatorHead) -> tuple[str, ...]:
    found = []
    if indicator.is_descriptive:
        found.append(gettext("Descriptive only: no target and no verdict."))
    if indicator.is_context:
        found.append(gettext("Context only: it is not an effect of the project alone."))
    if indicator.has_response_shift:
        found.append(
            gettext(
                "A fall may mean higher demands on oneself, not less skill (possible response "
                "shift)."
            )
        )
    return tuple(found)


def _target(row: TargetRow, scale: Scale) -> SheetTarget:
    standing = row.standing
    return SheetTarget(
        wave=row.wave,
        target=target_text(standing, scale),
        status=status_view(standing.status) if standing.status else None,
        rationale=row.rationale,
    )


def _files_note(sheet: RegisterSheet) -> str:
    if not sheet.is_measured:
        return gettext("No results yet: the files are listed with the first calculation.")
    records = sheet.records
    if records is not None and records.kind == "checklists":
        return gettext("Complete checklists, all waves: %(n)s.") % {"n": numbers.whole(records.n)}
    if records is not None:
        return gettext("Records of the project: desk data, activity log, values entered by hand.")
    return "" if sheet.sources else gettext("No file of answers feeds it yet.")
