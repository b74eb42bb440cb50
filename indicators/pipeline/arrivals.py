"""What came in from each school: rows received, rows used, the last day."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np

from indicators.pipeline.cells import is_blank, moment_of
from indicators.pipeline.columnar import factorise
from indicators.pipeline.grid import BoolArray
from indicators.pipeline.shapes import IntArray, SchoolArrival
from indicators.pipeline.survey_state import Survey
from indicators.pipeline.validate_rows import DATES


def school_arrivals(
    survey: Survey, codes: tuple[str, ...], school: IntArray, opened: BoolArray, used: BoolArray
) -> tuple[SchoolArrival, ...]:
    """Schools named in the file, by code. All arrays have one entry per row; -1: no school.

    `opened`: rows received, repeated ones left out. A day after the project's reference date is a
    wrong clock and does not count as the last one.
    """
    days = _days(survey)
    named = school >= 0
    n_received = np.bincount(school[named & opened], minlength=len(codes))
    n_used = np.bincount(school[named & used], minlength=len(codes))
    last = np.zeros(len(codes), dtype=np.int64)
    if days is not None:
        np.maximum.at(last, school[named & opened], days[named & opened])
    return tuple(
        SchoolArrival(
            code, int(n_received[i]), int(n_used[i]), date.fromordinal(day) if day else None
        )
        for i, (code, day) in enumerate(zip(codes, last.tolist(), strict=True))
        if n_received[i]
    )


def _days(survey: Survey) -> IntArray | None:
    """Ordinal day of each row, 0 where there is none; None for a file without dates."""
    position = next((survey.columns.meta[n] for n in DATES if n in survey.columns.meta), None)
    if position is None:
        return None
    factor = factorise(survey.grid.columns[position])
    latest = survey.context.reference_date
    known = [_day(cell) for cell in factor.distinct]
    ordinals = [at.toordinal() if at and at.date() <= latest else 0 for at in known]
    return np.array(ordinals, dtype=np.int64)[factor.codes]


def _day(cell: object) -> datetime | None:
    moment = None if is_blank(cell) else moment_of(cell)
    return moment.at if moment else None
