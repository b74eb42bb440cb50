"""Composite indices typed wrongly: each cell told with its place."""

from dataclasses import replace

import pytest

from indicators.pipeline.framework_indices import (
    INDEX_COLUMNS,
    check_marks,
    read_indices,
    read_limits,
)
from tests.pipeline.framework_rows import CATALOGUE, Found, form, found_in, question, sheet


def index(**cells: object) -> list[object]:
    values = {
        "code": "safety",
        "instrument": "student",
        "name_ky": "Коопсуздук",
        "items": "s_safe s_heard",
        "statistic": "mean",
        "scale_min": 1,
        "scale_max": 5,
        "min_answered_share": 0.5,
        "allowed": "yes",
        **cells,
    }
    return [values.get(column) for column in INDEX_COLUMNS]


@pytest.mark.parametrize(
    ("cells", "problems", "is_kept"),
    [
        ({}, [], True),
        ({"allowed": "no"}, [("index_skipped", 2, "allowed", "no")], False),
        (
            {"instrument": "pupil"},
            [("instrument_unknown", 2, "instrument", "pupil")],
            False,
        ),
        ({"instrument": "parent"}, [("index_refused", 2, "instrument", "parent")], False),
        ({"scale_min": "one"}, [("not_a_number", 2, "scale_min", "one")], False),
        ({"scale_max": None}, [("value_missing", 2, "scale_max", "")], False),
        ({"scale_max": 1}, [("range_not_ordered", 2, "scale_max", "1")], False),
        ({"statistic": "median"}, [("value_unknown", 2, "statistic", "median")], False),
        ({"items": "s_safe s_herd"}, [("item_unknown", 2, "items", "s_herd")], True),
        (
            {"items": "s_safe s_heard s_safe"},
            [("repeated", 2, "items", "s_safe"), ("repeated", 2, "items", "s_safe")],
            True,
        ),
        (
            {"reverse_items": "s_recommend"},
            [("reverse_item_not_in_index", 2, "reverse_items", "s_recommend")],
            True,
        ),
        (
            {"items": "s_safe s_recommend"},
            [("index_scale_differs", 2, "scale_min", "s_recommend")],
            True,
        ),
        (
            {"min_answered_share": 50},
            [("number_outside_range", 2, "min_answered_share", "50")],
            True,
        ),
        (
            {"min_answered_share": "half"},
            [("not_a_number", 2, "min_answered_share", "half")],
            True,
        ),
        ({"name_ky": ""}, [("value_missing", 2, "name_ky", "")], True),
    ],
)
def test_what_is_wrong_with_an_index(
    cells: dict[str, object], problems: list[Found], is_kept: bool
) -> None:
    none: list[object] = ["(none)", "parent", "", "", "self-selected"]
    indices = sheet("indices", INDEX_COLUMNS, index(**cells), none)
    limits = read_limits(indices)
    found = read_indices(indices, CATALOGUE, ["student", "teacher", "parent"], limits)
    assert found_in(indices) == problems
    assert len(found) == is_kept


@pytest.mark.parametrize(
    ("cells", "problems", "codes"),
    [
        ({"positive_codes": "4,5"}, [], (4, 5)),
        ({"positive_codes": "5, 4, 5,"}, [], (5, 4)),
        ({"positive_codes": 5}, [], (5,)),
        ({"positive_codes": ""}, [("value_missing", 2, "positive_codes", "")], ()),
        ({"positive_codes": ", ,"}, [("value_missing", 2, "positive_codes", ", ,")], ()),
        (
            {"positive_codes": "4,²,--5"},
            [
                ("not_a_whole_number", 2, "positive_codes", "²"),
                ("not_a_whole_number", 2, "positive_codes", "--5"),
            ],
            (4,),
        ),
        (
            {"positive_codes": "4,9", "items": "s_safe s_heard s_unknown"},
            [
                ("item_unknown", 2, "items", "s_unknown"),
                ("code_unknown", 2, "positive_codes", "9"),
            ],
            (4, 9),
        ),
        (
            {"positive_codes": "4,5", "scale_max": 5},
            [("percent_scale_wrong", 2, "scale_max", "5")],
            (4, 5),
        ),
    ],
)
def test_an_index_as_percent_of_positive_answers(
    cells: dict[str, object], problems: list[Found], codes: tuple[int, ...]
) -> None:
    percent = {"statistic": "percent_positive", "scale_min": 0, "scale_max": 100, **cells}
    more = str(percent.pop("positive_codes"))
    indices = sheet("indices", (*INDEX_COLUMNS, "positive_codes"), [*index(**percent), more])
    (found,) = read_indices(indices, CATALOGUE, ["student"], {})
    assert found_in(indices) == problems
    assert found.positive_codes == codes


def test_a_refused_index_tells_the_reason_of_the_sheet() -> None:
    none: list[object] = ["(none)", "parent", "", "", "self-selected"]
    indices = sheet("indices", INDEX_COLUMNS, index(instrument="parent"), none)
    read_indices(indices, CATALOGUE, ["parent"], read_limits(indices))
    assert indices.rows[0].problems.found[0].params["reason"] == "self-selected"


@pytest.mark.parametrize(
    ("text", "rescaled"),
    [
        ("1 + 4*x/3", (1.0, 5.0)),
        (" 1+4 * x / 3 (only for joint charts)", (1.0, 5.0)),
        ("-1 + 2.5*x/3", (-1.0, 1.5)),
        ("", None),
    ],
)
def test_a_rescaled_index(text: str, rescaled: tuple[float, float] | None) -> None:
    cells = index(rescale=text, items="s_safe", scale_min=0, scale_max=3)
    indices = sheet("indices", INDEX_COLUMNS, cells)
    (found,) = read_indices(indices, CATALOGUE, ["student"], {})
    assert found.rescaled == rescaled
    assert "rescale_unreadable" not in [one[0] for one in found_in(indices)]


@pytest.mark.parametrize(
    "text",
    ["x times 2", "1 + 4*x/0", "1 + 0*x/3", "1 + 4*x/3 + 7", "1.2.3 + 4*x/3", "1 + 4*x/.", "1 + 4"],
)
def test_a_rescaling_that_cannot_be_read(text: str) -> None:
    indices = sheet("indices", INDEX_COLUMNS, index(rescale=text))
    (found,) = read_indices(indices, CATALOGUE, ["student"], {})
    assert found.rescaled is None
    assert found_in(indices) == [("rescale_unreadable", 2, "rescale", text)]


def test_marks_in_a_form_that_differ_are_noted() -> None:
    indices = sheet("indices", INDEX_COLUMNS, index(code="climate", reverse_items="s_safe"))
    found = read_indices(indices, CATALOGUE, ["student"], {})
    marked = [
        replace(question("s_safe"), indices=("climate", "of another study")),
        replace(question("s_heard"), indices=("climate",)),
        replace(question("s_safe_reworded"), indices=("climate",), is_reversed=True),
    ]
    check_marks([form(*marked)], indices, found)
    assert found_in(indices) == [("reverse_mark_differs", 2, "reverse_items", "s_safe")]
