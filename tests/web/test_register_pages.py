"""The register: a tree by level and block, a reference sheet for each, and the workbook."""

import html
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from indicators.models import (
    Assessment,
    CompositeIndex,
    Estimate,
    IndexItem,
    Indicator,
    Item,
    Measure,
    Note,
    Run,
    Scale,
    ScaleOption,
    Target,
)
from indicators.vocabulary import MeasureKind, Scope
from tests.web.factories import build_world, member

pytestmark = pytest.mark.django_db

PAGE = "/p/demo/register/"


def text_of(client, path=PAGE, language="en"):
    response = client.get(path, headers={"accept-language": language})
    assert response.status_code == 200, path
    return html.unescape(response.content.decode())


def codes(text):
    return re.findall(r'/register/(\w+)/"', text)


def words(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def term(text, name):
    """The description beside a term of the sheet."""
    found = re.search(rf"<dt>{re.escape(name)}</dt><dd[^>]*>(.*?)</dd>", text, re.DOTALL)
    assert found, name
    return words(found.group(1))


class TestTree:
    def test_levels_in_order_and_blocks_inside(self, visit_as):
        Indicator.objects.filter(code__in=("S08", "T03")).update(level="impact")
        Indicator.objects.filter(code="C03").update(level="output")
        text = text_of(visit_as("donor"))
        heads = re.findall(r'<h2 id="level-(\w+)">', text)
        assert heads == [one for one in ("impact", "outcome", "output") if one in heads]
        assert heads[0] == "impact"
        assert heads[-1] == "output"
        impact = text[text.index("level-impact") : text.index("level-outcome")]
        assert re.findall(r'<h3 id="block-impact-(\w+)">', impact) == [
            "students",
            "teachers",
        ]
        assert "T03" in codes(impact)
        assert sorted(codes(text)) == sorted(Indicator.objects.values_list("code", flat=True))

    def test_a_row_says_everything_of_its_indicator(self, visit_as):
        Indicator.objects.filter(code="S08").update(is_headline=True)
        text = text_of(visit_as("donor"))
        row = re.search(r"<tr>(?:(?!<tr>).)*>S08<.*?</tr>", text, re.DOTALL)
        assert row
        said = words(row.group(0))
        for part in ("Feeling safe", "headline", "% of answers", "higher is better", "students"):
            assert part in said
        assert "60.0" in said
        assert "65.2" in said
        assert "at least" in said

    @pytest.mark.parametrize(
        ("query", "wanted"),
        [
            ("source=teacher", {"T03", "G01"}),
            ("text=safe", {"S08"}),
            ("text=s0", {"S01", "S08"}),
            ("level=nonsense&source=cluster", {"C03"}),
        ],
    )
    def test_filters(self, visit_as, query, wanted):
        assert set(codes(text_of(visit_as("donor"), f"{PAGE}?{query}"))) == wanted

    def test_headline_and_level_together(self, visit_as):
        Indicator.objects.update(is_headline=False, level="outcome")
        Indicator.objects.filter(code__in=("S01", "T03")).update(is_headline=True)
        Indicator.objects.filter(code="T03").update(level="output")
        client = visit_as("officer")
        assert codes(text_of(client, f"{PAGE}?headline=yes&level=output")) == ["T03"]
        assert "S01" not in codes(text_of(client, f"{PAGE}?headline=no"))

    def test_a_filter_is_a_chip_that_can_be_taken_off(self, visit_as):
        text = text_of(visit_as("donor"), f"{PAGE}?source=teacher&text=gap")
        assert f'href="{PAGE}?source=teacher"' in text
        assert f'href="{PAGE}?text=gap"' in text

    def test_nothing_found_says_how_to_go_on(self, visit_as):
        text = text_of(visit_as("donor"), f"{PAGE}?text=nothing-like-this")
        assert "No indicator fits these filters" in text

    def test_an_empty_register_says_what_to_do(self, client):
        world = build_world()
        Assessment.objects.all().delete()
        Indicator.objects.all().delete()
        client.force_login(member(world, "officer"))
        text = text_of(client)
        assert "no indicators yet" in text
        assert "/setup/workbooks/" in text
        client.force_login(member(world, "donor"))
        assert "/setup/workbooks/" not in text_of(client)

    def test_before_the_first_results_definitions_stand_alone(self, client):
        world = build_world(is_published=False)
        client.force_login(member(world, "donor"))
        text = text_of(client)
        assert "S08" in codes(text)
        assert "no results to show" in text
        assert "65.2" not in text
        client.force_login(member(world, "officer"))
        assert "65.2" in text_of(client)

    def test_small_groups_stay_hidden(self, client, demo):
        rows = Estimate.objects.filter(
            measure=demo.indicators["S01"].measure, wave=demo.waves[1], scope=Scope.PROJECT
        )
        rows.update(n=9, value=4.7771)
        client.force_login(member(demo, "donor"))
        assert "4.78" not in text_of(client)
        client.force_login(member(demo, "officer"))
        assert "4.78" in text_of(client)


class TestSheet:
    def test_names_and_definitions_in_three_languages(self, visit_as):
        Indicator.objects.filter(code="S01").update(
            name_ky="Климат", name_ru="Климат школы", definition_ky="Орточо", definition_en="Mean"
        )
        text = text_of(visit_as("donor"), f"{PAGE}S01/")
        assert 'lang="ky"><strong>Климат</strong><br>Орточо' in text
        assert 'lang="ru"><strong>Климат школы</strong></dd>' in text
        assert "Mean" in text

    def test_an_index_tells_its_rules_and_questions(self, visit_as, demo):
        index = CompositeIndex.objects.get(measures__indicators__code="S01")
        CompositeIndex.objects.filter(pk=index.pk).update(
            min_answered_share=0.75, rescaled_min=0, rescaled_max=10, note="Ours."
        )
        first = index.index_items.order_by("position")[0]
        IndexItem.objects.filter(pk=first.pk).update(is_reversed=True)
        text = text_of(visit_as("donor"), f"{PAGE}S01/")
        assert "75 %" in term(text, "Formula in words")
        assert "0 to 10" in term(text, "Scale")
        assert term(text, "Remark on the index") == "Ours."
        assert f"Question {first.item.name}" in text
        assert text.count("turned round before scoring") == 1

    def test_a_percent_positive_index_marks_its_codes(self, visit_as):
        index = CompositeIndex.objects.get(measures__indicators__code="S01")
        item = index.index_items.order_by("position")[0].item
        codes = list(item.scale.options.values_list("code", flat=True))
        CompositeIndex.objects.filter(pk=index.pk).update(
            statistic="percent_positive", positive_codes=codes[:1], scale_min=0, scale_max=100
        )
        text = text_of(visit_as("donor"), f"{PAGE}S01/")
        assert "percentage of the answered questions" in term(text, "Formula in words")
        assert text.count(">counts<") >= 1

    def test_a_share_marks_the_answers_that_count(self, visit_as, demo):
        measure = demo.indicators["S08"].measure
        text = text_of(visit_as("donor"), f"{PAGE}S08/")
        options = ScaleOption.objects.filter(scale=measure.item.scale)
        wanted = options.filter(code__in=measure.codes).count()
        assert text.count(">counts<") == wanted
        assert "don't know" in term(text, "Base")

    def test_an_option_of_several_is_the_one_that_counts(self, visit_as, demo):
        item = Item.objects.get(pk=demo.indicators["S08"].measure.item_id)
        scale = Scale.objects.create(project=demo.project, code="ways")
        for code, name in enumerate(("mentoring", "courses")):
            ScaleOption.objects.create(scale=scale, name=name, code=code, label_en=name.title())
        Item.objects.filter(pk=item.pk).update(kind="multi", scale=scale)
        measure = Measure.objects.create(
            project=demo.project,
            code="option:ways:courses",
            kind=MeasureKind.OPTION_SHARE,
            item=item,
            option="courses",
        )
        Indicator.objects.filter(code="S08").update(measure=measure)
        text = text_of(visit_as("donor"), f"{PAGE}S08/")
        assert re.search(r"Courses <span class=\"tag\">counts", text)
        assert "Mentoring</li>" in text

    @pytest.mark.parametrize("kind", list(MeasureKind))
    def test_every_kind_has_a_formula_and_a_base(self, visit_as, demo, kind):
        if kind is not MeasureKind.INDEX_MEAN:
            Measure.objects.filter(indicators__code="X01").update(kind=kind)
            text = text_of(visit_as("donor"), f"{PAGE}X01/")
            assert term(text, "Formula in words")
            assert term(text, "Base")
            assert term(text, "Smallest change that matters")

    def test_the_smallest_change_is_the_indicators_own_or_the_rule(self, visit_as):
        client = visit_as("donor")
        name = "Smallest change that matters"
        assert "percentage points" in term(text_of(client, f"{PAGE}S08/"), name)
        Indicator.objects.filter(code="S08").update(margin=0.03)
        assert term(text_of(client, f"{PAGE}S08/"), name).startswith("3.0")

    def test_limits_flags_and_notes(self, visit_as, demo):
        Note.objects.create(
            upload=demo.uploads["student_W0"],
            wave=demo.waves[0],
            indicator=demo.indicators["T03"],
            code="N1",
            quote="We ask more of ourselves.",
            speaker="teacher",
            is_publishable=True,
        )
        text = text_of(visit_as("donor"), f"{PAGE}T03/")
        assert "possible response shift" in text
        assert "We ask more of ourselves." in text
        assert "Descriptive only" in text_of(visit_as("officer"), f"{PAGE}P01/")

    def test_files_of_the_run_stand_with_their_bases(self, visit_as, demo):
        row = {
            "file": "students.xlsx",
            "file_sha256": "0",
            "sha256": "0",
            "wave": "W0",
            "instrument": "student",
            "version": "1",
            "n": 1000,
            "excluded": [1, 2],
        }
        Run.objects.filter(pk=demo.run.pk).update(inputs={"datasets": [row]})
        text = words(text_of(visit_as("donor"), f"{PAGE}S08/"))
        assert "students.xlsx" in text
        assert "998 answer sheets" in text

    def test_readers_of_published_results_see_the_target_judged_there(self, visit_as, demo):
        target = Target.objects.get(indicator__code="S08", school=None)
        Target.objects.filter(pk=target.pk).update(low=0.9, rationale="Raised since.")
        Assessment.objects.filter(target__indicator__code="S01").delete()
        Target.objects.filter(indicator__code="S01", school=None).update(low=4.9)
        text = text_of(visit_as("donor"), f"{PAGE}S08/")
        assert "90.0" not in text
        assert "Raised since." not in text
        assert "4.90" not in text_of(visit_as("donor"), f"{PAGE}S01/")
        client = visit_as("officer")
        assert "90.0" in text_of(client, f"{PAGE}S08/")
        assert "not calculated since it was set" in text_of(client, f"{PAGE}S08/")
        assert "4.90" in text_of(client, f"{PAGE}S01/")

    def test_results_and_sheet_lead_to_each_other(self, visit_as):
        client = visit_as("donor")
        assert "/p/demo/indicators/S01/" in text_of(client, f"{PAGE}S01/")
        assert "/p/demo/register/S01/" in text_of(client, "/p/demo/indicators/S01/")

    def test_an_unknown_indicator_does_not_exist(self, visit_as):
        assert visit_as("donor").get(f"{PAGE}NONE/").status_code == 404

    @pytest.mark.parametrize("language", ["ky", "ru"])
    def test_it_speaks_the_readers_language(self, client, demo, language):
        client.force_login(member(demo, "donor"))
        for path in (PAGE, f"{PAGE}S01/"):
            text = words(text_of(client, path, language))
            assert not re.search(r"\b(Formula|Source|Level|headline|Targets|Status)\b", text)


def test_the_workbook_is_a_framework_with_a_readme(visit_as):
    response = visit_as("officer").get(f"{PAGE}register.xlsx", headers={"accept-language": "en"})
    assert response["Content-Disposition"] == 'attachment; filename="framework-demo.xlsx"'
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == [
        "waves",
        "scales",
        "indices",
        "indicators",
        "targets",
        "item_versions",
        "readme",
    ]
    assert book["indicators"].max_row == 1 + Indicator.objects.count()
    assert "change it and load it again" in book["readme"]["A1"].value


def test_queries_do_not_grow_with_the_indicators(client):
    world = build_world()
    client.force_login(member(world, "officer"))
    counted = []
    for _ in range(2):
        client.get(PAGE)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(PAGE).status_code == 200
        counted.append(len(caught))
        for number in range(30 * len(counted), 30 * len(counted) + 30):
            Indicator.objects.create(
                project=world.project,
                measure=world.indicators["S01"].measure,
                code=f"Z{number}",
                level="output",
                respondent="student",
                direction="increase",
                baseline_policy="measured",
            )
    assert counted[0] == counted[1] <= 12
