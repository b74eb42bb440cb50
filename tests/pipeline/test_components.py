"""The parts of an index: identities, a loop over people, and cases done by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.calculate import calculate
from indicators.pipeline.components import component_cells, contributions
from indicators.vocabulary import Scope
from tests.pipeline import naive
from tests.pipeline.builders import PATIENT, answers, columns, crowd, index, project, register

ITEMS = ("a", "b", "c")
SPEC = index(ITEMS, code="i")

person = st.fixed_dictionaries(
    {
        "school": st.sampled_from(["A", "B", "C"]),
        **{item: st.sampled_from([None, 1, 2, 3, 4, 5]) for item in ITEMS},
    }
)
people = st.lists(person, min_size=1, max_size=25)


def rows_of(before, after, spec=SPEC, **others):
    results = calculate(
        project(
            answers("W0", before, asked=spec.items),
            answers("W1", after, asked=spec.items),
            measures=[spec],
            schools=register(["A", "B", "C", "D", "S1", "S2", "S3"]),
            **others,
        )
    )
    change = next(
        (row for row in results.changes if row.scope is Scope.PROJECT and row.measure == spec.code),
        None,
    )
    return (
        [row for row in results.components if not row.wave_from],
        [row for row in results.components if row.wave_from],
        change,
    )


@PATIENT
@given(people, people)
def test_contributions_add_up_to_the_change_of_the_index(before, after):
    _level, rows, change = rows_of(before, after)
    if change is None or change.difference is None:
        assert not rows
        return
    assert sum(row.contribution for row in rows) == pytest.approx(change.difference, abs=1e-12)
    for share in ("share_baseline", "share_endline"):
        assert sum(getattr(row, share) for row in rows if getattr(row, share) is not None) == (
            pytest.approx(1)
        )
    assert sum(row.from_answered for row in rows) == pytest.approx(
        sum(row.contribution for row in rows)
        - sum(row.contribution - row.from_answered for row in rows),
        abs=1e-12,
    )


@PATIENT
@given(people, people)
def test_a_loop_over_people_finds_the_same(before, after):
    _level, rows, _change = rows_of(before, after)
    if not rows:
        return
    scored = [[p for p in wave if naive.score(SPEC, p) is not None] for wave in (before, after)]
    both = {p["school"] for p in scored[0]} & {p["school"] for p in scored[1]}
    waves = [[p for p in wave if p["school"] in both] for wave in scored]

    def figures(wave, item):
        weight = part = 0.0
        plain = []
        for p in wave:
            answered = [i for i in ITEMS if p[i] is not None]
            if p[item] is not None:
                weight += 1 / len(answered)
                part += p[item] / len(answered)
                plain.append(p[item])
        mean = sum(plain) / len(plain) if plain else None
        return weight / len(wave), part / len(wave), mean, len(plain)

    index_means = [sum(figures(wave, item)[1] for item in ITEMS) for wave in waves]
    for row, item in zip(rows, ITEMS, strict=True):
        (w0, c0, m0, n0), (w1, c1, m1, n1) = (figures(wave, item) for wave in waves)
        assert (row.item, row.n_baseline, row.n_endline) == (item, n0, n1)
        assert row.baseline == (None if m0 is None else pytest.approx(m0))
        assert row.endline == (None if m1 is None else pytest.approx(m1))
        inner0 = c0 / w0 if w0 else (c1 / w1 if w1 else 0.0)
        inner1 = c1 / w1 if w1 else inner0
        shift = (w1 - w0) * ((inner0 + inner1) / 2 - sum(index_means) / 2)
        assert row.from_answered == pytest.approx(shift, abs=1e-12)
        wanted = (w0 + w1) / 2 * (inner1 - inner0) + shift
        assert row.contribution == pytest.approx(wanted, abs=1e-12)
        assert row.share_baseline == pytest.approx(c0 / index_means[0])
        assert row.share_endline == pytest.approx(c1 / index_means[1])


def test_with_complete_answers_each_question_adds_its_change_divided_by_their_number():
    before = [{"school": "A", "a": 1, "b": 3, "c": 5}, {"school": "A", "a": 3, "b": 3, "c": 4}]
    after = [{"school": "A", "a": 4, "b": 3, "c": 3}]
    level, rows, change = rows_of(before, after)
    assert [row.contribution for row in rows] == pytest.approx([2 / 3, 0, -0.5])
    assert [row.from_answered for row in rows] == pytest.approx([0, 0, 0])
    assert [row.difference for row in rows] == pytest.approx([2, 0, -1.5])
    assert change.difference == pytest.approx(2 / 3 - 0.5)
    assert [row.share_endline for row in rows] == pytest.approx([0.4, 0.3, 0.3])
    assert [row.endline for row in level] == [2, 3, 4.5]
    assert [row.share_endline for row in level] == pytest.approx([2 / 9.5, 3 / 9.5, 4.5 / 9.5])


def test_a_question_answered_less_often_adds_only_what_its_place_explains():
    """Nobody changes an answer; in the second wave the low question is left out."""
    before = [{"school": "A", "a": 5, "b": 5, "c": 2}]
    after = [{"school": "A", "a": 5, "b": 5, "c": None}]
    _level, rows, change = rows_of(before, after)
    assert change.difference == pytest.approx(1.0)
    assert [row.contribution for row in rows] == [row.from_answered for row in rows]
    # weights 1/3 -> 1/2, 1/2, 0; middle of the index 4.5
    assert [row.contribution for row in rows] == pytest.approx([1 / 12, 1 / 12, 10 / 12])
    assert rows[2].endline is None
    assert rows[2].difference is None


def test_reversed_questions_count_as_they_enter_the_index():
    spec = replace(SPEC, reversed_items=frozenset({"c"}))
    before, after = (
        [{"school": "A", "a": 3, "b": 3, "c": 5}],
        [{"school": "A", "a": 3, "b": 3, "c": 1}],
    )
    _level, rows, _change = rows_of(before, after, spec)
    assert (rows[2].baseline, rows[2].endline) == (1, 5)
    assert rows[2].contribution == pytest.approx(4 / 3)


def test_only_questions_worded_alike_and_schools_of_both_waves_are_compared():
    spec = replace(SPEC, common_items=("a", "b"))
    before = [{"school": "A", "a": 1, "b": 1, "c": 1}, {"school": "B", "a": 5, "b": 5, "c": 5}]
    after = [{"school": "A", "a": 2, "b": 4, "c": 5}, {"school": "D", "a": 1, "b": 1, "c": 1}]
    level, rows, change = rows_of(before, after, spec)
    assert [row.item for row in level] == ["a", "b", "c"]
    assert [(row.item, row.contribution) for row in rows] == [("a", 0.5), ("b", 1.5)]
    assert change.difference == 2


def test_without_a_question_worded_alike_there_is_a_level_and_no_change():
    both = [{"school": "A", "a": 1, "b": 1, "c": 1}]
    level, rows, _change = rows_of(both, both, replace(SPEC, common_items=()))
    assert len(level) == 3
    assert rows == []


def test_schools_that_share_no_wave_compare_nothing():
    _level, rows, _change = rows_of(
        [{"school": "A", "a": 1, "b": 1}], [{"school": "B", "a": 1, "b": 1}]
    )
    assert rows == []


def test_an_index_at_zero_has_no_shares():
    spec = replace(SPEC, scale=(0.0, 3.0))
    zero = [{"school": "A", "a": 0, "b": 0, "c": 0}]
    level, rows, _change = rows_of(zero, zero, spec)
    assert [row.share_endline for row in (*level, *rows)] == [None] * 6
    assert [row.contribution for row in rows] == [0, 0, 0]


@PATIENT
@given(st.integers(0, 2**32 - 1))
def test_weights_keep_the_sum(seed):
    rng = np.random.default_rng(seed)
    cells = []
    for part in range(2):
        group = crowd(seed + part, ["A", "B"], items=ITEMS, skipped=0.3)
        weight = rng.uniform(0.2, 4, len(group))
        school = np.array([["A", "B"].index(p["school"]) for p in group])
        one = component_cells(SPEC, columns(group, ITEMS), school, ("A", "B"), weight)
        scored = [(w, naive.score(SPEC, p)) for w, p in zip(weight, group, strict=True)]
        used = [(w, y) for w, y in scored if y is not None]
        level = sum(w * y for w, y in used) / sum(w for w, _y in used)
        assert one.parts.sum() / one.people.sum() == pytest.approx(level)
        assert one.shares.sum() == pytest.approx(one.people.sum())
        cells.append((one.shares.sum(0) / one.people.sum(), one.parts.sum(0) / one.people.sum()))
    total, _shift = contributions(*cells[0], *cells[1])
    assert total.sum() == pytest.approx(cells[1][1].sum() - cells[0][1].sum(), abs=1e-12)


def test_two_files_add_up_and_different_schools_do_not():
    group = crowd(3, ["A", "B"], items=ITEMS)
    school = np.array([["A", "B"].index(p["school"]) for p in group])
    half = len(group) // 2

    def cells(part, codes=("A", "B")):
        return component_cells(SPEC, columns(group[part], ITEMS), school[part], codes)

    both = cells(slice(0, half)) + cells(slice(half, None))
    whole = cells(slice(None))
    assert both.parts == pytest.approx(whole.parts)
    assert (both.n == whole.n).all()
    with pytest.raises(ValueError, match="same schools"):
        _ = whole + cells(slice(None), ("A", "C"))


def test_levels_stand_on_the_common_scale():
    spec = replace(SPEC, scale=(0.0, 6.0))
    group = crowd(5, [f"S{number}" for number in range(8)], items=ITEMS)
    [row] = [
        one
        for one in calculate(project(answers("W0", group), measures=[spec])).estimates
        if one.scope is Scope.PROJECT
    ]
    assert row.common == pytest.approx(1 + 4 * row.value / 6)
    assert row.common_low == pytest.approx(1 + 4 * row.ci_low / 6)
    assert row.common_high == pytest.approx(1 + 4 * row.ci_high / 6)
    percent = replace(spec, positive_codes=frozenset({3}))
    [row] = [
        one
        for one in calculate(project(answers("W0", group), measures=[percent])).estimates
        if one.scope is Scope.PROJECT
    ]
    assert row.common is None
