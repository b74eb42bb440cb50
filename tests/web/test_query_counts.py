"""Pages ask the database a bounded number of questions, however many schools there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.factories import build_world, member
from tests.web.test_overview_page import regions

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGES = (
    "/p/demo/",
    "/p/demo/?look=moved&group=oblast:osh",
    "/p/demo/indicators/S01/?region=osh&language=ky",
    "/p/demo/performance/",
    "/p/demo/performance/file/?format=xlsx",
    "/p/demo/indicators/S01/",
    "/p/demo/indicators/S08/",
    "/p/demo/indicators/G01/",
    "/p/demo/register/",
    "/p/demo/register/S01/",
    "/p/demo/register/G01/",
    "/p/demo/schools/",
    "/p/demo/schools/?text=School",
    "/p/demo/schools/SCHOOL/",
    "/p/demo/legend/",
    "/p/demo/method/",
)
MOST = 18


@pytest.mark.parametrize(
    ("n_schools", "role"), [(23, "donor"), (23, "officer"), (23, "director"), (500, "officer")]
)
def test_a_page_stays_within_eighteen_queries(client, n_schools, role):
    world = build_world(n_schools)
    regions(world)
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
