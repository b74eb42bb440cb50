"""Calculations in a thread of this process: the way without a broker."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from indicators import tasks
from indicators.actions import runs
from indicators.actions.definition_subjects import IndicatorSubject
from indicators.actions.effect_jobs import EffectCancelled, request_effect
from indicators.actions.runs import cancel_run, request_run, run_calculation
from indicators.forms.definition_edit import IndicatorForm
from indicators.models import DefinitionEffect, Estimate, Run, Scale
from indicators.tasks import enqueue_calculation, enqueue_effect
from indicators.vocabulary import RunState
from tests.actions.cast import World, build_world
from tests.operations.answers import add_answers, add_file
from tests.operations.digest import results_of

PATIENCE = 60


@pytest.fixture
def world(transactional_db: None, settings: Any) -> World:
    settings.CELERY_BROKER_URL = ""
    return add_answers(build_world())


@pytest.fixture(autouse=True)
def own_pool() -> Iterator[None]:
    tasks._pool.cache_clear()
    tasks._stopping.clear()
    yield
    tasks._pool().shutdown(wait=True)
    tasks._pool.cache_clear()
    tasks._stopping.clear()


class Held:
    """A calculation that stops at its first step until the test lets it go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go = threading.Event(), threading.Event()
        original = runs.calculate

        def held(inputs: Any, report: Callable[[str, int, int], None]) -> Any:
            report("tally", 1, 4)
            self.begun.set()
            assert self.go.wait(PATIENCE)
            report("estimate", 2, 4)
            return original(inputs, report)

        monkeypatch.setattr(runs, "calculate", held)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    found = Held(monkeypatch)
    yield found
    found.go.set()


def wait_for(check: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not check():
        assert time.monotonic() < end
        time.sleep(0.01)


def ended(run: Run) -> Run:
    wait_for(lambda: Run.objects.get(pk=run.pk).state not in runs.UNFINISHED)
    return Run.objects.get(pk=run.pk)


def asked(world: World) -> Run:
    with transaction.atomic():
        run = request_run(project=world.project, by=world.person("olga"))
        enqueue_calculation(run.pk)
    return run


def test_the_outcome_is_that_of_a_calculation_in_the_foreground(world: World) -> None:
    in_background = ended(asked(world))
    assert in_background.state == RunState.DONE
    in_front = run_calculation(run_id=request_run(project=world.project, by=None).pk)
    assert results_of(in_background.pk) == results_of(in_front.pk)


def test_nothing_starts_before_the_commit(world: World, held: Held) -> None:
    with transaction.atomic():
        run = request_run(project=world.project, by=None)
        enqueue_calculation(run.pk)
        assert not held.begun.wait(0.2)
    assert held.begun.wait(PATIENCE)


def test_a_request_rolled_back_starts_nothing(world: World, held: Held) -> None:
    with transaction.atomic():
        enqueue_calculation(request_run(project=world.project, by=None).pk)
        transaction.set_rollback(True)
    assert not held.begun.wait(0.2)


def test_progress_is_seen_from_another_connection(world: World, held: Held) -> None:
    run = asked(world)
    assert held.begun.wait(PATIENCE)
    seen = Run.objects.get(pk=run.pk)
    assert (seen.state, seen.step, seen.done, seen.total) == ("running", "tally", 1, 4)
    held.go.set()
    assert ended(run).step == "done"


def test_a_cancel_stops_it(world: World, held: Held) -> None:
    run = asked(world)
    assert held.begun.wait(PATIENCE)
    cancel_run(run=run, by=world.person("olga"))
    held.go.set()
    assert ended(run).state == RunState.INTERRUPTED
    assert not Estimate.objects.exists()


def test_a_failure_is_on_the_run_and_in_the_log(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("nothing to divide by")

    monkeypatch.setattr(runs, "calculate", fail)
    with caplog.at_level(logging.ERROR):
        run = ended(asked(world))
        wait_for(lambda: "calculation_failed" in caplog.text)
    assert run.state == RunState.FAILED
    assert run.error == "ZeroDivisionError: nothing to divide by"
    monkeypatch.undo()
    assert ended(asked(world)).state == RunState.DONE  # the thread lives on


def test_two_requests_share_the_run_that_waits(world: World, held: Held) -> None:
    running = asked(world)
    assert held.begun.wait(PATIENCE)
    second, third = asked(world), asked(world)
    assert second == third != running
    held.go.set()
    assert ended(second).state == ended(running).state == RunState.DONE
    assert Run.objects.count() == 2


def test_a_run_asked_for_meanwhile_sees_the_newest_data(world: World, held: Held) -> None:
    first = asked(world)
    assert held.begun.wait(PATIENCE)
    second = asked(world)
    held.go.set()
    assert ended(first).state == RunState.DONE
    assert ended(second).started_at >= ended(first).finished_at
    add_file(world, world.endline, seed=7)
    third = ended(asked(world))
    assert len(third.inputs["datasets"]) == len(ended(second).inputs["datasets"]) + 1


def test_a_file_that_comes_during_the_calculation_counts(world: World, held: Held) -> None:
    run = asked(world)
    assert held.begun.wait(PATIENCE)
    add_file(world, world.endline, seed=7)
    held.go.set()
    assert len(ended(run).inputs["datasets"]) == 3


def test_connections_of_the_thread_are_closed(world: World) -> None:
    ended(asked(world))
    found: list[Any] = []
    tasks._pool().submit(lambda: found.append(connection.connection)).result(PATIENCE)
    assert found == [None]


def test_a_process_told_to_go_leaves_at_the_next_step(world: World, held: Held) -> None:
    running = asked(world)
    assert held.begun.wait(PATIENCE)
    waiting = asked(world)
    tasks.stop_background()
    held.go.set()
    assert ended(running).state == RunState.INTERRUPTED
    assert Run.objects.get(pk=waiting.pk).state == RunState.WAITING  # marked at the next start


def test_a_run_taken_for_stopped_shows_that_it_is_alive(world: World, held: Held) -> None:
    """Another process marks what it takes for left behind; the calculation goes on."""
    run = asked(world)
    assert held.begun.wait(PATIENCE)
    runs.mark_interrupted()
    held.go.set()
    wait_for(lambda: Run.objects.get(pk=run.pk).state == RunState.DONE)
    assert Estimate.objects.filter(run=run).exists()


@pytest.fixture(params=["closed", "silent"])
def dead_broker(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    """An address where nobody listens, or where somebody listens and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if request.param == "silent":
            listener.listen(8)
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        yield


def test_a_dead_broker_does_not_hold_the_request(
    world: World, dead_broker: None, caplog: pytest.LogCaptureFixture
) -> None:
    begin = time.monotonic()
    run = asked(world)
    assert time.monotonic() - begin < 5  # one or two seconds on a machine at rest
    assert ended(run).state == RunState.DONE
    assert "broker_does_not_answer" in caplog.text


def test_the_effect_of_a_definition_is_worked_out_in_a_thread(world: World) -> None:
    """Handed out on commit; the row has the numbers, the definition stays as it was."""
    scale = Scale.objects.get(code="likert")
    for code in range(1, 6):
        scale.options.create(name=f"o{code}", code=code, label_en=f"{code}", position=code)
    typed = IndicatorForm.initial_of(world.share) | {"codes": "1"}
    sent = {
        name: value for name, value in typed.items() if value is not None and value is not False
    }
    form = IndicatorForm(sent, is_new=False)
    assert form.is_valid()
    row = request_effect(
        subject=IndicatorSubject(world.project, world.share),
        typed=form.typed(),
        revision=1,
        form="",
        mark=form.mark,
        by=world.person("olga"),
    )
    with transaction.atomic():
        enqueue_effect(row.pk)
        assert DefinitionEffect.objects.get().state == RunState.WAITING
    wait_for(lambda: DefinitionEffect.objects.get().is_final)
    row.refresh_from_db()
    assert (row.state, row.error) == (RunState.DONE, "")
    assert row.content["before"]["levels"].keys() == row.content["after"]["levels"].keys()
    assert row.content["before"]["levels"] != row.content["after"]["levels"]
    world.share.refresh_from_db()
    assert world.share.revision == 1


def test_a_process_that_is_told_to_go_leaves_the_effect(world: World) -> None:
    tasks._stopping.set()
    with pytest.raises(EffectCancelled):
        tasks._stop_effect_if_told(DefinitionEffect())
