"""How answers are spread, in two waves: from rows, identities, refusals, and who decides."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.calculate import calculate
from indicators.pipeline.distribution import end_share, in_one_direction, judge_distributions
from indicators.pipeline.inputs import AnswerSet
from indicators.pipeline.outcomes import ChangeRow, DistributionRow, Results
from indicators.pipeline.shapes import MeasureSpec, StratumSpec
from indicators.stats.design import make_design
from indicators.stats.families import benjamini_hochberg
from indicators.stats.ftests import rao_scott
from indicators.stats.ranks_survey import rank_counts, rank_survey
from indicators.vocabulary import (
    Flag,
    Reason,
    Respondent,
    Scope,
    SecondLook,
    Selection,
    Verdict,
)
from tests.pipeline.builders import (
    FEW,
    MIDLINE,
    Person,
    answers,
    codes_of,
    crowd,
    measure,
    project,
    register,
)

ITEM = measure(keeps_counts=True, scale=(1.0, 5.0))
TEN = codes_of(10)


def run(
    before: list[Person],
    after: list[Person],
    *,
    spec: MeasureSpec = ITEM,
    selection: Selection = Selection.CENSUS,
    **others,
) -> Results:
    sets = [
        answers(wave, people, selection=selection)
        for wave, people in (("W0", before), ("W1", after))
    ]
    return calculate(project(*sets, measures=[spec], **others))


def outcome(*args, **others) -> DistributionRow:
    (row,) = run(*args, **others).distributions
    return row


def piled(seed: int, schools: list[str], *, top: float, n: int = 15) -> list[Person]:
    """`n` per school, most of them at 5."""
    rng = np.random.default_rng(seed)
    return [
        {
            "school": school,
            "q": 5 if rng.random() < top + lift else int(rng.integers(1, 5)),
        }
        for school in schools
        for lift in [rng.normal(0, 0.08)]
        for _ in range(n)
    ]


def in_both(before: list[Person], after: list[Person]) -> tuple[np.ndarray, ...]:
    """y, wave and school of everybody with an answer in a school of both waves."""
    both = set.intersection(
        *({p["school"] for p in w if p["q"] is not None} for w in (before, after))
    )
    found = [
        (p["q"], wave, p["school"])
        for wave, people in enumerate((before, after))
        for p in people
        if p["q"] is not None and p["school"] in both
    ]
    y, wave, school = zip(*found, strict=True)
    return np.array(y, float), np.array(wave), np.array(school)


@given(st.integers(0, 2**32 - 1))
@FEW
def test_the_test_on_rows_says_the_same(seed):
    """Every respondent a unit in its school, as R has them; and the rank test on rows."""
    before, after = piled(seed, TEN[1:], top=0.5), piled(seed + 1, TEN[:9], top=0.6)
    row = outcome(before, after)
    y, wave, school = in_both(before, after)
    units = np.stack([(y[:, None] == np.arange(1, 6)) & (wave[:, None] == k) for k in (0, 1)], 2)
    design = make_design(len(y), psu=school)
    theirs = rao_scott(units, design).rao_scott
    assert (row.f, row.ndf, row.ddf, row.p) == pytest.approx(
        (theirs.f, theirs.ndf, theirs.ddf, theirs.p)
    )
    assert (row.n_baseline, row.n_endline, row.n_schools) == (
        (wave == 0).sum(),
        (wave == 1).sum(),
        8,
    )
    assert row.end_share == pytest.approx(max((y == 1).mean(), (y == 5).mean()))
    assert row.end_share > 0.4
    ranks = rank_survey(y, wave, design)
    assert (row.rank_difference, row.rank_se, row.rank_df, row.rank_p) == pytest.approx(
        (ranks.estimate, ranks.se, ranks.df, ranks.p)
    )


@given(st.integers(0, 2**32 - 1))
@FEW
def test_exchanged_waves_turn_only_the_sign(seed):
    before, after = piled(seed, TEN, top=0.5), piled(seed + 1, TEN, top=0.7)
    one, other = outcome(before, after), outcome(after, before)
    assert (one.f, one.p, one.rank_p) == pytest.approx((other.f, other.p, other.rank_p))
    assert one.end_share == other.end_share
    assert one.rank_difference == pytest.approx(-other.rank_difference)


def test_files_add_up_and_a_merged_school_is_one_line():
    before, after = crowd(1, TEN), crowd(2, TEN, shift=0.4)
    whole = outcome(before, after)
    sets = [answers("W0", before[:30]), answers("W0", before[30:]), answers("W1", after)]
    (parts,) = calculate(project(*sets, measures=[ITEM])).distributions
    assert parts.p == pytest.approx(whole.p)
    renamed = [{**p, "school": "IS-99" if p["school"] == "IS-03" else p["school"]} for p in after]
    schools = register([*TEN, "IS-99"], continues={"IS-99": "IS-03"})
    assert outcome(before, renamed, schools=schools).p == pytest.approx(whole.p)


def test_ranks_only_where_answers_pile_up_at_an_end():
    spread = outcome(crowd(1, TEN), crowd(2, TEN))
    assert spread.end_share < 0.4
    assert spread.rank_p is spread.rank_difference is None
    assert spread.p is not None


def test_dont_know_is_a_pattern_but_has_no_rank():
    """Code 9 is an answer of the table; the ranks and the end of the scale leave it out."""
    spec = replace(ITEM, unscored_codes=frozenset({9}))
    before, after = piled(1, TEN, top=0.5), piled(2, TEN, top=0.5)
    shy = [{**p, "q": 9 if i % 3 == 0 else p["q"]} for i, p in enumerate(after)]
    row = outcome(before, shy, spec=spec)
    assert row.p < 0.001
    y, wave, school = in_both(before, shy)
    scored = y != 9
    ranks = rank_survey(y[scored], wave[scored], make_design(scored.sum(), psu=school[scored]))
    assert row.rank_p == pytest.approx(ranks.p)
    assert row.end_share == pytest.approx((y[scored] == 5).mean())
    assert end_share(spec, {9: 4}) is None
    assert end_share(replace(spec, scale=None), {5: 4}) is None


def test_no_ranks_where_only_dont_know_is_in_both_waves():
    spec = replace(ITEM, unscored_codes=frozenset({9}))
    before = [{"school": s, "q": q} for s in TEN for q in [9, 9, 5 if s < "IS-05" else 9]]
    after = [{"school": s, "q": q} for s in TEN for q in [9, 5 if s > "IS-05" else 9]]
    row = outcome(before, after, spec=spec)
    assert row.n_schools == 10
    assert row.end_share == 1
    assert row.rank_p is row.rank_difference is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"selection": Selection.SELF_SELECTED}, Reason.SELF_SELECTED),
        ({"spec": replace(ITEM, respondent=Respondent.DIRECTOR)}, Reason.CENSUS),
        ({"spec": replace(ITEM, common_items=())}, Reason.NOT_COMPARABLE),
        ({"after": crowd(2, codes_of(10, "X"))}, Reason.NOT_IN_BOTH_WAVES),
        ({"after": crowd(2, TEN[:5])}, Reason.TOO_FEW_CLUSTERS),
        ({"before": [{"school": s, "q": 3} for s in TEN] * 4,
          "after": [{"school": s, "q": 3} for s in TEN] * 4}, Reason.ONE_CATEGORY),
        ({"before": [{"school": s, "q": None} for s in TEN],
          "after": [{"school": s, "q": None} for s in TEN]}, Reason.NO_DATA),
    ],
)  # fmt: skip
def test_refusals(changes, reason):
    waves = {"before": crowd(1, TEN), "after": crowd(2, TEN), **changes}
    row = outcome(waves.pop("before"), waves.pop("after"), **waves)
    assert row.reason is reason
    assert row.p is row.f is row.rank_p is row.has_changed is None


def test_self_selected_in_one_wave_is_self_selected():
    sets = [answers("W0", crowd(1, TEN), selection=Selection.SELF_SELECTED)]
    sets.append(answers("W1", crowd(2, TEN)))
    (row,) = calculate(project(*sets, measures=[ITEM])).distributions
    assert row.reason is Reason.SELF_SELECTED


def test_every_later_wave_stands_against_the_first():
    sets = [
        answers(wave, crowd(seed, TEN), asked=["q"]) for seed, wave in enumerate(("W0", "WM", "W1"))
    ]
    waves = (project().waves[0], MIDLINE, project().waves[1])
    rows = calculate(project(*sets, measures=[ITEM], waves=waves)).distributions
    assert [(row.wave_from, row.wave_to) for row in rows] == [("W0", "WM"), ("W0", "W1")]
    only_later = calculate(project(*sets[1:], measures=[ITEM], waves=waves))
    assert only_later.distributions == []


def test_items_of_one_questionnaire_are_judged_together():
    p = [0.001, 0.03, 0.04, None, 0.02]
    rows = [DistributionRow(str(i), "W0", "W1", p=value) for i, value in enumerate(p)]
    rows.append(DistributionRow("0", "W0", "WM", p=0.04))
    instruments = {str(i): "student" for i in range(4)} | {"4": "teacher"}
    judged = judge_distributions(rows, instruments, 0.05)
    expected = benjamini_hochberg(np.array([0.001, 0.03, 0.04]))
    assert [row.p_adjusted for row in judged[:3]] == pytest.approx(list(expected))
    assert [row.has_changed for row in judged] == [True, True, True, None, True, True]
    assert judged[4].p_adjusted == 0.02
    assert judged[5].p_adjusted == 0.04
    strict = judge_distributions(rows, instruments, 0.035)
    assert [row.has_changed for row in strict[:3]] == [True, False, False]


# --- a sample of schools: weights and strata ------------------------------------------


def drawn(
    seed: int, schools: list[str], top: float, *, files: int = 1
) -> tuple[list[Person], list[AnswerSet]]:
    """A wave of a sample with weights, in one file or several."""
    people = piled(seed, schools, top=top)
    rng = np.random.default_rng(seed)
    people = [{**p, "w": float(rng.uniform(0.5, 3))} for p in people]
    parts = [people[i::files] for i in range(files)]
    sets = [
        replace(
            answers(f"W{seed - 1}", part, selection=Selection.SAMPLE, asked=["q"]),
            weight=np.array([p["w"] for p in part]),
        )
        for part in parts
    ]
    return people, sets


def run_sample(*sets: AnswerSet) -> DistributionRow:
    codes = sorted({code for one in sets for code in one.school_codes})
    schools = {
        code: replace(spec, stratum="AB"[int(code[-1]) % 2])
        for code, spec in register(codes).items()
    }
    strata = {name: StratumSpec(name) for name in "AB"}
    inputs = project(*sets, measures=[ITEM], schools=schools, strata=strata)
    (row,) = calculate(inputs).distributions
    return row


@pytest.mark.parametrize("is_drawn_anew", [False, True])
@pytest.mark.parametrize("files", [1, 2])
def test_a_sample_counts_weights_and_strata(is_drawn_anew, files):
    others = codes_of(12, "X") if is_drawn_anew else TEN[2:]
    before, first = drawn(1, TEN, 0.5, files=files)
    after, second = drawn(2, others, 0.6, files=files)
    row = run_sample(*first, *second)
    people = [(p, wave) for wave, one in enumerate((before, after)) for p in one]
    y, w = np.array([p["q"] for p, _ in people]), np.array([p["w"] for p, _ in people])
    wave = np.array([wave for _, wave in people])
    school = np.array([p["school"] for p, _ in people])
    strata = np.array(
        [f"{wave if is_drawn_anew else ''}{'AB'[int(p['school'][-1]) % 2]}" for p, wave in people]
    )
    design = make_design(len(y), psu=school, strata=strata)
    units = np.stack([(y[:, None] == np.arange(1, 6)) & (wave[:, None] == k) for k in (0, 1)], 2)
    theirs = rao_scott(units, design, weight=units * w[:, None, None]).rao_scott
    assert (row.f, row.ndf, row.ddf, row.p) == pytest.approx(
        (theirs.f, theirs.ndf, theirs.ddf, theirs.p)
    )
    assert row.n_schools == len(set(school))
    assert row.end_share == pytest.approx(w[y == 5].sum() / w.sum())
    ranks = rank_counts(units, design, weight=units * w[:, None, None])
    assert (row.rank_difference, row.rank_p) == pytest.approx((ranks.estimate, ranks.p))


def test_weights_of_one_are_none():
    _, first = drawn(1, TEN, 0.5)
    _, second = drawn(2, TEN, 0.6)
    ones = [replace(one, weight=np.ones(len(one.school_index))) for one in (*first, *second)]
    none = [replace(one, weight=None) for one in (*first, *second)]
    mixed = [ones[0], none[1]]
    assert run_sample(*ones).p == pytest.approx(run_sample(*none).p)
    assert run_sample(*mixed).p == pytest.approx(run_sample(*none).p)


def test_weights_count_where_all_schools_take_part():
    """No strata, the lines of both waves; a wave without weights counts everybody once."""
    _, first = drawn(1, TEN, 0.5)
    _, second = drawn(2, TEN[:8], 0.6)
    sets = [replace(one, selection=Selection.CENSUS) for one in (*first, *second)]
    weighted = calculate(project(*sets, measures=[ITEM])).distributions[0]
    plain = [replace(one, weight=None) for one in sets]
    unweighted = calculate(project(*plain, measures=[ITEM])).distributions[0]
    assert weighted.n_schools == unweighted.n_schools == 8
    assert weighted.p != pytest.approx(unweighted.p)
    assert weighted.rank_p != pytest.approx(unweighted.rank_p)


# --- which test decides the word (method section 5.6) ---------------------------------


def change_of(results: Results) -> ChangeRow:
    return next(row for row in results.changes if row.scope is Scope.PROJECT)


def test_with_answers_piled_up_the_rank_test_decides():
    results = run(piled(1, TEN, top=0.45), piled(2, TEN, top=0.62))
    row, (test,) = change_of(results), results.distributions
    assert row.p_rank == row.p_adjusted == test.rank_p
    assert row.p_rank != row.p
    assert row.verdict is Verdict.INCREASED
    assert Flag.RANKS_DECIDE in row.flags
    others = [one for one in results.changes if one.scope is Scope.SCHOOL]
    assert others
    assert all(one.p_rank is None for one in others)


def test_elsewhere_the_mean_decides():
    row = change_of(run(crowd(1, TEN), crowd(2, TEN, shift=0.5)))
    assert row.p_rank is None
    assert row.p_adjusted == row.p
    assert Flag.RANKS_DECIDE not in row.flags


def test_outside_the_register_nothing_is_decided():
    row = change_of(run(piled(1, TEN, top=0.45), piled(2, TEN, top=0.62), questionnaires={}))
    assert (row.p_rank, row.reason) == (None, Reason.EXPLORATORY)


def test_a_change_without_a_test_gets_none():
    """All schools move alike, so CR2 refuses; the ranks do not speak for it."""

    def alike(top):
        return [{"school": s, "q": q} for s in TEN for q in [5] * top + [1] * (20 - top)]

    row = change_of(run(alike(10), alike(14)))
    assert row.reason is Reason.ZERO_VARIANCE
    assert row.p_rank is None


@pytest.mark.parametrize(
    ("difference", "ranks", "verdict", "word"),
    [
        (0.2, 0.03, Verdict.INCREASED, Verdict.INCREASED),
        (0.2, -0.03, Verdict.INCREASED, Verdict.NO_CLEAR_CHANGE),
        (-0.2, 0.03, Verdict.DECREASED_SMALL, Verdict.NO_CLEAR_CHANGE),
        (0.0, 0.03, Verdict.DECREASED, Verdict.NO_CLEAR_CHANGE),
        (0.2, -0.03, Verdict.NO_MEANINGFUL_CHANGE, Verdict.NO_MEANINGFUL_CHANGE),
        (0.2, None, Verdict.INCREASED, Verdict.INCREASED),
    ],
)
def test_ranks_and_mean_must_point_one_way(difference, ranks, verdict, word):
    row = ChangeRow(
        "m",
        "W0",
        "W1",
        Scope.PROJECT,
        verdict,
        difference=difference,
        rank_difference=ranks,
        second_look=SecondLook.CONFIRMED,
    )
    judged = in_one_direction(row)
    assert judged.verdict is word
    assert (judged.second_look is SecondLook.NOT_NEEDED) is (word is not verdict)
