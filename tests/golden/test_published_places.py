"""docs/published_figures: every figure of the report has a place, and the page shows it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from indicators.models import Membership, Project, Run, Upload, User
from indicators.vocabulary import RoleName
from tests.golden.published import Baseline, Recipe, half_up, recipes
from tests.pipeline.import_cases import TRUTH
from tools import published
from tools.published import Place

FIGURES = published.figures()
OPEN = [(figure, place) for figure, place in published.lasting()]
PUBLISHED = json.loads((TRUTH / "expected.json").read_text(encoding="utf-8"))["baseline"][
    "published"
]
SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}]+")
Pages = Callable[[str], str]


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return Baseline()


@pytest.fixture(scope="module")
def visited() -> dict[str, str]:
    """Pages by address: nothing changes while this module runs."""
    return {}


@pytest.fixture
def page(demo_project: Project, demo_run: Run, client: Client, visited: dict[str, str]) -> Pages:
    """The officer's page at an address."""
    officer = User.objects.create_user("olga")
    Membership.objects.create(user=officer, project=demo_project, role=RoleName.OFFICER)
    client.force_login(officer)
    client.cookies["django_language"] = "en"

    def visit(address: str) -> str:
        if address not in visited:
            response = client.get(address)
            assert response.status_code == 200, address
            visited[address] = response.content.decode()
        return visited[address]

    return visit


def addresses(place: Place, project: Project) -> list[str]:
    if place.page == "upload-detail":
        files = Upload.objects.filter(project=project, file_name__in=place.of)
        return [reverse(place.page, args=[project.code, file.pk]) for file in files]
    if not place.of:
        return [reverse(place.page, args=[project.code])]
    return [reverse(place.page, args=[project.code, *one.split("/")]) for one in place.of]


def text_of(block: str) -> str:
    """What a reader sees, with plain blanks."""
    words = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", block, flags=re.DOTALL)
    return SPACES.sub(" ", html.unescape(words))


def block_of(page: str, name: str) -> str:
    """The section whose heading has this id."""
    start = page.index(f'id="{name}"')
    return page[start : page.index("</section>", start)]


def test_every_published_figure_has_an_entry() -> None:
    codes = {figure.code for figure in FIGURES}
    assert {entry["figure"] for entry in PUBLISHED} <= codes
    assert len(codes) == len(FIGURES) == 53
    assert all(figure.places and figure.base for figure in FIGURES)


def test_the_document_is_what_the_tool_makes_of_the_entries() -> None:
    assert published.check() == 0


def test_pages_and_blocks_exist(page: Pages, demo_project: Project) -> None:
    for figure, place in OPEN:
        found = addresses(place, demo_project)
        assert len(found) == max(1, len(place.of)), (figure.code, place)
        for address in found:
            text = page(address)
            for block in place.blocks:
                assert text_of(block_of(text, block)).strip(), (figure.code, address, block)


# --- the numbers --------------------------------------------------------------------------

# Sums of two shares of the page, and a range of the schools' numbers.
WITH_UNSCORED = {("b_teacher_leadership_contributes", "mean")}  # "don't know" counted as 1
OF_SEVERAL = {"low_1_2", "per_school_min", "per_school_max"}


def written(recipe: Recipe, value: float) -> set[str]:
    """How the product may write a number of the report."""
    if recipe["what"] in ("share", "option_share"):
        return {f" {half_up(value, 1):.1f} %", f" {half_up(value, 0):.0f} %"}
    if recipe["what"] in ("mean", "mean_1_5", "sd", "mean_scored", "gap"):
        return {f" {half_up(value, 2):.2f} "}
    if recipe["what"] == "nps":
        return {f" {half_up(value, 1):.1f} "}
    return {f" {half_up(value, 0):,.0f} ".replace(",", " ")}


def test_the_numbers_stand_on_the_pages(
    page: Pages, demo_project: Project, baseline: Baseline
) -> None:
    """On the base of the product."""
    texts: dict[str, str] = {}
    for figure, place in OPEN:
        for address in addresses(place, demo_project):
            whole = page(address)
            for shown in [block_of(whole, block) for block in place.blocks] or [whole]:
                texts[figure.code] = texts.get(figure.code, " ") + text_of(shown)
    wanted = [
        (figure, key, written(recipe, baseline.value(recipe)[0]))
        for (figure, key, _), recipe in recipes().items()
        if recipe["base"] in ("answers", "")
        and key not in OF_SEVERAL
        and (figure, key) not in WITH_UNSCORED
    ]
    assert len(wanted) > 50
    assert not [one for one in wanted if not any(text in texts[one[0]] for text in one[2])]
