"""Desk data: national test results and olympiads per school. Context only, never a ranking."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.pipeline.problems import Problems
from indicators.pipeline.record_cells import Field
from indicators.pipeline.records import SCHOOL_NAME, Reader, Record, Table, repeated
from indicators.pipeline.shapes import CheckedFile, ImportContext, RawFile, RecordRow

HIGHEST_SCORE = 245.0

SCHOOL = Field(
    "school",
    ("Мектептин коду", "Код школы", "School code", "Код", "code"),
    "school",
    is_needed=True,
    is_key=True,
)
NAME = Field(SCHOOL_NAME, ("Мектеп", "Школа", "School", "Мектептин аталышы", "Название школы"))
ORT = Table(
    "ort",
    (
        SCHOOL,
        NAME,
        Field("period", ("Жыл", "Год", "Year", "Жылы"), "year", is_needed=True, is_key=True),
        Field(
            "grade_11",
            ("11-класстын окуучулары", "Учащиеся 11 класса", "Grade 11 students"),
            "count",
        ),
        Field(
            "takers",
            ("ЖРТ тапшыргандар", "Сдавшие ОРТ", "Сдавали ОРТ", "ORT takers", "Test takers"),
            "count",
            is_needed=True,
        ),
        Field(
            "mean",
            ("ЖРТ орточо балл", "ЖРТ орточо баллы", "Средний балл ОРТ", "ORT mean score", "Mean"),
            "number",
            is_needed=True,
            low=0.0,
            high=HIGHEST_SCORE,
        ),
    ),
    ("ЖРТ", "ОРТ", "ORT"),
    ("mean",),
)
LEVELS = {
    "райондук": "district",
    "районный": "district",
    "district": "district",
    "шаардык": "district",
    "облустук": "oblast",
    "областной": "oblast",
    "oblast": "oblast",
    "regional": "oblast",
    "республикалык": "republic",
    "республиканский": "republic",
    "republic": "republic",
    "national": "republic",
}
OLYMPIAD = Table(
    "olympiad",
    (
        SCHOOL,
        NAME,
        Field(
            "period",
            ("Окуу жылы", "Учебный год", "School year"),
            "school_year",
            is_needed=True,
            is_key=True,
        ),
        Field(
            "level",
            ("Баскыч", "Этап", "Уровень", "Stage", "Level"),
            "code",
            is_needed=True,
            is_key=True,
            codes=LEVELS,
        ),
        Field(
            "participants",
            ("Катышкандар", "Участники", "Participants"),
            "count",
            is_needed=True,
        ),
        Field("prizes", ("Байгелүү орундар", "Призовые места", "Prizes"), "count"),
    ),
    ("Олимпиада", "Олимпиады", "Olympiad", "Olympiads"),
    ("level",),
)


def validate_desk(raw: RawFile, context: ImportContext) -> CheckedFile:
    problems = Problems(raw.problems)
    reader = Reader(context, problems)
    rows: list[RecordRow] = []
    n_tables = 0
    for table in (ORT, OLYMPIAD):
        records = None if problems.has_block and not n_tables else reader.read(raw, table)
        if records is None:
            continue
        n_tables += 1
        _check(table, records, reader)
        rows += _rows(table, records, reader)
    problems.sheet = ""
    if not n_tables and not problems.has_block:
        problems.block("wrong_file_kind")
    return CheckedFile(problems.all(), records=tuple(rows))


def _check(table: Table, records: list[Record], reader: Reader) -> None:
    problems = reader.problems
    keys = ("school", "period") if table is ORT else ("school", "period", "level")
    for record, first in repeated(records, keys):
        problems.block("duplicate_school_year", other=str(first.row), **record.where("school"))
    for record in records:
        if table is ORT:
            _check_test(record, problems)
        elif _more(record, "prizes", "participants"):
            problems.warn("prizes_exceed_participants", **record.where("prizes"))


def _check_test(record: Record, problems: Problems) -> None:
    if _more(record, "takers", "grade_11"):
        problems.warn("takers_exceed_grade_size", **record.where("takers"))
    if record.values.get("mean") == 0:
        problems.empty_cell("zero_probably_missing", **record.where("mean"))


def _more(record: Record, name: str, than: str) -> bool:
    one, other = record.values.get(name), record.values.get(than)
    return one is not None and other is not None and one > other


def _rows(table: Table, records: list[Record], reader: Reader) -> Iterator[RecordRow]:
    """One row per number. A year after the wave is left out: it cannot be known yet."""
    wave = reader.context.wave
    for record in records:
        values = record.values
        if values.get("school") is None or values.get("period") is None:
            continue
        if table is OLYMPIAD and values.get("level") is None:
            continue
        if wave is not None and int(str(values["period"])[:4]) > wave.field_end.year:
            reader.problems.leave_out_row("date_outside_wave", **record.where("period"))
            continue
        for one in table.fields:
            if one.kind not in ("count", "number") or one.name not in values:
                continue
            value = values[one.name]
            is_no_score = one.name == "mean" and value == 0
            yield RecordRow(
                table.name,
                values["school"],
                {
                    "period": str(values["period"]),
                    "level": values.get("level") or "",
                    "name": one.name,
                    "value": None if value is None or is_no_score else float(value),
                },
                record.row,
                reader.problems.sheet,
            )
