"""The thresholds of assessment are settings of the project, from the form to the stored status."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from indicators.actions.runs import request_run, run_calculation
from indicators.models import (
    Assessment,
    Indicator,
    ManualValue,
    Measure,
    Project,
    Target,
    Upload,
    Wave,
)
from indicators.pipeline.inputs import Rules
from indicators.presenters.legend import legend_view
from indicators.queries.calculation import calculation_inputs
from indicators.vocabulary import (
    BaselinePolicy,
    Direction,
    MeasureKind,
    Status,
    TargetType,
    WaveKind,
)
from tests.actions.cast import World, build_world
from tests.operations.answers import add_answers

NUMBERS = [field.name for field in fields(Rules) if field.name != "reference_date"]


@pytest.fixture
def world(db: None) -> World:
    return add_answers(build_world())


def assessed(world: World, target: Target) -> Assessment:
    run = run_calculation(run_id=request_run(project=world.project, by=None).pk)
    return Assessment.objects.get(run=run, target=target)


@pytest.mark.parametrize("name", NUMBERS)
def test_every_rule_comes_from_the_project_and_names_the_run(world: World, name: str) -> None:
    before, names = calculation_inputs(world.project)
    assert getattr(before.rules, name) == getattr(Rules(), name)  # the usual rules are the defaults
    other = getattr(before.rules, name) / 2
    Project.objects.update(**{name: other})
    after, changed = calculation_inputs(Project.objects.get())
    assert getattr(after.rules, name) == other
    assert names["rules"] != changed["rules"]


def test_the_range_of_a_target_is_a_setting(world: World) -> None:
    target = Target.objects.get()
    usual = assessed(world, target)
    Project.objects.update(target_confidence=0.5)
    narrow = assessed(world, target)
    assert usual.value == narrow.value
    assert usual.bound_low < narrow.bound_low < usual.value < narrow.bound_high < usual.bound_high


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_a_range_of_nothing_or_of_everything_is_refused(world: World, confidence: float) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.update(target_confidence=confidence)


def counted(world: World, *values: float) -> Target:
    """An indicator typed by hand, and its target of 100 two years after the endline."""
    indicator = Indicator.objects.create(
        project=world.project,
        code="M01",
        measure=Measure.objects.create(
            project=world.project, code="manual:M01", kind=MeasureKind.MANUAL
        ),
        level="output",
        unit="number",
        respondent="manual",
        baseline_policy=BaselinePolicy.MEASURED,
        direction=Direction.INCREASE,
        position=3,
    )
    upload = Upload.objects.first()
    for row, (wave, value) in enumerate(zip((world.baseline, world.endline), values, strict=True)):
        ManualValue.objects.create(
            upload=upload, indicator=indicator, wave=wave, value=value, row=row
        )
    last = Wave.objects.create(
        project=world.project,
        code="W2",
        kind=WaveKind.MONITORING,
        position=2,
        field_start=date(2029, 10, 1),
        field_end=date(2029, 10, 31),
    )
    return Target.objects.create(
        indicator=indicator, wave=last, type=TargetType.AT_LEAST, low=100.0, high=None
    )


def test_the_share_that_is_on_track_is_a_setting(world: World) -> None:
    # From 2025-11-01 to 2029-10-31 are 1460 days, 730 of them gone at 2027-11-01: e = 0.5.
    target = counted(world, 20.0, 52.0)  # (52 - 20)/(100 - 20) = 0.40 = 0.8 e
    found = assessed(world, target)
    assert (found.status, found.share_closed) == (Status.ON_TRACK, pytest.approx(0.4))
    assert found.share_elapsed == pytest.approx(0.5)
    assert found.is_by_value_alone
    Project.objects.update(on_track_share=0.81)
    assert assessed(world, target).status == Status.OFF_TRACK


def test_an_indicator_that_is_to_be_maintained_has_no_way_to_go(world: World) -> None:
    target = counted(world, 20.0, 90.0)
    assert assessed(world, target).status == Status.ON_TRACK
    Indicator.objects.filter(code="M01").update(direction=Direction.MAINTAIN)
    found = assessed(world, target)
    assert (found.status, found.value, found.share_closed) == (Status.NOT_DUE, 90.0, None)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_legend_prints_them(world: World, language: str) -> None:
    Project.objects.update(on_track_share=0.73, target_confidence=0.96)
    project = Project.objects.get()
    with translation.override(language):
        page = legend_view(project)
    rules = " ".join(page.thresholds)
    assert rules.count("73") == 1
    assert rules.count("96") == 2  # of targets that are due, and of those that are not
    told = {str(row.status.word): row.text for row in page.statuses}
    assert sum("73" in text for text in told.values()) == 2
