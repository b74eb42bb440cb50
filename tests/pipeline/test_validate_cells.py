"""Single cells: dates in every order, numbers, answers, several answers in one cell."""

from datetime import date, datetime

import pytest

from indicators.pipeline.cells import is_missing_token, is_total, moment_of, number_of
from indicators.pipeline.choices import Choices, read_number
from indicators.pipeline.choices_multi import MultiChoices
from indicators.pipeline.columns import map_columns
from indicators.pipeline.headers import FormIndex
from indicators.pipeline.problems import MOST_ALIKE, Problems
from indicators.pipeline.shapes import MISSING, ItemSpec, OptionSpec, RawTable
from indicators.vocabulary import ItemKind, Severity
from tests.pipeline.import_cases import form


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (datetime(2025, 10, 14, 9, 5), "2025-10-14 09:05"),  # noqa: DTZ001
        (date(2025, 10, 14), "2025-10-14 00:00"),
        (45944.4375, "2025-10-14 10:30"),
        ("45945.40", "2025-10-15 09:36"),
        ("2025-10-14", "2025-10-14 00:00"),
        ("14.10.2025 10:41", "2025-10-14 10:41"),
        ("10/14/2025 9:35:00", "2025-10-14 09:35"),
        ("2025/10/14 12:05:00 PM GMT+6", "2025-10-14 12:05"),
        ("2025/10/15 12:05:00 AM GMT+6", "2025-10-15 00:05"),
        ("2025-10-15T09:00:00Z", "2025-10-15 15:00"),
        ("2025-10-15T09:00:00.123+06:00", "2025-10-15 09:00"),
        ("12-октябрь, 2025-ж.", "2025-10-12 00:00"),
        ("5 мая 2025 г.", "2025-05-05 00:00"),
    ],
)
def test_a_date_is_understood(cell, expected):
    moment = moment_of(cell)
    assert moment is not None
    assert f"{moment.at:%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    "cell",
    ["2025-10-15 24:30:00", "31.02.2025", "soon", "", 3, True, "2025", "5 foo 2025", "0.0.00"],
)
def test_no_date_is_made_up(cell):
    assert moment_of(cell) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("4,5", 4.5),
        ("1 204", 1204.0),
        ("1\u00a0204,5", 1204.5),
        (" 4 ", 4.0),
        ("59,1 %", 59.1),
        (True, 1.0),
        ("-1", -1.0),
        ("1.2.3", None),
        ("12О", None),
        ("", None),
        (1e300, None),
        ("12 3", None),
        (None, None),
        ("9" * 40, None),
    ],
)
def test_a_number_is_understood(cell, expected):
    assert number_of(cell) == expected


def test_missing_tokens_and_totals():
    assert all(map(is_missing_token, ["-", "н/о", "n/a", "NULL", "—", "жооп жок"]))
    assert not any(map(is_missing_token, ["жок", "0", "нет"]))
    assert is_total("Бардыгы: 35")
    assert not is_total("Total number of boards in the whole school")


LIKERT = next(item for item in form("student").items if item.name == "s_feel_safe")
DIGITAL = next(item for item in form("student").items if item.name == "s_digital_last_week")
NPS = next(item for item in form("parent").items if item.name == "p_recommend")
WAYS = next(item for item in form("teacher").items if item.name == "t_ways_of_support")
STRENGTHS = next(item for item in form("parent").items if item.name == "p_strengths")
SUPPORT = next(item for item in form("parent").items if item.name == "p_support_forms")
CHANNELS = next(item for item in form("parent").items if item.name == "p_channels")


@pytest.mark.parametrize(
    ("item", "cell", "code", "kind"),
    [
        (LIKERT, " Макулмун ", 4, ""),
        (LIKERT, "agree", 4, ""),
        (LIKERT, "4,0", 4, ""),
        (LIKERT, 5.0, 5, ""),
        (LIKERT, "-", MISSING, ""),
        (LIKERT, "-1", MISSING, "out_of_range_code"),
        (LIKERT, "98", MISSING, "undeclared_missing_code"),
        (LIKERT, "3,5", MISSING, "non_integer_code"),
        (LIKERT, "полностью согласна", 5, "label_gender_variant"),
        (LIKERT, "полностью не согласна", 1, "label_gender_variant"),
        (LIKERT, "согласен", 4, "label_gender_variant"),
        (LIKERT, "макулмун; орточо маани", MISSING, "two_answers_in_single_choice"),
        (LIKERT, "макулмун, макулмун", MISSING, "unknown_answer_label"),
        (LIKERT, "=1+1", MISSING, "formula_like_text"),
        (DIGITAL, "2-3 жолу", 2, ""),
        (DIGITAL, "5 жолу", MISSING, "out_of_range_label"),
        (NPS, "10", 10, ""),
        (NPS, "0 - такыр сунуштамак эмесмин", 0, ""),
        (NPS, "11", MISSING, "out_of_range_code"),
    ],
)
def test_an_answer_is_read(item, cell, code, kind):
    reading = Choices(item).read(cell)
    assert (reading.code, reading.kind) == (code, kind)


def bits(item: ItemSpec, *names: str) -> int:
    places = [option.name for option in item.options]
    return sum(1 << places.index(name) for name in names)


@pytest.mark.parametrize(
    ("item", "cell", "names", "kinds"),
    [
        (WAYS, "mentoring study_time", ["mentoring", "study_time"], []),
        (
            WAYS,
            "Насаатчылык, Тышкы ресурстарды, бейөкмөт уюмдарды жана башкаларды тартат",
            ["mentoring", "external_resources"],
            [],
        ),
        (WAYS, "mentoring bonus", ["mentoring"], ["unknown_option_in_multi_select"]),
        (STRENGTHS, "Билим берүүнүн сапаты; тартип", ["quality", "discipline"], []),
        (STRENGTHS, "тартип, тартип", ["discipline"], ["duplicate_option"]),
        (STRENGTHS, "тартиб", ["discipline"], ["misspelt_label"]),
        (STRENGTHS, "ашкана", [], ["unknown_option_in_multi_select"]),
        (SUPPORT, "Катышууга даяр эмес", ["not_ready"], []),
        (SUPPORT, "Катышууга даяр эмес, Материалдык колдоо", [], ["exclusive_option_combined"]),
        (CHANNELS, "Класстык чат, Балам айтат", ["class_chat", "other"], []),
        (CHANNELS, "n/a", [], []),
    ],
)
def test_several_answers_in_one_cell(item, cell, names, kinds):
    reading = MultiChoices(item).read(cell)
    assert reading.mask == (bits(item, *names) if names else MISSING)
    assert [finding[1] for finding in reading.findings] == kinds


def test_a_number_item_keeps_to_its_range():
    item = ItemSpec("n", "n", ItemKind.NUMBER, ("", "", ""), low=0, high=10)
    cells = ["3", "3,5", "x", "11", "", "-"]
    readings = [read_number(item, cell) for cell in cells]
    assert [reading.code for reading in readings] == [3, *[MISSING] * 5]
    assert [reading.kind for reading in readings][1:4] == [
        "non_integer_code",
        "text_in_numeric",
        "out_of_range_value",
    ]


def test_an_ambiguous_label_is_no_answer():
    options = (OptionSpec("a", 1, ("бар", "", "")), OptionSpec("b", 2, ("бар", "", "")))
    item = ItemSpec("q", "q", ItemKind.SCALE, ("", "", ""), options)
    assert Choices(item).read("бар").code == MISSING


def test_a_saved_mapping_decides():
    header = ("consent", "t_school", "Кандайдыр бир баган", "t_comp_ict")
    table = RawTable("", header, 1, (), ())
    mapping = {"Кандайдыр бир баган": "t_comp_subject_knowledge", "t_comp_ict": ""}
    problems = Problems()
    columns = map_columns(table, FormIndex(form("teacher"), mapping), problems, is_statistics=False)
    assert columns.items["t_comp_subject_knowledge"] == 2
    assert "t_comp_ict" not in columns.items
    assert not any(problem.kind == "unknown_extra_column" for problem in problems.all())


@pytest.mark.parametrize(
    "header",
    ["grp/t_comp_ict", "grp-t_comp_ict", "T_COMP_ICT ", "a/b/t_comp_ict", "\ufefft_comp_ict"],
)
def test_a_header_names_an_item_in_many_ways(header):
    place = FormIndex(form("teacher"), {}).place(header)
    assert place is not None
    assert place.item is not None
    assert place.item.name == "t_comp_ict"


@pytest.mark.parametrize(
    "header",
    [
        "grp/t_ways_of_support/mentoring",
        "t_ways_of_support_mentoring",
        "t_ways_of_support/Насаатчылык",
    ],
)
def test_a_header_names_an_option(header):
    place = FormIndex(form("teacher"), {}).place(header)
    assert place is not None
    assert (place.item and place.item.name, place.option) == ("t_ways_of_support", "mentoring")


def test_many_problems_of_a_kind_are_cut_and_counted():
    problems = Problems()
    for row in range(MOST_ALIKE + 7):
        problems.warn("straightlining", row=row)
    found = problems.all()
    assert len(found) == MOST_ALIKE + 1
    (more,) = [problem for problem in found if problem.kind == "more_of_the_same"]
    assert more.params == {"kind": "straightlining", "n": "7"}
    assert more.severity is Severity.WARNING
