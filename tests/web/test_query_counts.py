"""Pages ask the database a bounded number of questions, however many schools there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.agenda import agenda_of
from tests.web.factories import build_world, member
from tests.web.regions import regions

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGES = (
    "/p/demo/",
    "/p/demo/?look=moved&group=oblast:osh",
    "/p/demo/indicators/S01/?region=osh&language=ky",
    "/p/demo/performance/",
    "/p/demo/performance/file/?format=xlsx",
    "/p/demo/performance/?group=oblast:osh",
    "/p/demo/indicators/S01/",
    "/p/demo/indicators/S08/",
    "/p/demo/indicators/G01/",
    "/p/demo/gaps/",
    "/p/demo/gaps/compare/?first=index:s01",
    "/p/demo/gaps/of/S01/sex/",
    "/p/demo/questions/",
    "/p/demo/questions/indices/",
    "/p/demo/questions/student/s_s01/",
    "/p/demo/agenda/",
    "/p/demo/agenda/questions/E01/",
    "/p/demo/texts/",
    "/p/demo/register/",
    "/p/demo/register/S01/",
    "/p/demo/register/G01/",
    "/p/demo/schools/",
    "/p/demo/schools/?text=School",
    "/p/demo/schools/SCHOOL/",
    "/p/demo/open/",
    "/p/demo/legend/",
    "/p/demo/method/",
)
MOST = 19


@pytest.mark.parametrize(
    ("n_schools", "role"), [(23, "donor"), (23, "officer"), (23, "director"), (500, "officer")]
)
def test_a_page_stays_within_nineteen_queries(client, n_schools, role):
    world = build_world(n_schools)
    regions(world)
    agenda_of(world)
    client.force_login(member(world, role, *([world.school(2)] if role == "director" else [])))
    client.get("/p/demo/legend/")  # the first visit also renews the session
    counts = {}
    for page in PAGES:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(page.replace("SCHOOL", world.school(2).code)).status_code == 200
        counts[page] = len(caught)
    assert max(counts.values()) <= MOST, counts


def test_the_number_of_queries_does_not_grow_with_the_schools(client):
    def counted(world, user):
        client.force_login(user)
        code = world.project.code
        found = []
        client.get(f"/p/{code}/")
        for page in PAGES:
            path = page.replace("demo", code).replace("SCHOOL", world.school(2).code)
            with CaptureQueriesContext(connection) as caught:
                client.get(path)
            found.append(len(caught))
        return found

    few, many = build_world(8, code="few"), build_world(120, code="many")
    agenda_of(few)
    agenda_of(many)
    assert counted(few, member(few, "donor")) == counted(many, member(many, "donor"))


def test_a_long_list_of_schools_has_pages(client):
    world = build_world(120)
    client.force_login(member(world, "donor"))
    for path in ("/p/demo/schools/", "/p/demo/indicators/S01/"):
        first, third = (client.get(f"{path}?page={n}").content.decode() for n in (1, 3))
        assert "IS-050" in first
        assert "IS-051" not in first
        assert "IS-101" in third
        assert 'rel="prev"' in third
        assert 'rel="next"' not in third


@pytest.mark.parametrize(
    "page",
    ["register/S01/edit/", "register/indices/", "register/indices/s01/edit/", "register/new/"],
)
def test_the_pages_of_definitions_ask_a_bounded_number_of_questions(client, page):
    found = []
    for n_schools, code in ((4, "few"), (120, "many")):
        world = build_world(n_schools, code=code)
        client.force_login(member(world, "officer"))
        client.get(f"/p/{code}/legend/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/p/{code}/{page}").status_code == 200
        found.append(len(caught))
    assert found[0] == found[1] <= MOST
