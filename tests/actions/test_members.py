"""Invitations: who may give which role, and a link that works once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from indicators.actions.members import (
    InvitationRefusal,
    InvitationRefused,
    accept_invitation,
    find_invitation,
    invite,
    register,
)
from indicators.models import AuditEvent, Invitation, Membership, User
from indicators.vocabulary import RoleName
from tests.actions.cast import World, build_world

R = RoleName
WORDS = "quiet river stone"


@pytest.fixture
def world(db) -> World:
    return build_world()


def link(world, role=R.DONOR, by="olga", **fields) -> str:
    return invite(project=world.project, role=role, by=world.person(by), **fields)[1]


@pytest.mark.parametrize(
    ("who", "given"),
    [
        ("olga", {R.DIRECTOR, R.DONOR}),
        ("adam", set(R)),
        ("dina", set()),
        ("donna", set()),
        ("sam", set()),
    ],
)
def test_who_may_give_which_role(world, who, given):
    for role in R:
        if role in given:
            assert link(world, role, who, schools=world.schools[:1])
        else:
            with pytest.raises(InvitationRefused) as refused:
                link(world, role, who, schools=world.schools[:1])
            assert refused.value.reason is InvitationRefusal.ROLE


def test_a_director_needs_a_school_of_the_project(world):
    for schools in ([], build_world("q").schools):
        with pytest.raises(InvitationRefused) as refused:
            link(world, R.DIRECTOR, schools=schools)
        assert refused.value.reason is InvitationRefusal.NO_SCHOOL


def test_the_link_makes_an_account_and_a_membership_once(world):
    token = link(world, R.DIRECTOR, schools=world.schools[:1], email="n@example.org")
    member = register(token=token, username="nurlan", password=WORDS, first_name="Nurlan")
    assert member.role == R.DIRECTOR
    assert list(member.schools.all()) == world.schools[:1]
    assert (member.user.email, member.user.check_password(WORDS)) == ("n@example.org", True)
    with pytest.raises(InvitationRefused) as refused:
        register(token=token, username="second", password=WORDS)
    assert refused.value.reason is InvitationRefusal.USED
    assert not User.objects.filter(username="second").exists()
    kinds = AuditEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["member.invited", "member.joined"]


def test_only_the_hash_of_the_link_is_stored(world):
    token = link(world)
    invitation = Invitation.objects.get()
    assert token not in str(vars(invitation))
    assert find_invitation(token) == invitation


@pytest.mark.parametrize("change", [lambda t: t + "x", lambda t: "x" + t, lambda t: "", str.upper])
def test_a_changed_link_is_worth_nothing(world, change):
    token = link(world)
    with pytest.raises(InvitationRefused) as refused:
        find_invitation(change(token))
    assert refused.value.reason is InvitationRefusal.INVALID


def test_a_link_expires(world):
    token = link(world)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(InvitationRefused) as refused:
        accept_invitation(token=token, by=world.person("sam"))
    assert refused.value.reason is InvitationRefusal.EXPIRED


def test_a_member_does_not_change_role_by_a_link(world):
    token = link(world, R.OFFICER, "adam")
    with pytest.raises(InvitationRefused) as refused:
        accept_invitation(token=token, by=world.person("donna"))
    assert refused.value.reason is InvitationRefusal.MEMBER
    assert Membership.objects.get(user=world.person("donna")).role == R.DONOR


def test_a_taken_username_leaves_the_link_usable(world):
    token = link(world)
    with pytest.raises(InvitationRefused) as refused:
        register(token=token, username="SAM", password=WORDS)
    assert refused.value.reason is InvitationRefusal.USERNAME
    assert accept_invitation(token=token, by=world.person("sam")).role == R.DONOR
