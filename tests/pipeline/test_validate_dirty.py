"""Files with planted mistakes: each is found where it stands, or read as it was meant.

`key.json` says what was planted where. For what an importer should simply accept, the value it
should read is compared instead; blank rows, titles and hidden sheets must cause nothing.
"""

from collections import Counter

import pytest

from indicators.pipeline.read import read_table
from indicators.pipeline.shapes import CheckedFile
from indicators.vocabulary import Severity
from tests.golden.dirty_table import ALARMS, COLUMNS, FILES, KEY, REPORTED
from tests.pipeline.import_cases import DIRTY, check

BY_ID = {planted["id"]: planted for planted in KEY}

# A form of its own where the database has a version.
FORMS = {"student_spss.sav": "student_v2_endline"}


@pytest.fixture(scope="module")
def checked() -> dict[str, CheckedFile]:
    return {
        name: check(DIRTY / name, kind, wave, FORMS.get(name, form_name))
        for name, (kind, wave, form_name) in FILES.items()
    }


def place(id: str) -> tuple[int | None, str]:
    planted = BY_ID[id]
    return planted["row"], COLUMNS.get(id, planted["column"] or "").strip()


@pytest.mark.parametrize("name", FILES)
def test_exactly_what_was_planted_is_listed_where_it_stands(checked, name):
    expected = Counter(
        (kind, *place(id))
        for id, kinds in REPORTED.items()
        if BY_ID[id]["file"] == name
        for kind in kinds
    )
    expected.update((one.kind, one.row, one.column) for one in ALARMS if one.file == name)
    assert Counter((p.kind, p.row, p.column.strip()) for p in checked[name].problems) == expected


def test_no_file_with_planted_mistakes_passes_unseen(checked):
    for name, file in checked.items():
        assert file.problems, name
    accepted = {name for name, file in checked.items() if file.is_acceptable}
    assert accepted == {"student_ru_cp1251.csv", "teacher_kobo_bom.csv"}  # nothing blocks there


def test_checklist_with_mistakes_keeps_what_is_clear(checked):
    (row,) = checked["director_IS-03.xlsx"].checklists
    assert row.answers["d_boys_girls_equally_safe"] == 4
    assert row.answers["d_stem_labs"] == 2
    assert row.answers["d_teaching_kits"] == 4
    assert row.comments["d_teaching_kits"] == "бирок 7-класс үчүн жок"
    assert row.answers["d_strategic_plan"] == 1
    assert row.answers["d_plan_updated"] == 1
    assert row.answers["d_informs_on_plan"] == 2
    assert "d_pd_share" not in row.answers
    assert "d_internet_stable" not in row.answers


def test_desk_data_with_mistakes_keep_what_is_clear(checked):
    values = {
        (r.row, r.values["name"]): r.values["value"]
        for r in checked["desk_data.xlsx"].records
        if r.table == "ort"
    }
    assert values[3, "mean"] == 118.4
    assert values[4, "takers"] == 1204
    assert values[5, "mean"] is None
    assert values[11, "mean"] is None
    assert values[12, "mean"] is None
    assert {r.values["period"] for r in checked["desk_data.xlsx"].records if r.row == 6} == {
        "2023",
        "2024/2025",
    }
    olympiad = [r for r in checked["desk_data.xlsx"].records if r.table == "olympiad"]
    assert {r.values["period"] for r in olympiad if r.row == 3} == {"2024/2025"}
    assert {r.values["level"] for r in olympiad if r.row == 4} == {"oblast"}


def test_answers_of_those_who_refused_are_never_listed(checked):
    for name in ("student_googleforms.xlsx", "teacher_kobo.xlsx", "parent_forms_utf16.csv"):
        refused = [
            p.row for p in checked[name].problems if p.kind == "no_consent_but_answers_present"
        ]
        assert refused
        for problem in checked[name].problems:
            if problem.row in refused:
                assert problem.kind == "no_consent_but_answers_present"
        table = checked[name].survey
        assert table is not None
        assert not set(refused) & set(table.row_numbers.tolist())


def test_the_format_is_told(checked):
    raw = read_table("a.csv", (DIRTY / "parent_forms_utf16.csv").read_bytes())
    assert (raw.encoding, raw.delimiter) == ("utf-16", "\t")
    raw = read_table("a.csv", (DIRTY / "student_ru_cp1251.csv").read_bytes())
    assert (raw.encoding, raw.delimiter) == ("cp1251", ";")
    raw = read_table("a.csv", (DIRTY / "teacher_kobo_bom.csv").read_bytes())
    assert raw.encoding == "utf-8-sig"
    assert raw.tables[0].header[0] == "start"


def test_every_severity_is_used(checked):
    found = {problem.severity for file in checked.values() for problem in file.problems}
    assert found == set(Severity)
