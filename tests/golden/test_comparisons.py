"""A comparison asked for on the demo project gives the numbers that the run stored."""

from __future__ import annotations

import pytest

from indicators.actions.comparisons import Sides, ask_comparison, compute_comparison
from indicators.models import AuditEvent, Change, Estimate, Gap, Measure, Project, Run, User
from indicators.vocabulary import RunState


def measure(project: Project, code: str) -> Measure:
    return Measure.objects.select_related("item", "index").get(project=project, code=code)


@pytest.fixture
def officer(demo_project: Project) -> User:
    return User.objects.create_user("olga")


def test_two_groups_have_the_numbers_of_the_stored_gap(demo_run: Run, officer: User) -> None:
    one = measure(demo_run.project, "index:satisfaction")
    sides = Sides(one, one, "settlement", "urban", "rural")
    asked = ask_comparison(run=demo_run, sides=sides, why="", by=officer)
    done = compute_comparison(comparison_id=asked.pk)
    assert done.state == RunState.DONE
    stored = {row.wave_id: row for row in Gap.objects.filter(measure=one, group_by="settlement")}
    assert len(stored) == 2
    for row in done.waves.all():
        twin = stored[row.wave_id]
        for name in ("value", "ci_low", "ci_high", "n_first", "n_second", "change", "change_low"):
            assert getattr(row, name) == getattr(twin, name), name
    assert {e.kind for e in AuditEvent.objects.filter(object_type="comparison")} == {
        "comparison.asked",
        "comparison.computed",
    }
    assert compute_comparison(comparison_id=asked.pk).waves.count() == 2


def test_two_questionnaires_have_the_numbers_of_the_registers_gap(
    demo_run: Run, officer: User
) -> None:
    sides = Sides(
        measure(demo_run.project, "item:t_group_work_last_week"),
        measure(demo_run.project, "item:s_group_work_last_week"),
    )
    asked = ask_comparison(run=demo_run, sides=sides, why="", by=officer)
    done = compute_comparison(comparison_id=asked.pk)
    code = "gap:t_group_work_last_week:s_group_work_last_week"
    levels = {row.wave_id: row for row in Estimate.objects.filter(measure__code=code)}
    change = Change.objects.get(measure__code=code)
    for row in done.waves.all():
        level = levels[row.wave_id]
        assert (row.value, row.ci_low, row.ci_high) == (level.value, level.ci_low, level.ci_high)
        if row.wave_id == change.wave_to_id:
            assert (row.change, row.change_high) == (change.difference, change.ci_high)


def test_changed_data_are_not_compared_with_the_run(demo_run: Run, officer: User) -> None:
    one = measure(demo_run.project, "index:participation_voice")
    sides = Sides(one, one, "sex", "girl", "boy")
    asked = ask_comparison(run=demo_run, sides=sides, why="", by=officer)
    Run.objects.filter(pk=demo_run.pk).update(inputs={**demo_run.inputs, "datasets": []})
    failed = compute_comparison(comparison_id=asked.pk)
    assert (failed.state, failed.error) == (RunState.FAILED, "data_changed")
    assert not failed.waves.exists()
