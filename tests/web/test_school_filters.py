"""Schools by region and language of instruction; lists by code or name and never by value."""

import re

import pytest

from indicators.models import Change, Estimate, School, SchoolCategory
from indicators.vocabulary import Scope
from tests.web.factories import build_world, member
from tests.web.test_pages import text_of

pytestmark = pytest.mark.django_db

LISTS = ("/p/demo/schools/", "/p/demo/indicators/S01/")
ADMIN = "/admin/indicators/school/progress/"
PLACES = {
    "IS-01": ("chui", "ky"),
    "IS-02": ("chui", "ky,ru"),
    "IS-03": ("osh", "uz,ru"),
    "IS-04": ("osh", "ky"),
}


@pytest.fixture
def world(db):
    world = build_world()
    for code, (region, languages) in PLACES.items():
        School.objects.filter(code=code).update(oblast=region, languages=languages)
    names = [("oblast", "chui", "Chuy"), ("oblast", "osh", "Osh"), ("language", "ky", "Kyrgyz")]
    names += [("language", "ru", "Russian"), ("language", "uz", "Uzbek"), ("language", "u", "U")]
    for position, (field, code, label) in enumerate(names):
        SchoolCategory.objects.create(
            project=world.project, field=field, code=code, label_en=label, position=position
        )
    return world


def codes_of(text):
    return list(dict.fromkeys(re.findall(r"schools/(IS-\d+)/", text)))


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("region=osh", ["IS-03", "IS-04"]),
        ("language=ky", ["IS-01", "IS-02", "IS-04"]),
        ("language=ru", ["IS-02", "IS-03"]),
        ("language=u", []),
        ("region=chui&language=ru", ["IS-02"]),
        ("text=school+003", ["IS-03"]),
        ("text=мектеп", ["IS-01", "IS-02", "IS-03", "IS-04"]),
        ("region=nowhere", []),
    ],
)
def test_a_list_is_narrowed(client, world, page, query, found):
    client.force_login(member(world, "donor"))
    text = text_of(client, f"{page}?{query}")
    assert codes_of(text[text.rindex('role="search"') :]) == found
    if not found:
        assert "No school fits these filters" in text


@pytest.mark.parametrize("page", LISTS)
def test_what_was_asked_for_stands_as_chips(client, world, page):
    client.force_login(member(world, "donor"))
    text = text_of(client, f"{page}?region=osh&language=uz&text=<b>")
    chips = re.findall(r'class="chip" href="([^"]*)">([^<]*)', text)
    assert [chip.strip() for _url, chip in chips] == [
        "Text: &lt;b&gt;",
        "Region (oblast): Osh",
        "Language of instruction: Uzbek",
    ]
    assert "region" not in chips[1][0]
    assert "language=uz" in chips[1][0]


def test_the_next_page_keeps_the_filter(client):
    world = build_world(120)
    School.objects.update(oblast="osh")
    client.force_login(member(world, "donor"))
    for page in LISTS:
        text = text_of(client, f"{page}?region=osh")
        assert re.search(r'rel="next" href="\?region=osh&(amp;)?page=2', text), page


def test_a_director_is_offered_no_filter_over_other_schools(client, world):
    client.force_login(member(world, "director", world.school(1)))
    text = text_of(client, "/p/demo/indicators/S01/?region=osh")
    assert "IS-03" not in text
    assert 'name="region"' not in text


def test_a_zero_byte_is_no_error(client, world):
    client.force_login(member(world, "donor"))
    assert client.get("/p/demo/schools/?region=%00osh").status_code == 200


def test_the_admins_list_is_narrowed_alike(client, world):
    user = member(world, "officer")
    user.is_staff = True
    user.save()
    client.force_login(user)
    text = text_of(client, f"{ADMIN}?region=osh&language=ky")
    assert codes_of(text.replace("progress/demo/", "schools/")) == ["IS-04"]
    text = text_of(client, f"{ADMIN}?region=nowhere")
    assert "No school fits these filters" in text


@pytest.mark.parametrize("query", ["", "?sort=value", "?sort=-change", "?o=1", "?ordering=value"])
def test_no_page_sorts_schools_by_value(client, world, query):
    """Values fall with the code, so any order by value would turn the list round."""
    for place, school in enumerate(world.schools):
        Estimate.objects.filter(scope=Scope.SCHOOL, school=school).update(value=4.9 - place / 3)
        Change.objects.filter(scope=Scope.SCHOOL, school=school).update(difference=2.0 - place)
    for order in (1, -1):
        for place, school in enumerate(world.schools):
            Change.objects.filter(scope=Scope.SCHOOL, school=school).update(
                difference=order * (2.0 - place)
            )
        client.force_login(member(world, "officer"))
        for page in (*LISTS, "/p/demo/"):
            codes = codes_of(text_of(client, page + query))
            assert codes == sorted(codes), page


def test_no_school_is_coloured_by_its_value(client, world):
    """All drawings of schools look alike: one class of dot, one band."""
    client.force_login(member(world, "donor"))
    text = text_of(client, "/p/demo/indicators/S01/")
    schools = text[text.index('id="schools"') :]
    assert set(re.findall(r'<circle class="([^"]*)"', schools)) == {"now"}
    assert set(re.findall(r'<rect class="([^"]*)"', schools)) == {"band"}
