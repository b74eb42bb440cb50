"""How good an index is, on its page: who sees it, what is hidden, where it does not stand."""

import pytest

from indicators.models import Change, DistributionTest, Estimate, Reliability
from indicators.vocabulary import Flag, Reason, Scope
from tests.web.factories import build_world, member
from tests.web.test_pages import text_of

pytestmark = pytest.mark.django_db

S01 = "/p/demo/indicators/S01/"


def quality_of(text: str) -> str:
    return text[text.index('id="quality"') : text.index('id="groups"')]


@pytest.mark.parametrize("role", ["donor", "officer", "director"])
def test_everybody_sees_the_reliability_of_an_index(visit_as, role):
    part = quality_of(text_of(visit_as(role), S01))
    assert "belong together well" in part
    for text in ("0.83", "0.81 to 0.85", "0.84", "911", "26.1\u202f%", "0.65", "2.0\u202f%"):
        assert text in part
    assert "more than 20 of 100 scores rest on some of the questions only" in part


def test_the_scores_of_a_few_people_do_not_follow_from_two_values(visit_as):
    """At the baseline 7 sheets left a question out: both values would tell their mean."""
    complete = "on complete answers only: 4.32"
    assert quality_of(text_of(visit_as("donor"), S01)).count(complete) == 1
    assert quality_of(text_of(visit_as("officer"), S01)).count(complete) == 2


def test_too_few_sheets_show_the_reason_in_place_of_numbers(visit_as, demo):
    few = {"alpha": None, "alpha_low": None, "alpha_high": None, "alpha_std": None, "omega": None}
    rows = Reliability.objects.filter(run=demo.run, wave=demo.waves[0])
    rows.update(**few, item_rest=None, n_complete=29, reason=Reason.TOO_FEW_RESPONDENTS)
    part = quality_of(text_of(visit_as("donor"), S01))
    assert "Baseline: Fewer than 30 complete answer sheets" in part
    assert "Endline: the answers to the questions belong together well." in part


def test_a_small_group_is_hidden_from_readers(visit_as, demo):
    Reliability.objects.filter(run=demo.run).update(n=9, n_complete=9)
    part = quality_of(text_of(visit_as("donor"), S01))
    assert "0.83" not in part
    assert "2.0\u202f%" not in part
    assert "&lt;\u202f10" in part
    assert "0.83" in quality_of(text_of(visit_as("officer"), S01))


@pytest.mark.parametrize("code", ["S08", "P01", "D04", "G01", "C03"])
def test_other_measures_have_no_such_part(visit_as, code):
    assert 'id="quality"' not in text_of(visit_as("officer"), f"/p/demo/indicators/{code}/")


def test_runs_without_it_show_the_rest(visit_as, demo):
    Reliability.objects.all().delete()
    DistributionTest.objects.all().delete()
    text = text_of(visit_as("officer"), S01)
    assert 'id="quality"' not in text
    assert "pattern of answers" not in text


def test_the_pattern_of_answers_stands_under_its_question(visit_as, demo):
    text = text_of(visit_as("donor"), S01)
    assert "The pattern of answers changed (p = 0.018)." in text
    assert "Rao-Scott" in text
    DistributionTest.objects.update(has_changed=None, p=None, p_adjusted=None, reason="CENSUS")
    text = text_of(visit_as("donor"), S01)
    assert "attern of answers" not in text
    assert "Rao-Scott" not in text


def test_how_the_change_was_judged_names_ranks_classes_and_likeness(visit_as, demo):
    measure = demo.indicators["S01"].measure
    Estimate.objects.filter(run=demo.run, measure=measure, scope=Scope.PROJECT).update(
        icc=0.073, deff=3.94
    )
    Change.objects.filter(run=demo.run, measure=measure, scope=Scope.PROJECT).update(
        p_rank=0.021,
        p_adjusted=0.03,
        family="headline",
        class_correlation=0.05,
        flags=[Flag.RANKS_DECIDE],
    )
    text = text_of(visit_as("donor"), S01)
    assert "Baseline 0.07, Endline 0.07" in text
    assert "Baseline 3.9, Endline 3.9" in text
    assert "which decides here: p = 0.021" in text
    assert "The test of the whole pattern of answers agrees with the word." in text
    assert "The class correlation of 0.05 is a setting of the project" in text
    assert "follows a test of the order of the answers" in text


def test_the_pages_of_schools_after_the_first_keep_the_projects_change(client):
    world = build_world(60)
    client.force_login(member(world, "officer"))
    first, second = (text_of(client, f"{S01}?page={n}") for n in (1, 2))
    assert "IS-50" in first
    assert "IS-51" not in first
    assert "IS-51" in second
    assert "Rose from 4.02 to 4.18" in second
