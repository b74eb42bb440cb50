"""The whole way from answers and facts to results."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.calculate import calculate
from indicators.pipeline.inputs import (
    AnswerSet,
    CalculationInputs,
    FactSpec,
    ManualRecord,
    PlanRecord,
    Rules,
    TargetSpec,
    WaveFacts,
)
from indicators.pipeline.outcomes import ChangeRow, EstimateRow, Results
from indicators.pipeline.shapes import GapSpec
from indicators.vocabulary import (
    BaselinePolicy,
    MeasureKind,
    Reason,
    Respondent,
    Scope,
    Selection,
    Status,
    TargetType,
    Verdict,
)
from tests.pipeline import naive
from tests.pipeline.builders import (
    BASELINE,
    ENDLINE,
    FEW,
    MIDLINE,
    SEX,
    Person,
    answers,
    codes_of,
    crowd,
    index,
    measure,
    project,
    register,
    sex_gap,
)

EIGHT = codes_of(8)
MEAN = measure(groups=(SEX,))
BEFORE, AFTER = crowd(1, EIGHT), crowd(2, EIGHT, shift=0.6)
TARGET = TargetSpec(1, "m", "W1", TargetType.AT_LEAST, 3.0, None)
DIRECTOR = {"instrument": "director", "respondent": Respondent.DIRECTOR}


def two_waves(before: list[Person] = BEFORE, after: list[Person] = AFTER, **others: Any) -> Any:
    return project(answers("W0", before), answers("W1", after), **others)


def levels(results: Results, scope: Scope = Scope.PROJECT, code: str = "m") -> list[EstimateRow]:
    return [row for row in results.estimates if row.scope is scope and row.measure == code]


def changes(results: Results, code: str = "m", school: str = "") -> list[ChangeRow]:
    """Of the project or one school, in the order of the waves."""
    place = (code, school, "")
    return [row for row in results.changes if (row.measure, row.school, row.group) == place]


def without_last_digits(results: Results) -> list[tuple[Any, ...]]:
    """All rows as tuples, numbers to ten digits."""
    rows = [
        *(*results.estimates, *results.changes, *results.gaps, *results.assessments),
        *(*results.reliabilities, *results.distributions),
    ]
    return [
        tuple(
            float(f"{value:.10g}") if isinstance(value, float) else value
            for value in (getattr(row, name) for name in row.__slots__)
        )
        for row in rows
    ]


def test_levels_and_changes_of_a_survey():
    results = calculate(two_waves(measures=[MEAN]))
    before, after = levels(results)
    assert before.value == pytest.approx(naive.mean(naive.scores(MEAN, BEFORE)))
    assert after.value == pytest.approx(naive.mean(naive.scores(MEAN, AFTER)))
    (row,) = changes(results)
    assert row.difference == pytest.approx(after.value - before.value)
    assert (row.wave_from, row.wave_to, row.n_schools) == ("W0", "W1", 8)
    assert Counter(row.scope for row in results.estimates) == {
        Scope.PROJECT: 2,
        Scope.GROUP: 4,
        Scope.SCHOOL: 16,
    }
    assert sorted(row.school for row in results.changes if not row.group) == ["", *EIGHT]
    assert [row.group for row in results.changes if row.group] == ["girl", "boy"]
    assert (results.gaps, results.assessments) == ([], [])


def test_without_schools_wanted():
    results = calculate(two_waves(measures=[replace(MEAN, keeps_schools=False)]))
    assert levels(results, Scope.SCHOOL) == []
    assert {row.scope for row in results.changes} == {Scope.PROJECT, Scope.GROUP}


def test_a_project_without_waves_or_answers_has_no_results():
    assert calculate(project(waves=(), measures=[MEAN])) == Results()
    assert calculate(project(measures=[MEAN])) == Results()


def test_progress_goes_through_the_steps():
    seen: list[tuple[str, int, int]] = []
    calculate(two_waves(measures=[MEAN, index(["q"], code="i")]), lambda *step: seen.append(step))
    assert [step for step, _, _ in seen] == ["tally", "tally", "estimate", "estimate", "assess"]
    assert all(done <= total for _, done, total in seen)


def test_several_files_of_a_wave_are_one():
    whole = calculate(two_waves(measures=[MEAN]))
    parts = [answers("W0", BEFORE[:20]), answers("W0", BEFORE[20:]), answers("W1", AFTER)]
    assert without_last_digits(calculate(project(*parts, measures=[MEAN]))) == without_last_digits(
        whole
    )


@given(st.randoms())
@FEW
def test_the_order_of_people_does_not_matter(random):
    mixed = list(AFTER)
    random.shuffle(mixed)
    inputs = {"measures": [MEAN], "targets": (TARGET,), "group_gaps": (sex_gap(MEAN, "m"),)}
    assert without_last_digits(calculate(two_waves(after=mixed, **inputs))) == without_last_digits(
        calculate(two_waves(**inputs))
    )


def test_a_merged_and_a_lost_school():
    """IS-02 becomes IS-24 and IS-08 leaves: one line, one school less in the change."""
    schools = register([*EIGHT, "IS-24"], continues={"IS-24": "IS-02"})
    after = [
        {**p, "school": "IS-24" if p["school"] == "IS-02" else p["school"]}
        for p in AFTER
        if p["school"] != "IS-08"
    ]
    targets = tuple(
        TargetSpec(key, "m", "W1", TargetType.CHANGE, -5.0, None, code)
        for key, code in enumerate(["IS-02", "IS-24", "IS-08"])
    )
    rules = Rules(min_group_verdict=5, reference_date=date(2027, 12, 1))
    results = calculate(
        two_waves(after=after, measures=[MEAN], schools=schools, targets=targets, rules=rules)
    )
    (row,) = changes(results)
    assert (row.n_schools, row.schools_left, row.schools_joined) == (7, ("IS-08",), ())
    panel = naive.panel(MEAN, BEFORE, after, schools)
    assert row.baseline == pytest.approx(panel.y[panel.cell == 0].mean())
    assert row.baseline != levels(results)[0].value
    assert row.endline == pytest.approx(levels(results)[1].value)
    (merged,) = changes(results, school="IS-24")
    assert merged.difference is not None
    assert changes(results, school="IS-02") == []
    (left,) = changes(results, school="IS-08")
    assert left.reason is Reason.NOT_IN_BOTH_WAVES
    # The target of the old school is that of the new one; a school that left has no data.
    old, new, lost = results.assessments
    assert (old.status, new.status) == (Status.MET, Status.MET)
    assert old.value == new.value == merged.difference
    assert (lost.status, lost.reason) == (Status.NO_DATA, Reason.NO_DATA)


def test_an_index_on_common_items():
    """S06: the level has all items, the change those worded alike."""
    spec = index(["q", "new"], code="S06", common_items=("q",))
    after = [{**person, "new": 5} for person in AFTER]
    targets = (TargetSpec(1, "S06", "W1", TargetType.AT_LEAST, 3.0, None),)
    results = calculate(two_waves(after=after, measures=[spec], targets=targets))
    before_level, after_level = levels(results, code="S06")
    (row,) = changes(results, "S06")
    assert row.is_on_common_items
    assert row.baseline == pytest.approx(naive.mean(naive.scores(MEAN, BEFORE)))
    assert row.endline == pytest.approx(naive.mean(naive.scores(MEAN, AFTER)))
    assert row.baseline == pytest.approx(before_level.value)
    assert after_level.value == pytest.approx(naive.mean(naive.scores(spec, after)))
    assert after_level.value > row.endline
    assert all(row.is_on_common_items for row in results.changes)
    assert results.assessments[0].value == after_level.value
    assert results.assessments[0].status is Status.MET


def test_a_reworded_item_is_not_comparable():
    """S10: both levels, no difference, no verdict on any target."""
    spec = measure(code="S10", common_items=())
    targets = tuple(
        TargetSpec(key, "S10", "W1", type, 1.0, None)
        for key, type in enumerate((TargetType.AT_LEAST, TargetType.CHANGE))
    )
    results = calculate(two_waves(measures=[spec], targets=targets))
    assert all(row.value is not None for row in levels(results, code="S10"))
    (row,) = changes(results, "S10")
    assert (row.verdict, row.difference) == (Verdict.NOT_COMPARABLE, None)
    for assessment in results.assessments:
        assert assessment.status is Status.CANNOT_TELL
        assert assessment.reason is Reason.NOT_COMPARABLE


def test_an_item_asked_only_at_the_endline_has_a_level_and_no_change():
    spec = measure(code="new", items=("new",), common_items=())
    after = [{**person, "new": 4 + (i % 5 > 0)} for i, person in enumerate(AFTER)]
    targets = (
        TargetSpec(1, "new", "W1", TargetType.AT_LEAST, 4.0, None),
        TargetSpec(2, "new", "W1", TargetType.CHANGE, 0.1, None),
    )
    results = calculate(two_waves(after=after, measures=[spec], targets=targets))
    assert [row.wave for row in levels(results, code="new")] == ["W1"]
    assert results.changes == []
    by_level, by_change = results.assessments
    assert by_level.status is Status.MET  # it was not reworded: the level stands
    assert (by_change.status, by_change.reason) == (Status.NO_DATA, Reason.NOT_IN_BOTH_WAVES)


@pytest.mark.parametrize(
    "selections",
    [
        (Selection.SELF_SELECTED, Selection.SELF_SELECTED),
        (Selection.SELF_SELECTED, Selection.CENSUS),
        (Selection.CENSUS, Selection.SELF_SELECTED),
    ],
)
def test_no_test_where_one_wave_chose_itself(selections):
    sets = [
        answers(wave, people, selection=selection)
        for wave, people, selection in zip(("W0", "W1"), (BEFORE, AFTER), selections, strict=True)
    ]
    results = calculate(project(*sets, measures=[MEAN]))
    assert results.changes
    for row in results.changes:
        assert (row.verdict, row.reason) == (Verdict.NOT_APPLICABLE, Reason.SELF_SELECTED)
        assert (row.se, row.p, row.ci_low) == (None, None, None)


def classes(people: list[Person]) -> list[Person]:
    return [{**person, "grade": 9 + i % 2} for i, person in enumerate(people)]


def test_classes_of_both_waves_widen_the_change_of_a_school():
    def first(inputs: CalculationInputs) -> ChangeRow:
        return changes(calculate(inputs), school="IS-01")[0]

    people = crowd(5, EIGHT, least=20, most=20, skipped=0)
    plain = first(two_waves(people, people, measures=[MEAN]))
    with_classes = {"measures": [MEAN], "class_items": {"student": "grade"}}
    both = first(two_waves(classes(people), classes(people), **with_classes))
    one = first(two_waves(people, classes(people), **with_classes))
    # 20 answers in two grades per wave: classes of ten, deff 1.45; unknown classes count in no mean
    assert both.se == pytest.approx(plain.se * 1.45**0.5)
    assert one.se == pytest.approx(both.se)
    assert both.df == pytest.approx(plain.df / 1.45)


# --- gaps -----------------------------------------------------------------------------

TEACHER = measure(code="t", instrument="teacher", respondent=Respondent.TEACHER)
BETWEEN = GapSpec("G01", MeasureKind.INSTRUMENT_GAP, "t", "m")


def with_others(instrument: str, selection: Selection = Selection.CENSUS) -> list[AnswerSet]:
    people = {"W0": crowd(7, EIGHT, shift=1), "W1": crowd(8, EIGHT, shift=1)}
    return [
        answers("W0", BEFORE),
        answers("W1", AFTER),
        *(
            answers(wave, some, instrument=instrument, selection=selection)
            for wave, some in people.items()
        ),
    ]


def test_a_gap_between_teachers_and_students():
    targets = (TargetSpec(1, "G01", "W1", TargetType.AT_MOST, None, 3.0),)
    results = calculate(
        project(*with_others("teacher"), measures=[MEAN, TEACHER], gaps=(BETWEEN,), targets=targets)
    )
    first, second = levels(results, code="G01")
    by_measure = {(row.measure, row.wave): row.value for row in results.estimates if not row.school}
    assert second.value == pytest.approx(by_measure["t", "W1"] - levels(results)[1].value)
    (row,) = changes(results, "G01")
    assert row.difference == pytest.approx(second.value - first.value)
    assert row.verdict in (Verdict.DECREASED, Verdict.NO_CLEAR_CHANGE)
    assert first.se > 0
    assert results.assessments[0].status is Status.MET


@pytest.mark.parametrize(
    ("respondent", "selection", "reason", "status"),
    [
        (Respondent.DIRECTOR, Selection.CENSUS, Reason.CENSUS, Status.MET),
        (Respondent.PARENT, Selection.SELF_SELECTED, Reason.SELF_SELECTED, Status.NOT_APPLICABLE),
    ],
)
def test_a_gap_with_directors_or_parents(respondent, selection, reason, status):
    other = measure(code="t", instrument="other", respondent=respondent)
    targets = (TargetSpec(1, "G01", "W1", TargetType.RANGE, -4.0, 4.0),)
    results = calculate(
        project(
            *with_others("other", selection),
            measures=[MEAN, other],
            gaps=(BETWEEN,),
            targets=targets,
        )
    )
    for row in levels(results, code="G01"):
        assert (row.se, row.reason) == (None, reason)
        assert row.value is not None
    (row,) = changes(results, "G01")
    assert (row.verdict, row.reason, row.p) == (Verdict.NOT_APPLICABLE, reason, None)
    assert results.assessments[0].status is status


def test_a_gap_of_directors_and_parents_is_self_selected_first():
    director = measure(code="t", **DIRECTOR)
    parent = measure(respondent=Respondent.PARENT)
    sets = [
        answers("W0", BEFORE, selection=Selection.SELF_SELECTED),
        answers("W0", BEFORE, instrument="director"),
    ]
    results = calculate(project(*sets, measures=[director, parent], gaps=(BETWEEN,)))
    assert levels(results, code="G01")[0].reason is Reason.SELF_SELECTED
    assert changes(results, "G01") == []  # one wave


@pytest.mark.parametrize("common", [(), ("other",)])
def test_a_gap_with_a_reworded_question_is_not_comparable(common):
    reworded = replace(MEAN, common_items=common)
    targets = (TargetSpec(1, "G01", "W1", TargetType.AT_MOST, None, 3.0),)
    results = calculate(
        project(
            *with_others("teacher"),
            measures=[reworded, TEACHER],
            gaps=(BETWEEN,),
            targets=targets,
        )
    )
    (row,) = changes(results, "G01")
    assert (row.verdict, row.reason) == (Verdict.NOT_COMPARABLE, Reason.NOT_COMPARABLE)
    assert (row.difference, row.se, row.p, row.p_sign_flip) == (None, None, None, None)
    assert row.baseline is not None
    assert results.assessments[0].reason is Reason.NOT_COMPARABLE


def test_girls_minus_boys():
    within = sex_gap(MEAN, "S13")
    results = calculate(two_waves(measures=[MEAN], gaps=(within,), group_gaps=(sex_gap(MEAN),)))
    assert [(gap.measure, gap.wave) for gap in results.gaps] == [("m", "W0"), ("m", "W1")]
    for gap, row in zip(results.gaps, levels(results, code="S13"), strict=True):
        assert (gap.value, gap.se) == (row.value, row.se)
    groups = {(r.wave, r.group): r.value for r in levels(results, Scope.GROUP)}
    assert results.gaps[0].value == pytest.approx(groups["W0", "girl"] - groups["W0", "boy"])


def test_a_wave_that_did_not_ask_the_sex_has_no_gap():
    after = [{key: value for key, value in p.items() if key != "sex"} for p in AFTER]
    within = sex_gap(MEAN, "S13")
    results = calculate(
        two_waves(after=after, measures=[MEAN], gaps=(within,), group_gaps=(sex_gap(MEAN),))
    )
    assert [gap.value is None for gap in results.gaps] == [False, True]
    (row,) = changes(results, "S13")
    assert (row.difference, row.reason) == (None, Reason.NOT_IN_BOTH_WAVES)


def test_a_gap_needs_both_sides():
    results = calculate(
        project(
            answers("W0", BEFORE),
            answers("W1", AFTER),
            measures=[MEAN, TEACHER],
            gaps=(BETWEEN,),
            group_gaps=(sex_gap(TEACHER),),
        )
    )
    assert levels(results, code="G01") == []
    assert (changes(results, "G01"), results.gaps) == ([], [])


# --- facts, waves, targets ------------------------------------------------------------


def test_facts_go_with_the_waves():
    clusters = FactSpec(
        "C01", MeasureKind.LOG_SUM, "clusters.n_schools", baseline_policy=BaselinePolicy.ZERO
    )
    manual = FactSpec("M01", MeasureKind.MANUAL, "", indicator="M01")
    facts = {
        "W1": WaveFacts(
            plans=(PlanRecord("A", 3, True), PlanRecord("B", 2, None)),
            manual=(ManualRecord("M01", 0.6, 12, 20),),
        )
    }
    targets = (
        TargetSpec(1, "C01", "W1", TargetType.AT_LEAST, 5.0, None),
        TargetSpec(2, "C01", "W1", TargetType.AT_LEAST, 3.0, None, "B"),
        TargetSpec(3, "M01", "W1", TargetType.AT_LEAST, 0.6, None),
        TargetSpec(4, "M01", "W1", TargetType.CHANGE, 0.1, None),
    )
    results = calculate(
        project(facts=(clusters, manual), wave_facts=facts, targets=targets, schools=register("AB"))
    )
    assert [row.value for row in levels(results, code="C01")] == [0.0, 5.0]
    assert [row.value for row in levels(results, code="M01")] == [None, 0.6]
    assert changes(results, "C01")[0].difference == 5.0
    assert changes(results, "C01", "A")[0].difference == 3.0
    assert [row.status for row in results.assessments] == [
        Status.MET,
        Status.NOT_MET,
        Status.MET,
        Status.NO_DATA,
    ]
    assert all(row.is_by_value_alone for row in results.assessments[:3])


def test_every_wave_is_compared_with_the_first():
    """Waves are taken in their order, however they are handed in."""
    middle = crowd(3, EIGHT, shift=0.3)
    sets = [answers("W1", AFTER), answers("WM", middle), answers("W0", BEFORE)]
    results = calculate(project(*sets, measures=[MEAN], waves=(ENDLINE, BASELINE, MIDLINE)))
    assert [(row.wave_from, row.wave_to) for row in changes(results)] == [
        ("W0", "WM"),
        ("W0", "W1"),
    ]


def test_progress_at_a_midline():
    middle = crowd(3, EIGHT, shift=0.6)
    base = naive.mean(naive.scores(MEAN, BEFORE))
    rules = Rules(reference_date=date(2026, 12, 1))
    targets = (TargetSpec(1, "m", "W1", TargetType.AT_LEAST, base + 1, None),)
    results = calculate(
        project(
            answers("W0", BEFORE),
            answers("WM", middle),
            measures=[MEAN],
            waves=(BASELINE, MIDLINE, ENDLINE),
            targets=targets,
            rules=rules,
        )
    )
    (row,) = results.assessments
    (moved,) = changes(results)
    assert row.share_closed == pytest.approx(moved.difference)
    assert (row.share_low, row.share_high) == pytest.approx((moved.ci90_low, moved.ci90_high))
    assert row.share_elapsed == pytest.approx(0.5)
    assert row.value == levels(results)[1].value


def test_a_share_is_judged_as_a_share():
    spec = measure(MeasureKind.SHARE, codes=frozenset({4, 5}))
    one = TargetSpec(1, "m", "W1", TargetType.AT_LEAST, 0.01, None)
    row = calculate(two_waves(measures=[spec], targets=(one,))).assessments[0]
    assert row.status is Status.MET
    assert 0 < row.bound_low < row.value < row.bound_high < 1


def test_directors_are_judged_by_the_count():
    spec = measure(MeasureKind.SCHOOLS_COUNT, codes=frozenset({1}), **DIRECTOR)
    yes = [[1, 1, 1, 0, 0, 0, 0, 0], [1, 1, 0, 1, 1, 0, 0, None]]
    sets = [
        answers(
            wave,
            [{"school": code, "q": y} for code, y in zip(EIGHT, answer, strict=True)],
            instrument="director",
        )
        for wave, answer in zip(("W0", "W1"), yes, strict=True)
    ]
    results = calculate(project(*sets, measures=[spec], targets=(replace(TARGET, low=4.0),)))
    assert [(row.value, row.denominator) for row in levels(results)] == [(3.0, 8.0), (4.0, 7.0)]
    (row,) = changes(results)
    assert (row.difference, row.n_up, row.n_down, row.n_schools) == (1.0, 2, 1, 7)
    assert row.schools_left == ("IS-08",)
    (assessment,) = results.assessments
    assert (assessment.status, assessment.is_by_value_alone) == (Status.MET, True)


def test_the_same_answers_give_the_same_digits():
    inputs = two_waves(measures=[MEAN], targets=(TARGET,), gaps=(sex_gap(MEAN),))
    assert calculate(inputs) == calculate(inputs)
