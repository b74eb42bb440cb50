"""Indicators copied from another project: chosen, looked at, copied whole or not at all."""

import html
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.actions.load_project import load_project
from indicators.actions.register_copy import copy_indicators, look_at_copy
from indicators.actions.stored_project import stored_project
from indicators.models import (
    AuditEvent,
    CompositeIndex,
    Indicator,
    Instrument,
    Item,
    Membership,
    Project,
    Run,
    Target,
    User,
    WaveInstrument,
)
from indicators.pipeline import framework
from indicators.vocabulary import CopyState
from tests.pipeline.project_folder import DEMO, read_form_once

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGE = "/p/here/register/copy/from/"


@pytest.fixture(autouse=True)
def forms_read_once(monkeypatch):
    monkeypatch.setattr(framework, "read_form", read_form_once)


@pytest.fixture
def source(db):
    return load_project(directory=DEMO, by=None, code="there").project


@pytest.fixture
def here(source):
    """The same questionnaires, but no index and no indicator yet."""
    project = load_project(directory=DEMO, by=None, code="here").project
    Target.objects.filter(indicator__project=project).delete()
    Indicator.objects.filter(project=project).delete()
    project.measures.all().delete()
    CompositeIndex.objects.filter(instrument__project=project).delete()
    return project


@pytest.fixture
def olga(client, source, here):
    user = User.objects.create_user("olga")
    Membership.objects.create(user=user, project=here, role="officer")
    Membership.objects.create(user=user, project=source, role="officer")
    client.force_login(user)
    return user


def text_of(client, query=""):
    response = client.get(f"{PAGE}{query}", headers={"accept-language": "en"})
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def mark_of(text):
    return re.search(r'name="mark" value="(\w+)"', text).group(1)


def post(client, codes, mark, reason="", follow=True):
    data = {"source": "there", "indicator": codes, "mark": mark, "reason": reason}
    return client.post(PAGE, data, follow=follow, headers={"accept-language": "en"})


def test_chosen_looked_at_and_copied(client, olga, source, here):
    assert 'value="there"' in text_of(client)
    choice = text_of(client, "?source=there")
    assert choice.count('name="indicator"') == Indicator.objects.filter(project=source).count()
    preview = text_of(client, "?source=there&indicator=S01&indicator=S08&indicator=M01")
    assert "satisfaction" in preview
    assert "s_satisfied_learning" in preview
    assert "index:satisfaction" in preview
    assert not Indicator.objects.filter(project=here).exists()
    response = post(client, ["S01", "S08", "M01"], mark_of(preview))
    assert "3 indicators copied." in html.unescape(response.content.decode())
    theirs, ours = stored_project(source), stored_project(here)
    wanted = {one.code: one for one in theirs.indicators if one.code in ("S01", "S08", "M01")}
    for one in ours.indicators:
        assert one.measure == wanted[one.code].measure
        assert one.names == wanted[one.code].names
        assert one.definitions == wanted[one.code].definitions
    assert {one.code for one in ours.indicators} == set(wanted)
    (index,) = ours.indices
    assert index.items == theirs.indices[0].items
    assert not Target.objects.filter(indicator__project=here).exists()
    event = AuditEvent.objects.get(kind="register.copied")
    assert (event.by, event.project) == (olga, here)
    assert event.after["source"] == "there"
    assert event.after["indicators"] == ["S01", "S08", "M01"]


def test_readers_of_the_other_project_do_not_get_its_unpublished_definitions(client, olga, source):
    Membership.objects.filter(user=olga, project=source).update(role="donor")
    assert 'value="there"' not in text_of(client)
    assert client.get(f"{PAGE}?source=there").status_code == 403
    assert post(client, ["S01"], "0").status_code == 403


def test_the_whole_register_copied_is_the_same_register(olga, source, here):
    plan = look_at_copy(source=source, target=here, codes=None)
    assert {one.state for one in plan.indicators} == {CopyState.NEW}
    codes = {one.definition.code for one in plan.indicators}
    n = copy_indicators(source=source, target=here, codes=codes, mark=plan.mark, reason="", by=olga)
    assert n == len(codes) == 70
    theirs, ours = stored_project(source), stored_project(here)
    assert ours.indicators == theirs.indicators
    used = {one.measure.index for one in theirs.indicators}
    assert ours.indices == tuple(one for one in theirs.indices if one.code in used)
    again = look_at_copy(source=source, target=here, codes=None)
    assert {one.state for one in again.indicators} == {CopyState.SAME}
    copied = {"source": source, "target": here, "codes": codes, "mark": again.mark}
    assert copy_indicators(**copied, reason="", by=olga) == 0
    assert AuditEvent.objects.filter(kind="register.copied").count() == 1


def test_a_taken_code_stands_in_the_way_and_nothing_is_copied(client, olga, source, here):
    post(client, ["S08"], mark_of(text_of(client, "?source=there&indicator=S08")))
    Indicator.objects.filter(project=here, code="S08").update(name_en="Ours")
    preview = text_of(client, "?source=there&indicator=S08&indicator=S01")
    assert "here with another definition" in preview
    assert 'name="mark"' not in preview
    plan = look_at_copy(source=source, target=here, codes={"S08", "S01"})
    response = post(client, ["S08", "S01"], plan.mark)
    assert "Nothing was copied" in html.unescape(response.content.decode())
    assert list(Indicator.objects.filter(project=here).values_list("code", flat=True)) == ["S08"]


def test_a_missing_questionnaire_and_a_missing_question_are_named(client, olga, here):
    WaveInstrument.objects.filter(wave__project=here).delete()
    Instrument.objects.get(project=here, code="teacher").delete()
    Item.objects.filter(instrument__project=here, name="s_feel_safe").delete()
    text = text_of(client, "?source=there")
    assert "The questionnaire “teacher” is missing here." in text
    assert "There is no question “s_feel_safe”" in text
    boxes = re.findall(r'name="indicator" value="(\w+)"', text)
    assert "S08" not in boxes
    assert not [code for code in boxes if code.startswith("T")]
    assert "S01" in boxes


def test_a_plan_that_changed_meanwhile_is_shown_again(client, olga, source, here):
    mark = mark_of(text_of(client, "?source=there&indicator=S08"))
    Indicator.objects.filter(project=source, code="S08").update(name_en="Renamed")
    response = post(client, ["S08"], mark, reason="As agreed.")
    text = html.unescape(response.content.decode())
    assert "changed since you looked" in text
    assert mark_of(text) != mark
    assert not Indicator.objects.filter(project=here).exists()


def test_where_data_rest_on_definitions_a_reason_is_asked_for(client, olga, here):
    Run.objects.create(project=here, state="done")
    preview = text_of(client, "?source=there&indicator=S08")
    assert "say why they change" in preview
    response = post(client, ["S08"], mark_of(preview))
    assert "Say why the definitions change" in html.unescape(response.content.decode())
    assert not Indicator.objects.filter(project=here).exists()
    copied = copy_indicators(
        source=Project.objects.get(code="there"),
        target=here,
        codes={"S08"},
        mark=mark_of(preview),
        reason="For comparison.",
        by=olga,
    )
    assert copied == 1
    assert AuditEvent.objects.get(kind="register.copied").reason == "For comparison."


def test_a_project_one_may_not_read_does_not_exist(client, olga):
    Project.objects.create(code="closed", reference_date=date(2027, 12, 1))
    assert client.get(f"{PAGE}?source=closed").status_code == 404
    assert client.get(f"{PAGE}?source=no%00where").status_code == 404
    assert "closed" not in text_of(client)


def test_without_another_project_it_says_what_to_do(client, olga, source):
    Membership.objects.filter(user=olga, project=source).delete()
    assert "member of no other project" in text_of(client)


@pytest.mark.parametrize("data", [{"source": "there"}, {"source": "there", "indicator": "S08"}])
def test_an_incomplete_form_copies_nothing(client, olga, here, data):
    response = client.post(PAGE, data, follow=True, headers={"accept-language": "en"})
    assert "the form was not complete" in html.unescape(response.content.decode())
    assert not Indicator.objects.filter(project=here).exists()


def test_the_choice_stays_within_thirty_queries(client, olga):
    text_of(client, "?source=there")
    with CaptureQueriesContext(connection) as caught:
        text_of(client, "?source=there")
    assert len(caught) <= 30, len(caught)
