"""Printed figures that contradict each other are found, and figures that agree are left alone.

The fourteen contradictions of the published baseline, each planted as the report prints it and put
right as its own numbers ask for.
"""

import pytest

from indicators.pipeline.consistency import (
    Finding,
    Findings,
    Printed,
    bands_apart,
    bases_agree,
    gap_fits,
    groups_add_up,
    is_lowest,
    labels_once,
    mean_fits,
    mean_of_answers,
    mean_within_scale,
    mean_without_unscored,
    numbered_within,
    numbers_agree,
    ratio_fits,
    scale_fits,
    shares_add_up,
    status_fits,
    within_respondents,
)
from indicators.vocabulary import Inconsistency, Status

FREQUENCY, AGREEMENT = (0.0, 3.0), (1.0, 5.0)


def p(text: str) -> Printed:
    return Printed.of(text)


def kinds(findings: Findings) -> list[Inconsistency]:
    return [finding.kind for finding in findings]


def spread(**shares: str) -> dict[float, Printed]:
    """`spread(c5="37.1 %")`: code -> printed share."""
    return {float(name[1:]): p(text) for name, text in shares.items()}


# --- the fourteen ---------------------------------------------------------------------


@pytest.mark.parametrize("n", [971, 972, 969])
def test_1_an_index_has_more_answers_than_the_sample(n: int) -> None:
    assert within_respondents("3.1", n, 967) == (
        Finding(Inconsistency.MORE_THAN_ANSWERED, "3.1", n, 967),
    )
    assert within_respondents("3.1", n, 972) == ()


def test_2_charts_of_directors_stand_on_another_number_of_checklists() -> None:
    assert kinds(numbers_agree("2.2", p("23"), p("22"))) == [Inconsistency.NUMBERS_DIFFER]
    (found,) = ratio_fits("3.3", p("4.27"), 94, 23)
    assert (found.kind, found.found, found.detail) == (Inconsistency.RATIO_OFF_PARTS, 4.27, "94")
    assert found.expected == pytest.approx(4.0870, abs=1e-4)
    assert ratio_fits("3.3", p("4.27"), 94, 22) == ()
    assert ratio_fits("6.1.4", p("2.35"), 54, 22) != ()
    assert ratio_fits("6.1.4", p("2.35"), 54, 23) == ()


INDICES = {
    "advanced_practices": (p("1.91"), FREQUENCY),  # 1 + 1.91*4/3 = 3.5467
    "resources_partnership": (p("3.49"), AGREEMENT),
    "school_innovativeness": (p("3.70"), AGREEMENT),
}


def test_3_a_raw_value_is_ranked_among_others() -> None:
    (found,) = is_lowest("4.1", "advanced_practices", INDICES)
    assert (found.kind, found.detail) == (Inconsistency.NOT_THE_LOWEST, "resources_partnership")
    assert (found.found, found.expected) == (pytest.approx(3.546667), pytest.approx(3.49))
    assert is_lowest("4.1", "resources_partnership", INDICES) == ()


LEADERSHIP = spread(c0="0.4 %", c1="2.4 %", c2="21.9 %", c3="75.3 %")


def test_4_a_scale_and_a_mean_do_not_fit_their_codes() -> None:
    assert [one.detail for one in scale_fits("4.2.1", (0, 4), LEADERSHIP)] == ["highest"]
    assert scale_fits("4.2.1", (0, 3), LEADERSHIP) == ()
    # 0.024 + 2*0.219 + 3*0.753 = 2.721; without "don't know" 2.697/0.976 = 2.763
    (found,) = mean_without_unscored("4.2.1", p("2.72"), LEADERSHIP, {1})
    assert found.kind is Inconsistency.UNSCORED_IN_MEAN
    assert found.expected == pytest.approx(2.7633, abs=1e-4)
    assert mean_without_unscored("4.2.1", p("2.76"), LEADERSHIP, {1}) == ()
    assert mean_fits("4.2.1", p("2.72"), LEADERSHIP) == ()


GROUP_WORK = spread(c3="18 %", c2="41 %", c1="20 %", c0="21 %")


def test_5_the_value_of_an_index_stands_for_an_item() -> None:
    (found,) = mean_fits("4.3.1", p("1.72"), GROUP_WORK)
    assert (found.kind, found.expected) == (
        Inconsistency.MEAN_OFF_DISTRIBUTION,
        pytest.approx(1.56),
    )
    assert mean_fits("4.3.1", p("1.56"), GROUP_WORK) == ()
    (gap,) = gap_fits("4.3.1", p("0.14"), p("1.70"), p("1.72"))
    assert (gap.kind, gap.expected) == (Inconsistency.GAP_OFF_VALUES, pytest.approx(-0.02))
    assert gap_fits("4.3.1", p("0.14"), p("1.70"), p("1.56")) == ()


TEACHERS_ICT = spread(c5="37.1 %", c4="38.7 %", c3="14.2 %", c2="5.3 %", c1="3.5 %")


def test_6_a_mean_off_its_distribution_that_does_not_add_up() -> None:
    (found,) = mean_fits("4.3.2", p("4.19"), TEACHERS_ICT)
    assert found.expected == pytest.approx(4.0182, abs=1e-4)  # 3.970/0.988
    assert mean_fits("4.3.2", p("4.02"), TEACHERS_ICT) == ()
    (total,) = shares_add_up("4.3.2", TEACHERS_ICT.values())
    assert total.kind is Inconsistency.SHARES_DO_NOT_ADD_UP
    assert (total.found, total.tolerance) == (pytest.approx(0.988), pytest.approx(0.0025))
    assert shares_add_up("4.2.1", LEADERSHIP.values()) == ()


def test_7_shares_stand_on_link_openings() -> None:
    assert kinds(ratio_fits("5.2.1", p("19.2 %"), 500, 2417)) == [Inconsistency.RATIO_OFF_PARTS]
    assert ratio_fits("5.2.1", p("20.7 %"), 500, 2417) == ()
    bases = {"5.2.1": 2603, "5.2.2": 2603, "5.3.2": 2603, "5.0.1": 2535}
    assert bases_agree("5", bases) == (
        Finding(Inconsistency.BASES_DIFFER, "5", 2535, 2603, detail="5.0.1"),
    )
    assert bases_agree("5", {"5.2.1": 2417, "5.2.1 mean": 2417}) == ()


def test_8_a_digit_is_wrong() -> None:
    (found,) = ratio_fits("5.2.1", p("17.7 %"), 445, 2603)
    assert found.expected == pytest.approx(0.170957, abs=1e-6)
    assert ratio_fits("5.2.1", p("17.1 %"), 445, 2603) == ()


def test_9_missing_answers_are_divided_in_as_zero() -> None:
    (found,) = mean_of_answers("5.3.2", p("3.8"), p("3.96"), 2421, 2535)
    assert (found.kind, found.detail) == (Inconsistency.MISSING_AS_ZERO, "114")
    assert mean_of_answers("5.3.2", p("4.0"), p("3.96"), 2421, 2535) == ()
    assert mean_of_answers("5.3.2", p("2.5"), p("3.96"), 2421, 2535) == ()  # some other mistake


def test_10_a_channel_has_the_name_of_an_index() -> None:
    labels = [
        ("Class chat", "5.2.3"),
        ("Advanced  practices", "4.1"),
        ("advanced practices", "5.2.3"),
    ]
    assert labels_once(labels) == (
        Finding(Inconsistency.LABEL_TWICE, "5.2.3", 2, 1, detail="advanced practices"),
    )
    assert labels_once(labels[:2]) == ()


def test_11_text_and_chart_differ_and_bands_overlap() -> None:
    assert kinds(numbers_agree("6.1.1", p("16"), p("17"))) == [Inconsistency.NUMBERS_DIFFER]
    assert numbers_agree("6.1.1", p("17"), p("17")) == ()
    assert bands_apart("6.1.1", [(0, 0), (1, 2), (3, 5), (5, None)]) == (
        Finding(Inconsistency.BANDS_OVERLAP, "6.1.1", 5, 5, detail="5"),
    )
    assert bands_apart("6.1.1", [(6, None), (3, 5), (1, 2), (0, 0)]) == ()


def test_12_counts_of_plans_and_boards_and_a_wrong_number() -> None:
    assert kinds(numbers_agree("7.1.1", p("7"), p("8"))) == [Inconsistency.NUMBERS_DIFFER]
    assert groups_add_up("5.3.4", [2, 4, 14], 22) == (
        Finding(Inconsistency.GROUPS_OFF_TOTAL, "5.3.4", 20, 22),
    )
    assert groups_add_up("5.3.4", [2, 4, 14, 2], 22) == ()
    assert numbered_within("7.1", ["7.1.1", "3.1.2"]) == (
        Finding(Inconsistency.NUMBERED_ELSEWHERE, "7.1", None, None, detail="3.1.2"),
    )
    assert numbered_within("7.1", ["7.1.1", "7.1.2"]) == ()


LABS = {4.0: Printed(1), 3.0: Printed(10), 2.0: Printed(8), 1.0: Printed(3)}


def test_13_a_mean_with_one_checklist_more_than_its_chart() -> None:
    (found,) = mean_fits("6.1.4", p("2.35"), LABS)
    assert found.expected == pytest.approx(53 / 22)
    assert mean_fits("6.1.4", p("2.41"), LABS) == ()
    assert mean_fits("6.1.4", p("2.35"), {**LABS, 1.0: Printed(4)}) == ()  # 54/23


def test_14_two_numbers_of_respondents() -> None:
    (found,) = numbers_agree("2.2", p("2603"), p("2535"), "respondents")
    assert (found.found, found.expected, found.detail) == (2603, 2535, "respondents")
    assert numbers_agree("5", p("2535"), p("2535")) == ()


# --- rounding, and what is no figure --------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "half"),
    [
        ("17.7 %", 0.177, 0.0005),
        ("17,7%", 0.177, 0.0005),
        ("4.19", 4.19, 0.005),
        ("2603", 2603, 0.5),
        ("30 %", 0.30, 0.005),
        ("-0.30", -0.30, 0.005),
        ("\N{MINUS SIGN}5", -5, 0.5),
        (" 0 ", 0, 0.5),
    ],
)
def test_a_printed_number_stands_for_all_that_round_to_it(text, value, half) -> None:
    found = Printed.of(text)
    assert (found.value, found.half) == (pytest.approx(value), pytest.approx(half))


@pytest.mark.parametrize("text", ["", "-", "about 30", "1.2.3", "17-18 %"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected one printed number"):
        Printed.of(text)


def test_rounding_alone_is_no_contradiction() -> None:
    thirds = [p("33 %")] * 3
    assert shares_add_up("x", thirds) == ()  # 99 %, each within half a point
    assert kinds(shares_add_up("x", [p("33.0 %")] * 3)) == [Inconsistency.SHARES_DO_NOT_ADD_UP]
    assert gap_fits("x", p("0.13"), p("1.70"), p("1.56")) == ()
    assert numbers_agree("x", p("30 %"), p("29.6 %")) == ()
    assert kinds(numbers_agree("x", p("30 %"), p("29.4 %"))) == [Inconsistency.NUMBERS_DIFFER]
    close = {"a": (p("3.50"), AGREEMENT), "b": (p("3.49"), AGREEMENT)}
    assert is_lowest("x", "a", close) == ()  # both may be 3.495


def test_nobody_answered() -> None:
    assert mean_fits("x", p("0"), {1.0: Printed(0)}) == (
        Finding(Inconsistency.MEAN_OFF_DISTRIBUTION, "x", 0, None),
    )
    assert ratio_fits("x", p("0 %"), 0, 0) == (
        Finding(Inconsistency.RATIO_OFF_PARTS, "x", 0, None),
    )
    assert mean_without_unscored("x", p("1"), {1.0: Printed(4)}, {1}) == (
        Finding(Inconsistency.UNSCORED_IN_MEAN, "x", 1, None),
    )
    assert bases_agree("x", {}) == ()


def test_a_mean_that_does_not_come_from_its_answers_is_another_matter() -> None:
    assert mean_without_unscored("x", p("1.0"), LEADERSHIP, {1}) == ()
    assert mean_fits("x", p("1.0"), LEADERSHIP) != ()


@pytest.mark.parametrize(
    ("mean", "scale", "expected"), [("5.3", AGREEMENT, 5), ("-0.2", FREQUENCY, 0)]
)
def test_a_mean_outside_its_scale(mean: str, scale: tuple[float, float], expected: float) -> None:
    (found,) = mean_within_scale("x", p(mean), scale)
    assert (found.kind, found.expected) == (Inconsistency.MEAN_OUTSIDE_SCALE, expected)
    assert mean_within_scale("x", p("2.5"), scale) == ()


def test_a_lower_open_band_overlaps_what_follows() -> None:
    (found,) = bands_apart("x", [(1, None), (3, 5)])
    assert (found.found, found.expected) == (None, 3)


@pytest.mark.parametrize(
    ("value", "target", "reached", "status", "expected"),
    [
        ("4.0", (4.0, None), True, Status.MET, None),
        ("4.0", (4.0, None), False, Status.NOT_MET, None),  # 3.96 prints so too
        ("3.9", (4.0, None), True, Status.TOO_CLOSE, 4.0),
        ("3.9", (4.0, None), False, Status.MET, 4.0),
        ("3.9", (4.0, None), False, Status.TOO_CLOSE, None),
        ("62 %", (None, 0.65), True, Status.TOO_CLOSE, None),
        ("62 %", (None, 0.65), True, Status.NOT_MET, 0.65),
        ("95 %", (None, 0.65), True, Status.MET, 0.65),
        ("2.0", (1.0, 2.6), False, Status.TOO_CLOSE, 2.6),
        ("2.0", (1.0, 2.6), None, Status.NOT_MET, 2.6),
    ],
)
def test_a_word_about_a_target_fits_its_value(
    value: str,
    target: tuple[float | None, float | None],
    reached: bool | None,
    status: Status,
    expected: float | None,
) -> None:
    found = status_fits("S06", p(value), target, reached, status)
    assert [one.expected for one in found] == ([] if expected is None else [expected])
    assert all(one.detail == status for one in found)
