"""Rows of a survey against each other and against the calendar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from indicators.pipeline.cells import Moment, is_blank, moment_of, number_of
from indicators.pipeline.columnar import Factor, factorise
from indicators.pipeline.grid import BoolArray, rows_where
from indicators.pipeline.shapes import MISSING, Codes
from indicators.pipeline.survey_state import Survey, is_background
from indicators.vocabulary import ItemKind

DATES = ("timestamp", "date", "today", "start", "submitted", "end")
TOO_FAST, TOO_LONG = timedelta(seconds=60), timedelta(hours=24)
SOON_AFTER = timedelta(seconds=120)
LONG_BLOCK = 10  # questions of one scale from which the same answer throughout is listed
FEW_DISTINCT = 3
OUTSIDE = "date_outside_wave"
MANY_DAYS = 10  # from which most of them say which wave a file is of


def find_duplicates(survey: Survey) -> BoolArray:
    """Rows that repeat an earlier one that counts. A row needs an identity for that."""
    repeated = np.zeros(len(survey.grid), dtype=np.bool_)
    meta = survey.columns.meta
    if "uuid" in meta:
        repeated |= _same_uuid(survey, meta["uuid"])
    elif "timestamp" in meta:
        repeated |= _same_row(survey)
    return repeated


def _answer_places(survey: Survey) -> list[int]:
    places = [*survey.columns.items.values()]
    return places + [p for split in survey.columns.splits.values() for p in split.values()]


def _same_uuid(survey: Survey, position: int) -> BoolArray:
    """A submission sent twice: with the same answers one is left out, else the file is blocked."""
    repeated = np.zeros(len(survey.grid), dtype=np.bool_)
    columns, places = survey.grid.columns, _answer_places(survey)
    first: dict[Any, int] = {}
    for row, uuid in enumerate(columns[position]):
        if is_blank(uuid) or not survey.live[row]:
            continue
        if (earlier := first.setdefault(uuid, row)) == row:
            continue
        where = {"row": survey.number(row), "column": survey.header(position), "value": uuid}
        if all(columns[place][earlier] == columns[place][row] for place in places):
            repeated[row] = True
            survey.problems.leave_out_row("duplicate_uuid_identical_content", **where)
        else:
            survey.problems.block(
                "duplicate_uuid_different_content", other=str(survey.number(earlier)), **where
            )
    return repeated


def _same_row(survey: Survey) -> BoolArray:
    """The same answers at the same second. A date alone tells two people not apart."""
    repeated = np.zeros(len(survey.grid), dtype=np.bool_)
    stamps = survey.grid.columns[survey.columns.meta["timestamp"]]
    answers = [survey.grid.columns[place] for place in _answer_places(survey)]
    columns = [stamps, *answers]
    first: dict[tuple[Any, ...], int] = {}
    twice = occur_twice([factorise(column).codes for column in columns])
    for row in rows_where(survey.live & twice):
        cells = tuple(column[row] for column in columns)
        if first.setdefault(cells, row) == row:
            continue
        moment = moment_of(cells[0])
        if moment is not None and moment.has_time:
            repeated[row] = True
            survey.problems.leave_out_row(
                "duplicate_identical_row",
                row=survey.number(row),
                other=str(survey.number(first[cells])),
            )
    return repeated


def _list_same_respondent(survey: Survey) -> None:
    """Every row whose respondent stands in another row too, with that row."""
    position = survey.columns.meta.get("respondent")
    if position is None:
        return
    cells = survey.grid.column(position)
    rows_of: dict[Any, list[int]] = {}
    for row in rows_where(survey.live):
        if not is_blank(cells[row]):
            rows_of.setdefault(cells[row], []).append(row)
    for rows in rows_of.values():
        for row in rows if len(rows) > 1 else ():
            other = rows[1] if row == rows[0] else rows[0]
            survey.problems.warn(
                "duplicate_respondent_id",
                row=survey.number(row),
                column=survey.header(position),
                value=cells[row],
                other=str(survey.number(other)),
            )


def check_rows(survey: Survey) -> None:
    """Dates, doubtful answering, probable copies: listed for a person to look at."""
    moments = {
        name: _moments(survey, survey.columns.meta[name])
        for name in DATES
        if name in survey.columns.meta
    }
    _check_calendar(survey, moments)
    if "start" in moments and "end" in moments:
        _check_length(survey, moments["start"], moments["end"])
    _list_same_respondent(survey)
    _check_versions(survey)
    _check_numbers(survey)
    matrix = _answers(survey)
    _list_no_answers(survey, matrix)
    _list_straight_lines(survey)
    _list_probable_copies(survey, matrix, next(iter(moments.values()), None))


@dataclass(frozen=True, slots=True)
class Moments:
    """The dates of a column, by its distinct cells; None where a cell is no date."""

    factor: Factor
    known: list[Moment | None]

    def __getitem__(self, row: int) -> Moment | None:
        place: int = self.factor.codes[row]
        return self.known[place]


def _moments(survey: Survey, position: int) -> Moments:
    """The column's dates; those that are none are listed."""
    factor = factorise(survey.grid.columns[position])
    known = [None if is_blank(cell) else moment_of(cell) for cell in factor.distinct]
    kinds = [
        moment.note if moment else "" if is_blank(cell) else "impossible_date"
        for cell, moment in zip(factor.distinct, known, strict=True)
    ]
    for row in _rows_listed(survey, factor, kinds):
        cell, moment = factor[row], known[factor.codes[row]]
        where = {"row": survey.number(row), "column": survey.header(position), "value": cell}
        if moment is not None:
            where["suggestion"] = f"{moment.at:%Y-%m-%d %H:%M}"
        survey.problems.warn(kinds[factor.codes[row]], **where)
    return Moments(factor, known)


def _check_calendar(survey: Survey, moments: dict[str, Moments]) -> None:
    wave, today = survey.context.wave, survey.context.reference_date
    name = next(iter(moments), None)
    if wave is None or name is None:
        return
    position = survey.columns.meta[name]
    field = {"start": f"{wave.field_start:%d.%m.%Y}", "end": f"{wave.field_end:%d.%m.%Y}"}

    def kind_of(cell: Any, moment: Moment | None) -> str:
        if moment is None:
            return "missing_timestamp" if is_blank(cell) else ""
        day = moment.at.date()
        if day > today:
            return "date_in_future"
        return "" if wave.field_start <= day <= wave.field_end else OUTSIDE

    factor = moments[name].factor
    kinds = [*map(kind_of, factor.distinct, moments[name].known)]
    outside, n = _days_outside(survey, moments[name], kinds)
    if n >= MANY_DAYS and 2 * outside > n:  # one thing, not one thing in every row
        counts = {"n": str(outside), "of": str(n)}
        survey.problems.warn("wrong_wave", column=survey.header(position), **counts, **field)
        kinds = ["" if kind == OUTSIDE else kind for kind in kinds]
    for row in _rows_listed(survey, factor, kinds):
        cell, kind = factor[row], kinds[factor.codes[row]]
        where = {"row": survey.number(row), "column": survey.header(position), "value": cell}
        if kind == "date_in_future":
            survey.problems.empty_cell(kind, **where)
        else:
            survey.problems.warn(kind, **where, **(field if kind == OUTSIDE else {}))


def _days_outside(survey: Survey, moments: Moments, kinds: Sequence[str]) -> tuple[int, int]:
    """Rows with a day outside the wave, and with any day."""
    outside = [kind == OUTSIDE for kind in kinds]
    dated = [moment is not None for moment in moments.known]
    n_outside, n = (len(_rows_listed(survey, moments.factor, one)) for one in (outside, dated))
    return n_outside, n


def _rows_listed(survey: Survey, factor: Factor, kinds: Sequence[str | bool]) -> list[int]:
    """Rows that count and whose cell has a kind of problem."""
    listed = np.array([bool(kind) for kind in kinds], dtype=np.bool_)
    return rows_where(survey.live & listed[factor.codes])


def _check_length(survey: Survey, starts: Moments, ends: Moments) -> None:
    position = survey.columns.meta["end"]
    for row in rows_where(survey.live):
        start, end = starts[row], ends[row]
        if start is None or end is None or not (start.has_time and end.has_time):
            continue
        taken = end.at - start.at
        kind = ""
        if taken < timedelta():
            kind = "end_before_start"
        elif taken < TOO_FAST:
            kind = "too_fast_submission"
        elif taken > TOO_LONG:
            kind = "too_long_submission"
        if kind:
            survey.problems.warn(
                kind,
                row=survey.number(row),
                column=survey.header(position),
                value=survey.grid.columns[position][row],
                minutes=f"{taken.total_seconds() / 60:.0f}",
            )


def _check_versions(survey: Survey) -> None:
    """A few rows from another version of the form than all others."""
    position = survey.columns.meta.get("version")
    if position is None:
        return
    cells = survey.grid.columns[position]
    counts = Counter(cells[row] for row in rows_where(survey.live)).most_common()
    if len(counts) < 2:
        return
    for row in rows_where(survey.live):
        if cells[row] != counts[0][0]:
            survey.problems.warn(
                "other_form_version",
                row=survey.number(row),
                column=survey.header(position),
                value=cells[row],
            )


def _check_numbers(survey: Survey) -> None:
    position = survey.columns.meta.get("number")
    for row in rows_where(survey.live) if position is not None else ():
        cell = survey.grid.column(position)[row]
        if not is_blank(cell) and number_of(cell) is None and not _is_uuid(cell):
            survey.problems.warn(
                "text_in_numeric",
                row=survey.number(row),
                column=survey.header(position or 0),
                value=cell,
            )


def _is_uuid(cell: Any) -> bool:
    return len(str(cell)) >= 32


def _answers(survey: Survey) -> Codes:
    """Rows x questions beyond the background, as codes in the smallest type that holds them."""
    columns = [
        survey.values[item.name]
        for item in survey.form.items
        if item.name in survey.values and not is_background(item)
    ]
    if not columns:
        return np.zeros((len(survey.grid), 0), dtype=np.int64)
    limits = np.iinfo(np.int8)
    fits = all(limits.min <= c.min(initial=0) and c.max(initial=0) <= limits.max for c in columns)
    matrix = np.empty((len(survey.grid), len(columns)), dtype=np.int8 if fits else np.int64)
    for place, column in enumerate(columns):
        matrix[:, place] = column
    return matrix


def _list_no_answers(survey: Survey, matrix: Codes) -> None:
    texts = [*survey.texts.values()]
    empty = np.ones(len(matrix), dtype=np.bool_)
    for codes in matrix.T:
        empty &= codes == MISSING
    for row in rows_where(survey.live & empty):
        if not any(text[row] for text in texts):
            survey.problems.leave_out_row("no_answers", row=survey.number(row))


def _blocks(survey: Survey) -> Iterator[list[str]]:
    """Questions on one scale: of one block when it is long, and of the whole form."""
    by_scale: dict[tuple[int, ...], list[str]] = {}
    by_block: dict[tuple[tuple[int, ...], str], list[str]] = {}
    for item in survey.form.items:
        if item.kind is ItemKind.SCALE and item.name in survey.values and not is_background(item):
            scale = tuple(sorted(option.code for option in item.options))
            by_scale.setdefault(scale, []).append(item.name)
            by_block.setdefault((scale, item.block), []).append(item.name)
    yield from (names for names in by_scale.values() if len(names) >= LONG_BLOCK)
    yield from (names for names in by_block.values() if len(names) >= LONG_BLOCK)


def _list_straight_lines(survey: Survey) -> None:
    listed = np.zeros(len(survey.grid), dtype=np.bool_)
    for names in _blocks(survey):
        first = survey.values[names[0]]
        same = first != MISSING
        for name in names[1:]:
            same &= survey.values[name] == first
        for row in rows_where(survey.live & same & ~listed):
            survey.problems.warn("straightlining", row=survey.number(row), n=str(len(names)))
        listed |= same


def _list_probable_copies(survey: Survey, matrix: Codes, moments: Moments | None) -> None:
    """The same answers throughout, sent within two minutes (without times: the next row)."""
    last: dict[bytes, int] = {}
    texts = [*survey.texts.values()]
    twice = occur_twice([*matrix.T]) if matrix.shape[1] else survey.live
    for row in rows_where(survey.live & twice):
        answers = matrix[row]
        if len(set(answers.tolist()) - {MISSING}) < FEW_DISTINCT:
            continue
        key = answers.tobytes() + "\x1f".join(text[row] for text in texts).encode()
        earlier = last.get(key)
        last[key] = row
        if earlier is not None and _is_soon_after(earlier, row, moments):
            survey.problems.warn(
                "probable_duplicate_answers",
                row=survey.number(row),
                other=str(survey.number(earlier)),
            )


def occur_twice(columns: Sequence[Codes]) -> BoolArray:
    """Rows whose sum by fixed odd weights, and so perhaps whose content, occurs more than once."""
    weights = np.random.default_rng(1).integers(1, 2**61, size=len(columns)) * 2 + 1
    sums = np.zeros(len(columns[0]) if columns else 0, dtype=np.int64)
    for codes, weight in zip(columns, weights.tolist(), strict=True):
        sums += codes.astype(np.int64) * weight  # wraps round, alike for all rows
    _, index, counts = np.unique(sums, return_inverse=True, return_counts=True)
    return np.asarray(counts[index] > 1, dtype=np.bool_)


def _is_soon_after(first: int, second: int, moments: Moments | None) -> bool:
    if moments is None:
        return second == first + 1
    one, two = moments[first], moments[second]
    if one is None or two is None:
        return False
    if not one.has_time or not two.has_time:
        return second == first + 1 and one.at == two.at
    return abs(_seconds(two.at, one.at)) <= SOON_AFTER.total_seconds()


def _seconds(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds()
