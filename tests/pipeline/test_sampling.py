"""Surveys of a sample of schools: strata, frames and weights, against loops over respondents."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from indicators.pipeline.change import group_changes, project_change
from indicators.pipeline.estimate import estimates
from indicators.pipeline.gap import GapCells, gap_cells, gap_change, gap_estimate
from indicators.pipeline.gap_group import GroupGaps
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import EstimateRow
from indicators.pipeline.pair import Pair, pair_waves
from indicators.pipeline.register import Register, register_of
from indicators.pipeline.sampling import contrast_sample, level_design, line_strata, stratum_of
from indicators.pipeline.shapes import MeasureSpec, SchoolSpec, StratumSpec
from indicators.pipeline.tally import tally_all
from indicators.pipeline.totals import Cells, Totals
from indicators.vocabulary import MeasureKind, Reason, Scope, Selection, Verdict
from tests.pipeline.builders import SEX, Person, answers, crowd, measure, project, sex_gap
from tests.stats.naive_survey import Sample, scores, variance

CODES = [f"N-{number:02d}" for number in range(1, 13)]
STRATA = {code: "north" if number < 6 else "south" for number, code in enumerate(CODES)}
SCHOOLS = {code: SchoolSpec(code, (code,), code, stratum=STRATA[code]) for code in CODES}
FRAME = {"north": StratumSpec("north", 20), "south": StratumSpec("south", 9)}
SAMPLE = Selection.SAMPLE
LIKERT = measure(code="s", groups=(SEX,), keeps_counts=True)
SHARE = measure(MeasureKind.SHARE, code="share", codes=frozenset({4, 5}), keeps_counts=True)


def weighted(people: Sequence[Person]) -> list[Person]:
    """Every person stands for one to three others."""
    return [{**person, "weight": 1 + 0.5 * (place % 5)} for place, person in enumerate(people)]


def totals_of(spec: MeasureSpec, people: Sequence[Person]) -> Totals:
    plain = [{k: v for k, v in person.items() if k != "weight"} for person in people]
    one = answers("W0", plain, selection=SAMPLE)
    if people and "weight" in people[0]:
        one = replace(one, weight=np.array([person["weight"] for person in people]))
    return tally_all(project(one, measures=[spec], schools=SCHOOLS)).totals[spec.code, "W0"]


def sample_of(
    rows: Sequence[tuple[Person, str, int]], frame: Mapping[str, int] | None = None
) -> Sample:
    """Persons with the stratum and the cell they count in; q is the answer."""
    sizes = [float("nan") if frame is None else float(frame[stratum]) for _, stratum, _ in rows]
    labels = sorted({stratum for _, stratum, _ in rows})
    q = [person["q"] for person, _, _ in rows]
    return Sample(
        stratum=np.array([labels.index(stratum) for _, stratum, _ in rows]),
        school=np.array([CODES.index(person["school"]) for person, _, _ in rows]),
        population=np.array(sizes),
        people=np.ones(len(rows)),
        weight=np.array([person.get("weight", 1.0) for person, _, _ in rows]),
        cell=np.array([cell for _, _, cell in rows]),
        y=np.array([float("nan") if one is None else float(one) for one in q]),
    )


def expected(sample: Sample, coefs: Sequence[float], *, fpc: bool = False) -> tuple[float, float]:
    estimate, z = scores(sample, np.array(coefs))
    return estimate, sqrt(variance(sample, z, fpc=fpc, stages=False))


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


def test_groups_of_a_sample_have_no_change_of_their_own() -> None:
    pair = pair_of(crowd(5, CODES), crowd(6, CODES))
    assert list(group_changes(LIKERT, pair, SAMPLE, Rules())) == []


def test_a_group_without_a_common_school_has_no_change() -> None:
    before = [{"school": CODES[i], "sex": 1 if i < 6 else 2, "q": 3 + i % 2} for i in range(12)]
    after = [{"school": CODES[i], "sex": 2, "q": 4} for i in range(12)]
    after += [{"school": CODES[11], "sex": 1, "q": 4}]  # girls answer, in another school
    rows = list(group_changes(LIKERT, pair_of(before, after), Selection.CENSUS, Rules()))
    assert [(row.group, row.scope) for row in rows] == [("boy", Scope.GROUP)]


# --- gaps ----------------------------------------------------------------------------------------

GIRLS = sex_gap(LIKERT)


def gap_of(people: Sequence[Person], strata: tuple[str, ...] = ()) -> GapCells:
    totals = totals_of(LIKERT, people)
    return replace(gap_cells(GIRLS, totals, totals, SCHOOLS, tuple(CODES)), strata=strata)


def by_sex(people: Sequence[Person], stratum: str | None = None) -> list[tuple[Person, str, int]]:
    """Girls are cell 0, boys 1, unknown 2."""
    cell = {1: 0, 2: 1, None: 2}
    return [(p, stratum or STRATA[p["school"]], cell[p["sex"]]) for p in people]


@pytest.mark.parametrize("strata", [tuple(STRATA.values()), ()], ids=["sample", "weights only"])
def test_a_weighted_gap_person_by_person(strata: tuple[str, ...]) -> None:
    people = weighted(crowd(7, CODES))
    row = gap_estimate(GIRLS, "W0", gap_of(people, strata))
    rows = by_sex(people, None if strata else "all")
    estimate, se = expected(sample_of(rows), [1.0, -1.0, 0.0])
    assert (row.value, row.se) == pytest.approx((estimate, se))


def test_a_group_nobody_was_asked_for_has_no_gap() -> None:
    totals = totals_of(LIKERT, crowd(7, CODES))
    spec = replace(GIRLS, first_group="unknown")
    row = gap_estimate(spec, "W0", gap_cells(spec, totals, totals, SCHOOLS, tuple(CODES)))
    assert (row.value, row.reason) == (None, Reason.NOT_IN_BOTH_WAVES)


def test_the_change_of_a_gap_of_a_sample_is_on_all_its_schools() -> None:
    strata = tuple(STRATA.values())
    before, after = weighted(crowd(8, CODES)), weighted(crowd(9, CODES[:11], shift=0.3))
    row = gap_change(GIRLS, ("W0", "W1"), gap_of(before, strata), gap_of(after, strata), Rules())
    rows = [
        (p, stratum, cell + 3 * wave)
        for wave, people in enumerate((before, after))
        for p, stratum, cell in by_sex(people)
    ]
    estimate, se = expected(sample_of(rows), [-1.0, 1.0, 0, 1.0, -1.0, 0])
    assert (row.difference, row.se) == pytest.approx((estimate, se))


def group_gaps(waves: Mapping[str, Sequence[Person]], **more: object) -> GroupGaps:
    totals = {wave: totals_of(LIKERT, people) for wave, people in waves.items()}
    fields = {"is_sample": True, "strata": FRAME, **more}
    return GroupGaps(totals, SCHOOLS, dict.fromkeys(waves), **fields)


def test_gaps_of_groups_of_a_sample_and_their_change() -> None:
    waves = {"W0": weighted(crowd(8, CODES[::2])), "W1": weighted(crowd(9, CODES[1::2]))}
    baseline, endline = group_gaps(waves).rows([GIRLS])
    for row, people in ((baseline, waves["W0"]), (endline, waves["W1"])):
        found = expected(sample_of(by_sex(people)), [1.0, -1.0, 0.0])
        assert (row.value, row.se) == pytest.approx(found)
    rows = [
        (p, f"{wave} {stratum}", cell + 3 * wave)
        for wave, people in enumerate(waves.values())
        for p, stratum, cell in by_sex(people)
    ]
    found = expected(sample_of(rows), [-1.0, 1.0, 0, 1.0, -1.0, 0])
    assert (endline.change, endline.change_se) == pytest.approx(found)
    assert (baseline.change, baseline.wave_from, endline.wave_from) == (None, "", "W0")


def test_gaps_of_a_reworded_question_have_no_change() -> None:
    waves = {"W0": crowd(8, CODES), "W1": crowd(9, CODES)}
    rows = group_gaps(waves, is_comparable=False, is_sample=False).rows([GIRLS])
    assert [(row.wave, row.change, row.wave_from) for row in rows] == [
        ("W0", None, ""),
        ("W1", None, ""),
    ]
    assert all(row.p is not None for row in rows)


def test_a_gap_that_one_wave_cannot_show_has_no_change() -> None:
    only_boys = [{**person, "sex": 2} for person in crowd(9, CODES)]
    rows = group_gaps({"W0": crowd(8, CODES), "W1": only_boys}, is_sample=False).rows([GIRLS])
    assert (rows[1].value, rows[1].change, rows[1].wave_from) == (None, None, "W0")
    assert rows[1].change_reason is Reason.NOT_IN_BOTH_WAVES


def test_town_and_village_need_six_schools_of_each_kind() -> None:
    """Girls' schools and boys' schools: no school has both."""

    def apart(seed: int, n_girls: int) -> list[Person]:
        people = crowd(seed, CODES)
        return [{**p, "sex": 1 if CODES.index(p["school"]) < n_girls else 2} for p in people]

    def change(n_girls: int):
        waves = {"W0": apart(8, n_girls), "W1": apart(9, n_girls)}
        return group_gaps(waves, is_sample=False).rows([GIRLS])[1]

    assert change(5).change_reason is Reason.TOO_FEW_CLUSTERS
    assert change(5).change is not None
    assert change(5).change_p is None
    assert change(6).change_reason is None
    assert change(6).change_p is not None


# --- register ------------------------------------------------------------------------------------


def test_a_register_is_its_schools() -> None:
    register = register_of(SCHOOLS)
    assert isinstance(register, Register)
    assert register_of(register) is register
    assert (dict(register), len(register)) == (SCHOOLS, 12)
    assert register.lines(("N-03", "N-01"), ("N-02",)) == ("N-01", "N-02", "N-03")
    assert register.rows(("N-03", "N-01"), ("N-01", "N-02", "N-03")).tolist() == [2, 0]
