"""A comparison is the calculation's own gap, without a word."""

import pytest

from indicators.pipeline.calculate import calculate
from indicators.pipeline.compare import compare
from indicators.pipeline.shapes import GapSpec
from indicators.vocabulary import MeasureKind, Reason, Respondent, Selection
from tests.pipeline.builders import SEX, answers, codes_of, crowd, measure, project, sex_gap

SCHOOLS = codes_of(8)
STUDENT = measure(code="s", groups=(SEX,))
TEACHER = measure(code="t", instrument="teacher", respondent=Respondent.TEACHER)
BETWEEN = GapSpec("x", MeasureKind.INSTRUMENT_GAP, "t", "s")


def both_waves(selection: Selection = Selection.CENSUS, **more):
    sets = [
        answers(wave, crowd(seed, SCHOOLS, shift=shift), instrument=who, selection=selection)
        for seed, (wave, who, shift) in enumerate(
            [
                ("W0", STUDENT.instrument, 0.0),
                ("W1", STUDENT.instrument, 0.3),
                ("W0", "teacher", 0.6),
                ("W1", "teacher", 0.4),
            ]
        )
    ]
    return project(*sets, measures=[STUDENT, TEACHER], **more)


def test_two_groups_have_the_numbers_of_the_calculation():
    inputs = both_waves(group_gaps=(sex_gap(STUDENT),))
    stored = calculate(inputs).gaps
    asked = compare(sex_gap(STUDENT), inputs)
    assert [row.wave for row in asked] == ["W0", "W1"]
    for one, other in zip(asked, stored, strict=True):
        assert (one.value, one.se, one.ci_low) == (other.value, other.se, other.ci_low)
        assert (one.change, one.change_low) == (other.change, other.change_low)
    assert stored[1].change_word is not None
    assert asked[1].change_word is None
    assert asked[1].change_reason is Reason.EXPLORATORY


def test_two_questionnaires_have_the_numbers_of_a_gap_that_is_an_indicator():
    inputs = both_waves(gaps=(BETWEEN,))
    results = calculate(inputs)
    levels = {row.wave: row for row in results.estimates if row.measure == "x"}
    [change] = [row for row in results.changes if row.measure == "x"]
    before, after = compare(BETWEEN, inputs)
    for row in (before, after):
        level = levels[row.wave]
        assert (row.value, row.ci_low, row.ci_high) == (level.value, level.ci_low, level.ci_high)
        assert {"first": row.n_first, "second": row.n_second} == level.counts
    assert before.change is None
    assert (after.change, after.change_low) == (change.difference, change.ci_low)
    assert (after.baseline, after.endline) == (change.baseline, change.endline)
    assert after.change_reason is Reason.EXPLORATORY
    assert after.change_word is None


def test_people_who_chose_themselves_are_set_side_by_side_without_a_range():
    for spec in (BETWEEN, sex_gap(STUDENT)):
        rows = compare(spec, both_waves(Selection.SELF_SELECTED))
        assert all(row.value is not None and row.ci_low is None for row in rows)
        assert {row.reason for row in rows} == {Reason.SELF_SELECTED}
        assert rows[1].change_reason is Reason.SELF_SELECTED
        assert rows[1].change_low is None


def test_a_wave_without_one_side_has_no_gap():
    inputs = both_waves()
    half = project(*inputs.answers[:3], measures=inputs.measures)
    [row] = compare(BETWEEN, half)
    assert (row.wave, row.change) == ("W0", None)


def test_a_measure_that_is_gone_is_named():
    with pytest.raises(ValueError, match="expected the measures"):
        compare(GapSpec("x", MeasureKind.INSTRUMENT_GAP, "t", "gone"), both_waves())
