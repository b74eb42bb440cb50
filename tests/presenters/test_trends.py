"""Small multiples of one school: higher is higher, and the band is the project's."""

import datetime
import re

import pytest

from indicators.presenters.lines import scale_of
from indicators.presenters.trends import trend_blocks, trend_chart
from indicators.results import Level, Trend, TrendPoint, WaveHead
from tests.presenters.test_sentences import HEAD

NAMES = ("Baseline", "Midline", "Endline")


def wave(place):
    start = datetime.date(2025 + place, 10, 4)
    return WaveHead(place, f"W{place}", NAMES[place], "monitoring", place, start, start)


def own(value, low=None, high=None, n=40):
    return Level(n=n, n_schools=1, value=value, ci_low=low, ci_high=high)


def project(low=3.9, high=4.1):
    return Level(n=900, n_schools=23, value=4.0, ci_low=low, ci_high=high)


def trend(*points):
    return Trend(HEAD, tuple(TrendPoint(wave(place), a, b) for place, (a, b) in enumerate(points)))


def chart_of(*points):
    return trend_chart(trend(*points), scale_of(HEAD), NAMES[: len(points)])


def test_a_higher_value_stands_higher_and_a_later_wave_to_the_right():
    chart = chart_of((own(3.2), project()), (own(4.4), project()))
    (then, now) = chart.dots
    assert (then.css, now.css) == ("then", "now")
    assert float(then.cx) < float(now.cx)
    assert float(then.cy) > float(now.cy)


def test_the_projects_range_is_one_band_through_the_waves():
    chart = chart_of((own(4), project(3.8, 4.0)), (own(4), project(4.0, 4.2)))
    (band,) = chart.areas
    corners = [tuple(map(float, pair.split(","))) for pair in band.points.split()]
    assert len(corners) == 4
    (left_x, left_top), (right_x, right_top), _, (_, left_bottom) = corners
    assert left_x < right_x
    assert right_top < left_top < left_bottom  # the band rises with the project


def test_a_wave_without_a_range_interrupts_the_band():
    chart = chart_of((own(4), project()), (own(4), own(4)), (own(4), project()))
    assert len(chart.areas) == 2


def test_a_missing_wave_is_no_dot_and_no_zero():
    chart = chart_of((own(4.2), project()), (None, project()), (own(4.0), project()))
    assert len(chart.dots) == 2
    lines = [stroke for stroke in chart.strokes if "slope" in stroke.css]
    assert len(lines) == 1
    assert "0" not in [text.text for text in chart.texts]


def test_a_hidden_value_is_not_drawn_but_told():
    hidden = Level(n=None, n_schools=1, value=None, below=10, reason="SUPPRESSED")
    (block,) = trend_blocks([trend((own(4.2), project()), (hidden, project()))], NAMES[:2])
    (view,) = block.trends
    assert len(view.chart.dots) == 1
    assert (view.rows[1].value.text, view.rows[1].n) == ("–", "<\u202f10")
    assert "Hidden to protect" in view.rows[1].value.reason


@pytest.mark.parametrize(
    "points",
    [
        [(None, project()), (None, project())],
        [(own(4.2), None), (None, None)],
        [(own(None), None)],
    ],
)
def test_nothing_is_drawn_where_nothing_can_be_seen(points):
    assert chart_of(*points) is None
    assert trend_blocks([trend(*points)], NAMES[: len(points)]) == ()


def test_one_wave_stands_in_the_middle_beside_its_band():
    chart = chart_of((own(4.2), project()))
    assert float(chart.dots[0].cx) == chart.width / 2
    assert len(chart.areas) == 1


def test_the_table_holds_the_numbers_of_the_drawing():
    (block,) = trend_blocks(
        [trend((own(4.2, 3.9, 4.5), project()), (own(4.31), project(4.0, 4.2)))], NAMES[:2]
    )
    then, now = block.trends[0].rows
    assert (then.wave, then.value.text, then.range, then.n) == (
        "Baseline",
        "4.20",
        "3.90 to 4.50",
        "40",
    )
    assert (now.project.text, now.project_range, now.range) == ("4.00", "4.00 to 4.20", "–")
    words = block.trends[0].chart.desc
    assert words == "Baseline 4.20 (project 3.90 to 4.10); Midline 4.31 (project 4.00 to 4.20)"


@pytest.mark.parametrize("language", ["en", "ru", "ky"], indirect=True)
def test_everything_lies_inside_with_a_decimal_point(language):
    chart = chart_of((own(1.0, 0.2, 1.8), project()), (own(4.9, 4.0, 5.8), project()))
    for area in chart.areas:
        assert re.fullmatch(r"[\d.]+,[\d.]+( [\d.]+,[\d.]+)*", area.points)
    for mark in (*chart.strokes, *chart.dots):
        for name in ("x1", "x2", "y1", "y2", "cx", "cy"):
            if name in mark.__slots__:
                limit = chart.width if "x" in name else chart.height
                assert 0 <= float(getattr(mark, name)) <= limit


def test_equal_values_stand_in_the_middle():
    (dot, _other) = chart_of((own(4.0), None), (own(4.0), None)).dots
    assert 20 < float(dot.cy) < 80
