"""Values typed by hand, and quotes: small lists tied to indicators."""

from __future__ import annotations

from typing import Any

from indicators.pipeline.matching import normalise
from indicators.pipeline.problems import Problems
from indicators.pipeline.record_cells import Field
from indicators.pipeline.records import Reader, Record, Table, repeated
from indicators.pipeline.shapes import CheckedFile, ImportContext, RawFile, RecordRow

PERCENT = 100.0
UNKNOWN = {"wave": "unknown_wave", "indicator": "unknown_indicator"}
ROUNDING = 0.0051  # a percent typed with one or no decimal may differ this much from its parts

MANUAL = Table(
    "manual_value",
    (
        Field(
            "indicator",
            ("Индикатор", "Көрсөткүч", "indicator code", "code"),
            is_needed=True,
            is_key=True,
        ),
        Field("wave", ("Толкун", "Волна", "Этап")),  # without it: the wave the file is loaded for
        Field("value", ("Маани", "Мааниси", "Значение"), "number", is_needed=True),
        Field("numerator", ("Алым", "Числитель"), "number", low=0.0),
        Field("denominator", ("Бөлүм", "Знаменатель"), "number", low=0.0),
        Field("dated", ("date", "Күнү", "Дата"), "date"),
        Field("document", ("source", "Булак", "Документ", "Источник")),
        Field("entered_by", ("Киргизген", "Внёс", "Кто внёс", "entered by")),
    ),
    signature=("indicator", "value"),
)
NOTES = Table(
    "note",
    (
        Field("code", ("id", "№", "Код", "Номер"), is_needed=True, is_key=True),
        Field("theme", ("Тема", "Темасы")),
        Field("quote", ("Цитата", "Айтылган сөз", "text"), is_needed=True, is_key=True),
        Field("language", ("Тил", "Тили", "Язык")),
        Field("source", ("Булак", "Источник", "group")),
        Field("speaker", ("Ким айтты", "Кто сказал", "Респондент")),
        Field("indicator", ("related_indicator", "Индикатор", "Көрсөткүч")),
    ),
    signature=("quote",),
)


def validate_manual(raw: RawFile, context: ImportContext) -> CheckedFile:
    problems = Problems(raw.problems)
    rows: dict[tuple[str, str], RecordRow] = {}
    for record in _read(raw, context, problems, MANUAL):
        row = _manual_row(record, context, problems)
        if row is None:
            continue
        first = rows.setdefault((row.values["indicator"], row.values["wave"]), row)
        if first is not row:
            problems.block("duplicate_value", other=str(first.row), **record.where("indicator"))
    return CheckedFile(problems.all(), records=tuple(rows.values()))


def validate_notes(raw: RawFile, context: ImportContext) -> CheckedFile:
    problems = Problems(raw.problems)
    records = _read(raw, context, problems, NOTES)
    for record, first in repeated(records, ("code",)):
        problems.block("duplicate_code", other=str(first.row), **record.where("code"))
    rows = []
    for record in records:
        values = {one.name: record.values.get(one.name) or "" for one in NOTES.fields}
        if not values["code"] or not values["quote"]:
            continue
        if values["indicator"] and values["indicator"] not in context.indicator_codes:
            problems.warn("unknown_indicator", **record.where("indicator"))
            values["indicator"] = ""
        rows.append(RecordRow("note", "", values, record.row))
    return CheckedFile(problems.all(), records=tuple(rows))


def _read(raw: RawFile, context: ImportContext, problems: Problems, table: Table) -> list[Record]:
    if problems.has_block:
        return []
    records = Reader(context, problems).read(raw, table)
    if records is None:
        problems.block("wrong_file_kind")
    return records or []


def _manual_row(record: Record, context: ImportContext, problems: Problems) -> RecordRow | None:
    values: dict[str, Any] = {one.name: record.values.get(one.name) for one in MANUAL.fields}
    wave = context.wave.code if context.wave else ""
    values["wave"] = _known(values["wave"] or wave, context.wave_codes | {wave}, "wave")
    values["indicator"] = _known(values["indicator"], context.indicator_codes, "indicator")
    for name in ("wave", "indicator"):
        if values[name] is None:
            if record.values.get(name) is not None:
                problems.block(UNKNOWN[name], **record.where(name))
            elif name == "wave":  # a row without an indicator is listed already
                problems.leave_out_row("missing_required_value", **record.where(name))
            return None
    if not values["document"]:
        problems.warn("document_missing", **record.where("document"))
    if values["indicator"] in context.percent_indicators:
        _to_share(values, record, problems)
    if values["dated"] is not None and values["dated"] > context.reference_date:
        problems.warn("date_in_future", **record.where("dated"))
    values["document"] = values["document"] or ""
    values["entered_by"] = values["entered_by"] or ""
    return RecordRow("manual_value", "", values, record.row)


def _known(text: Any, known: frozenset[str], name: str) -> str | None:
    """The code as the project writes it."""
    by_key = {normalise(code): code for code in known}
    return by_key.get(normalise(str(text))) if text else None


def _to_share(values: dict[str, Any], record: Record, problems: Problems) -> None:
    """Percent as typed becomes a share; numerator and denominator are compared with it."""
    value, top, bottom = values["value"], values["numerator"], values["denominator"]
    if value is None:
        return
    if not 0 <= value <= PERCENT:
        problems.empty_cell("out_of_range_value", low="0", high="100", **record.where("value"))
        values["value"] = None
        return
    values["value"] = value / PERCENT
    if top is not None and bottom and abs(values["value"] - top / bottom) > ROUNDING:
        problems.warn(
            "value_differs_from_parts",
            suggestion=f"{PERCENT * top / bottom:.1f}",
            **record.where("value"),
        )
