"""More mistakes in a project's files, each told with its place; nothing is stored here."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from indicators.pipeline import framework
from indicators.pipeline.framework_cells import nearest
from indicators.pipeline.framework_schools import SchoolCodes
from indicators.pipeline.framework_shapes import CategoryDefinition
from indicators.pipeline.shapes import ProblemSpec
from indicators.vocabulary import Severity
from tests.pipeline.project_folder import (
    columns,
    copy_demo,
    read_form_once,
    row_of,
    set_cell,
    spoil,
)
from tests.pipeline.test_read import parts_of, zipped

FRAMEWORK = "framework.xlsx"


@pytest.fixture(autouse=True)
def forms_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framework, "read_form", read_form_once)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_demo(tmp_path)


def found_in(folder: Path) -> list[ProblemSpec]:
    definition, problems = framework.read_project(folder)
    blocked = any(problem.severity is Severity.BLOCK for problem in problems)
    assert (definition is None) is blocked
    return list(problems)


def kinds_of(folder: Path) -> set[str]:
    return {problem.kind for problem in found_in(folder)}


def row_of_indicator(folder: Path, code: str) -> int:
    return row_of(folder / FRAMEWORK, "indicators", "code", code)


@pytest.mark.parametrize(
    ("indicator", "column", "value", "kind"),
    [
        ("S15", "items", "s_missing", "item_unknown"),
        ("T10", "items", "t_ways_of_support", "item_not_scored"),
        ("P03", "items", "p_informed", "not_a_recommend_scale"),
        ("P03", "items", "p_nothing", "item_unknown"),
        ("D01", "items", "d_nothing", "item_unknown"),
        ("T20", "items", "t_nothing", "item_unknown"),
        ("T20", "items", "t_comp_ict", "item_not_multi"),
        ("T20", "codes", "mentorin", "option_unknown"),
        ("S13", "items", "s_nothing", "item_unknown"),
        ("G01", "items", "t_group_work_last_week", "gap_unreadable"),
        ("G01", "items", "t_nothing - s_group_work_last_week", "item_unknown"),
        ("G01", "items", "t_comp_ict - s_group_work_last_week", "gap_scales_differ"),
        ("X01", "items", "ort.median", "source_unknown"),
        ("C02", "items", "clusters.size", "source_unknown"),
        ("C03", "codes", "", "value_missing"),
        ("S01", "statistic", "median", "value_unknown"),
        ("S01", "code", "", "value_missing"),
        ("S01", "decimals", 2.5, "not_a_whole_number"),
        ("S01", "level", "", "value_missing"),
    ],
)
def test_indicators(folder: Path, indicator: str, column: str, value: object, kind: str) -> None:
    row = row_of_indicator(folder, indicator)
    set_cell(folder / FRAMEWORK, "indicators", row, column, value)
    found = [problem for problem in found_in(folder) if problem.kind == kind]
    assert (found[0].sheet, found[0].row) == ("indicators", row)


def test_a_gap_of_sexes_needs_the_question(folder: Path) -> None:
    row = row_of_indicator(folder, "P01")
    path = folder / FRAMEWORK
    set_cell(path, "indicators", row, "statistic", "gap_girls_minus_boys")
    set_cell(path, "indicators", row, "unit", "points 1-5")
    assert "question_on_sex_missing" in kinds_of(folder)


@pytest.mark.parametrize(
    ("row", "column", "value", "kind"),
    [
        (2, "instrument", "pupil", "instrument_unknown"),
        (2, "statistic", "median", "value_unknown"),
        (2, "scale_min", 7, "range_not_ordered"),
        (2, "items", "s_recommend s_recommend", "repeated"),
        (2, "items", "s_recommend s_school", "item_not_scored"),
        (14, "reverse_items", "t_must_ask_permission", "reverse_mark_differs"),
    ],
)
def test_indices(folder: Path, row: int, column: str, value: object, kind: str) -> None:
    set_cell(folder / FRAMEWORK, "indices", row, column, value)
    found = [problem for problem in found_in(folder) if problem.kind == kind]
    assert (found[0].sheet, found[0].row) == ("indices", row)


def test_a_change_cannot_exceed_the_scale(folder: Path) -> None:
    set_cell(folder / FRAMEWORK, "targets", 60, "target_value", 3.5)
    assert "change_too_large" in kinds_of(folder)


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("version", "7", "form_unknown"),
        ("item", "", "value_missing"),
    ],
)
def test_item_versions(folder: Path, column: str, value: str, kind: str) -> None:
    set_cell(folder / FRAMEWORK, "item_versions", 3, column, value)
    assert kind in kinds_of(folder)


def test_the_same_wording_twice(folder: Path) -> None:
    def repeat(page: Any) -> None:
        page.append([cell.value for cell in page[3]])

    spoil(folder / FRAMEWORK, "item_versions", repeat)
    assert "repeated" in kinds_of(folder)


def change_form(folder: Path, form: str, cells: dict[tuple[int, str], object]) -> None:
    for (row, column), value in cells.items():
        set_cell(folder / "instruments" / form, "survey", row, column, value)


def test_a_question_may_not_change_its_scale_between_versions(folder: Path) -> None:
    path = folder / "instruments/student_v2_endline.xlsx"
    row = row_of(path, "survey", "name", "s_internet")
    change_form(folder, path.name, {(row, "type"): "select_one freq_0_3"})
    found = next(problem for problem in found_in(folder) if problem.kind == "item_changed")
    assert (found.row, found.value, found.suggestion) == (
        row,
        "scale freq_0_3",
        "scale likert_1_5",
    )


def test_two_forms_with_one_version(folder: Path) -> None:
    set_cell(folder / "instruments/student_v2_endline.xlsx", "settings", 2, "version", 2025100101)
    assert "version_repeated" in kinds_of(folder)


def test_a_name_in_two_questionnaires(folder: Path) -> None:
    path = folder / "instruments/teacher.xlsx"
    row = row_of(path, "survey", "name", "t_comp_student_centred")
    change_form(folder, path.name, {(row, "name"): "s_internet"})
    found = next(problem for problem in found_in(folder) if problem.kind == "item_name_shared")
    assert (found.value, found.params["other"]) == ("s_internet", "student")


def test_options_that_are_not_in_the_framework(folder: Path) -> None:
    path = folder / "instruments/director.xlsx"
    row = row_of(path, "choices", "name", "on_paper")
    set_cell(path, "choices", row, "name", "in_a_drawer")
    assert {"option_unknown", "option_missing"} <= kinds_of(folder)


def test_a_list_that_is_not_in_the_framework(folder: Path) -> None:
    def remove(page: Any) -> None:
        for row in reversed(range(2, page.max_row + 1)):
            if page.cell(row, 1).value == "plan_status":
                page.delete_rows(row)

    spoil(folder / FRAMEWORK, "scales", remove)
    found = next(problem for problem in found_in(folder) if problem.kind == "scale_missing")
    assert (found.sheet, found.value) == ("choices", "plan_status")


def test_an_exclusive_option_must_exist(folder: Path) -> None:
    path = folder / "instruments/parent.xlsx"
    row = row_of(path, "survey", "name", "p_support_forms")
    rule = "not(selected(., 'nobody') and count-selected(.) > 1)"
    change_form(folder, path.name, {(row, "constraint"): rule})
    found = next(problem for problem in found_in(folder) if problem.kind == "option_unknown")
    assert (found.column, found.value) == ("constraint", "nobody")


def test_more_options_than_a_number_has_bits(folder: Path) -> None:
    path = folder / "instruments/teacher.xlsx"

    def many_choices(page: Any) -> None:
        for place in range(60):
            page.append(["ways", f"w{place}", "а", "а", "a"])

    def many_options(page: Any) -> None:
        for place in range(60):
            page.append(["ways", f"w{place}", None, "а", "а", "a", "yes"])

    spoil(path, "choices", many_choices)
    spoil(folder / FRAMEWORK, "scales", many_options)
    assert kinds_of(folder) >= {"too_many_options"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("code = ", "file_unreadable"),
        ('code = "x"\nreference_date = "soon"', "not_a_date"),
        ('code = "x"\nreference_date = 2027-12-01', "value_missing"),
        ("reference_date = 2027-12-01", "project_code_wrong"),
    ],
)
def test_the_head_of_the_project(folder: Path, text: str, kind: str) -> None:
    (folder / "project.toml").write_text(text)
    assert kind in kinds_of(folder)


def test_a_folder_without_forms(folder: Path) -> None:
    for path in (folder / "instruments").glob("*.xlsx"):
        path.unlink()
    found = {(problem.kind, problem.params["file"]) for problem in found_in(folder)}
    assert ("file_missing", "instruments") in found


def test_the_lock_file_of_an_open_workbook_is_no_form(folder: Path) -> None:
    (folder / "instruments" / "~$student.xlsx").write_bytes(b"x")
    assert "file_unreadable" not in kinds_of(folder)


@pytest.mark.parametrize("name", ["project.toml", FRAMEWORK, "register/schools.xlsx"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    found = {(problem.kind, problem.params["file"]) for problem in found_in(folder)}
    assert ("file_missing", name) in found


@pytest.mark.parametrize("content", [b"no workbook", b"PK\x03\x04"])
@pytest.mark.parametrize("name", [FRAMEWORK, "instruments/parent.xlsx"])
def test_a_file_that_is_no_workbook_is_named(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    found = {(problem.kind, problem.params["file"]) for problem in found_in(folder)}
    assert ("file_unreadable", name) in found


def test_a_workbook_with_a_broken_sheet_is_named(folder: Path) -> None:
    path = folder / FRAMEWORK
    parts = parts_of(path.read_bytes())
    path.write_bytes(zipped({**parts, "xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}))
    assert "file_unreadable" in kinds_of(folder)


@pytest.mark.parametrize(
    ("header", "kind", "column"),
    [("directon", "column_missing", "direction"), ("unit", "column_repeated", "unit")],
)
def test_a_column_stands_once(folder: Path, header: str, kind: str, column: str) -> None:
    def rename(page: Any) -> None:
        page.cell(1, columns(page)["direction"]).value = header

    spoil(folder / FRAMEWORK, "indicators", rename)
    found = next(problem for problem in found_in(folder) if problem.kind == kind)
    assert (found.sheet, found.row, found.column) == ("indicators", 1, column)


@pytest.mark.parametrize(
    ("row", "column", "value", "kind"),
    [
        (2, "field", "planet", "value_unknown"),
        (3, "code", "bishkek", "repeated"),
        (19, "code", "excellent", "value_unknown"),
    ],
)
def test_codes_of_the_register(folder: Path, row: int, column: str, value: str, kind: str) -> None:
    set_cell(folder / "register/schools.xlsx", "codes", row, column, value)
    found = [problem for problem in found_in(folder) if problem.kind == kind]
    assert (found[0].sheet, found[0].row) == ("codes", row)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"Облус": None, "Область": None}, "value_missing"),
        ({"Алыстыгы": "өтө алыс"}, "label_unknown"),
        ({"Окутуу тили": "ky, elvish"}, "label_unknown"),
        (
            {
                "Мектептин аталышы (ky)": None,
                "Название школы (ru)": None,
                "School name (en)": None,
            },
            "value_missing",
        ),
        ({"Район борборуна чейин, км": 90000}, "number_outside_range"),
    ],
)
def test_schools(folder: Path, cells: dict[str, object], kind: str) -> None:
    for column, value in cells.items():
        set_cell(folder / "register/schools.xlsx", "schools", 5, column, value)
    found = [problem for problem in found_in(folder) if problem.kind == kind]
    assert (found[0].sheet, found[0].row) == ("schools", 5)


def test_a_second_project_of_the_register_may_have_no_oblasts() -> None:
    codes = SchoolCodes([CategoryDefinition("oblast", "osh", ("Ош облусу", "", ""), 0)])
    assert codes.of("oblast", "ОШ ОБЛУСУ") == "osh"
    assert codes.like("oblast", "Ош областы") == "osh"
    assert codes.like("settlement", "айыл") == ""


def test_the_nearest_name() -> None:
    assert nearest("s_feel_saf", ["s_feel_safe", "s_school"]) == "s_feel_safe"
    assert nearest("quite different", ["s_feel_safe"]) == ""


def test_the_demo_itself_is_clean(folder: Path) -> None:
    problems = found_in(folder)
    assert all(problem.severity is Severity.WARNING for problem in problems)
    book = load_workbook(folder / FRAMEWORK)
    assert set(framework.FRAMEWORK_SHEETS) <= set(book.sheetnames)
