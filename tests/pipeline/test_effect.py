"""The effect of another definition: the calculation itself, on less."""

from dataclasses import replace

import numpy as np
import pytest

from indicators.pipeline.calculate import calculate
from indicators.pipeline.effect import Side, count_measure, only
from indicators.pipeline.inputs import CalculationInputs, FactSpec, TargetSpec
from indicators.vocabulary import MeasureKind, Scope, TargetType
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
        side.assessments[row.target] == row for row in whole.assessments if row.target in mine
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
        assert found.row.alpha == pytest.approx(naive_alpha(people, ITEMS))
        for item in ITEMS:
            rest = tuple(one for one in ITEMS if one != item)
            assert found.without[item] == pytest.approx(naive_alpha(people, rest))


def test_sheets_lost_by_the_least_share_against_a_loop() -> None:
    strict = replace(INDEX, min_share=1.0)
    side = count_measure(inputs(measures=(strict,), gaps=(), targets=()), "index:x")
    given = [sum(one[item] is not None for item in ITEMS) for one in BEFORE]
    assert side.indices["W0"].row.n_too_few == sum(0 < n < 3 for n in given)
    assert side.levels["W0"].n == sum(n == 3 for n in given)


def test_two_items_have_no_alpha_without_one() -> None:
    pair = index(("a", "b"), code="index:x")
    side = count_measure(inputs(measures=(pair,), gaps=(), targets=()), "index:x")
    assert side.indices["W0"].without == {"a": None, "b": None}


def test_too_few_sheets_have_no_coefficient_and_say_why() -> None:
    few = project(answers("W0", BEFORE[:5]), measures=(INDEX,))
    found = count_measure(few, "index:x").indices["W0"]
    assert found.row.reason is not None
    assert set(found.without.values()) == {None}


def test_an_unknown_measure_and_one_nobody_answered_give_an_empty_side() -> None:
    assert count_measure(inputs(), "index:unknown") == Side()
    silent = index(("z",), code="index:z")
    assert count_measure(inputs(measures=(silent,), gaps=()), "index:z").indices == {}
    assert Side().status(1) is None


def test_only_what_is_needed_is_read() -> None:
    part = only(inputs(), {"gap:a:sex"})
    assert [spec.code for spec in part.measures] == ["item:a"]
    assert {one.instrument for one in part.answers} == {"student"}
    assert [one.key for one in part.targets] == [6]
    assert part.facts == ()
    assert [one.code for one in only(inputs(), {"manual:M01"}).facts] == ["manual:M01"]


def test_the_status_of_a_target() -> None:
    side = count_measure(inputs(), "index:x")
    assert side.status(1) == calculate(inputs()).assessments[0].status
