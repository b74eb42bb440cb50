"""Open questions: the list of work, the frame, coding one after the other, what readers see."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import AuditEvent, Coding, Theme
from indicators.queries.coding_sheet import wave_answers
from tests.web.factories import build_world, member
from tests.web.open_answers import ADDRESS, ask, frame, say, stored

pytestmark = pytest.mark.django_db
TEXTS = ["Better food", "", "More sport", "All is well"]


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def officer(world):
    return member(world, "officer", name="olga")


@pytest.fixture
def client(officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer)
    return client


@pytest.fixture
def item(world, officer):
    item = ask(world, TEXTS)
    frame(item, officer, "food", "sport")
    return item


def url(name, *args):
    return reverse(name, args=["demo", *args])


CODE = ("coding-edit", *ADDRESS, "W0")


def as_role(world, role, *schools):
    client = Client(headers={"accept-language": "en"})
    client.force_login(member(world, role, *schools))
    return client


# --- the list -----------------------------------------------------------------------------


def test_the_list_says_how_far_coding_is(client, world, item, officer):
    say(item, world.waves[0], 0, ["food"], officer)
    say(item, world.waves[0], 0, ["sport"], member(world, "officer", name="bermet"))
    (line,) = client.get(url("theme-list")).context["work"]
    (wave,) = line.waves
    assert (line.n_themes, wave.n_answers, wave.n_coded) == (2, 3, 1)
    assert [(one.name, one.n) for one in wave.coders] == [("bermet", 1), ("olga", 1)]
    assert "There are codes newer" not in client.get(url("theme-list")).content.decode()
    type(world.run).objects.update(finished_at=datetime(2020, 1, 1, tzinfo=UTC))
    page = client.get(url("theme-list")).content.decode()
    assert "There are codes newer than the last calculation" in page


def test_codes_of_a_withdrawn_file_are_named_apart(client, world, item, officer):
    say(item, world.waves[0], 0, ["food"], officer)
    world.uploads["student_W0"].__class__.objects.filter(pk=world.uploads["student_W0"].pk).update(
        state="withdrawn"
    )
    (line,) = client.get(url("theme-list")).context["work"]
    assert (line.waves[0].n_coded, line.waves[0].n_apart) == (0, 1)
    assert "1 more code stands on a file" in client.get(url("theme-list")).content.decode()


def test_empty_lists_say_what_comes(client, world):
    assert (
        "No accepted file holds answers in words" in client.get(url("theme-list")).content.decode()
    )
    donor = as_role(world, "donor").get(url("theme-list")).content.decode()
    assert "No open question is sorted into themes yet" in donor


# --- the frame ----------------------------------------------------------------------------


def test_a_theme_is_written_changed_and_merged(client, world, item):
    form = {"code": "yard", "label_en": "Yard", "position": "3"}
    answer = client.post(url("theme-new", *ADDRESS), form)
    assert answer.url == url("open-detail", *ADDRESS)
    theme = Theme.objects.get(code="yard")
    assert theme.is_active
    edit = form | {"revision": "1", "merged_into": "food", "label_ru": "Двор"}
    assert client.post(url("theme-edit", theme.pk), edit).status_code == 302
    theme.refresh_from_db()
    assert (theme.merged_into.code, theme.is_active, theme.label_ru) == ("food", False, "Двор")
    assert "counts as “Food”" in client.get(url("open-detail", *ADDRESS)).content.decode()


def test_two_people_who_change_one_theme_lose_nothing(client, item):
    theme = Theme.objects.get(code="food")
    form = {"label_en": "Meals", "position": "0", "is_active": "on", "revision": "1"}
    client.post(url("theme-edit", theme.pk), form)
    second = client.post(url("theme-edit", theme.pk), form | {"label_en": "Canteen"})
    assert second.status_code == 409
    text = second.content.decode()
    assert "Meals" in text
    assert 'value="Canteen"' in text
    assert 'name="revision" value="2"' in text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"code": "food", "label_en": "x", "position": "0"}, "has a theme with this code already"),
        ({"code": "yard", "position": "0"}, "a name in one language at least"),
        ({"code": "two words", "label_en": "x", "position": "0"}, "Enter a valid"),
    ],
)
def test_a_bad_theme_is_explained(client, item, form, said):
    answer = client.post(url("theme-new", *ADDRESS), form)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert Theme.objects.count() == 2


# --- coding -------------------------------------------------------------------------------


def test_answers_come_one_after_the_other(client, world, item):
    first = client.get(url(*CODE)).context["sheet"]
    assert (first.answer.text, first.place, first.n_answers) == ("Better food", 1, 3)
    form = {"themes": ["food"], "revision": ""}
    answer = client.post(f"{url(*CODE)}?look=uncoded&answer={first.key}", form)
    second = client.get(answer.url).context["sheet"]
    assert (second.answer.text, second.n_mine) == ("More sport", 1)
    assert second.previous == ""  # the first is no longer uncoded
    coded = client.get(url(*CODE) + "?look=coded").context["sheet"]
    assert (coded.answer.text, coded.mine) == ("Better food", ("food",))


def test_none_fits_is_a_code_and_nothing_ticked_is_none(client, item):
    answer = client.post(url(*CODE), {"revision": ""})
    assert "Tick the themes of this answer" in answer.content.decode()
    both = client.post(url(*CODE), {"themes": ["food"], "none_fits": "on"})
    assert "untick one" in both.content.decode()
    assert 'value="food" checked' in both.content.decode()  # what was ticked stays
    assert not Coding.objects.exists()
    client.post(url(*CODE), {"none_fits": "on"})
    assert Coding.objects.get().themes.count() == 0


def test_a_second_window_keeps_what_was_ticked(client, world, item, officer):
    key = client.get(url(*CODE)).context["sheet"].key
    say(item, world.waves[0], 0, ["sport"], officer)
    address = f"{url(*CODE)}?look=all&answer={key}"
    answer = client.post(address, {"themes": ["food"], "revision": ""})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "in another window" in text
    assert 'value="food" checked' in text
    assert client.post(address, {"themes": ["food"], "revision": "1"}).status_code == 302
    assert Coding.objects.get().themes.get().code == "food"


def test_a_code_never_lands_on_another_answer(client, item):
    form = {"themes": ["food"], "revision": ""}
    answer = client.post(f"{url(*CODE)}?look=uncoded&answer=999-2", form, follow=True)
    assert "That answer no longer counts" in answer.content.decode()
    assert not Coding.objects.exists()


def test_a_second_coder_does_not_see_the_first(client, world, item):
    say(item, world.waves[0], 0, ["sport"], member(world, "officer", name="bermet"))
    sheet = client.get(url(*CODE)).context["sheet"]
    assert (sheet.answer.text, sheet.mine, sheet.n_mine) == ("Better food", None, 0)


def test_the_end_of_a_list_says_so(client, world, item, officer):
    for place in range(3):
        say(item, world.waves[0], place, [], officer)
    assert "No answer is left" in client.get(url(*CODE)).content.decode()
    other = url("coding-edit", *ADDRESS, "W1")
    assert "No accepted file of this wave" in client.get(other).content.decode()
    assert client.get(url("coding-edit", *ADDRESS, "W9")).status_code == 404


def test_names_of_people_are_no_open_answers(client, world, item):
    item.__class__.objects.create(instrument=item.instrument, name="s_name", kind="text")
    assert client.get(url("open-detail", "student", "s_name")).status_code == 404


# --- files --------------------------------------------------------------------------------


def send(client, text):
    file = SimpleUploadedFile("codes.csv", text.encode())
    return client.post(url("coding-import", *ADDRESS, "W0"), {"file": file})


def test_a_file_is_looked_at_before_it_counts(client, item):
    page = send(client, "row,themes\n2,food\n4,food;sport\n99,food\n")
    text = page.content.decode()
    assert "2 answers of 3 have a code in this file." in text
    assert "row 4" in text  # the mistake, by its row
    assert not Coding.objects.exists()
    form = {"sha256": page.context["sha256"], "file_name": "codes.csv"}
    assert client.post(url("coding-import", *ADDRESS, "W0"), form).status_code == 302
    assert {one.row: one.themes.count() for one in Coding.objects.all()} == {2: 1, 4: 2}
    assert AuditEvent.objects.get(kind="coding.imported").after["new"] == 2


def test_a_wrong_file_stores_nothing_and_says_why(client, item):
    text = send(client, "row,themes\n2,fod\n").content.decode()
    assert "The question has no theme “fod”" in text
    assert "Keep these codes" not in text
    gone = {"sha256": "0" * 64, "file_name": "x"}
    assert client.post(url("coding-import", *ADDRESS, "W0"), gone).status_code == 409
    assert client.post(url("coding-import", *ADDRESS, "W0"), {}).status_code == 200
    assert not Coding.objects.exists()


def test_a_theme_retired_after_the_look_stops_the_file(client, item):
    page = send(client, "row,themes\n2,food\n")
    Theme.objects.filter(code="food").update(is_active=False)
    form = {"sha256": page.context["sha256"], "file_name": "codes.csv"}
    answer = client.post(url("coding-import", *ADDRESS, "W0"), form)
    assert answer.status_code == 409
    assert "no theme “food”" in answer.content.decode()


def test_codes_of_a_theme_out_of_use_come_back_with_their_file(client, world, item, officer):
    say(item, world.waves[0], 0, ["food", "sport"], officer)
    Theme.objects.filter(code="food").update(is_active=False)
    book = client.get(url("coding-export", *ADDRESS, "W0")).content
    file = SimpleUploadedFile("codes.xlsx", book)
    page = client.post(url("coding-import", *ADDRESS, "W0"), {"file": file})
    assert "1 answer of 3 has a code in this file." in page.content.decode()
    form = {"sha256": page.context["sha256"], "file_name": "codes.xlsx"}
    assert client.post(url("coding-import", *ADDRESS, "W0"), form).status_code == 302
    assert AuditEvent.objects.get(kind="coding.imported").after["same"] == 1
    assert "no theme “food”" in send(client, "row,themes\n4,food\n").content.decode()


def test_answers_leave_with_a_record(client, item):
    answer = client.get(url("coding-export", *ADDRESS, "W0"))
    assert answer["Content-Disposition"] == 'attachment; filename="codes-s_open-W0.xlsx"'
    assert AuditEvent.objects.get(kind="answers.exported").after["people"] == 3


# --- results ------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "is_shown"), [(20, True), (19, False)])
def test_readers_see_themes_of_twenty_answers(world, item, n, is_shown):
    stored(world, item, 0, n, {"food": 13, "sport": 11})
    for role, schools in (("donor", ()), ("director", (world.school(1),))):
        text = as_role(world, role, *schools).get(url("open-detail", *ADDRESS)).content.decode()
        assert ("(13)" in text) is is_shown
        assert ("Fewer than 20 coded answers" in text) is not is_shown


@pytest.mark.parametrize(
    ("role", "shares", "shown"),
    [
        ("donor", {"food": 60, "sport": 30, "books": 9, "rest": 0}, "food rest"),
        ("donor", {"food": 60, "sport": 9, "books": 1, "rest": 50}, "food rest"),
        ("donor", {"food": 60, "sport": 30, "books": 10, "rest": 0}, "food sport books rest"),
        ("director", {"food": 60, "sport": 30, "books": 9, "rest": 0}, "food sport books rest"),
        ("director", {"food": 60, "sport": 30, "books": 4, "rest": 0}, "food rest"),
        ("officer", {"food": 60, "sport": 30, "books": 1, "rest": 0}, "food sport books rest"),
    ],
)
def test_readers_do_not_see_what_few_people_wrote(world, item, officer, role, shares, shown):
    frame(item, officer, "books", "rest")
    stored(world, item, 0, 100, shares, n_answers=100)
    client = as_role(world, role, *([world.school(1)] if role == "director" else []))
    text = client.get(url("open-detail", *ADDRESS)).content.decode()
    for code, n in shares.items():
        assert (f"({n})" in text) is (code in shown.split()), code
    is_whole = shown == "food sport books rest"
    assert ("very few people wrote of are hidden" in text) is not is_whole


def test_few_answers_without_a_theme_are_not_counted_for_readers(world, item):
    stored(world, item, 0, 100, {"food": 60, "sport": 40}, n_answers=100, n_themed=97)
    says = "In 3 of these no theme fits"
    assert says in as_role(world, "officer").get(url("open-detail", *ADDRESS)).content.decode()
    text = as_role(world, "donor").get(url("open-detail", *ADDRESS)).content.decode()
    assert says not in text
    assert "(40)" not in text
    assert "(60)" in text


def test_officers_see_small_groups_and_agreement_by_theme(client, world, item):
    kappa = {"n_double": 8, "agreement": 0.9, "kappa": 0.7, "kappa_low": 0.4, "kappa_high": 1.0}
    stored(world, item, 0, 10, {"food": 4, "sport": 6}, **kappa)
    page = client.get(url("open-detail", *ADDRESS))
    text = page.content.decode()
    assert "the theme named most often is “Sport”, in 60" in text
    assert "kappa 0.70 (0.40 to 1.00), fair agreement" in text
    assert "How alike two people coded" in text
    assert "10 of" not in as_role(world, "donor").get(url("open-detail", *ADDRESS)).content.decode()


def test_donors_see_published_numbers_only(world, item):
    world.run.release.delete()
    stored(world, item, 0, 50, {"food": 13})
    text = as_role(world, "donor").get(url("open-detail", *ADDRESS)).content.decode()
    assert "(13)" not in text
    assert "not sorted into themes yet" in text


def test_nobody_but_officers_reads_the_words(world, item):
    stored(world, item, 0, 50, {"food": 13})
    for role in ("donor", "administrator"):
        client = as_role(world, role)
        assert client.get(url(*CODE)).status_code == 403
        assert client.get(url("coding-export", *ADDRESS, "W0")).status_code == 403
        for page in (url("theme-list"), url("open-detail", *ADDRESS)):
            assert "Better food" not in client.get(page).content.decode()


def test_few_queries_however_many_answers_and_themes(client, world, item, officer):
    pages = (url("theme-list"), url("open-detail", *ADDRESS), url(*CODE))

    def counted():
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as caught:
                client.get(page)
            found.append(len(caught))
        return found

    say(item, world.waves[0], 0, ["food"], officer)
    stored(world, item, 0, 50, {"food": 13})
    client.get(pages[0])
    first = counted()
    frame(item, officer, *(f"t{n}" for n in range(30)))
    ask(world, [f"words {n}" for n in range(60)], wave=1)
    for place in range(10):
        say(item, world.waves[1], place, ["t1", "t2"], officer)
    stored(world, item, 1, 60, {f"t{n}": 5 for n in range(30)})
    assert counted() == first
    assert max(first) <= 18
    assert len(wave_answers(item, world.waves[1])) == 60
