"""One school's progress: what stands on its lines, whom small groups protect, lineage."""

import dataclasses
import re

import pytest

from indicators.models import Assessment, Estimate, School, SchoolEvent, Target
from indicators.presenters.school_progress import school_progress_view
from indicators.queries.school_progress import school_progress
from indicators.vocabulary import Reason
from tests.web.factories import build_world, member

pytestmark = pytest.mark.django_db


def progress_of(world, number, min_group=1):
    school = School.objects.select_related("continues", "continued_by").get(
        pk=world.school(number).pk
    )
    return school_progress(project=world.project, school=school, run=world.run, min_group=min_group)


def line(progress, code):
    return next(line for line in progress.lines if line.indicator.code == code)


def test_a_line_holds_both_waves_the_change_and_the_project_beside_it():
    found = line(progress_of(build_world(), 1), "S01")
    assert found.baseline.value == pytest.approx(4.02237)
    assert found.endline.n == 40
    assert found.change.detectable == 0.61
    assert found.project_change.ci_low == pytest.approx(0.083)
    assert found.target.low == 4.2


def test_a_school_absent_at_the_endline_keeps_its_baseline():
    view = school_progress_view(progress_of(build_world(), 4))
    found = view.blocks[0].lines[0]
    assert found.baseline.text == "4.02"
    assert (found.endline.text, found.change.text) == ("–", "–")
    assert found.verdict.word == "one wave only"
    assert [news.text for news in view.news] == ["Did not take part."]


def test_nine_students_are_hidden_from_the_public_and_shown_to_officers():
    world = build_world()
    shown, hidden = (line(progress_of(world, 2, k), "S01") for k in (1, 10))
    assert shown.endline.value is not None
    assert (hidden.endline.value, hidden.endline.n, hidden.endline.below) == (None, None, 10)
    assert hidden.baseline.value is not None
    assert (hidden.change.difference, hidden.change.reason) == (None, Reason.SUPPRESSED)
    assert (hidden.target.value, hidden.target.status) == (None, "not_applicable")
    assert hidden.change.n_baseline == 40


def test_a_director_sees_groups_of_five_but_not_of_four():
    world = build_world()
    assert line(progress_of(world, 2, 5), "S01").endline.value is not None
    assert line(progress_of(world, 3, 5), "T03").baseline.value is None


def test_activities_are_not_people_and_stay_visible():
    world = build_world()
    Estimate.objects.filter(measure=world.indicators["C03"].measure).update(n=3)
    assert line(progress_of(world, 1, 10), "C03").endline.value is not None


def test_a_merged_school_goes_on_from_the_one_it_continues():
    world = build_world()
    old = world.school(4)
    new = School.objects.create(
        project=world.project, code="IS-24", name_en="New school", continues=old
    )
    world.schools.append(new)
    SchoolEvent.objects.create(
        school=old, kind="merged_renamed", new_school=new, happened_on="2028-01-01"
    )
    Estimate.objects.create(
        run=world.run,
        measure=world.indicators["S01"].measure,
        wave=world.waves[1],
        scope="school",
        school=new,
        n=39,
        value=4.3,
    )
    found = progress_of(world, 5)
    assert line(found, "S01").baseline.n == 40
    assert line(found, "S01").endline.value == 4.3
    view = school_progress_view(found)
    assert view.news[-1].school.code == "IS-04"
    told_by_old = school_progress_view(progress_of(world, 4))
    assert told_by_old.news[-1].school.code == "IS-24"
    assert told_by_old.school.continued_by.code == "IS-24"
    assert "Targets are judged there" in told_by_old.news[-1].text


def test_a_merged_school_shows_no_status_beside_data_it_does_not_have():
    """Its target is judged on the school that goes on: nothing here stands for the status."""
    world = build_world()
    old = world.school(4)
    target = Target.objects.create(
        indicator=world.indicators["T03"], school=old, wave=world.waves[1], type="at_least", low=3.9
    )
    Assessment.objects.create(
        run=world.run, target=target, target_type="at_least", target_low=3.9, status="too_close"
    )
    assert line(progress_of(world, 4), "T03").status == "too_close"
    School.objects.create(project=world.project, code="IS-24", continues=old)
    found = line(progress_of(world, 4), "T03")
    assert found.target is not None
    assert found.status == "no_data"


def test_the_first_sentence_says_what_so_few_answers_can_show():
    view = school_progress_view(progress_of(build_world(), 1))
    assert view.what_can_be_seen[0].startswith("With 40 and 40 answers of students, only changes")
    assert "0.61" in view.what_can_be_seen[0]
    assert "not the same as" in view.what_can_be_seen[-1]


def test_who_answered_is_told_with_hidden_bases():
    view = school_progress_view(progress_of(build_world(), 2, 10))
    students = view.answered[0]
    assert (students.who, students.baseline, students.endline) == ("students", "40", "<\u202f10")


def test_results_are_frozen():
    progress = progress_of(build_world(), 1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        progress.lines[0].baseline.value = 1


# --- the school over the waves --------------------------------------------------------------


def trend(progress, code):
    return next(one for one in progress.trends if one.indicator.code == code)


def test_a_trend_holds_the_schools_levels_and_the_projects_range():
    then, now = trend(progress_of(build_world(), 1), "S01").points
    assert (then.wave.code, now.wave.code) == ("W0", "W1")
    assert then.own.value == pytest.approx(4.02237)
    assert (then.project.ci_low, then.project.ci_high) == pytest.approx((3.99, 4.052))


def test_a_trend_goes_through_every_wave():
    world = build_world()
    between = world.project.waves.create(
        code="WM", kind="midline", position=5, field_start="2026-10-01", field_end="2026-10-31"
    )
    world.waves[1].position = 9
    world.waves[1].save()
    Estimate.objects.create(
        run=world.run,
        measure=world.indicators["S01"].measure,
        wave=between,
        scope="school",
        school=world.school(1),
        n=38,
        value=4.1,
    )
    found = trend(progress_of(world, 1), "S01")
    assert [point.wave.code for point in found.points] == ["W0", "WM", "W1"]
    assert found.points[1].own.value == 4.1
    assert found.points[1].project is None
    view = school_progress_view(progress_of(world, 1))
    assert [row.wave for row in view.trends[0].trends[0].rows] == ["Baseline", "Midline", "Endline"]


def test_a_small_group_is_hidden_in_the_trend_too():
    point = trend(progress_of(build_world(), 2, 10), "S01").points[1]
    assert (point.own.value, point.own.n, point.own.below) == (None, None, 10)


def test_the_page_says_which_parts_have_no_figure_for_one_school():
    view = school_progress_view(progress_of(build_world(), 1))
    assert "Gaps between answers" in view.no_figures
    assert "Students" not in view.no_figures


def test_the_site_and_the_admin_draw_the_same(client):
    world = build_world()
    user = member(world, "officer")
    user.is_staff = True
    user.save()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    site = client.get("/p/demo/schools/IS-01/").content.decode()
    admin = client.get("/admin/indicators/school/progress/demo/IS-01/").content.decode()
    drawn = re.findall(r'<svg class="chart trend".*?</svg>', site)
    assert drawn
    assert drawn == re.findall(r'<svg class="chart trend".*?</svg>', admin)
    assert site.count("In numbers") == 2 * len(drawn)  # the words and the name of the region
    for text in (site, admin):
        assert "SECRET-REMARK-IS-01" in text


def test_an_administrator_sees_no_facts_in_the_admin(client):
    world = build_world()
    user = member(world, "administrator")
    user.is_staff = True
    user.save()
    client.force_login(user)
    text = client.get("/admin/indicators/school/progress/demo/IS-01/").content.decode()
    assert 'class="chart trend"' in text
    assert "SECRET-REMARK" not in text
