"""Questions: the list, one question, the parts of an index, and who sees how much."""

from __future__ import annotations

import html
import re

import pytest

from indicators.models import (
    Change,
    IndexComponent,
    Indicator,
    InstrumentVersion,
    Item,
    ItemResult,
    ItemVersion,
    Release,
    Scale,
    ScaleOption,
    WaveInstrument,
)
from indicators.vocabulary import Verdict
from tests.web.factories import build_world, member

pytestmark = pytest.mark.django_db

LIST = "/p/demo/questions/"
S01 = "/p/demo/questions/student/s_s01/"
S08 = "/p/demo/questions/student/s_s08/"


@pytest.fixture
def world():
    return build_world()


def text(client, world, role, path, *schools):
    client.force_login(member(world, role, *schools))
    client.cookies["django_language"] = "en"
    response = client.get(path)
    assert response.status_code == 200
    words = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"[\s\u00a0\u202f]+", " ", html.unescape(words))


def test_the_list_names_every_question_with_both_waves(client, world):
    page = text(client, world, "donor", LIST)
    assert "student questionnaire" in page
    assert re.search(r"Question s_s01 one option of a scale 4\.01 4\.11 920 / 920", page)


def test_the_list_is_narrowed_by_questionnaire_and_word(client, world):
    n_all = Item.objects.filter(instrument__project=world.project).count()
    page = text(client, world, "officer", f"{LIST}?instrument=student&text=S01")
    assert f"1 of {n_all} questions" in page
    assert "Question s_s08" not in page
    nothing = text(client, world, "officer", f"{LIST}?text=unheard-of")
    assert "No question fits these filters." in nothing
    assert "Text: unheard-of" in nothing


def test_facts_and_opinions_of_directors_stand_apart(client, world):
    Item.objects.filter(name="d_d04").update(is_opinion=True)
    item = Item.objects.get(name="d_d04")
    Item.objects.create(
        instrument=item.instrument, name="d_fact", kind="scale", scale=item.scale, label_en="Fact"
    )
    page = text(client, world, "donor", LIST)
    assert "director questionnaire: facts" in page
    assert "director questionnaire: opinions of the directors" in page
    shown = text(client, world, "officer", "/p/demo/questions/director/d_d04/")
    assert "An opinion of the directors, not a fact about their schools." in shown


def test_a_question_shows_its_distribution_with_named_bases(client, world):
    page = text(client, world, "donor", S01)
    assert "the most frequent answer is “option 5”, 39.1 % (n 920)" in page
    assert "The two highest answers together" not in page  # one answer of six people is hidden
    assert "Shares are of everyone who chose any answer" in page
    assert "Mean 4.01 4.11" in page
    officer = text(client, world, "officer", S01)
    assert "option 5 39.1 % 360 39.1 % 360" in officer
    assert "The two highest answers together 66.3 %" in officer
    assert "The pattern of answers changed (p = 0.018)." in officer


def test_a_question_leads_to_the_indicators_that_use_it(client, world):
    page = text(client, world, "donor", S01)
    assert re.search(r"S01 \S.* as one question of the index", page)
    client.get(S01)
    assert b"/p/demo/indicators/S01/" in client.get(S01).content
    direct = text(client, world, "donor", S08)
    assert "S08" in direct
    assert "as one question of the index" not in direct


def test_answers_of_very_few_people_are_hidden_by_role(client, world):
    """Five people answered s_s08: officers see them, donors do not, directors from five on."""
    assert "option 4 60 % 3" in text(client, world, "officer", S08)
    donor = text(client, world, "donor", S08)
    assert "60 %" not in donor
    assert "4.01" not in donor
    assert "< 10" in donor
    director = text(client, world, "director", S08, world.school(1))
    assert "60 %" not in director  # three and two people
    assert "Answered (n) 5 5" in director
    assert "4.01" not in text(client, world, "donor", f"{LIST}?text=s_s08")


def test_the_two_ends_are_hidden_where_single_answers_are(client, world):
    row = ItemResult.objects.get(item__name="s_s01", wave=world.waves[0])
    assert row.counts["1"] == 6
    page = text(client, world, "donor", S01)
    assert "hidden" in page
    assert "12.0 %" not in page


def test_several_options_show_respondents_and_mentions(client, world):
    item = _several(world)
    page = text(client, world, "officer", f"/p/demo/questions/parent/{item.name}/")
    assert "Share of mentions: of all ticks" in page
    assert re.search(r"chat 75\.0 % 50\.0 % 300", page)
    assert re.search(r"letter 75\.0 % 50\.0 % 300", page)
    assert "Mentions 600" in page
    assert "Answered (n) 400" in page


def _several(world):
    student = Item.objects.get(name="s_s01")
    scale = Scale.objects.create(project=world.project, code="channels")
    for code, label in enumerate(("chat", "letter")):
        ScaleOption.objects.create(
            scale=scale, name=label, code=code, label_en=label, position=code
        )
    parent = world.uploads["parent_W0"].version.instrument
    item = Item.objects.create(
        instrument=parent, name="p_channels", kind="multi", scale=scale, block=None
    )
    assert student.instrument_id != parent.pk
    ItemResult.objects.create(
        run=world.run,
        item=item,
        wave=world.waves[0],
        n_sheets=500,
        n=400,
        n_mentions=600,
        counts={"0": 300, "1": 300},
    )
    return item


def test_a_recommend_question_shows_its_three_groups(client, world):
    row = ItemResult.objects.get(item__name="s_s01", wave=world.waves[1])
    row.promoters, row.passives, row.detractors, row.score = 0.6, 0.15, 0.25, 35.04
    row.save()
    page = text(client, world, "officer", S01)
    assert "a recommendation score of 35.0 (n 920)" in page
    assert re.search(r"Promoters \(9–10\) – 60\.0 %", page)
    assert re.search(r"Detractors \(0–6\) – 25\.0 %", page)


def test_open_questions_and_numbers_have_a_page(client, world):
    instrument = Item.objects.get(name="s_s01").instrument
    for name, kind, more in (
        ("s_why", "text", {}),
        ("s_age", "number", {"counts": {"14": 20, "15-17": 30, "-3": 10}, "mean": 15.2}),
    ):
        item = Item.objects.create(instrument=instrument, name=name, kind=kind, label_en=name)
        ItemResult.objects.create(
            run=world.run, item=item, wave=world.waves[0], n_sheets=99, n=60, **more
        )
    why = text(client, world, "officer", "/p/demo/questions/student/s_why/")
    assert "Baseline: 60 people wrote something." in why
    assert "Answered (n) 60" in why
    age = text(client, world, "officer", "/p/demo/questions/student/s_age/")
    assert re.search(r"-3 17 % 10 14 33 % 20 15–17 50 % 30", age)
    assert "asked in one wave only" in age


def test_reworded_questions_show_both_wordings_and_no_comparison(client, world):
    item = Item.objects.get(name="s_s01")
    later = InstrumentVersion.objects.create(instrument=item.instrument, version="2027090101")
    ItemVersion.objects.create(
        item=item, version=later, name_in_version="s_s01", label_en="Asked in new words"
    )
    ItemVersion.objects.filter(item=item).exclude(version=later).update(label_en="Asked of old")
    use = WaveInstrument.objects.get(wave=world.waves[1], version__instrument=item.instrument)
    use.version = later
    use.save()
    page = text(client, world, "officer", S01)
    assert "Baseline Asked of old Endline Asked in new words" in page
    assert "the answers count as one series" in page
    measure = item.measures.get(code="item:s_s01")
    Change.objects.create(
        run=world.run,
        measure=measure,
        wave_from=world.waves[0],
        wave_to=world.waves[1],
        scope="project",
        verdict=Verdict.NOT_COMPARABLE,
        reason="NOT_COMPARABLE",
    )
    page = text(client, world, "officer", S01)
    assert "their answers are not compared" in page
    assert "The pattern of answers changed" not in page


def test_the_change_of_the_mean_stands_with_its_range(client, world):
    change = Change.objects.create(
        run=world.run,
        measure=Item.objects.get(name="s_s01").measures.get(code="item:s_s01"),
        wave_from=world.waves[0],
        wave_to=world.waves[1],
        scope="project",
        verdict=Verdict.NO_CLEAR_CHANGE,
        n_baseline=900,
        n_endline=900,
        n_schools=22,
        difference=0.1,
    )
    assert "in the schools of both waves (22): +0.10." in text(client, world, "donor", S01)
    Change.objects.filter(pk=change.pk).update(ci_low=-0.02, ci_high=0.22)
    assert "+0.10, 95 % range −0.02 to +0.22." in text(client, world, "donor", S01)
    Change.objects.filter(pk=change.pk).update(n_baseline=4)
    assert "in the schools of both waves" not in text(client, world, "donor", S01)


def test_a_question_that_carries_on_another_opens_the_earlier_one(client, world):
    item = Item.objects.get(name="s_s01")
    Item.objects.create(
        instrument=item.instrument, name="s_s01b", kind="scale", scale=item.scale, continues=item
    )
    assert "s_s01" in text(client, world, "donor", "/p/demo/questions/student/s_s01b/")
    assert "s_s01b" not in text(client, world, "donor", LIST)


@pytest.mark.parametrize("path", ["student/nothing/", "nobody/s_s01/"])
def test_an_unknown_question_does_not_exist(client, world, path):
    client.force_login(member(world, "officer"))
    assert client.get(LIST + path).status_code == 404


def test_an_unanswered_question_says_what_comes_next(client, world):
    page = text(client, world, "donor", "/p/demo/questions/director/d_d04/")
    assert "Nobody has answered this question yet." in page


def test_donors_see_questions_of_the_published_run_only(client, world):
    Release.objects.all().delete()
    assert "4.01" not in text(client, world, "donor", LIST)
    assert "4.01" in text(client, world, "officer", LIST)


def test_an_index_shows_both_scales_and_what_its_questions_add(client, world):
    page = text(client, world, "donor", "/p/demo/indicators/S01/")
    assert "On its own scale, 1–5" in page
    assert "4.04 3.91 to 4.18" in page
    assert "4.01 4.11 +0.10 +0.099 100.0 % 100.0 % 900 / 917" in page
    assert "0.001 in all comes from people who left out other questions" in page


def test_parts_of_an_index_are_hidden_together(client, world):
    IndexComponent.objects.filter(wave=world.waves[1]).update(n_baseline=4)
    page = text(client, world, "donor", "/p/demo/indicators/S01/")
    assert "+0.099" not in page
    assert "100.0 %" not in page


def test_before_a_second_wave_the_parts_of_one_wave_are_shown(client, world):
    IndexComponent.objects.filter(wave=world.waves[1]).delete()
    page = text(client, world, "donor", "/p/demo/indicators/S01/")
    assert "Part of the index" in page
    assert "4.01 100.0 % 920" in page


def test_indices_stand_side_by_side_and_by_questionnaire(client, world):
    page = text(client, world, "donor", "/p/demo/questions/indices/")
    assert "Indices at a glance" in page
    assert "4.04 3.91 to 4.18" in page
    assert "Strengths and weaknesses" not in page  # too few questions to have two ends


def test_strengths_and_weaknesses_are_questions_of_one_questionnaire(client, world):
    first = Item.objects.get(name="s_s01")
    for number in range(10):
        item = Item.objects.create(
            instrument=first.instrument,
            name=f"s_q{number}",
            kind="scale",
            scale=first.scale,
            label_en=f"Statement {number}",
        )
        item.measures.create(project=world.project, code=f"item:s_q{number}", kind="mean")
        for wave in world.waves:
            ItemResult.objects.create(
                run=world.run,
                item=item,
                wave=wave,
                n_sheets=300,
                n=300,
                n_scored=300,
                mean=2 + number / 5,
                common=2 + number / 5,
            )
    page = text(client, world, "donor", "/p/demo/questions/indices/")
    strong = page[page.index("Strong:") : page.index("Weak:")]
    weak = page[page.index("Weak:") :]
    assert "Statement 9 3.80 3.80 300 / 300" in strong
    assert strong.index("s_s01") < strong.index("Statement 9") < strong.index("Statement 8")
    assert weak.index("Statement 0 2.00 2.00") < weak.index("Statement 1 ")
    assert "Moved:" in page  # s_s01: the stored test says so
    assert not Indicator.objects.filter(code="IS-01").exists()
    assert "IS-0" not in page


@pytest.mark.parametrize("language", ["ky", "ru"], indirect=True)
def test_the_pages_speak_the_readers_language(client, world, language):
    client.cookies["django_language"] = language
    client.force_login(member(world, "donor"))
    label = {"ky": "Суроо s_s01", "ru": "Вопрос s_s01"}[language]
    for path in (LIST, S01):
        page = client.get(path).content.decode()
        assert label in page
        assert "Answered" not in page
        assert "Filter the questions" not in page


def test_the_name_a_director_writes_is_no_question(client, world):
    item = Item.objects.get(name="d_d04")
    block = item.instrument.blocks.create(code="background")
    Item.objects.create(instrument=item.instrument, name="d_name", kind="text", block=block)
    assert "d_name" not in text(client, world, "officer", LIST)
    assert client.get("/p/demo/questions/director/d_name/").status_code == 404
