"""One XLSForm read: questions, options, rules, and forms that cannot be used."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from indicators.pipeline.framework_cells import Problems
from indicators.pipeline.xlsform import labels_of, read_form, split_title
from indicators.vocabulary import ItemKind, Severity

FORMS = Path(__file__).resolve().parents[2] / "indicators/definitions/demo/instruments"
SURVEY = (
    "type",
    "name",
    "label::Кыргызча (ky)",
    "label::English (en)",
    "required",
    "constraint",
    "calculation",
)
CHOICES = ("list_name", "name", "label::Кыргызча (ky)", "label::English (en)", "code")

Rows = Iterable[tuple[object, ...]]


def form(
    path: Path,
    survey: Rows,
    choices: Rows = (),
    settings: tuple[object, ...] = ("Т / Т / Title", "x_student", "1"),
) -> Path:
    book = Workbook()
    book.remove(book.active)
    sheets: dict[str, list[tuple[object, ...]]] = {
        "survey": [SURVEY, *survey],
        "choices": [CHOICES, *choices],
        "settings": [("form_title", "form_id", "version"), settings],
    }
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    target = path / "form.xlsx"
    book.save(target)
    return target


@pytest.mark.parametrize(
    ("name", "instrument", "version", "n_items"),
    [
        ("student", "student", "2025100101", 28),
        ("student_v2_endline", "student", "2027091501", 29),
        ("teacher", "teacher", "2025100101", 48),
        ("parent", "parent", "2025100101", 18),
        ("director", "director", "2025100101", 16),
    ],
)
def test_the_demo_forms(name: str, instrument: str, version: str, n_items: int) -> None:
    problems = Problems(name)
    found = read_form(FORMS / f"{name}.xlsx", problems)
    assert problems.found == []
    assert found is not None
    assert (found.instrument, found.version, len(found.items)) == (instrument, version, n_items)
    assert all(all(item.labels) for item in found.items)
    assert all(found.names)


def test_kinds_rules_and_places(tmp_path: Path) -> None:
    path = form(
        tmp_path,
        [
            ("start", "start"),
            ("select_one consent", "agree", "Макул", "Agree", "yes"),
            ("begin_group", "background", "Мен", "Me"),
            ("select_one school", "x_school", "Мектеп", "School", "yes"),
            ("begin_group", "inner", "Ичинде", "Inner"),
            ("integer", "x_age", "Жаш", "Age"),
            ("end_group",),
            ("end_group",),
            ("select_multiple ways", "x_ways", "Жол", "Ways", "", "count-selected(.) <= 2"),
            (
                "select_multiple ways",
                "x_alone",
                "Жол",
                "Ways",
                "",
                "not(selected(., 'b') and count-selected(.) > 1)",
            ),
            ("date", "x_day", "Күн", "Day"),
            ("geopoint", "x_where", "Кайда", "Where"),
        ],
        [
            ("consent", "yes", "Ооба", "Yes", 1),
            ("consent", "no", "Жок", "No", 0),
            ("school", "is_01", "Бир", "One"),
            ("ways", "a", "А", "A"),
            ("ways", "b", "Б", "B"),
        ],
    )
    problems = Problems("form.xlsx")
    found = read_form(path, problems)
    assert found is not None
    kinds = {item.name: item.kind for item in found.items}
    assert kinds == {
        "agree": ItemKind.CONSENT,
        "x_school": ItemKind.SCHOOL,
        "x_age": ItemKind.NUMBER,
        "x_ways": ItemKind.MULTI,
        "x_alone": ItemKind.MULTI,
        "x_day": ItemKind.DATE,
    }
    by_name = {item.name: item for item in found.items}
    assert by_name["x_age"].block == "background"  # the outer group is the block
    assert by_name["agree"].is_required
    assert by_name["x_ways"].max_selected == 2
    assert by_name["x_alone"].exclusive_option == "b"
    assert by_name["x_day"].row == 12
    assert by_name["x_school"].scale == ""
    assert [block.code for block in found.blocks] == ["background"]
    assert [(one.name, one.code) for one in found.choices["consent"]] == [("yes", 1), ("no", 0)]
    assert [one.code for one in found.choices["ways"]] == [None, None]
    assert [(one.kind, one.severity, one.row) for one in problems.found] == [
        ("question_left_out", Severity.WARNING, 13)
    ]


def test_a_number_of_the_right_name_is_the_weight(tmp_path: Path) -> None:
    path = form(
        tmp_path,
        [
            ("text", "x", "А", "A"),
            ("calculate", "sampling_weight", "", "", "", "", "2 * 3"),
            ("calculate", "helper", "", "", "", "", "1 + 1"),
            ("decimal", "weight", "Салмак", "Weight"),
            ("decimal", "height", "Бою", "Height"),
        ],
    )
    problems = Problems("form.xlsx")
    found = read_form(path, problems)
    assert found is not None
    kinds = {item.name: item.kind for item in found.items}
    assert kinds == {
        "x": ItemKind.TEXT,
        "sampling_weight": ItemKind.WEIGHT,
        "weight": ItemKind.WEIGHT,
        "height": ItemKind.NUMBER,
    }


def test_a_repeated_group_is_refused(tmp_path: Path) -> None:
    path = form(
        tmp_path,
        [
            ("begin_repeat", "children", "Балдар", "Children"),
            ("text", "x_name", "Аты", "Name"),
            ("end_repeat",),
        ],
    )
    problems = Problems("form.xlsx")
    read_form(path, problems)
    assert [(one.kind, one.row) for one in problems.found] == [("repeat_group", 2)]


def test_what_pyxform_refuses_is_told_in_its_words(tmp_path: Path) -> None:
    problems = Problems("form.xlsx")
    path = form(
        tmp_path,
        [("select_one nothing", "x", "А", "A")],
        [("list", "a", "А", "A"), ("list", "b", "Б", "B")],
    )
    assert read_form(path, problems) is None
    assert problems.found[0].kind == "form_invalid"
    assert "nothing" in problems.found[0].params["reason"]


def test_a_header_that_is_a_number_is_told(tmp_path: Path) -> None:
    path = form(tmp_path, [("text", "x", "А", "A")])
    book = load_workbook(path)
    book["survey"].cell(1, 9).value = 7
    book.save(path)
    problems = Problems("form.xlsx")
    assert read_form(path, problems) is None
    assert [one.kind for one in problems.found] == ["form_invalid"]


def test_a_form_says_who_answers_and_its_version(tmp_path: Path) -> None:
    problems = Problems("form.xlsx")
    path = form(tmp_path, [("text", "x", "А", "A")], settings=("T", "my_form", ""))
    read_form(path, problems)
    assert [one.kind for one in problems.found] == ["form_respondent_unknown", "value_missing"]


def test_a_workbook_without_the_sheets(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    Workbook().save(path)
    problems = Problems("form.xlsx")
    assert read_form(path, problems) is None
    assert [one.kind for one in problems.found] == ["sheet_missing"] * 3


def test_titles_and_labels() -> None:
    assert split_title("К / Р / E") == ("К", "Р", "E")
    assert split_title("Only one") == ("Only one", "", "")
    assert labels_of({"Русский (ru)": "а", "default": "б"}) == ("", "а", "")
    assert labels_of("Бир") == ("Бир", "", "")
    assert labels_of(None) == ("", "", "")


@pytest.mark.parametrize(("code", "known"), [("one", None), (1.5, None), ("2", 2), (None, None)])
def test_the_number_of_an_option_is_whole_or_none(
    tmp_path: Path, code: object, known: int | None
) -> None:
    path = form(
        tmp_path,
        [("select_one ways", "x", "А", "A")],
        [("ways", "a", "А", "A", code), ("ways", "b", "Б", "B", 7)],
    )
    problems = Problems("form.xlsx")
    found = read_form(path, problems)
    assert found is not None
    assert [one.code for one in found.choices["ways"]] == [known, 7]
    wrong = [("option_code_wrong", 2, "code", str(code))] if code in ("one", 1.5) else []
    assert [(one.kind, one.row, one.column, one.value) for one in problems.found] == wrong
