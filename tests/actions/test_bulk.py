"""Plain rows in the database: kept exactly, and refused when they make no sense."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from indicators.actions.bulk import insert_rows
from indicators.models import Assessment, Change, Estimate, Run, Target
from indicators.vocabulary import Reason, Scope, Status, Verdict
from tests.actions.cast import World, build_world


class Word(StrEnum):
    ONE = "one"
    NONE = ""


FLOATS = st.none() | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=10)
# PostgreSQL hands large round floats of a JSON value back as integers, of other digits.
IN_JSON = st.none() | st.integers(0, 2**31 - 1) | st.floats(-1e15, 1e15)
COUNTS = st.none() | st.dictionaries(TEXTS, IN_JSON, max_size=4)


class Exactly(TestCase):
    """Plain values go into the database and come back the same."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = build_world("exact")
        cls.run_row = Run.objects.create(project=cls.world.project)

    @settings(max_examples=60, deadline=None)
    @given(FLOATS, FLOATS, COUNTS, st.sampled_from([*Reason, Word.NONE]), st.integers(0, 2**31 - 1))
    def test_none_json_words_and_floats(
        self,
        value: float | None,
        se: float | None,
        counts: dict[str, float | None] | None,
        reason: StrEnum,
        n: int,
    ) -> None:
        row = estimate(self.run_row, self.world, value=value, se=se, counts=counts)
        assert insert_rows(Estimate, [row | {"reason": reason, "n": n}]) == 1
        found = Estimate.objects.get(run=self.run_row)
        assert (found.n, found.reason, found.scope) == (n, reason.value, "project")
        assert type(found.reason) is str
        assert exact(found.value) == exact(value)
        assert exact(found.se) == exact(se)
        assert found.counts == counts
        assert Estimate.objects.filter(counts__isnull=True).exists() is (counts is None)

    @settings(max_examples=30, deadline=None)
    @given(st.none() | st.booleans(), st.booleans(), st.lists(TEXTS, max_size=3))
    def test_yes_no_and_lists(self, reached: bool | None, common: bool, schools: list[str]) -> None:
        row = change(self.run_row, self.world)
        insert_rows(Change, [row | {"is_on_common_items": common, "schools_left": schools}])
        found = Change.objects.get(run=self.run_row)
        assert found.is_on_common_items is common
        assert found.schools_left == schools
        target = Target.objects.create(
            indicator=self.world.share, wave=self.world.endline, type="at_most", high=0.3
        )
        judgement = Assessment(
            run=self.run_row,
            target=target,
            target_type="at_most",
            status=Status.MET,
            is_by_value_alone=not common,
            reached=reached,
        )
        insert_rows(Assessment, [plain(judgement)])
        judged = Assessment.objects.get(run=self.run_row)
        assert judged.reached is reached
        assert judged.is_by_value_alone is not common


def exact(value: float | None) -> str | None:
    return None if value is None else (value + 0.0).hex()  # SQLite keeps no sign of zero


def plain(row: Model) -> dict[str, object]:
    """A row as `insert_rows` takes it, with the defaults of its model."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    return {field.attname: getattr(row, field.attname) for field in fields}


def estimate(run: Run, world: World, **values: object) -> dict[str, object]:
    row = Estimate(
        run=run, measure=world.share.measure, wave=world.baseline, scope=Scope.PROJECT, n=0
    )
    return plain(row) | values


def change(run: Run, world: World, **values: object) -> dict[str, object]:
    row = Change(
        run=run,
        measure=world.share.measure,
        wave_from=world.baseline,
        wave_to=world.endline,
        scope=Scope.PROJECT,
        verdict=Verdict.INCREASED,
    )
    return plain(row) | values


def test_no_rows_are_no_query(db: None, django_assert_num_queries: Callable) -> None:
    with django_assert_num_queries(0):
        assert insert_rows(Estimate, []) == 0


BROKEN = (
    (Estimate, estimate, 2, {}),  # the same row twice
    (Estimate, estimate, 1, {"scope": Scope.SCHOOL}),  # a school's level without a school
    (Estimate, estimate, 1, {"n": -1}),
    (Estimate, estimate, 1, {"measure_id": 10**9}),
    (Change, change, 2, {}),
    (Change, change, 1, {"verdict": "splendid"}),
    (Change, change, 1, {"ci_low": 0.1, "ci_high": None}),
    (Change, change, 1, {"wave_to_id": None}),
)


@pytest.mark.parametrize(("model", "build", "times", "values"), BROKEN)
def test_the_database_refuses_what_makes_no_sense(
    db: None,
    model: type[Estimate] | type[Change],
    build: Callable[..., dict[str, object]],
    times: int,
    values: dict[str, object],
) -> None:
    world = build_world()
    run = Run.objects.create(project=world.project)

    @transaction.atomic
    def insert() -> None:
        insert_rows(model, [build(run, world, **values)] * times)
        connection.check_constraints()  # keys are checked at the commit

    with pytest.raises(IntegrityError):
        insert()
    assert not model._default_manager.exists()
