"""Figures of schools, gaps and targets of named waves: as on their pages, hidden as there."""

import re

import pytest
from django.utils import translation

from indicators.access import open_project
from indicators.models import Assessment, Change, Estimate, Gap, School, Target
from indicators.pipeline.citation import citations_of
from indicators.presenters.cited import cited_html, cited_text, figure_text
from indicators.presenters.lines import line_view
from indicators.presenters.numbers import DASH
from indicators.queries.citations import cited_figures
from indicators.queries.school_progress import school_progress
from indicators.queries.visible import visible_run
from tests.presenters.test_cited import midline_of
from tests.web.factories import build_world, member
from tests.web.test_gap_pages import between_questionnaires, sexes

pytestmark = pytest.mark.django_db
HIDDEN = "hidden, small group"
HOW_HIDDEN = ("", DASH, "hidden")  # what the tables print in its place


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def world():
    world = build_world()
    sexes(world)
    between_questionnaires(world)
    return world


def figures_of(world, text, role="officer", *schools):
    visit = open_project(member(world, role, *schools), "demo")
    return cited_figures(visit, visible_run(visit).run, [text])


def printed(world, text, role="officer", *schools):
    """The texts of the references, one after the other."""
    figures = figures_of(world, text, role, *schools)
    return [figure_text(one, figures).text for one in citations_of(text)]


# --- schools ----------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "min_group"), [("officer", 1), ("donor", 10)])
def test_a_school_is_cited_as_its_page_prints_it(world, role, min_group):
    for number in (1, 2, 3, 4):
        school = School.objects.select_related("continues").get(pk=world.school(number).pk)
        page = school_progress(
            project=world.project, school=school, run=world.run, min_group=min_group
        )
        for line in page.lines:
            view = line_view(line, beside_project=True)
            place = f"{school.code}/{line.indicator.code}"
            text = "".join(
                "{" + place + "." + name + "}"
                for name in ("baseline", "endline", "change", "change.ci", "change.verdict")
            )
            shown = [view.baseline.text, view.endline.text, view.change.text, view.range]
            shown = [*shown, view.verdict.word if view.verdict else ""]
            for one, wanted in zip(printed(world, text, role), shown, strict=True):
                assert one == (wanted or DASH) or (one == HIDDEN and wanted in HOW_HIDDEN)
            bases = " / ".join(printed(world, f"{{{place}.baseline.n}}{{{place}.endline.n}}", role))
            assert bases == view.n or view.n == DASH


def test_small_schools_are_hidden_as_on_their_pages(world):
    """School 2 has nine students at the endline, school 3 four teachers."""
    text = "{IS-02/S01.endline}{IS-02/S01.endline.ci}{IS-02/S01@W1}{IS-02/S01.change}"
    assert printed(world, text, "donor") == [HIDDEN] * 4
    assert printed(world, "{IS-02/S01.endline.n}", "donor") == ["<\u202f10"]
    own = world.school(2)
    assert printed(world, "{IS-02/S01.endline}{IS-02/S01.endline.n}", "director", own) == [
        "4.19",
        "9",
    ]
    third = world.school(3)
    assert printed(world, "{IS-03/T03.baseline}{IS-03/T03.change.ci}", "director", third) == [
        HIDDEN,
        HIDDEN,
    ]
    assert printed(world, "{IS-03/T03.baseline}{IS-03/T03.baseline.n}") == ["3.82", "4"]


def test_directors_read_figures_of_their_own_school_only(world):
    text = "{IS-01/S01.endline} {IS-01/S01.endline.n} {IS-01/S01@W0.ci} {IS-01/S01.target}"
    assert printed(world, text, "director", world.school(2)) == ["not shown"] * 4
    html = cited_html(text, figures_of(world, text, "director", world.school(2)), "demo")
    assert "/schools/" not in html
    assert "40" not in re.sub(r"S01|IS-01", "", html)  # its number of answers
    assert not re.search(r"\d\.\d", html)
    assert "not shown" not in printed(world, text, "director", world.school(1))
    assert "not shown" not in printed(world, text, "donor")
    assert printed(world, "{S01.endline}", "director", world.school(2)) == ["4.18"]


def test_a_director_reads_the_school_the_own_one_continues(world):
    first, second = world.school(1), world.school(2)
    School.objects.filter(pk=second.pk).update(continues=first)
    assert "not shown" not in printed(world, "{IS-01/S01.baseline}", "director", second)
    assert printed(world, "{IS-02/S01.baseline}", "director", second) == ["4.02"]


def test_a_school_that_is_gone_or_never_was_is_lost(world):
    figures = figures_of(world, "{IS-99/S01.endline} {IS-01/S01.gap.sex}")
    shown = cited_text("{IS-99/S01.endline} {IS-01/S01.gap.sex}", figures)
    assert shown == "[IS-99/S01.endline: ?] [IS-01/S01.gap.sex: ?]"


def test_a_school_without_the_figure_has_a_dash(world):
    text = "{IS-01/D04.endline}{IS-01/D04.endline.n}{IS-01/D04.target.status}{IS-04/S01.endline}"
    assert printed(world, text) == [DASH] * 4
    assert printed(world, "{IS-01/C03.endline.n}") == [DASH]  # events: no people behind them


def test_figures_of_a_school_lead_to_its_page(world):
    html = cited_html("{IS-01/S01.endline}", figures_of(world, "{IS-01/S01.endline}"), "demo")
    assert 'href="/p/demo/schools/IS-01/"' in html
    assert 'title="IS-01: S01 School climate, n = 40"' in html


def test_a_wave_between_is_read_of_the_school_that_is_named(world):
    middle = midline_of(world)
    measure = world.indicators["S01"].measure
    for school, n, value in ((None, 500, 4.1), (world.school(1), 9, 3.3)):
        Estimate.objects.create(
            run=world.run,
            measure=measure,
            wave=middle,
            scope="school" if school else "project",
            school=school,
            n=n,
            value=value,
        )
    text = "{S01@WM}{IS-01/S01@WM}{IS-01/S01@WM.n}{IS-02/S01@WM}"
    assert printed(world, text) == ["4.10", "3.30", "9", DASH]
    assert printed(world, text, "donor") == ["4.10", HIDDEN, "<\u202f10", DASH]


# --- gaps -------------------------------------------------------------------------------


def test_gaps_are_cited_as_their_page_prints_them(client, world):
    text = (
        "{S01.gap.sex}{S01.gap.sex.ci}{S01.gap.sex.n}{S01.gap.sex.change}"
        "{G01.gap}{G01.gap.n}{G01.gap.change}{G01.gap.change.verdict}"
    )
    Gap.objects.filter(wave=world.waves[1]).update(
        change=0.05, change_low=-0.02, change_high=0.12, change_word="no_clear_change"
    )
    client.force_login(member(world, "donor"))
    client.cookies["django_language"] = "en"
    page = client.get("/p/demo/gaps/").content.decode()
    shown = printed(world, text, "donor")
    assert shown[:4] == ["+0.12", "+0.02 to +0.22", "480 / 440", "+0.05"]
    assert shown[4:] == ["+0.20", "250 / 900", "−0.20", "no meaningful change of the gap"]
    assert all(one in page for one in (*shown[:2], *shown[3:5], *shown[6:]))
    more = printed(world, "{S01.gap.sex.change.ci}{S01.gap.sex.change.verdict}")
    assert more == ["−0.02 to +0.12", "no clear change of the gap"]


def test_a_gap_with_a_small_side_is_hidden_with_its_change(world):
    """The gap itself rests on enough answers, but the level of one side is hidden."""
    Gap.objects.filter(wave=world.waves[1]).update(change=0.05, change_word="widened")
    text = "{S01.gap.sex}{S01.gap.sex.ci}{S01.gap.sex.change}{S01.gap.sex.change.verdict}"
    Estimate.objects.filter(group_by="sex", group="2", wave=world.waves[1]).update(n=7)
    assert printed(world, text, "donor") == [HIDDEN] * 4
    assert printed(world, "{S01.gap.sex.n}", "donor") == [DASH]
    assert HIDDEN not in printed(world, text, "director", world.school(1))
    Estimate.objects.filter(group_by="sex", group="2", wave=world.waves[1]).update(n=4)
    assert printed(world, text, "director", world.school(1)) == [HIDDEN] * 4
    assert HIDDEN not in printed(world, text)


def test_a_change_is_hidden_with_the_gap_it_started_from(world):
    Gap.objects.filter(wave=world.waves[1]).update(change=0.05)
    Gap.objects.filter(wave=world.waves[0]).update(n_first=9)
    assert printed(world, "{S01.gap.sex}{S01.gap.sex.change}", "donor") == ["+0.12", HIDDEN]


def test_an_own_gap_is_hidden_by_the_side_that_is_small(world):
    measure = world.indicators["G01"].measure
    row = Estimate.objects.get(measure=measure, wave=world.waves[1])
    row.counts = {"first": 6, "second": 900}
    row.save()
    assert printed(world, "{G01.gap}{G01.gap.ci}{G01.endline}", "donor") == [HIDDEN] * 3
    assert printed(world, "{G01.gap.n}", "donor") == ["<\u202f10 / 900"]


def test_before_the_second_wave_the_gap_is_that_of_the_first(world):
    second = world.waves[1]
    for model in (Estimate, Gap):
        model.objects.filter(wave=second).delete()
    Change.objects.all().delete()
    assert printed(world, "{S01.gap.sex}{S01.gap.sex.change}") == ["+0.12", DASH]


def test_gaps_nobody_asked_for_are_lost(world):
    figures = figures_of(world, "{S08.gap.sex}{S01.gap}{G01.gap.sex}")
    assert all(
        figure_text(one, figures).is_lost
        for one in citations_of("{S08.gap.sex}{S01.gap}{G01.gap.sex}{S01.gap.oblast}")
    )


def test_gaps_lead_to_their_page(world):
    text = "{S01.gap.sex}{G01.gap.change}"
    html = cited_html(text, figures_of(world, text), "demo")
    assert 'href="/p/demo/gaps/of/S01/sex/"' in html
    assert 'href="/p/demo/gaps/of/G01/questionnaires/"' in html


# --- targets of named waves -------------------------------------------------------------


def set_target(world, wave, low, *, school=None, status="met"):
    target = Target.objects.create(
        indicator=world.indicators["S08"], wave=wave, school=school, type="at_least", low=low
    )
    Assessment.objects.create(
        run=world.run,
        target=target,
        target_type="at_least",
        target_low=low,
        value=0.652,
        status=status,
    )


def test_the_target_of_a_named_wave(world):
    Target.objects.filter(indicator=world.indicators["S08"]).delete()
    first, last = world.waves
    set_target(world, first, 0.5, status="not_met")
    set_target(world, last, 0.7)
    text = "{S08@W0.target}{S08@W0.target.status}{S08@W1.target}{S08@W1.target.status}"
    shown = printed(world, text)
    assert shown == ["at least 50.0\u202f%", "not met", "at least 70.0\u202f%", "met"]
    assert printed(world, "{S08.target}{S08.target.status}") == shown[2:]
    assert printed(world, "{S01@W0.target}{S01@W0.target.status}") == [DASH, "no target"]


def test_the_target_of_a_school_in_a_named_wave(world):
    Target.objects.filter(indicator=world.indicators["S08"]).delete()
    own = world.school(2)  # nine students at the endline
    set_target(world, world.waves[1], 0.4, school=own)
    text = "{IS-02/S08@W1.target}{IS-02/S08@W1.target.status}{IS-02/S08.target.status}"
    assert printed(world, text) == ["at least 40.0\u202f%", "met", "met"]
    assert printed(world, text, "donor") == ["at least 40.0\u202f%", HIDDEN, HIDDEN]
    assert printed(world, text, "director", own)[1] == "met"
    assert printed(world, text, "director", world.school(1)) == ["not shown"] * 3
    assert printed(world, "{IS-01/S08@W1.target}{S08@W1.target}") == [DASH, DASH]


# --- queries ----------------------------------------------------------------------------


def test_everything_at_once_asks_a_bounded_number_of_questions(django_assert_max_num_queries):
    world = build_world(23)
    sexes(world)
    between_questionnaires(world)
    text = "{S01.gap.sex}{G01.gap}{S08@W1.target}" + "".join(
        "{" + school.code + "/S01.endline}{" + school.code + "/S08@W0.target}"
        for school in world.schools
    )
    visit = open_project(member(world, "donor"), "demo")
    run = visible_run(visit).run
    with django_assert_max_num_queries(24):
        cited_figures(visit, run, [text])
