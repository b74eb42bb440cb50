"""What a calculation found in itself: shown, linked, and a warning before publishing."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import ConsistencyCheck, ConsistencyFinding
from indicators.vocabulary import Inconsistency
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
