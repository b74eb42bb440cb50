"""The sheet of targets: what it shows to whom, saving, two officers, nothing typed is lost."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from indicators.actions.targets import remove_target
from indicators.models import Assessment, AuditEvent, Indicator, Run, Target, Wave
from indicators.vocabulary import RunState
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


# --- what it shows ------------------------------------------------------------------------


def test_indicators_stand_in_parts_with_their_baseline(officer, demo):
    give(demo)
    page = officer.get(url())
    parts = {part.title: [line.code for line in part.lines] for part in page.context["parts"]}
    assert parts["Students"] == ["S01", "S08"]
    assert parts["Context"] == ["X01"]
    line = line_of(page, "S01")
    assert (line.baseline, line.base_n) == ("4.02", "920")
    assert line.cells[0].box.text == "≥ 4.3"
    assert line_of(page, "S08").cells[0].box.text == ""


def test_a_share_is_typed_in_percent(officer, demo):
    give(demo, "S08", 0.655)
    assert cell_of(officer.get(url()), demo, "S08").text == "≥ 65.5"


def test_indicators_without_judgement_have_no_box(officer, demo):
    page = officer.get(url())
    for code, why in (
        ("T03", "no direction is better"),
        ("P01", "described only"),
        ("X01", "context only"),
    ):
        line = line_of(page, code)
        assert (line.cells[0].box, line.why_none) == (None, why)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"block": "students"}, ["S01", "S08"]),
        ({"text": "climate"}, ["S01"]),
        ({"text": "s08"}, ["S08"]),
        ({"headline": "1"}, ["S01", "T03"]),
        ({"level": "impact"}, []),
        ({"text": "nothing like it"}, []),
    ],
)
def test_rows_are_filtered(officer, query, codes):
    page = officer.get(url(**query))
    lines = [line.code for part in page.context["parts"] for line in part.lines]
    assert lines == codes
    assert ("No row here" in page.content.decode()) is (not codes)


def test_one_school_and_one_indicator_over_all_schools(officer, demo):
    give(demo, school=2)
    page = officer.get(url(school="IS-02"))
    assert line_of(page, "S01").cells[0].box.text == "≥ 4.3"
    assert line_of(page, "S01").base_n == "40"
    page = officer.get(url(indicator="S01"))
    assert [line.code for part in page.context["parts"] for line in part.lines] == [
        "IS-01",
        "IS-02",
        "IS-03",
        "IS-04",
    ]
    assert line_of(page, "IS-02").cells[0].box.text == "≥ 4.3"


@pytest.mark.parametrize("query", [{"school": "IS-99"}, {"indicator": "Z9"}, {"school": "x\x00"}])
def test_what_does_not_exist_is_not_found(officer, query):
    assert officer.get(url(**query)).status_code == 404


def test_a_project_with_the_baseline_only_says_so(officer, demo):
    Wave.objects.update(kind="baseline")
    assert "no wave after the baseline" in officer.get(url()).content.decode()


def test_donors_see_what_the_published_results_were_judged_by(client, demo):
    target, later = give(demo), give(demo, "S08", 0.7)
    Assessment.objects.create(
        run=demo.run, target=target, target_type="at_least", target_low=4.1, status="met"
    )
    client.force_login(member(demo, "donor"))
    page = client.get(url())
    assert page.context["form"] is None
    assert line_of(page, "S01").cells[0].words == "at least 4.10"
    assert not line_of(page, "S08").cells[0].is_set
    text = page.content.decode()
    assert "Save the changed cells" not in text
    assert '<input type="text" name="c-' not in text
    assert "Targets to look at" not in text
    assert later.pk


def test_a_director_sees_the_own_school_only(client, demo):
    for school in (None, 1, 2):
        target = give(demo, school=school)
        Assessment.objects.create(
            run=demo.run, target=target, target_type="at_least", target_low=4.3, status="met"
        )
    client.force_login(member(demo, "director", demo.school(1)))
    assert client.get(url(school="IS-01")).status_code == 200
    assert client.get(url(school="IS-02")).status_code == 404
    page = client.get(url(indicator="S01"))
    assert [line.code for line in page.context["parts"][0].lines] == ["IS-01"]
    assert b"IS-02" not in client.get(url("target-export", indicator="S01")).content
    assert client.get(url("target-history", "S01", "W1", school="IS-01")).status_code == 200
    assert client.get(url("target-history", "S01", "W1", school="IS-02")).status_code == 404


@pytest.mark.parametrize("role", ["donor", "administrator"])
def test_only_officers_save(client, demo, role):
    client.force_login(member(demo, role))
    assert client.post(url(), {name(demo): "4,4", "rationale": "x"}).status_code == 403
    assert client.post(url("target-import")).status_code == 403
    assert client.post(url("target-calculation")).status_code == 403


def test_nothing_published_is_said(client, demo):
    demo.run.release.delete()
    client.force_login(member(demo, "donor"))
    assert "Nothing is published yet" in client.get(url()).content.decode()


# --- saving -------------------------------------------------------------------------------


def test_a_screenful_is_saved_at_once(officer, demo):
    give(demo)
    typed = sent(officer.get(url()))
    typed |= {name(demo): "4,4", name(demo, "S08"): "70 %", name(demo, "D04"): "20"}
    answer = officer.post(url(), typed, follow=True)
    assert "3 targets are saved" in answer.content.decode()
    found = {t.indicator.code: (t.low, t.rationale) for t in Target.objects.all()}
    assert found == {
        "S01": (4.4, "agreed in March"),
        "S08": (0.7, "agreed in March"),
        "D04": (20.0, "agreed in March"),
    }
    assert AuditEvent.objects.filter(reason="agreed in March", by__username="olga").count() == 3


def test_cells_that_were_not_touched_are_not_written(officer, demo):
    target = give(demo)
    typed = sent(officer.get(url())) | {name(demo): " ≥4,30 "}  # the same, typed otherwise
    answer = officer.post(url(), typed, follow=True)
    assert "Nothing was changed" in answer.content.decode()
    target.refresh_from_db()
    assert (target.revision, target.rationale) == (1, "first")


def test_an_emptied_cell_removes_the_target(officer, demo):
    give(demo)
    officer.post(url(), sent(officer.get(url())) | {name(demo): ""})
    assert not Target.objects.exists()


def test_the_form_goes_back_to_where_it_was(officer, demo):
    typed = sent(officer.get(url(school="IS-02", text="climate")))
    answer = officer.post(
        url(school="IS-02", text="climate"), typed | {name(demo, school=2): "4,4"}
    )
    assert answer.url == url(school="IS-02", text="climate")
    assert Target.objects.get().school == demo.school(2)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"S01": "four"}, "Not readable"),
        ({"G01": "1..0"}, "The lower limit is above"),
        ({"S01": "9"}, "lies outside the scale"),
        ({"S08": "105"}, "between 0 and 100"),
    ],
)
def test_bad_cells_are_marked_and_nothing_typed_is_lost(officer, demo, bad, said):
    typed = sent(officer.get(url())) | {name(demo, "D04"): "21"}
    typed |= {name(demo, code): text for code, text in bad.items()}
    page = officer.post(url(), typed)
    assert page.status_code == 200
    assert not Target.objects.exists()
    for code, text in bad.items():
        assert cell_of(page, demo, code).text == text
        assert said in cell_of(page, demo, code).problem
        assert f'href="#{name(demo, code)}"' in page.content.decode()  # from the list of problems
    assert cell_of(page, demo, "D04").text == "21"
    assert page.context["form"]["rationale"].value() == "agreed in March"


def test_the_reason_is_asked_for(officer, demo):
    page = officer.post(url(), sent(officer.get(url())) | {name(demo): "4,4", "rationale": " "})
    assert "The reason is missing" in page.content.decode()
    assert cell_of(page, demo).text == "4,4"
    assert not Target.objects.exists()


def test_a_value_outside_the_scale_is_confirmed_in_a_second_step(officer, demo):
    typed = sent(officer.get(url())) | {name(demo): "5,5"}
    page = officer.post(url(), typed)
    assert "is_confirmed" in page.content.decode()
    again = sent(page) | {"is_confirmed": "on", "rationale": "the scale grows to 6"}
    assert again[name(demo)] == "5,5"
    assert officer.post(url(), again).status_code == 302
    assert Target.objects.get().low == 5.5
    assert AuditEvent.objects.filter(reason="the scale grows to 6").count() == 1


def test_checking_saves_nothing_and_says_what_speaks_against(officer, demo):
    typed = sent(officer.get(url())) | {name(demo): "4,0", "step": "check", "rationale": ""}
    page = officer.post(url(), typed)
    assert not Target.objects.exists()
    text = page.content.decode()
    assert "Checked, nothing saved" in text
    assert "The baseline, 4.02, reaches it already." in text
    assert cell_of(page, demo).text == "4,0"


@pytest.mark.parametrize(
    "broken",
    [
        {"read": ""},
        {"read": "{"},
        {"read": "[]"},
        {"read": "[" * 100_000},
        {"read": '{"c-1-0-1": 5}'},
        {"read": '{"c-1-0-1": ["x", 1, ""]}'},
        {"c-999999-0-1": "5"},
        {"c-1-0-999999999999": "5"},
        {"c-x": "5"},
        {"page": "²"},
    ],
)
def test_a_broken_form_stores_nothing_by_accident(officer, demo, broken):
    give(demo)
    page = officer.post(url(), sent(officer.get(url())) | broken)
    assert page.status_code in (200, 302, 409)
    assert list(Target.objects.values_list("low", "revision")) == [(4.3, 1)]


# --- what speaks against a target ---------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("S01", "4,0", "already reached"),
        ("S01", "≤ 4,5", "against the direction"),
        ("S01", "4,95", "at the end of the scale"),
        ("S01", "9", "outside the scale"),
        ("D04", "30", "at the end of the scale"),
        ("S08", "60", "already reached"),
        ("G01", "≥ 0,5", "against the direction"),
    ],
)
def test_warnings_stand_beside_what_is_typed(officer, demo, code, text, said):
    typed = sent(officer.get(url())) | {name(demo, code): text, "step": "check"}
    page = officer.post(url(), typed)
    assert [doubt.word for doubt in line_of(page, code).cells[0].doubts] == [said]


def test_a_change_too_small_to_be_seen_is_told_with_its_numbers(officer, demo):
    """Four schools of 230 answers: the plan is made from the baseline's own spread and likeness."""
    demo.indicators["S01"].measure.estimates.filter(scope="project").update(icc=0.07)
    give(demo, low=4.1)
    page = officer.get(url())
    (doubt,) = line_of(page, "S01").cells[0].doubts
    assert doubt.key == "too_small"
    assert re.fullmatch(
        r"With 4 schools and about 230 answers from each, changes under 0\.\d\d cannot be told "
        r"from chance\.",
        doubt.sentence,
    )
    assert doubt.sentence in page.content.decode()
    assert doubt.sentence in officer.get(reverse("target-list", args=["demo"])).content.decode()


def test_one_school_is_told_by_its_own_change(officer, demo):
    give(demo, low=4.1, school=1)
    (doubt,) = line_of(officer.get(url(indicator="S01")), "IS-01").cells[0].doubts
    assert doubt.sentence == (
        "With 40 answers, changes under 0.61 in one school cannot be told from chance."
    )


def test_a_warning_forbids_nothing(officer, demo):
    typed = sent(officer.get(url())) | {name(demo): "4,0", name(demo, "S08"): "≤ 90"}
    assert officer.post(url(), typed).status_code == 302
    assert Target.objects.count() == 2


# --- the calculation ----------------------------------------------------------------------


def test_after_saving_the_page_offers_the_calculation_and_shows_what_it_moved(officer, demo):
    demo.run.finished_at = timezone.now()
    demo.run.save()
    target = give(demo)
    Assessment.objects.create(
        run=demo.run, target=target, target_type="at_least", target_low=4.3, status="met"
    )
    page = officer.get(url())
    assert "1 target was changed since the last calculation" in page.content.decode()
    answer = officer.post(url("target-calculation", school="IS-02"))
    run = Run.objects.get(state=RunState.WAITING)
    assert answer.url == f"{url(school='IS-02')}&run={run.pk}#calculation"
    waiting = officer.get(url("target-calculation", run=run.pk))
    assert waiting.status_code == 200
    assert f"run={run.pk}" in waiting.content.decode()
    run.state, run.finished_at = RunState.DONE, timezone.now()
    run.save()
    Assessment.objects.create(
        run=run, target=target, target_type="at_least", target_low=4.5, status="not_met"
    )
    done = officer.get(url("target-calculation", run=run.pk))
    assert done.status_code == 286
    (move,) = done.context["move_lines"]
    assert (move.code, move.target) == ("S01", "at least 4.30 → at least 4.50")
    assert (move.before.word, move.after.word) == ("met", "not met")
    assert "was changed since" not in done.content.decode()


# --- history ------------------------------------------------------------------------------


def test_the_history_names_who_when_what_and_why(officer, demo):
    give(demo, by=member(demo, "officer", name="azat"))
    officer.post(url(), sent(officer.get(url())) | {name(demo): "4,5"})
    page = officer.get(url("target-history", "S01", "W1"))
    lines = [(line.by, line.before, line.after, line.reason) for line in page.context["history"]]
    assert lines == [
        ("olga", "at least 4.30", "at least 4.50", "agreed in March"),
        ("azat", "–", "at least 4.30", "first"),
    ]


def test_the_history_goes_on_over_a_removal(officer, demo):
    target = give(demo)
    remove_target(target=target, reason="double", by=member(demo, "officer"))
    give(demo, low=4.4)
    lines = officer.get(url("target-history", "S01", "W1")).context["history"]
    assert [line.what for line in lines] == ["set", "removed", "set"]


def test_donors_see_the_history_up_to_what_was_published(client, demo):
    target = give(demo, rationale="before")
    Assessment.objects.create(
        run=demo.run, target=target, target_type="at_least", target_low=4.3, status="met"
    )
    demo.run.finished_at = timezone.now()
    demo.run.save()
    give(demo, low=4.5, revision=1, rationale="after the publication")
    give(demo, "S08", 0.7, rationale="never published")
    client.force_login(member(demo, "donor"))
    page = client.get(url("target-history", "S01", "W1"))
    assert [line.reason for line in page.context["history"]] == ["before"]
    assert "after the publication" not in page.content.decode()
    assert not client.get(url("target-history", "S08", "W1")).context["history"]


# --- size ---------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow_with_the_rows(client, db):
    def counted(world):
        client.force_login(member(world, "officer"))
        found = []
        for query in ("", "?indicator=S01", f"?school={world.school(1).code}"):
            path = f"/p/{world.project.code}/targets/grid/{query}"
            client.get(path)
            with CaptureQueriesContext(connection) as caught:
                assert client.get(path).status_code == 200
            found.append(len(caught))
        return found

    few, many = build_world(4, code="few"), build_world(120, code="many")
    assert Indicator.objects.filter(project=few.project).exists()
    assert counted(few) == (found := counted(many))
    assert max(found) <= 26


def test_a_long_list_of_schools_has_pages(client, db):
    world = build_world(120)
    client.force_login(member(world, "officer"))
    first, second = (client.get(url(indicator="S01", page=n)) for n in (1, 2))
    assert len(first.context["form"].cells) == 100
    assert len(second.context["form"].cells) == 20
    assert 'rel="next"' in first.content.decode()
    read = json.loads(second.context["form"].reading())
    assert len(read) == 20
