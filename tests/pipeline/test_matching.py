"""What is the same, what is near, what is unknown."""

import pytest

from indicators.pipeline.matching import How, Matcher, nearest, normalise
from indicators.pipeline.schools import Schools, code_key
from indicators.pipeline.shapes import SchoolSpec
from tests.pipeline.import_cases import schools

SCHOOLS = Schools(schools("W1"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("«Таң-Шоола»", "таң  шоола"),
        ("ТАҢ\u00a0ШООЛА", "таң-шоола"),
        ("2–3 жолу", "2-3 жолу"),
        ("ёлка", "елка"),
        ("Тoлкун", "толкун"),  # a Latin o
        ("а\u200bб", "аб"),
        ("9-класс 😀", "9 класс"),
        ("cафе", "сафе"),
        ("IS-СН", "is сн"),
    ],
)
def test_what_looks_alike_is_the_same(one, other):
    assert normalise(one) == normalise(other)


def test_numbers_are_kept():
    assert normalise("ИШ-07") != normalise("ИШ-08")


@pytest.mark.parametrize(
    ("cell", "code", "how"),
    [
        ("IS-07", "IS-07", How.EXACT),
        ("is_07", "IS-07", How.EXACT),
        (" is_03\u00a0", "IS-03", How.EXACT),
        (7.0, "IS-07", How.EXACT),
        ("24", "IS-24", How.EXACT),
        ("is_7", "IS-07", How.SAME),
        ("IS 7", "IS-07", How.SAME),
        ("«Таң-Шоола» мектеп-гимназиясы", "IS-01", How.EXACT),
        ("Таң Шоола", "IS-01", How.SAME),
        ("СШ Горизонт Ала", "IS-02", How.SAME),
        ("школа «Алтын-Кырка»", "IS-23", How.SAME),
        ("«Билим-Дарак» мектеби", "IS-03", How.SAME),
        ("«Тан-Шола» мектеп гимназия", "IS-01", How.NEAR),
        ("«Бургон-Бет» орто мектеби", "IS-22", How.NEAR),
        ("«Ак-Булак-Жаны» орто мектеби", "IS-08", How.NEAR),
        ("?к?р-Тоо орто мектеби", "IS-06", How.NEAR),
        ("Сары-Чабыт-Бирдик", "IS-24", How.SAME),
        ("Сары-Чабыт", "IS-09", How.SAME),
    ],
)
def test_a_school_is_recognised(cell, code, how):
    match = SCHOOLS.find(cell)
    assert (match.target, match.how) == (code, how)


@pytest.mark.parametrize(
    "cell",
    [
        "«Бүркүт-Ата» орто мектеби",
        "Билмейм",
        "is_77",
        77.0,
        7.5,
        "мектеп",
        "орто",
        "???",
        "?к-Т?о",  # too few letters left to know the name
        "",
        None,
        "Ак",
        "школа № 5",
        "IS-1-7",
    ],
)
def test_an_unknown_school_stays_unknown(cell):
    assert SCHOOLS.find(cell).target is None


def test_a_label_of_a_number_is_believed():
    assert SCHOOLS.find(1.0, "«Көк-Мунара» орто мектеби").target == "IS-04"
    assert SCHOOLS.find(1.0, "башка мектеп").target is None


def test_codes_without_leading_zeros_are_alike():
    assert code_key("IS-07") == code_key("is_7") == code_key("IS 007")
    assert code_key("IS-17") != code_key("IS-7")
    assert code_key("IS-70") != code_key("IS-7")


def test_a_code_needs_no_number():
    schools = Schools((SchoolSpec("ЛИЦЕЙ", ("Түндүк",), "ЛИЦЕЙ"), SchoolSpec("IS-01", (), "IS-01")))
    assert schools.find("лицей").target == "ЛИЦЕЙ"
    assert schools.find(1).target == "IS-01"
    assert schools.find(2).target is None


def test_two_schools_of_one_name_are_never_guessed():
    twins = Schools((SchoolSpec("A1", ("№5 мектеп",), "A1"), SchoolSpec("A2", ("Мектеп 5",), "A2")))
    assert twins.find("мектеп 5-").target is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("макул эмесмен", "макул эмесмин"),
        ("толугу менен макул", "толугу менен макулмун"),
        ("макулмун", "макулмун"),
        ("болгон эмес!", None),
        ("макул эмес", "макул эмесмин"),
    ],
)
def test_a_label_needs_one_clear_nearest(value, found):
    labels = ["макулмун", "макул эмесмин", "толугу менен макулмун", "толугу менен макул эмесмин"]
    assert nearest(value, labels).target == found


def test_a_not_is_never_added_or_dropped():
    assert nearest("полностью не согласна", ["полностью согласна"]).how is How.NONE
    assert nearest("полностью согласна", ["полностью не согласна"]).how is How.NONE


def test_numbers_must_agree():
    assert nearest("12-класстар", ["11-класстар", "10-класстар"]).how is How.NONE


def test_nothing_to_choose_from():
    assert Matcher[str]([]).find("x").how is How.NONE
    assert Matcher([("", 1), ("  ", 2)]).find("").how is How.NONE


def test_resembling_schools_are_offered_the_nearest_first():
    known = schools("W0")
    found = Schools(known).alike("Ак-Булум")
    assert found.split()[0] == "IS-05"
    assert Schools(known).alike("zzz") == ""
