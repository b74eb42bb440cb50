"""Totals on the questions: person by person, and files that add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.tally import tally_all
from indicators.pipeline.tally_items import ItemTotals
from indicators.vocabulary import Respondent
from tests.pipeline import naive
from tests.pipeline.builders import (
    FEW,
    Person,
    answers,
    codes_of,
    crowd,
    index,
    measure,
    project,
)

ITEMS = ("a", "b", "c")
INDEX = index(ITEMS, code="i", reversed_items=frozenset({"b"}))
ITEM = measure(code="m", items=("a",), keeps_counts=True, scale=(1.0, 5.0))
SIX = codes_of(6)


def totals(*parts: list[Person], **others) -> ItemTotals:
    sets = [answers("W0", people) for people in parts]
    return tally_all(project(*sets, measures=[INDEX, ITEM], **others)).items


def turned(person: Person, item: str) -> float | None:
    code = person.get(item)
    if code is None:
        return None
    return 6.0 - code if item == "b" else float(code)


@given(st.integers(0, 2**32 - 1))
@FEW
def test_sheets_of_an_index_person_by_person(seed):
    people = crowd(seed, SIX, items=ITEMS, skipped=0.25)
    found = totals(people).rows["i", "W0"]
    assert found.n_rows == len(people)
    assert found.n_scored == len(naive.scores(INDEX, people))
    assert found.n_empty == sum(all(p[item] is None for item in ITEMS) for p in people)
    assert found.answered.tolist() == [sum(p[i] is not None for p in people) for i in ITEMS]
    rows = [[turned(p, item) for item in ITEMS] for p in people]
    full = np.array([row for row in rows if None not in row], dtype=float).reshape(-1, 3)
    assert found.complete_rows.n == len(full)
    assert found.complete_rows.total.tolist() == full.sum(axis=0).tolist()
    assert found.complete_rows.products.tolist() == (full.T @ full).tolist()


@given(st.integers(0, 2**32 - 1))
@FEW
def test_answers_by_school_and_option_person_by_person(seed):
    people = crowd(seed, SIX, items=ITEMS)
    found = totals(people).counts["m", "W0"]
    assert found.codes == tuple(sorted({p["a"] for p in people} - {None}))
    for s, school in enumerate(found.school_codes):
        for k, code in enumerate(found.codes):
            expected = sum(p["school"] == school and p["a"] == code for p in people)
            assert found.n[s, k] == expected


@given(st.integers(0, 2**32 - 1), st.data())
@FEW
def test_files_of_a_wave_add_up(seed, data):
    """Also when a file has other codes, or misses an item that the whole wave has."""
    people = crowd(seed, SIX, items=ITEMS, skipped=0.3)
    cut = data.draw(st.integers(1, len(people) - 1))
    whole, parts = totals(people), totals(people[:cut], people[cut:])
    one, other = whole.rows["i", "W0"], parts.rows["i", "W0"]
    assert (one.n_rows, one.n_scored, one.n_empty) == (other.n_rows, other.n_scored, other.n_empty)
    assert one.answered.tolist() == other.answered.tolist()
    assert one.complete_rows.n == other.complete_rows.n
    assert one.complete_rows.products.tolist() == other.complete_rows.products.tolist()
    assert whole.counts["m", "W0"].codes == parts.counts["m", "W0"].codes
    assert whole.counts["m", "W0"].n.tolist() == parts.counts["m", "W0"].n.tolist()


def test_a_file_without_an_item_has_no_complete_sheets_of_the_wave():
    full = [{"school": "A", "a": 1, "b": 2, "c": 3}, {"school": "B", "a": 3, "b": 2, "c": 1}]
    short = [{"school": "A", "a": 1, "b": 2}] * 3
    found = totals(full, short).rows["i", "W0"]
    assert found.asked == (True, True, True)
    assert found.complete_rows.n == 2
    alone = totals(short).rows["i", "W0"]
    assert alone.asked == (True, True, False)
    assert (alone.complete_rows.n, alone.n_scored) == (3, 3)
    assert alone.complete_rows.total.tolist() == [3, 12]


def test_files_that_share_no_items_have_no_complete_sheets():
    found = totals([{"school": "A", "a": 1, "b": 2}], [{"school": "A", "b": 2, "c": 2}])
    rows = found.rows["i", "W0"]
    assert rows.complete_rows.n == 0
    assert rows.complete_rows.products.shape == (3, 3)


def test_an_index_nobody_answers_and_a_question_not_asked():
    asked = answers("W0", [{"school": "A", "b": None, "c": None}], asked=["b", "c"])
    found = tally_all(project(asked, measures=[INDEX, ITEM])).items
    assert found.rows["i", "W0"].asked == (False, False, False)
    assert found.rows["i", "W0"].complete_rows.n == 0
    assert found.counts == {}


def test_numbers_without_a_scale_keep_no_counts():
    plain = measure(code="m", items=("a",), keeps_counts=True)
    one = answers("W0", crowd(1, SIX, items=ITEMS))
    assert tally_all(project(one, measures=[plain])).items.counts == {}


CLASSES = {"class_items": {"student": "s_class"}, "with_classes": frozenset({"student"})}


def seated(seed: int, schools: list[str]) -> list[Person]:
    rng = np.random.default_rng(seed)
    return [
        {**person, "s_class": [1, 2, 3, None][int(rng.integers(0, 4))]}
        for person in crowd(seed, schools, items=ITEMS)
    ]


def test_answers_by_class_person_by_person():
    people = seated(3, SIX)
    found = totals(people[:20], people[20:], **CLASSES).classes["m", "W0"]
    for s, school in enumerate(found.school_codes):
        for c in (1, 2, 3):
            y = [p["a"] for p in people if (p["school"], p["s_class"]) == (school, c) and p["a"]]
            assert (found.n[s, c], found.total[s, c]) == (len(y), sum(y))
            assert found.squares[s, c] == sum(v * v for v in y)
    assert found.n.sum() == sum(p["a"] is not None and p["s_class"] is not None for p in people)


def test_a_grade_is_no_class_and_teachers_sit_in_none():
    people = seated(3, SIX)
    assert totals(people, class_items={"student": "s_class"}).classes == {}
    teachers = measure(respondent=Respondent.TEACHER, items=("a",))
    hidden = measure(code="h", items=("a",), keeps_schools=False)
    one = answers("W0", people)
    found = tally_all(project(one, measures=[teachers, hidden], **CLASSES)).items
    assert found.classes == {}


def test_totals_over_other_schools_do_not_add():
    one = totals(seated(1, SIX), **CLASSES)
    other = totals(seated(1, codes_of(5)), **CLASSES)
    with pytest.raises(ValueError, match="same schools"):
        one.counts["m", "W0"] + other.counts["m", "W0"]
    with pytest.raises(ValueError, match="same schools"):
        one.classes["m", "W0"] + other.classes["m", "W0"]
