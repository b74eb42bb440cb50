"""A file of codes: every accepted shape, every mistake with its place, the way out and back."""

from __future__ import annotations

import pytest

from indicators.pipeline.coding_file import CodingFrame, read_coding, write_coding
from indicators.pipeline.read import read_table

THEMES = {"food": "food", "тамак": "food", "calm": "calm", "all is well": "calm"}
ANSWERS = {("5", "3"): "Better food", ("5", "7"): "=2+2", ("5", "8"): "Quiet"}
ONE = CodingFrame(THEMES, ANSWERS)
TWO_FILES = CodingFrame(THEMES, ANSWERS | {("6", "3"): "Other file"})
SCHOOLS = CodingFrame(THEMES, {("", "IS-01"): "Chemistry", ("", "IS-02"): "None"})


def read(text, frame=ONE):
    return read_coding(read_table("codes.csv", text.encode()), frame)


def kinds(found):
    return [(one.kind, one.row) for one in found.problems]


@pytest.mark.parametrize(
    "text",
    [
        "row,themes\n3,food\n7,food; calm\n8,-\n",
        "file_row,theme\n3, FOOD \n7,calm|food\n8,none\n",
        "Строка;Темы\n3;тамак\n7;food, all is well\n8;–\n",
        "row,theme_1,theme_2\n3,food,\n7,food,calm\n8,-,\n",
        "row,food,calm\n3,1,\n7,x,да\n8,0,0\n",
        "file,row,answer,themes\n5,3,better  FOOD,food\n5,7,'=2+2,food;calm\n5,8,Quiet,-\n",
    ],
)
def test_a_file_in_any_of_its_shapes(text):
    found = read(text)
    assert not found.problems
    assert {place: set(codes) for place, codes in found.given.items()} == {
        ("5", "3"): {"food"},
        ("5", "7"): {"food", "calm"},
        ("5", "8"): set(),
    }
    assert found.is_acceptable


def test_an_empty_cell_is_an_answer_not_coded():
    found = read("row,themes\n3,food\n7,\n,\n")
    assert list(found.given) == [("5", "3")]
    assert found.n_empty == 1


def test_checklists_are_named_by_school():
    found = read("school,themes\nis-01,food\nIS-09,food\n", SCHOOLS)
    assert found.given == {("", "IS-01"): ("food",)}
    assert kinds(found) == [("coding_row_unknown", 3)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("place,themes\n3,food\n", ("coding_no_row_column", 1)),
        ("row,remark\n3,food\n", ("coding_no_theme_column", 1)),
        ("row,themes\n3,fod\n", ("coding_theme_unknown", 2)),
        ("row,food\n3,maybe\n", ("coding_mark_unknown", 2)),
        ("row,themes\n3,food\n3,calm\n", ("coding_row_twice", 3)),
        ("row,themes\n3,food;-\n", ("coding_none_and_theme", 2)),
        ("", ("empty_file", None)),
        ("row,themes\n", ("no_data_rows", 1)),
    ],
)
def test_a_mistake_that_would_lose_a_code_blocks_the_file(text, expected):
    found = read(text)
    assert kinds(found) == [expected]
    assert not found.is_acceptable


def test_a_wrong_theme_names_its_column_and_word():
    (problem,) = read("row,themes\n3,food;fod\n").problems
    assert (problem.column, problem.value) == ("themes", "fod")


def test_rows_of_no_answer_or_of_other_words_are_left_out_and_named():
    found = read("row,answer,themes\n3,Worse food,food\n99,,food\n8,Quiet,calm\n")
    assert kinds(found) == [("coding_answer_differs", 2), ("coding_row_unknown", 3)]
    assert found.given == {("5", "8"): ("calm",)}
    assert found.is_acceptable


def test_several_files_ask_for_the_file():
    assert kinds(read("row,themes\n3,food\n", TWO_FILES)) == [("coding_needs_file", 2)]
    found = read("file,row,themes\n6,3,food\n5,3,calm\n", TWO_FILES)
    assert found.given == {("6", "3"): ("food",), ("5", "3"): ("calm",)}


def test_a_file_without_any_known_answer_stores_nothing():
    assert not read("row,themes\n99,food\n").is_acceptable


def test_what_is_handed_out_comes_back():
    codes = {("5", "3"): ("food", "calm"), ("5", "7"): (), ("5", "8"): None}
    content = write_coding((place, ANSWERS[place], said) for place, said in codes.items())
    found = read_coding(read_table("codes.xlsx", content), ONE)
    assert not found.problems
    assert {place: set(said) for place, said in found.given.items()} == {
        ("5", "3"): {"food", "calm"},
        ("5", "7"): set(),
    }
    assert found.n_empty == 1


def test_answers_of_checklists_come_back_and_no_word_becomes_a_formula():
    content = write_coding([(("", "IS-01"), "Chemistry\x0b", ("food",))])
    assert read_coding(read_table("c.xlsx", content), SCHOOLS).given == {("", "IS-01"): ("food",)}
    from io import BytesIO

    from openpyxl import load_workbook

    sheet = load_workbook(BytesIO(write_coding([(("5", "7"), "=2+2", None)]))).active
    assert sheet["D2"].data_type == "s"
