"""Findings and quotes: typed, changed, marked for readers, removed; files keep theirs."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import AuditEvent, Note
from indicators.queries.open_answers import key_text
from tests.web.factories import build_world, member
from tests.web.open_answers import ask

pytestmark = pytest.mark.django_db
TYPED = {
    "quote": "The yard is safer now.",
    "wave": "W1",
    "indicator": "S01",
    "school": "IS-01",
    "language": "en",
    "speaker": "a mother",
    "source": "group talk 3",
}


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def client(world) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member(world, "officer"))
    return client


def url(name, *args):
    return reverse(name, args=["demo", *args])


def read(world, role, page, *args):
    client = Client(headers={"accept-language": "en"})
    client.force_login(member(world, role, *([world.school(1)] if role == "director" else [])))
    return client.get(url(page, *args)).content.decode()


def write(client, **fields):
    answer = client.post(url("note-new"), TYPED | fields)
    return Note.objects.filter(upload=None).order_by("-pk").first(), answer


def test_a_note_is_kept_with_its_place_and_on_record(client, world):
    note, answer = write(client)
    assert answer.url == url("note-list")
    assert (note.code, note.wave.code, note.indicator.code) == ("N1", "W1", "S01")
    assert (note.school.code, note.is_publishable) == ("IS-01", False)
    assert AuditEvent.objects.get(kind="note.created").after["quote"] == TYPED["quote"]
    assert write(client)[0].code == "N2"


@pytest.mark.parametrize("role", ["donor", "director", "administrator"])
def test_readers_see_marked_notes_only(client, world, role):
    note, _ = write(client)
    pages = (("indicator-detail", "S01"), ("school-detail", "IS-01"))
    for page in pages:
        assert TYPED["quote"] in client.get(url(*page)).content.decode()
        assert TYPED["quote"] not in read(world, role, *page)
    client.post(url("note-edit", note.pk), TYPED | {"is_publishable": "on", "revision": "1"})
    for page in pages:
        assert TYPED["quote"] in read(world, role, *page)


def test_marks_are_set_for_a_whole_list_at_once(client, world):
    (first, _), (second, _) = write(client), write(client, quote="Ask Aida: 0555 123 456 789.")
    shown = list(Note.objects.values_list("pk", flat=True))
    answer = client.post(
        url("note-publish"), {"shown": shown, "note": [first.pk, second.pk]}, follow=True
    )
    assert set(Note.objects.filter(is_publishable=True)) == {first, second}
    text = answer.content.decode()
    assert f"{second.code}: The words hold what looks like a telephone number" in text
    client.post(url("note-publish"), {"shown": [first.pk]})  # the other list is not touched
    assert set(Note.objects.filter(is_publishable=True)) == {second}
    assert AuditEvent.objects.filter(kind="note.changed").count() >= 3


def test_marks_of_another_project_stay(client, world):
    other = build_world(code="other")
    note = Note.objects.get(wave=other.waves[1])
    client.post(url("note-publish"), {"shown": [note.pk], "note": [note.pk, "x", "-1"]})
    note.refresh_from_db()
    assert not note.is_publishable
    assert client.get(url("note-edit", note.pk)).status_code == 404


def test_two_people_who_change_one_note_lose_nothing(client):
    note, _ = write(client)
    client.post(url("note-edit", note.pk), TYPED | {"quote": "First", "revision": "1"})
    second = client.post(url("note-edit", note.pk), TYPED | {"quote": "Second", "revision": "1"})
    assert second.status_code == 409
    text = second.content.decode()
    assert "First" in text
    assert "Second" in text
    client.post(url("note-edit", note.pk), TYPED | {"quote": "Second", "revision": "2"})
    note.refresh_from_db()
    assert (note.quote, note.revision) == ("Second", 3)


@pytest.mark.parametrize(
    "words",
    [
        "Наша Айгуль Токтосуновна всё объясняет.",
        "Call +996 555 12 34 56.",
        "Write to aida@example.org.",
    ],
)
def test_what_looks_like_a_person_is_warned_of_and_kept(client, words):
    answer = client.post(url("note-new"), TYPED | {"quote": words}, follow=True)
    assert "The words hold what looks like" in answer.content.decode()
    assert Note.objects.filter(quote=words).exists()


@pytest.mark.parametrize(
    "bad", [{"quote": " "}, {"wave": "W9"}, {"indicator": "X99"}, {"school": "IS-99"}]
)
def test_bad_input_is_explained_and_kept(client, bad):
    answer = client.post(url("note-new"), TYPED | bad)
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == bad.keys()
    assert "group talk 3" in answer.content.decode()
    assert not Note.objects.filter(upload=None).exists()


def test_a_note_of_a_file_keeps_its_words(client, world):
    note = Note.objects.get()
    form = {"quote": "Changed", "wave": "W0", "school": "IS-01", "revision": "1"}
    assert client.post(url("note-edit", note.pk), form).status_code == 302
    note.refresh_from_db()
    assert (note.quote, note.wave.code, note.school.code) == ("It is calm here now.", "W1", "IS-01")
    refused = client.post(url("note-remove", note.pk), {"reason": "x"})
    assert "belongs to a file" in refused.content.decode()
    assert Note.objects.filter(pk=note.pk).exists()


def test_a_removed_note_stays_on_record(client):
    note, _ = write(client)
    assert client.post(url("note-remove", note.pk), {"reason": " "}).status_code == 200
    client.post(url("note-remove", note.pk), {"reason": "said in confidence"})
    assert not Note.objects.filter(pk=note.pk).exists()
    event = AuditEvent.objects.get(kind="note.removed")
    assert (event.before["quote"], event.reason) == (TYPED["quote"], "said in confidence")


def test_a_note_of_a_withdrawn_file_is_not_seen(client, world):
    upload = world.uploads["student_W1"]
    upload.state = "withdrawn"
    upload.save()
    note = Note.objects.get()
    assert "calm here" not in client.get(url("note-list")).content.decode()
    assert client.get(url("note-edit", note.pk)).status_code == 404


def test_an_open_answer_becomes_a_quote(client, world):
    item = ask(world, ["Better food"])
    from indicators.queries.coding_sheet import wave_answers

    key = key_text(wave_answers(item, world.waves[0])[0])
    address = f"{url('note-new')}?answer={item.pk},W0,{key}"
    page = client.get(address).content.decode()
    assert "Better food" in page
    form = TYPED | {"quote": "Better food", "wave": "W0", "is_publishable": "on"}
    client.post(address, form)
    assert Note.objects.get(upload=None).item == item
    assert "Better food" in read(world, "donor", "open-detail", "student", "s_open")
    for wrong in ("", "x", "1,2", f"{item.pk},W0,9-9", f"{item.pk},W9,{key}"):
        assert client.get(f"{url('note-new')}?answer={wrong}").status_code == 200


def test_the_list_can_be_searched(client):
    write(client)
    for text, n in (("yard", 1), ("S01", 2), ("IS-01", 1), ("nothing", 0)):
        assert len(client.get(url("note-list"), {"text": text}).context["page"].rows) == n
    assert len(client.get(url("note-list"), {"show": "shown"}).context["page"].rows) == 0
    assert "No note fits" in client.get(url("note-list"), {"text": "zz"}).content.decode()
    Note.objects.all().delete()
    assert "There are no notes yet" in client.get(url("note-list")).content.decode()


def test_the_database_wants_a_file_or_a_day(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(wave=world.waves[0], code="x", quote="x")


def test_few_queries_however_many_notes(client):
    def counted():
        with CaptureQueriesContext(connection) as caught:
            client.get(url("note-list"))
        return len(caught)

    write(client)
    counted()
    first = counted()
    for _ in range(20):
        write(client)
    assert counted() == first <= 10


def test_a_number_no_note_can_have_is_no_error(client, world):
    sent = {"note": ["9" * 21, "-1", "x"], "shown": ["9" * 21]}
    assert client.post("/p/demo/open/notes/publish/", sent).status_code == 302
