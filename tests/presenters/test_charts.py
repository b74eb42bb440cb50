"""Drawings: inside their frame, with a decimal point in every language, told in words."""

import re
from dataclasses import replace

import pytest

from indicators.presenters import charts
from indicators.presenters.lines import scale_of
from indicators.presenters.numbers import Scale
from indicators.results import Level, Standing
from indicators.vocabulary import MeasureKind
from tests.presenters.test_sentences import HEAD, NOW, THEN, line

TARGET = Standing(n=900, wave_id=1, type="at_least", low=4.5, high=None, status="not_met")
COORDINATE = re.compile(r"-?\d+(\.\d+)?")


def numbers_of(chart):
    for mark in (*chart.rects, *chart.strokes, *chart.dots, *chart.texts):
        for name in mark.__slots__:
            if name in ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height"):
                yield name, getattr(mark, name)


@pytest.mark.parametrize("language", ["en", "ru", "ky"], indirect=True)
def test_coordinates_stay_inside_and_keep_the_decimal_point(language):
    with_target = replace(line(), target=TARGET)
    scale = scale_of(HEAD)
    for chart in (
        charts.level_chart(with_target, scale),
        charts.axis_chart(with_target, scale, ("Baseline", "Endline"), "Climate"),
        charts.change_chart(line().change, line().change, scale),
    ):
        for name, text in numbers_of(chart):
            assert COORDINATE.fullmatch(text), (name, text)
            limit = chart.width if name in ("x", "x1", "x2", "cx", "width") else chart.height
            assert -0.1 <= float(text) <= limit
        assert chart.title
        assert chart.desc


def test_the_endline_stands_right_of_the_baseline_after_a_rise():
    chart = charts.level_chart(line(), scale_of(HEAD))
    then, now = (float(dot.cx) for dot in chart.dots)
    assert then < now


def test_two_numbers_without_range_or_target_are_not_drawn():
    bare = replace(
        line(),
        baseline=replace(THEN, ci_low=None, ci_high=None),
        endline=replace(NOW, ci_low=None, ci_high=None),
    )
    assert charts.level_chart(bare, scale_of(HEAD)) is None
    assert charts.level_chart(replace(bare, target=TARGET), scale_of(HEAD)) is not None


def test_a_change_target_lies_at_the_own_baseline_plus_the_change():
    target = replace(TARGET, type="change_abs", low=0.1)
    chart = charts.level_chart(replace(line(), target=target), scale_of(HEAD))
    tick = next(float(s.x1) for s in chart.strokes if s.css == "target")
    then, now = (float(dot.cx) for dot in chart.dots)
    assert then < tick < now


def test_nothing_is_drawn_from_nothing():
    empty = replace(line(), baseline=None, endline=Level(n=0, n_schools=0, value=None))
    assert charts.level_chart(empty, scale_of(HEAD)) is None
    assert charts.axis_chart(empty, scale_of(HEAD), ("a", "b"), "") is None
    assert charts.change_chart(None, None, scale_of(HEAD)) is None


def test_a_count_has_no_ticks_between_whole_numbers():
    scale = Scale(MeasureKind.SCHOOLS_COUNT, 0, "schools")
    counted = replace(
        line(),
        baseline=replace(THEN, value=19, ci_low=None),
        endline=replace(NOW, value=21, ci_low=None),
    )
    chart = charts.axis_chart(counted, scale, ("a", "b"), "")
    ticks = [text.text for text in chart.texts if text.css == "tick"]
    assert len(ticks) == len(set(ticks)) > 0


def test_a_stacked_bar_is_as_long_as_its_parts():
    bar = charts.stacked_bar([charts.Part("a", 0.25, "yes: 25 %"), charts.Part("b", 0.5, "no")], "")
    assert [(rect.x, rect.width) for rect in bar.rects] == [("0.0", "100.0"), ("100.0", "200.0")]
    assert bar.desc == "yes: 25 %; no"


def test_many_schools_share_one_axis():
    small = line(ci_low=0.1, ci_high=0.2).change
    large = line(ci_low=-1.5, ci_high=0.2).change
    assert charts.reach_of([small, large, None], None) == 1.5
    assert charts.reach_of([], None) is None
