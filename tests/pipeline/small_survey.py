"""A questionnaire of one question of each kind, and files with answers to it."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from indicators.pipeline.read import read_table
from indicators.pipeline.shapes import (
    CheckedFile,
    FormSpec,
    ImportContext,
    ItemSpec,
    OptionSpec,
    SchoolSpec,
    WaveSpec,
)
from indicators.pipeline.validate import validate
from indicators.vocabulary import FileKind, ItemKind, Respondent, Selection

# severity, kind, row, column, value
Found = tuple[str, str, int | None, str, str]

AGREE = ("такыр макул эмес", "макул эмес", "билбейм", "макул", "толук макул")
LIKERT = tuple(OptionSpec(str(code), code, (AGREE[code - 1], "", "")) for code in range(1, 6))
WAYS = (
    OptionSpec("mentoring", 1, ("насаатчылык", "наставничество", "")),
    OptionSpec("study", 2, ("окуу", "", "")),
    OptionSpec("none", 3, ("эч кандай", "", "")),
)


def item(name: str, kind: ItemKind = ItemKind.SCALE, **fields: Any) -> ItemSpec:
    values = {"labels": (f"Суроо {name}", "", ""), "block": "life", **fields}
    return ItemSpec(name, name, kind, **values)


ITEMS = (
    item(
        "consent",
        ItemKind.CONSENT,
        options=(OptionSpec("yes", 1, ("ооба", "", "")), OptionSpec("no", 0, ("жок", "", ""))),
        block="",
    ),
    item("school", ItemKind.SCHOOL, block="background", is_required=True),
    item("age", ItemKind.NUMBER, low=5, high=20),
    item("safe", options=LIKERT, is_required=True),
    item("heard", options=LIKERT),
    item("ways", ItemKind.MULTI, options=WAYS, max_selected=2, exclusive_option="none"),
    item("why", ItemKind.TEXT),
    item("filled_on", ItemKind.DATE),
)
FORM = FormSpec("student", "1", Respondent.STUDENT, Selection.CENSUS, ITEMS)
SCHOOLS = (
    SchoolSpec("IS-01", ("«Таң-Шоола» орто мектеби",), "IS-01"),
    SchoolSpec("IS-02", ("«Көк-Мунара» орто мектеби",), "IS-02"),
)
WAVE = WaveSpec("W0", 0, date(2025, 10, 6), date(2025, 11, 2))
# One answer to everything; a test changes what it is about.
ANSWERED = {
    "consent": "yes",
    "school": "IS-01",
    "age": "15",
    "safe": "4",
    "heard": "2",
    "ways": "mentoring",
    "why": "",
}


def context(form: FormSpec = FORM, **changes: Any) -> ImportContext:
    kind = changes.pop("kind", FileKind.SURVEY)
    return ImportContext(kind, WAVE, date(2027, 12, 1), SCHOOLS, form, **changes)


def check(content: bytes, name: str = "answers.csv", **changes: Any) -> CheckedFile:
    return validate(read_table(name, content), context(**changes))


def answers(*people: Mapping[str, object], form: FormSpec = FORM, **more: Any) -> CheckedFile:
    """A CSV with a column for everything anybody has; a missing answer is an empty cell."""
    header = list(dict.fromkeys([*ANSWERED, *(name for one in people for name in one)]))
    return check(
        table(header, [[one.get(name, "") for name in header] for one in people]), form=form, **more
    )


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([header, *rows])
    return text.getvalue().encode()


def found_in(checked: CheckedFile) -> list[Found]:
    return [(p.severity.value, p.kind, p.row, p.column, p.value) for p in checked.problems]


def column_of(checked: CheckedFile, name: str) -> list[int]:
    """The codes that would be stored."""
    assert checked.survey is not None
    return [int(code) for code in checked.survey.columns[name]]
