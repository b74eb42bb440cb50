"""Surveys of a sample of schools: strata, frames and weights, against loops over respondents."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from indicators.pipeline.change import group_changes, project_change
from indicators.pipeline.estimate import estimates
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import EstimateRow
from indicators.pipeline.pair import Pair, pair_waves
from indicators.pipeline.register import Register, register_of
from indicators.pipeline.sampling import contrast_sample, level_design, line_strata, stratum_of
from indicators.pipeline.shapes import MeasureSpec, SchoolSpec, StratumSpec
from indicators.pipeline.totals import Cells
from indicators.vocabulary import (
    MeasureKind,
    Reason,
    Respondent,
    Scope,
    Selection,
    Verdict,
)
from tests.pipeline.builders import SEX, Person, crowd
from tests.pipeline.samples import (
    CODES,
    FRAME,
    LIKERT,
    SAMPLE,
    SCHOOLS,
    SHARE,
    STRATA,
    expected,
    sample_of,
    totals_of,
    weighted,
)


def levels(spec: MeasureSpec, people: Sequence[Person], **more: object) -> list[EstimateRow]:
    return list(estimates(spec, "W0", totals_of(spec, people), SAMPLE, SCHOOLS, **more))


# --- levels --------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_weights", [False, True])
@pytest.mark.parametrize("frame", [None, {"north": 20, "south": 9}])
def test_a_level_person_by_person(has_weights: bool, frame: Mapping[str, int] | None) -> None:
    people = crowd(1, CODES)
    people = weighted(people) if has_weights else people
    strata = {} if frame is None else {code: StratumSpec(code, n) for code, n in frame.items()}
    row = levels(LIKERT, people, strata=strata)[0]
    sample = sample_of([(p, STRATA[p["school"]], 0) for p in people], frame)
    estimate, se = expected(sample, [1.0], fpc=frame is not None)
    assert (row.value, row.se, row.df) == pytest.approx((estimate, se, 12 - 2))
    assert (row.n, row.n_schools) == (sum(p["q"] is not None for p in people), 12)


def test_a_group_is_a_domain_of_the_whole_sample() -> None:
    people = weighted(crowd(2, CODES))
    girls = next(row for row in levels(LIKERT, people, strata=FRAME) if row.group == "girl")
    rows = [(p, STRATA[p["school"]], 0 if p["sex"] == 1 else 1) for p in people]
    sample = sample_of(rows, {"north": 20, "south": 9})
    assert (girls.value, girls.se) == pytest.approx(expected(sample, [1.0, 0.0], fpc=True))


def test_a_weighted_share_is_no_count_of_answers() -> None:
    people = weighted([{**p, "q": p["q"] or 3} for p in crowd(3, CODES, skipped=0.0)])
    row = levels(SHARE, people, strata=FRAME)[0]
    whole = sum(p["weight"] for p in people)
    share = sum(p["weight"] for p in people if p["q"] >= 4) / whole
    assert row.value == pytest.approx(share)
    assert (row.numerator, row.denominator) == (None, None)
    assert row.ci_low < row.value < row.ci_high
    weight_of = {code: sum(p["weight"] for p in people if p["q"] == code) for code in range(1, 6)}
    scaled = {str(code): w * len(people) / whole for code, w in weight_of.items() if w}
    assert row.counts == pytest.approx(scaled)
    plain = levels(SHARE, [{**p, "weight": 1.0} for p in people], strata=FRAME)[0]
    assert plain.counts == {code: pytest.approx(n) for code, n in plain.counts.items()}
    assert sum(plain.counts.values()) == pytest.approx(len(people))


def test_a_frame_smaller_than_the_sample_corrects_nothing() -> None:
    people = crowd(4, CODES)
    outdated = {"north": StratumSpec("north", 3), "south": StratumSpec("south", 4)}
    assert levels(LIKERT, people, strata=outdated)[0].se == levels(LIKERT, people)[0].se


def test_without_schools_there_is_no_design() -> None:
    assert level_design((), SCHOOLS, FRAME) is None
    nothing = Cells(*(np.zeros((0, 2)) for _ in range(3)))
    result = contrast_sample(nothing, (-1.0, 1.0), ())
    assert (result.estimate, result.reason) == (None, Reason.NO_DATA)


# --- strata --------------------------------------------------------------------------------------

MERGED = {
    "a": StratumSpec("a", 3, "b"),
    "b": StratumSpec("b", 4, "c"),
    "c": StratumSpec("c", 5),
    "x": StratumSpec("x", 1, "y"),
    "y": StratumSpec("y", 1, "x"),
}


@pytest.mark.parametrize(
    ("own", "counts_in"), [("a", "c"), ("b", "c"), ("c", "c"), ("z", "z"), ("", "")]
)
def test_a_merged_stratum_counts_in_the_last_one(own: str, counts_in: str) -> None:
    assert stratum_of(SchoolSpec("S", (), "S", stratum=own), MERGED) == counts_in


def test_strata_merged_into_one_another_end_somewhere() -> None:
    assert stratum_of(SchoolSpec("S", (), "S", stratum="x"), MERGED) in ("x", "y")


def test_the_frame_of_merged_strata_is_their_sum() -> None:
    schools = {code: replace(SCHOOLS[code], stratum="abc"[i % 3]) for i, code in enumerate(CODES)}
    design = level_design(CODES, schools, MERGED)
    assert design is not None
    assert set(design.fraction.tolist()) == {1.0}  # twelve drawn of 3 + 4 + 5
    larger = {**MERGED, "c": StratumSpec("c", 17)}
    assert level_design(CODES, schools, larger).fraction.tolist() == pytest.approx([12 / 24] * 12)


def test_schools_drawn_anew_make_strata_of_their_own_in_each_wave() -> None:
    first, second = CODES[:7], CODES[7:]
    found = line_strata(CODES, SCHOOLS, FRAME, (first, second))
    assert found == tuple(f"{int(code in second)} {STRATA[code]}" for code in CODES)
    again = line_strata(CODES, SCHOOLS, FRAME, (first, CODES[6:]))
    assert again == tuple(STRATA.values())
    assert line_strata(CODES, SCHOOLS, FRAME) == tuple(STRATA.values())


# --- changes -------------------------------------------------------------------------------------


def pair_of(before: Sequence[Person], after: Sequence[Person], spec: MeasureSpec = LIKERT) -> Pair:
    return pair_waves("W0", "W1", totals_of(spec, before), totals_of(spec, after), SCHOOLS, (SEX,))


def change_of(before: Sequence[Person], after: Sequence[Person], spec: MeasureSpec = LIKERT):
    pair = pair_of(before, after, spec)
    return project_change(spec, pair, SAMPLE, Rules(), schools=SCHOOLS, strata=FRAME)


@pytest.mark.parametrize("is_same", [True, False], ids=["same schools", "new schools"])
def test_a_change_of_a_sample_person_by_person(is_same: bool) -> None:
    drawn = (CODES, CODES) if is_same else (CODES[::2], CODES[1::2])
    before = weighted(crowd(5, drawn[0]))
    after = weighted(crowd(6, drawn[1], shift=0.4))
    row = change_of(before, after)
    label = (
        (lambda wave, p: STRATA[p["school"]])
        if is_same
        else (lambda wave, p: f"{wave} {STRATA[p['school']]}")
    )
    rows = [(p, label(w, p), w) for w, people in enumerate((before, after)) for p in people]
    estimate, se = expected(sample_of(rows), [-1.0, 1.0])
    strata = len({stratum for _, stratum, _ in rows})
    assert (row.difference, row.se, row.df) == pytest.approx((estimate, se, 12 - strata))
    assert (row.n_up, row.n_down) == (None, None)
    assert row.difference == pytest.approx(row.endline - row.baseline)
    assert row.detectable is not None
    assert row.detectable > row.se


def test_a_reworded_question_of_a_sample_has_no_change() -> None:
    spec = replace(LIKERT, common_items=())
    row = change_of(crowd(5, CODES), crowd(6, CODES), spec)
    assert (row.verdict, row.difference) == (Verdict.NOT_COMPARABLE, None)


def test_a_sample_where_everybody_answers_alike_detects_nothing() -> None:
    alike = [{"school": code, "sex": 1, "q": 4} for code in CODES for _ in range(3)]
    row = change_of(alike, alike)
    assert (row.difference, row.reason, row.detectable) == (0.0, Reason.ZERO_VARIANCE, None)


def test_weights_count_where_all_schools_were_asked_too() -> None:
    """The weighted change on the schools of both waves, schools as clusters of one stratum."""
    before = weighted(crowd(5, CODES))
    after = weighted(crowd(6, CODES[:11], shift=0.4))
    pair = pair_of(before, after)
    row = project_change(LIKERT, pair, Selection.RANDOM_PEOPLE, Rules())
    everyone = [(p, "all", w) for w, people in enumerate((before, after)) for p in people]
    # The school of one wave keeps its place in the design, as a domain does.
    gone = CODES[11]
    panel = [
        ({**p, "q": None} if p["school"] == gone else p, stratum, w) for p, stratum, w in everyone
    ]
    estimate, se = expected(sample_of(panel), [-1.0, 1.0])
    assert (row.difference, row.se, row.df) == pytest.approx((estimate, se, 10))
    assert row.difference == pytest.approx(row.endline - row.baseline)
    all_difference, all_se = expected(sample_of(everyone), [-1.0, 1.0])
    assert (row.all_difference, row.all_se) == pytest.approx((all_difference, all_se))
    assert row.verdict is not Verdict.NOT_APPLICABLE
    assert row.within_difference is None


def test_a_group_of_weighted_answers_changes_by_weighted_means() -> None:
    before, after = weighted(crowd(5, CODES)), weighted(crowd(6, CODES, shift=0.4))
    rows = group_changes(LIKERT, pair_of(before, after), Selection.RANDOM_PEOPLE, Rules())
    girls = next(row for row in rows if row.group == "girl")
    people = [
        (p, "all", w) for w, wave in enumerate((before, after)) for p in wave if p["sex"] == 1
    ]
    assert (girls.difference, girls.se) == pytest.approx(expected(sample_of(people), [-1.0, 1.0]))


def test_the_size_of_the_weights_changes_nothing() -> None:
    before, after = weighted(crowd(5, CODES)), weighted(crowd(6, CODES, shift=0.4))
    large = [[{**p, "weight": 1000 * p["weight"]} for p in wave] for wave in (before, after)]
    plain, scaled = (
        project_change(LIKERT, pair_of(*waves), Selection.CENSUS, Rules())
        for waves in ((before, after), large)
    )
    found = (scaled.difference, scaled.se, scaled.school_difference, scaled.all_se)
    wanted = (plain.difference, plain.se, plain.school_difference, plain.all_se)
    assert found == pytest.approx(wanted)


def test_checklists_of_a_sample_of_schools_are_counted() -> None:
    spec = replace(SHARE, kind=MeasureKind.SCHOOLS_COUNT, respondent=Respondent.DIRECTOR)
    before = [{"school": code, "q": 1} for code in CODES]
    after = [{"school": code, "q": 5 if n < 4 else 1} for n, code in enumerate(CODES)]
    row = change_of(before, after, spec)
    assert (row.difference, row.n_up, row.reason) == (4, 4, Reason.CENSUS)
    assert (row.se, row.p, row.verdict) == (None, None, Verdict.NOT_APPLICABLE)


def test_groups_of_a_sample_have_no_change_of_their_own() -> None:
    pair = pair_of(crowd(5, CODES), crowd(6, CODES))
    assert list(group_changes(LIKERT, pair, SAMPLE, Rules())) == []


def test_a_group_without_a_common_school_has_no_change() -> None:
    before = [{"school": CODES[i], "sex": 1 if i < 6 else 2, "q": 3 + i % 2} for i in range(12)]
    after = [{"school": CODES[i], "sex": 2, "q": 4} for i in range(12)]
    after += [{"school": CODES[11], "sex": 1, "q": 4}]  # girls answer, in another school
    rows = list(group_changes(LIKERT, pair_of(before, after), Selection.CENSUS, Rules()))
    assert [(row.group, row.scope) for row in rows] == [("boy", Scope.GROUP)]


# --- register ------------------------------------------------------------------------------------


def test_a_register_is_its_schools() -> None:
    register = register_of(SCHOOLS)
    assert isinstance(register, Register)
    assert register_of(register) is register
    assert (dict(register), len(register)) == (SCHOOLS, 12)
    assert register.lines(("N-03", "N-01"), ("N-02",)) == ("N-01", "N-02", "N-03")
    assert register.rows(("N-03", "N-01"), ("N-01", "N-02", "N-03")).tolist() == [2, 0]
