"""Likeness of answers inside schools and classes, and what it does to ranges."""

from dataclasses import replace

import numpy as np
import pytest

from indicators.pipeline.calculate import calculate
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import ChangeRow, Results
from indicators.stats.icc import icc_anova, icc_nested
from indicators.vocabulary import Scope, Selection
from tests.pipeline.builders import (
    ENDLINE,
    SEX,
    Person,
    answers,
    codes_of,
    crowd,
    measure,
    project,
    register,
)

TEN, TWELVE = codes_of(10), codes_of(12)
MEAN = measure(groups=(SEX,))


def levels(results: Results) -> list:
    return [row for row in results.estimates if row.scope is Scope.PROJECT]


def test_level_of_the_project_has_its_correlation_and_design_effect():
    people = crowd(1, TEN)
    results = calculate(project(answers("W0", people), measures=[MEAN]))
    (row,) = levels(results)
    y = [[p["q"] for p in people if p["school"] == s and p["q"] is not None] for s in TEN]
    sums = [[f(one) for one in y] for f in (len, sum, lambda v: sum(a * a for a in v))]
    assert row.icc == pytest.approx(icc_anova(*sums).icc)
    everyone = np.concatenate(y)
    alone = everyone.var(ddof=1) / len(everyone)
    assert row.deff == pytest.approx(row.se**2 / alone)
    others = [one for one in results.estimates if one.scope is not Scope.PROJECT]
    assert all(one.icc is one.deff is None for one in others)


def test_without_an_error_there_is_no_design_effect():
    one = answers("W0", crowd(1, TEN), selection=Selection.SELF_SELECTED)
    (row,) = levels(calculate(project(one, measures=[MEAN])))
    assert row.value is not None
    assert row.icc is row.deff is None


def test_weighted_levels_have_a_design_effect_and_no_correlation():
    """Sums with weights no longer tell how alike the people asked are."""
    people = crowd(1, TEN)
    weight = np.random.default_rng(1).uniform(0.5, 3, len(people))
    one = replace(answers("W0", people), weight=weight)
    (row,) = levels(calculate(project(one, measures=[MEAN])))
    assert row.icc is None
    assert row.deff == pytest.approx(row.se**2 * row.n / row.sd**2)


def classes(seed: int, schools: list[str], likeness: float = 1.0) -> list[Person]:
    """Three classes of six in every school, each with a level of its own."""
    rng = np.random.default_rng(seed)
    return [
        {"school": school, "s_class": c, "q": int(np.clip(round(level + rng.normal()), 1, 5))}
        for school in schools
        for c in (1, 2, 3)
        for level in [3 + rng.normal(0, likeness)]
        for _ in range(6)
    ]


def run(before: list[Person], after: list[Person], *, is_class: bool = True, **others) -> Results:
    return calculate(
        project(
            answers("W0", before),
            answers("W1", after),
            measures=[measure()],
            class_items={"student": "s_class"},
            with_classes=frozenset({"student"} if is_class else ()),
            **others,
        )
    )


def changes(results: Results, scope: Scope) -> list[ChangeRow]:
    return [row for row in results.changes if row.scope is scope]


def blocks(*waves: list[Person]) -> np.ndarray:
    """(3, school x wave, class): n, total, squares."""
    out = np.zeros((3, len(waves) * len(TWELVE), 4))
    for wave, people in enumerate(waves):
        for p in people:
            cell = out[:, wave * len(TWELVE) + TWELVE.index(p["school"]), p["s_class"]]
            cell += (1, p["q"], p["q"] ** 2)
    return out


def test_named_classes_give_the_correlation_that_widens_ranges():
    before, after = classes(1, TWELVE), classes(2, TWELVE)
    estimated, set_by_rule = run(before, after), run(before, after, is_class=False)
    icc = icc_nested(*blocks(before, after)).icc
    (row,) = changes(estimated, Scope.PROJECT)
    assert row.class_correlation == pytest.approx(icc)
    assert icc > 0.2
    assert row.n_class_schools == 12
    (plain,) = changes(set_by_rule, Scope.PROJECT)
    assert (plain.class_correlation, plain.n_class_schools) == (0.05, None)
    assert plain.p == row.p
    pairs = zip(changes(estimated, Scope.SCHOOL), changes(set_by_rule, Scope.SCHOOL), strict=True)
    for one, other in pairs:
        assert (one.se / other.se) ** 2 == pytest.approx((1 + 5 * icc) / (1 + 5 * 0.05))


def test_a_change_from_wave_to_wave_is_no_likeness_of_a_class():
    before = classes(1, TWELVE, likeness=0)
    after = [{**p, "q": min(p["q"] + 2, 5)} for p in classes(2, TWELVE, likeness=0)]
    (row,) = changes(run(before, after), Scope.PROJECT)
    assert row.difference > 1
    assert row.class_correlation < 0.1


def test_a_negative_estimate_is_none_at_all():
    """Classes of one school all alike in their mean: no likeness, so no widening."""
    same = [{"school": s, "s_class": c, "q": q} for s in TWELVE for c in (1, 2) for q in (2, 3, 4)]
    (row,) = changes(run(same, same), Scope.PROJECT)
    assert row.class_correlation == 0
    assert row.n_class_schools == 12


def test_too_few_schools_with_classes_leave_the_setting():
    rules = Rules(class_correlation=0.08, reference_date=ENDLINE.field_end)
    before, after = classes(1, TWELVE[:9]), classes(2, TWELVE[:9])
    (row,) = changes(run(before, after, rules=rules), Scope.PROJECT)
    assert (row.class_correlation, row.n_class_schools) == (0.08, None)
    nobody = [{**p, "s_class": None} for p in classes(1, TWELVE)]
    (row,) = changes(run(nobody, nobody), Scope.PROJECT)
    assert row.n_class_schools is None


def test_a_merged_school_counts_once():
    """Nine lines in two waves, ten codes."""
    before = classes(1, TWELVE[:9])
    after = [
        {**p, "school": "IS-77" if p["school"] == "IS-01" else p["school"]}
        for p in classes(2, TWELVE[:9])
    ]
    schools = register([*TWELVE[:9], "IS-77"], continues={"IS-77": "IS-01"})
    (row,) = changes(run(before, after, schools=schools), Scope.PROJECT)
    assert row.n_class_schools is None


def test_who_sits_in_no_class_has_no_correlation_of_one():
    sets = [answers("W0", crowd(1, TEN)), answers("W1", crowd(2, TEN))]
    (row,) = changes(calculate(project(*sets, measures=[measure()])), Scope.PROJECT)
    assert row.class_correlation is row.n_class_schools is None
