"""A pasted table against stored figures: the fourteen contradictions of the published baseline,
rounding, what cannot be read, and agreement.
"""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from indicators.pipeline.inputs import StoredFigure, StoredFigures
from indicators.pipeline.printed_figures import PrintedCheck, check_printed
from indicators.pipeline.printed_table import MOST_LINES, LineProblem, PrintedRow, read_printed
from indicators.vocabulary import Inconsistency as K
from indicators.vocabulary import PrintedProblem as P

LEADERSHIP = {0.0: 1.0, 1.0: 6.0, 2.0: 55.0, 3.0: 189.0}  # 1 is "don't know"
LABS = {4.0: 1.0, 3.0: 10.0, 2.0: 8.0, 1.0: 3.0}
TEACHERS_ICT = {5.0: 371.0, 4.0: 387.0, 3.0: 142.0, 2.0: 65.0, 1.0: 35.0}
LEVELS = {
    "S01": StoredFigure(4.0213, 960, respondents=967, scale=(1, 5)),
    "S08": StoredFigure(500 / 2603, 2603, is_share=True, respondents=2603),
    "T01": StoredFigure(1.9100, 251, respondents=251, scale=(0, 3)),
    "T05": StoredFigure(3.4917, 251, respondents=251, scale=(1, 5)),
    "LEAD": StoredFigure(
        (2 * 55 + 3 * 189) / 245,
        245,
        respondents=251,
        scale=(0, 3),
        counts=LEADERSHIP,
        unscored=frozenset({1.0}),
    ),
    "GROUP": StoredFigure(1.5612, 967, respondents=967, scale=(0, 3)),
    "GROUP_T": StoredFigure(1.7012, 251, respondents=251, scale=(0, 3)),
    "G01": StoredFigure(0.1400, 1218, sides=("GROUP_T", "GROUP")),
    "P02": StoredFigure(3.9588, 2421, respondents=2535, scale=(1, 5)),
    "D04": StoredFigure(17.0, 22),
    "D06": StoredFigure(94 / 23, 23, scale=(1, 5)),
    "LABS": StoredFigure(53 / 22, 22, scale=(1, 4), counts=LABS),
    "ICT": StoredFigure(3.994, 1000, respondents=1000, scale=(1, 5), counts=TEACHERS_ICT),
    "X9": StoredFigure(None, 0),
}
STORED = StoredFigures(
    codes={code.casefold(): code for code in LEVELS},
    waves={"w0": "W0", "baseline": "W0", "w1": "W1", "endline 2027": "W1"},
    levels={
        **{(code, "W0"): one for code, one in LEVELS.items()},
        ("S01", "W1"): StoredFigure(4.1842, 917, respondents=920, scale=(1, 5)),
        ("X9", "W1"): StoredFigure(None, 0),
    },
    changes={("S01", "W0", "W1"): 0.1629, ("X9", "W0", "W1"): None},
)


def check(*lines: str) -> PrintedCheck:
    return check_printed("\n".join(lines), STORED)


def kinds(*lines: str) -> list[tuple[int, K]]:
    found = check(*lines)
    assert found.problems == []
    return [(one.line, one.kind) for one in found.findings]


# --- the fourteen ---------------------------------------------------------------------


def test_1_an_index_has_more_answers_than_the_sample() -> None:
    (found,) = check("S01;W0;4.02;971").findings
    assert (found.kind, found.found, found.expected) == (K.MORE_THAN_ANSWERED, 971, 967)
    assert kinds("S01;W0;4.02;960", "S01;W0;;960") == []


def test_2_charts_of_directors_stand_on_another_number_of_checklists() -> None:
    assert kinds("D06;W0;4.27;22") == [(1, K.BASES_DIFFER), (1, K.NUMBERS_DIFFER)]
    header = "code;wave;value;n;count"
    assert (2, K.RATIO_OFF_PARTS) in kinds(header, "D06;W0;4.27;23;94")
    assert kinds(header, "D06;W0;4.09;23;94") == []


def test_3_a_raw_value_is_called_the_lowest() -> None:
    header = "code;wave;value;claim"
    lines = (header, "T01;W0;1.91;lowest", "T05;W0;3.49", "S01;W0;4.02")
    (found,) = check(*lines).findings
    assert (found.line, found.kind, found.detail) == (2, K.NOT_THE_LOWEST, "T05")
    assert (found.found, found.expected) == (pytest.approx(3.546667), pytest.approx(3.49))
    assert kinds(header, "T01;W0;1.91", "T05;W0;3.49;lowest") == []


def test_4_a_scale_and_a_mean_do_not_fit_their_codes() -> None:
    header = "code;wave;value;scale"
    assert kinds(header, "LEAD;W0;2.76;0-4") == [(2, K.SCALE_OFF_CODES)]
    # 0.0239 + 2*0.2191 + 3*0.7530 = 2.7211 with "don't know" as 1; 677/245 = 2.7633 without it
    (found,) = check(header, "LEAD;W0;2.72;0-3").findings
    assert (found.kind, found.typed) == (K.UNSCORED_IN_MEAN, "2.72")
    assert found.expected == pytest.approx(677 / 245)
    assert kinds(header, "LEAD;W0;2.76;0–3") == []


def test_5_the_value_of_an_index_stands_for_an_item() -> None:
    lines = ("GROUP;W0;1.72", "GROUP_T;W0;1.70", "G01;W0;0.14")
    assert kinds(*lines) == [(1, K.NUMBERS_DIFFER), (3, K.GAP_OFF_VALUES)]
    assert check(*lines).findings[1].expected == pytest.approx(-0.02)
    assert kinds("GROUP;W0;1.56", "GROUP_T;W0;1.70", "G01;W0;0.14") == []


def test_6_a_mean_off_its_distribution_that_does_not_add_up() -> None:
    header = "code;wave;value;option"
    shares = ("37.1 %", "38.7 %", "14.2 %", "5.3 %", "3.5 %")
    options = [
        f"ICT;W0;{share};{code}" for share, code in zip(shares, (5, 4, 3, 2, 1), strict=True)
    ]
    found = kinds(header, "ICT;W0;4.19", *options)
    assert found == [
        (2, K.MEAN_OFF_DISTRIBUTION),
        (2, K.NUMBERS_DIFFER),
        (6, K.NUMBERS_DIFFER),  # 5.3 % where 6.5 % is stored
        (7, K.SHARES_DO_NOT_ADD_UP),
    ]
    options[3] = "ICT;W0;6.5 %;2"
    assert kinds(header, "ICT;W0;3.99", *options) == []


def test_7_shares_stand_on_link_openings() -> None:
    header = "code;wave;value;n;count"
    assert kinds(header, "S08;W0;19.2 %;2417;500") == [
        (2, K.RATIO_OFF_PARTS),
        (2, K.BASES_DIFFER),
    ]
    assert kinds(header, "S08;W0;19.2;2603;500") == []  # percent, with the sign or without


def test_8_a_digit_is_wrong() -> None:
    header = "code;wave;value;n;count"
    found = check(header, "S08;W0;17.7 %;2603;500").findings
    assert [one.kind for one in found] == [K.RATIO_OFF_PARTS, K.NUMBERS_DIFFER]
    assert (found[1].is_share, found[1].decimals, found[1].typed) == (True, 1, "17.7 %")


def test_9_missing_answers_are_divided_in_as_zero() -> None:
    (found,) = check("P02;W0;3.8;2421").findings  # 3.9588 * 2421/2535 = 3.7808
    assert (found.kind, found.detail) == (K.MISSING_AS_ZERO, "114")
    assert found.expected == pytest.approx(3.9588)
    assert kinds("P02;W0;4.0;2421") == []
    assert kinds("P02;W0;2.5;2421") == [(1, K.NUMBERS_DIFFER)]  # some other mistake


def test_10_a_channel_has_the_name_of_an_index() -> None:
    header = "code;wave;value;label;place"
    lines = (header, "T01;W0;1.91;Advanced practices;4.1", ";;;Class chat;5.2.3")
    assert kinds(*lines) == []
    (found,) = check(*lines, ";;;advanced  practices;5.2.3").findings
    assert (found.line, found.kind, found.detail) == (4, K.LABEL_TWICE, "advanced practices")
    assert kinds(header, "T01;W0;1.91;Advanced practices", "t01;W0;1.9;advanced practices") == []
    assert kinds(header, "channel;;;Class chat", "other;;;class chat") == [(3, K.LABEL_TWICE)]


def test_11_text_and_chart_differ_and_bands_overlap() -> None:
    header = "code;wave;value;place"
    found = check(header, "D04;W0;17;chart 6", "D04;baseline;16;text").findings
    assert [(one.line, one.kind, one.detail) for one in found] == [
        (3, K.NUMBERS_DIFFER, ""),
        (3, K.NUMBERS_DIFFER, "chart 6"),
    ]
    assert kinds(header, "D04;W0;17;chart", "D04;W0;17;text") == []
    header = "code;wave;count;option;label"
    bands = ("LABS;W0;3;1;0", "LABS;W0;8;2;1–2", "LABS;W0;10;3;3-5", "LABS;W0;1;4;{}")
    assert kinds(header, *(line.format("5 or more") for line in bands)) == [(5, K.BANDS_OVERLAP)]
    assert kinds(header, *(line.format("6+") for line in bands)) == []
    assert kinds(header, *(line.format("many") for line in bands)) == []


def test_12_counts_of_boards_and_a_wrong_number() -> None:
    assert kinds("D04;W0;7;22") == [(1, K.NUMBERS_DIFFER)]
    header = "code;wave;count;option;n"
    lines = [header, "LABS;W0;1;4;22", "LABS;W0;10;3", "LABS;W0;8;2"]
    assert kinds(*lines) == [(4, K.GROUPS_OFF_TOTAL)]
    assert kinds(*lines, "LABS;W0;3;1;22") == []
    header = "place;number"
    assert kinds(header, "7.1;7.1.1", "7.1;3.1.2") == [(3, K.NUMBERED_ELSEWHERE)]


def test_13_a_mean_with_one_checklist_more_than_its_chart() -> None:
    header = "code;wave;value;count;option"
    options = [f"LABS;W0;;{n:.0f};{code:.0f}" for code, n in LABS.items()]
    found = check(header, "LABS;W0;2.35", *options).findings
    assert [one.kind for one in found] == [K.MEAN_OFF_DISTRIBUTION, K.NUMBERS_DIFFER]
    assert found[0].expected == pytest.approx(53 / 22)
    assert kinds(header, "LABS;W0;2.41", *options) == []


def test_14_two_numbers_of_respondents() -> None:
    found = check("P02;W0;3.96;2603").findings
    assert [(one.kind, one.found, one.expected) for one in found] == [
        (K.MORE_THAN_ANSWERED, 2603, 2535)
    ]


# --- beyond the fourteen --------------------------------------------------------------


def test_a_change_is_compared_and_is_the_difference_of_its_values() -> None:
    assert kinds("S01;W0 → W1;+0.16", "S01;W0;4.02", "S01;W1;4.18") == []
    assert kinds("S01;W0->endline 2027;0.26", "S01;W0;4.02", "S01;W1;4.18") == [
        (1, K.NUMBERS_DIFFER),
        (1, K.CHANGE_OFF_VALUES),
    ]
    assert kinds("S01;W0–W1;") == []


def test_a_value_outside_its_scale_is_said_so() -> None:
    assert kinds("S01;W0;40.2") == [(1, K.MEAN_OUTSIDE_SCALE)]


def test_dont_know_counted_among_the_printed_answers() -> None:
    header = "code;wave;value;option"
    options = ("LEAD;W0;0.4 %;0", "LEAD;W0;2.4 %;1", "LEAD;W0;21.9 %;2", "LEAD;W0;75.3 %;3")
    found = kinds(header, "LEAD;W0;2.72", *options)
    assert found == [(2, K.UNSCORED_IN_MEAN), (2, K.UNSCORED_IN_MEAN)]
    assert kinds(header, "LEAD;W0;2.76", *options) == []


def test_an_option_is_compared_as_share_or_as_count() -> None:
    header = "code;wave;value;count;option"
    assert kinds(header, "LABS;W0;;9;3") == [(2, K.NUMBERS_DIFFER)]
    assert kinds(header, "LABS;W0;;;3") == []
    assert check(header, "LABS;W0;45 %;;3").findings[0].expected == pytest.approx(1.0)  # one alone


def test_the_lowest_of_what_has_no_scale_is_not_judged() -> None:
    header = "code;wave;value;claim"
    assert kinds(header, "D04;W0;17;lowest", "S01;W0;4.02") == []
    assert kinds(header, "S01;W0;4.02;the best") == []


@pytest.mark.parametrize("seed", range(30))
def test_what_is_rounded_from_the_store_agrees_and_one_step_more_does_not(seed: int) -> None:
    """Against exact fractions: a number printed to d decimals agrees iff it rounds to it."""
    draw = random.Random(seed)
    value = Fraction(draw.randint(1, 4999), 1000) + Fraction(1, 7919)
    decimals = draw.randint(0, 3)
    step = Fraction(1, 10**decimals)
    printed = step * round(value / step)
    stored = StoredFigures({"a": "a"}, {"w": "w"}, {("a", "w"): StoredFigure(float(value), 9)}, {})
    for shift in range(-2, 3):
        other = printed + shift * step
        agrees = abs(other - value) <= step / 2
        found = check_printed(f"a;w;{float(other):.{decimals}f}", stored)
        assert (not found.findings) == agrees, (value, other)


# --- what cannot be read --------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "kind", "cell"),
    [
        (";W0;4.0", P.NO_CODE, ""),
        ("S99;W0;4.0", P.UNKNOWN_CODE, "S99"),
        ("S01;W9;4.0", P.UNKNOWN_WAVE, "W9"),
        ("S01;;4.0", P.UNKNOWN_WAVE, ""),
        ("S01;W0 → W9;4.0", P.UNKNOWN_WAVE, "W0 → W9"),
        ("S01;W0;about 4", P.NOT_A_NUMBER, "about 4"),
        ("S01;W0;40 %", P.NOT_A_SHARE, "40 %"),
        ("S08;W0;x%", P.NOT_A_NUMBER, "x%"),
        ("S01;W0;4.02;many", P.NOT_A_COUNT, "many"),
        ("S01;W0;4.02;9.5", P.NOT_A_COUNT, "9.5"),
        ("S08;W1;20 %", P.NOT_STORED, "S08 W1"),
        ("X9;W0;1", P.NOT_STORED, "X9 W0"),
        ("X9;W0→W1;1", P.NOT_STORED, "X9 W0→W1"),
        ("S01;W0;4.02;960;1", P.TOO_MANY_CELLS, "1"),
    ],
)
def test_a_line_that_cannot_be_compared_is_named(line: str, kind: P, cell: str) -> None:
    found = check("S01;W0;4.02;960", "", line)
    assert found.problems == [LineProblem(3, kind, cell)]
    assert found.findings == []
    assert found.n_compared == 2  # the first line is still checked


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ("LABS;W0;x;", P.UNKNOWN_OPTION),
        ("LABS;W0;inf;", P.UNKNOWN_OPTION),
        ("S01;W0;3;", P.UNKNOWN_OPTION),
        ("S01;W0;;1", P.NOT_A_SCALE),
        ("S01;W0;;5-1", P.NOT_A_SCALE),
    ],
)
def test_an_option_or_scale_that_is_none(cells: str, kind: P) -> None:
    (problem,) = check("code;wave;option;scale", cells).problems
    assert (problem.line, problem.kind) == (2, kind)


# --- the table ------------------------------------------------------------------------


def test_columns_are_named_in_any_order_and_language() -> None:
    rows, problems = read_printed("Волна\tкод\tMy remark\tn\tзначение\nW0\tS01\twhy\t960\t4,02\n")
    assert rows == (PrintedRow(2, code="S01", wave="W0", n="960", value="4,02"),)
    assert problems == (LineProblem(1, P.UNKNOWN_COLUMN, "My remark"),)


def test_without_names_the_columns_are_the_usual_ones() -> None:
    rows, _ = read_printed("\r\nS01 ;W0;  4,02 ;;;\rS08;W0")
    assert rows == (PrintedRow(2, "S01", "W0", "4,02"), PrintedRow(3, "S08", "W0"))


def test_a_column_named_twice_counts_once_and_a_blank_name_is_left_out() -> None:
    rows, problems = read_printed("code\tvalue\tvalue\t\twave\nS01\t1\t2\tx\tW0")
    assert rows == (PrintedRow(2, code="S01", value="1", wave="W0"),)
    assert problems == ()


def test_a_cell_may_hold_what_parts_columns_and_thousands_may_be_parted() -> None:
    (row,), _ = read_printed('S08;W0;"19,2 %";2 603')
    assert (row.value, row.n) == ("19,2 %", "2 603")
    assert kinds('S08;W0;"19,2 %";2 603', "S08;W0;19.2%;2,603") == []


def test_a_table_too_long_is_read_up_to_there() -> None:
    lines = ["S01;W0;4.02"] * (MOST_LINES + 5)
    rows, problems = read_printed("\n".join(lines))
    assert len(rows) == MOST_LINES
    assert problems == (LineProblem(MOST_LINES + 1, P.TOO_LONG),)


def test_an_empty_table_compares_nothing() -> None:
    for text in ("", "\n \t\n", "code;wave;value"):
        found = check_printed(text, STORED)
        assert (found.n_lines, found.n_compared, found.findings) == (0, 0, [])
