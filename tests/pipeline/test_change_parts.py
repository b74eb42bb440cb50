"""What a change is made of: decomposition, effect size, spread, flags."""

import numpy as np
import pytest

from indicators.pipeline.calculate import calculate
from indicators.pipeline.change import project_change
from indicators.pipeline.change_parts import with_parts
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import ChangeRow
from indicators.pipeline.pair import Pair
from indicators.pipeline.shapes import GroupSpec, MeasureSpec
from indicators.pipeline.totals import Cells
from indicators.vocabulary import Flag, MeasureKind, Respondent, Selection
from tests.pipeline.builders import Person, answers, codes_of, measure, project

SPEC = MeasureSpec(
    code="index:x",
    kind=MeasureKind.INDEX_MEAN,
    instrument="student",
    respondent=Respondent.STUDENT,
    items=("a",),
    common_items=("a",),
    scale=(1.0, 5.0),
)


def pair_of(n1: list[int], mean1: list[float], n2: list[int], mean2: list[float]) -> Pair:
    names = tuple(f"S{i:02}" for i in range(len(n1)))

    def cells(n: list[int], mean: list[float]) -> Cells:
        size, middle = np.array(n, dtype=float), np.array(mean)
        return Cells(size, size * middle, size * (middle**2 + 0.8))

    return Pair("W0", "W1", names, names, names, cells(n1, mean1), cells(n2, mean2))


def changed(pair: Pair, spec: MeasureSpec = SPEC, counts: dict[int, int] | None = None):
    row = project_change(spec, pair, Selection.CENSUS, Rules())
    return with_parts(row, spec, pair, counts)


def test_inside_and_mix_add_up_to_the_difference() -> None:
    rng = np.random.default_rng(7)
    n1, n2 = rng.integers(8, 60, 12).tolist(), rng.integers(8, 60, 12).tolist()
    mean1 = rng.uniform(2, 4, 12)
    mean2 = mean1 + rng.normal(0.2, 0.2, 12)
    row = changed(pair_of(n1, mean1.tolist(), n2, mean2.tolist()))
    assert row.within_difference + row.mix_difference == pytest.approx(row.difference)
    share = (np.array(n1) / sum(n1) + np.array(n2) / sum(n2)) / 2
    assert row.within_difference == pytest.approx(float(share @ (mean2 - mean1)))
    assert row.within_low < row.within_difference < row.within_high


def test_a_change_of_mix_alone_is_flagged() -> None:
    """No school moves; in the second wave the high schools answer more."""
    means = [2.0] * 4 + [4.0] * 4
    row = changed(pair_of([40] * 8, means, [20] * 4 + [60] * 4, means))
    assert row.difference == pytest.approx(0.5)
    assert row.within_difference == pytest.approx(0.0)
    assert row.flags == (Flag.MIX_OF_SCHOOLS,)


def test_effect_size_is_the_change_in_standard_deviations() -> None:
    pair = pair_of([30] * 8, [3.0] * 8, [30] * 8, [3.3 + 0.01 * i for i in range(8)])
    row = changed(pair)
    sd = np.sqrt(0.8)
    assert row.effect_size == pytest.approx(row.difference / sd, rel=0.02)
    assert row.effect_low < row.effect_size < row.effect_high
    assert row.spread_i2 == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(("baseline", "flags"), [(4.4, (Flag.LITTLE_ROOM,)), (4.3, ())])
def test_little_room_within_15_percent_of_the_end(baseline: float, flags: tuple[Flag, ...]) -> None:
    pair = pair_of([30] * 8, [baseline] * 8, [30] * 8, [baseline + 0.01 * i for i in range(8)])
    assert changed(pair).flags == flags


@pytest.mark.parametrize(("top", "flags"), [(40, (Flag.LITTLE_ROOM,)), (39, ())])
def test_an_item_with_many_answers_at_the_top(top: int, flags: tuple[Flag, ...]) -> None:
    """40 of 100 scored answers; "don't know" (9) is no answer."""
    spec = MeasureSpec(
        code="item:a",
        kind=MeasureKind.ITEM_MEAN,
        instrument="student",
        respondent=Respondent.STUDENT,
        items=("a",),
        common_items=("a",),
        scale=(1.0, 5.0),
        unscored_codes=frozenset({9}),
    )
    pair = pair_of([30] * 8, [3.0] * 8, [30] * 8, [3.0 + 0.01 * i for i in range(8)])
    counts = {5: top, 3: 100 - top, 9: 300}
    assert changed(pair, spec, counts).flags == flags


@pytest.mark.parametrize("kind", [MeasureKind.SHARE, MeasureKind.NPS])
def test_only_means_on_a_scale_have_room(kind: MeasureKind) -> None:
    """A share of 0.9 or a recommend score is not on the scale of its answers."""
    share = MeasureSpec(
        code="share:a",
        kind=kind,
        instrument="student",
        respondent=Respondent.STUDENT,
        items=("a",),
        common_items=("a",),
        scale=(0.0, 1.0),
    )
    pair = pair_of([30] * 8, [0.9] * 8, [30] * 8, [0.9 + 0.01 * i for i in range(8)])
    assert changed(pair, share).flags == ()


def test_a_refused_change_has_no_parts() -> None:
    pair = pair_of([30] * 4, [3.0] * 4, [30] * 4, [3.2] * 4)
    row = changed(pair)
    assert (row.se, row.within_difference, row.effect_size, row.flags) == (None, None, None, ())


GRADE = GroupSpec("grade", "grade", {1: "9", 2: "10"})


def students(seed: int, share_of_tenth: float) -> list[Person]:
    """Ten schools of thirty; the tenth grade answers one point higher."""
    rng = np.random.default_rng(seed)
    people: list[Person] = []
    for code in codes_of(10):
        for _ in range(30):
            tenth = rng.random() < share_of_tenth
            q = int(np.clip(round(rng.normal(3 + tenth, 0.8)), 1, 5))
            people.append({"school": code, "q": q, "grade": 2 if tenth else 1})
    return people


def moved(share_after: float) -> ChangeRow:
    spec = measure(mix=(GRADE,), keeps_schools=False)
    sets = [answers("W0", students(1, 0.4)), answers("W1", students(1, share_after))]
    return calculate(project(*sets, measures=[spec])).changes[0]


def test_another_mix_of_grades_is_shown_beside_the_change() -> None:
    """The grades answer as before: with the first wave's mix nothing is left of the rise."""
    row = moved(0.9)
    assert Flag.MIX_OF_PEOPLE in row.flags
    assert row.difference > 0.3
    assert abs(row.same_mix_difference) < 0.2


def test_a_mix_that_stayed_is_not_spoken_of() -> None:
    row = moved(0.4)
    assert (Flag.MIX_OF_PEOPLE in row.flags, row.same_mix_difference) == (False, None)
