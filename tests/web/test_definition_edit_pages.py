"""Definitions changed on pages: the effect first, then the calculation, then the trail."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.actions.definition_preview import count, effect_of, try_indicator
from indicators.actions.runs import request_run, run_calculation
from indicators.forms.definition_edit import IndexForm, IndicatorForm
from indicators.models import (
    Assessment,
    AuditEvent,
    CompositeIndex,
    DefinitionVersion,
    Estimate,
    IndexItem,
    Indicator,
    Item,
    Release,
    Run,
    Scale,
    Target,
)
from indicators.vocabulary import DefinitionSource, RunState, TargetType
from tests.actions.cast import World, build_world
from tests.operations.answers import add_answers


@pytest.fixture
def world(db, monkeypatch) -> World:
    """Answers 1-5 to one question, an index of it, and a target of each indicator."""
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", lambda run_id: None)
    world = add_answers(build_world())
    scale = Scale.objects.get(code="likert")
    for code in range(1, 6):
        scale.options.create(name=f"o{code}", code=code, label_en=f"{code}", position=code)
    CompositeIndex.objects.filter(code="climate").update(name_en="Climate")
    index = CompositeIndex.objects.get(code="climate")
    IndexItem.objects.create(index=index, item=Item.objects.get(name="s_safe"))
    for low, wave in ((2.0, world.endline), (4.5, world.endline)):
        Target.objects.update_or_create(
            indicator=world.score,
            wave=wave,
            school=None,
            defaults={"type": TargetType.AT_LEAST, "low": low},
        )
    return world


@pytest.fixture
def client(world) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.person("olga"))
    return client


def calculate(world) -> Run:
    return run_calculation(run_id=request_run(project=world.project, by=None).pk)


def url(name: str, *args) -> str:
    return reverse(name, args=["p", *args])


def typed_of(row, form=IndicatorForm, **changes):
    """The form as a browser would send it back."""
    found = form.initial_of(row) | changes
    return {k: v for k, v in found.items() if v is not False and v is not None}


def looked_at(client, address, typed):
    """The effect shown, and the form that remembers it."""
    page = client.post(address, typed | {"step": "look"})
    assert page.status_code == 200, page.status_code
    text = page.content.decode()
    mark = re.search(r'name="previewed" value="([0-9a-f]{64})"', text)
    return text, typed | {"previewed": mark.group(1) if mark else "", "step": "save"}


def saved(client, address, typed):
    _text, again = looked_at(client, address, typed)
    page = client.post(address, again)
    assert page.status_code == 302, re.findall(r"errorlist.*?</ul>", page.content.decode())
    return page["Location"]


def test_a_changed_definition_updates_every_dependent_status_and_leaves_a_trail(client, world):
    """The whole way: edit with a reason, calculate, statuses, audit row, version."""
    olga = world.person("olga")
    school = Target.objects.create(
        indicator=world.share,
        wave=world.endline,
        school=world.schools[0],
        type=TargetType.AT_MOST,
        high=0.27,
    )
    project = Target.objects.get(indicator=world.share, school=None)
    other = Target.objects.get(indicator=world.score)
    before = calculate(world)
    address = url("indicator-edit", "S02")
    reason = "Every answer counts as unsafe"
    location = saved(client, address, typed_of(world.share, codes="1,2,3,4,5", reason=reason))
    run = Run.objects.get(state=RunState.WAITING)
    assert f"run={run.pk}" in location
    after = run_calculation(run_id=run.pk)

    stored = Indicator.objects.get(pk=world.share.pk)
    assert stored.measure.code == "share:s_safe:1,2,3,4,5"
    assert (stored.revision, stored.updated_by) == (2, olga)
    share = Estimate.objects.get(
        run=after, measure__indicators__code="S02", wave=world.endline, scope="project"
    )
    codes = [int(one) for one in _answers(world)]
    assert share.value == pytest.approx(len(codes) / len(codes))
    statuses = {
        (run.pk, target.pk): Assessment.objects.get(run=run, target=target)
        for run in (before, after)
        for target in (project, school, other)
    }
    for target in (project, school):
        old, new = statuses[before.pk, target.pk], statuses[after.pk, target.pk]
        assert (old.value, old.reached) != (new.value, new.reached)
        assert old.status != new.status
    assert statuses[before.pk, other.pk].status == statuses[after.pk, other.pk].status

    event = AuditEvent.objects.get(kind="indicator.changed")
    assert (event.by, event.reason) == (olga, reason)
    assert (event.before["codes"], event.after["codes"]) == ("1,2", "1,2,3,4,5")
    assert event.before["measure"] == "share:s_safe:1,2"
    first, second = DefinitionVersion.objects.filter(indicator=stored).order_by("number")
    assert (first.number, first.source) == (1, DefinitionSource.BEFORE)
    assert (second.number, second.source, second.reason) == (2, DefinitionSource.PAGE, reason)
    assert (first.fields["codes"], second.fields["codes"]) == ("1,2", "1,2,3,4,5")
    page = client.get(location.partition("#")[0]).content.decode()
    assert "What calculation no." in page
    assert reason in page
    sheet = client.get(url("indicator-detail", "S02")).content.decode()
    assert re.search(r"<dt>Version of the definition</dt><dd[^>]*>2</dd>", sheet)


def _answers(world):
    from indicators.models import Dataset
    from indicators.queries.answers import answers_of

    dataset = Dataset.objects.get(wave=world.endline)
    return answers_of(dataset, ["s_safe"])["s_safe"]


def test_the_effect_is_what_the_next_calculation_stores(client, world):
    """Previewed numbers and statuses against the run made after saving: equal, not alike."""
    calculate(world)
    form = IndicatorForm(typed_of(world.share, codes="1,2,3", reason="x"), is_new=False)
    assert form.is_valid()
    tried = try_indicator(
        project=world.project,
        indicator=world.share,
        typed=form.typed(),
        revision=1,
        by=world.person("olga"),
    )
    effect = effect_of(tried, count(tried))
    assert (
        DefinitionVersion.objects.count()
        == AuditEvent.objects.filter(kind="indicator.changed").count()
        == 0
    )
    saved(client, url("indicator-edit", "S02"), typed_of(world.share, codes="1,2,3", reason="x"))
    run = calculate(world)
    for row in Estimate.objects.filter(
        run=run, measure__code="share:s_safe:1,2,3", scope="project"
    ).select_related("wave"):
        level = effect.after.levels[row.wave.code]
        assert (level.n, level.value, level.sd) == (row.n, row.value, row.sd)
    target = Target.objects.get(indicator=world.share)
    stored = Assessment.objects.get(run=run, target=target)
    assert effect.after.assessments[target.pk].status == stored.status
    assert effect.after.assessments[target.pk].value == stored.value


def test_nothing_is_stored_before_it_was_looked_at(client, world):
    address = url("indicator-edit", "S02")
    typed = typed_of(world.share, codes="1", reason="why")
    page = client.post(address, typed | {"step": "save"})
    assert page.status_code == 200
    assert "look once more" in page.content.decode()
    text, again = looked_at(client, address, typed)
    assert "What it would do" in text
    page = client.post(address, again | {"codes": "1,2,3"})
    assert "look once more" in page.content.decode()
    assert 'value="1,2,3"' in page.content.decode()
    assert Indicator.objects.get(pk=world.share.pk).measure.code == "share:s_safe:1,2"
    assert not DefinitionVersion.objects.exists()


def test_without_a_reason_nothing_is_saved_and_the_effect_stays_in_sight(client, world):
    address = url("indicator-edit", "S02")
    _text, again = looked_at(client, address, typed_of(world.share, codes="1"))
    page = client.post(address, again)
    assert "Say why the definition changes" in page.content.decode()
    assert "What it would do" in page.content.decode()
    assert not DefinitionVersion.objects.exists()


def test_whoever_comes_second_sees_both_and_loses_nothing(client, world):
    address = url("indicator-edit", "S02")
    mine = typed_of(world.share, name_en="Mine", reason="my reason")
    saved(client, address, typed_of(world.share, name_en="Theirs", reason="theirs"))
    page = client.post(address, mine | {"step": "look"})
    text = page.content.decode()
    assert page.status_code == 409
    assert 'value="Mine"' in text
    assert "Theirs" in text
    assert "my reason" in text
    assert 'name="revision" value="2"' in text
    saved(client, address, mine | {"revision": "2"})
    assert Indicator.objects.get(pk=world.share.pk).name_en == "Mine"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"codes": "9"}, "9"),
        ({"items": "s_saef"}, "s_safe"),
        ({"unit": "answers"}, "%"),
        ({"decimals": "many"}, "many"),
        ({"direction": "none", "codes": "1"}, "Remove the targets first"),
        ({"margin": "-1"}, "margin"),
        ({"disaggregation": "shoe_size"}, "shoe_size"),
        ({"name_en": "", "name_ky": "", "name_ru": ""}, "name_ky"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_kept(client, world, typed, words):
    address = url("indicator-edit", "S02")
    page = client.post(address, typed_of(world.share, reason="why", **typed) | {"step": "look"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "errorlist" in text
    assert words in text
    assert "why" in text
    assert Indicator.objects.get(pk=world.share.pk).revision == 1


def test_a_new_indicator_shows_its_numbers_before_it_is_there(client, world):
    address = url("indicator-new")
    typed = {
        "code": "S09",
        "name_en": "Feels very safe",
        "level": "outcome",
        "statistic": "percent",
        "items": "s_safe",
        "codes": "5",
        "instrument": "student",
        "unit": "% of answers",
        "direction": "increase",
        "decimals": "1",
        "baseline_policy": "measured",
        "reason": "asked for by the ministry",
    }
    text, _again = looked_at(client, address, typed)
    assert "This is what it shows" in text
    n = len(_answers(world))
    assert f">{n}<" in text
    saved(client, address, typed)
    made = Indicator.objects.get(code="S09")
    assert (made.measure.code, made.position) == ("share:s_safe:5", 3)
    version = DefinitionVersion.objects.get(indicator=made)
    assert (version.number, version.source) == (1, DefinitionSource.PAGE)
    page = client.post(address, typed | {"step": "look"})
    assert "one with this code already" in page.content.decode()


def test_an_index_changes_with_its_questions(client, world):
    calculate(world)
    CompositeIndex.objects.filter(code="climate").update(name_en="Climate")
    index = CompositeIndex.objects.get(code="climate")
    address = url("index-edit", "climate")
    typed = typed_of(index, IndexForm, item_s_safe="turned", reason="agreeing is bad")
    text, _again = looked_at(client, address, typed)
    assert "target stands otherwise" in text or "every target stands as before" in text
    assert "Shown by: S01." in text
    saved(client, address, typed)
    assert IndexItem.objects.get(index=index).is_reversed
    run = calculate(world)
    mean = sum(6 - one for one in _answers(world)) / len(_answers(world))
    row = Estimate.objects.get(
        run=run, measure__code="index:climate", wave=world.endline, scope="project"
    )
    assert row.value == pytest.approx(mean)
    event = AuditEvent.objects.get(kind="compositeindex.changed")
    assert event.before["reversed_items"] == []
    assert event.after["reversed_items"] == ["s_safe"]
    page = client.get(url("indicator-edit", "S01")).content.decode()
    assert "Index climate, version 2" in page


def test_a_new_index_is_counted_before_an_indicator_shows_it(client, world):
    address = url("index-new") + "?instrument=student"
    typed = {
        "code": "again",
        "name_en": "Again",
        "statistic": "percent_positive",
        "positive_codes": "4,5",
        "scale_min": "0",
        "scale_max": "100",
        "min_answered_share": "0.5",
        "item_s_safe": "in",
        "reason": "new",
    }
    text, _again = looked_at(client, address, typed)
    assert "No indicator shows this index yet" in text
    saved(client, address, typed)
    assert CompositeIndex.objects.get(code="again").positive_codes == [4, 5]
    page = client.post(
        address, typed | {"code": "more", "rescaled_min": "5", "rescaled_max": "1", "step": "look"}
    )
    assert "needs both ends" in page.content.decode()
    page = client.post(address, typed | {"code": "more", "item_s_safe": "", "step": "look"})
    assert "errorlist" in page.content.decode()


def test_a_questionnaire_that_allows_no_index_says_why(client, world):
    type(world.student).objects.filter(pk=world.student.pk).update(
        allows_index=False, limits_en="They chose themselves"
    )
    page = client.get(url("index-list")).content.decode()
    assert "They chose themselves" in page
    typed = {"code": "x", "name_en": "x", "statistic": "mean", "scale_min": "1", "scale_max": "5"}
    page = client.post(
        url("index-new") + "?instrument=student", typed | {"item_s_safe": "in", "step": "look"}
    )
    assert "errorlist" in page.content.decode()
    assert not CompositeIndex.objects.filter(code="x").exists()


def test_an_empty_project_says_what_to_do_next(client, world):
    CompositeIndex.objects.filter(measures__isnull=True).delete()
    page = client.get(url("index-list")).content.decode()
    assert "New index" in page
    page = client.get(url("indicator-edit", "S02")).content.decode()
    assert "Not changed since it was loaded" in page


PUBLISHED = (
    "project-overview",
    "performance-table",
    "register-list",
    "gap-list",
    "index-overview",
    "agenda-list",
    "target-list",
    "target-grid",
    "school-list",
)


def test_what_is_published_keeps_its_definition_until_the_next_publication(client, world):
    """Another measure, name and unit: the donor still reads number and words of the release."""
    run = calculate(world)
    Release.objects.create(run=run, published_at=timezone.now())
    donor = Client(headers={"accept-language": "en"})
    donor.force_login(world.person("donna"))
    Item.objects.filter(name="s_safe").update(label_en="Feels safe")
    pages = [url(name) for name in PUBLISHED]
    pages += [url("indicator-detail", "S02"), url("target-history", "S02", world.endline.code)]
    pages += [f"{url('target-grid')}?indicator=S02", url("item-detail", "student", "s_safe")]

    def read():
        """Without the token of the form and times, which differ from one reading to the next."""
        texts = (donor.get(page).content.decode() for page in pages)
        return [
            re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "", t) for t in texts
        ]

    before = read()
    typed = typed_of(world.share, codes="1", name_en="Something else", decimals="0", reason="why")
    saved(client, url("indicator-edit", "S02"), typed)
    assert read() == before
    calculate(world)
    assert read() == before
    officer = client.get(url("indicator-detail", "S02")).content.decode()
    assert "Something else" in officer
    newest = Run.objects.order_by("-pk")[0]
    Release.objects.create(run=newest, published_at=timezone.now())
    assert "Something else" in donor.get(url("indicator-detail", "S02")).content.decode()


def test_a_release_keeps_the_questions_of_its_index(client, world):
    """Turned round, another question put in and the first taken out: the release shows neither."""
    first = Item.objects.get(name="s_safe")
    Item.objects.filter(pk=first.pk).update(label_en="I feel safe")
    second = Item.objects.create(
        instrument=world.student, name="s_calm", kind="scale", scale=first.scale, label_en="Calm"
    )
    run = calculate(world)
    Release.objects.create(run=run, published_at=timezone.now())
    donor = Client(headers={"accept-language": "en"})
    donor.force_login(world.person("donna"))
    names = ("indicator-detail", "register-detail", "index-overview")
    pages = [url(name, *(["S01"] if "detail" in name else [])) for name in names]

    def read():
        texts = (donor.get(page).content.decode() for page in pages)
        return [
            re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "", t) for t in texts
        ]

    before = read()
    assert "I feel safe" in before[1]
    address = url("index-edit", "climate")
    index = CompositeIndex.objects.get(code="climate")
    turned = typed_of(index, IndexForm, item_s_safe="turned", item_s_calm="in", reason="why")
    saved(client, address, turned | {"name_en": "Another", "min_answered_share": "0.75"})
    assert read() == before
    index = CompositeIndex.objects.get(code="climate")
    saved(client, address, typed_of(index, IndexForm, item_s_safe="", reason="no more"))
    assert [one.item for one in index.index_items.all()] == [second]
    assert read() == before
    calculate(world)
    newest = Run.objects.order_by("-pk")[0]
    Release.objects.create(run=newest, published_at=timezone.now())
    after = read()
    assert "Calm" in after[1]
    assert "I feel safe" not in after[1]


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_pages_speak_the_readers_language(world, language):
    client = Client(headers={"accept-language": language})
    client.force_login(world.person("olga"))
    address = url("indicator-edit", "S02")
    text = client.post(
        address, typed_of(world.share, codes="1") | {"step": "look"}
    ).content.decode()
    assert {"ky": "Бул эмнени өзгөртөт", "ru": "Что это изменит"}[language] in text
    assert "What it would do" not in text
