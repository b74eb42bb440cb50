"""The audit log: who reads it, what it tells."""

import pytest
from django.test import Client
from django.urls import reverse

from indicators.actions import audit
from indicators.actions.checklists import save_draft
from tests.actions.cast import World, build_world


@pytest.fixture
def world(db) -> World:
    return build_world()


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


URL = "/p/p/audit/"


def write(world, n=1, kind="target.changed") -> None:
    for number in range(n):
        audit.record(
            kind,
            world.score,
            by=world.person("olga"),
            project=world.project,
            before={"low": 4.0, "type": "at_least"},
            after={"low": 4.0 + number, "type": "at_least"},
            reason="because <b>",
        )


def test_the_address():
    assert reverse("audit-list", args=["p"]) == URL


@pytest.mark.parametrize(
    ("who", "status"),
    [("olga", 200), ("adam", 200), ("dina", 403), ("bek", 403), ("donna", 403), ("sam", 404)],
)
def test_who_reads_it(client, world, who, status):
    client.force_login(world.person(who))
    assert client.get(URL).status_code == status


def test_newest_first_with_what_changed(client, world):
    write(world, 2)
    client.force_login(world.person("olga"))
    page = client.get(URL)
    newest, oldest = page.context["events"]
    assert newest.changes == (("low", "4.0", "5.0"),)
    assert oldest.changes == ()
    assert (newest.what, newest.by) == ("target changed", "Olga")
    assert "because &lt;b&gt;" in page.content.decode()


def test_pages_and_filter(client, world):
    write(world, 60)
    write(world, 1, kind="run.published")
    client.force_login(world.person("olga"))
    assert len(client.get(URL).context["events"]) == 50
    assert len(client.get(URL, {"page": "2"}).context["events"]) == 11
    assert len(client.get(URL, {"kind": "run.published"}).context["events"]) == 1
    for query in ({"page": "99"}, {"kind": "nothing"}, {"kind": "\x00"}, {"page": "-3"}):
        assert client.get(URL, query).status_code == 200


def test_another_projects_events_are_not_here(client, world):
    other = build_world("q")
    write(other)
    client.force_login(world.person("olga"))
    assert not client.get(URL).context["events"]
    assert "No event of this kind yet" in client.get(URL).content.decode()


def test_checklist_answers_are_not_shown_to_the_administrator(client, world):
    save_draft(
        checklist=world.checklist(),
        answers={"d_labs_open": "no laboratory at all"},
        comments={"d_boards": "stolen"},
        revision=1,
        by=world.person("dina"),
    )
    client.force_login(world.person("olga"))
    assert "no laboratory at all" in client.get(URL).content.decode()
    client.force_login(world.person("adam"))
    text = client.get(URL).content.decode()
    assert "checklist saved" in text
    assert "no laboratory at all" not in text
    assert "stolen" not in text


def test_kinds_in_words(client, world):
    write(world, 1, kind="school.created")
    write(world, 1, kind="robot.waved")
    client.force_login(world.person("olga"))
    words = [event.what for event in client.get(URL).context["events"]]
    assert words == ["robot.waved", "school created"]


def test_few_queries(client, world, django_assert_max_num_queries):
    write(world, 40)
    client.force_login(world.person("olga"))
    with django_assert_max_num_queries(8):
        client.get(URL)
