"""What stands on the reading pages: empty states, banners, filters, hidden numbers, sound HTML."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.utils import timezone

from indicators.models import Estimate, Membership, Release, Run, School, Target
from indicators.vocabulary import Scope
from tests.web.factories import build_world, member, publish

pytestmark = pytest.mark.django_db

PAGES = (
    "/p/demo/",
    "/p/demo/indicators/S01/",
    "/p/demo/indicators/S08/",
    "/p/demo/indicators/P01/",
    "/p/demo/indicators/D04/",
    "/p/demo/indicators/G01/",
    "/p/demo/indicators/C03/",
    "/p/demo/indicators/X01/",
    "/p/demo/indicators/M01/",
    "/p/demo/schools/",
    "/p/demo/schools/IS-01/",
    "/p/demo/schools/IS-02/",
    "/p/demo/schools/IS-04/",
    "/p/demo/legend/",
    "/p/demo/method/",
)


def text_of(client, path):
    """The page in English unless the client has chosen a language."""
    if "django_language" not in client.cookies:
        client.cookies["django_language"] = "en"
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


class Outline(HTMLParser):
    """Headings, ids, images without words, tables without captions."""

    def __init__(self):
        super().__init__()
        self.levels, self.ids, self.problems = [], [], []
        self.in_table = False

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "svg" and not (found.get("aria-label") or found.get("aria-hidden")):
            self.problems.append("a drawing without words")
        if tag == "th" and "scope" not in found:
            self.problems.append("a heading cell without scope")
        if tag == "table":
            self.in_table = True
        if tag == "caption":
            self.in_table = False
        if tag == "tbody" and self.in_table:
            self.problems.append("a table without caption")
        if tag == "html" and not found.get("lang"):
            self.problems.append("no language")
        if "style" in found or any(name.startswith("on") for name in found):
            self.problems.append(f"inline style or script in <{tag}>")


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_every_page_is_sound(visit_as, language):
    client = visit_as("officer")
    client.cookies["django_language"] = language
    for page in PAGES:
        check_soundness(text_of(client, page), language)


def check_soundness(text, language):
    outline = Outline()
    outline.feed(text)
    assert not outline.problems
    assert outline.levels[0] == 1
    assert outline.levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(outline.levels))
    assert len(outline.ids) == len(set(outline.ids))
    assert f'<html lang="{language}"' in text
    words = re.sub(r"<[^>]*>", " ", text)
    assert not re.search(r"\bNone\b|\bnan\b|\{\{|\{%|%\(", words)


def test_the_front_door_leads_to_the_only_project(visit_as):
    assert visit_as("donor").get("/")["Location"] == "/p/demo/"


def test_the_front_door_lists_several_projects(client, demo):
    user = member(demo, "donor")
    second = build_world(1, code="second", is_published=False)
    Membership.objects.create(user=user, project=second.project, role="officer")
    client.force_login(user)
    text = text_of(client, "/")
    assert "/p/demo/" in text
    assert "/p/second/" in text


def test_somebody_without_a_project_is_told_whom_to_ask(client, django_user_model):
    client.force_login(django_user_model.objects.create(username="lonely"))
    assert "invitation" in text_of(client, "/")


@pytest.mark.parametrize("page", ["/p/demo/", "/p/demo/indicators/S01/", "/p/demo/schools/IS-01/"])
def test_without_a_release_donors_find_an_empty_page_and_officers_the_results(client, page):
    world = build_world(is_published=False)
    client.force_login(member(world, "donor"))
    text = text_of(client, page)
    assert "No results have been published yet" in text
    assert "4.18" not in text
    client.force_login(member(world, "officer"))
    text = text_of(client, page)
    assert "Not published" in text
    assert "4.02" in text


def test_without_a_calculation_the_officer_is_told_what_to_do(client, demo):
    Release.objects.all().delete()
    Run.objects.all().delete()
    client.force_login(member(demo, "officer"))
    assert "run the calculation" in text_of(client, "/p/demo/")


def test_a_withdrawn_release_is_gone_and_an_older_one_speaks(client, demo):
    newer = Run.objects.create(project=demo.project, state="done")
    release = publish(newer)
    client.force_login(member(demo, "donor"))
    assert f"no. {newer.pk}," in text_of(client, "/p/demo/")
    release.withdrawn_at = timezone.now().replace(year=2028)
    release.save()
    assert f"no. {demo.run.pk}," in text_of(client, "/p/demo/")


def test_an_unfinished_calculation_is_not_shown(client, demo):
    Run.objects.create(project=demo.project, state="running")
    client.force_login(member(demo, "officer"))
    assert f"no. {demo.run.pk}," in text_of(client, "/p/demo/")


@pytest.mark.parametrize(
    ("query", "shown", "left_out"),
    [
        ("respondent=teachers", "T03", "S01"),
        ("status=not_met", "S08", "D04"),
        ("text=climate", "S01", "S08"),
        ("text=m01", "M01", "S08"),
        ("level=impact", "", "D04"),
        ("level=nonsense&respondent=x&look=x&verdict=x", "S01", ""),
        ("instrument=teacher", "G01", "S01"),
        ("instrument=student", "G01", "T03"),
        ("verdict=DECREASED_SMALL", "T03", "S01"),
        ("look=moved", "S01", "S08"),
        ("look=met", "C03", "S08"),
        ("look=unknown", "S08", "S01"),
        ("look=missing", "", "S01"),
    ],
)
def test_filters_work_without_javascript(visit_as, query, shown, left_out):
    text = text_of(visit_as("donor"), f"/p/demo/?{query}")
    table = text[text.index('id="all"') : text.index('id="unknown"')]
    rows = re.findall(r'/indicators/(\w+)/"', table)
    assert shown in rows or not shown
    assert left_out not in rows


def test_text_from_the_address_is_escaped(visit_as):
    text = text_of(visit_as("donor"), "/p/demo/?text=<script>alert(1)</script>")
    assert "<script>alert" not in text
    assert "No indicator fits" in text


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999999999999999", "²"])
def test_an_odd_page_number_is_no_error(visit_as, page):
    assert visit_as("donor").get(f"/p/demo/schools/?page={page}").status_code == 200


# --- what nobody may see ------------------------------------------------------------------


def mark_small_groups(world, limit):
    """Every figure that rests on fewer than `limit` people gets a value found nowhere else."""
    secrets = set()
    rows = Estimate.objects.filter(n__lt=limit, n__gt=0, measure__code__regex="^(index|share|item)")
    for place, row in enumerate(rows):
        row.value = row.ci_low = row.ci_high = 0.7131 + place * 7
        row.save()
        secrets |= {f"{row.value:.2f}", f"{row.value * 100:.1f}"}
    return secrets


@pytest.mark.parametrize(("role", "limit"), [("donor", 10), ("administrator", 10)])
def test_numbers_of_fewer_than_ten_people_never_reach_the_public(visit_as, demo, role, limit):
    secrets = mark_small_groups(demo, limit)
    assert len(secrets) > 4
    client = visit_as(role)
    for page in PAGES:
        words = re.sub(r"\s", " ", text_of(client, page))
        assert not [secret for secret in secrets if secret in words], page


def test_officers_see_small_groups(visit_as, demo):
    secrets = mark_small_groups(demo, 10)
    text = text_of(visit_as("officer"), "/p/demo/schools/IS-03/")
    assert any(secret in text for secret in secrets)


def test_the_size_of_a_small_group_is_told_only_as_below_ten(visit_as):
    text = text_of(visit_as("donor"), "/p/demo/schools/IS-02/")
    assert "40 / &lt;\u202f10" in text
    assert "40 / 9" not in text


def test_cells_of_a_distribution_are_hidden_with_their_neighbour(visit_as):
    text = text_of(visit_as("donor"), "/p/demo/indicators/S01/")
    answers = text[text.index('id="answers"') : text.index('id="quality"')]
    assert answers.count(">hidden<") == 4  # two cells in each of two waves
    assert "1\u202f%" not in answers


def test_a_single_hidden_group_takes_the_next_smallest_along(visit_as):
    """Boys, girls and a group of six: the six would follow from the total and the other two."""
    text = text_of(visit_as("donor"), "/p/demo/indicators/S01/")
    groups = text[text.index('id="groups"') : text.index('id="schools"')]
    assert "480" in groups
    assert "440" not in groups
    text = text_of(visit_as("officer"), "/p/demo/indicators/S01/")
    assert "440" in text


def test_a_directors_remark_stays_between_school_and_project(visit_as, demo):
    for role in ("donor", "administrator"):
        assert "SECRET-REMARK" not in text_of(visit_as(role), "/p/demo/schools/IS-01/")
    assert "SECRET-REMARK-IS-01" in text_of(visit_as("officer"), "/p/demo/schools/IS-01/")
    own = visit_as("director", demo.school(1))
    assert "SECRET-REMARK-IS-01" in text_of(own, "/p/demo/schools/IS-01/")


def test_a_director_sees_the_own_school_only(visit_as, demo):
    client = visit_as("director", demo.school(2))
    assert "IS-01" not in text_of(client, "/p/demo/indicators/S01/").replace("IS-01/W", "")
    assert client.get("/p/demo/schools/IS-01/").status_code == 404


def test_a_director_may_open_the_school_the_own_one_continues(visit_as, demo):
    new = School.objects.create(project=demo.project, code="IS-24", continues=demo.school(4))
    client = visit_as("director", new)
    assert "IS-24" in text_of(client, "/p/demo/schools/IS-04/")
    assert client.get("/p/demo/schools/IS-03/").status_code == 404


# --- what a page must say ------------------------------------------------------------------


def test_an_indicator_explains_its_number(visit_as, demo):
    demo.run.inputs = {
        "datasets": [
            {
                "sha256": "cd" * 32,
                "file": "student_W0.xlsx",
                "file_sha256": "ef" * 32,
                "wave": "W0",
                "instrument": "student",
                "version": "2025100101",
                "n": 972,
                "excluded": [3],
            }
        ]
    }
    demo.run.save()
    text = text_of(visit_as("donor"), "/p/demo/indicators/S01/")
    assert "<dt>Standard deviation of the answers</dt>" in text
    assert "0.90 / 0.90" in text
    for part in ("ef" * 32, "student_W0.xlsx", "2025100101", demo.run.input_sha256, "0.1.0"):
        assert part in text
    assert "972" not in text_of(visit_as("donor"), "/p/demo/indicators/T03/")


def test_the_legend_prints_the_thresholds_of_this_project(visit_as, demo):
    type(demo.project).objects.update(on_track_share=0.73, target_confidence=0.96)
    text = text_of(visit_as("donor"), "/p/demo/legend/").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "Targets are judged by 96 % ranges" in text
    assert "at least 73 % of the share of time gone and its 96 % range" in text


@pytest.mark.parametrize("code", ["S08", "G01", "C03"])
def test_only_means_of_answers_have_a_standard_deviation(visit_as, code):
    text = text_of(visit_as("donor"), f"/p/demo/indicators/{code}/")
    assert "Standard deviation of the answers" not in text


def test_the_overview_says_what_is_missing(visit_as):
    text = text_of(visit_as("donor"), "/p/demo/")
    assert "IS-04 School 004 did not take part. Closed." in text


def test_schools_stand_in_the_order_of_their_codes(visit_as, demo):
    Estimate.objects.filter(scope=Scope.SCHOOL, school=demo.school(3)).update(value=4.99)
    for page in ("/p/demo/schools/", "/p/demo/indicators/S01/"):
        codes = re.findall(r"/schools/(IS-\d+)/", text_of(visit_as("donor"), page))
        assert codes == sorted(codes)


def test_one_wave_alone_is_shown_as_such(client):
    world = build_world()
    Estimate.objects.filter(wave=world.waves[1]).delete()
    client.force_login(member(world, "donor"))
    assert "There is no second wave yet" in text_of(client, "/p/demo/")
    assert "A change needs two waves" in text_of(client, "/p/demo/indicators/S01/")


def test_health_tells_the_version_and_nothing_else(client):
    assert client.get("/health/").json().keys() == {"database", "version"}


def test_the_errors_have_pages_of_their_own(client, demo):
    client.force_login(member(demo, "donor"))
    client.raise_request_exception = False
    for path, status in (("/no-such-page/", 404), ("/p/demo/runs/", 403)):
        response = client.get(path)
        assert response.status_code == status
        assert b"site.css" in response.content


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/"]
)
@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_sign_in_pages_are_ours(client, path, language):
    client.cookies["django_language"] = language
    text = text_of(client, path)
    assert "site.css" in text
    assert 'name="language"' in text


def test_signed_in_account_pages_are_ours(visit_as):
    client = visit_as("donor")
    for path in ("/accounts/logout/", "/accounts/password/change/"):
        response = client.get(path, follow=True)
        assert b"site.css" in response.content


def test_a_target_changed_since_shows_no_reason_that_was_not_published(demo, visit_as):
    target = Target.objects.get(indicator__code="S08", school=None)
    Target.objects.filter(pk=target.pk).update(rationale="As agreed in spring.")
    client = visit_as("donor")
    assert "As agreed in spring." in text_of(client, "/p/demo/indicators/S08/")
    Target.objects.filter(pk=target.pk).update(low=0.8, rationale="Raised in autumn.")
    text = text_of(client, "/p/demo/indicators/S08/")
    assert "in spring" not in text
    assert "Raised in autumn." not in text
