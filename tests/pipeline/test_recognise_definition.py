"""Which workbook of a definition a file is, and what a set of workbooks lacks."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from indicators.pipeline import framework
from indicators.pipeline.framework import missing_parts, read_project, read_workbooks
from indicators.pipeline.framework_agenda import AGENDA_COLUMNS
from indicators.pipeline.framework_shapes import ProjectHead
from indicators.pipeline.read import read_table
from indicators.pipeline.recognise_definition import DefinitionPlace, recognise_definition
from indicators.pipeline.shapes import RawFile, RawTable
from indicators.vocabulary import DefinitionPart
from tests.pipeline.project_folder import DEMO, read_form_once

P = DefinitionPart
HEAD = ProjectHead("p", ("А", "Б", "C"), date(2027, 12, 1))
FILES = {
    path.relative_to(DEMO).as_posix(): path
    for path in (
        DEMO / "framework.xlsx",
        DEMO / "register" / "schools.xlsx",
        *(DEMO / "instruments").glob("*.xlsx"),
    )
}


@pytest.fixture(autouse=True)
def forms_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framework, "read_form", read_form_once)


def table(sheet: str, *rows: tuple[str, ...]) -> RawTable:
    return RawTable(sheet, rows[0] if rows else (), 1, rows[1:], tuple(range(2, len(rows) + 1)))


@pytest.mark.parametrize(
    ("path", "slot"),
    [
        ("framework.xlsx", "framework"),
        ("register/schools.xlsx", "register"),
        ("agenda.xlsx", "agenda"),
        ("instruments/student.xlsx", "form student 2025100101"),
        ("instruments/student_v2_endline.xlsx", "form student 2027091501"),
    ],
)
def test_a_workbook_is_told_by_its_sheets(path, slot):
    """The name says nothing: each is read as if it were called otherwise."""
    place = recognise_definition(read_table("x.xlsx", (DEMO / path).read_bytes()))
    assert place is not None
    assert place.slot == slot


@pytest.mark.parametrize("path", ["baseline/teacher_kobo.xlsx", "endline/register_changes.xlsx"])
def test_data_are_no_definition(path):
    assert recognise_definition(read_table(path, (DEMO / path).read_bytes())) is None


@pytest.mark.parametrize("others", [(), (table("settings"),), (table("settings", ("a",)),)])
def test_a_form_without_settings_is_a_form_all_the_same(others):
    raw = RawFile("x.xlsx", "xlsx", (table("survey", ("type",)), *others))
    assert recognise_definition(raw) == DefinitionPlace(P.FORM)


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        ([], [P.REGISTER, P.FORM, P.FRAMEWORK]),
        (["framework.xlsx"], [P.REGISTER, P.FORM]),
        (["register/schools.xlsx", "instruments/a.xlsx"], [P.FRAMEWORK]),
        (["agenda.xlsx", "framework.xlsx"], [P.REGISTER, P.FORM]),
        (list(FILES), []),
    ],
)
def test_what_is_missing_is_named(names, missing):
    assert list(missing_parts(names)) == missing


def test_workbooks_say_the_same_as_their_folder():
    from_files, _ = read_workbooks(FILES, HEAD)
    from_folder, _ = read_project(DEMO)
    assert from_files is not None
    assert from_folder is not None
    assert from_files.indicators == from_folder.indicators
    assert from_files.schools == from_folder.schools
    assert from_files.instruments == from_folder.instruments
    assert from_files.head == HEAD


def some(*starts: str) -> dict[str, Path]:
    return {name: path for name, path in FILES.items() if name.startswith(starts)}


@pytest.mark.parametrize("starts", [("framework",), ("register",), ("instruments", "register")])
def test_while_a_part_is_missing_only_what_stands_alone_is_judged(starts):
    definition, problems = read_workbooks(some(*starts), HEAD)
    assert definition is None
    assert [one for one in problems if one.severity == "block"] == []


def test_a_wrong_sheet_is_found_even_alone(tmp_path):
    """A register given as the framework: every sheet it lacks is named."""
    definition, problems = read_workbooks(
        {"framework.xlsx": DEMO / "register" / "schools.xlsx"}, HEAD
    )
    assert definition is None
    assert {one.sheet for one in problems if one.kind == "sheet_missing"} >= {"waves", "scales"}


def test_the_agenda_may_be_absent_and_knows_the_indicators_of_the_site(tmp_path):
    book = Workbook()
    book.remove(book["Sheet"])
    sheet = book.create_sheet("agenda")
    sheet.append(list(AGENDA_COLUMNS))
    sheet.append(["E01", "", "", "", "What changed?", "S01 NEW1"])
    book.save(tmp_path / "agenda.xlsx")
    files = FILES | {"agenda.xlsx": tmp_path / "agenda.xlsx"}
    definition, problems = read_workbooks(files, HEAD)
    assert definition is None
    (wrong,) = (one for one in problems if one.severity == "block")
    assert (wrong.kind, wrong.sheet, wrong.row) == ("indicator_unknown", "agenda", 2)
    assert (wrong.column, wrong.value) == ("indicators", "NEW1")
    definition, _ = read_workbooks(files, HEAD, {"NEW1"})
    assert definition is not None
    assert definition.agenda[0].indicators == ("S01", "NEW1")
    assert "agenda.xlsx" in definition.files


def test_an_agenda_alone_is_judged_by_its_columns(tmp_path):
    book = Workbook()
    book.create_sheet("agenda").append(["code"])
    book.save(tmp_path / "agenda.xlsx")
    definition, problems = read_workbooks({"agenda.xlsx": tmp_path / "agenda.xlsx"}, HEAD)
    assert definition is None
    assert {one.column for one in problems if one.kind == "column_missing"} >= {"indicators"}
