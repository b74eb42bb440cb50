"""Where a target stands (product rules 3 and 6, method section 13). Every case computed by hand.

t quantiles used below: t(.95, 22) = 1.717144, t(.95, 9) = 1.833113.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from indicators.pipeline.assess import Evidence, assess
from indicators.pipeline.inputs import Rules, TargetSpec
from indicators.pipeline.outcomes import AssessmentRow, ChangeRow, EstimateRow
from indicators.vocabulary import Reason, Scope, Status, TargetType, Verdict
from tests.pipeline.builders import BASELINE, ENDLINE, MIDLINE

AT_LEAST, AT_MOST, RANGE, CHANGE = TargetType
DUE = date(2027, 10, 2)
NOT_DUE = date(2027, 10, 1)  # the last day of fieldwork
MET, NOT_MET, TOO_CLOSE = Status.MET, Status.NOT_MET, Status.TOO_CLOSE
ON, OFF, UNSURE = Status.ON_TRACK, Status.OFF_TRACK, Status.CANNOT_TELL


def target(type: TargetType, low: float | None, high: float | None, school: str = "") -> TargetSpec:
    return TargetSpec(7, "m", "W1", type, low, high, school)


def level(value: float | None, wave: str = "W1", **fields: Any) -> EstimateRow:
    usual: dict[str, Any] = {"scope": Scope.PROJECT, "n": 900, "se": 0.1, "df": 22.0}
    return EstimateRow(measure="m", wave=wave, value=value, **{**usual, **fields})


def fact(value: float | None, wave: str = "W1", **fields: Any) -> EstimateRow:
    usual: dict[str, Any] = {"se": None, "df": None, "reason": Reason.NOT_A_SAMPLE}
    return level(value, wave, **{**usual, **fields})


def change(
    d: float | None, wave: str = "W1", half90: float | None = None, **fields: Any
) -> ChangeRow:
    usual: dict[str, Any] = {
        "scope": Scope.PROJECT,
        "verdict": Verdict.NO_CLEAR_CHANGE,
        "baseline": 3.0,
        "difference": d,
        "se": 0.1,
        "df": 22.0,
        "ci90_low": None if half90 is None or d is None else d - half90,
        "ci90_high": None if half90 is None or d is None else d + half90,
    }
    return ChangeRow(measure="m", wave_from="W0", wave_to=wave, **{**usual, **fields})


def judge(
    one: TargetSpec,
    *rows: EstimateRow | ChangeRow,
    on: date = DUE,
    is_share: bool = False,
    is_reworded: bool = False,
    rules: Rules | None = None,
) -> AssessmentRow:
    levels = [row for row in rows if isinstance(row, EstimateRow)]
    changes = [row for row in rows if isinstance(row, ChangeRow)]
    evidence = Evidence(
        levels={("m", row.wave, row.school): row for row in levels},
        changes={("m", row.wave_to, row.school): row for row in changes},
        waves={wave.code: wave for wave in (BASELINE, MIDLINE, ENDLINE)},
        baseline="W0",
        share_measures=frozenset({"m"} if is_share else ()),
        reworded=frozenset({"m"} if is_reworded else ()),
    )
    return assess(one, evidence, replace(rules or Rules(), reference_date=on))


# --- due: a level ---------------------------------------------------------------------

# The 90 % interval of every level is value +- 0.1717.
LEVELS = [
    # at least: met when value - 0.1717 >= low, not met when value + 0.1717 < low
    (AT_LEAST, 4.0, None, 4.20, MET, True),
    (AT_LEAST, 4.0, None, 4.1718, MET, True),
    (AT_LEAST, 4.0, None, 4.1717, TOO_CLOSE, True),
    (AT_LEAST, 4.0, None, 4.00, TOO_CLOSE, True),
    (AT_LEAST, 4.0, None, 3.9999999999999996, TOO_CLOSE, True),  # 4 but for the last digit
    (AT_LEAST, 4.0, None, 3.996, TOO_CLOSE, False),
    (AT_LEAST, 4.0, None, 3.8283, TOO_CLOSE, False),
    (AT_LEAST, 4.0, None, 3.8282, NOT_MET, False),
    (AT_LEAST, 4.0, None, 3.00, NOT_MET, False),
    # at most: the other way round
    (AT_MOST, None, 4.0, 3.80, MET, True),
    (AT_MOST, None, 4.0, 3.8282, MET, True),
    (AT_MOST, None, 4.0, 3.8283, TOO_CLOSE, True),
    (AT_MOST, None, 4.0, 4.00, TOO_CLOSE, True),
    (AT_MOST, None, 4.0, 4.01, TOO_CLOSE, False),
    (AT_MOST, None, 4.0, 4.1717, TOO_CLOSE, False),
    (AT_MOST, None, 4.0, 4.1718, NOT_MET, False),
    (AT_MOST, None, 4.0, 5.00, NOT_MET, False),
    # between: met when wholly inside, not met when wholly outside
    (RANGE, 3.5, 4.5, 4.00, MET, True),
    (RANGE, 3.5, 4.5, 3.68, MET, True),
    (RANGE, 3.5, 4.5, 3.60, TOO_CLOSE, True),
    (RANGE, 3.5, 4.5, 3.40, TOO_CLOSE, False),
    (RANGE, 3.5, 4.5, 3.30, NOT_MET, False),
    (RANGE, 3.5, 4.5, 4.60, TOO_CLOSE, False),
    (RANGE, 3.5, 4.5, 4.70, NOT_MET, False),
    (RANGE, 3.9, 4.1, 4.00, TOO_CLOSE, True),  # narrower than the interval
]


@pytest.mark.parametrize(("type", "low", "high", "value", "status", "reached"), LEVELS)
def test_a_level_against_a_target(type, low, high, value, status, reached):
    row = judge(target(type, low, high), level(value))
    assert (row.target, row.status, row.reached) == (7, status, reached)
    assert (row.value, row.is_by_value_alone, row.reason) == (value, False, None)
    assert row.bound_low == pytest.approx(value - 0.1717144)
    assert row.bound_high == pytest.approx(value + 0.1717144)
    assert row.share_closed is None


def test_how_likely_the_target_was_reached():
    # (4.1 - 4.0)/0.1 = 1; P(t22 < 1) = 0.83591
    row = judge(target(AT_LEAST, 4.0, None), level(4.1))
    assert row.prob_met == pytest.approx(0.83591, abs=1e-5)
    row = judge(target(AT_MOST, None, 4.0), level(4.1))
    assert row.prob_met == pytest.approx(1 - 0.83591, abs=1e-5)
    row = judge(target(RANGE, 4.0, 4.2), level(4.1))
    assert row.prob_met == pytest.approx(2 * 0.83591 - 1, abs=1e-5)


VALUE_ALONE = [
    (AT_LEAST, 80, None, fact(97.0), MET),
    (AT_LEAST, 80, None, fact(80.0), MET),
    (AT_LEAST, 80, None, fact(79.0), NOT_MET),
    (AT_MOST, None, 5, fact(5.0), MET),
    (AT_MOST, None, 5, fact(6.0), NOT_MET),
    (RANGE, -0.2, 0.2, fact(-0.0891, reason=Reason.CENSUS), MET),  # gap with directors
    (RANGE, -0.2, 0.2, fact(0.3, reason=Reason.CENSUS), NOT_MET),
    (AT_LEAST, 15, None, fact(14.0, reason=Reason.CENSUS), NOT_MET),
    (AT_LEAST, 1, None, fact(0.0, reason=Reason.ZERO_BASELINE), NOT_MET),
    (AT_LEAST, 4.0, None, level(4.0, se=None, df=None, reason=Reason.ZERO_VARIANCE), MET),
    (AT_LEAST, 4.5, None, level(4.0, se=None, df=None, reason=Reason.ZERO_VARIANCE), NOT_MET),
]


@pytest.mark.parametrize(("type", "low", "high", "evidence", "status"), VALUE_ALONE)
def test_without_sampling_error_the_value_alone_decides(type, low, high, evidence, status):
    row = judge(target(type, low, high), evidence)
    assert (row.status, row.is_by_value_alone) == (status, True)
    assert row.reached is (status is MET)
    assert (row.value, row.prob_met, row.bound_low) == (evidence.value, None, None)


# Jeffreys bounds: 5 % and 95 % points of Beta(n_eff p + 1/2, n_eff (1 - p) + 1/2).
# n_eff 100, p .80: .7283 to .8591; n_eff 20, p 1: .9095 to 1, p 0: 0 to .0905.
SHARES = [
    (AT_LEAST, 0.72, None, 0.80, 100, MET, True),
    (AT_LEAST, 0.75, None, 0.80, 100, TOO_CLOSE, True),
    (AT_LEAST, 0.85, None, 0.80, 100, TOO_CLOSE, False),
    (AT_LEAST, 0.87, None, 0.80, 100, NOT_MET, False),
    (AT_MOST, None, 0.87, 0.80, 100, MET, True),
    (AT_MOST, None, 0.72, 0.80, 100, NOT_MET, False),
    (RANGE, 0.70, 0.90, 0.80, 100, MET, True),
    (RANGE, 0.78, 0.82, 0.80, 100, TOO_CLOSE, True),
    (AT_LEAST, 0.90, None, 1.0, 20, MET, True),
    (AT_LEAST, 0.95, None, 1.0, 20, TOO_CLOSE, True),
    (AT_LEAST, 1.00, None, 1.0, 20, TOO_CLOSE, True),  # everybody asked is not everybody
    (AT_LEAST, 0.10, None, 0.0, 20, NOT_MET, False),
    (AT_LEAST, 0.05, None, 0.0, 20, TOO_CLOSE, False),
    (AT_MOST, None, 0.10, 0.0, 20, MET, True),
    (AT_MOST, None, 0.05, 0.0, 20, TOO_CLOSE, True),
    (AT_MOST, None, 0.00, 0.0, 20, TOO_CLOSE, True),
    (AT_MOST, None, 0.90, 1.0, 20, NOT_MET, False),
    (AT_LEAST, 0.00, None, 0.0, 20, MET, True),  # a target no share can miss
    (AT_MOST, None, 1.00, 1.0, 20, MET, True),
]


@pytest.mark.parametrize(("type", "low", "high", "p", "n_eff", "status", "reached"), SHARES)
def test_a_share_against_a_target(type, low, high, p, n_eff, status, reached):
    row = judge(target(type, low, high), level(p, n_eff=float(n_eff)), is_share=True)
    assert (row.status, row.reached, row.is_by_value_alone) == (status, reached, False)
    if p in (0.0, 1.0):
        assert (row.bound_high if p else row.bound_low) == p


def test_bounds_of_a_share():
    row = judge(target(AT_LEAST, 0.5, None), level(0.8, n_eff=100.0), is_share=True)
    assert (row.bound_low, row.bound_high) == pytest.approx((0.72829, 0.85905), abs=1e-5)


@pytest.mark.parametrize(
    "reason", [Reason.SINGLE_PSU_STRATUM, Reason.TOO_FEW_CLUSTERS, Reason.NOT_IN_BOTH_WAVES]
)
@pytest.mark.parametrize("is_share", [False, True])
def test_without_an_interval_it_cannot_be_told(reason, is_share):
    refused = level(0.9, se=None, df=None, reason=reason)
    row = judge(target(AT_LEAST, 0.5, None), refused, is_share=is_share)
    assert (row.status, row.reason, row.reached) == (UNSURE, reason, True)
    assert (row.value, row.is_by_value_alone, row.prob_met) == (0.9, False, None)


# --- due: a school --------------------------------------------------------------------


def school(value: float, n: int = 10, **fields: Any) -> EstimateRow:
    return level(value, scope=Scope.SCHOOL, school="IS-01", n=n, **{"df": 9.0, **fields})


SCHOOLS = [
    # 90 % interval of ten answers: value +- 0.1833
    (school(4.19), False, MET, None),
    (school(4.18), False, TOO_CLOSE, None),
    (school(3.81), False, NOT_MET, None),
    (school(4.19, n=7), False, UNSURE, Reason.TOO_FEW_RESPONDENTS),
    (school(4.19, n=8), False, MET, None),
    (school(4.19, n=3, reason=Reason.SUPPRESSED), False, UNSURE, Reason.TOO_FEW_RESPONDENTS),
    (school(4.0, se=None, reason=Reason.ZERO_VARIANCE), False, MET, None),
    (school(5.0, n=1, se=None, reason=Reason.NOT_A_SAMPLE), False, MET, None),
    (school(1.0, n=1, se=None, reason=Reason.CENSUS), False, NOT_MET, None),
    (school(4.5, reason=Reason.SELF_SELECTED), False, Status.NOT_APPLICABLE, Reason.SELF_SELECTED),
]


@pytest.mark.parametrize(("row", "is_share", "status", "reason"), SCHOOLS)
def test_the_target_of_one_school(row, is_share, status, reason):
    found = judge(target(AT_LEAST, 4.0, None, "IS-01"), row, is_share=is_share)
    assert (found.status, found.reason) == (status, reason)


def test_a_share_of_one_school_stands_on_its_answers():
    # Ten answers, eight yes: Beta(8.5, 2.5)
    one = school(0.8, se=None, df=None)
    assert judge(target(AT_LEAST, 0.5, None, "IS-01"), one, is_share=True).status is MET
    assert judge(target(AT_LEAST, 0.6, None, "IS-01"), one, is_share=True).status is TOO_CLOSE
    assert judge(target(AT_LEAST, 0.99, None, "IS-01"), one, is_share=True).status is NOT_MET


def test_the_least_number_of_answers_is_a_rule_of_the_project():
    one = target(AT_LEAST, 4.0, None, "IS-01")
    assert judge(one, school(4.5, n=9), rules=Rules(min_group_verdict=10)).status is UNSURE
    few = school(4.5, n=4, reason=Reason.SUPPRESSED)
    row = judge(one, few, rules=Rules(min_group_verdict=3))
    assert (row.status, row.reason) == (UNSURE, Reason.SUPPRESSED)


def test_another_place_does_not_count():
    row = judge(target(AT_LEAST, 4.0, None, "IS-02"), school(4.5), level(4.5))
    assert (row.status, row.reason) == (Status.NO_DATA, Reason.NO_DATA)


# --- due: a change from the own baseline ----------------------------------------------

# The interval of every difference is d +- 0.1717.
CHANGES = [
    (0.15, None, 0.40, MET, True),
    (0.15, None, 0.30, TOO_CLOSE, True),
    (0.15, None, 0.10, TOO_CLOSE, False),
    (0.15, None, -0.03, NOT_MET, False),
    (None, -0.15, -0.40, MET, True),
    (None, -0.15, -0.20, TOO_CLOSE, True),
    (None, -0.15, -0.10, TOO_CLOSE, False),
    (None, -0.15, 0.10, NOT_MET, False),
]


@pytest.mark.parametrize(("low", "high", "d", "status", "reached"), CHANGES)
def test_a_change_against_a_target(low, high, d, status, reached):
    row = judge(target(CHANGE, low, high), level(3.0 + d), change(d))
    assert (row.status, row.reached, row.value) == (status, reached, d)
    assert row.bound_low == pytest.approx(d - 0.1717144)


# Without a standard error (Newcombe) the 90 % limits decide: d +- 0.1.
LIMITS = [
    (0.15, None, 0.25, MET),
    (0.15, None, 0.20, TOO_CLOSE),
    (0.15, None, 0.06, TOO_CLOSE),
    (0.15, None, 0.04, NOT_MET),
    (None, -0.15, -0.26, MET),
    (None, -0.15, -0.20, TOO_CLOSE),
    (None, -0.15, 0.00, NOT_MET),
]


@pytest.mark.parametrize(("low", "high", "d", "status"), LIMITS)
def test_a_change_of_a_share_of_one_school(low, high, d, status):
    place = {"school": "IS-01", "scope": Scope.SCHOOL}
    moved = change(d, half90=0.1, se=None, df=None, **place)
    row = judge(target(CHANGE, low, high, "IS-01"), school(0.5), moved, is_share=True)
    assert (row.status, row.value, row.prob_met) == (status, d, None)
    assert (row.bound_low, row.bound_high) == pytest.approx((d - 0.1, d + 0.1))


def test_another_confidence_draws_the_limits_of_one_school_anew():
    """3 of 10, then 7 of 10. At 80 % z = 1.281552; the Wilson limits of 0.3 are
    (0.382119 -+ 0.203064)/1.164238 = 0.153799 and 0.502629, those of 0.7 their mirror. Newcombe:
    0.4 - sqrt(2) 0.202629 = 0.113439 and 0.4 + sqrt(2) 0.146201 = 0.606759.
    """
    counts = {"baseline": 0.3, "endline": 0.7, "n_baseline": 10, "n_endline": 10}
    place = {"school": "IS-01", "scope": Scope.SCHOOL}
    moved = change(0.4, half90=0.35, se=None, df=None, **counts, **place)
    one = target(CHANGE, 0.10, None, "IS-01")
    assert judge(one, school(0.7), moved, is_share=True).status is TOO_CLOSE  # 0.05 < 0.10
    rules = Rules(target_confidence=0.8)
    row = judge(one, school(0.7), moved, is_share=True, rules=rules)
    assert (row.status, row.value) == (MET, 0.4)
    assert (row.bound_low, row.bound_high) == pytest.approx((0.113439, 0.606759), abs=1e-5)


@pytest.mark.parametrize("half90", [None, 0.1])
@pytest.mark.parametrize(
    ("reason", "d", "status"),
    [
        (Reason.NOT_A_SAMPLE, 0.2, MET),
        (Reason.NOT_A_SAMPLE, 0.1, NOT_MET),
        (Reason.CENSUS, 0.2, MET),
        (Reason.ZERO_VARIANCE, 0.2, MET),
        (Reason.ZERO_VARIANCE, 0.1, NOT_MET),
    ],
)
def test_a_change_without_sampling_error_by_the_value_alone(reason, d, status, half90):
    row = judge(
        target(CHANGE, 0.15, None), level(3.2), change(d, half90=half90, se=None, reason=reason)
    )
    assert (row.status, row.is_by_value_alone, row.value) == (status, True, d)


def test_a_change_that_carries_no_limits_is_judged_by_the_value():
    row = judge(target(CHANGE, 0.15, None), level(3.2), change(0.2, se=None))
    assert (row.status, row.is_by_value_alone) == (MET, True)


@pytest.mark.parametrize(
    ("moved", "status", "reason"),
    [
        (None, Status.NO_DATA, Reason.NOT_IN_BOTH_WAVES),
        (change(None, reason=Reason.NOT_IN_BOTH_WAVES), Status.NO_DATA, Reason.NOT_IN_BOTH_WAVES),
        (change(0.2, reason=Reason.TOO_FEW_CLUSTERS), UNSURE, Reason.TOO_FEW_CLUSTERS),
        (change(0.2, reason=Reason.TOO_FEW_RESPONDENTS), UNSURE, Reason.TOO_FEW_RESPONDENTS),
        (change(0.2, reason=Reason.SELF_SELECTED), UNSURE, Reason.SELF_SELECTED),
        (
            change(None, verdict=Verdict.NOT_COMPARABLE, reason=Reason.NOT_COMPARABLE),
            UNSURE,
            Reason.NOT_COMPARABLE,
        ),
    ],
)
def test_a_change_that_cannot_be_judged(moved, status, reason):
    rows = [level(3.2)] + ([moved] if moved is not None else [])
    row = judge(target(CHANGE, 0.15, None), *rows)
    assert (row.status, row.reason, row.is_by_value_alone) == (status, reason, False)


# --- due or not -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "on", "status"),
    [
        ([], DUE, Status.NO_DATA),
        ([level(None, reason=Reason.NO_DATA)], DUE, Status.NO_DATA),
        ([], NOT_DUE, Status.NOT_DUE),
        ([level(None, reason=Reason.NO_DATA)], NOT_DUE, Status.NOT_DUE),
        ([level(4.5)], NOT_DUE, MET),  # data are in: due before the last day
        ([level(4.5)], DUE, MET),
    ],
)
def test_due_when_data_are_in_or_the_field_dates_past(rows, on, status):
    assert judge(target(AT_LEAST, 4.0, None), *rows, on=on).status is status


@pytest.mark.parametrize("type", list(TargetType))
@pytest.mark.parametrize("on", [DUE, NOT_DUE])
def test_parents_have_no_status(type, on):
    limits = {AT_LEAST: (4.0, None), AT_MOST: (None, 4.0), RANGE: (3, 4), CHANGE: (0.1, None)}
    open_ = {"se": None, "reason": Reason.SELF_SELECTED}
    for wave in ("W1", "WM") if on is NOT_DUE else ("W1",):
        row = judge(
            target(type, *limits[type]), level(4.5, wave, **open_), change(0.5, wave), on=on
        )
        assert (row.status, row.reason) == (Status.NOT_APPLICABLE, Reason.SELF_SELECTED)
        assert (row.value, row.reached, row.share_closed) == (None, None, None)


@pytest.mark.parametrize("type", [AT_LEAST, RANGE])
def test_a_reworded_question_has_a_level_and_no_verdict(type):
    one = target(type, 4.0, 5.0 if type is RANGE else None)
    row = judge(one, level(4.5), is_reworded=True)
    assert (row.status, row.reason) == (UNSURE, Reason.NOT_COMPARABLE)
    assert (row.value, row.reached, row.prob_met) == (4.5, True, None)


# --- not due: the share of the way ----------------------------------------------------

# Baseline 3.0; fieldwork ends 2025-10-01, 2026-10-01 and 2027-10-01: e = 0.5, 0.8 e = 0.4.
PROGRESS = [
    # type, low, high, d at the midline, half of its 90 % interval, status, s, its 90 % ends
    (AT_LEAST, 4.0, None, 0.50, 0.20, ON, 0.50, 0.30, 0.70),
    (AT_LEAST, 4.0, None, 0.40, 0.20, ON, 0.40, 0.20, 0.60),  # 0.8 e is enough
    (AT_LEAST, 4.0, None, 0.50, 0.50, UNSURE, 0.50, 0.00, 1.00),  # could be chance
    (AT_LEAST, 4.0, None, 0.39, 0.20, UNSURE, 0.39, 0.19, 0.59),
    (AT_LEAST, 4.0, None, 0.19, 0.20, OFF, 0.19, -0.01, 0.39),
    (AT_LEAST, 4.0, None, -0.30, 0.20, OFF, -0.30, -0.50, -0.10),
    (AT_LEAST, 4.0, None, 1.20, 0.20, ON, 1.20, 1.00, 1.40),  # past the target already
    (AT_MOST, None, 2.0, -0.50, 0.20, ON, 0.50, 0.30, 0.70),
    (AT_MOST, None, 2.0, -0.10, 0.20, OFF, 0.10, -0.10, 0.30),
    (AT_MOST, None, 2.0, 0.30, 0.20, OFF, -0.30, -0.50, -0.10),
    (AT_MOST, None, 2.0, -0.30, 0.20, UNSURE, 0.30, 0.10, 0.50),
    (CHANGE, 0.5, None, 0.30, 0.10, ON, 0.60, 0.40, 0.80),
    (CHANGE, 0.5, None, 0.05, 0.10, OFF, 0.10, -0.10, 0.30),
    (CHANGE, None, -0.5, -0.30, 0.10, ON, 0.60, 0.40, 0.80),
    (CHANGE, None, -0.5, 0.10, 0.10, OFF, -0.20, -0.40, 0.00),
    (AT_LEAST, 4.0, None, 0.50, None, UNSURE, 0.50, None, None),  # a fact without an interval
]


@pytest.mark.parametrize(
    ("type", "low", "high", "d", "half90", "status", "s", "s_low", "s_high"), PROGRESS
)
def test_on_the_way(type, low, high, d, half90, status, s, s_low, s_high):
    rows = [level(3.0, "W0"), level(3.1 + d, "WM"), change(d, "WM", half90)]
    row = judge(target(type, low, high), *rows, on=NOT_DUE)
    assert row.status is status
    assert row.share_closed == pytest.approx(s)
    assert row.share_low == (None if s_low is None else pytest.approx(s_low, abs=1e-9))
    assert row.share_high == (None if s_high is None else pytest.approx(s_high, abs=1e-9))
    assert row.share_elapsed == pytest.approx(0.5)
    # All schools at the midline; a target for the change shows the change.
    assert row.value == pytest.approx(d if type is CHANGE else 3.1 + d)
    assert (row.reached, row.prob_met) == (None, None)


NO_WAY = [
    (AT_LEAST, 3.0, None, {}),  # T = b
    (AT_MOST, None, 3.0, {}),
    (AT_LEAST, 2.8, None, {}),  # the baseline is past the target: to be held, not reached
    (AT_MOST, None, 3.2, {}),
    (CHANGE, -0.1, None, {}),
    (CHANGE, None, 0.1, {}),
    (RANGE, 2.9, 3.1, {}),
    (RANGE, 3.5, 4.0, {}),
    (AT_LEAST, 4.0, None, {"baseline": None}),
    (AT_LEAST, 4.0, None, {"difference": None}),
]


@pytest.mark.parametrize(("type", "low", "high", "fields"), NO_WAY)
def test_no_share_and_so_only_the_value(type, low, high, fields):
    moved = change(0.4, "WM", 0.1, **fields)
    row = judge(target(type, low, high), level(3.5, "WM"), moved, on=NOT_DUE)
    assert (row.status, row.value) == (Status.NOT_DUE, 0.4 if type is CHANGE else 3.5)
    assert (row.share_closed, row.share_elapsed) == (None, None)


@pytest.mark.parametrize(("type", "value"), [(AT_LEAST, 3.5), (CHANGE, None)])
def test_a_midline_without_a_baseline(type, value):
    row = judge(target(type, 3.9, None), level(3.5, "WM"), on=NOT_DUE)
    assert (row.status, row.value) == (Status.NOT_DUE, value)


@pytest.mark.parametrize("rows", [[level(3.0, "W0")], [level(None, "WM"), change(0.5, "WM", 0.1)]])
def test_the_baseline_alone_is_no_progress(rows):
    row = judge(target(AT_LEAST, 4.0, None), *rows, on=NOT_DUE)
    assert (row.status, row.value, row.share_closed) == (Status.NOT_DUE, None, None)


def test_the_share_that_is_on_track_is_a_rule_of_the_project():
    rows = [level(3.3, "WM"), change(0.3, "WM", 0.05)]
    one = target(AT_LEAST, 4.0, None)
    assert judge(one, *rows, on=NOT_DUE).status is OFF  # at most 0.35 < 0.4
    assert judge(one, *rows, on=NOT_DUE, rules=Rules(on_track_share=0.5)).status is ON


def test_the_newest_wave_with_a_value_counts():
    late = replace(MIDLINE, code="W2", order=3, field_end=date(2028, 10, 1))
    one = replace(target(AT_LEAST, 4.0, None), wave="W2")
    waves = {wave.code: wave for wave in (BASELINE, MIDLINE, ENDLINE, late)}
    rows = [level(3.5, "WM"), level(3.9, "W1")]
    moves = [change(0.5, "WM", 0.1), change(0.9, "W1", 0.1)]
    evidence = Evidence(
        levels={("m", row.wave, ""): row for row in rows},
        changes={("m", row.wave_to, ""): row for row in moves},
        waves=waves,
        baseline="W0",
        share_measures=frozenset(),
        reworded=frozenset(),
    )
    row = assess(one, evidence, Rules(reference_date=date(2028, 1, 1)))
    assert (row.status, row.value, row.share_closed) == (ON, 3.9, pytest.approx(0.9))
    assert row.share_elapsed == pytest.approx(730 / 1096)


def test_waves_on_one_day_leave_no_time():
    same = {"field_end": BASELINE.field_end}
    waves = {
        "W0": BASELINE,
        "WM": replace(MIDLINE, **same),
        "W1": replace(ENDLINE, **same),
    }
    evidence = Evidence(
        {("m", "WM", ""): level(3.9, "WM")},
        {("m", "WM", ""): change(0.9, "WM", 0.05)},
        waves,
        "W0",
        frozenset(),
        frozenset(),
    )
    row = assess(target(AT_LEAST, 4.0, None), evidence, Rules(reference_date=date(2025, 1, 1)))
    assert (row.status, row.share_elapsed) == (ON, 1.0)
