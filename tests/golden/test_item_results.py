"""Every question of the demo has its answers stored, and the stored numbers fit one another."""

from __future__ import annotations

from collections import defaultdict

import pytest

from indicators.models import Change, Estimate, IndexComponent, Item, ItemResult, Project, Run
from indicators.vocabulary import ANSWERED_KINDS, BACKGROUND_BLOCK, ItemKind, MeasureKind, Scope


def test_every_question_has_answers_in_every_wave_that_asks_it(
    demo_project: Project, demo_run: Run
) -> None:
    asked = {
        (item, wave)
        for item, wave in Item.objects.filter(
            instrument__project=demo_project, kind__in=ANSWERED_KINDS, continues=None
        )
        .exclude(kind=ItemKind.TEXT, block__code=BACKGROUND_BLOCK)
        .values_list("pk", "versions__version__wave_instruments__wave_id")
    }
    stored = set(ItemResult.objects.filter(run=demo_run).values_list("item_id", "wave_id"))
    assert stored == asked
    assert len(stored) > 190


def test_distributions_sum_and_means_fit_them(demo_project: Project, demo_run: Run) -> None:
    for row in ItemResult.objects.filter(run=demo_run).select_related("item__scale"):
        if row.item.kind == ItemKind.TEXT:
            assert (row.counts, row.mean) == (None, None)
            continue
        total = sum(row.counts.values())
        if row.item.kind == ItemKind.MULTI:
            assert row.n_mentions == total >= row.n
            continue
        assert total == row.n <= row.n_sheets
        if row.mean is None:
            continue
        scored = {
            option.code: row.counts.get(str(option.code), 0)
            for option in row.item.scale.options.filter(is_substantive=True)
        }
        assert sum(scored.values()) == row.n_scored
        assert sum(code * n for code, n in scored.items()) / row.n_scored == pytest.approx(row.mean)
        low, high = min(scored), max(scored)
        assert row.common == pytest.approx(1 + 4 * (row.mean - low) / (high - low))


def test_levels_of_measures_and_of_questions_are_one_number(
    demo_project: Project, demo_run: Run
) -> None:
    means = Estimate.objects.filter(
        run=demo_run, measure__kind=MeasureKind.ITEM_MEAN, scope=Scope.PROJECT
    ).select_related("measure")
    results = {(row.item_id, row.wave_id): row for row in ItemResult.objects.filter(run=demo_run)}
    assert len(means) > 150
    for one in means:
        row = results[one.measure.item_id, one.wave_id]
        assert (one.n, one.counts) == (row.n_scored, row.counts)
        assert one.value == pytest.approx(row.mean, abs=1e-12)


def test_what_the_questions_add_is_the_change_of_the_index(
    demo_project: Project, demo_run: Run
) -> None:
    added: dict[int, float] = defaultdict(float)
    for row in IndexComponent.objects.filter(run=demo_run, wave_from__isnull=False):
        added[row.measure_id] += row.contribution
    changes = Change.objects.filter(
        run=demo_run, measure__kind=MeasureKind.INDEX_MEAN, scope=Scope.PROJECT
    )
    assert len(added) == len(changes) == 15
    for change in changes:
        assert added[change.measure_id] == pytest.approx(change.difference, abs=1e-12)


def test_an_index_from_0_to_3_stands_on_1_to_5_too(demo_project: Project, demo_run: Run) -> None:
    """The report prints 1.72 and, in its radar, 3.29."""
    row = Estimate.objects.get(
        run=demo_run,
        measure__code="index:learning_practices",
        wave__code="W0",
        scope=Scope.PROJECT,
    )
    assert (round(row.value, 2), round(row.common, 2)) == (1.72, 3.29)
