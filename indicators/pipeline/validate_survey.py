"""One survey file: consent, schools, answers, and everything wrong with them, at once.

Rows without consent are counted and never looked at further: nothing of theirs is listed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from indicators.pipeline.arrivals import school_arrivals
from indicators.pipeline.cells import is_blank
from indicators.pipeline.choices import Choices
from indicators.pipeline.columnar import factorise
from indicators.pipeline.columns import least_matched, list_unread, map_columns, ranked_tables
from indicators.pipeline.form_rows import rows_of_form
from indicators.pipeline.grid import BoolArray, body, rows_where
from indicators.pipeline.headers import FormIndex
from indicators.pipeline.left_out import rows_left_out
from indicators.pipeline.matching import How
from indicators.pipeline.offer_values import label_of
from indicators.pipeline.problems import Problems, shown
from indicators.pipeline.quality import check_quality
from indicators.pipeline.schools import Schools
from indicators.pipeline.shapes import (
    MISSING,
    ONE_SHEET,
    CheckedFile,
    Codes,
    Funnel,
    ImportContext,
    IntArray,
    RawFile,
    SurveyTable,
)
from indicators.pipeline.survey_state import Survey, is_background
from indicators.pipeline.ticking import Tick, no_tick
from indicators.pipeline.validate_answers import read_items
from indicators.pipeline.validate_rows import check_rows, find_duplicates
from indicators.vocabulary import ItemKind


def validate_survey(raw: RawFile, context: ImportContext, tick: Tick = no_tick) -> CheckedFile:
    form = context.form
    if form is None:
        raise ValueError("a survey needs its form")
    problems = Problems(raw.problems)
    index = FormIndex(form, context.mapping)
    if problems.has_block or not raw.tables:
        return CheckedFile(problems.all(), mapping=context.mapping)
    (table, n_matched), *others = ranked_tables(raw.tables, index)
    problems.sheet = table.sheet
    least = least_matched(len(form.items))
    if n_matched < least:
        problems.block(
            "wrong_instrument",
            found=str(n_matched),
            expected=str(len(form.items)),
            form=form.instrument,
        )
        return CheckedFile(problems.all(), mapping=context.mapping)
    list_unread((other for other, n in others if n >= least), problems)
    problems.name_columns(table)
    table = rows_of_form(table, form.respondent, problems)
    columns = map_columns(table, index, problems, is_statistics=raw.is_statistics)
    grid = body(table, problems, is_text=raw.format == "csv")
    if not len(grid):
        problems.block("no_data_rows", row=table.header_row)
    live = ~rows_left_out(grid, context.rows_left_out.get(ONE_SHEET, {}), problems)
    survey = Survey(raw, context, form, table, columns, grid, problems, live, tick=tick)
    checked = _checked(survey)
    survey.doubtful.list_mapped(problems)
    return CheckedFile(
        problems.all(), survey=checked, mapping=context.mapping, values=survey.doubtful.all()
    )


def _checked(survey: Survey) -> SurveyTable:
    left_out = ~survey.live
    survey.live &= ~find_duplicates(survey)
    opened = survey.live | left_out
    survey.live &= _consented(survey)
    consented = int(survey.live.sum())
    codes, school_index = _schools(survey)
    read_items(survey)
    check_rows(survey)
    answered = survey.live & _has_answer(survey)
    check_quality(survey, answered, codes, school_index)
    used = answered & (school_index >= 0)
    if survey.weight is not None:
        used &= survey.weight > 0
    present, index = np.unique(school_index[used], return_inverse=True)
    return SurveyTable(
        school_codes=tuple(codes[place] for place in present),
        school_index=index.astype(np.int64),
        row_numbers=survey.grid.numbers[used],
        columns={name: _at(column, used) for name, column in survey.values.items()},
        texts={
            name: [text for text, is_used in zip(column, used, strict=True) if is_used]
            for name, column in survey.texts.items()
        },
        funnel=Funnel(int(opened.sum()), consented, int(answered.sum()), int(used.sum())),
        weight=None if survey.weight is None else survey.weight[used],
        arrivals=school_arrivals(survey, codes, school_index, opened, used),
    )


def _at(column: Codes, used: BoolArray) -> Codes:
    return column if used.all() else column[used]  # nearly always all: no second copy


def _consented(survey: Survey) -> BoolArray:
    """Rows that say yes. A form without the question has only those, as has a .sav or .dta."""
    item = survey.form.of_kind(ItemKind.CONSENT)
    position = survey.columns.items.get(item.name) if item else None
    everyone = np.ones(len(survey.grid), dtype=np.bool_)
    if item is None or (position is None and survey.raw.is_statistics):
        return everyone
    if position is None:
        return ~everyone
    choices = Choices(item)
    yes = next((o.code for o in item.options if o.name in ("yes", "1")), 1)
    factor = factorise(survey.grid.column(position))
    labels = survey.table.value_labels.get(survey.header(position), {})
    readings = [choices.read(labels.get(cell, cell)) for cell in factor.distinct]
    codes = np.array([reading.code for reading in readings], dtype=np.int64)[factor.codes]
    answers = _filled_answers(survey)
    for row in rows_where(survey.live & (codes != yes)):
        where: dict[str, Any] = {
            "row": survey.number(row),
            "column": survey.header(position),
        }
        cell = survey.grid.columns[position][row]
        if codes[row] == MISSING:
            kind = "consent_blank" if is_blank(cell) else "consent_unclear"
            survey.problems.leave_out_row(kind, value=cell, **where)
        elif answers[row]:
            survey.problems.warn("no_consent_but_answers_present", value=cell, **where)
    return np.asarray(codes == yes, dtype=np.bool_)


def _filled_answers(survey: Survey) -> BoolArray:
    """Rows with anything typed in a question other than consent."""
    filled = np.zeros(len(survey.grid), dtype=np.bool_)
    for item in survey.form.items:
        position = survey.columns.items.get(item.name)
        if position is not None and item.kind is not ItemKind.CONSENT:
            factor = factorise(survey.grid.column(position))
            blank = np.array([is_blank(cell) for cell in factor.distinct], dtype=np.bool_)
            filled |= ~blank[factor.codes]
    return filled


def _schools(survey: Survey) -> tuple[tuple[str, ...], IntArray]:
    """Codes of the schools named, and for each row its place among them (-1: none)."""
    nowhere = np.full(len(survey.grid), -1, dtype=np.int64)
    item = survey.form.of_kind(ItemKind.SCHOOL)
    position = survey.columns.items.get(item.name) if item else None
    if position is None:
        return (), nowhere
    schools = Schools(survey.context.schools)
    factor = factorise(survey.grid.column(position))
    labels = survey.table.value_labels.get(survey.header(position), {})
    matches = [schools.find(cell, label_of(labels, cell)) for cell in factor.distinct]
    codes = sorted({match.target for match in matches if match.target is not None})
    place = {code: index for index, code in enumerate(codes)}
    index = np.array([place.get(match.target or "", -1) for match in matches], dtype=np.int64)
    to_list = np.array([match.how is not How.EXACT for match in matches], dtype=np.bool_)
    for row in rows_where(survey.live & to_list[factor.codes]):
        cell, match = factor.distinct[factor.codes[row]], matches[factor.codes[row]]
        where = {"row": survey.number(row), "column": survey.header(position)}
        if match.target is not None:
            kind = "misspelt_school" if match.how is How.NEAR else "school_written_differently"
            survey.problems.warn(kind, value=cell, suggestion=match.target, **where)
        elif is_blank(cell):
            survey.problems.leave_out_row("missing_required_value", **where)
        elif shown(cell) in survey.context.left_out:
            survey.problems.leave_out_row("school_left_out", value=cell, **where)
        else:
            alike = schools.alike(cell, label_of(labels, cell))
            survey.problems.block("unknown_school", value=cell, alike=alike, **where)
    return tuple(codes), index[factor.codes]


def _has_answer(survey: Survey) -> BoolArray:
    """Rows with a valid answer to anything beyond the background questions."""
    answered = np.zeros(len(survey.grid), dtype=np.bool_)
    for item in survey.form.items:
        if is_background(item):
            continue
        if item.name in survey.values:
            answered |= survey.values[item.name] != MISSING
        if item.name in survey.texts:
            answered |= np.array([bool(text) for text in survey.texts[item.name]], dtype=np.bool_)
    return answered
