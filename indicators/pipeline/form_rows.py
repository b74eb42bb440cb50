"""Rows of one questionnaire out of a table that holds those of several.

Some tools export all answers into one table with a column that says which form a row belongs to.
Such a column is only believed when it names this questionnaire and another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indicators.pipeline.columnar import ColumnRows, Factor, factorise
from indicators.pipeline.headers import header_key
from indicators.pipeline.matching import normalise, words
from indicators.pipeline.problems import Problems
from indicators.pipeline.shapes import RawTable
from indicators.vocabulary import Respondent

FORM_COLUMNS = words(
    "form form_id formid form_name formname _xform_id_string xform_id instrument questionnaire "
    "respondent respondent_type анкета форма опросник инструмент"
)
# Beginnings of the words for a respondent in the three languages.
STEMS = {
    Respondent.STUDENT: ("student", "pupil", "учен", "учащ", "окуучу"),
    Respondent.TEACHER: ("teacher", "учител", "мугалим"),
    Respondent.PARENT: ("parent", "родител", "ата эне"),
    Respondent.DIRECTOR: ("director", "директор"),
}


def rows_of_form(table: RawTable, respondent: Respondent, problems: Problems) -> RawTable:
    """The table without the rows of other questionnaires; how many those are is listed."""
    for position, header in enumerate(table.header):
        if header_key(header) not in FORM_COLUMNS:
            continue
        factor = _column(table, position)
        meant = [_respondent(cell) for cell in factor.distinct]
        if respondent not in meant or not set(meant) - {respondent, None}:
            continue
        other = [one is not None and one is not respondent for one in meant]
        kept = np.flatnonzero(~np.array(other, dtype=np.bool_)[factor.codes])
        n_other = len(table.rows) - len(kept)
        problems.warn(
            "rows_of_other_forms", row=table.header_row or None, column=header, n=str(n_other)
        )
        return replace(
            table,
            rows=_picked(table.rows, kept),
            row_numbers=_picked(table.row_numbers, kept),
        )
    return table


def _column(table: RawTable, position: int) -> Factor:
    if isinstance(table.rows, ColumnRows) and position < len(table.rows.columns):
        return table.rows.columns[position]
    return factorise([row[position] if position < len(row) else None for row in table.rows])


def _picked(entries: Sequence[Any], places: NDArray[np.intp]) -> Sequence[Any]:
    if isinstance(entries, ColumnRows):
        return entries.at(places)
    return tuple(entries[place] for place in places.tolist())


def _respondent(cell: Any) -> Respondent | None:
    """Who is asked by the form a cell names; None when it names none, or more than one."""
    text = f" {normalise(cell.replace('_', ' '))}" if isinstance(cell, str) else ""
    found = [who for who, stems in STEMS.items() if any(f" {stem}" in text for stem in stems)]
    return found[0] if len(found) == 1 else None
