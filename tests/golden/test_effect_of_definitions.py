"""What the preview of a definition counts is what the calculation stores, for every indicator."""

from __future__ import annotations

from typing import Any

import pytest

from indicators.actions.definition_preview import current_changes
from indicators.models import Assessment, Change, Estimate, Indicator, Project, Reliability, Run
from indicators.pipeline.effect import Side, count_measure, only
from indicators.queries.measure_inputs import definition_inputs, with_data
from indicators.vocabulary import Scope

pytestmark = pytest.mark.django_db


def near(*numbers: float | None) -> tuple[Any, ...]:
    """The same numbers; sums over fewer groups may differ in the last digit."""
    return tuple(one if one is None else pytest.approx(one, rel=1e-10) for one in numbers)


def counted(project: Project, measure: str, others: Any) -> Side:
    """As the preview does it: one measure's definitions, then the data they need."""
    part = only(definition_inputs(project, measure), {measure})
    return count_measure(with_data(project, [part])[0], measure, others)


def test_every_indicator_is_previewed_as_it_is_calculated(
    demo_project: Project, demo_run: Run
) -> None:
    others = current_changes(demo_project)
    assert others is not None
    codes = Indicator.objects.filter(project=demo_project).values_list("measure__code", flat=True)
    n_words = n_targets = 0
    for code in sorted(set(codes)):
        side = counted(demo_project, code, others)
        own: dict[str, Any] = {"run": demo_run, "measure__code": code, "scope": Scope.PROJECT}
        levels = Estimate.objects.filter(**own).select_related("wave")
        stored = {row.wave.code: near(row.n, row.value, row.sd) for row in levels}
        assert {w: (one.n, one.value, one.sd) for w, one in side.levels.items()} == stored, code
        changes = Change.objects.filter(**own).select_related("wave_to")
        words = {
            row.wave_to.code: (*near(row.difference, row.ci_low, row.ci_high), row.verdict)
            for row in changes
        }
        assert {
            wave: (one.difference, one.ci_low, one.ci_high, one.verdict)
            for wave, one in side.changes.items()
        } == words, code
        assert side.words == (), code
        targets = Assessment.objects.filter(run=demo_run, target__indicator__measure__code=code)
        stands = {row.target_id: (row.status, *near(row.value)) for row in targets}
        assert {k: (one.status, one.value) for k, one in side.assessments.items()} == stands, code
        n_words, n_targets = n_words + len(words), n_targets + len(stands)
    assert n_words > 60
    assert n_targets == Assessment.objects.filter(run=demo_run).count()


def test_the_coefficients_of_indices_are_those_stored(demo_project: Project, demo_run: Run) -> None:
    rows = Reliability.objects.filter(run=demo_run).select_related("measure", "wave")
    assert rows
    for row in rows:
        side = counted(demo_project, row.measure.code, None)
        found = side.indices[row.wave.code]
        alpha = row.alpha_std if row.alpha is None else row.alpha
        assert (found.coefficient, found.n_complete) == near(alpha, row.n_complete)
        assert (found.reason or "") == row.reason
