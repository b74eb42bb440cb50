"""Two officers in the sheet of targets: nobody overwrites, nothing typed is lost."""

import re

import pytest
from django.test import Client

from indicators.actions.targets import remove_target
from indicators.models import Target
from tests.web.factories import build_world, member
from tests.web.target_grid import cell_of, give, line_of, name, sent, url
from tests.web.world import World


@pytest.fixture
def demo(db, monkeypatch) -> World:
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", lambda run_id: None)
    world = build_world()
    Target.objects.all().delete()  # the made-up ones; each test sets its own
    return world


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def officer(client, demo) -> Client:
    client.force_login(member(demo, "officer", name="olga"))
    return client


def test_of_two_officers_in_one_cell_the_second_sees_both_values(officer, demo):
    target = give(demo)
    opened = sent(officer.get(url()))
    other = member(demo, "officer", name="azat")
    give(demo, low=4.5, revision=1, rationale="new data", by=other)
    typed = opened | {name(demo): "4,6", name(demo, "S08"): "70"}
    page = officer.post(url(), typed)
    assert page.status_code == 409
    cell = cell_of(page, demo)
    assert (cell.is_stale, cell.text) == (True, "4,6")
    text = re.sub(r"\s+", " ", page.content.decode())
    assert "at least 4.50" in text
    assert "azat: new data" in text
    assert cell_of(page, demo, "S08").text == "70"  # typed and kept
    assert not cell_of(page, demo, "S08").problem
    target.refresh_from_db()
    assert (target.low, Target.objects.count()) == (4.5, 1)
    # Sending it again without choosing still overwrites nothing.
    again = sent(page)
    assert officer.post(url(), again).status_code == 409
    target.refresh_from_db()
    assert target.low == 4.5
    keep = line_of(page, "S01").cells[0].keep_mine
    assert officer.post(url(), again | {cell.choice: keep}).status_code == 302
    target.refresh_from_db()
    assert (target.low, target.revision) == (4.6, 3)
    assert Target.objects.get(indicator=demo.indicators["S08"]).low == 0.7


def test_the_stored_value_can_be_left_and_the_rest_saved(officer, demo):
    target = give(demo)
    opened = sent(officer.get(url()))
    give(demo, low=4.5, revision=1, rationale="new data")
    page = officer.post(url(), opened | {name(demo): "4,6", name(demo, "S08"): "70"})
    choice = cell_of(page, demo).choice
    assert officer.post(url(), sent(page) | {choice: "theirs"}).status_code == 302
    target.refresh_from_db()
    assert (target.low, target.revision) == (4.5, 2)
    assert Target.objects.get(indicator=demo.indicators["S08"]).low == 0.7


def test_a_third_change_during_the_choice_is_noticed_too(officer, demo):
    give(demo)
    opened = sent(officer.get(url()))
    give(demo, low=4.5, revision=1, rationale="second")
    page = officer.post(url(), opened | {name(demo): "4,6"})
    keep = line_of(page, "S01").cells[0].keep_mine
    give(demo, low=4.7, revision=2, rationale="third")
    again = officer.post(url(), sent(page) | {cell_of(page, demo).choice: keep})
    assert again.status_code == 409
    assert "at least 4.70" in again.content.decode()


def test_cells_of_another_officer_that_i_did_not_touch_stay_theirs(officer, demo):
    target = give(demo)
    opened = sent(officer.get(url()))
    give(demo, low=4.5, revision=1, rationale="new data")
    assert officer.post(url(), opened | {name(demo, "S08"): "70"}).status_code == 302
    target.refresh_from_db()
    assert (target.low, target.revision) == (4.5, 2)


def test_a_target_removed_meanwhile_is_shown_as_removed(officer, demo):
    target = give(demo)
    opened = sent(officer.get(url()))
    remove_target(target=target, reason="double", by=member(demo, "officer"))
    page = officer.post(url(), opened | {name(demo): "4,6"})
    assert page.status_code == 409
    assert line_of(page, "S01").cells[0].theirs == "removed"
    keep = line_of(page, "S01").cells[0].keep_mine
    assert officer.post(url(), sent(page) | {cell_of(page, demo).choice: keep}).status_code == 302
    assert Target.objects.get().low == 4.6
