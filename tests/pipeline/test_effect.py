"""The effect of another definition: the calculation itself, on less."""

import json
from dataclasses import replace

import numpy as np
import pytest

from indicators.pipeline.calculate import calculate
from indicators.pipeline.effect import (
    Side,
    Stand,
    count_measure,
    is_same,
    judged_together,
    only,
)
from indicators.pipeline.effect_content import as_content, from_content
from indicators.pipeline.inputs import CalculationInputs, FactSpec, TargetSpec
from indicators.vocabulary import MeasureKind, Scope, TargetType, Verdict
from tests.pipeline.builders import answers, codes_of, crowd, index, measure, project, sex_gap

SCHOOLS = codes_of(8)
ITEMS = ("a", "b", "c")
BEFORE = crowd(1, SCHOOLS, items=ITEMS)
AFTER = crowd(2, SCHOOLS, items=ITEMS, shift=0.5)
INDEX = index(ITEMS, code="index:x", keeps_schools=True)
MEAN = measure(code="item:a", items=("a",))
SHARE = measure(
    MeasureKind.SHARE, code="share:a:4,5", items=("a",), codes=frozenset({4, 5}), keeps_schools=True
)
TEACHER = measure(code="item:t", instrument="teacher", items=("t",))
GAP = sex_gap(MEAN, code="gap:a:sex")


def target(key: int, spec_code: str, kind: TargetType, low: float, school: str = "") -> TargetSpec:
    return TargetSpec(key, spec_code, "W1", kind, low, None, school)


TARGETS = (
    target(1, "index:x", TargetType.AT_LEAST, 3.0),
    target(2, "index:x", TargetType.CHANGE, 0.1),
    target(3, "index:x", TargetType.AT_LEAST, 3.2, SCHOOLS[0]),
    target(4, "share:a:4,5", TargetType.AT_LEAST, 0.4),
    target(5, "share:a:4,5", TargetType.AT_LEAST, 0.4, SCHOOLS[1]),
    target(6, "gap:a:sex", TargetType.AT_LEAST, 0.0),
)


def inputs(**changes: object) -> CalculationInputs:
    sets = (
        answers("W0", BEFORE),
        answers("W1", AFTER),
        answers("W0", crowd(3, SCHOOLS, items=("t",)), instrument="teacher"),
    )
    given = project(
        *sets,
        measures=(INDEX, MEAN, SHARE, TEACHER),
        gaps=(GAP,),
        targets=TARGETS,
        facts=(FactSpec("manual:M01", MeasureKind.MANUAL, "", indicator="M01"),),
    )
    return replace(given, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", ["index:x", "share:a:4,5", "item:a", "item:t", "gap:a:sex"])
def test_it_says_what_the_whole_calculation_says(code: str) -> None:
    """Identity: levels and every target's row are equal to the last digit."""
    whole, side = calculate(inputs()), count_measure(inputs(), code)
    rows = [row for row in whole.estimates if row.measure == code and row.scope is Scope.PROJECT]
    assert rows
    assert len(side.levels) == len(rows)
    for row in rows:
        level = side.levels[row.wave]
        assert (level.n, level.value, level.sd) == (row.n, row.value, row.sd)
    mine = {one.key for one in TARGETS if one.measure == code}
    assert set(side.assessments) == mine
    assert all(
        side.assessments[row.target] == Stand(row.status, row.value)
        for row in whole.assessments
        if row.target in mine
    )


def naive_alpha(people: list[dict[str, int | None]], items: tuple[str, ...]) -> float:
    """k/(k-1) (1 - sum of variances / variance of the sum), on sheets complete in all items."""
    rows = [one for one in people if all(one[item] is not None for item in ITEMS)]
    table = np.array([[one[item] for item in items] for one in rows], dtype=float)
    k = len(items)
    parts = sum(float(np.var(table[:, i], ddof=1)) for i in range(k))
    return k / (k - 1) * (1 - parts / float(np.var(table.sum(axis=1), ddof=1)))


def test_alpha_without_each_item_against_a_loop() -> None:
    side = count_measure(inputs(), "index:x")
    for wave, people in (("W0", BEFORE), ("W1", AFTER)):
        found = side.indices[wave]
        assert found.coefficient == pytest.approx(naive_alpha(people, ITEMS))
        for item in ITEMS:
            rest = tuple(one for one in ITEMS if one != item)
            assert found.without[item] == pytest.approx(naive_alpha(people, rest))


def test_sheets_lost_by_the_least_share_against_a_loop() -> None:
    strict = replace(INDEX, min_share=1.0)
    side = count_measure(inputs(measures=(strict,), gaps=(), targets=()), "index:x")
    given = [sum(one[item] is not None for item in ITEMS) for one in BEFORE]
    assert side.indices["W0"].n_too_few == sum(0 < n < 3 for n in given)
    assert side.levels["W0"].n == sum(n == 3 for n in given)


def test_two_items_have_no_alpha_without_one() -> None:
    pair = index(("a", "b"), code="index:x")
    side = count_measure(inputs(measures=(pair,), gaps=(), targets=()), "index:x")
    assert side.indices["W0"].without == {"a": None, "b": None}


def test_too_few_sheets_have_no_coefficient_and_say_why() -> None:
    few = project(answers("W0", BEFORE[:5]), measures=(INDEX,))
    found = count_measure(few, "index:x").indices["W0"]
    assert found.reason is not None
    assert set(found.without.values()) == {None}


def test_an_unknown_measure_and_one_nobody_answered_give_an_empty_side() -> None:
    assert count_measure(inputs(), "index:unknown") == Side()
    silent = index(("z",), code="index:z")
    assert count_measure(inputs(measures=(silent,), gaps=()), "index:z").indices == {}
    assert Side().status(1) is None


def test_only_what_is_needed_is_read() -> None:
    part = only(inputs(), {"gap:a:sex"})
    assert [spec.code for spec in part.measures] == ["item:a"]
    assert part.measures[0].groups == MEAN.groups
    assert (part.questions, only(inputs(), {"index:x"}).measures[0].groups) == ((), ())
    assert {one.instrument for one in part.answers} == {"student"}
    assert [one.key for one in part.targets] == [6]
    assert part.facts == ()
    assert [one.code for one in only(inputs(), {"manual:M01"}).facts] == ["manual:M01"]


def test_the_status_of_a_target() -> None:
    side = count_measure(inputs(), "index:x")
    assert side.status(1) == calculate(inputs()).assessments[0].status


def test_words_are_those_of_the_whole_calculation() -> None:
    """Judged among all others: the same word, and no other measure's word moves."""
    whole = calculate(inputs())
    rows = [row for row in whole.changes if row.scope is Scope.PROJECT]
    assert {row.measure for row in rows} >= {"index:x", "item:a", "share:a:4,5", "gap:a:sex"}
    for row in rows:
        side = count_measure(inputs(), row.measure, rows)
        change = side.changes[row.wave_to]
        assert (change.difference, change.ci_low, change.ci_high, change.verdict) == (
            row.difference,
            row.ci_low,
            row.ci_high,
            row.verdict,
        )
        assert side.words == ()


def test_a_word_of_another_measure_moves_with_the_family() -> None:
    """Benjamini-Hochberg: a p of 0.04 beside one of 0.03 counts, beside one of 0.9 it does not."""
    whole = calculate(inputs())
    mine, other = (
        next(row for row in whole.changes if row.measure == code and row.scope is Scope.PROJECT)
        for code in ("index:x", "item:a")
    )
    given = inputs(questionnaires=dict.fromkeys((mine.measure, other.measure), "student"))
    clear = replace(other, p=0.04, p_rank=None, p_sign_flip=0.01, verdict=Verdict.INCREASED)
    clear = replace(clear, difference=1.0, ci90_low=0.5, ci90_high=1.5)
    blunt = replace(mine, p=0.9, verdict=Verdict.NO_CLEAR_CHANGE)
    _mine, words = judged_together([blunt], [clear], given)
    assert [(one.measure, one.before, one.after) for one in words] == [
        ("item:a", Verdict.INCREASED, Verdict.NO_CLEAR_CHANGE)
    ]
    assert judged_together([replace(mine, p=0.03)], [clear], given)[1] == ()


def test_without_the_others_no_word_is_given() -> None:
    tested = [row for row in calculate(inputs()).changes if row.measure == "index:x" and row.p]
    assert tested
    assert count_measure(inputs(), "index:x").changes["W1"].verdict is None


@pytest.mark.parametrize("code", ["index:x", "share:a:4,5", "gap:a:sex", "item:t"])
def test_it_is_the_same_after_being_stored(code: str) -> None:
    rows = [row for row in calculate(inputs()).changes if row.scope is Scope.PROJECT]
    side = count_measure(inputs(), code, rows)
    assert from_content(json.loads(json.dumps(as_content(side)))) == side


def test_definitions_that_count_the_same_are_told_from_others() -> None:
    part = only(inputs(), {"index:x"})
    assert is_same(part, only(inputs(), {"index:x"}))
    stricter = replace(INDEX, min_share=1.0)
    assert not is_same(part, only(inputs(measures=(stricter, MEAN, SHARE, TEACHER)), {"index:x"}))
    assert not is_same(part, only(inputs(headline=frozenset({"index:x"})), {"index:x"}))
    assert not is_same(part, only(inputs(targets=TARGETS[:1]), {"index:x"}))
