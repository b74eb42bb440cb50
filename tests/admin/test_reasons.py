"""What numbers rest on changes in the admin with a reason, or on the page that asks for one."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from indicators.models import (
    AuditEvent,
    CompositeIndex,
    DefinitionVersion,
    IndexItem,
    Indicator,
    Item,
    Project,
    Target,
    User,
)
from tests.admin.test_admin import url

pytestmark = pytest.mark.django_db
WHY = "The ministry asked for it"


def sent(client: Any, page: str) -> dict[str, Any]:
    """The form of a row as a browser would send it back, inlines included."""
    context = client.get(page).context
    form = context["adminform"].form
    data = {name: form.initial.get(name) for name in form.fields}
    for inline in context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        total = len(inline.formset.initial_forms)
        data |= {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": total}
        for number, one in enumerate(inline.formset.initial_forms):
            data |= {f"{prefix}-{number}-{k}": v for k, v in one.initial.items()}
            data[f"{prefix}-{number}-id"] = one.instance.pk
    plain = {name: v for name, v in data.items() if v is not False}
    return {name: "" if v is None else getattr(v, "pk", v) for name, v in plain.items()} | {
        "disaggregation": "[]",
        "positive_codes": "[]",
    }


@pytest.mark.parametrize("who", ["officer", "administrator"])
def test_an_indicator_changes_with_a_reason(
    sign_in: Any, people: dict[str, User], who: str
) -> None:
    client = sign_in(who)
    row = Indicator.objects.get(code="S01")
    page = url("indicator", "change", row.pk)
    data = sent(client, page) | {"decimals": 1}
    answer = client.post(page, data)
    assert answer.status_code == 200
    assert "reason" in answer.context["adminform"].form.errors
    assert Indicator.objects.get(code="S01").decimals == row.decimals
    answer = client.post(page, data | {"reason": WHY})
    assert answer.status_code == 302, answer.context["errors"]
    event = AuditEvent.objects.get(kind="indicator.changed")
    assert (event.reason, event.by) == (WHY, people[who])
    assert (event.before["decimals"], event.after["decimals"]) == (row.decimals, 1)
    newest = DefinitionVersion.objects.filter(indicator=row).order_by("-number")[0]
    assert (newest.reason, newest.source, newest.created_by) == (WHY, "table", people[who])


def test_the_questions_of_an_index_change_with_a_reason(sign_in: Any) -> None:
    client = sign_in("officer")
    index = CompositeIndex.objects.get(code="satisfaction")
    page = url("compositeindex", "change", index.pk)
    data = sent(client, page)
    n = data["index_items-TOTAL_FORMS"]
    data |= {
        "index_items-TOTAL_FORMS": n + 1,
        "index_items-0-DELETE": "on",
        f"index_items-{n}-item": Item.objects.get(name="s_feel_safe").pk,
        f"index_items-{n}-position": 9,
        f"index_items-{n}-index": index.pk,
    }
    assert client.post(page, data).status_code == 200
    assert not DefinitionVersion.objects.filter(index=index, reason=WHY).exists()
    answer = client.post(page, data | {"reason": WHY})
    assert answer.status_code == 302, answer.context["errors"]
    kinds = ("indexitem.created", "indexitem.deleted")
    events = AuditEvent.objects.filter(kind__in=kinds)
    assert {(event.kind, event.reason) for event in events} == {(kind, WHY) for kind in kinds}
    newest = DefinitionVersion.objects.filter(index=index).order_by("-number")[0]
    assert newest.reason == WHY
    assert "s_feel_safe" in newest.fields["items"]


def test_a_question_of_an_index_alone_is_read_only(sign_in: Any) -> None:
    """Its own table has no place for a reason."""
    client = sign_in("officer")
    row = IndexItem.objects.all()[0]
    assert client.get(url("indexitem", "change", row.pk)).status_code == 200
    assert client.post(url("indexitem", "change", row.pk), {"is_reversed": "on"}).status_code == 403
    assert client.post(url("indexitem", "delete", row.pk), {"post": "yes"}).status_code == 403
    assert client.get(url("indexitem", "add")).status_code == 403


def test_a_target_is_asked_for_its_reason_anew(sign_in: Any) -> None:
    """The reason of the value that stands is shown, and is not sent back by itself."""
    client = sign_in("officer")
    target = Target.objects.get(indicator__code="S08", school=None)
    Target.objects.filter(pk=target.pk).update(rationale="As the appraisal document says")
    page = url("target", "change", target.pk)
    data = sent(client, page) | {"low": "0.9"}
    assert data["rationale"] == ""
    assert "As the appraisal document says" in client.get(page).content.decode()
    assert client.post(page, data).status_code == 200
    assert Target.objects.get(pk=target.pk).low == target.low
    assert client.post(page, data | {"rationale": WHY}).status_code == 302
    event = AuditEvent.objects.get(kind="target.changed")
    assert (event.before["low"], event.after["low"], event.reason) == (target.low, 0.9, WHY)


def test_the_rules_of_a_project_change_on_their_page_alone(sign_in: Any, project: Project) -> None:
    client = sign_in("administrator")
    page = url("project", "change", project.pk)
    address = reverse("project-settings", args=[project.code])
    assert f'href="{address}"' in client.get(page).content.decode()
    form = client.get(page).context["adminform"].form
    assert set(form.fields) == {"name_ky", "name_ru", "name_en"}
    data = {"name_en": "New", "name_ky": "", "name_ru": "", "alpha": "0.2"}
    client.post(page, data)
    stored = Project.objects.get(pk=project.pk)
    assert (stored.name_en, stored.alpha) == ("New", project.alpha)
