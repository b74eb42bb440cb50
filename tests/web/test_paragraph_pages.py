"""Paragraphs of the report."""

import pytest

from indicators.models import AuditEvent, Paragraph
from tests.web.agenda import agenda_of
from tests.web.factories import build_world, member

pytestmark = pytest.mark.django_db
LIST = "/p/demo/texts/"


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def officer(client, world):
    client.force_login(member(world, "officer"))
    return client


def posted(**changed):
    return {"place": "safety", "text_en": "Now {S08.endline}.", "revision": "1"} | changed


def test_an_officer_writes_and_changes_a_paragraph(officer):
    assert "Write the first one" in officer.get(LIST).content.decode()
    assert officer.post(LIST + "new/", posted()).status_code == 302
    assert "Now <a" in officer.get(LIST).content.decode()
    answer = officer.post(LIST + "safety/change/", posted(text_ky="Азыр {S08.endline}."))
    assert answer.status_code == 302
    stored = Paragraph.objects.get()
    assert (stored.revision, stored.text_ky) == (2, "Азыр {S08.endline}.")
    kinds = ["paragraph.created", "paragraph.changed"]
    assert list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True)) == kinds
    # Nothing changed: nothing is recorded, whatever revision was read.
    officer.post(LIST + "safety/change/", posted(text_ky="Азыр {S08.endline}."))
    assert AuditEvent.objects.count() == 2


def test_what_cannot_stand_is_refused_and_kept_as_typed(officer):
    page = officer.post(LIST + "new/", posted(text_en="{S99.endline} kept")).content.decode()
    assert "S99 is not an indicator of this project." in page
    assert "{S99.endline} kept" in page
    page = officer.post(LIST + "new/", posted(text_en=" ")).content.decode()
    assert "Write the paragraph in at least one language." in page
    officer.post(LIST + "new/", posted())
    page = officer.post(LIST + "new/", posted()).content.decode()
    assert "a paragraph for this place already" in page
    page = officer.post(LIST + "safety/change/", posted(text_en="{")).content.decode()
    assert "{ is no reference." in page


def test_two_officers_lose_nothing(officer):
    officer.post(LIST + "new/", posted())
    officer.post(LIST + "safety/change/", posted(text_en="Theirs."))
    answer = officer.post(LIST + "safety/change/", posted(text_en="Mine."))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Theirs." in page
    assert "Mine." in page


def test_donors_read_public_paragraphs_only(client, world):
    agenda_of(world)
    client.force_login(member(world, "donor"))
    page = client.get(LIST).content.decode()
    assert "Climate rose" in page
    assert "Not yet said." not in page
    assert "Change" not in page
    Paragraph.objects.all().delete()
    assert "No text has been published yet." in client.get(LIST).content.decode()


def test_a_paragraph_is_removed_with_a_reason_and_its_words_are_kept(officer, world):
    agenda_of(world)
    url = LIST + "summary/remove/"
    page = officer.get(url).content.decode()
    assert "Climate rose from {S01.baseline}" in page
    assert "<code>{S01.change}</code>" in page
    assert url in officer.get(LIST + "summary/change/").content.decode()
    assert officer.post(url, {"reason": "", "revision": "1"}).status_code == 200
    assert officer.post(url, {"reason": "x", "revision": "9"}).status_code == 409
    assert Paragraph.objects.count() == 2
    assert officer.post(url, {"reason": "said elsewhere", "revision": "1"}).status_code == 302
    event = AuditEvent.objects.get(kind="paragraph.removed")
    assert (event.object_label, event.reason) == ("summary", "said elsewhere")
    assert event.before["text_en"].startswith("Climate rose from {S01.baseline}")
    assert Paragraph.objects.get().place == "draft"


def test_paragraphs_change_places(officer, world):
    agenda_of(world)
    answer = officer.post(LIST + "draft/move/", {"step": "up"})
    assert answer["Location"] == LIST + "#text-draft"
    assert [one.place for one in Paragraph.objects.all()] == ["draft", "summary"]
    page = officer.get(LIST).content.decode()
    assert page.index('id="text-draft"') < page.index('id="text-summary"')
    officer.post(LIST + "draft/move/", {"step": "up"})
    assert AuditEvent.objects.filter(kind="paragraph.moved").count() == 1
