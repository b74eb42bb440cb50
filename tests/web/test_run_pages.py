"""Calculations: asked for, watched, cancelled, published and withdrawn."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.models import Release, Run
from indicators.presenters.run import took
from indicators.vocabulary import RunState
from tests.actions.cast import World, build_world


@pytest.fixture
def started(monkeypatch) -> list[int]:
    """The calculations sent to the background."""
    found: list[int] = []
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", found.append)
    return found


@pytest.fixture
def world(db, started) -> World:
    return build_world()


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


def url(name: str, *args) -> str:
    return reverse(name, args=["p", *args])


def run_in(world, state=RunState.DONE, **fields) -> Run:
    return Run.objects.create(project=world.project, state=state, **fields)


CAST = [("olga", 0), ("dina", 403), ("bek", 403), ("donna", 403), ("adam", 403), ("sam", 404)]


@pytest.mark.parametrize(("who", "refused"), CAST)
def test_who_may_do_what(client, world, started, who, refused):
    done, running = run_in(world), run_in(world, RunState.RUNNING)
    client.force_login(world.person(who))
    for name, args, fine in [
        ("run-list", (), 200),
        ("run-detail", (done.pk,), 200),
        ("run-progress", (running.pk,), 200),
    ]:
        assert client.get(url(name, *args)).status_code == (refused or fine)
    for name, args in [
        ("run-start", ()),
        ("run-cancel", (running.pk,)),
        ("release-publish", (done.pk,)),
        ("release-withdraw", (done.pk,)),
    ]:
        assert client.post(url(name, *args)).status_code == (refused or 302)
        assert client.get(url(name, *args)).status_code == 405
    assert len(started) == (0 if refused else 1)
    assert Release.objects.exists() is (not refused)


def test_asking_twice_gives_the_calculation_that_waits(client, world, started):
    client.force_login(world.person("olga"))
    first, second = (client.post(url("run-start")).url for _ in range(2))
    assert first == second
    assert Run.objects.count() == 1


@pytest.mark.parametrize("state", list(RunState))
def test_progress_stops_asking_when_it_is_over(client, world, state):
    run = run_in(world, state, done=2, total=5, step="estimate", error="ValueError: x")
    client.force_login(world.person("olga"))
    answer = client.get(url("run-progress", run.pk))
    is_final = state not in (RunState.WAITING, RunState.RUNNING)
    text = answer.content.decode()
    assert answer.status_code == (286 if is_final else 200)
    assert ("hx-get" in text) is (not is_final)
    assert ('value="2"' in text) is (not is_final)
    assert "<html" not in text


def test_a_failure_is_told_in_words(client, world):
    run = run_in(world, RunState.FAILED, error="KeyError: <b>")
    client.force_login(world.person("olga"))
    text = client.get(url("run-detail", run.pk)).content.decode()
    assert "No number was changed" in text
    assert "KeyError: &lt;b&gt;" in text


def test_publishing_and_withdrawing(client, world):
    old, new = run_in(world), run_in(world)
    client.force_login(world.person("olga"))
    for run in (old, new):
        client.post(url("release-publish", run.pk), {"note": "endline \x00"})
    assert Release.objects.get(run=new).note == "endline"
    releases = [run.release for run in client.get(url("run-list")).context["runs"]]
    assert releases == [
        "published: donors see this one",
        "published earlier, replaced by a newer one",
    ]
    client.post(url("release-withdraw", new.pk))
    releases = [run.release for run in client.get(url("run-list")).context["runs"]]
    assert releases == ["withdrawn", "published: donors see this one"]
    answer = client.post(url("release-withdraw", new.pk), follow=True)
    assert "It is not published." in answer.content.decode()


def test_an_unfinished_calculation_is_not_published(client, world):
    run = run_in(world, RunState.RUNNING)
    client.force_login(world.person("olga"))
    answer = client.post(url("release-publish", run.pk), follow=True)
    assert "Only a finished calculation" in answer.content.decode()
    assert not Release.objects.exists()


def test_cancelling_asks_the_calculation_to_stop(client, world):
    run = run_in(world, RunState.RUNNING)
    client.force_login(world.person("olga"))
    client.post(url("run-cancel", run.pk))
    run.refresh_from_db()
    assert run.cancel_asked


def test_an_empty_list_says_what_to_do(client, world):
    client.force_login(world.person("olga"))
    assert "Accept the files of a wave first" in client.get(url("run-list")).content.decode()


def test_the_fragment_brings_what_a_finished_calculation_adds(client, world):
    run = run_in(world, input_sha256="ab" * 32)
    client.force_login(world.person("olga"))
    text = client.get(url("run-progress", run.pk)).content.decode()
    assert "ab" * 32 in text
    assert url("release-publish", run.pk) in text


def test_few_queries(client, world, django_assert_max_num_queries):
    for _ in range(20):
        run_in(world)
    client.force_login(world.person("olga"))
    with django_assert_max_num_queries(9):
        client.get(url("run-list"))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.42, "0.4 seconds"), (42.4, "42 seconds"), (89.9, "90 seconds"), (90, "2 minutes")],
)
def test_how_long_it_took(seconds, words):
    now = timezone.now()
    assert took(now, now + timedelta(seconds=seconds)) == words
    assert took(now, None) == "–"
