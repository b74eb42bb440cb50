"""The effect of a changed definition on large data: asked for, left, come back to, cancelled."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from indicators.actions import effect_jobs
from indicators.actions.audit import record
from indicators.actions.effect_jobs import (
    EffectCancelled,
    compute_effect,
    mark_effects_interrupted,
    waiting_effects,
)
from indicators.actions.runs import request_run, run_calculation
from indicators.forms.definition_edit import IndexForm
from indicators.models import (
    AuditEvent,
    CompositeIndex,
    DefinitionEffect,
    DefinitionVersion,
    IndexItem,
    Indicator,
    Item,
    Membership,
    Scale,
    User,
)
from indicators.presenters.effect import effect_view
from indicators.vocabulary import RoleName, RunState, Verdict
from tests.actions.cast import World, build_world
from tests.operations.answers import add_answers
from tests.web.test_definition_edit_pages import typed_of, url

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def world(db, monkeypatch) -> World:
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", lambda run_id: None)
    monkeypatch.setattr(effect_jobs, "MOST_AT_ONCE", 10)  # everything is large
    world = add_answers(build_world())
    scale = Scale.objects.get(code="likert")
    for code in range(1, 6):
        scale.options.create(name=f"o{code}", code=code, label_en=f"{code}", position=code)
    index = CompositeIndex.objects.get(code="climate")
    IndexItem.objects.create(index=index, item=Item.objects.get(name="s_safe"))
    CompositeIndex.objects.filter(pk=index.pk).update(name_en="Climate")
    run_calculation(run_id=request_run(project=world.project, by=None).pk)
    return world


@pytest.fixture
def asked(monkeypatch) -> list[int]:
    """Effects handed to the background, which nobody works on."""
    found: list[int] = []
    monkeypatch.setattr("indicators.views.definition_steps.enqueue_effect", found.append)
    return found


@pytest.fixture
def client(world) -> Client:
    client = Client(headers=ENGLISH)
    client.force_login(world.person("olga"))
    return client


def look(client, address, typed) -> str:
    """Send the form; where the effect will be shown."""
    page = client.post(address, typed | {"step": "look"})
    assert page.status_code == 302, re.findall(r"errorlist.*?</ul>", page.content.decode())
    return page["Location"].partition("#")[0]


def mark_in(text: str) -> str:
    found = re.search(r'name="previewed" value="([0-9a-f]{64})"', text)
    return found.group(1) if found else ""


def test_the_whole_way_with_leaving_and_coming_back(client, world, asked):
    address = url("indicator-edit", "S02")
    typed = typed_of(world.share, codes="1,2,3", reason="half the people")
    shown = look(client, address, typed)
    assert shown.startswith(address)
    row = DefinitionEffect.objects.get()
    assert (asked, row.state, row.indicator) == ([row.pk], RunState.WAITING, world.share)
    page = client.get(shown).content.decode()
    assert "waiting for its turn" in page
    assert 'value="1,2,3"' in page
    assert "half the people" in page
    assert not mark_in(page)
    progress = reverse("effect-progress", args=["p", row.pk])
    assert progress in page
    part = client.get(progress)
    assert (part.status_code, b"<html" in part.content) == (200, False)

    assert waiting_effects() == [row.pk]  # a worker that starts takes it up
    compute_effect(effect_id=row.pk)
    assert waiting_effects() == []
    assert client.get(progress).status_code == 286
    left = client.get(address).content.decode()  # come back without knowing the address
    assert "you looked at a change that is not saved" in left
    assert shown in left
    page = client.get(shown).content.decode()
    assert "What it would do" in page
    assert mark_in(page) == row.mark
    page = client.post(address, typed | {"step": "save", "previewed": row.mark})
    assert page.status_code == 302
    assert Indicator.objects.get(pk=world.share.pk).measure.code == "share:s_safe:1,2,3"
    assert not DefinitionEffect.objects.exists()
    assert client.get(shown).status_code == 200


def test_the_background_says_what_the_page_says(client, world, asked, monkeypatch):
    """The same tables at once and after the background, to the last character."""
    address = url("index-edit", "climate")
    index = CompositeIndex.objects.get(code="climate")
    typed = typed_of(index, IndexForm, item_s_safe="turned", reason="agreeing is bad")
    shown = look(client, address, typed)
    compute_effect(effect_id=asked[0])
    later = client.get(shown).content.decode()
    DefinitionEffect.objects.all().delete()
    monkeypatch.setattr(effect_jobs, "MOST_AT_ONCE", 10_000)
    now = client.post(address, typed | {"step": "look"}).content.decode()
    first, second = (
        re.search(r'<section aria-labelledby="effect".*?</section>', text, re.DOTALL)
        for text in (later, now)
    )
    assert first is not None
    assert second is not None
    assert first.group() == second.group()
    assert "Change since the baseline" in first.group()


def test_one_is_not_counted_twice(client, world, asked, monkeypatch):
    """Looking again, or saving without a reason, shows what was worked out."""
    address = url("indicator-edit", "S02")
    typed = typed_of(world.share, codes="1")
    look(client, address, typed)
    compute_effect(effect_id=asked[0])
    monkeypatch.setattr(
        "indicators.views.definition_steps.count", lambda tried: pytest.fail("counted again")
    )
    page = client.post(address, typed | {"step": "look"})
    assert page.status_code == 200
    mark = mark_in(page.content.decode())
    page = client.post(address, typed | {"step": "save", "previewed": mark}).content.decode()
    assert "Say why the definition changes" in page
    assert "What it would do" in page
    assert len(asked) == 1


def test_cancelled_it_keeps_what_was_typed(client, world, asked):
    address = url("indicator-edit", "S02")
    shown = look(client, address, typed_of(world.share, codes="1", reason="mine"))
    page = client.post(reverse("effect-cancel", args=["p", asked[0]]))
    assert page["Location"] == shown
    page = client.get(shown).content.decode()
    assert "Stopped before the effect was worked out" in page
    assert 'value="1"' in page
    assert "mine" in page
    compute_effect(effect_id=asked[0])  # a worker that comes late
    assert DefinitionEffect.objects.get().content == {}


def test_cancelled_while_it_is_counted_nothing_is_stored(client, world, asked, monkeypatch):
    monkeypatch.setattr(effect_jobs, "SECONDS_BETWEEN_UPDATES", 0)
    look(client, url("indicator-edit", "S02"), typed_of(world.share, codes="1"))

    def cancel(row):
        effect_jobs.cancel_effect(row=row)

    compute_effect(effect_id=asked[0], progress=cancel)
    row = DefinitionEffect.objects.get()
    assert (row.state, row.content) == (RunState.INTERRUPTED, {})


def test_a_process_that_ends_leaves_it_stopped(client, world, asked, monkeypatch):
    monkeypatch.setattr(effect_jobs, "SECONDS_BETWEEN_UPDATES", 0)
    shown = look(client, url("indicator-edit", "S02"), typed_of(world.share, codes="1"))

    def stop(row):
        raise EffectCancelled

    compute_effect(effect_id=asked[0], progress=stop)
    assert "Stopped before" in client.get(shown).content.decode()
    row = DefinitionEffect.objects.get()
    silent = timezone.now() - timedelta(minutes=3)
    DefinitionEffect.objects.filter(pk=row.pk).update(state=RunState.RUNNING, heard_at=silent)
    assert "Stopped before" in client.get(shown).content.decode()
    assert mark_effects_interrupted() == 1


def test_a_silent_process_does_not_keep_the_page_waiting(client, world, asked):
    shown = look(client, url("indicator-edit", "S02"), typed_of(world.share, codes="1"))
    silent = timezone.now() - timedelta(minutes=3)
    DefinitionEffect.objects.update(state=RunState.RUNNING, heard_at=silent)
    assert client.get(reverse("effect-progress", args=["p", asked[0]])).status_code == 286
    assert "Stopped before" in client.get(shown).content.decode()


def test_changed_data_make_it_out_of_date(client, world, asked):
    shown = look(client, url("indicator-edit", "S02"), typed_of(world.share, codes="1"))
    compute_effect(effect_id=asked[0])
    record("upload.accepted", world.project, by=None, project=world.project)
    page = client.get(shown).content.decode()
    assert "changed since this was worked out" in page
    assert not mark_in(page)


def test_a_definition_changed_meanwhile_shows_both(client, world, asked):
    shown = look(client, url("indicator-edit", "S02"), typed_of(world.share, name_en="Mine"))
    Indicator.objects.filter(pk=world.share.pk).update(name_en="Theirs", revision=2)
    compute_effect(effect_id=asked[0])
    assert DefinitionEffect.objects.get().error == "refused"
    page = client.get(shown)
    assert page.status_code == 409
    assert "Theirs" in page.content.decode()
    assert 'value="Mine"' in page.content.decode()


def test_an_error_is_raised_and_said(client, world, asked, monkeypatch):
    shown = look(client, url("indicator-edit", "S02"), typed_of(world.share, codes="1"))
    monkeypatch.setattr(effect_jobs, "count", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        compute_effect(effect_id=asked[0])
    assert "could not be worked out" in client.get(shown).content.decode()


def test_new_ones_are_looked_at_too(client, world, asked):
    typed = {
        "code": "again",
        "name_en": "Again",
        "statistic": "mean",
        "scale_min": "1",
        "scale_max": "5",
        "min_answered_share": "0.5",
        "item_s_safe": "in",
        "reason": "new",
    }
    shown = look(client, url("index-new") + "?instrument=student", typed)
    assert "instrument=student" in shown
    compute_effect(effect_id=asked[0])
    page = client.get(shown).content.decode()
    assert "No indicator shows this index yet" in page
    assert client.post(reverse("effect-cancel", args=["p", asked[0]]))["Location"] == shown
    typed = typed_of(world.share, code="S09", codes="5", reason="new")
    shown = look(client, url("indicator-new"), typed)
    compute_effect(effect_id=asked[1])
    assert "This is what it shows" in client.get(shown).content.decode()
    assert DefinitionEffect.objects.count() == 2


def test_nobody_sees_what_another_looks_at(client, world, asked):
    shown = look(client, url("indicator-edit", "S02"), typed_of(world.share, name_en="Secret"))
    other = User.objects.create(username="other")
    Membership.objects.create(user=other, project=world.project, role=RoleName.OFFICER)
    second = Client(headers=ENGLISH)
    second.force_login(other)
    assert b"Secret" not in second.get(shown).content
    assert second.get(reverse("effect-progress", args=["p", asked[0]])).status_code == 404
    assert second.post(reverse("effect-cancel", args=["p", asked[0]])).status_code == 404
    assert not DefinitionVersion.objects.exists()
    assert not AuditEvent.objects.filter(kind="indicator.changed").exists()


def test_the_pages_ask_a_bounded_number_of_questions(client, world, asked):
    """Asking and showing: no more queries than the edit page and one trial of the change."""
    address = url("indicator-edit", "S02")
    typed = typed_of(world.share, codes="1", reason="x")
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        shown = look(client, address, typed)
    assert len(caught) <= 80
    compute_effect(effect_id=asked[0])
    with CaptureQueriesContext(connection) as caught:
        client.get(shown)
    assert len(caught) <= 80


def test_another_word_is_said_in_the_sentence():
    """The finding comes first: also when only the word for the change moves."""

    def side(word):
        change = SimpleNamespace(difference=0.1, ci_low=0.0, ci_high=0.2, verdict=word, reason=None)
        return SimpleNamespace(levels={}, changes={"W1": change}, indices={}, words=())

    effect = SimpleNamespace(
        waves=(("W1", "Endline"),),
        head=None,
        head_before=None,
        before=side(Verdict.NO_CLEAR_CHANGE),
        after=side(Verdict.INCREASED),
        moves=(),
        n_moves=0,
        n_targets=0,
        users=("S01",),
        words=(),
        fields_before={"min_answered_share": 0.5},
        fields_after={"min_answered_share": 0.6},
    )
    with override("en"):
        assert "the word for its change becomes another" in effect_view(effect).sentence
        effect.after = effect.before
        assert "word" not in effect_view(effect).sentence
