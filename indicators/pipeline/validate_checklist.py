"""Checklists of directors: the school, the answers, and whether enough was answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from indicators.pipeline.cells import is_blank, is_missing_token, moment_of, number_of
from indicators.pipeline.checklist_rule import is_complete
from indicators.pipeline.checklist_sheets import MEANING, Cell, Sheet, checklist_sheets
from indicators.pipeline.choices import NOTHING, Choices, Reading, read_number
from indicators.pipeline.choices_multi import DOUBTFUL, MultiChoices
from indicators.pipeline.doubtful import UNDECIDED, VALUE_MAPPED, Decisions, DoubtfulValues
from indicators.pipeline.headers import FormIndex
from indicators.pipeline.matching import normalise
from indicators.pipeline.problems import Problems, shown
from indicators.pipeline.records import Reader
from indicators.pipeline.shapes import (
    MISSING,
    ONE_SHEET,
    CheckedFile,
    ChecklistRow,
    DoubtfulValue,
    FormSpec,
    ImportContext,
    ItemSpec,
    RawFile,
)
from indicators.vocabulary import ItemKind, Severity


@dataclass(slots=True)
class _Answers:
    """What is read of one checklist. `doubtful` collects over all checklists of the file."""

    reader: Reader
    doubtful: DoubtfulValues
    answers: dict[str, int | str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> Problems:
        return self.reader.problems

    def decisions(self, item: ItemSpec) -> Decisions:
        return self.reader.context.value_mapping.get(item.name, UNDECIDED)

    def offer(
        self, item: ItemSpec, cell: Cell, value: object, kind: str, suggestion: str, read_as: str
    ) -> None:
        """A value with a finding may be decided on."""
        found = DoubtfulValue(item.name, cell.column, shown(value), kind, suggestion, read_as, 1)
        self.doubtful.add(found)


def validate_checklist(raw: RawFile, context: ImportContext) -> CheckedFile:
    form = context.form
    if form is None:
        raise ValueError("a checklist needs its form")
    problems = Problems(raw.problems)
    if problems.has_block or not raw.tables:
        return CheckedFile(problems.all(), mapping=context.mapping)
    index = FormIndex(form, context.mapping)
    left_out = context.rows_left_out.get(ONE_SHEET, {})
    sheets = checklist_sheets(raw, index, form, problems, left_out)
    reader, doubtful = Reader(context, problems), DoubtfulValues()
    found = [_row(sheet, form, _Answers(reader, doubtful)) for sheet in sheets]
    rows = [row for row in found if row is not None]
    _check_schools_once(rows, problems)
    doubtful.list_mapped(problems)
    return CheckedFile(
        problems.all(),
        checklists=tuple(rows),
        mapping=context.mapping,
        values=doubtful.all(),
    )


def _row(sheet: Sheet, form: FormSpec, into: _Answers) -> ChecklistRow | None:
    reader, problems = into.reader, into.problems
    school = _school(sheet, form, reader)
    for item in form.items:
        if item.kind in (ItemKind.SCHOOL, ItemKind.CONSENT, ItemKind.DATE):
            continue
        cell = sheet.answers.get(item.name)
        remark = sheet.remarks.get(item.name)
        if cell is None:
            if not _is_director(item):
                problems.warn("missing_expected_column", row=sheet.row, value=item.labels[0])
            continue
        _read(item, cell, remark, into)
    if school is None:
        return None
    scored = [item.name for item in form.items if item.is_scored]
    complete, n_answered, n_scored = is_complete(into.answers, scored)
    if not complete:
        problems.warn(
            "checklist_incomplete",
            row=sheet.row,
            value=school,
            answered=str(n_answered),
            scored=str(n_scored),
        )
    filled_on, filled_by = _head(sheet, form, reader)
    return ChecklistRow(school, into.answers, into.comments, filled_on, filled_by, sheet.row)


def _is_director(item: ItemSpec) -> bool:
    return any(MEANING.get(normalise(label)) == "director" for label in item.labels)


def _school(sheet: Sheet, form: FormSpec, reader: Reader) -> str | None:
    """By code; the name is compared with it. Without a code, by name."""
    item = form.of_kind(ItemKind.SCHOOL)
    nowhere = Cell(None, sheet.row, "")
    name = sheet.head.get("school") or (sheet.answers.get(item.name) if item else None) or nowhere
    code = sheet.head.get("code") or nowhere
    if is_blank(code.value) and is_blank(name.value):
        reader.problems.block("school_missing", row=sheet.row)
        return None
    if is_blank(code.value):
        return reader.school(name.value, name.where)
    found, named = reader.schools.find(code.value), reader.schools.find(name.value)
    if found.target and named.target and found.target != named.target:
        reader.problems.block(
            "school_name_contradicts_code", suggestion=named.target, code=found.target, **name.where
        )
        return found.target  # kept for the preview: the file is blocked
    return reader.school(code.value, code.where)


def _head(sheet: Sheet, form: FormSpec, reader: Reader) -> tuple[date | None, str]:
    dated = next((item for item in form.items if item.kind is ItemKind.DATE), None)
    cell = sheet.head.get("date") or (sheet.answers.get(dated.name) if dated else None)
    by = sheet.head.get("director")
    filled_by = "" if by is None or is_blank(by.value) else str(by.value).strip()
    if cell is None or is_blank(cell.value):
        return None, filled_by
    moment = moment_of(cell.value)
    if moment is None:
        reader.problems.empty_cell("impossible_date", **cell.where)
        return None, filled_by
    day, wave = moment.at.date(), reader.context.wave
    if day > reader.context.reference_date:
        reader.problems.empty_cell("date_in_future", **cell.where)
        return None, filled_by
    if isinstance(cell.value, str):
        reader.problems.warn("date_as_text", suggestion=f"{day:%Y-%m-%d}", **cell.where)
    if wave is not None and not wave.field_start <= day <= wave.field_end:
        reader.problems.warn(
            "date_outside_wave",
            start=f"{wave.field_start:%d.%m.%Y}",
            end=f"{wave.field_end:%d.%m.%Y}",
            **cell.where,
        )
    return day, filled_by


def _read(item: ItemSpec, cell: Cell, remark: Cell | None, into: _Answers) -> None:
    if remark is not None:
        into.comments[item.name] = str(remark.value).strip()
    if item.kind is ItemKind.TEXT:
        text = "" if is_blank(cell.value) else str(cell.value).strip()
        if text and not is_missing_token(text):
            into.answers[item.name] = text
        return
    if is_blank(cell.value):
        _read_blank(item, cell, remark, into)
        return
    reading = _reading(item, cell, into)
    if reading.comment:
        into.comments[item.name] = reading.comment
    if reading.code != MISSING:
        into.answers[item.name] = reading.code


def _reading(item: ItemSpec, cell: Cell, into: _Answers) -> Reading:
    """What a filled cell says; what is wrong with it is listed, and offered for a decision."""
    if item.kind is ItemKind.MULTI:
        return _multi_reading(item, cell, into)
    decisions = into.decisions(item)
    if item.kind is ItemKind.NUMBER:
        reading = read_number(item, cell.value, decisions)
        proposal = reading.suggestion
    else:
        choices = Choices(item, decisions)
        reading = choices.read(cell.value)
        proposal = choices.proposal(reading)
    if reading.severity is None:
        return reading
    kind = _band_kind(reading, cell)
    if kind != VALUE_MAPPED:
        into.problems.add(reading.severity, kind, suggestion=reading.suggestion, **cell.where)
    into.offer(item, cell, cell.value, kind, proposal, reading.suggestion)
    return reading


def _multi_reading(item: ItemSpec, cell: Cell, into: _Answers) -> Reading:
    choices = MultiChoices(item, into.decisions(item))
    multi = choices.read(cell.value)
    for finding in multi.findings:
        severity, kind, value, suggestion = finding
        if kind != VALUE_MAPPED:
            where: dict[str, Any] = {"row": cell.row, "column": cell.column, "value": value}
            into.problems.add(severity, kind, suggestion=suggestion, **where)
        if kind in DOUBTFUL:
            into.offer(item, cell, value, kind, choices.proposal(finding), suggestion)
    return Reading(multi.mask) if multi.mask != MISSING else NOTHING


def _band_kind(reading: Reading, cell: Cell) -> str:
    """A number typed where a band was to be chosen."""
    number = number_of(cell.value)
    if reading.severity is not Severity.CELL or not reading.suggestion or number is None:
        return reading.kind
    return "share_instead_of_band" if 0 < number < 1 else "number_instead_of_band"


def _read_blank(item: ItemSpec, cell: Cell, remark: Cell | None, into: _Answers) -> None:
    """An empty answer; an option typed beside it, in the remarks, is taken and listed."""
    code = Choices(item).exact(str(remark.value)) if remark is not None and item.options else None
    if code is not None and remark is not None and item.kind is ItemKind.SCALE:
        into.answers[item.name] = code
        into.problems.warn("answer_in_note_column", suggestion=str(remark.value), **remark.where)
    elif item.is_scored:
        into.problems.warn("missing_value", **cell.where)


def _check_schools_once(rows: Iterable[ChecklistRow], problems: Problems) -> None:
    first: dict[str, int] = {}
    for row in rows:
        if first.setdefault(row.school_code, row.row) != row.row:
            problems.block(
                "duplicate_school",
                row=row.row,
                value=row.school_code,
                other=str(first[row.school_code]),
            )
