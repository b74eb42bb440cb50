"""Comparisons on the site: asked by officers, read by others, refused with a reason."""

from __future__ import annotations

import re

import pytest

from indicators.models import (
    AuditEvent,
    Comparison,
    ComparisonWave,
    Estimate,
    Item,
    Measure,
    Run,
)
from indicators.vocabulary import MeasureKind, Reason, RunState, Scope
from tests.web.factories import build_world
from tests.web.test_gap_pages import sexes, text_of
from tests.web.world import World

pytestmark = pytest.mark.django_db
ADDRESS = "/p/demo/gaps/compare/"


@pytest.fixture(autouse=True)
def english(client) -> None:
    client.cookies["django_language"] = "en"


@pytest.fixture(autouse=True)
def asked_for(monkeypatch) -> list[int]:
    """What was handed to the background; the made-up project has no answers to compute from."""
    found: list[int] = []
    monkeypatch.setattr("indicators.views.comparison.enqueue_comparison", found.append)
    return found


@pytest.fixture
def world(demo: World) -> World:
    sexes(demo)
    for name, n in (("t_t03", 250), ("s_s08", 900)):
        item = Item.objects.get(name=name)
        measure, _ = Measure.objects.get_or_create(
            project=demo.project,
            code=f"item:{name}",
            defaults={"kind": MeasureKind.ITEM_MEAN, "item": item},
        )
        for wave in demo.waves:
            Estimate.objects.get_or_create(
                run=demo.run,
                measure=measure,
                wave=wave,
                scope=Scope.PROJECT,
                defaults={"n": n, "value": 3.5},
            )
    return demo


GROUPS = {"first": "index:s01", "first_group": "sex|1", "second_group": "sex|2"}


def computed(world: World, *, n_second: int = 440, **more: object) -> Comparison:
    measure = world.indicators["S01"].measure
    asked = Comparison.objects.create(
        run=world.run,
        first=measure,
        second=measure,
        group_by="sex",
        first_group="1",
        second_group="2",
        state=RunState.DONE,
    )
    for wave in world.waves:
        later = {"wave_from": world.waves[0], "change": 0.06, "baseline": 0.1, "endline": 0.16}
        ComparisonWave.objects.create(
            comparison=asked,
            wave=wave,
            value=0.1234,
            ci_low=0.0234,
            ci_high=0.2234,
            n_first=480,
            n_second=n_second,
            change_reason=Reason.EXPLORATORY if wave.position else "",
            **({**later, **more} if wave.position else {}),
        )
    return asked


def test_an_officer_asks_for_two_groups(world, visit_as, asked_for):
    client = visit_as("officer")
    page = client.get(ADDRESS, {"first": "index:s01"}).content.decode()
    assert "Girls and boys" in page
    response = client.post(ADDRESS, GROUPS)
    asked = Comparison.objects.get()
    assert response["Location"] == f"{ADDRESS}{asked.pk}/"
    assert (asked.group_by, asked.first_group, asked.second_group) == ("sex", "1", "2")
    assert asked_for == [asked.pk]
    event = AuditEvent.objects.get(kind="comparison.asked")
    assert event.after["groups"] == ["1", "2"]
    waiting = client.get(response["Location"])
    assert "This is being computed" in text_of(waiting)
    client.post(ADDRESS, GROUPS)
    assert Comparison.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"second_group": "sex|1"}, "Both sides are the same."),
        ({"second_group": ""}, "Choose both groups, or a question of another questionnaire."),
        ({"second_group": "oblast|osh"}, "Select a valid choice."),
        ({"second_group": "sex|3"}, "so few answers that readers outside the project"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_words(world, visit_as, asked_for, typed, words):
    Estimate.objects.create(
        run=world.run,
        measure=world.indicators["S01"].measure,
        wave=world.waves[1],
        scope=Scope.GROUP,
        group_by="sex",
        group="3",
        n=6,
        value=2.2,
    )
    response = visit_as("officer").post(ADDRESS, GROUPS | typed)
    assert response.status_code == 200
    assert words in text_of(response)
    assert 'value="sex|1" selected' in response.content.decode()
    assert not Comparison.objects.exists()
    assert not asked_for


def test_two_questionnaires_with_different_questions_need_a_reason(world, visit_as):
    client = visit_as("officer")
    typed = {"first": "item:t_t03", "second": "item:s_s08", "why": "  "}
    page = text_of(client.post(ADDRESS, typed))
    assert "Say what makes their answers comparable" in page
    response = client.post(ADDRESS, typed | {"why": "Both ask how safe it is"})
    assert response.status_code == 302
    asked = Comparison.objects.get()
    assert (asked.first.code, asked.second.code) == ("item:t_t03", "item:s_s08")
    assert asked.why == "Both ask how safe it is"


def test_only_measures_on_the_same_scale_are_offered(world, visit_as):
    client = visit_as("officer")
    page = client.get(ADDRESS, {"first": "index:s01"}).content.decode()
    assert "No other questionnaire asks on this scale" in page
    client.post(ADDRESS, {"first": "index:s01", "second": "item:t_t03", "why": "x"})
    assert not Comparison.objects.exists()


def test_readers_see_what_is_computed_and_ask_nothing(world, visit_as):
    asked = computed(world)
    waiting = Comparison.objects.create(
        run=world.run,
        first=Measure.objects.get(code="item:t_t03"),
        second=Measure.objects.get(code="item:s_s08"),
    )
    client = visit_as("donor")
    page = text_of(client.get(ADDRESS))
    assert "4.10 → 4.10" in page
    assert "Ask for a comparison" not in page
    assert client.get(f"{ADDRESS}{waiting.pk}/").status_code == 404
    assert client.post(ADDRESS, GROUPS).status_code == 403
    detail = text_of(client.get(f"{ADDRESS}{asked.pk}/"))
    assert "numbers and ranges, no verdict" in detail
    assert "a gap of +0.12 (95 % range +0.02 to +0.22)." in detail
    assert "The gap moved by +0.06" in detail
    for word in ("narrowed", "widened", "turned round", "No clear change"):
        assert word not in detail


def test_a_small_group_is_hidden_from_donors(world, visit_as):
    asked = computed(world, n_second=6)
    Estimate.objects.filter(group_by="sex", group="2").update(n=6)
    client = visit_as("donor")
    for address in (ADDRESS, f"{ADDRESS}{asked.pk}/"):
        page = text_of(client.get(address))
        for secret in ("3.95", "4.10", "+0.12", "+0.06", "+0.16"):
            assert secret not in page, (address, secret)
    assert "3.95" in text_of(visit_as("officer").get(ADDRESS))


def test_a_comparison_of_another_run_or_project_does_not_exist(world, visit_as):
    asked = computed(world)
    other = build_world(code="other")
    client = visit_as("officer")
    assert client.get(f"/p/other/gaps/compare/{asked.pk}/").status_code == 404
    Run.objects.create(project=world.project, state=RunState.DONE)
    assert client.get(f"{ADDRESS}{asked.pk}/").status_code == 404
    assert visit_as("donor").get(f"{ADDRESS}{asked.pk}/").status_code == 200
    assert other.project.code == "other"


def test_what_went_wrong_is_said(world, visit_as):
    asked = computed(world)
    asked.waves.all().delete()
    Comparison.objects.update(state=RunState.FAILED, error="data_changed")
    client = visit_as("officer")
    page = text_of(client.get(f"{ADDRESS}{asked.pk}/"))
    assert "Calculate anew, then ask again." in page
    assert re.search(r"Calculate anew", text_of(client.get(ADDRESS)))


def later_run(world: World) -> Run:
    """A calculation after the demo's, with the same levels."""
    run = Run.objects.create(project=world.project, state=RunState.DONE)
    levels = list(Estimate.objects.filter(run=world.run))
    for level in levels:
        level.pk, level.run = None, run
    Estimate.objects.bulk_create(levels)
    return run


def test_a_new_calculation_is_asked_what_the_one_before_was(world, visit_as, asked_for):
    computed(world)
    run = later_run(world)
    client = visit_as("officer")
    page = text_of(client.get(ADDRESS))
    assert "An earlier calculation was asked for 1 comparison" in page
    page = text_of(client.post(f"{ADDRESS}again/", follow=True))
    asked = Comparison.objects.get(run=run)
    assert asked_for == [asked.pk]
    assert (asked.group_by, asked.first_group, asked.second_group) == ("sex", "1", "2")
    assert "1 comparison is being computed again." in page
    assert "An earlier calculation" not in page
    client.post(f"{ADDRESS}again/")
    assert Comparison.objects.filter(run=run).count() == 1


def test_what_the_new_data_refuse_is_not_asked_again(world, visit_as, asked_for):
    computed(world)
    run = later_run(world)
    Estimate.objects.filter(run=run, group="2").update(n=3)
    page = text_of(visit_as("officer").post(f"{ADDRESS}again/", follow=True))
    assert not Comparison.objects.filter(run=run).exists()
    assert "1 comparison cannot be made any more" in page
    assert asked_for == []


def test_before_the_first_calculation_nothing_is_asked_again(world, visit_as):
    Run.objects.update(state=RunState.FAILED)
    assert visit_as("officer").post(f"{ADDRESS}again/").status_code == 404
