"""Many targets at once: all or none, two officers, and what the audit log says."""

import pytest
from django.utils import timezone

from indicators.actions.runs import request_run, run_calculation
from indicators.actions.target_grid import (
    CellEdit,
    GridNotSaved,
    Limits,
    closed_indicators,
    save_targets,
)
from indicators.actions.targets import TargetRefusal, TargetRefused, remove_target
from indicators.models import (
    Assessment,
    AuditEvent,
    InstrumentVersion,
    Release,
    Run,
    Target,
    WaveInstrument,
)
from indicators.queries.status_moves import n_stale_targets, status_moves
from indicators.vocabulary import RunState, Selection, Status, TargetType
from tests.actions.cast import World, build_world
from tests.operations.answers import add_answers

T = TargetType


@pytest.fixture
def world(db) -> World:
    return build_world()


def place(world, indicator="score", school=None):
    row = world.schools[school].pk if school is not None else None
    return getattr(world, indicator).pk, row, world.endline.pk


def edit(world, low, indicator="score", school=None, read=None) -> CellEdit:
    limits = None if low is None else Limits(T.AT_LEAST, low, None)
    return CellEdit(place(world, indicator, school), limits, read)


def save(world, *edits, rationale="agreed in March", who="olga", **more) -> int:
    return save_targets(
        project=world.project, edits=edits, rationale=rationale, by=world.person(who), **more
    )


def read_of(target: Target) -> tuple[int, int]:
    return target.pk, target.revision


def test_all_cells_are_stored_with_one_reason_and_an_event_each(world):
    n = save(world, edit(world, 4.2), edit(world, 4.4, school=0), edit(world, 0.5, "share"))
    assert n == 3
    assert {(t.indicator.code, t.low, t.rationale) for t in Target.objects.all()} == {
        ("S01", 4.2, "agreed in March"),
        ("S01", 4.4, "agreed in March"),
        ("S02", 0.5, "agreed in March"),
    }
    events = AuditEvent.objects.filter(kind="target.created")
    assert {event.object_label for event in events} == {
        "S01 project W1",
        "S01 IS-01 W1",
        "S02 project W1",
    }
    assert {(event.by, event.reason) for event in events} == {
        (world.person("olga"), "agreed in March")
    }


def test_a_change_names_old_new_who_and_why(world):
    save(world, edit(world, 4.2))
    target = Target.objects.get()
    save(world, edit(world, 4.4, read=read_of(target)), rationale="better data")
    event = AuditEvent.objects.get(kind="target.changed")
    assert (event.before["low"], event.after["low"]) == (4.2, 4.4)
    assert (event.by, event.reason) == (world.person("olga"), "better data")
    target.refresh_from_db()
    assert (target.low, target.revision, target.rationale) == (4.4, 2, "better data")


def test_an_emptied_cell_removes_its_target(world):
    save(world, edit(world, 4.2), edit(world, 0.5, "share"))
    target = Target.objects.get(indicator=world.score)
    assert save(world, edit(world, None, read=read_of(target)), rationale="double") == 1
    assert not Target.objects.filter(indicator=world.score).exists()
    event = AuditEvent.objects.get(kind="target.removed")
    assert (event.before["low"], event.reason) == (4.2, "double")


@pytest.mark.parametrize("rationale", ["", "  "])
def test_without_a_reason_nothing_is_stored(world, rationale):
    with pytest.raises(TargetRefused) as refused:
        save(world, edit(world, 4.2), rationale=rationale)
    assert refused.value.reason is TargetRefusal.NO_RATIONALE
    assert not Target.objects.exists()


def test_one_cell_that_is_refused_keeps_all_from_being_stored(world):
    with pytest.raises(GridNotSaved) as refused:
        save(world, edit(world, 4.2), edit(world, 65.0, "share"), edit(world, 0.5, school=1))
    assert refused.value.refused == {
        place(world, "share"): TargetRefusal.NOT_A_SHARE,
        place(world, school=1): TargetRefusal.OUTSIDE_SCALE,
    }
    assert refused.value.stale == {}
    assert not Target.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_value_outside_the_scale_is_stored_when_confirmed(world):
    assert save(world, edit(world, 5.5), is_confirmed=True) == 1
    assert Target.objects.get().low == 5.5


def test_two_officers_in_different_cells_lose_nothing(world):
    save(world, edit(world, 4.2))
    save(world, edit(world, 4.3, school=0))
    assert Target.objects.count() == 2


def test_a_cell_changed_meanwhile_is_not_overwritten(world):
    save(world, edit(world, 4.2))
    read = read_of(Target.objects.get())
    save(world, edit(world, 4.4, read=read), rationale="first")
    with pytest.raises(GridNotSaved) as stale:
        save(world, edit(world, 4.6, read=read), edit(world, 4.5, school=0), rationale="second")
    found = stale.value.stale[place(world)]
    assert (found.low, found.rationale) == (4.4, "first")
    assert list(stale.value.stale) == [place(world)]
    assert Target.objects.get().low == 4.4  # and the other cell waits with it


def test_two_officers_who_fill_the_same_empty_cell(world):
    save(world, edit(world, 4.2))
    with pytest.raises(GridNotSaved) as stale:
        save(world, edit(world, 4.4))
    assert stale.value.stale[place(world)].low == 4.2


def test_two_officers_who_type_the_same_agree(world):
    save(world, edit(world, 4.2))
    assert save(world, edit(world, 4.2)) == 0
    assert AuditEvent.objects.count() == 1


def test_a_target_removed_meanwhile_is_not_brought_back_silently(world):
    save(world, edit(world, 4.2))
    target = Target.objects.get()
    read = read_of(target)
    remove_target(target=target, reason="gone", by=world.person("olga"))
    with pytest.raises(GridNotSaved) as stale:
        save(world, edit(world, 4.4, read=read))
    assert stale.value.stale == {place(world): None}
    assert save(world, edit(world, 4.4)) == 1


def test_a_target_removed_and_set_anew_is_another_one(world):
    """Both are at revision 1; only the key tells them apart."""
    save(world, edit(world, 4.2))
    target = Target.objects.get()
    read = read_of(target)
    remove_target(target=target, reason="gone", by=world.person("olga"))
    save(world, edit(world, 4.3))
    with pytest.raises(GridNotSaved) as stale:
        save(world, edit(world, 4.4, read=read))
    assert stale.value.stale[place(world)].low == 4.3


def test_a_target_shown_in_a_release_is_not_removed(world):
    save(world, edit(world, 4.2))
    target = Target.objects.get()
    run = Run.objects.create(project=world.project, state=RunState.DONE)
    Assessment.objects.create(run=run, target=target, status=Status.MET)
    Release.objects.create(run=run, published_at=timezone.now())
    with pytest.raises(GridNotSaved) as refused:
        save(world, edit(world, None, read=read_of(target)))
    assert refused.value.refused == {place(world): TargetRefusal.PUBLISHED}


def test_cells_of_another_project_or_of_the_baseline_are_refused(world):
    other = build_world("q")
    wrong = [
        (other.score.pk, None, world.endline.pk),
        (world.score.pk, other.schools[0].pk, world.endline.pk),
        (world.score.pk, None, other.endline.pk),
        (world.score.pk, None, world.baseline.pk),
    ]
    edits = [CellEdit(where, Limits(T.AT_LEAST, 4.0, None), None) for where in wrong]
    with pytest.raises(GridNotSaved) as refused:
        save(world, *edits)
    assert refused.value.refused == dict.fromkeys(wrong, TargetRefusal.WRONG_PLACE)


def test_indicators_of_self_selected_people_are_closed(world):
    assert closed_indicators(world.project, [world.score, world.share]) == {}
    version = InstrumentVersion.objects.create(instrument=world.student, version="1")
    WaveInstrument.objects.create(
        wave=world.endline, version=version, selection=Selection.SELF_SELECTED
    )
    closed = closed_indicators(world.project, [world.score, world.share])
    assert closed == dict.fromkeys((world.score.pk, world.share.pk), TargetRefusal.SELF_SELECTED)
    with pytest.raises(GridNotSaved):
        save(world, edit(world, 4.0))


def test_the_number_of_queries_grows_by_two_per_changed_cell(world, django_assert_max_num_queries):
    """Two writes each, the target and its event; what is read is read once."""
    edits = [edit(world, 4.2), *(edit(world, 4.3, school=n) for n in range(2))]
    with django_assert_max_num_queries(12 + 2 * len(edits)):
        save(world, *edits)


def at_most(world, high, school=None, read=None) -> CellEdit:
    return CellEdit(place(world, "share", school), Limits(T.AT_MOST, None, high), read)


def statuses(world) -> dict[str, str]:
    """A new calculation, and where every target stands in it."""
    run = run_calculation(run_id=request_run(project=world.project, by=None).pk)
    found = Assessment.objects.filter(run=run).select_related("target__school")
    return {one.target.school.code if one.target.school else "": one.status for one in found}


def test_a_changed_target_moves_every_status_that_rests_on_it_and_no_other(db):
    """The new calculation judges by the new target; the one before stays what it was."""
    world = add_answers(build_world())
    target = Target.objects.get()
    save(
        world,
        at_most(world, 1.0, read=read_of(target)),
        at_most(world, 1.0, school=0),
        at_most(world, 1.0, school=1),
    )
    assert statuses(world) == {"": Status.MET, "IS-01": Status.MET, "IS-02": Status.MET}
    own = {target.school_id: read_of(target) for target in Target.objects.all()}
    save(
        world,
        at_most(world, 0.0, read=own[None]),
        at_most(world, 0.0, school=0, read=own[world.schools[0].pk]),
        rationale="ministry's decision",
    )
    assert statuses(world) == {"": Status.NOT_MET, "IS-01": Status.NOT_MET, "IS-02": Status.MET}
    first, second = Run.objects.order_by("pk")
    judged = Assessment.objects.filter(target=target).order_by("run__pk")
    assert [(one.run, one.target_high, one.status) for one in judged] == [
        (first, 1.0, Status.MET),
        (second, 0.0, Status.NOT_MET),
    ]
    moves = status_moves(world.project, second.pk)
    assert moves.earlier == first.pk
    assert [(m.school_code, m.before, m.after, m.limits) for m in moves.rows] == [
        ("", "met", "not_met", ("at_most", None, 0.0)),
        ("IS-01", "met", "not_met", ("at_most", None, 0.0)),
    ]
    events = AuditEvent.objects.filter(kind="target.changed", reason="ministry's decision")
    assert {(e.object_label, e.before["high"], e.after["high"], e.by) for e in events} == {
        ("S02 project W1", 1.0, 0.0, world.person("olga")),
        ("S02 IS-01 W1", 1.0, 0.0, world.person("olga")),
    }


def test_targets_changed_since_the_calculation_are_counted(db):
    world = add_answers(build_world())
    assert n_stale_targets(world.project) is None
    statuses(world)
    assert n_stale_targets(world.project) == 0
    read = read_of(Target.objects.get())
    save(world, at_most(world, 0.2, read=read), at_most(world, 0.2, school=0))
    target = Target.objects.get(school=None)
    save(world, CellEdit(place(world, "share"), None, read_of(target)))  # again, and removed
    assert n_stale_targets(world.project) == 2


def test_the_first_calculation_has_nothing_to_compare_with(db):
    world = add_answers(build_world())
    statuses(world)
    moves = status_moves(world.project, Run.objects.get().pk)
    assert (moves.earlier, moves.rows) == (None, ())
