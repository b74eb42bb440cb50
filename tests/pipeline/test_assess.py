"""Where a target stands (product rules 3 and 6, method section 13): what no table of cases says.

The cases themselves are in `test_assessment_cases`.

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


def test_how_likely_the_target_was_reached():
    # (4.1 - 4.0)/0.1 = 1; P(t22 < 1) = 0.83591
    row = judge(target(AT_LEAST, 4.0, None), level(4.1))
    assert row.prob_met == pytest.approx(0.83591, abs=1e-5)
    row = judge(target(AT_MOST, None, 4.0), level(4.1))
    assert row.prob_met == pytest.approx(1 - 0.83591, abs=1e-5)
    row = judge(target(RANGE, 4.0, 4.2), level(4.1))
    assert row.prob_met == pytest.approx(2 * 0.83591 - 1, abs=1e-5)


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


@pytest.mark.parametrize(("type", "value"), [(AT_LEAST, 3.5), (CHANGE, None)])
def test_a_midline_without_a_baseline(type, value):
    row = judge(target(type, 3.9, None), level(3.5, "WM"), on=NOT_DUE)
    assert (row.status, row.value) == (Status.NOT_DUE, value)


@pytest.mark.parametrize("rows", [[level(3.0, "W0")], [level(None, "WM"), change(0.5, "WM", 0.1)]])
def test_the_baseline_alone_is_no_progress(rows):
    row = judge(target(AT_LEAST, 4.0, None), *rows, on=NOT_DUE)
    assert (row.status, row.value, row.share_closed) == (Status.NOT_DUE, None, None)


def test_progress_uses_the_schools_of_both_waves_and_reached_all_schools():
    # All schools began at 3.4 and stand at 3.9; those of both waves began at 3.0.
    rows = [level(3.4, "W0"), level(3.9, "WM"), change(0.4, "WM", 0.05)]
    row = judge(target(AT_LEAST, 4.0, None), *rows, on=NOT_DUE)
    assert (row.value, row.share_closed) == (3.9, pytest.approx(0.4))  # not 0.5/0.6
    rows = [level(3.4, "W0"), level(4.2), change(0.9, "W1", 0.05, endline=3.9)]
    row = judge(target(AT_LEAST, 4.0, None), *rows)
    assert (row.value, row.reached, row.status) == (4.2, True, MET)


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
