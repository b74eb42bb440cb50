"""Calculations as rows: named by their inputs, stored whole or not at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from indicators.actions import runs
from indicators.actions.run_rows import store_results
from indicators.actions.runs import (
    MOST_RESTARTS,
    InputsKeepChanging,
    RunCancelled,
    cancel_run,
    is_up_to_date,
    mark_interrupted,
    request_run,
    run_calculation,
    unfinished_runs,
)
from indicators.models import (
    Assessment,
    AuditEvent,
    Change,
    Checklist,
    Dataset,
    DistributionTest,
    Estimate,
    Exclusion,
    Gap,
    Item,
    Project,
    Reliability,
    Run,
    School,
    Target,
    Upload,
    Wave,
    WaveInstrument,
)
from indicators.pipeline.outcomes import Results
from indicators.queries.calculation import calculation_inputs
from indicators.vocabulary import (
    ChecklistState,
    RunState,
    Selection,
    UploadState,
)
from tests.actions.cast import SCORED, World, build_world
from tests.operations.answers import PER_SCHOOL, add_answers, add_file
from tests.operations.digest import results_of

RESULTS = (Estimate, Change, Gap, Reliability, DistributionTest, Assessment)


@pytest.fixture
def world(db: None) -> World:
    return add_answers(build_world())


def calculated(world: World) -> Run:
    return run_calculation(run_id=request_run(project=world.project, by=None).pk)


def n_rows(run: Run) -> int:
    return sum(model._default_manager.filter(run=run).count() for model in RESULTS)


# --- the same inputs, the same bytes ------------------------------------------------------


def test_twice_the_same_inputs_give_the_same_fingerprint_and_rows(world: World) -> None:
    first, second = calculated(world), calculated(world)
    assert first.state == second.state == RunState.DONE
    assert first.pk != second.pk
    assert first.inputs == second.inputs
    assert first.input_sha256 == second.input_sha256
    assert results_of(first.pk) == results_of(second.pk)
    assert n_rows(first) == 10


def change_target(world: World) -> None:
    Target.objects.update(high=0.31)


def change_a_definition(world: World) -> None:
    measure = world.share.measure
    measure.codes = [1]
    measure.save()


def change_an_option(world: World) -> None:
    scale = Item.objects.get(name="s_safe").scale
    assert scale is not None
    scale.options.create(name="dont_know", code=9, is_substantive=False, position=9)


def change_a_margin(world: World) -> None:
    type(world.share).objects.filter(pk=world.share.pk).update(margin=0.07)


def change_a_rule(world: World) -> None:
    Project.objects.update(alpha=0.10)


def change_a_school(world: World) -> None:
    School.objects.filter(code="IS-01").update(n_students=400)


def change_a_wave(world: World) -> None:
    Wave.objects.filter(code="W1").update(field_end="2027-11-20")


def change_how_people_came_in(world: World) -> None:
    surveyed = WaveInstrument.objects.filter(version__instrument=world.student)
    surveyed.update(selection=Selection.SELF_SELECTED)


def exclude_a_row(world: World) -> None:
    Exclusion.objects.create(
        dataset=Dataset.objects.latest("id"), row=2, reason="the teacher filled it in"
    )


def send_a_checklist(world: World) -> None:
    world.checklist(answers=dict.fromkeys(SCORED, 1), state=ChecklistState.SUBMITTED)


def accept_a_file(world: World) -> None:
    add_file(world, world.endline, seed=99)


def withdraw_a_file(world: World) -> None:
    Upload.objects.filter(file_name="W1-1.csv").update(
        state=UploadState.WITHDRAWN, withdrawn_at=timezone.now()
    )


CHANGES = (
    change_target,
    change_a_definition,
    change_an_option,
    change_a_margin,
    change_a_rule,
    change_a_school,
    change_a_wave,
    change_how_people_came_in,
    exclude_a_row,
    send_a_checklist,
    accept_a_file,
    withdraw_a_file,
)


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_number_depends_on_is_in_the_fingerprint(
    world: World, change: Callable[[World], None]
) -> None:
    before = calculated(world)
    assert is_up_to_date(project=world.project) == before
    change(world)
    assert is_up_to_date(project=world.project) is None
    after = calculated(world)
    assert after.input_sha256 != before.input_sha256
    assert is_up_to_date(project=world.project) == after


def test_a_school_with_every_sheet_left_out_did_not_take_part(world: World) -> None:
    """Left in, it would count as a cluster without answers and make the error too small."""
    dataset = Dataset.objects.get(wave=world.baseline)
    for row in range(2, 2 + PER_SCHOOL):  # the sheets of the first school
        Exclusion.objects.create(dataset=dataset, row=row, reason="filled in by somebody else")
    before, after = calculation_inputs(world.project)[0].answers
    assert before.school_codes == ("IS-02",)
    assert len(before.school_index) == PER_SCHOOL
    assert after.school_codes == ("IS-01", "IS-02")
    level = calculated(world).estimates.get(
        measure=world.share.measure, wave=world.baseline, scope="project"
    )
    assert (level.n, level.n_schools) == (PER_SCHOOL, 1)


def test_a_draft_is_not_in_the_fingerprint(world: World) -> None:
    before = calculated(world)
    world.checklist(answers={SCORED[0]: 1}, state=ChecklistState.DRAFT)
    assert is_up_to_date(project=world.project) == before


def test_a_checklist_that_is_not_complete_does_not_count(world: World) -> None:
    before = calculated(world)
    world.checklist(answers={SCORED[0]: 1}, state=ChecklistState.SUBMITTED)
    assert Checklist.objects.count() == 1
    assert is_up_to_date(project=world.project) == before


def test_another_version_of_the_program_is_not_up_to_date(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    calculated(world)
    monkeypatch.setattr(runs, "VERSION", "99.0")
    assert is_up_to_date(project=world.project) is None


def test_without_a_finished_run_nothing_is_up_to_date(world: World) -> None:
    request_run(project=world.project, by=None)
    assert is_up_to_date(project=world.project) is None


# --- asked for, cancelled, handed out -----------------------------------------------------


def test_a_run_that_waits_is_reused(world: World) -> None:
    officer = world.person("olga")
    first = request_run(project=world.project, by=officer)
    assert request_run(project=world.project, by=None) == first
    assert first.started_by == officer
    Run.objects.filter(pk=first.pk).update(state=RunState.RUNNING)
    second = request_run(project=world.project, by=None)
    assert second != first
    assert unfinished_runs() == [first.pk, second.pk]


def test_who_asks_after_a_cancel_gets_a_new_run(world: World) -> None:
    first = request_run(project=world.project, by=None)
    cancel_run(run=first, by=world.person("olga"))
    first.refresh_from_db()
    assert first.state == RunState.INTERRUPTED
    assert request_run(project=world.project, by=None) != first
    again = run_calculation(run_id=first.pk)  # its task still lies in the queue
    assert again.state == RunState.INTERRUPTED
    assert n_rows(first) == 0


def test_a_cancelled_calculation_stops_at_its_next_step(world: World) -> None:
    run = request_run(project=world.project, by=None)

    def cancel_once(seen: Run) -> None:
        cancel_run(run=seen, by=world.person("olga"))

    ended = run_calculation(run_id=run.pk, progress=cancel_once)
    assert ended.state == RunState.INTERRUPTED
    assert ended.finished_at is not None
    assert n_rows(run) == 0
    assert AuditEvent.objects.filter(kind="run.cancel_asked").exists()


def test_a_finished_run_is_not_cancelled(world: World) -> None:
    run = calculated(world)
    cancel_run(run=run, by=world.person("olga"))
    run.refresh_from_db()
    assert (run.state, run.cancel_asked) == (RunState.DONE, False)


@pytest.mark.parametrize("state", [RunState.DONE, RunState.FAILED])
def test_a_run_that_ended_is_not_carried_out_again(world: World, state: RunState) -> None:
    run = Run.objects.create(project=world.project, state=state, error="as it was")
    assert run_calculation(run_id=run.pk).error == "as it was"
    assert n_rows(run) == 0


def test_a_run_whose_worker_died_is_carried_out_by_the_next(world: World) -> None:
    run = Run.objects.create(project=world.project, state=RunState.RUNNING, step="tally", done=3)
    assert run_calculation(run_id=run.pk).state == RunState.DONE
    assert n_rows(run) == 10


def test_a_run_that_kills_its_worker_each_time_is_given_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run.objects.create(project=world.project, state=RunState.RUNNING)
    monkeypatch.setattr(runs, "_calculate", lambda *_: None)  # the process is gone: no outcome
    for _ in range(MOST_RESTARTS):
        assert run_calculation(run_id=run.pk).state == RunState.RUNNING
    ended = run_calculation(run_id=run.pk)
    assert ended.state == RunState.FAILED
    assert "broke off" in ended.error


def test_interrupted_runs_are_marked(world: World) -> None:
    done = calculated(world)
    left = [Run.objects.create(project=world.project, state=state) for state in runs.UNFINISHED]
    assert mark_interrupted() == 2
    assert {Run.objects.get(pk=run.pk).state for run in left} == {RunState.INTERRUPTED}
    assert Run.objects.get(pk=done.pk).state == RunState.DONE


# --- whole or not at all ------------------------------------------------------------------


def test_an_error_while_storing_leaves_no_rows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(run: Run, results: Results) -> None:
        store_results(run, results)
        raise OSError("the disk is full")

    monkeypatch.setattr(runs, "store_results", half)
    run = request_run(project=world.project, by=None)
    with pytest.raises(OSError, match="the disk is full"):
        run_calculation(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert run.error == "OSError: the disk is full"
    assert run.finished_at is not None
    assert n_rows(run) == 0
    assert not AuditEvent.objects.filter(kind="run.finished").exists()


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_a_process_that_is_told_to_go_says_so_on_the_run(
    world: World, end: type[BaseException]
) -> None:
    run = request_run(project=world.project, by=None)

    def stop(_: Run) -> None:
        raise end

    with pytest.raises(end):
        run_calculation(run_id=run.pk, progress=stop)
    run.refresh_from_db()
    assert run.state == RunState.INTERRUPTED


def test_a_listener_can_stop_the_calculation(world: World) -> None:
    def stop(_: Run) -> None:
        raise RunCancelled

    run = request_run(project=world.project, by=None)
    assert run_calculation(run_id=run.pk, progress=stop).state == RunState.INTERRUPTED


def test_the_slower_of_two_workers_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = request_run(project=world.project, by=None)
    rows: dict[str, list[str]] = {}

    def overtaken(_: Run) -> None:
        if not rows:
            with monkeypatch.context() as alone:
                alone.setattr(runs, "MOST_RESTARTS", 9)
                rows["before"] = [run_calculation(run_id=run.pk).state]
            rows.update(results_of(run.pk))

    ended = run_calculation(run_id=run.pk, progress=overtaken)
    assert ended.state == rows.pop("before")[0] == RunState.DONE
    assert results_of(run.pk) == rows


def test_a_slower_worker_that_fails_does_not_undo_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = request_run(project=world.project, by=None)

    def overtaken_then_fails(seen: Run) -> None:
        if seen.step == "estimate":
            run_calculation(run_id=run.pk)
            raise ValueError("too slow")

    with pytest.raises(ValueError, match="too slow"):
        run_calculation(run_id=run.pk, progress=overtaken_then_fails)
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.DONE, "")


def test_data_that_change_meanwhile_are_calculated_again(world: World) -> None:
    """Answers are read during the calculation; the file is taken away before they are."""
    run = request_run(project=world.project, by=None)
    changed: list[int] = []

    def withdraw_once(_: Run) -> None:
        if not changed:
            changed.append(1)
            Upload.objects.filter(file_name="W1-1.csv").delete()

    ended = run_calculation(run_id=run.pk, progress=withdraw_once)
    assert ended.state == RunState.DONE
    assert len(ended.inputs["datasets"]) == 1
    assert results_of(run.pk) == results_of(calculated(world).pk)


def test_a_stumble_over_data_taken_away_is_no_failure(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = runs.calculate
    calls: list[int] = []

    def stumble(*args: object) -> Results:
        calls.append(1)
        if len(calls) == 1:
            Upload.objects.filter(file_name="W1-1.csv").delete()
            raise KeyError("s_safe")
        return original(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(runs, "calculate", stumble)
    assert calculated(world).state == RunState.DONE
    assert len(calls) == 2


def test_data_that_never_rest_end_in_a_failure(world: World) -> None:
    def change(_: Run) -> None:
        target = Target.objects.get()
        Target.objects.update(high=(target.high or 0) + 0.001)

    run = request_run(project=world.project, by=None)
    with pytest.raises(InputsKeepChanging):
        run_calculation(run_id=run.pk, progress=change)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert n_rows(run) == 0


def test_a_target_removed_meanwhile_has_no_row(world: World) -> None:
    run = Run.objects.create(project=world.project)
    results = run_of(world)
    Target.objects.all().delete()
    with transaction.atomic():
        store_results(run, results)
    assert run.assessments.count() == 0
    assert run.estimates.count() == 6


def run_of(world: World) -> Results:
    inputs, _ = runs.calculation_inputs(world.project)
    return runs.calculate(inputs)
