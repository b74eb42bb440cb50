"""The list of gaps and the page of one gap: both sides, bases, words, and who sees what."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Change, Estimate, Gap, Indicator, Item, Measure, Scale, ScaleOption
from indicators.vocabulary import GapChange, MeasureKind, Reason, Scope, Verdict
from tests.web.factories import build_world, member
from tests.web.world import World

pytestmark = pytest.mark.django_db


def sexes(world: World) -> None:
    """The question that tells girls from boys, and groups of two named as it names them."""
    scale = Scale.objects.create(project=world.project, code="sex")
    ScaleOption.objects.bulk_create(
        [
            ScaleOption(scale=scale, name=name, code=code, position=code, label_en=label)
            for name, code, label in (("1", 1, "Girl"), ("2", 2, "Boy"))
        ]
    )
    student = Item.objects.get(name="s_s01", instrument__project=world.project).instrument
    Item.objects.create(instrument=student, name="s_sex", kind="scale", scale=scale)
    Estimate.objects.filter(run=world.run, group_by="sex", group="3").delete()


def between_questionnaires(world: World) -> Indicator:
    """G01 compares a question of teachers with one of students."""
    indicator = world.indicators["G01"]
    first, second = Item.objects.get(name="t_t03"), Item.objects.get(name="s_s08")
    measure = indicator.measure
    measure.item, measure.second_item = first, second
    measure.save()
    for item, n in ((first, 250), (second, 900)):
        question, _ = Measure.objects.get_or_create(
            project=world.project,
            code=f"item:{item.name}",
            defaults={"kind": MeasureKind.ITEM_MEAN, "item": item},
        )
        Estimate.objects.bulk_create(
            [
                Estimate(
                    run=world.run,
                    measure=question,
                    wave=wave,
                    scope=Scope.PROJECT,
                    n=n,
                    value=1.5 + (item == first) * 0.4 - wave.position / 10,
                )
                for wave in world.waves
            ]
        )
    for row in Estimate.objects.filter(run=world.run, measure=measure):
        row.counts = {"first": 250, "second": 900}
        row.save()
    return indicator


@pytest.fixture(autouse=True)
def english(client) -> None:
    client.cookies["django_language"] = "en"


@pytest.fixture
def gaps(demo: World) -> World:
    sexes(demo)
    between_questionnaires(demo)
    return demo


def text_of(response) -> str:
    page = re.sub(r"<svg.*?</svg>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def listed(client, query: str = "") -> str:
    response = client.get(f"/p/demo/gaps/{query}")
    assert response.status_code == 200
    return text_of(response)


def test_both_sides_stand_with_their_bases(gaps, visit_as):
    page = listed(visit_as("donor"))
    assert "4.10 → 4.10" in page
    assert "n 480 / 480" in page
    assert "3.95 → 3.95" in page
    assert "n 440 / 440" in page
    assert "+0.12" in page
    assert "+0.02 to +0.22" in page


def test_gaps_between_questionnaires_come_first(gaps, visit_as):
    page = listed(visit_as("officer"))
    assert page.index("Between questionnaires G") < page.index("Girls and boys") or (
        page.rindex("Between questionnaires") < page.rindex("Girls and boys")
    )
    assert "Teachers 1.90 → 1.80" in page
    assert "Students 1.50 → 1.40" in page
    assert "n 250 / 250" in page


@pytest.mark.parametrize(
    ("verdict", "before", "after", "word"),
    [
        (Verdict.DECREASED, 0.4, 0.2, GapChange.NARROWED),
        (Verdict.DECREASED_SMALL, -0.2, -0.3, GapChange.WIDENED),
        (Verdict.INCREASED, -0.2, -0.1, GapChange.NARROWED),
        (Verdict.INCREASED, 0.2, 0.5, GapChange.WIDENED),
        (Verdict.INCREASED, -0.2, 0.1, GapChange.TURNED_ROUND),
        (Verdict.NO_CLEAR_CHANGE, 0.4, 0.2, GapChange.NO_CLEAR_CHANGE),
        (Verdict.NO_MEANINGFUL_CHANGE, 0.4, 0.2, GapChange.NO_MEANINGFUL_CHANGE),
    ],
)
def test_the_word_of_a_gap_follows_its_size(gaps, visit_as, verdict, before, after, word):
    Change.objects.filter(measure=gaps.indicators["G01"].measure).update(
        verdict=verdict, baseline=before, endline=after, difference=after - before
    )
    client = visit_as("donor")
    assert "G01" in listed(client, f"?outcome={word.value}")
    others = [one for one in GapChange if one != word]
    assert not any("G01" in listed(client, f"?outcome={one.value}") for one in others)


def test_filters_narrow_the_list_and_unknown_ones_do_nothing(gaps, visit_as):
    client = visit_as("officer")
    assert "S01" not in listed(client, "?kind=questionnaires")
    assert "G01" not in listed(client, "?kind=sex")
    assert "S01" not in listed(client, "?source=teacher")
    assert listed(client, "?kind=nonsense&outcome=%00").count("2 of 2 gaps") == 1
    assert "No gap fits these filters" in listed(client, "?source=parent")


def test_a_list_without_gaps_says_what_to_do(demo, visit_as):
    Gap.objects.all().delete()
    page = listed(visit_as("officer"))
    assert "No gaps were computed" in page


def test_a_small_side_hides_both_sides_the_gap_and_its_change(gaps, visit_as):
    """6 of one group: their mean follows from the other side and the gap, or from the whole."""
    Estimate.objects.filter(group_by="sex", group="2").update(n=6)
    Gap.objects.update(n_second=6, change=0.07, change_low=0.01, change_high=0.13)
    client = visit_as("donor")
    for page in (listed(client, "?kind=sex"), text_of(client.get("/p/demo/gaps/of/S01/sex/"))):
        for secret in ("4.10", "3.95", "+0.12", "+0.07", " 480", " 6 "):
            assert secret not in page.replace("6 of", ""), secret
    officer = listed(visit_as("officer"), "?kind=sex")
    assert "3.95" in officer


def test_a_gap_goes_with_a_side_that_hides_a_third_group(gaps, visit_as):
    """The smallest shown group is hidden beside a single hidden one; the gap would tell it."""
    Estimate.objects.bulk_create(
        [
            Estimate(
                run=gaps.run,
                measure=gaps.indicators["S01"].measure,
                wave=wave,
                scope=Scope.GROUP,
                group_by="sex",
                group="3",
                n=6,
                value=2.22,
            )
            for wave in gaps.waves
        ]
    )
    client = visit_as("donor")
    page = listed(client, "?kind=sex")
    assert "4.10 → 4.10" in page
    assert "3.95" not in page
    assert "+0.12" not in page
    assert "+0.12" not in text_of(client.get("/p/demo/indicators/S01/"))


def test_parents_are_described_side_by_side_without_a_range(gaps, visit_as):
    gap = Gap.objects.filter(wave=gaps.waves[1])
    gap.update(ci_low=None, ci_high=None, reason=Reason.SELF_SELECTED, change=0.05)
    gap.update(change_reason=Reason.SELF_SELECTED)
    page = text_of(visit_as("donor").get("/p/demo/gaps/of/S01/sex/"))
    assert "described only" in page
    assert "nothing is said about chance" in page
    assert "the gap narrowed" not in page


def test_one_gap_has_its_finding_numbers_and_ways_back(gaps, visit_as):
    Gap.objects.filter(wave=gaps.waves[1]).update(
        change=0.05,
        change_low=-0.03,
        change_high=0.13,
        baseline=0.02,
        endline=0.07,
        change_word=GapChange.NO_CLEAR_CHANGE,
        wave_from=gaps.waves[0],
    )
    client = visit_as("donor")
    response = client.get("/p/demo/gaps/of/S01/sex/")
    page = text_of(response)
    assert "Endline: Girl 4.10, Boy 3.95, a gap of +0.12 (95 % range +0.02 to +0.22)." in page
    assert "No clear change of the gap: it moved by +0.05 (95 % range −0.03 to +0.13)." in page
    assert "there the gap was +0.02 and then +0.07" in page
    assert reverse("indicator-detail", args=["demo", "S01"]) in response.content.decode()
    sheet = client.get("/p/demo/indicators/S01/").content.decode()
    assert reverse("gap-detail", args=["demo", "S01", "sex"]) in sheet


def test_a_gap_that_is_an_indicator_links_both_ways_and_shows_both_questions(gaps, visit_as):
    client = visit_as("donor")
    sheet = client.get("/p/demo/indicators/G01/").content.decode()
    assert reverse("gap-detail", args=["demo", "G01", "questionnaires"]) in sheet
    page = text_of(client.get("/p/demo/gaps/of/G01/questionnaires/"))
    assert "Question t_t03" in page
    assert "Question s_s08" in page


def test_a_gap_without_row_does_not_exist(gaps, visit_as):
    client = visit_as("officer")
    assert client.get("/p/demo/gaps/of/S08/sex/").status_code == 404
    assert client.get("/p/demo/gaps/of/S01/oblast/").status_code == 404


def test_donors_see_the_published_run_only(client, django_user_model):
    world = build_world(4, is_published=False)
    sexes(world)
    client.force_login(member(world, "donor"))
    assert "4.10" not in text_of(client.get("/p/demo/gaps/"))
    client.force_login(member(world, "officer"))
    assert "4.10" in text_of(client.get("/p/demo/gaps/"))


def test_one_wave_shows_levels_and_gaps_without_a_change(gaps, visit_as):
    Estimate.objects.filter(wave=gaps.waves[1]).delete()
    Gap.objects.filter(wave=gaps.waves[1]).delete()
    client = visit_as("officer")
    page = listed(client)
    assert "4.10 " in page
    assert "Change of the gap" not in page
    detail = text_of(client.get("/p/demo/gaps/of/S01/sex/"))
    assert "Baseline: Girl 4.10, Boy 3.95" in detail
    assert "A change needs two waves." in detail


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_pages_speak_three_languages(gaps, visit_as, language):
    client = visit_as("donor")
    client.cookies["django_language"] = language
    title = {"ky": "Айырмалар", "ru": "Разрывы", "en": "Gaps"}[language]
    assert f"<h1>{title}</h1>" in client.get("/p/demo/gaps/").content.decode()


def test_the_number_of_queries_grows_neither_with_schools_nor_with_indicators(client):
    def counted(world: World) -> list[int]:
        client.force_login(member(world, "officer"))
        found = []
        for address in ("gaps/", "gaps/of/S01/sex/"):
            client.get(f"/p/{world.project.code}/legend/")
            with CaptureQueriesContext(connection) as caught:
                assert client.get(f"/p/{world.project.code}/{address}").status_code == 200
            found.append(len(caught))
        return found

    few, many = build_world(4, code="few"), build_world(60, code="many")
    for world in (few, many):
        sexes(world)
    for code in ("S08", "T03"):
        row = many.indicators[code]
        row.disaggregation = ["sex"]
        row.save()
        Gap.objects.bulk_create(
            [
                Gap(
                    run=many.run,
                    measure=row.measure,
                    wave=wave,
                    group_by="sex",
                    first_group="1",
                    second_group="2",
                    value=0.1,
                    n_first=90,
                    n_second=80,
                )
                for wave in many.waves
            ]
        )
    assert counted(few) == counted(many)
    assert max(counted(many)) <= 18
