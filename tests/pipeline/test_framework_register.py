"""Indicators and targets typed wrongly: each cell told with its place."""

import pytest

from indicators.pipeline.framework_indicators import INDICATOR_COLUMNS, read_indicators
from indicators.pipeline.framework_measures import extra_measures
from indicators.pipeline.framework_shapes import IndicatorDefinition
from indicators.pipeline.framework_targets import (
    TARGET_COLUMNS,
    TargetContext,
    facts_of,
    read_targets,
)
from indicators.vocabulary import TargetType
from tests.pipeline.framework_rows import CATALOGUE, Found, found_in, sheet


def indicator(**cells: object) -> list[object]:
    values = {
        "code": "S01",
        "name_ky": "Коопсуздук",
        "level": "outcome",
        "instrument": "student",
        "items": "s_safe",
        "statistic": "mean",
        "unit": "points 1-5",
        "direction": "increase",
        "baseline_policy": "measured",
        "decimals": 2,
        **cells,
    }
    return [values.get(column) for column in INDICATOR_COLUMNS]


def read(**cells: object) -> tuple[tuple[IndicatorDefinition, ...], list[Found]]:
    indicators = sheet("indicators", INDICATOR_COLUMNS, indicator(**cells))
    return read_indicators(indicators, CATALOGUE), found_in(indicators)


SHARE = {"statistic": "percent", "unit": "% of students"}
WAYS = {"statistic": "percent_option", "unit": "%", "instrument": "teacher", "items": "t_ways"}
GAP = {"statistic": "gap_means", "instrument": "student+teacher"}


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({}, "item:s_safe"),
        ({**SHARE, "codes": "4,5"}, "share:s_safe:4,5"),
        ({**SHARE, "codes": "4, 5, 4,"}, "share:s_safe:4,5"),
        ({**SHARE, "codes": 5}, "share:s_safe:5"),
        ({**WAYS, "codes": "mentoring"}, "option:t_ways:mentoring"),
        ({"statistic": "nps", "items": "s_recommend"}, "nps:s_recommend"),
        ({"statistic": "index_mean", "items": "climate"}, "index:climate"),
        ({"statistic": "gap_girls_minus_boys"}, "gap:s_safe:sex"),
        ({**GAP, "items": "t_safe - s_safe"}, "gap:t_safe:s_safe"),
    ],
)
def test_an_indicator_is_read(cells: dict[str, object], code: str) -> None:
    found, problems = read(**cells)
    assert problems == []
    assert [one.measure.code for one in found] == [code]


@pytest.mark.parametrize(
    ("cells", "problem", "is_kept"),
    [
        ({"code": ""}, ("value_missing", "code", ""), False),
        ({"level": "aim"}, ("value_unknown", "level", "aim"), False),
        ({"direction": "up"}, ("value_unknown", "direction", "up"), False),
        ({"baseline_policy": "none"}, ("value_unknown", "baseline_policy", "none"), False),
        ({"name_ky": ""}, ("value_missing", "name_ky", ""), True),
        ({"instrument": "student+pupil"}, ("instrument_unknown", "instrument", "pupil"), True),
        ({"instrument": ""}, ("value_missing", "instrument", ""), False),
        ({"decimals": "two"}, ("not_a_number", "decimals", "two"), True),
        ({"decimals": "1" * 400}, ("not_a_number", "decimals", "1" * 400), True),
        ({"disaggregation": "sex; shoe"}, ("group_unknown", "disaggregation", "shoe"), True),
        ({"headline": "perhaps"}, ("value_unknown", "headline", "perhaps"), True),
        ({**SHARE, "codes": "4,5", "unit": "points"}, ("unit_not_percent", "unit", "points"), True),
        ({**SHARE, "codes": ""}, ("value_missing", "codes", ""), True),
        ({**SHARE, "codes": " , "}, ("value_missing", "codes", ","), True),
        ({**SHARE, "codes": "4,²"}, ("code_unknown", "codes", "²"), True),
        ({**SHARE, "codes": "4,--5"}, ("code_unknown", "codes", "--5"), True),
        ({**SHARE, "codes": "4,9"}, ("code_unknown", "codes", "9"), True),
        ({**WAYS, "codes": "mentorin"}, ("option_unknown", "codes", "mentorin"), False),
        ({**WAYS, "items": "t_safe"}, ("item_not_multi", "items", "t_safe"), False),
        ({"items": "s_saf"}, ("item_unknown", "items", "s_saf"), False),
        ({"statistic": "nps"}, ("not_a_recommend_scale", "items", "s_safe"), False),
        (
            {"statistic": "gap_girls_minus_boys", "instrument": "teacher", "items": "t_safe"},
            ("question_on_sex_missing", "instrument", "teacher"),
            False,
        ),
        ({**GAP, "items": "t_safe"}, ("gap_unreadable", "items", "t_safe"), False),
        (
            {**GAP, "items": "t_safe - s_recommend"},
            ("gap_scales_differ", "items", "t_safe - s_recommend"),
            True,
        ),
    ],
)
def test_what_is_wrong_with_an_indicator(
    cells: dict[str, object], problem: tuple[str, str, str], is_kept: bool
) -> None:
    found, problems = read(**cells)
    kind, column, value = problem
    assert (kind, 2, column, value) in problems
    assert len(found) == is_kept


def test_an_indicator_stands_once() -> None:
    indicators = sheet("indicators", INDICATOR_COLUMNS, indicator(), indicator(code="s01"))
    assert len(read_indicators(indicators, CATALOGUE)) == 1
    assert found_in(indicators) == [("duplicate_code", 3, "code", "s01")]


def test_options_are_shown_one_by_one_only_where_they_are_asked() -> None:
    """`t_ways_of_support` has options of its own in the demo; another project asks none of them."""
    codes = [one.code for one in extra_measures((), CATALOGUE)]
    questions = ("s_safe", "s_heard", "s_sex", "s_recommend", "t_safe", "p_safe")
    assert codes == [f"item:{name}" for name in questions]


# --- targets --------------------------------------------------------------------------------


ROWS = (
    indicator(),
    indicator(code="S02", **SHARE, codes="4,5"),
    indicator(code="S03", direction="decrease"),
    indicator(code="S04", direction="maintain"),
    indicator(code="S05", direction="none"),
    indicator(code="S06", statistic="index_mean", items="climate"),
    indicator(code="S07", statistic="nps", items="s_recommend"),
    indicator(code="S08", statistic="gap_girls_minus_boys", direction="maintain"),
    indicator(code="S09", descriptive_only="yes"),
    indicator(code="S10", context_only="yes"),
    indicator(code="P01", instrument="parent", items="p_safe"),
    indicator(code="M01", statistic="manual", items="", unit="number"),
)


def context() -> TargetContext:
    indicators = sheet("indicators", INDICATOR_COLUMNS, *ROWS)
    found = read_indicators(indicators, CATALOGUE)
    assert found_in(indicators) == []
    facts = {one.code: facts_of(one, CATALOGUE) for one in found}
    return TargetContext(facts, {"IS-01"}, ["W0", "W1"])


CONTEXT = context()


def target(**cells: object) -> list[object]:
    values = {
        "indicator": "S01",
        "scope": "project",
        "wave": "W1",
        "target_type": "absolute",
        "target_value": 4,
        **cells,
    }
    return [values.get(column) for column in TARGET_COLUMNS]


@pytest.mark.parametrize(
    ("cells", "kind", "limits"),
    [
        ({}, TargetType.AT_LEAST, (4, None)),
        ({"target_value": "4,25"}, TargetType.AT_LEAST, (4.25, None)),
        ({"indicator": "S02", "target_value": 70}, TargetType.AT_LEAST, (0.7, None)),
        ({"indicator": "S03"}, TargetType.AT_MOST, (None, 4)),
        ({"target_type": "absolute_max"}, TargetType.AT_MOST, (None, 4)),
        ({"target_type": "change_abs", "target_value": 0.2}, TargetType.CHANGE, (0.2, None)),
        (
            {"indicator": "S03", "target_type": "change_abs", "target_value": -0.2},
            TargetType.CHANGE,
            (None, -0.2),
        ),
        (
            {"indicator": "S08", "target_type": "range", "target_value": "-0.10..0.10"},
            TargetType.RANGE,
            (-0.1, 0.1),
        ),
        ({"indicator": "S06"}, TargetType.AT_LEAST, (4, None)),
        ({"indicator": "S07", "target_value": -100}, TargetType.AT_LEAST, (-100, None)),
        ({"indicator": "M01", "target_value": 1e6}, TargetType.AT_LEAST, (1e6, None)),
        ({"scope": "school", "school_code": "IS-01"}, TargetType.AT_LEAST, (4, None)),
    ],
)
def test_a_target_is_read(
    cells: dict[str, object], kind: TargetType, limits: tuple[float | None, float | None]
) -> None:
    targets = sheet("targets", TARGET_COLUMNS, target(**cells))
    (found,) = read_targets(targets, CONTEXT)
    assert found_in(targets) == []
    assert (found.type, found.low, found.high) == (kind, *limits)
    assert found.school == cells.get("school_code", "")


RANGE = {"indicator": "S08", "target_type": "range"}


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"indicator": "S99"}, ("indicator_unknown", "indicator", "S99")),
        ({"indicator": ""}, ("value_missing", "indicator", "")),
        ({"indicator": "P01"}, ("target_of_self_selected", "indicator", "P01")),
        ({"indicator": "S09"}, ("target_of_descriptive", "indicator", "S09")),
        ({"indicator": "S10"}, ("target_of_context", "indicator", "S10")),
        ({"indicator": "S05"}, ("target_without_direction", "indicator", "S05")),
        ({"wave": "W7"}, ("wave_unknown", "wave", "W7")),
        ({"wave": ""}, ("value_missing", "wave", "")),
        ({"scope": "class"}, ("value_unknown", "scope", "class")),
        ({"scope": "school", "school_code": "IS-9"}, ("school_unknown", "school_code", "IS-9")),
        ({"scope": "school"}, ("value_missing", "school_code", "")),
        ({"school_code": "IS-01"}, ("school_beside_project", "school_code", "IS-01")),
        ({"target_type": "best"}, ("value_unknown", "target_type", "best")),
        ({"indicator": "S04"}, ("target_needs_direction", "target_type", "absolute")),
        (
            {"indicator": "S04", "target_type": "change_abs"},
            ("target_needs_direction", "target_type", "change_abs"),
        ),
        ({"target_value": "many"}, ("not_a_number", "target_value", "many")),
        ({"target_value": ""}, ("value_missing", "target_value", "")),
        ({"target_value": 5.1}, ("target_outside_scale", "target_value", "5.1")),
        (
            {"indicator": "S02", "target_value": 101},
            ("target_outside_scale", "target_value", "101"),
        ),
        (
            {"indicator": "S06", "target_value": 0.5},
            ("target_outside_scale", "target_value", "0.5"),
        ),
        (
            {"indicator": "S07", "target_value": -101},
            ("target_outside_scale", "target_value", "-101"),
        ),
        ({"indicator": "M01", "target_value": -1}, ("target_outside_scale", "target_value", "-1")),
        (
            {"target_type": "change_abs", "target_value": -0.2},
            ("change_against_direction", "target_value", "-0.2"),
        ),
        (
            {"target_type": "change_abs", "target_value": 0},
            ("change_against_direction", "target_value", "0"),
        ),
        (
            {"indicator": "S03", "target_type": "change_abs", "target_value": 0.2},
            ("change_against_direction", "target_value", "0.2"),
        ),
        (
            {"target_type": "change_abs", "target_value": 4.5},
            ("change_too_large", "target_value", "4.5"),
        ),
        ({**RANGE, "target_value": "about 0"}, ("range_unreadable", "target_value", "about 0")),
        ({**RANGE, "target_value": "1.2.3..4"}, ("range_unreadable", "target_value", "1.2.3..4")),
        (
            {**RANGE, "target_value": "0.1..-0.1"},
            ("range_not_ordered", "target_value", "0.1..-0.1"),
        ),
        (
            {"indicator": "S01", "target_type": "range", "target_value": "2..9"},
            ("target_outside_scale", "target_value", "2..9"),
        ),
        (
            {"indicator": "S01", "target_type": "range", "target_value": "0..4"},
            ("target_outside_scale", "target_value", "0..4"),
        ),
    ],
)
def test_what_is_wrong_with_a_target(
    cells: dict[str, object], problem: tuple[str, str, str]
) -> None:
    targets = sheet("targets", TARGET_COLUMNS, target(**cells))
    assert read_targets(targets, CONTEXT) == ()
    kind, column, value = problem
    assert found_in(targets) == [(kind, 2, column, value)]


def test_a_target_stands_once() -> None:
    targets = sheet("targets", TARGET_COLUMNS, target(), target(target_value=4.5))
    assert [one.low for one in read_targets(targets, CONTEXT)] == [4]
    assert found_in(targets) == [("repeated", 3, "indicator", "S01")]
