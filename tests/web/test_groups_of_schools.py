"""A director sees no other school, also not as the only school of a region."""

import csv
import io

import pytest

from indicators.models import Estimate
from tests.web.regions import regions
from tests.web.test_pages import text_of

pytestmark = pytest.mark.django_db

# What the factory stores for the three regions in the last wave.
OSH, CHUI, NARYN = "3.40", "3.41", "3.42"
PAGES = (
    "/p/demo/?group=oblast:{}",
    "/p/demo/performance/?group=oblast:{}",
    "/p/demo/performance/file/?format=csv&group=oblast:{}",
)


def of_schools(world, **sizes):
    regions(world)
    world.indicators["S01"].disaggregation = ["oblast"]
    world.indicators["S01"].save()
    for region, n_schools in sizes.items():
        Estimate.objects.filter(group=region).update(n_schools=n_schools)


def shown(client, page):
    answer = client.get(page)
    assert answer.status_code == 200, page
    text = answer.content.decode("utf-8-sig")
    if "csv" in page:
        return next(row for row in csv.reader(io.StringIO(text)) if "S01" in row)
    return text.replace(",", ".")


@pytest.mark.parametrize(
    ("sizes", "hidden", "left"),
    [
        ({"osh": 9, "chui": 2, "naryn": 1}, (CHUI, NARYN), (OSH,)),
        ({"osh": 9, "chui": 8, "naryn": 1}, (CHUI, NARYN), (OSH,)),  # one alone would follow
        ({"osh": 9, "chui": 8, "naryn": 3}, (), (OSH, CHUI, NARYN)),
    ],
)
def test_regions_of_one_or_two_schools(demo, visit_as, sizes, hidden, left):
    of_schools(demo, **sizes)
    director = visit_as("director", demo.school(1))
    text = text_of(director, "/p/demo/indicators/S01/")
    assert [value for value in hidden if value in text] == []
    assert [value for value in left if value in text] == list(left)


@pytest.mark.parametrize("page", PAGES)
def test_the_filter_over_regions(demo, visit_as, page):
    of_schools(demo, osh=9, chui=8, naryn=1)
    director = visit_as("director", demo.school(1))
    assert NARYN not in shown(director, page.format("naryn"))
    assert CHUI not in shown(director, page.format("chui"))
    assert OSH in shown(director, page.format("osh"))


@pytest.mark.parametrize("role", ["donor", "officer"])
def test_those_who_see_every_school_see_every_region(demo, visit_as, role):
    of_schools(demo, osh=9, chui=8, naryn=1)
    assert NARYN in text_of(visit_as(role), "/p/demo/indicators/S01/")
    assert NARYN in shown(visit_as(role), PAGES[0].format("naryn"))
