"""Answers of a survey, column by column: each distinct cell is understood once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from indicators.pipeline.cells import is_blank, is_missing_token, number_of
from indicators.pipeline.choices import NOTHING, Choices, Reading, read_number
from indicators.pipeline.choices_multi import MultiChoices, MultiReading, is_ticked
from indicators.pipeline.columnar import Factor, factorise, smallest
from indicators.pipeline.doubtful import VALUE_MAPPED
from indicators.pipeline.grid import BoolArray, rows_where
from indicators.pipeline.offer_values import label_of, offer_findings, offer_values
from indicators.pipeline.personal_data import holds_address
from indicators.pipeline.shapes import MISSING, IntArray, ItemSpec
from indicators.pipeline.survey_state import Survey
from indicators.vocabulary import ItemKind, Severity

LONGEST_TEXT = 5_000


def read_items(survey: Survey) -> None:
    """Fill `values` and `texts` of every item of the form found in the file."""
    for place, item in enumerate(survey.form.items):
        survey.tick(place / len(survey.form.items))
        position = survey.columns.items.get(item.name)
        if item.kind is ItemKind.MULTI and survey.columns.has(item):
            _read_multi(survey, item, position)
        elif position is None:
            continue
        elif item.kind is ItemKind.SCALE:
            _read_choice(survey, item, position)
        elif item.kind is ItemKind.NUMBER:
            _read_number(survey, item, position)
        elif item.kind is ItemKind.TEXT:
            _read_text(survey, item, position)
        elif item.kind is ItemKind.WEIGHT:
            _read_weight(survey, position)


def _read_choice(survey: Survey, item: ItemSpec, position: int) -> None:
    choices = Choices(item, survey.decisions(item))
    header = survey.header(position)
    labels = survey.table.value_labels.get(header, {})
    missing = survey.table.missing_codes.get(header, frozenset())
    unscored = {option.code for option in item.options if not option.is_substantive}

    def read(cell: Any) -> Reading:
        label = label_of(labels, cell)
        if (decided := choices.decided(label or cell)) is not None:
            return decided
        if cell in missing:
            # "Don't know" is declared missing in SPSS, yet an answer that the form knows.
            answer = choices.undecided(label or cell)
            return Reading(answer.code) if answer.code in unscored else NOTHING
        if label and (by_label := choices.undecided(label)).code != MISSING:
            return by_label
        return choices.undecided(cell)

    factor = factorise(survey.grid.column(position))
    readings = [read(cell) for cell in factor.distinct]
    _warn_of_labels(survey, choices, position, factor, readings)
    readings = [_as_text_in_numbers(reading, factor) for reading in readings]
    offer_values(survey, item, position, factor, readings, choices)
    _store(survey, item, position, factor, readings)


def _warn_of_labels(
    survey: Survey, choices: Choices, position: int, factor: Factor, readings: Sequence[Reading]
) -> None:
    """Labels of a .sav that give a number of the form another option, or none the form has.

    The former win over the numbers. The latter may come from another scale.
    """
    labels = survey.table.value_labels.get(survey.header(position), {})
    codes = {option.code for option in choices.item.options}
    found: dict[str, list[str]] = {}
    for cell, reading in zip(factor.distinct, readings, strict=True):
        if not label_of(labels, cell) or cell not in codes or reading.code == MISSING:
            continue
        if reading.kind == VALUE_MAPPED:
            continue
        if reading.code != cell:
            kind = "value_labels_in_reversed_order"
        elif choices.read(labels[cell]).code == MISSING:
            kind = "value_labels_of_another_scale"
        else:
            continue
        found.setdefault(kind, []).append(f"{cell:g} = {labels[cell]}")
    for kind, differ in found.items():
        column, value = survey.header(position), "; ".join(sorted(differ))
        survey.problems.warn(kind, column=column, value=value)


def _as_text_in_numbers(reading: Reading, factor: Factor) -> Reading:
    """Among answers given as numbers, a word is named as such."""
    if reading.kind != "unknown_answer_label":
        return reading
    numeric = sum(number_of(cell) is not None for cell in factor.distinct)
    if 2 * numeric < len(factor.distinct):
        return reading
    return Reading(MISSING, Severity.CELL, "text_in_numeric", reading.suggestion)


def _read_number(survey: Survey, item: ItemSpec, position: int) -> None:
    missing = survey.table.missing_codes.get(survey.header(position), frozenset())
    factor = factorise(survey.grid.column(position))
    decisions = survey.decisions(item)
    readings = [
        NOTHING if c in missing else read_number(item, c, decisions) for c in factor.distinct
    ]
    offer_values(survey, item, position, factor, readings)
    _store(survey, item, position, factor, readings)


def _read_weight(survey: Survey, position: int) -> None:
    """For how many people a respondent stands. A row without it would count wrongly."""
    missing = survey.table.missing_codes.get(survey.header(position), frozenset())
    factor = factorise(survey.grid.column(position))
    found = [None if cell in missing else number_of(cell) for cell in factor.distinct]
    numbers = np.array([np.nan if one is None else one for one in found], dtype=np.float64)
    weight = numbers[factor.codes]
    survey.weight = weight
    for row in rows_where(survey.live & ~(weight > 0)):
        cell = factor.distinct[factor.codes[row]]
        kind = "weight_missing" if is_blank(cell) or cell in missing else "weight_not_positive"
        where = {"row": survey.number(row), "column": survey.header(position)}
        survey.problems.leave_out_row(kind, value=cell, **where)


def _store(
    survey: Survey, item: ItemSpec, position: int, factor: Factor, readings: Sequence[Reading]
) -> None:
    survey.values[item.name] = smallest([one.code for one in readings])[factor.codes]
    listed = {
        place: one.severity
        for place, one in enumerate(readings)
        if one.severity is not None and one.kind != VALUE_MAPPED
    }
    for row in rows_where(survey.live & np.isin(factor.codes, list(listed))):
        reading = readings[factor.codes[row]]
        survey.problems.add(
            listed[factor.codes[row]],
            reading.kind,
            row=survey.number(row),
            column=survey.header(position),
            value=factor.distinct[factor.codes[row]],
            suggestion=reading.suggestion,
        )


def _read_multi(survey: Survey, item: ItemSpec, position: int | None) -> None:
    choices = MultiChoices(item, survey.decisions(item))
    factor = factorise(survey.grid.column(position))
    readings = [choices.read(cell) for cell in factor.distinct]
    masks = np.array([reading.mask for reading in readings], dtype=np.int64)[factor.codes]
    if position is not None:
        offer_findings(survey, choices, position, factor, readings)
        _list_findings(survey, position, factor, readings)
    if item.name in survey.columns.splits:
        masks = _with_splits(survey, choices, masks, position)
    survey.values[item.name] = masks
    other = next((i for i in survey.form.items if i.name == f"{item.name}_other"), None)
    if other is not None and other.name not in survey.columns.items:
        free = [reading.free_text for reading in readings]
        survey.texts[other.name] = [free[code] for code in factor.codes]


def _list_findings(
    survey: Survey, position: int, factor: Factor, readings: Sequence[MultiReading]
) -> None:
    to_list = [[f for f in one.findings if f[1] != VALUE_MAPPED] for one in readings]
    listed = np.array([bool(findings) for findings in to_list], dtype=np.bool_)
    for row in rows_where(survey.live & listed[factor.codes]):
        for severity, kind, value, suggestion in to_list[factor.codes[row]]:
            survey.problems.add(
                severity,
                kind,
                row=survey.number(row),
                column=survey.header(position),
                value=value,
                suggestion=suggestion,
            )


def _with_splits(
    survey: Survey, choices: MultiChoices, joined: IntArray, position: int | None
) -> IntArray:
    """The joined column wins; one column per option fills in where the joined cell is empty."""
    split, wrong = _split_masks(survey, choices)
    if position is None:
        return split
    blank = _blank(survey, position)
    fill = survey.live & blank & (split != MISSING)
    for row in rows_where(fill):
        survey.problems.warn(
            "joined_empty_but_split_filled",
            row=survey.number(row),
            column=survey.header(position),
        )
    for row in rows_where(survey.live & ~blank & (joined != MISSING) & (joined != split)):
        option = wrong(int(joined[row]), row)
        if option is not None:
            survey.problems.warn(
                "split_column_contradicts_joined_column",
                row=survey.number(row),
                column=survey.header(option),
                value=survey.grid.columns[option][row],
            )
    return np.where(fill, split, joined)


def _split_masks(
    survey: Survey, choices: MultiChoices
) -> tuple[IntArray, Callable[[int, int], int | None]]:
    """Masks from one column per option, and a way to find the column that contradicts a mask."""
    split = np.zeros(len(survey.grid), dtype=np.int64)
    places = survey.columns.splits[choices.item.name]
    ticks: dict[int, tuple[int, BoolArray, BoolArray]] = {}
    for option, place in places.items():
        factor = factorise(survey.grid.column(place))
        ticked = np.array([is_ticked(cell) for cell in factor.distinct], dtype=np.bool_)
        filled = np.array([not is_blank(cell) for cell in factor.distinct], dtype=np.bool_)
        bit = choices.bit_of(option)
        ticks[bit] = (place, ticked[factor.codes], filled[factor.codes])
        split |= ticked[factor.codes].astype(np.int64) << bit

    def wrong(mask: int, row: int) -> int | None:
        for bit, (place, ticked, filled) in ticks.items():
            if filled[row] and bool(mask >> bit & 1) != bool(ticked[row]):
                return place
        return None

    return np.where(split == 0, MISSING, split), wrong


def _blank(survey: Survey, position: int) -> BoolArray:
    factor = factorise(survey.grid.column(position))
    blank = np.array([is_blank(cell) for cell in factor.distinct], dtype=np.bool_)
    return np.asarray(blank[factor.codes], dtype=np.bool_)


def _read_text(survey: Survey, item: ItemSpec, position: int) -> None:
    factor = factorise(survey.grid.column(position))
    texts = [_clean(cell) for cell in factor.distinct]
    survey.texts[item.name] = [texts[code][:LONGEST_TEXT] for code in factor.codes]
    kinds = [_text_kind(text) for text in texts]
    listed = np.array([bool(kind) for kind in kinds], dtype=np.bool_)
    for row in rows_where(survey.live & listed[factor.codes]):
        survey.problems.warn(
            kinds[factor.codes[row]], row=survey.number(row), column=survey.header(position)
        )


def _clean(cell: Any) -> str:
    if is_blank(cell):
        return ""
    text = str(cell).replace("\u200b", "").replace("\x00", "").strip()
    if text.startswith(("'=", "'+", "'-", "'@")):  # put there so that no spreadsheet runs it
        text = text[1:]
    return "" if is_missing_token(text) else text


def _text_kind(text: str) -> str:
    """What an officer should look at in an open answer. The text itself is not repeated."""
    if len(text) > LONGEST_TEXT:
        return "very_long_cell"
    if text.startswith(("=", "@")):
        return "formula_like_text"
    if holds_address(text):
        return "personal_data_in_open_text"
    return ""
