"""Indicators that are counted or written down: no sample, no interval, no verdict."""

from collections.abc import Sequence

import pytest

from indicators.pipeline.facts import fact_changes, fact_estimates
from indicators.pipeline.inputs import (
    ActivityRecord,
    DeskRecord,
    FactSpec,
    ManualRecord,
    PlanRecord,
    WaveFacts,
)
from indicators.pipeline.outcomes import ChangeRow, EstimateRow
from indicators.vocabulary import BaselinePolicy, MeasureKind, Reason, Scope, Verdict
from tests.pipeline.builders import register

ORT = FactSpec("x", MeasureKind.DESK_WEIGHTED_MEAN, "ort.mean")
RATE = FactSpec("x", MeasureKind.DESK_RATE, "olympiad.participants")
SUM = FactSpec("x", MeasureKind.LOG_SUM, "clusters.n_schools")
SIGNED = FactSpec("x", MeasureKind.LOG_SHARE, "clusters.signed")
LESSONS = FactSpec("x", MeasureKind.LOG_COUNT, "events", codes=frozenset({"open_lesson"}))
EVENTS = FactSpec("x", MeasureKind.LOG_COUNT, "events")
TEACHERS = FactSpec("x", MeasureKind.LOG_SUM_TEACHERS, "events.teachers")
MANUAL = FactSpec("x", MeasureKind.MANUAL, "", indicator="M01")


def rows_of(spec: FactSpec, facts: WaveFacts, *, is_baseline: bool = False) -> list[EstimateRow]:
    return list(fact_estimates(spec, "W1", facts, is_baseline=is_baseline))


def values(rows: Sequence[EstimateRow]) -> dict[str, float | None]:
    return {row.school: row.value for row in rows}


def ort(*records: tuple[str, str, float | None, float | None]) -> WaveFacts:
    """(school, year, mean score, test takers)"""
    return WaveFacts(
        desk=tuple(
            DeskRecord(school, "ort", year, "", name, value)
            for school, year, mean, takers in records
            for name, value in (("mean", mean), ("takers", takers))
        )
    )


def olympiad(enrolment: dict[str, int], *records: tuple[str, str, float | None]) -> WaveFacts:
    """(school, level, participants)"""
    return WaveFacts(
        desk=tuple(
            DeskRecord(school, "olympiad", "2026/2027", level, "participants", value)
            for school, level, value in records
        ),
        enrolment=enrolment,
    )


def test_mean_score_weighted_by_test_takers_of_the_latest_year():
    facts = ort(("A", "2025", 120, 10), ("A", "2026", 110, 30), ("B", "2026", 130, 10))
    project, *schools = rows_of(ORT, facts)
    assert project.value == pytest.approx((110 * 30 + 130 * 10) / 40)
    assert (project.numerator, project.denominator) == (4600, 40)
    assert (project.n, project.n_schools, project.reason) == (40, 2, Reason.NOT_A_SAMPLE)
    assert values(schools) == {"A": 110, "B": 130}
    assert all(row.se is None and row.ci_low is None for row in (project, *schools))


def test_a_school_without_a_score_or_without_takers_has_none():
    facts = ort(("A", "1", None, 10), ("B", "1", 120, 0), ("C", "1", 120, None), ("D", "1", 90, 5))
    assert values(rows_of(ORT, facts)) == {"": 90, "D": 90}


def test_other_tables_do_not_count():
    facts = olympiad({"A": 100}, ("A", "district", 5))
    rows = rows_of(ORT, facts)
    assert len(rows) == 1
    assert (rows[0].value, rows[0].n, rows[0].reason) == (None, 0, Reason.NO_DATA)


def test_participation_per_hundred_students_over_all_levels():
    facts = olympiad(
        {"A": 200, "B": 300}, ("A", "district", 6), ("A", "region", 2), ("B", "district", 0)
    )
    project, *schools = rows_of(RATE, facts)
    assert project.value == pytest.approx(100 * 8 / 500)  # nobody of B took part: B counts
    assert (project.numerator, project.denominator, project.n) == (8, 500, 500)
    assert values(schools) == {"A": 4.0, "B": 0.0}


def test_a_school_that_did_not_report_is_missing_and_not_zero():
    facts = olympiad({"A": 200, "B": 300, "C": 100}, ("A", "district", 6), ("B", "district", None))
    project, *schools = rows_of(RATE, facts)
    assert (project.value, project.n) == (3.0, 200)
    assert values(schools) == {"A": 3.0}


def test_a_school_without_students_has_no_rate():
    facts = olympiad({"A": 0}, ("A", "district", 6), ("B", "district", 2))
    assert values(rows_of(RATE, facts)) == {"": None}


PLANS = WaveFacts(
    plans=(
        PlanRecord("A", 3, True),
        PlanRecord("B", None, False),
        PlanRecord("C", 0, None),
        PlanRecord("D", 2, True),
    )
)


def test_sum_over_cluster_plans():
    project, *schools = rows_of(SUM, PLANS)
    assert (project.value, project.n, project.n_schools) == (5.0, 3, 3)
    assert (project.numerator, project.denominator) == (None, None)
    assert values(schools) == {"A": 3.0, "C": 0.0, "D": 2.0}


def test_share_of_signed_plans():
    project, *schools = rows_of(SIGNED, PLANS)
    assert project.value == pytest.approx(2 / 3)
    assert (project.numerator, project.denominator, project.n) == (2, 3, 3)
    assert values(schools) == {"A": 1.0, "B": 0.0, "D": 1.0}


def log(*events: tuple[str, str, int | None], plans: str = "AB") -> WaveFacts:
    return WaveFacts(
        activities=tuple(ActivityRecord(*event) for event in events),
        plans=tuple(PlanRecord(code, 1, True) for code in plans),
    )


def test_events_are_counted_by_type():
    facts = log(("A", "open_lesson", 5), ("A", "training", 9), ("A", "open_lesson", None))
    project, *schools = rows_of(LESSONS, facts)
    assert (project.value, project.n) == (2.0, 3)  # of three entries of the log
    assert values(schools) == {"A": 2.0, "B": 0.0}  # B has a cluster and no lesson
    assert rows_of(EVENTS, facts)[0].value == 3.0


def test_an_event_of_a_school_without_a_plan_counts():
    facts = log(("C", "open_lesson", 5), plans="A")
    assert values(rows_of(LESSONS, facts)) == {"": 1.0, "A": 0.0, "C": 1.0}


def test_teachers_of_all_events_are_summed():
    facts = log(("A", "training", 5), ("A", "mentoring", 9), ("B", "training", 0))
    assert values(rows_of(TEACHERS, facts)) == {"": 14.0, "A": 14.0, "B": 0.0}


def test_an_unknown_number_of_teachers_is_not_zero():
    facts = log(("A", "training", None), ("B", "training", None), ("B", "training", 4), plans="ABC")
    assert values(rows_of(TEACHERS, facts)) == {"": 4.0, "B": 4.0, "C": 0.0}


def test_no_log_is_not_a_log_without_events():
    assert values(rows_of(LESSONS, log(plans="AB"))) == {"": None}
    assert rows_of(LESSONS, WaveFacts())[0].reason is Reason.NO_DATA


def test_a_manual_value_stands_as_typed():
    facts = WaveFacts(
        manual=(ManualRecord("M02", 1.0, None, None), ManualRecord("M01", 0.591, 13, 22))
    )
    (row,) = rows_of(MANUAL, facts)
    assert (row.value, row.numerator, row.denominator, row.n) == (0.591, 13, 22, 22)
    assert (row.reason, row.scope) == (Reason.NOT_A_SAMPLE, Scope.PROJECT)


def test_a_manual_value_without_a_base():
    (row,) = rows_of(MANUAL, WaveFacts(manual=(ManualRecord("M01", 0.5, None, None),)))
    assert (row.value, row.n, row.denominator) == (0.5, 0, None)


def test_no_manual_value_is_missing():
    (row,) = rows_of(MANUAL, WaveFacts(manual=(ManualRecord("M02", 0.5, None, None),)))
    assert (row.value, row.reason) == (None, Reason.NO_DATA)


@pytest.mark.parametrize(("is_baseline", "value"), [(True, 0.0), (False, 5.0)])
def test_a_baseline_that_is_zero_by_definition(is_baseline, value):
    spec = FactSpec(
        "x", MeasureKind.LOG_SUM, "clusters.n_schools", baseline_policy=BaselinePolicy.ZERO
    )
    rows = rows_of(spec, PLANS, is_baseline=is_baseline)
    assert rows[0].value == value
    reason = Reason.ZERO_BASELINE if is_baseline else Reason.NOT_A_SAMPLE
    assert {row.reason for row in rows} == {reason}
    assert len(rows) == (1 if is_baseline else 4)


def test_schools_only_where_wanted():
    spec = FactSpec("x", MeasureKind.LOG_SUM, "clusters.n_schools", keeps_schools=False)
    assert [row.scope for row in rows_of(spec, PLANS)] == [Scope.PROJECT]


# --- change ---------------------------------------------------------------------------


def changes(
    spec: FactSpec, before: WaveFacts, after: WaveFacts, continues: dict[str, str] | None = None
) -> dict[str, ChangeRow]:
    schools = register([*"ABCDE", *(continues or {})], continues=continues)
    rows = [
        list(fact_estimates(spec, wave, facts, is_baseline=wave == "W0"))
        for wave, facts in (("W0", before), ("W1", after))
    ]
    return {row.school: row for row in fact_changes(spec, ("W0", "W1"), *rows, schools)}


def test_the_difference_of_two_facts():
    before = ort(("A", "1", 100, 10), ("B", "1", 120, 10))
    after = ort(("A", "2", 110, 30), ("B", "2", 130, 10))
    rows = changes(ORT, before, after)
    assert (rows[""].baseline, rows[""].endline, rows[""].difference) == (110, 115, 5)
    assert (rows[""].n_baseline, rows[""].n_endline, rows[""].n_schools) == (20, 40, 2)
    assert rows["A"].difference == 10
    for row in rows.values():
        assert (row.verdict, row.reason) == (Verdict.NOT_APPLICABLE, Reason.NOT_A_SAMPLE)
        assert (row.se, row.p, row.second_look) == (None, None, None)
        assert row.all_difference == row.difference


def test_a_merged_school_is_compared_with_the_old_one():
    """IS-09 became IS-24 with more students: rates on each wave's own enrolment."""
    before = olympiad({"A": 480}, ("A", "district", 24))
    after = olympiad({"N": 1020}, ("N", "district", 102))
    rows = changes(RATE, before, after, continues={"N": "A"})
    assert set(rows) == {"", "N"}
    assert (rows["N"].baseline, rows["N"].endline) == (5.0, 10.0)
    assert rows["N"].difference == 5.0


def test_from_zero_to_something_by_definition():
    spec = FactSpec(
        "x", MeasureKind.LOG_SUM, "clusters.n_schools", baseline_policy=BaselinePolicy.ZERO
    )
    rows = changes(spec, WaveFacts(), PLANS)
    assert (rows[""].baseline, rows[""].difference) == (0.0, 5.0)
    assert (rows["A"].baseline, rows["A"].difference) == (0.0, 3.0)
    assert rows["A"].reason is Reason.NOT_A_SAMPLE


@pytest.mark.parametrize(
    ("before", "after"), [(WaveFacts(), PLANS), (PLANS, WaveFacts()), (WaveFacts(), WaveFacts())]
)
def test_a_fact_of_one_wave_only_has_no_difference(before, after):
    row = changes(SUM, before, after)[""]
    assert (row.difference, row.all_difference) == (None, None)
    assert row.reason is Reason.NOT_IN_BOTH_WAVES


def test_a_school_new_in_the_log_has_no_difference_unless_zero_by_definition():
    before = WaveFacts(plans=(PlanRecord("A", 1, True),))
    rows = changes(SUM, before, PLANS)
    assert rows["A"].difference == 2.0
    assert (rows["D"].baseline, rows["D"].difference, rows["D"].n_baseline) == (None, None, 0)
    assert rows["D"].reason is Reason.NOT_IN_BOTH_WAVES
