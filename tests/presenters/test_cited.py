"""A cited figure reads as the table prints it, and hides what the table hides."""

import re

import pytest
from django.utils import translation

from indicators.access import open_project
from indicators.models import Change, Estimate, Indicator, Wave
from indicators.pipeline.citation import Citation, CitedFigure, CitedPart
from indicators.presenters.cited import cited_html, cited_text, figure_text
from indicators.presenters.cited_help import gap_offers, offers
from indicators.presenters.lines import line_view
from indicators.presenters.numbers import DASH
from indicators.queries.citations import all_figures, cited_figures
from indicators.queries.project_overview import project_overview
from indicators.queries.visible import visible_run
from indicators.results import Figures
from tests.web.factories import build_world, member, publish

pytestmark = pytest.mark.django_db
F, P = CitedFigure, CitedPart


@pytest.fixture
def world():
    return build_world()


def visit_of(world, role, *schools):
    return open_project(member(world, role, *schools), "demo")


def figures_of(world, role="officer"):
    visit = visit_of(world, role)
    return all_figures(visit, visible_run(visit).run)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_every_indicator_is_cited_as_the_table_prints_it(client, world, language):
    client.force_login(member(world, "officer"))
    client.cookies["django_language"] = language
    page = client.get("/p/demo/").content.decode()
    figures = figures_of(world)
    overview = project_overview(project=world.project, run=world.run, min_group=1)
    with translation.override(language):
        for line in overview.lines:
            code, view = line.indicator.code, line_view(line)
            row = page.split(f'<th scope="row"><a href="/p/demo/indicators/{code}/"')[1].split(
                "</tr>"
            )[0]
            printed = re.findall(r'<span class="value"[^>]*>([^<]*)</span>', row)
            cited = [
                figure_text(Citation(code, figure), figures).text
                for figure in (F.BASELINE, F.ENDLINE, F.CHANGE)
            ]
            assert cited == printed[:3], code
            assert cited_text(f"{{{code}.change.ci}}", figures) == (view.range or DASH)
            assert cited_text(f"{{{code}.target}}", figures) == (view.target or DASH)
            assert cited_text(f"{{{code}.target.status}}", figures) == view.status.word
            assert cited_text(f"{{{code}.change.verdict}}", figures) == view.verdict.word
            n = [cited_text(f"{{{code}.{one}.n}}", figures) for one in ("baseline", "endline")]
            assert " / ".join(n) == view.n


def test_a_named_wave_prints_the_value_of_that_wave(world):
    figures = figures_of(world)
    for first, second in (("S01@W0", "S01.baseline"), ("S08@W1.ci", "S08.endline.ci")):
        one, other = (cited_text("{" + text + "}", figures) for text in (first, second))
        assert one == other != DASH


def midline_of(world):
    """A wave between the two, not asked yet."""
    middle = Wave.objects.create(
        project=world.project,
        code="WM",
        kind="midline",
        position=5,
        name_en="Midline",
        field_start="2026-10-01",
        field_end="2026-10-31",
    )
    Wave.objects.filter(code="W1").update(position=9)
    return middle


def test_a_wave_between_is_read_when_it_is_named(world):
    middle = midline_of(world)
    measure = world.indicators["S01"].measure
    Estimate.objects.create(
        run=world.run, measure=measure, wave=middle, scope="project", n=50, n_schools=4, value=4.1
    )
    visit = visit_of(world, "officer")
    figures = cited_figures(visit, world.run, ["{S01@WM} {S01@WM.n} {S08@WM}"])
    with translation.override("en"):
        assert cited_text("{S01@WM} {S01@WM.n} {S08@WM}", figures) == f"4.10 50 {DASH}"
        # A text that does not name the wave does not know its value.
        assert cited_text("{S01@WM}", cited_figures(visit, world.run, ["{S01.endline}"])) == DASH


def test_a_small_group_is_hidden_from_donors_and_not_from_officers(world):
    measure = world.indicators["S01"].measure
    Estimate.objects.filter(measure=measure, scope="project", wave=world.waves[1]).update(n=7)
    Change.objects.filter(measure=measure, scope="project").update(n_endline=7)
    text = "{S01.endline} {S01.endline.ci} {S01.change} {S01.change.ci} {S01.endline.n}"
    with translation.override("en"):
        donor = cited_text(text, figures_of(world, "donor"))
        assert donor.count("hidden, small group") == 4
        assert donor.endswith("<\u202f10")
        assert not re.search(r"\d[.]\d", donor)
        officer = cited_text(text, figures_of(world))
        assert "hidden" not in officer
        assert officer.endswith(" 7")


def test_a_missing_number_is_a_dash(world):
    measure = world.indicators["S01"].measure
    Estimate.objects.filter(measure=measure, scope="project").delete()
    Change.objects.filter(measure=measure).delete()
    assert cited_text("{S01.endline}{S01.change}{S01.endline.n}", figures_of(world)) == DASH * 3


def test_donors_read_the_released_number_and_officers_the_newest(world):
    newer = type(world.run).objects.create(
        project=world.project, state="done", code_version="0.1.0", input_sha256="cd" * 32
    )
    Estimate.objects.create(
        run=newer,
        measure=world.indicators["S01"].measure,
        wave=world.waves[0],
        scope="project",
        n=500,
        n_schools=4,
        value=1.11,
    )
    with translation.override("en"):
        assert cited_text("{S01.baseline}", figures_of(world, "donor")) == "4.02"
        assert cited_text("{S01.baseline}", figures_of(world)) == "1.11"
        publish(newer)
        assert cited_text("{S01.baseline}", figures_of(world, "donor")) == "1.11"


def test_without_results_every_figure_is_a_dash(world):
    visit = visit_of(world, "officer")
    figures = all_figures(visit, None)
    assert cited_text("{S01.endline} {S01.baseline.ci} {S01@W1}", figures) == " ".join([DASH] * 3)
    assert cited_figures(visit, None, ["no reference"]) == Figures()


def test_what_is_gone_is_a_clear_gap(world):
    Indicator.objects.filter(code="S08").update(code="S80")
    figures = figures_of(world)
    assert cited_text("{S08.endline} {S01@W9}", figures) == "[S08.endline: ?] [S01@W9: ?]"
    html = cited_html("{S08.endline} {?} {{x}}", figures, "demo")
    assert html.count('<mark class="cited-lost"') == 2
    assert html.endswith("{x}</p>")


def test_what_people_type_is_escaped(world):
    figures = figures_of(world)
    html = cited_html("<script>\r\n\r\n a < {S01.endline}\nb {<i>}", figures, "demo")
    assert "<script>" not in html
    assert "<i>" not in html
    assert html.count("<p>") == 2
    assert "<br>" in html


def test_what_is_offered_prints_what_it_says(world):
    figures = figures_of(world)
    rows = offers(figures)
    assert {row.code for row in rows} == set(world.indicators)
    gaps = gap_offers(figures)
    assert [row.offers[1].reference for row in gaps] == ["{S01.gap.sex.change}"]
    for row in (*rows, *gaps):
        for offer in row.offers:
            assert cited_text(offer.reference, figures) == offer.prints
