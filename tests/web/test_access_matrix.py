"""Every address x every role, from one table. An address without a row here fails the suite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from indicators.models import (
    AgendaQuestion,
    Change,
    Checklist,
    Comparison,
    DefinitionEffect,
    DefinitionFile,
    Estimate,
    FieldLogEntry,
    Gap,
    Instrument,
    Item,
    Membership,
    Note,
    Paragraph,
    Project,
    Target,
    Theme,
    User,
)
from indicators.vocabulary import RoleName
from tests.web.factories import build_world, member

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "stranger", "donor", "elsewhere", "director", "officer", "administrator")
# What a GET answers to each role, in the order above: 2 shown, i sign in first, 3 refused (403),
# 4 does not exist (404), c not in this state (409), g gone (410), r redirected elsewhere, m the
# method is not allowed (405).
READING = {
    "home": "i2rrrrr",
    "health": "2222222",
    "project-overview": "i422222",
    "performance-table": "i422222",
    "performance-file": "i422222",
    "legend": "i422222",
    "method": "i422222",
    "indicator-detail": "i422222",
    "gap-list": "i422222",
    "gap-compare": "i422222",
    "comparison-detail": "i422222",
    "gap-detail": "i422222",
    "item-list": "i422222",
    "item-detail": "i422222",
    "index-overview": "i422222",
    "register-list": "i422222",
    "register-detail": "i422222",
    "school-list": "i422222",
    "theme-list": "i422222",
    "open-detail": "i422222",
    "school-detail": "i424222",
    "agenda-list": "i422222",
    "agenda-detail": "i422222",
    "paragraph-list": "i422222",
    "set_language": "rrrrrrr",
    "project-new": "i233322",  # the stranger is officer elsewhere
}
OFFICER_READS = "i433323"
OFFICER_WRITES = "immmmmm"
WRITING = {
    "register-export": OFFICER_READS,
    "register-copy": OFFICER_READS,
    "setup": "i433322",
    "project-settings": "i433322",
    "limits-list": OFFICER_READS,
    "limits-edit": OFFICER_READS,
    "definition-list": OFFICER_READS,
    "definition-example": OFFICER_READS,
    "definition-download": "i433343",  # the made-up workbook was never stored
    "indicator-new": OFFICER_READS,
    "indicator-edit": OFFICER_READS,
    "effect-progress": OFFICER_READS,  # of the officer's own change
    "index-list": OFFICER_READS,
    "index-new": OFFICER_READS,
    "index-edit": OFFICER_READS,
    "wave-list": OFFICER_READS,
    "wave-new": OFFICER_READS,
    "wave-edit": OFFICER_READS,
    "upload-many": OFFICER_READS,
    "upload-list": OFFICER_READS,
    "upload-new": OFFICER_READS,
    "upload-detail": OFFICER_READS,
    "upload-rows": OFFICER_READS,
    "upload-problems": OFFICER_READS,
    "upload-download": "i433343",  # the made-up file was never stored
    "coverage": OFFICER_READS,
    "coverage-plan": OFFICER_READS,
    "upload-marked": "i433343",  # nor can it be marked
    "upload-previews": "i4333s3",  # 286 tells the page to stop asking
    "upload-progress": "i4333s3",
    "field-log-list": OFFICER_READS,
    "figure-check": OFFICER_READS,
    "field-log-new": OFFICER_READS,
    "field-log-edit": OFFICER_READS,
    "wording-list": OFFICER_READS,
    "dataset-export": "i433343",  # nothing was accepted from the made-up file
    "theme-new": OFFICER_READS,
    "theme-edit": OFFICER_READS,
    "coding-edit": OFFICER_READS,
    "coding-import": OFFICER_READS,
    "coding-export": OFFICER_READS,
    "note-list": OFFICER_READS,
    "note-new": OFFICER_READS,
    "note-edit": OFFICER_READS,
    "note-remove": OFFICER_READS,
    "run-list": OFFICER_READS,
    "run-detail": OFFICER_READS,
    "consistency-list": OFFICER_READS,
    "run-progress": "i4333s3",  # 286 tells the page to stop asking
    # The made-up run names no definitions, so the officer reads why there is nothing to download.
    "estimate-reproduce": "i4333c3",
    "change-reproduce": "i4333c3",
    "gap-reproduce": "i4333c3",
    "audit-list": "i433322",
    "member-list": "i433322",
    "invitation-new": "i433322",
    "agenda-new": OFFICER_READS,
    "agenda-edit": OFFICER_READS,
    "agenda-remove": OFFICER_READS,
    "paragraph-new": OFFICER_READS,
    "paragraph-edit": OFFICER_READS,
    "paragraph-remove": OFFICER_READS,
    "checklist-list": "i432223",
    "checklist-detail": "i434223",
    "target-list": "i422222",
    "target-grid": "i422222",
    "target-export": "i422222",
    "target-history": "i422222",
    "target-calculation": "i4333s3",  # 286 tells the page to stop asking
    "target-new": OFFICER_READS,
    "target-edit": OFFICER_READS,
    "target-remove": OFFICER_READS,
    "invitation-accept": "ggggggg",
}
LIBRARIES = ("account_", "admin:", "javascript-catalog")
ANSWERS = {"2": 200, "3": 403, "4": 404, "c": 409, "s": 286, "g": 410, "m": 405}


def addresses(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[str]:
    """Names of every address of the site, those of a namespace as `admin:index`."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from addresses(pattern.url_patterns, space)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


def ours() -> list[str]:
    """Names of the project's own addresses; those of the libraries are swept by their own rule."""
    return sorted({name for name in addresses() if not name.startswith(LIBRARIES)} - {"None"})


def only_posts(name: str) -> bool:
    """Addresses that change something answer no GET."""
    return name not in READING | WRITING


@pytest.fixture
def world() -> Any:
    return build_world()


@pytest.fixture
def people(world: Any) -> dict[str, User | None]:
    other = Project.objects.create(code="other", reference_date="2027-12-01")
    stranger = User.objects.create(username="stranger")
    Membership.objects.create(user=stranger, project=other, role=RoleName.OFFICER)
    lonely = User.objects.create(username="lonely")
    return {
        "anonymous": None,
        "stranger": stranger,
        "lonely": lonely,
        "donor": member(world, "donor"),
        "elsewhere": member(world, "director", world.school(2), name="elsewhere"),
        "director": member(world, "director", world.school(1), name="director"),
        "officer": member(world, "officer"),
        "administrator": member(world, "administrator"),
    }


def url_of(name: str, world: Any) -> str:
    known = {
        "project_code": world.project.code,
        "indicator_code": "S01",
        "index_code": "s01",
        "school_code": "IS-01",
        "wave_code": "W0",
        "instrument": "student",
        "item_name": "s_s01",
        "question_code": AgendaQuestion.objects.get_or_create(
            project=world.project, code="E01", question_en="What changed?"
        )[0].code,
        "place": Paragraph.objects.get_or_create(
            project=world.project, place="summary", text_en="{S01.endline}"
        )[0].place,
        "token": "no-such-token",
        "name": "register",
        "kind": "sex",
        "item": "s_open",
    }
    measure = world.indicators["S01"].measure
    rows = {
        "comparison": Comparison.objects.get_or_create(
            run=world.run,
            first=measure,
            second=measure,
            group_by="sex",
            first_group="1",
            second_group="2",
            state="done",
        )[0].pk,
        "upload": world.uploads["student_W0"].pk,
        "run": world.run.pk,
        "release": world.run.pk,
        "consistency": world.run.pk,
        **{
            model._meta.model_name: model._default_manager.order_by("pk")[0].pk
            for model in (Estimate, Change, Gap)
        },
        "definition": DefinitionFile.objects.get_or_create(
            project=world.project, part="register", slot="register", state="holds", sha256="0"
        )[0].pk,
        "field": FieldLogEntry.objects.get_or_create(
            wave=world.waves[0], kind="pilot", happened_on="2025-10-01", who="Team", what="Pilot"
        )[0].pk,
        "effect": effect_of(world),
        "target": Target.objects.filter(school=None).order_by("pk")[0].pk,
        "checklist": Checklist.objects.filter(school=world.school(1)).order_by("pk")[0].pk,
    }
    question, _ = Item.objects.get_or_create(
        instrument=Instrument.objects.get(project=world.project, code="student"),
        name="s_open",
        kind="text",
    )
    rows["theme"] = Theme.objects.get_or_create(item=question, code="calm", label_en="Calm")[0].pk
    rows["note"] = Note.objects.order_by("pk")[0].pk
    known["pk"] = rows.get(name.partition("-")[0], 1)
    wanted = get_resolver().reverse_dict[name][0][0][1]
    return reverse(name, kwargs={key: known.get(key, "1") for key in wanted})


def effect_of(world: Any) -> int:
    """A changed definition that the officer of the project looks at, 1 where there is none."""
    officer = User.objects.filter(memberships__project=world.project, memberships__role="officer")
    if not officer:
        return 1
    found = DefinitionEffect.objects.get_or_create(
        project=world.project, indicator=world.indicators["S01"], created_by=officer[0], mark="0"
    )
    return int(found[0].pk)


def check(client: Any, user: User | None, url: str, letter: str) -> None:
    client.logout()
    if user:
        client.force_login(user)
    response = client.get(url)
    if letter == "i":
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")
    elif letter == "r":
        assert response.status_code == 302
        assert "login" not in response["Location"]
    else:
        assert response.status_code == ANSWERS[letter], response.status_code


@pytest.mark.parametrize("name", READING | WRITING)
def test_a_page_opens_to_those_who_may_see_it(client, world, people, name):
    url = url_of(name, world)
    wrong = {}
    for role, letter in zip(ROLES, (READING | WRITING)[name], strict=True):
        # On the way in, somebody in no project is the more interesting stranger.
        user = people["lonely" if (name, role) == ("home", "stranger") else role]
        try:
            check(client, user, url, letter)
        except AssertionError as problem:
            wrong[role] = str(problem).splitlines()[0]
    assert not wrong


@pytest.mark.parametrize("name", [name for name in ours() if only_posts(name)])
def test_an_address_that_changes_something_answers_no_get(client, world, people, name):
    url = url_of(name, world)
    for role, letter in zip(ROLES, OFFICER_WRITES, strict=True):
        check(client, people[role], url, letter)


POSTS = [name for name in ours() if only_posts(name)]
# Who gets past the door with a POST; the others meet 403, or 404 where they know of nothing.
MAY_POST = {
    "definition-accept": ("officer",),
    "definition-take-back": ("officer",),
    "effect-cancel": ("officer",),
    "wave-move": ("officer",),
    "upload-accept": ("officer",),
    "upload-check": ("officer",),
    "upload-preview": ("officer",),
    "upload-columns": ("officer",),
    "upload-describe": ("officer",),
    "upload-leave-out": ("officer",),
    "upload-schools": ("officer",),
    "upload-values": ("officer",),
    "upload-rows-back": ("officer",),
    "upload-replace": ("officer",),
    "upload-withdraw": ("officer",),
    "upload-step": ("officer",),
    "upload-cancel": ("officer",),
    "upload-exclude": ("officer",),
    "upload-include": ("officer",),
    "target-import": ("officer",),
    "wording-link": ("officer",),
    "wording-unlink": ("officer",),
    "note-publish": ("officer",),
    "comparison-again": ("officer",),
    "agenda-move": ("officer",),
    "paragraph-move": ("officer",),
    "run-start": ("officer",),
    "run-cancel": ("officer",),
    "release-publish": ("officer",),
    "release-withdraw": ("officer",),
    "checklist-start": ("director", "elsewhere", "officer"),
    "checklist-return": ("officer",),
    "checklist-approve": ("officer",),
    "checklist-reopen": ("officer",),
}


@pytest.mark.parametrize("name", POSTS)
def test_a_change_is_refused_to_those_without_the_right(client, world, people, name):
    assert name in MAY_POST, f"say in MAY_POST who may use {name}"
    url = url_of(name, world)
    for role in set(ROLES) - set(MAY_POST[name]):
        client.logout()
        if people[role]:
            client.force_login(people[role])
        response = client.post(url)
        if role == "anonymous":
            assert response["Location"].startswith("/accounts/login/")
        else:
            assert response.status_code in (403, 404), (role, response.status_code)
        if role == "stranger":
            assert response.status_code == 404


def test_every_address_has_a_row():
    """The table and the site name the same addresses."""
    assert set(READING | WRITING) | set(MAY_POST) == set(ours())


def test_directors_meet_another_schools_page_as_if_it_did_not_exist(client, world, people):
    client.force_login(people["elsewhere"])
    assert client.get(url_of("school-detail", world)).status_code == 404
    assert b"IS-01" not in client.get(url_of("school-list", world)).content
    page = client.get(url_of("indicator-detail", world))
    assert b"School 001" not in page.content
