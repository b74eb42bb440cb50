"""Signs of doubtful fieldwork in the answers of one file. All are warnings: an officer decides.

What single rows repeat or how long they took is listed in `validate_rows`; here stands what shows
only against the other rows, the plan, or the rules of the form.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indicators.pipeline.cells import Moment, is_blank, moment_of
from indicators.pipeline.columnar import factorise
from indicators.pipeline.grid import BoolArray, rows_where
from indicators.pipeline.relevant import Column, RuleNotUnderstood, is_asked
from indicators.pipeline.shapes import MISSING, FloatArray, IntArray, ItemSpec
from indicators.pipeline.survey_state import Survey, is_background
from indicators.vocabulary import ItemKind, Respondent, Selection

LEAST_ROWS = 30  # sheets below which a share or a median says nothing
MANY_MISSING = 0.20  # of those asked
MANY_DONT_KNOW = 0.20  # of those who answered
SHORT_BLOCK = 5  # questions of one scale in one block
MANY_STRAIGHT = 0.30  # sheets with one and the same answer to all questions of a block
FAST_SHARE = 1 / 3  # of the median time
NIGHT = (23, 5)  # hours: from, until
MOST_TEACHERS = 15  # drawn per school (method section 1)


def check_quality(
    survey: Survey, answered: BoolArray, codes: Sequence[str], school: IntArray
) -> None:
    """List what is doubtful. `answered`: rows with an answer; `school`: into `codes`, or -1."""
    asked = _list_skip_rules(survey, answered)
    _list_times(survey, answered)
    _list_straight_lines(survey, answered)
    if int(answered.sum()) >= LEAST_ROWS:
        _list_shares(survey, answered, asked)
        _list_straight_blocks(survey, answered)
    used = answered & (school >= 0)
    _list_counts(survey, codes, np.bincount(school[used], minlength=len(codes)))


# --- rules of the form ------------------------------------------------------------------------


def _list_skip_rules(survey: Survey, answered: BoolArray) -> dict[str, BoolArray]:
    """Answers to questions that should not have been asked. Returns who was to be asked."""
    columns = _columns(survey)
    found: dict[str, BoolArray] = {}
    for item in survey.form.items:
        position = survey.columns.items.get(item.name)
        if not item.relevant or position is None:
            continue
        try:
            found[item.name] = is_asked(item.relevant, columns, len(survey.grid))
        except RuleNotUnderstood:
            column = survey.header(position)
            survey.problems.warn("skip_rule_not_checked", column=column, value=item.relevant)
            continue
        for row in rows_where(answered & ~found[item.name] & _is_filled(survey, item)):
            survey.problems.warn(
                "answered_though_not_asked",
                row=survey.number(row),
                column=survey.header(position),
                value=survey.grid.columns[position][row],
            )
    return found


def _columns(survey: Survey) -> dict[str, Column]:
    """Questions a rule may name. Only rows that said yes are looked at, so consent is a yes."""
    items = {item.name: item for item in survey.form.items}
    columns = {
        items[name].file_name: Column(items[name], codes) for name, codes in survey.values.items()
    }
    consent = survey.form.of_kind(ItemKind.CONSENT)
    if consent is not None:
        yes = next((o.code for o in consent.options if o.name in ("yes", "1")), 1)
        columns[consent.file_name] = Column(consent, np.full(len(survey.grid), yes, dtype=np.int64))
    return columns


def _is_filled(survey: Survey, item: ItemSpec) -> BoolArray:
    if item.name in survey.values:
        return np.asarray(survey.values[item.name] != MISSING, dtype=np.bool_)
    texts = survey.texts.get(item.name, [""] * len(survey.grid))
    return np.array([bool(text) for text in texts], dtype=np.bool_)


# --- shares -----------------------------------------------------------------------------------


def _list_shares(survey: Survey, answered: BoolArray, asked: dict[str, BoolArray]) -> None:
    """Questions that many left out, or to which many had no answer."""
    for item in survey.form.items:
        if item.name not in survey.values or is_background(item):
            continue
        codes = survey.values[item.name][answered & asked.get(item.name, answered)]
        if len(codes) < LEAST_ROWS:
            continue
        there = codes[codes != MISSING]
        _warn_share(survey, item, "many_missing", 1 - len(there) / len(codes), MANY_MISSING)
        unsure = [one.code for one in item.options if not one.is_substantive]
        if item.kind is ItemKind.SCALE and unsure and len(there):
            share = float(np.isin(there, unsure).mean())
            _warn_share(survey, item, "many_dont_know", share, MANY_DONT_KNOW)


def _warn_share(survey: Survey, item: ItemSpec, kind: str, share: float, most: float) -> None:
    if share > most:
        position = survey.columns.items.get(item.name)
        column = item.file_name if position is None else survey.header(position)
        survey.problems.warn(kind, column=column, **_percents(share, most))


def _percents(share: float, most: float) -> dict[str, str]:
    return {"percent": f"{100 * share:.0f} %", "most": f"{100 * most:.0f} %"}


# --- the same answer throughout ---------------------------------------------------------------


def _straight(survey: Survey) -> dict[str, tuple[int, BoolArray]]:
    """By block of at least SHORT_BLOCK questions of one scale: how many, and who answered alike."""
    blocks: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for item in survey.form.items:
        if item.kind is ItemKind.SCALE and item.name in survey.values and not is_background(item):
            scale = tuple(sorted(option.code for option in item.options))
            blocks.setdefault((item.block, scale), []).append(item.name)
    found = {}
    for (block, _scale), names in blocks.items():
        if len(names) >= SHORT_BLOCK:
            matrix = np.column_stack([survey.values[name] for name in names])
            same = (matrix == matrix[:, :1]).all(axis=1) & (matrix[:, 0] != MISSING)
            found[block] = (len(names), same)
    return found


def _list_straight_lines(survey: Survey, answered: BoolArray) -> None:
    """Rows alike throughout in every one of several blocks; one short block proves nothing."""
    blocks = _straight(survey)
    if len(blocks) < 2:
        return
    n = sum(size for size, _same in blocks.values())
    everywhere = np.logical_and.reduce([same for _size, same in blocks.values()])
    for row in rows_where(answered & everywhere):
        survey.problems.warn("straightlining_in_blocks", row=survey.number(row), n=str(n))


def _list_straight_blocks(survey: Survey, answered: BoolArray) -> None:
    for block, (size, same) in _straight(survey).items():
        share = float(same[answered].mean())
        if share > MANY_STRAIGHT:
            survey.problems.warn(
                "many_straightlining",
                value=block,
                n=str(size),
                **_percents(share, MANY_STRAIGHT),
            )


# --- times ------------------------------------------------------------------------------------


def _list_times(survey: Survey, answered: BoolArray) -> None:
    """Sheets filled in by night, or in less than a third of the time of the others."""
    meta = survey.columns.meta
    if "start" not in meta or "end" not in meta:
        return
    starts, ends = (_moments(survey, meta[name]) for name in ("start", "end"))
    minutes = _minutes(starts, ends)
    known = minutes[answered & (minutes > 0)]
    median = float(np.median(known)) if len(known) >= LEAST_ROWS else 0.0
    for row in rows_where(answered):
        where = {"row": survey.number(row), "column": survey.header(meta["start"])}
        start = starts[row]
        if start is not None and start.has_time and _is_night(start):
            cell = survey.grid.columns[meta["start"]][row]
            survey.problems.warn("filled_in_at_night", value=cell, **where)
        if 1 <= minutes[row] < FAST_SHARE * median:  # below a minute is listed by itself
            survey.problems.warn(
                "much_faster_than_others",
                minutes=f"{minutes[row]:.0f}",
                median=f"{median:.0f}",
                **where,
            )


def _moments(survey: Survey, position: int) -> list[Moment | None]:
    factor = factorise(survey.grid.columns[position])
    known = [None if is_blank(cell) else moment_of(cell) for cell in factor.distinct]
    return [known[code] for code in factor.codes]


def _minutes(starts: Sequence[Moment | None], ends: Sequence[Moment | None]) -> FloatArray:
    """Time taken, NaN where it is not known."""
    return np.array(
        [
            (end.at - start.at).total_seconds() / 60
            if start and end and start.has_time and end.has_time
            else np.nan
            for start, end in zip(starts, ends, strict=True)
        ],
        dtype=np.float64,
    )


def _is_night(moment: Moment) -> bool:
    first, last = NIGHT
    return moment.at.hour >= first or moment.at.hour < last


# --- counts -----------------------------------------------------------------------------------


def _list_counts(survey: Survey, codes: Sequence[str], counts: IntArray) -> None:
    """Schools with more sheets than people, or than the plan of the sample asks for."""
    schools = {school.code: school for school in survey.context.schools}
    who = survey.form.respondent
    is_drawn = who is Respondent.TEACHER and survey.form.selection is Selection.RANDOM_PEOPLE
    for code, n in zip(codes, counts.tolist(), strict=True):
        school = schools[code]
        there = school.n_teachers if who is Respondent.TEACHER else school.n_students
        if there is not None and n > there:
            survey.problems.warn("more_sheets_than_people", value=code, n=str(n), there=str(there))
        elif is_drawn and n > MOST_TEACHERS:
            survey.problems.warn(
                "more_sheets_than_planned", value=code, n=str(n), most=str(MOST_TEACHERS)
            )
