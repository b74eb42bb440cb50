"""The small marks as HTML: whole for a screen reader, and harmless whatever people typed."""

import re

import pytest
from django.template import Context, Template

from indicators.presenters import charts, markup
from indicators.presenters.lines import Cell
from indicators.presenters.words import StatusView, VerdictView

BAD = '<b onmouseover="x">&'


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize(
    "html",
    [
        markup.cell_html(Cell(BAD, BAD, BAD)),
        markup.status_html(StatusView("met", BAD, "full")),
        markup.verdict_html(VerdictView("increased", BAD, "good", BAD, BAD)),
        markup.chart_html(
            charts.Chart(
                10,
                10,
                BAD,
                BAD,
                rects=(charts.Rect("a", "0", "0", "1", "1", BAD),),
                texts=(charts.Text("a", "0", "0", BAD),),
            )
        ),
    ],
    ids=["cell", "status", "verdict", "chart"],
)
def test_text_of_people_is_escaped(html):
    assert "<b" not in html
    assert 'onmouseover="' not in html
    assert "&lt;b onmouseover=&quot;x&quot;&gt;&amp;" in html


def test_a_status_has_its_word_and_hides_its_shape():
    html = markup.status_html(StatusView("met", "met", "full"))
    assert words(html) == "met"
    assert '<svg class="shape" aria-hidden="true" focusable="false"><use href="#shape-full"' in html
    assert "<svg" not in markup.status_html(StatusView("no_target", "no target", ""))


def test_a_verdict_says_what_is_wanted_and_nothing_is_a_dash():
    verdict = VerdictView("increased", "increased", "good", "wanted direction", "")
    assert words(markup.verdict_html(verdict)) == "increased wanted direction"
    assert markup.verdict_html(None) == "–"


def test_a_refusal_leads_to_its_explanation_where_the_way_is_known():
    view = VerdictView("k", "counted", "quiet", "", "Every school was asked.", "reason-census")
    html = markup.verdict_html(view, "/p/demo/method/")
    assert 'href="/p/demo/method/#reason-census"' in html
    assert words(html) == "counted"
    assert "<a" not in markup.verdict_html(view)
    assert "<a" not in markup.verdict_html(VerdictView("k", "increased", "good", "", ""), "/m/")


def test_a_dash_carries_its_reason_for_eyes_and_ears():
    html = markup.cell_html(Cell("–", "No value in this wave."))
    assert words(html) == "– No value in this wave."
    assert 'title="No value in this wave."' in html
    assert words(markup.cell_html(Cell("3.9", more="compared"))) == "3.9compared"


def test_a_chart_tells_its_numbers_and_none_is_nothing():
    bar = charts.stacked_bar([charts.Part("shade-0", 1.0, "yes: 100 %")], "Answers")
    html = markup.chart_html(bar)
    assert 'role="img" aria-label="Answers. yes: 100 %"' in html
    assert 'preserveAspectRatio="none"' in html
    assert markup.chart_html(None) == ""


def test_templates_set_counts_with_their_thousands_apart():
    template = Template("{% load mel %}{{ n|whole }} {{ none|whole }}")
    assert template.render(Context({"n": 1512, "none": None})) == "1\u202f512 –"
