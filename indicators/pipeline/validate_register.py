"""Changes of the school register, and a whole register as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from indicators.pipeline.problems import Problems
from indicators.pipeline.record_cells import Field
from indicators.pipeline.records import SCHOOL_NAME, Reader, Record, Table, repeated
from indicators.pipeline.schools import code_key
from indicators.pipeline.shapes import CheckedFile, ImportContext, RawFile, RecordRow
from indicators.vocabulary import SchoolEventKind

CHANGE_WORDS = {kind.value: kind.value for kind in SchoolEventKind} | {
    "бириктирилди, аталышы жана коду өзгөрдү": "merged_renamed",
    "объединена, изменены название и код": "merged_renamed",
    "аталышы өзгөрдү": "renamed",
    "переименована": "renamed",
    "жабылды": "closed",
    "закрыта": "closed",
    "катышкан жок": "absent",
    "не участвовала": "absent",
}
CHANGES = Table(
    "school_event",
    (
        Field(
            "school",
            ("Эски код", "Старый код", "Old code", "Мектептин коду"),
            "school",
            is_needed=True,
            is_key=True,
        ),
        Field(SCHOOL_NAME, ("Эски аталышы", "Старое название", "Old name")),
        Field("kind_text", ("Өзгөрүү", "Изменение")),
        Field(
            "kind",
            ("change", "Өзгөрүү (код)", "Изменение (код)"),
            "code",
            is_needed=True,
            is_key=True,
            codes=CHANGE_WORDS,
            unknown_kind="unknown_change",
        ),
        Field("new_code", ("Жаңы код", "Новый код", "New code")),
        Field("new_name", ("Жаңы аталышы", "Новое название", "New name")),
        Field("happened_on", ("Күнү", "Дата", "Date"), "date"),
        Field("note", ("Түшүндүрмө", "Примечание", "Пояснение", "Note")),
        Field("enrolment_after", ("Окуучулар кийин", "Учащихся после"), "count"),
    ),
    signature=("kind",),
)
STATE = {"urban": "urban", "шаар": "urban", "город": "urban", "rural": "rural"} | {
    "айыл": "rural",
    "село": "rural",
}
COUNTS = {
    "n_girls_1_4": ("Кыздар 1–4", "Девочки 1–4", "Girls 1-4"),
    "n_boys_1_4": ("Балдар 1–4", "Мальчики 1–4", "Boys 1-4"),
    "n_girls_5_9": ("Кыздар 5–9", "Девочки 5–9", "Girls 5-9"),
    "n_boys_5_9": ("Балдар 5–9", "Мальчики 5–9", "Boys 5-9"),
    "n_girls_10_11": ("Кыздар 10–11", "Девочки 10–11", "Girls 10-11"),
    "n_boys_10_11": ("Балдар 10–11", "Мальчики 10–11", "Boys 10-11"),
    "n_students": ("Окуучулар, бардыгы", "Учащиеся, всего", "Students, total"),
    "n_teachers_primary": ("Мугалимдер: башталгыч", "Учителя: начальные", "Teachers: primary"),
    "n_teachers_secondary": ("Мугалимдер: орто", "Учителя: средние", "Teachers: secondary"),
    "n_teachers": ("Мугалимдер, бардыгы", "Учителя, всего", "Teachers, total"),
}
REGISTER = Table(
    "school",
    (
        Field("code", ("Код", "School code"), is_needed=True),
        Field("name_ky", ("Мектептин аталышы (ky)",), is_needed=True),
        Field("name_ru", ("Название школы (ru)",)),
        Field("name_en", ("School name (en)",)),
        Field("oblast", ("Облус",), "code", unknown_kind="unknown_region"),
        Field("oblast_ru", ("Область",)),
        Field("district_ky", ("Район/шаар (ky)",)),
        Field("district_ru", ("Район/город (ru)",)),
        Field("settlement", ("Шаар/айыл (urban/rural)",), "code", codes=STATE),
        Field("remoteness", ("Алыстыгы",)),
        Field("distance_km", ("Район борборуна чейин, км",), "number", low=0.0, high=2000.0),
        Field("languages", ("Окутуу тили",)),
        *(Field(name, aliases, "count") for name, aliases in COUNTS.items()),
        Field("role", ("Ролу", "Роль", "Role")),
    ),
    signature=("code", "name_ky"),
)
STUDENT_PARTS = tuple(name for name in COUNTS if "girls" in name or "boys" in name)
TEACHER_PARTS = ("n_teachers_primary", "n_teachers_secondary")


def validate_register(raw: RawFile, context: ImportContext) -> CheckedFile:
    problems = Problems(raw.problems)
    if problems.has_block:
        return CheckedFile(problems.all())
    reader = Reader(context, problems)
    changes = reader.read(raw, CHANGES)
    if changes is None:
        return _validate_whole(raw, context, reader)
    _check_changes(changes, reader)
    return CheckedFile(problems.all(), records=tuple(_change_rows(changes, reader)))


def _check_changes(records: list[Record], reader: Reader) -> None:
    """Changes that cannot be carried out block the file."""
    problems = reader.problems
    for record, first in repeated(records, ("school",)):
        problems.block("duplicate_school", other=str(first.row), **record.where("school"))
    known = {code_key(school.code): school.code for school in reader.context.schools}
    for record in records:
        kind, new_code = record.values.get("kind"), record.values.get("new_code")
        if kind == SchoolEventKind.MERGED_RENAMED and not new_code:
            problems.block("new_code_missing", **record.where("new_code"))
        if new_code and code_key(new_code) in known:
            problems.block("new_code_taken", **record.where("new_code"))
        day = record.values.get("happened_on")
        if day is not None and day > reader.context.reference_date:
            problems.warn("date_in_future", **record.where("happened_on"))


def _change_rows(records: list[Record], reader: Reader) -> list[RecordRow]:
    names = ("kind", "new_code", "new_name", "happened_on", "note", "enrolment_after")
    return [
        RecordRow(
            "school_event",
            record.values["school"],
            {name: record.values.get(name) for name in names},
            record.row,
            reader.problems.sheet,
        )
        for record in records
        if record.values.get("school") and record.values.get("kind")
    ]


# --- a whole register -----------------------------------------------------------------------


def _validate_whole(raw: RawFile, context: ImportContext, reader: Reader) -> CheckedFile:
    """A register of schools. It belongs to the project's folder, so it is checked, not loaded."""
    problems = reader.problems
    records = reader.read(raw, _with_regions(context))
    if records is None:
        problems.block("wrong_file_kind")
        return CheckedFile(problems.all())
    _check_schools(records, problems)
    problems.sheet = ""
    problems.block("whole_register")
    rows = [RecordRow("school", r.values["code"] or "", dict(r.values), r.row) for r in records]
    return CheckedFile(problems.all(), records=tuple(rows))


def _with_regions(context: ImportContext) -> Table:
    codes = context.categories.get("oblast", {})
    fields = (
        replace(one, codes=codes, kind="code" if codes else "text") if one.name == "oblast" else one
        for one in REGISTER.fields
    )
    return replace(REGISTER, fields=tuple(fields))


def _check_schools(records: list[Record], problems: Problems) -> None:
    for record, first in repeated(records, ("code",)):
        problems.block("duplicate_code", other=str(first.row), **record.where("code"))
    for record in records:
        if not record.values.get("code"):
            problems.block("missing_code", **record.where("code"))
        _check_total(record, "n_students", STUDENT_PARTS, problems)
        _check_total(record, "n_teachers", TEACHER_PARTS, problems)


def _check_total(record: Record, total: str, parts: tuple[str, ...], problems: Problems) -> None:
    values: list[Any] = [record.values.get(name) for name in parts]
    stated = record.values.get(total)
    if stated is None or any(value is None for value in values) or sum(values) == stated:
        return
    problems.warn("total_does_not_match_parts", suggestion=str(sum(values)), **record.where(total))
