"""Waves, scales, options and schools typed wrongly: each cell told with its place."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from indicators.pipeline.framework_cells import Problems
from indicators.pipeline.framework_instruments import build_instruments
from indicators.pipeline.framework_scales import (
    MOST_TICKS,
    SCALE_COLUMNS,
    WAVE_COLUMNS,
    check_choices,
    read_scales,
    read_waves,
)
from indicators.pipeline.framework_schools import (
    LANGUAGES,
    REGISTER_COLUMNS,
    STRATUM_COLUMNS,
    SchoolCodes,
    read_schools,
    read_strata,
)
from indicators.pipeline.framework_shapes import CategoryDefinition, ChoiceRow
from indicators.pipeline.shapes import Labels
from indicators.vocabulary import ItemKind, Respondent, Selection
from tests.pipeline.framework_rows import (
    LIKERT,
    WAYS,
    Found,
    form,
    found_in,
    question,
    sheet,
)

# --- waves --------------------------------------------------------------------------------

WAVES = (*WAVE_COLUMNS, "name_en")
FORMS = (form(), form(instrument="teacher", name="teacher"))


def wave(**cells: object) -> list[object]:
    values = {
        "code": "W0",
        "kind": "baseline",
        "field_start": datetime(2025, 10, 6),  # noqa: DTZ001  # as workbooks give it
        "field_end": date(2025, 11, 2),
        "instrument_versions": "student 1; teacher 1",
        "name_en": "Baseline",
    }
    return [{**values, **cells}[column] for column in WAVES]


def test_a_wave_is_read() -> None:
    waves = sheet("waves", WAVES, wave())
    (found,) = read_waves(waves, FORMS)
    assert found_in(waves) == []
    assert (found.field_start, found.field_end) == (date(2025, 10, 6), date(2025, 11, 2))
    assert found.versions == (("student", "1"), ("teacher", "1"))


@pytest.mark.parametrize(
    ("cells", "problems", "is_kept"),
    [
        ({"code": ""}, [("value_missing", 2, "code", "")], False),
        ({"kind": "first"}, [("value_unknown", 2, "kind", "first")], False),
        ({"field_start": "autumn"}, [("not_a_date", 2, "field_start", "autumn")], False),
        ({"field_end": None}, [("value_missing", 2, "field_end", "")], False),
        (
            {"field_end": "2025-01-01"},
            [("dates_not_ordered", 2, "field_end", "2025-01-01")],
            False,
        ),
        ({"name_en": ""}, [("value_missing", 2, "name_ky", "")], True),
        (
            {"instrument_versions": "student 1; teacher 7"},
            [("form_unknown", 2, "instrument_versions", "teacher 7")],
            True,
        ),
        (
            {"instrument_versions": "student 1; student 1"},
            [("repeated", 2, "instrument_versions", "student 1")],
            True,
        ),
        ({"instrument_versions": "student 1;"}, [], True),
    ],
)
def test_what_is_wrong_with_a_wave(
    cells: dict[str, object], problems: list[Found], is_kept: bool
) -> None:
    waves = sheet("waves", WAVES, wave(**cells))
    found = read_waves(waves, FORMS)
    assert found_in(waves) == problems
    assert len(found) == is_kept


def test_a_wave_stands_once() -> None:
    waves = sheet("waves", WAVES, wave(), wave(code="w0"))
    assert [one.code for one in read_waves(waves, FORMS)] == ["W0"]
    assert found_in(waves) == [("duplicate_code", 3, "code", "w0")]


USUAL = Selection.CENSUS


@pytest.mark.parametrize(
    ("text", "problems", "students"),
    [
        ("", [], USUAL),
        ("student sample_schools_random_people", [], Selection.SAMPLE),
        (
            "student self_selected; teacher sample_schools_random_people;",
            [],
            Selection.SELF_SELECTED,
        ),
        ("student at_random", [("value_unknown", 2, "selections", "student at_random")], USUAL),
        (
            "parent self_selected",
            [("value_unknown", 2, "selections", "parent self_selected")],
            USUAL,
        ),
        ("student", [("value_unknown", 2, "selections", "student")], USUAL),
    ],
)
def test_how_the_respondents_of_a_wave_came_in(
    text: str, problems: list[Found], students: Selection
) -> None:
    waves = sheet("waves", (*WAVES, "selections"), [*wave(), text])
    (found,) = read_waves(waves, FORMS)
    assert found_in(waves) == problems
    assert found.selection("student", Respondent.STUDENT) is students


# --- scales -------------------------------------------------------------------------------


def option(
    name: object, code: object, label: str = "жооп", of: str = "likert", counts: object = "yes"
) -> list[object]:
    return [of, name, code, label, "", "", counts]


@pytest.mark.parametrize(
    ("rows", "problems", "codes"),
    [
        ([option("a", 1), option("b", 2)], [], [1, 2]),
        ([option("a", None), option("b", "")], [], [0, 1]),  # numbered from 0
        ([option("", 1)], [("value_missing", 2, "name", "")], []),
        ([option("a", 1, of="")], [("value_missing", 2, "scale", "")], []),
        (
            [option("a", 1), option("b", None)],
            [("option_without_code", 3, "code", "")],
            [1],
        ),
        ([option("a", 1), option("b", 1)], [("duplicate_code", 3, "code", "1")], [1]),
        ([option("a", 1), option("a", 2)], [("repeated", 3, "name", "a")], [1]),
        ([option("a", "many")], [("option_code_wrong", 2, "code", "many")], []),
        ([option("a", 4.5)], [("option_code_wrong", 2, "code", "4.5")], []),
        ([option("a", 128)], [("option_code_wrong", 2, "code", "128")], []),
        ([option("a", -128)], [("option_code_wrong", 2, "code", "-128")], []),  # no answer
        ([option("a", float("inf"))], [("option_code_wrong", 2, "code", "inf")], []),
        ([option("a", "9" * 400)], [("option_code_wrong", 2, "code", "9" * 400)], []),
        ([option("a", 1, label="")], [("value_missing", 2, "label_ky", "")], [1]),
        ([option("a", 1, counts="so so")], [("value_unknown", 2, "substantive", "so so")], [1]),
    ],
)
def test_options_of_a_scale(
    rows: list[list[object]], problems: list[Found], codes: list[int]
) -> None:
    scales = sheet("scales", SCALE_COLUMNS, *rows)
    found = read_scales(scales)
    assert found_in(scales) == problems
    assert [one.code for scale in found for one in scale.options] == codes


# --- options as the forms offer them --------------------------------------------------------

LABEL: Labels = ("жооп 1", "", "")


def offered(**cells: object) -> tuple[ChoiceRow, ...]:
    """Options of the list likert as a form shows them, the first one with other cells."""
    options = [
        ChoiceRow(one.name, one.code, one.labels, row)
        for row, one in enumerate(LIKERT.options, start=2)
    ]
    return (replace(options[0], **cells), *options[1:])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "problems"),
    [
        (offered(), []),
        (offered(code=None), []),  # the framework has the number
        (offered(code=7), [("option_code_differs", 2, "code", "7")]),
        (
            offered(labels=("башка", "", "")),
            [("option_label_differs", 2, "label (ky)", "башка")],
        ),
        (offered()[1:], [("option_missing", 3, "name", "o1")]),
        (
            offered(name="o9"),
            [("option_unknown", 2, "name", "o9"), ("option_missing", 2, "name", "o1")],
        ),
    ],
)
def test_a_form_offers_the_options_of_the_framework(
    options: tuple[ChoiceRow, ...], problems: list[Found]
) -> None:
    asked = replace(form(question("s_safe")), choices={"likert": options})
    own = Problems("student.xlsx")
    check_choices(asked, {"likert": LIKERT}, own, frozenset())
    assert found_in(own) == problems


def test_a_list_that_no_question_uses_is_not_compared() -> None:
    asked = replace(form(question("s_safe")), choices={"likert": offered(), "old": offered(code=9)})
    own = Problems("student.xlsx")
    check_choices(asked, {"likert": LIKERT}, own, frozenset())
    assert found_in(own) == []


def test_schools_of_the_register_and_the_form_are_compared() -> None:
    schools = (ChoiceRow("is_01", None, LABEL, 2), ChoiceRow("is_77", None, LABEL, 3))
    own = Problems("student.xlsx")
    asked = replace(form(), choices={"school": schools})
    check_choices(asked, {}, own, frozenset({"IS-01", "IS-02"}))
    assert found_in(own) == [
        ("school_not_in_register", 3, "name", "is_77"),
        ("school_not_in_form", 2, "name", "IS-02"),
    ]


def test_the_lone_option_of_every_question_is_looked_at() -> None:
    """Two questions on one list: the first one's rule counts too."""
    first = replace(question("t_one", "ways", ItemKind.MULTI, 5), exclusive_option="nobody")
    second = question("t_two", "ways", ItemKind.MULTI, 6)
    choices = {
        "ways": tuple(ChoiceRow(one.name, None, one.labels, 2) for one in WAYS.options),
    }
    own = Problems("teacher.xlsx")
    check_choices(replace(form(first, second), choices=choices), {"ways": WAYS}, own, frozenset())
    assert found_in(own) == [("option_unknown", 5, "constraint", "nobody")]


def test_no_more_ticks_than_a_number_has_bits() -> None:
    options = tuple(ChoiceRow(f"w{place}", None, LABEL, 2) for place in range(MOST_TICKS + 1))
    own = Problems("teacher.xlsx")
    asked = form(question("t_one", "ways", ItemKind.MULTI))
    check_choices(replace(asked, choices={"ways": options}), {}, own, frozenset())
    assert found_in(own) == [
        ("scale_missing", 2, "list_name", "ways"),
        ("too_many_options", None, "", "ways"),
    ]
    assert own.found[1].params["longest"] == "62"


# --- questionnaires -------------------------------------------------------------------------


def test_a_form_of_nobody_known_is_in_no_questionnaire() -> None:
    forms = [form(question("s_safe")), form(instrument="pupil", name="pupil")]
    own = {one.file: Problems(one.file) for one in forms}
    assert [one.code for one in build_instruments(forms, {}, {}, own)] == ["student"]


def test_two_questions_of_a_form_are_not_the_same_item() -> None:
    asked = form(question("s_safe", row=4), question("s_safe", row=9))
    own = {asked.file: Problems(asked.file)}
    (instrument,) = build_instruments([asked], {}, {}, own)
    assert found_in(own[asked.file]) == [("repeated", 9, "name", "s_safe")]
    assert own[asked.file].found[0].params["first_row"] == "4"
    assert [item.name for item in instrument.items] == ["s_safe"]


# --- register -------------------------------------------------------------------------------


def school(code: str, languages: str = "") -> list[object]:
    cells = {"Код": code, "Мектептин аталышы (ky)": "Таң-Шоола", LANGUAGES: languages}
    return [{**cells, "Облус": "chui"}.get(column) for column in REGISTER_COLUMNS]


CODES = SchoolCodes(
    [
        CategoryDefinition("language", "ky", ("кыргызча", "", ""), 0),
        CategoryDefinition("language", "ru", ("орусча", "", ""), 1),
        CategoryDefinition("oblast", "chui", ("Чүй облусу", "", ""), 2),
    ]
)


def test_a_language_counts_once() -> None:
    schools = sheet("schools", REGISTER_COLUMNS, school("IS-01", "кыргызча, ky; орусча,"))
    assert [one.languages for one in read_schools(schools, CODES)] == ["ky,ru"]
    assert found_in(schools) == []


def test_codes_of_schools_differ_in_more_than_their_case() -> None:
    schools = sheet("schools", REGISTER_COLUMNS, school("IS-01"), school("is-01"))
    assert [one.code for one in read_schools(schools, CODES)] == ["IS-01"]
    assert found_in(schools) == [("duplicate_code", 3, "Код", "is-01")]


def test_strata_of_a_sample_and_those_that_schools_alone_name() -> None:
    (home,) = read_schools(sheet("schools", REGISTER_COLUMNS, school("IS-01")), CODES)
    schools = [replace(home, stratum="north"), replace(home, stratum="far"), home]
    strata = sheet("strata", STRATUM_COLUMNS, ["north", 12, ""], ["south", "", "north"])
    found = read_strata(strata, schools)
    assert found_in(strata) == []
    assert [(one.code, one.n_schools, one.merged_into) for one in found] == [
        ("north", 12, ""),
        ("south", None, "north"),
        ("far", None, ""),
    ]


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ([["", 12, ""]], [("value_missing", 2, "code", "")]),
        ([["a", 12, ""], ["A", 3, ""]], [("duplicate_code", 3, "code", "A")]),
        ([["a", -1, ""]], [("negative_count", 2, "n_schools", "-1")]),
        ([["a", "many", ""]], [("not_a_number", 2, "n_schools", "many")]),
        ([["a", 12, "b"]], [("label_unknown", 2, "merged_into", "b")]),
        ([["a", 12, "a"]], [("label_unknown", 2, "merged_into", "a")]),
        (
            [["a", 1, "b"], ["b", 1, "c"], ["c", 1, "b"]],  # merged into one another
            [("label_unknown", 3, "merged_into", "c"), ("label_unknown", 4, "merged_into", "b")],
        ),
    ],
)
def test_what_is_wrong_with_strata(rows: list[list[object]], problems: list[Found]) -> None:
    strata = sheet("strata", STRATUM_COLUMNS, *rows)
    read_strata(strata, [])
    assert found_in(strata) == problems
