"""Targets: what is stored and recorded, what is refused, and two officers at once."""

import pytest
from django.utils import timezone

from indicators.actions.targets import (
    StaleTarget,
    TargetRefusal,
    TargetRefused,
    remove_target,
    set_target,
    why_no_target,
)
from indicators.models import (
    Assessment,
    AuditEvent,
    InstrumentVersion,
    Release,
    Run,
    Target,
    WaveInstrument,
)
from indicators.vocabulary import Direction, RunState, Selection, Status, TargetType
from tests.actions.cast import World, build_world

T = TargetType


@pytest.fixture
def world(db) -> World:
    return build_world()


def give(world: World, indicator="score", **changes) -> Target:
    values = {
        "indicator": getattr(world, indicator),
        "school": None,
        "wave": world.endline,
        "type": T.AT_LEAST,
        "low": 4.0,
        "high": None,
        "rationale": "",
        "revision": None,
        "by": world.person("olga"),
    }
    return set_target(**(values | changes))


def test_a_new_target_is_stored_and_recorded(world):
    target = give(world, rationale="agreed with the ministry")
    assert (target.low, target.high, target.revision) == (4.0, None, 1)
    event = AuditEvent.objects.get()
    assert (event.kind, event.by, event.before) == ("target.created", world.person("olga"), {})
    assert event.after == {"type": "at_least", "low": 4.0, "high": None}
    assert event.reason == "agreed with the ministry"


def test_a_change_keeps_before_after_and_why(world):
    give(world)
    target = give(world, low=4.2, revision=1, rationale="  the baseline was higher ")
    assert (target.low, target.revision) == (4.2, 2)
    event = AuditEvent.objects.first()
    assert event.kind == "target.changed"
    assert (event.before["low"], event.after["low"]) == (4.0, 4.2)
    assert event.reason == "the baseline was higher"
    assert Target.objects.count() == 1


def test_saving_the_same_again_changes_nothing(world):
    give(world)
    assert give(world, revision=1).revision == 1
    assert AuditEvent.objects.count() == 1


def test_a_change_needs_a_rationale(world):
    give(world)
    with pytest.raises(TargetRefused) as refused:
        give(world, low=4.5, revision=1, rationale="  ")
    assert refused.value.reason is TargetRefusal.NO_RATIONALE
    assert Target.objects.get().low == 4.0


@pytest.mark.parametrize(
    ("type", "low", "high", "reason"),
    [
        (T.AT_LEAST, 4.0, None, None),
        (T.AT_MOST, None, 4.0, None),
        (T.RANGE, 3.0, 3.0, None),
        (T.CHANGE, 0.2, None, None),
        (T.CHANGE, None, -0.2, None),
        (T.CHANGE, 0.0, None, None),  # zero is a value
        (T.AT_LEAST, 0.0, None, TargetRefusal.OUTSIDE_SCALE),  # of 1-5
        (T.AT_MOST, None, 5.1, TargetRefusal.OUTSIDE_SCALE),
        (T.RANGE, 0.9, 3.0, TargetRefusal.OUTSIDE_SCALE),
        (T.CHANGE, 4.1, None, TargetRefusal.OUTSIDE_SCALE),
        (T.AT_LEAST, None, None, TargetRefusal.LIMITS),
        (T.AT_LEAST, 4.0, 5.0, TargetRefusal.LIMITS),
        (T.AT_LEAST, None, 5.0, TargetRefusal.LIMITS),
        (T.AT_MOST, 4.0, None, TargetRefusal.LIMITS),
        (T.RANGE, 4.0, None, TargetRefusal.LIMITS),
        (T.RANGE, 4.0, 3.0, TargetRefusal.ORDER),
        (T.CHANGE, 0.1, 0.2, TargetRefusal.LIMITS),
        (T.AT_LEAST, float("nan"), None, TargetRefusal.LIMITS),
        (T.AT_MOST, None, float("inf"), TargetRefusal.LIMITS),
    ],
)
def test_the_limits_fit_the_type(world, type, low, high, reason):
    if reason is None:
        assert give(world, type=type, low=low, high=high).pk
        return
    with pytest.raises(TargetRefused) as refused:
        give(world, type=type, low=low, high=high)
    assert refused.value.reason is reason
    assert not Target.objects.exists()


@pytest.mark.parametrize(
    ("type", "low", "high", "is_fine"),
    [
        (T.AT_MOST, None, 0.07, True),
        (T.AT_MOST, None, 7.0, False),  # percent typed where a share is meant
        (T.AT_LEAST, -0.1, None, False),
        (T.CHANGE, None, -0.1, True),
        (T.CHANGE, None, -10.0, False),
    ],
)
def test_shares_are_stored_between_0_and_1(world, type, low, high, is_fine):
    if is_fine:
        assert give(world, "share", type=type, low=low, high=high).pk
        return
    with pytest.raises(TargetRefused) as refused:
        give(world, "share", type=type, low=low, high=high)
    assert refused.value.reason is TargetRefusal.NOT_A_SHARE


@pytest.mark.parametrize("indicator", ["score", "share"])
def test_a_value_outside_the_scale_is_confirmed_with_a_reason(world, indicator):
    sure = {"indicator": indicator, "low": 7.0, "is_confirmed": True}
    with pytest.raises(TargetRefused) as refused:
        give(world, **sure)
    assert refused.value.reason is TargetRefusal.NO_RATIONALE
    assert give(world, **sure, rationale="The scale is to be widened to 10.").low == 7.0
    event = AuditEvent.objects.get()
    assert event.reason == "The scale is to be widened to 10."
    assert event.after["low"] == 7.0


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("is_context", True, TargetRefusal.CONTEXT),
        ("is_descriptive", True, TargetRefusal.DESCRIPTIVE),
        ("direction", Direction.NONE, TargetRefusal.NO_DIRECTION),
    ],
)
def test_indicators_without_judgement_get_no_target(world, field, value, reason):
    setattr(world.score, field, value)
    with pytest.raises(TargetRefused) as refused:
        give(world)
    assert refused.value.reason is reason


def test_self_selected_respondents_get_no_target(world):
    """Even when nobody marked the indicator as descriptive."""
    version = InstrumentVersion.objects.create(instrument=world.student, version="1")
    wave = WaveInstrument.objects.create(
        wave=world.endline, version=version, selection=Selection.CENSUS
    )
    assert why_no_target(world.score) is None
    wave.selection = Selection.SELF_SELECTED
    wave.save()
    assert why_no_target(world.score) is TargetRefusal.SELF_SELECTED
    assert why_no_target(world.share) is TargetRefusal.SELF_SELECTED


@pytest.mark.parametrize("part", ["school", "wave"])
def test_school_and_wave_are_of_the_same_project(world, part):
    other = build_world("q")
    foreign = {"school": other.schools[0], "wave": other.endline}[part]
    with pytest.raises(TargetRefused) as refused:
        give(world, **{part: foreign})
    assert refused.value.reason is TargetRefusal.WRONG_PLACE


def test_the_second_of_two_officers_sees_both_values(world):
    give(world)
    give(world, low=4.2, revision=1, rationale="first")
    with pytest.raises(StaleTarget) as stale:
        give(world, low=4.6, revision=1, rationale="second")
    assert (stale.value.mine.low, stale.value.stored.low) == (4.6, 4.2)
    assert (stale.value.stored.rationale, stale.value.stored.revision) == ("first", 2)
    assert Target.objects.get().low == 4.2


def test_two_officers_who_create_the_same_target(world):
    give(world)
    with pytest.raises(StaleTarget) as stale:
        give(world, low=4.6)
    assert stale.value.stored.low == 4.0


def test_a_target_removed_meanwhile(world):
    target = give(world)
    remove_target(target=target, reason="double entry", by=world.person("olga"))
    with pytest.raises(StaleTarget) as stale:
        give(world, low=4.6, revision=1, rationale="more")
    assert stale.value.stored is None


def test_project_and_school_targets_stand_apart(world):
    give(world)
    give(world, school=world.schools[0], type=T.CHANGE, low=0.15)
    assert Target.objects.count() == 2


def test_removing_needs_a_reason_and_is_recorded(world):
    target = give(world)
    with pytest.raises(TargetRefused):
        remove_target(target=target, reason=" ", by=world.person("olga"))
    remove_target(target=target, reason="double entry", by=world.person("olga"))
    event = AuditEvent.objects.first()
    assert (event.kind, event.reason, event.before["low"]) == ("target.removed", "double entry", 4)
    assert not Target.objects.exists()


def test_a_target_shown_in_a_release_stays(world):
    """Its assessments would go with it and the release would no longer be what was published."""
    target = give(world)
    run = Run.objects.create(project=world.project, state=RunState.DONE)
    Assessment.objects.create(run=run, target=target, status=Status.MET)
    Release.objects.create(run=run, published_at=timezone.now())
    with pytest.raises(TargetRefused) as refused:
        remove_target(target=target, reason="not wanted", by=world.person("olga"))
    assert refused.value.reason is TargetRefusal.PUBLISHED
    assert Assessment.objects.exists()
