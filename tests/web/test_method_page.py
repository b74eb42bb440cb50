"""The method page, and the way there from every refusal."""

import re

import pytest
from django.template.loader import render_to_string

from indicators.presenters.method.register import METHODS
from indicators.vocabulary import Reason

pytestmark = pytest.mark.django_db

METHOD = "/p/demo/method/"


def text_of(client, path, language="en"):
    client.cookies["django_language"] = language
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_every_link_inside_the_page_has_its_place(visit_as, language):
    text = text_of(visit_as("donor"), METHOD, language)
    wanted = set(re.findall(r'href="#([\w-]+)"', text)) - {"main"}
    ids = set(re.findall(r'id="([\w-]+)"', text))
    assert wanted <= ids
    assert {entry.stem for entry in METHODS} <= ids
    assert {f"reason-{reason.lower().replace('_', '-')}" for reason in Reason} <= ids


def test_formulas_are_drawn_without_scripts_or_other_servers(visit_as):
    text = text_of(visit_as("donor"), METHOD)
    assert text.count('<math display="block"') == sum(len(entry.formulas) for entry in METHODS)
    assert "&lt;math" not in text
    assert re.findall(r"<script[^>]*?([\w.]+)[\"']? defer>", text) == ["fold.js"]
    assert text.count("<script") == 1
    assert not re.search(r'(?:src|href)="https?:', text)


def test_words_come_before_formulas(visit_as):
    text = text_of(visit_as("donor"), METHOD)
    first = text.index("<math")
    assert text.index("What is never done") < first
    assert text.index("Which question, which method") < first
    assert text.index("at least 10 people") < first


@pytest.mark.parametrize(
    ("code", "reason", "sentence"),
    [
        ("P01", "self-selected", "People chose themselves whether to answer"),
        ("D04", "census", "Every school was asked"),
        ("C03", "zero-baseline", "The baseline is zero by definition"),
        ("M01", "not-a-sample", "Counted, not sampled"),
    ],
)
def test_a_refusal_says_why_and_leads_to_its_explanation(visit_as, code, reason, sentence):
    text = text_of(visit_as("donor"), f"/p/demo/indicators/{code}/")
    link = f'href="{METHOD}#reason-{reason}"'
    told = text.partition('id="reasons"')[2].partition("</section>")[0]
    assert link in told
    assert sentence in told
    assert f'class="verdict tone-quiet" title="{sentence}' in text
    assert link in text.partition('class="badges"')[2].partition("</p>")[0]


def test_a_school_page_explains_its_refusals_too(visit_as):
    text = text_of(visit_as("donor"), "/p/demo/schools/IS-04/")
    told = text.partition('id="reasons"')[2].partition("</section>")[0]
    assert f'href="{METHOD}#reason-not-in-both-waves"' in told
    assert "There are answers from one wave only." in told


def test_a_page_without_refusals_has_no_list_of_them():
    assert render_to_string("_components/reasons.html", {"reasons": ()}).strip() == ""


def test_the_legend_the_menu_and_the_judgement_lead_to_the_method(visit_as):
    client = visit_as("donor")
    assert text_of(client, "/p/demo/legend/").count(f'href="{METHOD}"') == 2
    page = text_of(client, "/p/demo/indicators/S01/")
    assert f'href="{METHOD}#change"' in page.partition("<details>")[2].partition("</details>")[0]
