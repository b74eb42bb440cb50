"""A calculation finds contradictions planted in its figures, and none where there are none."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.calculate import calculate
from indicators.pipeline.check_results import check_results
from indicators.pipeline.inputs import (
    CalculationInputs,
    FactSpec,
    ManualRecord,
    TargetSpec,
    WaveFacts,
)
from indicators.pipeline.outcomes import ChangeRow, EstimateRow, GapRow, Results
from indicators.vocabulary import (
    Inconsistency,
    MeasureKind,
    Respondent,
    Scope,
    Status,
    TargetType,
)
from tests.pipeline.builders import (
    FEW,
    SEX,
    answers,
    codes_of,
    crowd,
    index,
    measure,
    project,
    sex_gap,
)

EIGHT = codes_of(8)
MEAN = measure(groups=(SEX,), keeps_counts=True)
SHARE = measure(MeasureKind.SHARE, code="share", codes=frozenset({4, 5}))
INDEX = index(["q"], code="i")
GAP = sex_gap(MEAN, "gap")
COUNT = measure(
    MeasureKind.SCHOOLS_COUNT,
    code="count",
    instrument="director",
    respondent=Respondent.DIRECTOR,
    codes=frozenset({1}),
    groups=(SEX,),
    keeps_schools=False,
)
MANUAL = FactSpec("manual:M01", MeasureKind.MANUAL, "", indicator="M01", keeps_schools=False)


TARGETS = (
    TargetSpec(1, "m", "W1", TargetType.AT_LEAST, 3.0, None),
    TargetSpec(2, "m", "W1", TargetType.CHANGE, 0.2, None),
    TargetSpec(3, "share", "W1", TargetType.AT_MOST, None, 0.9),
    TargetSpec(4, "m", "W1", TargetType.RANGE, 2.0, 2.5, EIGHT[0]),
    TargetSpec(5, "manual:M01", "W0", TargetType.AT_LEAST, 0.1, None),
    TargetSpec(6, "manual:M01", "W1", TargetType.AT_LEAST, 0.1, None),
)


def directors(wave: str, yes: int) -> Any:
    people = [{"school": code, "q": int(i < yes), "sex": 1 + i % 2} for i, code in enumerate(EIGHT)]
    return answers(wave, people, instrument="director")


def everything(seed: int = 1, shift: float = 0.6) -> CalculationInputs:
    return project(
        answers("W0", crowd(seed, EIGHT)),
        answers("W1", crowd(seed + 1, EIGHT, shift=shift)),
        directors("W0", 3),
        directors("W1", 5),
        measures=[MEAN, SHARE, INDEX, COUNT],
        gaps=[GAP],
        group_gaps=[sex_gap(MEAN, "sex"), sex_gap(COUNT, "count-sex")],
        facts=[MANUAL],
        wave_facts={"W0": WaveFacts(manual=(ManualRecord("M01", 0.13, 3, 23),))},
        targets=TARGETS,
    )


INPUTS = everything()


def checked(change: Callable[[Results], None]) -> Results:
    """The results of `everything`, changed by hand and checked anew."""
    results = calculate(INPUTS)
    change(results)
    check_results(INPUTS, results)
    return results


@FEW
@given(st.integers(1, 10_000), st.floats(-0.8, 0.8))
def test_the_figures_of_a_calculation_agree(seed: int, shift: float) -> None:
    results = calculate(everything(seed, shift))
    assert results.findings == []
    assert results.checked.keys() == set(RULES)
    assert all(results.checked.values())


RULES = (
    Inconsistency.MORE_THAN_ANSWERED,
    Inconsistency.MEAN_OUTSIDE_SCALE,
    Inconsistency.OUTSIDE_INTERVAL,
    Inconsistency.MEAN_OFF_DISTRIBUTION,
    Inconsistency.BASES_DIFFER,
    Inconsistency.RATIO_OFF_PARTS,
    Inconsistency.NUMBERS_DIFFER,
    Inconsistency.GROUPS_OFF_TOTAL,
    Inconsistency.CHANGE_OFF_VALUES,
    Inconsistency.GAP_OFF_VALUES,
    Inconsistency.STATUS_OFF_VALUE,
)


def in_estimates(code: str, scope: Scope, **changes: Any) -> Callable[[Results], None]:
    """Change the first estimate of a measure in the baseline."""

    def plant(results: Results) -> None:
        i = next(
            i
            for i, row in enumerate(results.estimates)
            if (row.measure, row.scope, row.wave) == (code, scope, "W0")
        )
        results.estimates[i] = replace(results.estimates[i], **changes)

    return plant


def in_changes(**changes: Any) -> Callable[[Results], None]:
    def plant(results: Results) -> None:
        i = next(i for i, row in enumerate(results.changes) if row.measure == "m")
        results.changes[i] = replace(results.changes[i], **changes)

    return plant


def in_gaps(row: int, **changes: Any) -> Callable[[Results], None]:
    def plant(results: Results) -> None:
        results.gaps[row] = replace(results.gaps[row], **changes)

    return plant


def in_assessments(key: int, **changes: Any) -> Callable[[Results], None]:
    def plant(results: Results) -> None:
        i = next(i for i, row in enumerate(results.assessments) if row.target == key)
        results.assessments[i] = replace(results.assessments[i], **changes)

    return plant


PROJECT, SCHOOL, GROUP = Scope.PROJECT, Scope.SCHOOL, Scope.GROUP
PLANTED = [
    ("more answers than sheets", in_estimates("m", PROJECT, n=10_000), "MORE_THAN_ANSWERED"),
    ("a breakdown above its whole", in_estimates("m", GROUP, n=160), "MORE_THAN_ANSWERED"),
    ("an index of 5.2 on 1 to 5", in_estimates("i", PROJECT, value=5.2), "MEAN_OUTSIDE_SCALE"),
    ("a share of 1.01", in_estimates("share", PROJECT, value=1.01), "MEAN_OUTSIDE_SCALE"),
    (
        "a range beside its value",
        in_estimates("m", PROJECT, ci_low=4.9, ci_high=5.0),
        "OUTSIDE_INTERVAL",
    ),
    ("a mean of other answers", in_estimates("m", PROJECT, value=4.19), "MEAN_OFF_DISTRIBUTION"),
    (
        "an answer too few by option",
        in_estimates("m", PROJECT, counts={"1": 5, "2": 1}),
        "BASES_DIFFER",
    ),
    (
        "62 of 65 is not 99 %",
        in_estimates("share", PROJECT, value=0.99, numerator=62.0, denominator=65.0),
        "RATIO_OFF_PARTS",
    ),
    ("a share without a base", in_estimates("share", SCHOOL, denominator=0.0), "RATIO_OFF_PARTS"),
    (
        "16 schools in text, 17 counted",
        in_estimates("count", PROJECT, value=16.0, numerator=17.0),
        "NUMBERS_DIFFER",
    ),
    (
        "a typed share off its counts",
        in_estimates("manual:M01", PROJECT, value=0.15),
        "RATIO_OFF_PARTS",
    ),
    ("a school counted twice", in_estimates("m", SCHOOL, n=39), "GROUPS_OFF_TOTAL"),
    (
        "a change off its ends",
        in_changes(difference=9.0, ci_low=None, ci_high=None),
        "CHANGE_OFF_VALUES",
    ),
    ("a change beside its range", in_changes(ci_low=4.0, ci_high=5.0), "OUTSIDE_INTERVAL"),
    ("a change from another level", in_changes(baseline=1.0), "NUMBERS_DIFFER"),
    ("a gap off its groups", in_gaps(0, value=2.0), "GAP_OFF_VALUES"),
    ("a moved gap off its ends", in_gaps(1, change=2.0), "CHANGE_OFF_VALUES"),
    (
        "a gap indicator off its sides",
        in_estimates("gap", PROJECT, value=2.0, ci_low=None),
        "GAP_OFF_VALUES",
    ),
    ("a target judged by another level", in_assessments(1, value=4.9), "NUMBERS_DIFFER"),
    (
        "met without being reached",
        in_assessments(1, value=2.9, status=Status.MET, reached=False),
        "STATUS_OFF_VALUE",
    ),
    (
        "reached and not met",
        in_assessments(2, value=0.3, status=Status.NOT_MET, reached=True),
        "STATUS_OFF_VALUE",
    ),
    (
        "a value above the most that is asked for",
        in_assessments(3, value=0.95, status=Status.TOO_CLOSE, reached=True),
        "STATUS_OFF_VALUE",
    ),
]


@pytest.mark.parametrize(
    ("plant", "kind"), [row[1:] for row in PLANTED], ids=[row[0] for row in PLANTED]
)
def test_a_planted_contradiction_is_found_where_it_stands(
    plant: Callable[[Results], None], kind: str
) -> None:
    results = checked(plant)
    found = [row for row in results.findings if row.kind is Inconsistency[kind]]
    assert found
    assert all(row.found != row.expected for row in found)
    assert all(row.measure in {"m", "i", "share", "count", "gap", "manual:M01"} for row in found)


def test_a_finding_names_both_numbers_and_its_place() -> None:
    results = checked(in_estimates("count", PROJECT, value=3.0, numerator=4.0))
    (found,) = [row for row in results.findings if row.kind is Inconsistency.NUMBERS_DIFFER]
    assert (found.measure, found.wave, found.found, found.expected) == ("count", "W0", 3.0, 4.0)


def test_a_typed_value_may_be_rounded() -> None:
    """3 of 23 is 0.1304; typed as 0.13 it agrees, as 0.14 not."""
    assert checked(in_estimates("manual:M01", PROJECT, value=0.13)).findings == []
    assert checked(in_estimates("manual:M01", PROJECT, value=0.14)).findings != []


def test_rows_without_numbers_are_passed_over() -> None:
    def empty(results: Results) -> None:
        results.estimates = [
            replace(row, value=None) if isinstance(row, EstimateRow) else row
            for row in results.estimates
        ]
        results.changes = [replace(row, baseline=None) for row in results.changes]
        results.gaps = [replace(row, value=None, change=None) for row in results.gaps]
        results.assessments = [replace(row, value=None) for row in results.assessments]

    assert {type(row) for row in calculate(INPUTS).changes} == {ChangeRow}
    assert {type(row) for row in calculate(INPUTS).gaps} == {GapRow}
    results = checked(empty)
    assert {row.kind for row in results.findings} == set()
    assert set(results.checked) == {
        Inconsistency.MORE_THAN_ANSWERED,
        Inconsistency.GROUPS_OFF_TOTAL,
    }


def test_levels_that_are_missing_are_not_compared() -> None:
    def drop(results: Results) -> None:
        results.estimates = [row for row in results.estimates if row.scope is not Scope.PROJECT]

    results = checked(drop)
    assert results.findings == []
    assert (
        results.checked[Inconsistency.NUMBERS_DIFFER] == 4
    )  # counts of schools: 2 groups, 2 waves


def test_weighted_answers_have_no_whole_numbers_by_option() -> None:
    people = crowd(3, EIGHT)
    weighted = replace(
        answers("W0", people), weight=np.linspace(0.5, 1.7, len(people), dtype=np.float64)
    )
    results = calculate(project(weighted, measures=[MEAN]))
    assert results.findings == []
    assert results.checked[Inconsistency.MEAN_OFF_DISTRIBUTION] == 1
    assert Inconsistency.BASES_DIFFER not in results.checked
