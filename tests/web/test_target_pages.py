"""The pages of targets: who may do what, and that nothing typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.actions.targets import remove_target, set_target
from indicators.models import Assessment, Release, Run, Target
from indicators.vocabulary import RunState, TargetType
from tests.actions.cast import World, build_world


@pytest.fixture
def world(db, monkeypatch) -> World:
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", lambda run_id: None)
    return build_world()


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


def url(name: str, *args) -> str:
    return reverse(name, args=["p", *args])


def target_of(world, low=4.0, **changes) -> Target:
    values = {"school": None, "wave": world.endline, "type": TargetType.AT_LEAST, "high": None}
    return set_target(
        indicator=world.score,
        low=low,
        rationale="",
        revision=None,
        by=world.person("olga"),
        **(values | changes),
    )


TYPED = {
    "indicator": "S01",
    "school": "",
    "wave": "W1",
    "type": "at_least",
    "low": "4,05",
    "high": "",
    "rationale": "",
    "revision": "",
}
EDITORS = [("olga", 302), ("dina", 403), ("bek", 403), ("donna", 403), ("adam", 403), ("sam", 404)]


@pytest.mark.parametrize(("who", "status"), EDITORS)
def test_who_may_set_change_and_remove(client, world, who, status):
    client.force_login(world.person(who))
    assert client.post(url("target-new"), TYPED).status_code == status
    target = Target.objects.first() or target_of(world)
    change = TYPED | {"low": "4,2", "rationale": "why", "revision": "1"}
    assert client.post(url("target-edit", target.pk), change).status_code == status
    assert client.post(url("target-remove", target.pk), {"reason": "no"}).status_code == status
    assert Target.objects.exists() is (who != "olga")


def test_a_decimal_comma_is_understood_and_a_calculation_asked_for(client, world):
    client.force_login(world.person("olga"))
    client.post(url("target-new"), TYPED)
    assert Target.objects.get().low == 4.05
    assert Run.objects.get().state == RunState.WAITING


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("7", 0.07), ("7,5 %", 0.075), ("8.2", 0.082), ("0", 0.0), ("100", 1.0)],
)
def test_percent_is_typed_and_a_share_stored(client, world, typed, stored):
    client.force_login(world.person("olga"))
    given = TYPED | {"indicator": "S02", "type": "at_most", "low": "", "high": typed}
    client.post(url("target-new"), given)
    target = Target.objects.get()
    assert target.high == stored
    page = client.get(url("target-edit", target.pk))
    assert page.context["form"].initial["high"].replace(",", ".") == typed.rstrip(" %").replace(
        ",", "."
    )


@pytest.mark.parametrize(
    "bad",
    [
        {"low": "four"},
        {"low": ""},
        {"low": "1e999"},
        {"low": "nan"},
        {"low": "9" * 41},
        {"high": "5"},
        {"type": "best"},
        {"wave": "W9"},
        {"wave": "W0"},
        {"school": "IS-99"},
        {"indicator": "X"},
        {"indicator": ""},
        {"revision": "x"},
        {"revision": "-1"},
        {"rationale": "x" * 2001},
        {"indicator": "S02", "low": "150"},
        {"indicator": "S01\x00"},
    ],
)
def test_bad_input_is_explained_and_kept(client, world, bad):
    client.force_login(world.person("olga"))
    page = client.post(url("target-new"), TYPED | {"rationale": "my reasons"} | bad)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Target.objects.exists()
    if "rationale" not in bad:
        assert "my reasons" in page.content.decode()


def test_a_stale_target_shows_both_values_and_can_be_kept(client, world):
    target = target_of(world)
    client.force_login(world.person("olga"))
    change = TYPED | {"low": "4,2", "rationale": "first", "revision": "1"}
    assert client.post(url("target-edit", target.pk), change).status_code == 302
    page = client.post(
        url("target-edit", target.pk), change | {"low": "4,6", "rationale": "second"}
    )
    assert page.status_code == 409
    text = page.content.decode()
    assert "at least 4.60" in text
    assert "at least 4.20" in text
    assert "second" in text
    assert Target.objects.get().low == 4.2
    assert client.post(url("target-new"), dict(page.context["typed"])).status_code == 302
    target.refresh_from_db()
    assert (target.low, target.rationale, target.revision) == (4.6, "second", 3)


def test_a_conflict_over_a_removed_target_can_be_kept_too(client, world):
    client.force_login(world.person("olga"))
    target = target_of(world)
    form = TYPED | {"low": "4,6", "rationale": "second", "revision": "1"}
    remove_target(target=target, reason="gone", by=world.person("olga"))
    page = client.post(url("target-new"), form)
    assert page.status_code == 409
    assert client.post(url("target-new"), dict(page.context["typed"])).status_code == 302
    assert Target.objects.get().low == 4.6


def test_the_edit_page_keeps_indicator_and_place(client, world):
    target = target_of(world)
    client.force_login(world.person("olga"))
    sly = TYPED | {"indicator": "S02", "school": "IS-02", "rationale": "x", "revision": "1"}
    client.post(url("target-edit", target.pk), sly)
    target.refresh_from_db()
    assert (target.indicator.code, target.school, target.low) == ("S01", None, 4.05)


def test_the_history_tells_every_change(client, world):
    target = target_of(world)
    client.force_login(world.person("olga"))
    client.post(
        url("target-edit", target.pk),
        TYPED | {"low": "4,2", "rationale": "a better baseline", "revision": "1"},
    )
    lines = client.get(url("target-edit", target.pk)).context["history"]
    assert [(line.before, line.after) for line in lines] == [
        ("at least 4.00", "at least 4.20"),
        ("–", "at least 4.00"),
    ]
    assert lines[0].reason == "a better baseline"


def test_removing_asks_why(client, world):
    target = target_of(world)
    client.force_login(world.person("olga"))
    assert client.get(url("target-remove", target.pk)).status_code == 200
    assert client.post(url("target-remove", target.pk), {"reason": " "}).status_code == 200
    assert Target.objects.exists()


def test_an_officer_sees_indicators_without_target_by_code(client, world):
    target_of(world)
    client.force_login(world.person("olga"))
    lines = client.get(url("target-list")).context["lines"]
    assert [(line.code, line.pk is None) for line in lines] == [("S01", False), ("S02", True)]
    assert lines[0].status.word == "not calculated yet"
    assert lines[1].status.word == "no target"


def test_a_director_sees_no_other_schools_target(client, world):
    run = Run.objects.create(project=world.project, state=RunState.DONE)
    for school in (None, *world.schools):
        target = target_of(world, school=school)
        Assessment.objects.create(
            run=run, target=target, target_type="at_least", target_low=4.0, status="not_due"
        )
    client.force_login(world.person("dina"))
    assert not client.get(url("target-list")).context["lines"]  # nothing is published
    Release.objects.create(run=run, published_at=timezone.now())
    seen = client.get(url("target-list"), {"place": "all"}).context["lines"]
    assert [line.school_code for line in seen] == ["", "IS-01"]
    assert not client.get(url("target-list"), {"place": "IS-02"}).context["lines"]
    client.force_login(world.person("donna"))
    seen = client.get(url("target-list"), {"place": "all"}).context["lines"]
    assert [line.school_code for line in seen] == ["", "IS-01", "IS-02"]


def test_a_donor_sees_the_target_the_results_were_judged_by(client, world):
    target = target_of(world)
    run = Run.objects.create(project=world.project, state=RunState.DONE)
    Assessment.objects.create(
        run=run, target=target, target_type="at_least", target_low=3.5, status="not_due"
    )
    Release.objects.create(run=run, published_at=timezone.now())
    client.force_login(world.person("donna"))
    (line,) = client.get(url("target-list")).context["lines"]
    assert (line.target, line.rationale, line.updated_by) == ("at least 3.50", "", "")
    client.force_login(world.person("olga"))
    line = client.get(url("target-list")).context["lines"][0]
    assert (line.target, line.is_changed) == ("at least 4.00", True)


@pytest.mark.parametrize("who", ["olga", "donna", "dina"])
def test_the_list_asks_few_queries(client, world, who, django_assert_max_num_queries):
    for school in world.schools:
        target_of(world, school=school)
    client.force_login(world.person(who))
    with django_assert_max_num_queries(18):
        client.get(url("target-list"), {"place": "all"})


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"},
        {"page": "-1"},
        {"page": "x"},
        {"page": "9999999999"},
        {"page": "²"},
        {"place": "IS-99"},
        {"place": "x\x00"},
        {"indicator": "nothing"},
    ],
)
def test_any_query_gives_a_page(client, world, query):
    client.force_login(world.person("olga"))
    assert client.get(url("target-list"), query).status_code == 200
