"""Which question names the class a student sits in."""

import pytest

from indicators.models import Item
from indicators.queries.calculation import calculation_inputs, fingerprint
from indicators.queries.specs import definitions
from tests.actions.cast import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def ask(world: World, name: str) -> None:
    Item.objects.create(instrument=world.student, name=name, kind="scale")


def test_the_grade_stands_for_the_class_until_one_is_asked_for(world: World) -> None:
    code = world.student.code
    assert definitions(world.project).with_classes == frozenset()
    ask(world, "s_grade")
    found = definitions(world.project)
    assert (found.class_items, found.with_classes) == ({code: "s_grade"}, frozenset())
    ask(world, "s_class")
    found = definitions(world.project)
    assert (found.class_items, found.with_classes) == ({code: "s_class"}, frozenset({code}))


def test_another_question_for_the_class_is_another_calculation(world: World) -> None:
    before = fingerprint(calculation_inputs(world.project)[1])
    ask(world, "s_class")
    assert fingerprint(calculation_inputs(world.project)[1]) != before
