"""Publishing a calculation and taking it back."""

import pytest

from indicators.actions.releases import (
    ReleaseRefusal,
    ReleaseRefused,
    publish_run,
    unpublish_run,
)
from indicators.models import AuditEvent, Release, Run
from indicators.vocabulary import RunState
from tests.actions.cast import World, build_world


@pytest.fixture
def world(db) -> World:
    return build_world()


def run_in(world, state=RunState.DONE) -> Run:
    return Run.objects.create(project=world.project, state=state, input_sha256="abc")


@pytest.mark.parametrize("state", list(RunState))
def test_only_a_finished_calculation_is_published(world, state):
    run = run_in(world, state)
    olga = world.person("olga")
    if state is RunState.DONE:
        release = publish_run(run=run, by=olga, note=" endline ")
        assert (release.published_by, release.note, release.withdrawn_at) == (olga, "endline", None)
        event = AuditEvent.objects.get()
        assert (event.kind, event.after["input_sha256"]) == ("run.published", "abc")
        return
    with pytest.raises(ReleaseRefused) as refused:
        publish_run(run=run, by=olga)
    assert refused.value.reason is ReleaseRefusal.NOT_DONE
    assert not Release.objects.exists()


def test_publishing_twice_is_refused(world):
    run = run_in(world)
    publish_run(run=run, by=world.person("olga"))
    with pytest.raises(ReleaseRefused) as refused:
        publish_run(run=run, by=world.person("olga"))
    assert refused.value.reason is ReleaseRefusal.ALREADY_PUBLISHED


def test_a_withdrawn_release_stays_and_can_come_back(world):
    old, new = run_in(world), run_in(world)
    olga = world.person("olga")
    publish_run(run=old, by=olga)
    publish_run(run=new, by=olga)
    active = Release.objects.filter(withdrawn_at__isnull=True)
    assert active.first().run == new
    unpublish_run(run=new, by=olga)
    assert active.first().run == old
    assert Release.objects.count() == 2
    with pytest.raises(ReleaseRefused) as refused:
        unpublish_run(run=new, by=olga)
    assert refused.value.reason is ReleaseRefusal.NOT_PUBLISHED
    publish_run(run=new, by=olga)
    assert active.first().run == new
    assert AuditEvent.objects.filter(kind="run.unpublished").count() == 1
