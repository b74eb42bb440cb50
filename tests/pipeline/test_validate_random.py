"""Whatever a file holds, reading and validating it never raises."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.pipeline.read import read_table
from indicators.pipeline.shapes import CheckedFile, RawFile, RawTable
from indicators.pipeline.validate import validate
from indicators.vocabulary import Severity
from tests.pipeline.import_cases import context, form

CASES = [
    ("survey", "student"),
    ("survey", "teacher"),
    ("survey", "parent"),
    ("checklist", "director"),
    ("desk", ""),
    ("activity", ""),
    ("manual", ""),
    ("register", ""),
    ("notes", ""),
]
HEADERS = {
    "desk": "Мектептин коду|Мектеп|Жыл|ЖРТ тапшыргандар|ЖРТ орточо балл|Окуу жылы|Баскыч"
    "|Катышкандар|Байгелүү орундар",
    "activity": "Мектептин коду|Күнү|Түрү (код)|Катышкан кластердик мектептер"
    "|Кластердик мектептердин саны|Кол коюлган план|Кол коюлган күн",
    "manual": "indicator|wave|value|numerator|denominator|date|source",
    "register": "Эски код|Эски аталышы|change|Жаңы код|Күнү|enrolment_after|Код"
    "|Мектептин аталышы (ky)|Облус|Окуучулар, бардыгы",
    "notes": "id|theme|quote|language|related_indicator",
}
META = ["Timestamp", "start", "end", "_uuid", "__version__", "_id", "resp_id", "x", "[", "a/b", ""]
WORDS = ["Ооба, макулмун", "yes", "no", "IS-01", "is_7", "Ак-Булуң", "?к?р-Тоо", "4", "4,5", "-1"]
WORDS += ["98", "макулмун", "макулмун; орточо маани", "=1+1", "2025-10-14 24:30:00", "14.10.25"]
WORDS += ["99999999999999999999", "1e400", "Бардыгы", "\x00", "\ud83d", "()", "(", "²", "٣", "#x"]
WORDS += ["mentoring bonus", "тартип, тартип", "M01", "W1", "merged_renamed", "open_lesson", "²/³"]

cells = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    st.text(max_size=12),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


def headers(kind: str, form_name: str) -> st.SearchStrategy[list[str]]:
    known = [*META, *HEADERS.get(kind, "").split("|")]
    if form_name:
        for item in form(form_name).items:
            known += [item.file_name, item.labels[0], f"grp/{item.file_name}"]
            known += [f"{item.file_name}/{option.name}" for option in item.options[:2]]
    # Mostly the whole table, so that the cells are looked at and not only the header.
    whole = st.just(HEADERS[kind].split("|") if kind in HEADERS else _all_items(form_name))
    return st.one_of(whole, st.lists(st.sampled_from(known), max_size=12))


def _all_items(form_name: str) -> list[str]:
    return ["Timestamp", "_uuid", "start", "end", *(i.file_name for i in form(form_name).items)]


@st.composite
def raw_files(draw: Any, kind: str, form_name: str) -> RawFile:
    header = draw(headers(kind, form_name))
    rows = draw(st.lists(st.lists(cells, max_size=len(header) + 2).map(tuple), max_size=4))
    numbers = tuple(range(2, len(rows) + 2))
    labels = draw(
        st.dictionaries(
            st.sampled_from(header or ["x"]),
            st.dictionaries(st.floats(-5, 100), st.sampled_from(WORDS), max_size=3),
            max_size=2,
        )
    )
    table = RawTable("лист", tuple(header), 1, tuple(rows), numbers, labels)
    tables = draw(st.sampled_from([(table,), (table, table), ()]))
    return RawFile("file", draw(st.sampled_from(["xlsx", "csv", "sav"])), tables)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "form_name"), CASES, ids=lambda value: str(value))
def test_validate_never_raises(kind, form_name):
    known = context(kind, "W1", form_name)

    @given(raw=raw_files(kind, form_name))
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    def never_raises(raw: RawFile) -> None:
        checked = validate(raw, known)
        assert isinstance(checked, CheckedFile)
        for problem in checked.problems:
            assert problem.kind
            assert len(problem.value) <= 200
        if checked.survey is not None:
            used = checked.survey.funnel.used
            assert all(len(column) == used for column in checked.survey.columns.values())
            assert all(len(column) == used for column in checked.survey.texts.values())
            funnel = checked.survey.funnel
            assert funnel.opened >= funnel.consented >= funnel.answered >= funnel.used

    never_raises()


@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=100).map(lambda rest: b"PK\x03\x04" + rest),
        st.binary(max_size=100).map(lambda rest: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + rest),
        st.binary(max_size=200).map(lambda rest: b"$FL2" + rest),
        st.text(max_size=200).map(lambda text: text.encode("utf-16", "replace")),
        st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    ),
    name=st.sampled_from(["a.csv", "a.xlsx", "a.sav", "a", "../../etc/passwd", "a.XLS"]),
)
@settings(max_examples=200, deadline=None)
def test_read_never_raises(content, name):
    raw = read_table(name, content)
    assert raw.tables or any(problem.severity is Severity.BLOCK for problem in raw.problems)
