"""The overview: the first numbers, filters as chips, what is missing, the schools of one region."""

import re
from datetime import date

import pytest

from indicators.models import Assessment, Change, Estimate, Project, School, Target, Wave
from indicators.vocabulary import Reason, Scope
from tests.web.regions import regions
from tests.web.test_pages import text_of

pytestmark = pytest.mark.django_db


def tiles_of(text):
    """The four first numbers by where they lead."""
    found = re.findall(r'<a href="[^"]*look=(\w+)#all"><strong>(\d+)</strong>', text)
    return {look: int(n) for look, n in found}


def test_the_first_numbers_lead_to_as_many_indicators(visit_as, demo):
    Estimate.objects.filter(
        measure=demo.indicators["P01"].measure, wave=demo.waves[1], scope=Scope.PROJECT
    ).delete()
    client = visit_as("donor")
    tiles = tiles_of(text_of(client, "/p/demo/"))
    assert tiles == {"moved": 2, "met": 2, "unknown": 1, "missing": 1}
    for look, n in tiles.items():
        text = text_of(client, f"/p/demo/?look={look}")
        table = text[text.index('id="all"') : text.index('id="unknown"')]
        assert len(re.findall(r"/indicators/(\w+)/\"", table)) == n


def test_a_filter_is_a_chip_that_can_be_taken_off(visit_as):
    text = text_of(visit_as("donor"), "/p/demo/?look=moved&level=outcome")
    assert 'class="chip" href="/p/demo/?level=outcome#all"' in text
    assert 'class="chip" href="/p/demo/?look=moved#all"' in text
    assert '<input type="hidden" name="look" value="moved">' in text


def test_an_indicator_without_a_value_is_missing_with_its_reason(visit_as, demo):
    Estimate.objects.filter(
        measure=demo.indicators["S08"].measure, wave=demo.waves[1], scope=Scope.PROJECT
    ).update(value=None, ci_low=None, ci_high=None, reason="NOT_ASKED")
    text = text_of(visit_as("donor"), "/p/demo/")
    missing = text[text.index('id="missing"') :]
    assert "S08 Feeling safe" in missing
    assert "The question was not asked in this wave." in missing
    assert "C03" not in missing  # its baseline is zero by definition


def planned(demo):
    """A follow-up after both waves that were asked."""
    return Wave.objects.create(
        project=demo.project,
        code="W2",
        name_en="Follow-up",
        kind="monitoring",
        position=2,
        field_start=date(2029, 10, 1),
        field_end=date(2029, 10, 30),
    )


def aimed_at(demo, code, wave, low, school=None):
    """A target that is on track."""
    place = {"indicator": demo.indicators[code], "school": school, "wave": wave}
    target = Target.objects.create(**place, type="at_least", low=low)
    Assessment.objects.create(
        run=demo.run, target=target, target_type="at_least", target_low=low, status="on_track"
    )


@pytest.mark.parametrize(
    "page",
    [
        "/p/demo/",
        "/p/demo/performance/",
        "/p/demo/indicators/S01/",
        "/p/demo/schools/IS-01/",
        "/p/demo/questions/student/s_s01/",
        "/p/demo/gaps/of/S01/sex/",
    ],
)
def test_a_wave_that_is_only_planned_takes_no_place(visit_as, demo, page):
    """A calculation stores of logs and desk data that a planned wave has none."""
    client = visit_as("donor")
    before = text_of(client, page)
    later = planned(demo)
    Estimate.objects.create(
        run=demo.run,
        measure=demo.indicators["C03"].measure,
        wave=later,
        scope=Scope.PROJECT,
        n=0,
        value=None,
        reason=Reason.NO_DATA,
    )
    text = text_of(client, page)
    assert "only wave with answers" not in text
    was, now = (one[one.index("<main") : one.index("</main")] for one in (before, text))
    if page == "/p/demo/":
        assert "Follow-up (Oct. 1, 2029 – Oct. 30, 2029) has no results yet." in text
    else:
        assert was == now


def test_a_target_of_a_later_wave_does_not_take_the_place_of_the_one_that_is_due(visit_as, demo):
    wave, school = planned(demo), demo.school(1)
    for code, low in (("S01", 4.9), ("T03", 3.5)):
        aimed_at(demo, code, wave, low)
    aimed_at(demo, "S01", wave, 4.9, school)
    client = visit_as("donor")
    text = text_of(client, "/p/demo/")
    assert "at least 4.10" in text
    assert "4.90" not in text
    assert "at least 3.50 (Follow-up)" in text  # nothing is due before, so its wave is named
    text = text_of(client, f"/p/demo/schools/{school.code}/")
    assert "at least 4.20" in text
    assert "4.90" not in text


def test_before_the_endline_the_next_target_is_named_with_its_wave(visit_as, demo):
    aimed_at(demo, "S01", planned(demo), 4.9)
    for model in (Estimate, Change):
        model.objects.filter(**{"wave_to" if model is Change else "wave": demo.waves[1]}).delete()
    text = text_of(visit_as("donor"), "/p/demo/")
    assert "at least 4.10 (Endline)" in text
    assert "4.90" not in text


def test_a_wave_without_results_is_missing(visit_as, demo):
    demo.project.waves.create(
        code="W2",
        kind="monitoring",
        position=2,
        name_en="Monitoring",
        field_start="2029-10-01",
        field_end="2029-10-31",
    )
    text = text_of(visit_as("donor"), "/p/demo/")
    assert "Monitoring (Oct. 1, 2029 – Oct. 31, 2029) has no results yet." in text


def owing(world):
    """At the endline school 3 answers but sends no checklist, school 2 sends nothing at all."""
    answered = world.run.inputs["respondents"]
    for wave in answered.values():
        wave["director"] = {school.code: 1 for school in world.schools}
    del answered["W1"]["director"]["IS-03"]
    for one in answered["W1"].values():
        one.pop("IS-02", None)
    world.run.save()


def test_schools_without_answers_or_checklist_are_named(visit_as, demo):
    owing(demo)
    text = text_of(visit_as("donor"), "/p/demo/")
    missing = re.sub(r"<[^>]*>", "", text[text.index('id="missing"') :])
    assert re.search(r"Endline: 1 school without any answers.\s+IS-02 School 002", missing)
    assert re.search(
        r"Endline: 1 school without a director.*checklist.\s+IS-03 School 003", missing
    )
    assert "Baseline:" not in missing


def test_a_director_reads_how_many_schools_owe_something_but_not_which(visit_as, demo):
    owing(demo)
    text = text_of(visit_as("director", demo.school(1)), "/p/demo/")
    missing = text[text.index('id="missing"') :]
    assert "1 school without any answers" in missing
    assert "IS-02" not in missing


def test_the_school_that_goes_on_answers_for_the_merged_one(visit_as, demo):
    owing(demo)
    School.objects.create(project=demo.project, code="IS-24", continues=demo.school(2))
    demo.run.inputs["respondents"]["W1"]["student"]["IS-24"] = 30
    demo.run.inputs["respondents"]["W1"]["director"]["IS-24"] = 1
    demo.run.save()
    text = text_of(visit_as("donor"), "/p/demo/")
    assert "without any answers" not in text[text.index('id="missing"') :]


# --- the schools of one region ---------------------------------------------------------------


def list_of(text):
    """The list of indicators of the overview."""
    return text[text.index('id="all"') : text.index('id="unknown"')]


def test_the_overview_can_show_the_schools_of_one_region(visit_as, demo):
    regions(demo)
    client = visit_as("donor")
    table = list_of(text_of(client, "/p/demo/?group=oblast:chui"))
    for part in ("Region (oblast): Chui", "3.11", "3.41", "+0.30", "+0.07 to +0.61", "150 / 150"):
        assert part in table
    assert "at least 4.10" not in table  # the target is the project's
    assert re.findall(r"/indicators/(\w+)/\"", table) == ["S01"]
    assert "4.02" in text_of(client, "/p/demo/?group=oblast:nowhere")


def test_a_filter_of_findings_means_the_projects_findings(visit_as, demo):
    regions(demo)
    client = visit_as("donor")
    assert "3.41" in text_of(client, "/p/demo/?group=oblast:chui&look=moved")
    assert "No indicator fits" in text_of(client, "/p/demo/?group=oblast:chui&look=unknown")


def test_a_small_region_and_the_one_that_would_give_it_away_are_hidden(visit_as, demo):
    regions(demo, sizes=(200, 150, 9))
    client = visit_as("donor")
    assert "3.42" not in text_of(client, "/p/demo/?group=oblast:naryn")
    hidden_along = list_of(text_of(client, "/p/demo/?group=oblast:chui"))
    assert "3.41" not in hidden_along
    assert "+0.30" not in hidden_along
    assert "3.40" in text_of(client, "/p/demo/?group=oblast:osh")
    assert "3.42" in text_of(visit_as("officer"), "/p/demo/?group=oblast:naryn")


def test_the_legend_says_the_rules_that_decided_the_words_shown(visit_as, demo):
    """Settings changed after publishing wait for the next publication, as the words do."""
    demo.run.inputs["rules"] = {"alpha": 0.05, "target_confidence": 0.9}
    demo.run.save(update_fields=["inputs"])
    Project.objects.update(alpha=0.2, target_confidence=0.8, min_group_public=40)
    client = visit_as("donor")
    for page in ("/p/demo/legend/", "/p/demo/method/"):
        text = text_of(client, page).replace("\u202f", " ")
        assert "in less than 5 % of surveys" in text, page
        assert "judged by 90 % ranges" in text
        assert "at least 40 people" in text  # protection of people counts at once
