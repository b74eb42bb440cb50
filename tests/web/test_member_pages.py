"""People, invitations, and joining by a link."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from indicators.actions.members import invite
from indicators.models import Invitation, Membership, User
from indicators.vocabulary import RoleName
from tests.actions.cast import World, build_world

WORDS = "quiet river stone"


@pytest.fixture
def world(db) -> World:
    return build_world()


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


def url(name: str, *args) -> str:
    return reverse(name, args=["p", *args])


def link_of(world, role=RoleName.DONOR) -> str:
    _row, token = invite(project=world.project, role=role, by=world.person("adam"))
    return reverse("invitation-accept", args=[token])


@pytest.mark.parametrize(
    ("who", "status"),
    [("olga", 200), ("adam", 200), ("dina", 403), ("bek", 403), ("donna", 403), ("sam", 404)],
)
def test_who_sees_people_and_invites(client, world, who, status):
    client.force_login(world.person(who))
    assert client.get(url("member-list")).status_code == status
    assert client.get(url("invitation-new")).status_code == status
    assert client.post(url("invitation-new"), {"role": "donor"}).status_code == status
    assert Invitation.objects.exists() is (status == 200)


def test_the_link_works_for_a_new_person(client, world):
    client.force_login(world.person("olga"))
    page = client.post(
        url("invitation-new"), {"role": "director", "schools": ["IS-01"], "email": "n@example.org"}
    )
    link = page.context["link"]
    assert link in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    guest = Client(headers={"accept-language": "en"})
    assert guest.get(link).status_code == 200
    answer = guest.post(link, {"username": "nurlan", "password": WORDS, "first_name": "Nurlan"})
    assert answer.status_code == 302
    member = Membership.objects.get(user__username="nurlan")
    assert (member.role, [school.code for school in member.schools.all()]) == (
        RoleName.DIRECTOR,
        ["IS-01"],
    )
    assert guest.get(url("checklist-list")).status_code == 200
    assert guest.get(link).status_code == 410


def test_an_officer_cannot_make_an_officer(client, world):
    client.force_login(world.person("olga"))
    page = client.post(url("invitation-new"), {"role": "officer"})
    assert page.context["form"].errors
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "form", [{}, {"role": "director"}, {"role": "director", "schools": ["X"]}, {"role": "king"}]
)
def test_a_bad_invitation_is_explained(client, world, form):
    client.force_login(world.person("olga"))
    page = client.post(url("invitation-new"), form)
    assert page.status_code == 200
    assert page.context["form"].errors


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"username": "nurlan"},
        {"username": "nurlan", "password": "123"},
        {"username": "nurlan", "password": "nurlan12"},
        {"username": "sam", "password": WORDS},
        {"username": "a b", "password": WORDS},
        {"username": "a\x00", "password": WORDS},
        {"username": "x" * 200, "password": WORDS},
    ],
)
def test_a_bad_account_is_explained_and_the_link_stays_good(client, world, form):
    link = link_of(world)
    page = client.post(link, form)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert User.objects.count() == 6
    assert client.post(link, {"username": "new", "password": WORDS}).status_code == 302


def test_somebody_signed_in_joins_with_the_own_account(client, world):
    client.force_login(world.person("sam"))
    link = link_of(world)
    assert "signed in as sam" in client.get(link).content.decode()
    assert client.post(link).status_code == 302
    assert Membership.objects.get(user=world.person("sam")).role == RoleName.DONOR


def test_a_member_keeps_the_role(client, world):
    client.force_login(world.person("donna"))
    page = client.post(link_of(world, RoleName.OFFICER))
    assert page.status_code == 409
    assert "You belong to this project already" in page.content.decode()
    assert Membership.objects.get(user=world.person("donna")).role == RoleName.DONOR


@pytest.mark.parametrize("token", ["x", "x:y", "ы", "%00", "a" * 500])
def test_a_bad_link_says_so(client, world, token):
    answer = client.get(f"/join/{token}/")
    assert answer.status_code in (404, 410)
    assert not re.search("Traceback", answer.content.decode())


def test_few_queries(client, world, django_assert_max_num_queries):
    client.force_login(world.person("olga"))
    with django_assert_max_num_queries(9):
        client.get(url("member-list"))
