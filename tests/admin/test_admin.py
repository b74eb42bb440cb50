"""Who enters the admin, what each role sees there, and what a change leaves in the audit log."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.admin import names
from indicators.models import (
    AnswerColumn,
    AuditEvent,
    CompositeIndex,
    DefinitionCheck,
    Indicator,
    Instrument,
    Membership,
    Project,
    School,
    SchoolAlias,
    Target,
    TextColumn,
    UploadJob,
    UploadPreview,
    User,
    Wave,
)
from tests.resources.demo import load_demo

pytestmark = pytest.mark.django_db

OURS = [model for model in admin.site._registry if model._meta.app_label == "indicators"]
NAMES = sorted(str(model._meta.model_name) for model in OURS)
ACCOUNTS = {"user", "membership", "invitation"}
AUDIT = {"auditevent"}
RESULTS = {
    *("run", "release", "estimate", "change", "gap"),
    *("openquestion", "themeshare"),
    *("reliability", "distributiontest", "assessment", "itemresult", "indexcomponent"),
    *("comparison", "comparisonwave", "consistencycheck", "consistencyfinding"),
}
FILES = {
    "upload", "problem", "columnmapping", "dataset", "exclusion", "deskvalue", "activitylog",
    "clusterplan", "manualvalue", "note", "schoolarrival", "fieldplan", "fieldlogentry",
    "valuemapping", "doubtfulvalue", "leftoutrow", "theme", "coding",
}  # fmt: skip
CHECKLISTS = {"checklist", "checklistevent"}
TABLES = set(NAMES) - ACCOUNTS - AUDIT - RESULTS - FILES - CHECKLISTS
SEES = {
    "officer": set(NAMES) - ACCOUNTS,
    "administrator": TABLES | ACCOUNTS | AUDIT,
    "superuser": set(NAMES),
}
READ_ONLY = RESULTS | FILES | CHECKLISTS | AUDIT
READ_ONLY |= {"measure", "invitation", "agendaquestion", "paragraph"}
READ_ONLY |= {"definitionversion", "definitioneffect", "indexitem"}


def url(model: str, page: str = "changelist", *args: object) -> str:
    return reverse(f"admin:indicators_{model}_{page}", args=args)


def test_every_table_but_the_answers_is_registered() -> None:
    models = set(apps.get_app_config("indicators").get_models())
    through = {model for model in models if model._meta.auto_created}
    of_the_program = {DefinitionCheck, UploadJob, UploadPreview}  # nothing a person would read
    assert models - through - set(OURS) == {AnswerColumn, TextColumn} | of_the_program
    assert {"school", "indicator", "target"} <= TABLES


def test_every_table_has_a_name_in_words() -> None:
    assert names.NAMES.keys() == set(NAMES)
    assert str(SchoolAlias._meta.verbose_name_plural) == "other spellings of schools"


@pytest.mark.parametrize("who", ["anonymous", "donor", "director", "staff donor", "stranger"])
def test_the_door_is_closed(sign_in: Any, who: str) -> None:
    client = sign_in(who)
    pages = ["admin:index", "admin:school-progress-list", "admin:indicators_school_changelist"]
    pages += ["admin:indicators_user_changelist", "admin:indicators_target_import"]
    for name in pages:
        response = client.get(reverse(name))
        assert response.status_code in (302, 403), name
        assert response.status_code == 403 or "login" in response.url
    assert client.post(url("school", "add"), {"code": "X"}).status_code in (302, 403)


@pytest.mark.parametrize("who", ["officer", "administrator", "superuser"])
def test_each_role_sees_its_tables(sign_in: Any, who: str) -> None:
    client = sign_in(who)
    assert client.get(reverse("admin:index")).status_code == 200
    seen = {name for name in NAMES if client.get(url(name)).status_code == 200}
    assert seen == SEES[who]


@pytest.mark.parametrize("who", ["officer", "administrator", "superuser"])
def test_what_is_read_only_stays_so(sign_in: Any, people: dict[str, User], who: str) -> None:
    request = RequestFactory().get("/")
    request.user = people[who]
    for model in OURS:
        if model._meta.model_name in READ_ONLY:
            table = admin.site._registry[model]
            assert not table.has_add_permission(request)
            assert not table.has_change_permission(request)
            assert not table.has_delete_permission(request)
    client = sign_in(who)
    for name in READ_ONLY & SEES[who]:
        assert client.get(url(name, "add")).status_code == 403


def test_an_administrator_does_not_set_targets(sign_in: Any) -> None:
    client = sign_in("administrator")
    target = Target.objects.all()[0]
    assert client.get(url("target", "change", target.pk)).status_code == 200
    assert client.post(url("target", "change", target.pk), {"low": 1}).status_code == 403
    assert client.get(url("target", "import")).status_code == 403
    assert client.get(url("target", "export")).status_code == 200


@pytest.mark.parametrize("who", ["officer", "administrator"])
def test_lists_take_few_queries(sign_in: Any, who: str) -> None:
    client = sign_in(who)
    client.get(reverse("admin:index"))  # what is read once per process
    for name in sorted(SEES[who]):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(name)).status_code == 200
        assert len(queries) <= 16, name + "\n".join(query["sql"] for query in queries)


def test_an_existing_row_opens_with_few_queries(sign_in: Any) -> None:
    client = sign_in("officer")
    for model in OURS:
        row = model._default_manager.first()
        name = str(model._meta.model_name)
        if row is None or name not in SEES["officer"]:
            continue
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(name, "change", row.pk)).status_code == 200
        assert len(queries) <= 30, name + "\n".join(query["sql"] for query in queries)


def test_another_project_is_not_seen(sign_in: Any) -> None:
    other = load_demo("other")
    client = sign_in("officer")
    school = School.objects.get(project=other, code="IS-01")
    assert client.get(url("school", "change", school.pk)).status_code == 302  # not found: the list
    page = client.get(url("school")).content.decode()
    assert page.count("IS-01 ") < 2
    assert f"/school/{school.pk}/" not in page
    add = client.get(url("schoolcategory", "add")).content.decode()
    assert f'value="{other.pk}"' not in add
    superuser = sign_in("superuser")
    assert superuser.get(url("school", "change", school.pk)).status_code == 200


def test_a_change_is_audited_with_before_and_after(
    sign_in: Any, people: dict[str, User], project: Project
) -> None:
    school = School.objects.get(code="IS-01")
    client = sign_in("officer")
    form = client.get(url("school", "change", school.pk)).context["adminform"].form
    data = {name: form.initial.get(name) for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    data |= {
        "name_en": "New name",
        "aliases-TOTAL_FORMS": 1,
        "aliases-INITIAL_FORMS": 0,
        "aliases-0-text": "Таң-Шоола (эски)",
    }
    response = client.post(url("school", "change", school.pk), data)
    assert response.status_code == 302, response.context["errors"]
    event = AuditEvent.objects.get(kind="school.changed")
    assert (event.by, event.project) == (people["officer"], project)
    assert event.before == {"name_en": "Tan-Shoola School-Gymnasium"}
    assert event.after == {"name_en": "New name"}
    alias = SchoolAlias.objects.get()
    assert alias.normalised == "таң шоола эски"
    assert AuditEvent.objects.filter(kind="schoolalias.created").count() == 1
    # Saving again without a change leaves no event.
    data |= {"aliases-TOTAL_FORMS": 0}
    client.post(url("school", "change", school.pk), data)
    assert AuditEvent.objects.filter(kind="school.changed").count() == 1


def test_a_target_follows_the_rules_of_the_site(sign_in: Any, people: dict[str, User]) -> None:
    client = sign_in("officer")
    target = Target.objects.get(indicator__code="S08", school=None)
    page = url("target", "change", target.pk)
    data = {"type": "at_least", "low": "85", "high": "", "rationale": "x"}
    assert client.post(page, data).status_code == 200  # 85 is no share
    data["low"] = "0.9"
    assert client.post(page, data | {"rationale": ""}).status_code == 200  # no reason
    assert Target.objects.get(pk=target.pk).low == 0.85
    assert client.post(page, data).status_code == 302
    changed = Target.objects.get(pk=target.pk)
    assert (changed.low, changed.revision, changed.updated_by) == (0.9, 2, people["officer"])
    assert AuditEvent.objects.filter(kind="target.changed").count() == 1
    parents = Indicator.objects.get(code="P01")
    new = {"indicator": parents.pk, "wave": Wave.objects.get(code="W1").pk, **data}
    assert client.post(url("target", "add"), new).status_code == 200
    new["indicator"] = Indicator.objects.get(code="D06").pk
    assert client.post(url("target", "add"), new | {"low": "4"}).status_code == 200  # exists
    new["indicator"] = Indicator.objects.get(code="S01").pk
    assert client.post(url("target", "add"), new | {"low": "4.5"}).status_code == 302


def test_no_index_over_a_questionnaire_that_allows_none(sign_in: Any) -> None:
    client = sign_in("officer")
    data = {
        "instrument": Instrument.objects.get(code="parent").pk,
        "code": "informed",
        "name_en": "Informed",
        "statistic": "mean",
        "scale_min": 1,
        "scale_max": 5,
        "min_answered_share": 0.5,
        "position": 99,
        "index_items-TOTAL_FORMS": 0,
        "index_items-INITIAL_FORMS": 0,
    }
    assert client.post(url("compositeindex", "add"), data).status_code == 200
    assert not CompositeIndex.objects.filter(code="informed").exists()
    data["instrument"] = Instrument.objects.get(code="teacher").pk
    assert client.post(url("compositeindex", "add"), data).status_code == 200  # says no reason
    assert client.post(url("compositeindex", "add"), data | {"reason": "why"}).status_code == 302


def test_an_administrator_gives_roles(sign_in: Any, people: dict[str, User]) -> None:
    client = sign_in("administrator")
    data = {
        "username": "nurlan",
        "email": "nurlan@example.org",
        "usable_password": "true",
        "password1": "long-and-odd-42",
        "password2": "long-and-odd-42",
    }
    assert client.post(url("user", "add"), data).status_code == 302
    user = User.objects.get(username="nurlan")
    assert user.check_password("long-and-odd-42")
    event = AuditEvent.objects.get(kind="user.created")
    assert "password" not in event.after
    project = Project.objects.get()
    school = School.objects.get(code="IS-02")
    data = {"user": user.pk, "project": project.pk, "role": "director", "schools": [school.pk]}
    assert client.post(url("membership", "add"), data).status_code == 302
    assert list(Membership.objects.get(user=user).schools.all()) == [school]
    kinds = set(
        AuditEvent.objects.filter(by=people["administrator"]).values_list("kind", flat=True)
    )
    assert {"user.created", "membership.created", "membership.schools_changed"} <= kinds
    page = client.get(url("auditevent")).content.decode()
    assert "user.created" in page


def test_an_administrator_cannot_touch_a_superuser(sign_in: Any, people: dict[str, User]) -> None:
    client = sign_in("administrator")
    root = people["superuser"]
    assert client.get(url("user", "change", root.pk)).status_code == 302
    assert client.get(reverse("admin:auth_user_password_change", args=[root.pk])).status_code in (
        302,
        404,
    )
    form = client.get(url("user", "change", people["donor"].pk)).context["adminform"].form
    assert not {"is_superuser", "groups", "user_permissions"} & set(form.fields)


def test_a_password_set_for_somebody_is_audited(sign_in: Any, people: dict[str, User]) -> None:
    client = sign_in("administrator")
    page = reverse("admin:auth_user_password_change", args=[people["donor"].pk])
    data = {
        "usable_password": "true",
        "password1": "long-and-odd-42",
        "password2": "long-and-odd-42",
    }
    assert client.post(page, data).status_code == 302
    event = AuditEvent.objects.get(kind="user.password_changed")
    assert (event.by, event.object_id) == (people["administrator"], str(people["donor"].pk))


def test_a_membership_is_removed_with_its_content_in_the_log(
    sign_in: Any, people: dict[str, User]
) -> None:
    membership = Membership.objects.get(user=people["donor"])
    client = sign_in("administrator")
    page = url("membership", "delete", membership.pk)
    assert client.post(page, {"post": "yes"}).status_code == 302
    event = AuditEvent.objects.get(kind="membership.deleted")
    assert event.before["role"] == "donor"
