"""What a delivered file is, found from its content alone."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from indicators.pipeline.read import read_table
from indicators.pipeline.recognise import Recognition, recognise
from indicators.pipeline.recognise_wave import wave_of
from indicators.pipeline.shapes import Known, KnownForm
from indicators.vocabulary import FileKind
from tests.pipeline.import_cases import DEMO, DIRTY, WAVES, form

BOTH = frozenset(WAVES)
FORMS = (
    KnownForm(1, form("student"), frozenset({"W0"})),
    KnownForm(2, replace(form("student_v2_endline"), version="2"), frozenset({"W1"})),
    KnownForm(3, form("teacher"), BOTH),
    KnownForm(4, form("parent"), BOTH),
    KnownForm(5, form("director"), BOTH),
)
KNOWN = Known(FORMS, tuple(WAVES.values()), BOTH)
BASE, END = DEMO / "baseline", DEMO / "endline"

# file, kind, version, wave, language
DELIVERED = [
    (BASE / "student_googleforms.xlsx", "survey", 1, "W0", "ky"),
    (BASE / "student_googleforms_ru.csv", "survey", 1, "W0", "ru"),
    (BASE / "teacher_kobo.xlsx", "survey", 3, "W0", ""),
    (BASE / "parent_forms.csv", "survey", 4, "W0", "ky"),
    *(
        (path, "checklist", 5, "W0", "ky")
        for path in sorted((BASE / "director_checklist").iterdir())
    ),
    (BASE / "desk_data.xlsx", "desk", None, "W0", ""),
    (BASE / "qualitative.csv", "notes", None, "", ""),  # no date in it: the officer is asked
    (END / "student_spss.sav", "survey", 2, "W1", "ky"),
    (END / "teacher_kobo.csv", "survey", 3, "W1", ""),
    (END / "parent_forms.xlsx", "survey", 4, "W1", "ky"),
    (END / "director_checklist.xlsx", "checklist", 5, "W1", "ky"),
    (END / "desk_data.xlsx", "desk", None, "W1", ""),
    (END / "register_changes.xlsx", "register", None, "W1", ""),
    (END / "cluster_activity.xlsx", "activity", None, "W1", ""),
    (END / "manual_values.csv", "manual", None, "", ""),
    (DIRTY / "student_googleforms.xlsx", "survey", 1, "W0", "ky"),
    (DIRTY / "student_ru_cp1251.csv", "survey", 1, "W0", "ru"),
    (DIRTY / "student_spss.sav", "survey", 2, "W1", "ky"),
    (DIRTY / "teacher_kobo.xlsx", "survey", 3, "W0", ""),
    (DIRTY / "teacher_kobo_bom.csv", "survey", 3, "W0", ""),
    (DIRTY / "teacher_kobo_wrong_slot.xlsx", "survey", 3, "W0", ""),
    (DIRTY / "parent_forms_utf16.csv", "survey", 4, "W0", "ky"),
    (DIRTY / "director_IS-03.xlsx", "checklist", 5, "W0", "ky"),
    (DIRTY / "desk_data.xlsx", "desk", None, "W0", ""),
    (DIRTY / "schools.xlsx", "register", None, "", ""),
    (DIRTY / "cluster_activity.xlsx", "activity", None, "W1", ""),
]


def read(path: Path, known: Known = KNOWN) -> Recognition:
    return recognise(read_table(path.name, path.read_bytes()), known)


@pytest.mark.parametrize(
    ("path", "kind", "version", "wave", "language"),
    DELIVERED,
    ids=[f"{row[0].parent.name}/{row[0].stem}" for row in DELIVERED],
)
def test_a_delivered_file_is_recognised(path, kind, version, wave, language):
    found = read(path)
    assert (found.kind, found.version, found.wave.code) == (FileKind(kind), version, wave)
    assert found.language == language


def test_every_delivered_file_is_in_the_table():
    there = {p for folder in (BASE, END, DIRTY) for p in folder.rglob("*.*") if p.suffix != ".json"}
    unreadable = {
        DIRTY / name
        for name in ("empty.csv", "renamed_text.xlsx", "header_only.csv")  # three columns
    }
    assert there - unreadable == {row[0] for row in DELIVERED}
    for path in unreadable:
        assert read(path) == Recognition()


def typed(text: str, known: Known = KNOWN) -> Recognition:
    return recognise(read_table("typed.csv", text.encode()), known)


def names(which: str) -> list[str]:
    return [item.file_name for item in form(which).items]


def test_a_strange_table_is_nothing():
    assert typed("fruit,price\napple,3\n") == Recognition()


def test_two_questionnaires_in_one_file_ask():
    found = typed(",".join(names("teacher") + names("parent")) + "\n1,2\n")
    assert (found.kind, found.version, found.wave.code) == (None, None, "")
    assert {one.instrument for one in found.candidates} == {"teacher", "parent"}


def test_without_dates_the_only_open_wave_is_taken():
    text = ",".join(names("teacher")) + "\n1,2\n"
    assert typed(text).wave.code == ""
    found = typed(text, replace(KNOWN, open_waves=frozenset({"W1"})))
    assert (found.wave.code, found.wave.why) == ("W1", "only_open")


def test_a_version_of_one_wave_names_the_wave():
    found = typed(",".join(names("student_v2_endline")) + "\n1,2\n")
    assert (found.version, found.wave.code, found.wave.why) == (2, "W1", "questionnaire")


def test_versions_that_cannot_be_told_apart_ask():
    forms = (FORMS[2], replace(FORMS[2], key=9, form=replace(FORMS[2].form, version="2")))
    text = "today," + ",".join(names("teacher")) + "\n2025-10-08,1\n"
    found = typed(text, replace(KNOWN, forms=forms))
    assert (found.kind, found.wave.code, found.version) == (FileKind.SURVEY, "W0", None)


def test_dates_far_from_every_wave_name_none():
    text = "today," + ",".join(names("teacher")) + "\n2020-01-01,1\n"
    found = typed(text, replace(KNOWN, open_waves=frozenset({"W1"})))
    assert (found.wave.code, found.wave.first) == ("", date(2020, 1, 1))


def test_dates_of_two_waves_name_none():
    days = [date(2025, 10, 8)] * 3 + [date(2027, 10, 8)] * 2
    found = wave_of(FileKind.SURVEY, days, KNOWN.waves, used_in=BOTH, open_waves=BOTH)
    assert (found.code, found.first, found.last) == ("", days[0], days[-1])


def test_a_log_later_than_every_wave_names_none():
    days = [date(2031, 1, 1)]
    for kind in (FileKind.ACTIVITY, FileKind.SURVEY):
        assert wave_of(kind, days, KNOWN.waves, used_in=BOTH, open_waves=BOTH).code == ""
    assert wave_of(FileKind.DESK, [], (), used_in=BOTH, open_waves=BOTH).code == ""


def test_the_years_of_an_unusual_desk_table():
    """A row that is too short has no year; a year that stands once is taken if no other is."""
    found = typed("Код,Год,Средний балл ОРТ\nIS-01,2027,100\nIS-02\n")
    assert (found.kind, found.wave.code, found.wave.why) == (FileKind.DESK, "W1", "period")
