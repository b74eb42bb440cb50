"""A new project and its settings: who may, what is refused, what is on record."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from indicators.actions.projects import (
    ProjectRefusal,
    ProjectRefused,
    StaleRow,
    change_settings,
    create_project,
)
from indicators.models import AuditEvent, Membership, Project, Run, User
from indicators.vocabulary import RoleName
from tests.actions.cast import build_world

pytestmark = pytest.mark.django_db
DAY = date(2027, 12, 1)


@pytest.fixture
def world():
    return build_world()


def create(by, code="new-one", names=None):
    names = {"en": "New"} if names is None else names
    return create_project(code=code, names=names, reference_date=DAY, by=by)


@pytest.mark.parametrize("name", ["olga", "adam"])
def test_an_officer_or_administrator_creates_a_project_and_is_its_officer(world, name):
    person = world.person(name)
    project = create(person)
    assert (project.name_en, project.reference_date) == ("New", DAY)
    assert Membership.objects.get(user=person, project=project).role == RoleName.OFFICER
    assert AuditEvent.objects.filter(kind="project.created", by=person).count() == 1


@pytest.mark.parametrize("name", ["dina", "donna"])
def test_others_create_none(world, name):
    with pytest.raises(ProjectRefused) as refused:
        create(world.person(name))
    assert refused.value.reason is ProjectRefusal.ROLE
    assert Project.objects.count() == 1


def test_the_first_project_is_made_by_staff_without_any(db):
    assert create(User.objects.create_user("new", is_staff=True)).code == "new-one"


@pytest.mark.parametrize(
    ("code", "names", "reason"),
    [("P", {"en": "New"}, ProjectRefusal.CODE_TAKEN), ("q", {}, ProjectRefusal.NO_NAME)],
)
def test_what_cannot_be_is_refused(world, code, names, reason):
    with pytest.raises(ProjectRefused) as refused:
        create(world.person("olga"), code, names)
    assert refused.value.reason is reason


def test_a_code_is_a_slug(world):
    with pytest.raises(ValidationError):
        create(world.person("olga"), "two words")


def change(world, reason="", revision=1, **values):
    olga = world.person("olga")
    return change_settings(
        project=world.project, values=values, revision=revision, reason=reason, by=olga
    )


def test_a_setting_is_changed_and_on_record(world):
    assert change(world, alpha=0.01, margin_share=0.1)
    world.project.refresh_from_db()
    assert (world.project.alpha, world.project.revision) == (0.01, 2)
    event = AuditEvent.objects.get(kind="project.settings_changed")
    assert (event.before, event.after) == (
        {"alpha": 0.05, "margin_share": 0.05},
        {"alpha": 0.01, "margin_share": 0.1},
    )
    assert not change(world, alpha=0.01)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("alpha", 0.5),
        ("margin_sd", -0.1),
        ("on_track_share", 0.0),
        ("class_correlation", 0.9),
        ("target_confidence", 1.0),
        ("min_group_public", 9),
        ("min_group_director", 4),
        ("min_group_text", 19),
        ("min_group_verdict", 7),
    ],
)
def test_limits_hold(world, field, value):
    with pytest.raises(ProjectRefused) as refused:
        change(world, **{field: value})
    assert (refused.value.reason, refused.value.field) == (ProjectRefusal.OUTSIDE, field)
    assert not AuditEvent.objects.filter(kind="project.settings_changed").exists()


def test_a_project_with_results_asks_why(world):
    Run.objects.create(project=world.project)
    with pytest.raises(ProjectRefused) as refused:
        change(world, alpha=0.01, reason=" ")
    assert refused.value.reason is ProjectRefusal.NO_REASON
    assert change(world, alpha=0.01, reason="Agreed with the donor.")


def test_the_last_name_stays(world):
    with pytest.raises(ProjectRefused) as refused:
        change(world, name_ky="", name_ru="", name_en="")
    assert refused.value.reason is ProjectRefusal.NO_NAME


def test_somebody_elses_change_is_not_overwritten(world):
    change(world, alpha=0.01)
    with pytest.raises(StaleRow) as stale:
        change(world, alpha=0.1, revision=1)
    assert stale.value.stored.alpha == 0.01


@pytest.mark.parametrize(("field", "value"), [("on_track_share", 1.5), ("class_correlation", 1.0)])
def test_the_database_refuses_what_is_no_share(world, field, value):
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.update(**{field: value})
