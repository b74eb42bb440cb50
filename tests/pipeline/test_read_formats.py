"""Exports as the tools write them: Stata, SurveyCTO, ODK, KoBo, Google Forms, several forms."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from indicators.pipeline.cells import moment_of
from indicators.pipeline.read import read_table
from indicators.pipeline.shapes import CheckedFile
from tests.pipeline.small_survey import check, column_of, found_in, table
from tests.pipeline.test_read import blocks, workbook

MULTI = "ways"


def dta(frame: dict[str, list[Any]], **declared: Any) -> bytes:
    """A file of Stata as its own library writes it."""
    import pandas
    import pyreadstat

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.dta"
        pyreadstat.write_dta(pandas.DataFrame(frame), str(path), **declared)
        return path.read_bytes()


def kept(checked: CheckedFile) -> dict[str, list[int]]:
    assert checked.survey is not None
    return {name: codes.tolist() for name, codes in checked.survey.columns.items()}


# --- Stata -----------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [8, 10, 12, 13, 14, 15])
def test_every_release_of_stata_is_recognised_by_its_content(version: int) -> None:
    raw = read_table("a.bin", dta({"q": [1.0, 2.0], "s": ["x", ""]}, version=version))
    assert (raw.format, raw.problems) == ("dta", ())
    assert raw.tables[0].header == ("q", "s")
    assert raw.tables[0].rows == ((1.0, "x"), (2.0, None))


def test_stata_keeps_labels_and_coded_missing_answers() -> None:
    content = dta(
        {
            "school": ["IS-01", "IS-01", "IS-02"],
            "age": [15.0, float("nan"), 14.0],
            "safe": [4.0, "a", "z"],
            "heard": [2.0, 1.0, "b"],
        },
        column_labels={"safe": "Суроо safe"},
        variable_value_labels={"safe": {4: "макул", "a": "баш тартты"}},
        missing_user_values={"safe": ["a", "z"], "heard": ["b"]},
    )
    (one,) = read_table("a.dta", content).tables
    assert one.labels == {"safe": "Суроо safe"}
    assert one.value_labels["safe"] == {4.0: "макул"}
    assert one.missing_codes == {"safe": {"a", "z"}, "heard": {"b"}}
    checked = check(content, "a.dta")
    assert kept(checked) == {
        "age": [15, -128, 14],
        "safe": [4, -128, -128],
        "heard": [2, 1, -128],
    }
    assert "cell" not in {severity for severity, *_ in found_in(checked)}
    assert checked.is_acceptable  # no column of consent: those who refused are not in such files


def test_a_day_of_stata_is_a_day() -> None:
    import pandas

    content = dta({"d": pandas.to_datetime(["2025-10-06"]), "q": [1.0]})  # type: ignore[dict-item]
    moment = moment_of(read_table("a.dta", content).tables[0].rows[0][0])
    assert moment is not None
    assert moment.at.date() == date(2025, 10, 6)


@pytest.mark.parametrize(
    "content", [b"<stata_dta><header> broken", b"q\x02\x01\x00" + b"\xff" * 60]
)
def test_a_damaged_stata_file_is_named(content: bytes) -> None:
    assert blocks(read_table("a.dta", content)) == ["broken_dta_file"]


def test_plain_text_called_stata_is_named() -> None:
    assert blocks(read_table("a.dta", b"a;b\n1;2")) == ["file_type_mismatch"]


# --- delimited text ----------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_decimal_commas_are_not_taken_for_the_delimiter(delimiter: str) -> None:
    rows = [["a", "b", "c"], *[["1,5", "2,25", "3,5"]] * 9]
    raw = read_table("a.csv", "\n".join(delimiter.join(row) for row in rows).encode())
    assert raw.delimiter == delimiter
    assert raw.tables[0].rows[0] == ("1,5", "2,25", "3,5")


def test_commas_in_open_answers_and_a_title_above_do_not_mislead() -> None:
    text = "Анкета 2025\nаты;жооп\n" + "\n".join(f"A{n};ооба, бирок, балким" for n in range(9))
    assert read_table("a.csv", text.encode()).delimiter == ";"


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866"])
def test_one_byte_encodings_of_russian_are_told_apart(encoding: str) -> None:
    text = "школа;Ответ\nТан-Шоола;да, согласен\nКок-Мунара;НЕТ"
    raw = read_table("a.csv", text.encode(encoding))
    assert raw.encoding == encoding
    assert raw.tables[0].rows[0] == ("Тан-Шоола", "да, согласен")


# --- tools -------------------------------------------------------------------------------------


def test_surveycto_wide_export() -> None:
    header = [
        "SubmissionDate",
        "starttime",
        "endtime",
        "deviceid",
        "devicephonenum",
        "duration",
        "caseid",
        "consent",
        "school",
        "age",
        "safe",
        "heard",
        "ways",
        "ways_mentoring",
        "ways_study",
        "ways_none",
        "why",
        "instanceID",
        "formdef_version",
        "review_quality",
        "KEY",
    ]
    stamp = [f"Oct 7, 2025 {time} AM" for time in ("9:05:11", "8:50:00", "9:04:59")]
    rows = [
        [*stamp, "d", "", "899", "", "yes", "IS-01", 15, 4, 2, "mentoring study", 1, 1, 0, "", k,
         "2510", "", k]
        for k in ("uuid:1", "uuid:2")
    ]  # fmt: skip
    rows[1][12:16] = ["none", 0, 0, 1]
    checked = check(table(header, rows))
    assert [p for p in found_in(checked) if p[1] != "probable_duplicate_answers"] == []
    assert kept(checked) == {"age": [15, 15], "safe": [4, 4], "heard": [2, 2], "ways": [3, 4]}


def test_odk_export_with_groups_and_split_options() -> None:
    header = [
        "SubmissionDate", "start", "end", "intro-consent", "intro-school", "life-age", "life-safe",
        "life-heard", "life-ways", "life-ways/mentoring", "life-ways/study", "life-ways/none",
        "life-why", "meta-instanceID", "KEY", "SubmitterID", "FormVersion",
    ]  # fmt: skip
    row = ["2025-10-07T09:05:11.000Z", "2025-10-07T08:50:00.000+06:00",
           "2025-10-07T09:00:00.000+06:00", "yes", "IS-01", 15, 4, 2, "mentoring", 1, 0, 0, "",
           "uuid:1", "uuid:1", 12, "1"]  # fmt: skip
    checked = check(table(header, [row]))
    assert found_in(checked) == []
    assert kept(checked) == {"age": [15], "safe": [4], "heard": [2], "ways": [1]}


@pytest.mark.parametrize("group", ["", "Жашоо/", "Бөлүм A/Жашоо/"])
def test_kobo_export_of_labels_with_groups(group: str) -> None:
    questions = ["consent", "school", "age", "safe", "heard", "ways"]
    options = ["насаатчылык", "окуу", "эч кандай"]
    header = [f"{group}Суроо {name}" for name in questions]
    header += [f"{group}Суроо ways/{option}" for option in options]
    row = ["ооба", "«Таң-Шоола» орто мектеби", 15, "макул", "макул эмес", "насаатчылык окуу", 1, 1]
    checked = check(workbook([[*header, "_uuid"], [*row, 0, "x"]]), "a.xlsx")
    assert [p for p in found_in(checked) if p[0] != "warning"] == []
    assert kept(checked) == {"age": [15], "safe": [4], "heard": [2], "ways": [3]}


def test_google_forms_with_a_grid_and_an_english_timestamp() -> None:
    header = ["Timestamp", "Суроо consent", "Суроо school", "Суроо age",
              "Кайсысы? [Суроо safe]", "Кайсысы? [Суроо heard]", "Суроо ways"]  # fmt: skip
    row = ["10/7/2025 9:05:11", "ооба", "IS-01", "15", "макул", "макул эмес", "окуу, насаатчылык"]
    checked = check(table(header, [row]))
    assert [p for p in found_in(checked) if p[0] != "warning"] == []
    assert kept(checked) == {"age": [15], "safe": [4], "heard": [2], "ways": [3]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Oct 7, 2025 9:05:11 AM", "2025-10-07 09:05:11"),
        ("Oct 7, 2025 9:05:11 PM", "2025-10-07 21:05:11"),
        ("October 7 2025", "2025-10-07 00:00:00"),
        ("Foo 7, 2025", None),
        ("Oct 70, 2025", None),
    ],
)
def test_the_month_may_stand_first(text: str, shown: str | None) -> None:
    moment = moment_of(text)
    assert (str(moment.at) if moment else None) == shown


# --- several questionnaires ----------------------------------------------------------------------

HEADER = ["form", "consent", "school", "age", "safe", "heard", "ways", "why"]
ROW = ["yes", "IS-01", 15, 4, 2, "study", ""]


@pytest.mark.parametrize("words", [("student", "teacher"), ("Анкета ученика", "Мугалимдер")])
def test_rows_of_another_form_are_named_and_not_read(words: tuple[str, str]) -> None:
    rows = [[words[0], *ROW], [words[1], *ROW], [words[0], "yes", "IS-02", 14, 3, 3, "study", ""]]
    checked = check(table(HEADER, rows))
    assert column_of(checked, "age") == [15, 14]
    assert checked.survey is not None
    assert checked.survey.row_numbers.tolist() == [2, 4]
    (found,) = [p for p in checked.problems if p.kind == "rows_of_other_forms"]
    assert (found.column, found.params["n"]) == ("form", "1")


def test_rows_of_another_form_in_a_workbook_are_not_read_either() -> None:
    rows = [["student", *ROW], ["teacher", *ROW]]
    checked = check(workbook([HEADER, *rows]), name="a.xlsx")
    assert column_of(checked, "age") == [15]
    assert "rows_of_other_forms" in {p.kind for p in checked.problems}


@pytest.mark.parametrize("words", [("student", "student"), ("10", "11"), ("teacher", "parent")])
def test_a_column_that_does_not_tell_two_forms_apart_leaves_all_rows(
    words: tuple[str, str],
) -> None:
    people = [[words[0], *ROW], [words[1], "yes", "IS-02", 14, 3, 3, "study", ""]]
    checked = check(table(HEADER, people))
    assert len(column_of(checked, "age")) == 2
    assert "rows_of_other_forms" not in {p.kind for p in checked.problems}


def test_one_sheet_per_form_gives_each_form_its_own() -> None:
    teachers = [["consent", "experience", "training", "subject"], ["yes", 3, 1, "x"]]
    checked = check(workbook(teachers, [HEADER[1:], ROW]), "a.xlsx")
    assert column_of(checked, "age") == [15]
    assert "sheet_not_read" not in {p.kind for p in checked.problems}
