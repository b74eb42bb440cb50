"""What a calculation found in itself: shown, linked, and a warning before publishing."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import (
    AgendaQuestion,
    ConsistencyCheck,
    ConsistencyFinding,
    Indicator,
    Paragraph,
    Wave,
)
from indicators.vocabulary import Inconsistency
from tests.web.agenda import agenda_of
from tests.web.factories import build_world, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def world(client):
    world = build_world()
    client.force_login(member(world, "officer"))
    return world


def url(world):
    return f"/p/demo/runs/{world.run.pk}/checks/"


def check(world, n_findings=0):
    checked = {"mean_outside_scale": 1500, "gap_off_values": 12}
    ConsistencyCheck.objects.create(run=world.run, checked=checked, n_findings=n_findings)
    for i in range(n_findings):
        ConsistencyFinding.objects.create(
            run=world.run,
            kind=Inconsistency.GAP_OFF_VALUES,
            measure=world.indicators["S01" if i % 2 == 0 else "S08"].measure,
            wave=world.waves[0],
            school=world.school(1) if i % 2 else None,
            group_by="sex",
            group="1-2",
            found=0.25,
            expected=0.1250,
        )


def test_figures_that_agree_are_counted(client, world):
    check(world)
    page = client.get(url(world)).content.decode().replace("\u202f", " ")
    assert "1 512 comparisons between figures were made, and all agree." in page
    assert "A value lies inside its scale." in page
    assert "1 500" in page
    assert 'role="alert"' not in page


def test_a_contradiction_is_shown_with_both_numbers_and_its_place(client, world):
    check(world, 2)
    page = client.get(url(world)).content.decode()
    assert "the gap is not the difference of its two values" in page
    assert "0.2500" in page
    assert "0.1250" in page
    assert "/p/demo/indicators/S01/" in page
    assert world.school(1).name in page


def test_an_older_calculation_says_that_it_has_no_checks(client, world):
    page = client.get(url(world)).content.decode()
    assert "This calculation is older than the checks." in page


def test_the_calculation_links_to_its_checks_and_warns_before_publishing(client, world):
    detail = f"/p/demo/runs/{world.run.pk}/"
    assert url(world) not in client.get(detail).content.decode()
    check(world, 1)
    world.run.release.delete()
    page = client.get(detail).content.decode()
    assert url(world) in page
    assert "Look at the checks before you publish." in page


def test_many_findings_come_in_pages_with_a_constant_number_of_queries(client, world):
    check(world, 3)
    client.get(url(world))  # the first visit also renews the session
    with CaptureQueriesContext(connection) as few:
        client.get(url(world))
    ConsistencyFinding.objects.all().delete()
    ConsistencyCheck.objects.all().delete()
    check(world, 130)
    with CaptureQueriesContext(connection) as many:
        page = client.get(url(world)).content.decode()
    assert len(few) == len(many) <= 10
    assert "?page=2" in page
    assert client.get(url(world) + "?page=2").content.decode().count("<tr>") == 30 + 4


# --- references in texts ----------------------------------------------------------------


def test_references_that_lead_nowhere_stand_here_with_the_way_to_their_text(client, world):
    agenda_of(world)
    page = client.get(url(world)).content.decode()
    assert "Every figure that a text cites is there." in page
    question = AgendaQuestion.objects.get(code="E02")
    question.conclusion_ky = "Ушул {S08.endline}\nжана {IS-04/S01.endline}, {S01.gap.sex}."
    question.save()
    Paragraph.objects.filter(place="draft").update(text_en="{G01.gap} {S01@W1.target}")
    world.indicators["S08"].delete()
    world.school(4).delete()
    Indicator.objects.filter(code="S01").update(disaggregation=[])
    Wave.objects.filter(code="W1").update(code="W2")
    page = " ".join(client.get(url(world)).content.decode().split())
    assert '<a href="/p/demo/agenda/questions/E02/change/">E02</a>' in page
    assert '<a href="/p/demo/texts/draft/change/">draft</a>' in page
    assert "Line 1, character 6: {S08.endline}. S08 is not an indicator of this project." in page
    assert "IS-04 is not a school of this project. Did you mean {IS-0" in page
    assert "There is no gap by “sex” for this indicator. Did you mean {S01.endline}?" in page
    assert "W1 is not a wave of this project. Did you mean {S01@W2.target}?" in page
    assert page.count("{G01.gap}") == 0
    detail = client.get(f"/p/demo/runs/{world.run.pk}/").content.decode()
    # Those above, and {S01@W1} of the public answer and paragraph.
    assert "6 references in texts lead nowhere." in detail
    assert url(world) + "#texts" in detail


@pytest.mark.parametrize(
    "page", ["/p/demo/agenda/", "/p/demo/agenda/questions/E01/", "/p/demo/texts/"]
)
def test_pages_of_texts_lead_officers_to_the_list(client, world, page):
    agenda_of(world)
    assert "#texts" not in client.get(page).content.decode()
    Wave.objects.filter(code="W1").update(code="W2")
    text = client.get(page).content.decode()
    assert url(world) + "#texts" in text
    assert '<mark class="cited-lost"' in text
    client.force_login(member(world, "donor"))
    assert "#texts" not in client.get(page).content.decode()


def test_references_of_many_texts_cost_no_more_questions(client, world):
    agenda_of(world)
    client.get(url(world))
    with CaptureQueriesContext(connection) as few:
        client.get(url(world))
    Paragraph.objects.bulk_create(
        Paragraph(project=world.project, place=f"p{n}", text_en="{S99.endline}") for n in range(50)
    )
    with CaptureQueriesContext(connection) as many:
        assert client.get(url(world)).content.decode().count("{S99.endline}") == 50
    assert len(few) == len(many) <= 15
