"""The pages of results at 1280 and at 360 px: no barrier, nothing sideways, blocks that fold.

The language changes from page to page and from day to day; the main pages are seen in all three.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import cycle, islice

import pytest
from playwright.sync_api import Page

from tests.browser.served import PHONE, WIDE, Site, Visitor, barriers, overhang, unfold

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OPEN = "open/parent/p_open_improve"
# Who looks at which page; of long lists a part, for axe takes its time. Others: test_pages.py.
PAGES = (
    ("donor", "gaps/?kind=sex&source=teacher"),
    ("donor", "gaps/of/S01/sex/"),
    ("officer", "gaps/compare/"),
    ("donor", "questions/?instrument=teacher&text=ICT"),
    ("donor", "questions/parent/p_strengths/"),
    ("donor", "questions/indices/"),
    ("officer", "open/"),
    ("officer", f"{OPEN}/"),
    ("officer", f"{OPEN}/W1/code/"),
    ("officer", "open/notes/"),
    ("officer", "open/notes/1/"),
    ("officer", "agenda/?status=answered"),
    ("officer", "agenda/questions/E01/"),
    ("officer", "agenda/questions/E01/change/"),
    ("officer", "texts/"),
    ("officer", "texts/new/"),
    ("officer", "runs/1/checks/"),
    ("officer", "register/?level=impact"),
    ("officer", "register/S06/"),
    ("officer", "register/S06/edit/"),
    ("officer", "register/indices/"),
    ("officer", "register/indices/satisfaction/edit/"),
)
FIRST = datetime.now(UTC).toordinal() % 3
LANGUAGES = islice(cycle(("en", "ky", "ru")), FIRST, FIRST + len(PAGES))
CASES = [(who, path, language) for (who, path), language in zip(PAGES, LANGUAGES, strict=True)]

MAIN = (
    "",
    "performance/",
    "indicators/S06/",
    "gaps/",
    "questions/",
    "register/",
    "schools/IS-10/",
    "agenda/",
    "method/",
)
SCREENS = 3 * 800  # what one sees of a page before giving up

# Boxes of a page that scroll sideways and cannot be reached or named.
MUTE_BOXES = """
[...document.querySelectorAll("main *")].filter((box) =>
  box.scrollWidth > box.clientWidth + 1
  && ["auto", "scroll"].includes(getComputedStyle(box).overflowX)
  && !(box.tabIndex >= 0 && (box.ariaLabel || box.getAttribute("aria-labelledby")))
).map((box) => box.outerHTML.slice(0, 120))
"""


def height(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollHeight"))


def nothing_sideways(visitor: Visitor) -> None:
    """With all that can be unfolded; wide tables scroll in boxes one can reach."""
    unfold(visitor.page)
    assert overhang(visitor) <= 0
    assert visitor.page.evaluate(MUTE_BOXES) == []


@pytest.fixture(scope="module")
def open_question(site: Site) -> None:
    """A question with a theme, so that its answers can be coded."""
    with site.visit("officer") as visitor:
        page = visitor.open(f"{OPEN}/themes/")
        page.fill("#id_code", "food")
        for name, text in (("en", "Better food"), ("ru", "Питание"), ("ky", "Тамак-аш")):
            page.fill(f"#id_label_{name}", text)
        page.click("main button[type=submit]")
        page.wait_for_url(f"**/{OPEN}/")


@pytest.mark.parametrize(("who", "path", "language"), CASES)
def test_a_page_is_open_to_everybody(
    site: Site, open_question: None, who: str, path: str, language: str
) -> None:
    with site.visit(who, language, WIDE) as visitor:
        page = visitor.open(path)
        assert page.get_attribute("html", "lang") == language
        assert overhang(visitor) <= 0
        assert barriers(visitor) == []
        page.set_viewport_size({"width": PHONE, "height": 800})
        assert barriers(visitor) == []
        nothing_sideways(visitor)
        assert visitor.complaints == []


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
def test_main_pages_fit_the_phone_in_every_language(site: Site, language: str) -> None:
    with site.visit("officer", language, PHONE) as visitor:
        for path in MAIN:
            page = visitor.open(path)
            assert height(page) < 15_000, path
            current = page.locator(".menu a[aria-current]").last.bounding_box()
            assert current is not None
            assert current["x"] + current["width"] <= PHONE, path
            nothing_sideways(visitor)
        assert visitor.complaints == []


def test_what_a_donor_comes_for_stands_on_the_first_screens(site: Site) -> None:
    with site.visit("donor", "en", PHONE) as visitor:
        page = visitor.open("")
        for seen in (".tiles", ".looks", ".headlines li:nth-child(5)"):
            box = page.locator(seen).bounding_box()
            assert box is not None
            assert box["y"] + box["height"] < SCREENS, seen
        summary = page.locator("#block-students > summary")
        assert "18 indicators · 7 moved · targets:" in summary.inner_text()


def test_a_block_unfolds_by_keyboard(site: Site) -> None:
    with site.visit("donor", "en", PHONE) as visitor:
        page = visitor.open("")
        row = page.locator("#block-students tbody tr").first
        assert not row.is_visible()
        page.focus("#block-students > summary")
        page.keyboard.press("Enter")
        assert row.is_visible()
        assert barriers(visitor) == []


def test_on_a_wide_screen_nothing_is_folded(site: Site) -> None:
    for scripts in (True, False):
        with site.visit("donor", "en", WIDE, scripts=scripts) as visitor:
            page = visitor.open("")
            assert page.locator("#block-students tbody tr").first.is_visible()


def test_the_phone_needs_no_script_to_unfold(site: Site) -> None:
    with site.visit("donor", "en", PHONE, scripts=False) as visitor:
        page = visitor.open("")
        row = page.locator("#block-teachers tbody tr").first
        assert not row.is_visible()
        page.click("#block-teachers > summary")
        assert row.is_visible()


def test_paper_shows_all_and_the_screen_stays_as_it_was(site: Site) -> None:
    with site.visit("donor", "en", PHONE, scripts=False) as visitor:
        page = visitor.open("")
        page.emulate_media(media="print")
        assert page.locator("#block-students tbody tr").first.is_visible()
        page.emulate_media(media="screen")
        assert not page.locator("#block-students tbody tr").first.is_visible()


@pytest.mark.parametrize("path", ["method/#change", "indicators/S06/#schools"])
def test_an_address_opens_the_block_it_points_into(site: Site, path: str) -> None:
    with site.visit("donor", "en", PHONE) as visitor:
        page = visitor.open(path)
        target = page.locator("#" + path.partition("#")[2])
        assert target.is_visible()
        assert target.locator("xpath=ancestor::details").first.get_attribute("open") is not None


def test_search_in_the_page_reaches_into_folded_blocks(site: Site) -> None:
    """A text in the address is searched by the browser as its own search does."""
    with site.visit("donor", "en", PHONE) as visitor:
        page = visitor.open("#:~:text=Group%20work%2C%20last%20four%20weeks")
        page.wait_for_selector("#block-teachers[open]")
