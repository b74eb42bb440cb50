"""The log of cluster activities and the list of clusters."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.pipeline.problems import Problems
from indicators.pipeline.record_cells import Field
from indicators.pipeline.records import Reader, Record, Table, repeated
from indicators.pipeline.shapes import CheckedFile, ImportContext, RawFile, RecordRow
from indicators.pipeline.validate_desk import NAME, SCHOOL

MOST_TEACHERS, MOST_SCHOOLS = 300, 40  # at one activity; more is looked at

TYPES = {
    "open_lesson": ("Ачык сабак", "Открытый урок", "Open lesson"),
    "training": ("Кластердик окутуу", "Кластерное обучение", "Cluster training", "Окутуу"),
    "mentoring": ("Насаатчылык сапары", "Наставнический визит", "Mentoring visit"),
    "material": (
        "Жарыяланган методикалык материал",
        "Опубликованный методический материал",
        "Published teaching material",
    ),
    "joint_event": (
        "Биргелешкен иш-чара (семинар, форум)",
        "Совместное мероприятие (семинар, форум)",
        "Joint event (seminar, forum)",
    ),
}
TYPE_CODES = {code: code for code in TYPES} | {w: code for code, ws in TYPES.items() for w in ws}
EVENTS = Table(
    "event",
    (
        SCHOOL,
        NAME,
        Field("happened_on", ("Күнү", "Дата", "Date"), "date", is_needed=True, is_key=True),
        Field(
            "kind",
            ("Түрү (код)", "Вид (код)", "Type (code)", "Type code"),
            "code",
            is_needed=True,
            is_key=True,
            codes=TYPE_CODES,
            unknown_kind="unknown_type",
        ),
        Field("kind_text", ("Түрү", "Вид", "Type")),
        Field(
            "n_schools",
            ("Катышкан кластердик мектептер", "Участвовавшие школы кластера", "Cluster schools"),
            "count",
        ),
        Field(
            "n_teachers",
            (
                "Катышкан мугалимдер (кластердик мектептерден)",
                "Участвовавшие учителя (из школ кластера)",
                "Teachers of cluster schools",
            ),
            "count",
        ),
    ),
    ("иш-чаралар", "мероприятия", "events"),
    ("kind",),
)
CLUSTERS = Table(
    "cluster_plan",
    (
        SCHOOL,
        NAME,
        Field(
            "n_schools",
            ("Кластердик мектептердин саны", "Число школ кластера", "Number of cluster schools"),
            "count",
            is_needed=True,
        ),
        Field(
            "is_signed",
            ("Кол коюлган план", "Подписанный план", "Signed plan"),
            "yes_no",
            is_needed=True,
        ),
        Field("signed_on", ("Кол коюлган күн", "Дата подписания", "Signed on"), "date"),
    ),
    ("кластерлер", "кластеры", "clusters"),
    ("is_signed",),
)


def validate_activity(raw: RawFile, context: ImportContext) -> CheckedFile:
    problems = Problems(raw.problems)
    reader = Reader(context, problems)
    rows: list[RecordRow] = []
    n_tables = 0
    for table in (EVENTS, CLUSTERS) if not problems.has_block else ():
        records = reader.read(raw, table)
        if records is None:
            continue
        n_tables += 1
        left_out = (
            _check_events(records, reader) if table is EVENTS else _check_plans(records, reader)
        )
        rows += _rows(table, records, reader, left_out)
    problems.sheet = ""
    if not n_tables and not problems.has_block:
        problems.block("wrong_file_kind")
    return CheckedFile(problems.all(), records=tuple(rows))


def _check_events(records: list[Record], reader: Reader) -> set[int]:
    """Rows left out, because they lie in the future."""
    left_out: set[int] = set()
    problems, context = reader.problems, reader.context
    for record in records:
        day = record.values.get("happened_on")
        if day is not None and day > context.reference_date:
            problems.leave_out_row("date_in_future", **record.where("happened_on"))
            left_out.add(record.row)
        elif day is not None and context.project_start and day < context.project_start:
            problems.warn("date_before_project", **record.where("happened_on"))
        for name, most in (("n_teachers", MOST_TEACHERS), ("n_schools", MOST_SCHOOLS)):
            if (record.values.get(name) or 0) > most:
                problems.warn("implausible_value", most=str(most), **record.where(name))
    names = ("school", "happened_on", "kind", "n_schools", "n_teachers")
    for record, first in repeated(records, names):
        problems.warn("duplicate_identical_row", row=record.row, other=str(first.row))
    return left_out


def _check_plans(records: list[Record], reader: Reader) -> set[int]:
    for record, first in repeated(records, ("school",)):
        reader.problems.block("duplicate_school", other=str(first.row), **record.where("school"))
    for record in records:
        day = record.values.get("signed_on")
        if day is not None and day > reader.context.reference_date:
            reader.problems.warn("date_in_future", **record.where("signed_on"))
    return set()


def _rows(
    table: Table, records: list[Record], reader: Reader, left_out: set[int]
) -> Iterator[RecordRow]:
    keys = [one.name for one in table.fields if one.is_key]
    stored = [
        one.name for one in table.fields if one.name not in ("school", NAME.name, "kind_text")
    ]
    for record in records:
        if record.row in left_out or any(record.values.get(name) is None for name in keys):
            continue
        values = {name: record.values.get(name) for name in stored}
        yield RecordRow(
            table.name, record.values["school"], values, record.row, reader.problems.sheet
        )
