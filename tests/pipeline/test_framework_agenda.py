"""The file of the agenda: read whole, every mistake named with its place."""

from openpyxl import Workbook

from indicators.pipeline.framework_agenda import AGENDA_COLUMNS, read_agenda
from indicators.pipeline.framework_cells import Problems, read_sheets, sheet_of
from tests.pipeline.project_folder import DEMO

KNOWN = ("S01", "S02", "T03")


def read(*rows):
    problems = Problems("agenda.xlsx")
    sheet = sheet_of("agenda", [list(AGENDA_COLUMNS), *map(list, rows)], problems)
    return read_agenda(sheet, KNOWN), problems.found


def test_questions_keep_their_order_and_their_links():
    found, problems = read(
        ["E02", "4.3", "Эмне?", "", "What?", "S01, T03;S02 S01"],
        ["E01", "", "", "Что?", "", ""],
    )
    assert problems == []
    assert [(one.code, one.position) for one in found] == [("E02", 0), ("E01", 1)]
    assert found[0].indicators == ("S01", "T03", "S02")
    assert found[0].questions == ("Эмне?", "", "What?")
    assert found[1].indicators == ()


def test_every_mistake_is_named():
    found, problems = read(
        ["", "", "Эмне?", "", "", ""],
        ["E 1", "", "Эмне?", "", "", ""],
        ["E02", "", "", "", "", ""],
        ["E03", "", "Эмне?", "", "", "S01 S03"],
        ["e03", "", "Дагы?", "", "", ""],
        ["E04", "x" * 200, "y" * 3000, "", "", "ZZ"],
    )
    assert [one.code for one in found] == ["E03", "E04"]
    named = [(one.kind, one.row, one.column, one.value) for one in problems]
    assert ("value_missing", 2, "code", "") in named
    assert ("value_unknown", 3, "code", "E 1") in named
    assert ("value_missing", 4, "question_ky", "") in named
    assert ("indicator_unknown", 5, "indicators", "S03") in named
    assert ("repeated", 6, "code", "e03") in named
    assert {kind for kind, row, *_ in named if row == 7} == {"text_too_long", "indicator_unknown"}


def test_the_demonstration_asks_its_25_questions_in_three_languages():
    problems = Problems("agenda.xlsx")
    path = DEMO / "agenda.xlsx"
    codes = [f"{letter}{n:02d}" for letter in "STGPDCXM" for n in range(1, 30)]
    sheet = read_sheets(path, {"agenda": AGENDA_COLUMNS}, problems)["agenda"]
    found = read_agenda(sheet, codes)
    assert problems.found == []
    assert [one.code for one in found] == [f"E{n:02d}" for n in range(1, 26)]
    assert all(all(one.questions) and one.indicators and one.section for one in found)


def test_a_sheet_of_another_name_is_said(tmp_path):
    book = Workbook()
    book.save(tmp_path / "agenda.xlsx")
    problems = Problems("agenda.xlsx")
    assert read_sheets(tmp_path / "agenda.xlsx", {"agenda": AGENDA_COLUMNS}, problems) == {}
    assert [one.kind for one in problems.found] == ["sheet_missing"]
