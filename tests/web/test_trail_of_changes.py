"""A change of a rule moves every status that rests on it, and the audit page names it whole."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from indicators.actions.runs import run_calculation
from indicators.forms.definition_edit import IndexForm
from indicators.models import Assessment, AuditEvent, CompositeIndex, Item, Run, Target
from indicators.presenters.audit import LONGEST, changed_fields
from indicators.vocabulary import RunState, TargetType
from tests.web.test_definition_edit_pages import calculate, saved, typed_of, url, world

__all__ = ["world"]  # the fixture
WHY = "Agreed with the ministry on 3 March"


@pytest.fixture
def client(world) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.person("olga"))
    return client


def change_target(client: Client, world: Any) -> None:
    target = Target.objects.get(indicator=world.share, school=None)
    page = client.get(url("target-edit", target.pk))
    typed = {k: v for k, v in page.context["form"].initial.items() if v is not None}
    typed |= {"type": TargetType.AT_MOST, "low": "", "high": "99", "rationale": WHY}
    answer = client.post(url("target-edit", target.pk), typed)
    assert answer.status_code == 302, answer.content.decode()


def change_indicator(client: Client, world: Any) -> None:
    saved(client, url("indicator-edit", "S02"), typed_of(world.share, codes="1", reason=WHY))


def change_index(client: Client, world: Any) -> None:
    index = CompositeIndex.objects.get(code="climate")
    typed = typed_of(index, IndexForm, item_s_safe="turned", item_s_calm="in", reason=WHY)
    saved(client, url("index-edit", "climate"), typed)


def change_threshold(client: Client, world: Any) -> None:
    form = client.get(url("project-settings")).context["form"]
    typed = {name: form.initial.get(name) or "" for name in form.fields}
    typed |= {"reference_date": typed["reference_date"].isoformat()}
    typed |= {"on_track_share": "30", "reason": WHY}
    answer = client.post(url("project-settings"), typed)
    assert answer.status_code == 302, answer.content.decode()


CHANGES = {
    "target": (change_target, "target changed", ("high", "0.3", "0.99")),
    "indicator": (change_indicator, "indicator changed", ("codes", "1,2", "1")),
    "index": (change_index, "composite index changed", ("items", "s_safe", "s_safe, s_calm")),
    "turned": (change_index, "composite index changed", ("reversed_items", "–", "s_safe")),
    "threshold": (change_threshold, "settings changed", ("on_track_share", "0.8", "0.3")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_audit_page_names_old_new_who_and_why(client, world, name):
    first = Item.objects.get(name="s_safe")
    instrument, kind = world.student, first.kind
    Item.objects.create(instrument=instrument, name="s_calm", kind=kind, scale=first.scale)
    change, what, (field, old, new) = CHANGES[name]
    change(client, world)
    page = client.get(url("audit-list"))
    text = html.unescape(page.content.decode())
    row = next(row for row in re.findall(r"<tr>.*?</tr>", text, re.DOTALL) if what in row)
    assert f"<code>{field}</code>: {old} → {new}</li>" in row
    assert 'data-label="Who">Olga<' in row
    assert WHY in row


@pytest.mark.parametrize("name", ["target", "indicator", "index"])
def test_the_statuses_that_rest_on_it_follow(client, world, name):
    first = Item.objects.get(name="s_safe")
    Item.objects.create(instrument=world.student, name="s_calm", kind=first.kind, scale=first.scale)
    indicator = world.score if name == "index" else world.share
    target = Target.objects.get(indicator=indicator, school=None)
    # The mean of the answers is about 3: turned round it stays there, so the limit is put between.
    before = calculate(world)
    stood = Assessment.objects.get(run=before, target=target)
    if name == "index":
        middle = (stood.value + 6 - stood.value) / 2
        limit = (stood.value + middle) / 2
        kind = TargetType.AT_LEAST if stood.value > middle else TargetType.AT_MOST
        ends = {"low": limit, "high": None} if kind == TargetType.AT_LEAST else {"high": limit}
        Target.objects.filter(pk=target.pk).update(**({"low": None} | ends), type=kind)
        before = calculate(world)
        stood = Assessment.objects.get(run=before, target=target)
    CHANGES[name][0](client, world)
    waiting = Run.objects.filter(state=RunState.WAITING).first()
    after = run_calculation(run_id=waiting.pk) if waiting else calculate(world)
    stands = Assessment.objects.get(run=after, target=target)
    assert (stood.reached, stands.reached) in ((True, False), (False, True))
    event = AuditEvent.objects.exclude(reason="").order_by("-pk")[0]
    assert (event.reason, event.by) == (WHY, world.person("olga"))


def test_what_differs_in_long_lists_is_never_cut_off():
    """An index of many questions: the one that was taken out may stand at the end."""
    names = [f"s_question_number_{n}" for n in range(40)]
    assert len(", ".join(names)) > 2 * LONGEST
    before, after = {"items": names}, {"items": [*names[:-1], "s_other"]}
    assert changed_fields(before, after) == (("items", "… s_question_number_39", "… s_other"),)
    assert changed_fields({"items": names[:2]}, {"items": names[:1]}) == (
        ("items", "s_question_number_0, s_question_number_1", "s_question_number_0"),
    )
    assert changed_fields({"items": names}, {"items": names[:-1]})[0][1:] == (
        "… s_question_number_39",
        "… –",
    )
