"""Every page: no barrier axe can find, nothing to scroll sideways, nothing on the console.

The language changes from page to page and from day to day, so that all three get their turn.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import cycle, islice

import pytest

from tests.browser.served import PHONE, WIDE, Site, barriers, overhang

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Who looks at which page; "" is nobody.
PAGES = (
    ("", "/accounts/login/"),
    ("officer", ""),
    ("officer", "indicators/S06/"),
    ("donor", "performance/"),
    ("donor", "schools/"),
    ("director", "schools/IS-10/"),
    ("donor", "legend/"),
    ("donor", "method/"),
    ("officer", "agenda/"),
    ("director", "agenda/questions/E02/"),
    ("officer", "agenda/questions/E02/change/"),
    ("officer", "agenda/questions/E02/remove/"),
    ("donor", "texts/"),
    ("officer", "runs/1/checks/"),
    ("officer", "targets/"),
    ("officer", "targets/grid/"),
    ("officer", "targets/grid/?school=IS-10"),
    ("donor", "targets/grid/?indicator=S01"),
    ("officer", "targets/history/S06/W1/"),
    ("officer", "targets/new/?indicator=S01"),
    ("officer", "targets/1/"),
    ("officer", "targets/1/remove/"),
    ("director", "checklists/10/"),
    ("officer", "files/"),
    ("officer", "coverage/"),
    ("officer", "coverage/log/"),
    ("officer", "files/questions/"),
    ("officer", "files/3/"),
    ("officer", "runs/"),
    ("officer", "figures/"),
    ("officer", "setup/"),
    ("officer", "setup/workbooks/"),
    ("officer", "setup/waves/"),
    ("officer", "setup/waves/change/W1/"),
    ("officer", "setup/settings/"),
    ("officer", "setup/limits/"),
    ("officer", "setup/limits/parent/"),
    ("officer", "files/accept/"),
    ("officer", "/projects/new/"),
)
FIRST = datetime.now(UTC).toordinal() % 3
LANGUAGES = islice(cycle(("ky", "ru", "en")), FIRST, FIRST + len(PAGES))
CASES = [(who, path, language) for (who, path), language in zip(PAGES, LANGUAGES, strict=True)]


@pytest.mark.parametrize(("who", "path", "language"), CASES)
def test_a_page_is_open_to_everybody(site: Site, who: str, path: str, language: str) -> None:
    with site.visit(who, language, WIDE) as visitor:
        page = visitor.open(path)
        assert page.get_attribute("html", "lang") == language
        assert overhang(visitor) <= 0
        assert barriers(visitor) == []
        page.set_viewport_size({"width": PHONE, "height": 800})
        assert overhang(visitor) <= 0
        assert barriers(visitor) == []
        assert visitor.complaints == []


def test_a_violation_of_the_content_policy_would_be_heard(site: Site) -> None:
    with site.visit("") as visitor:
        page = visitor.open("/accounts/login/")
        page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://x.test/'}))")
        page.wait_for_timeout(200)
        assert any("content policy: img-src" in text for text in visitor.complaints)


def test_switching_the_language_keeps_the_page(site: Site) -> None:
    with site.visit("donor", "en", PHONE) as visitor:
        page = visitor.open("schools/?text=IS-0")
        for language, word in (("ky", "Мектептер"), ("ru", "Школы"), ("en", "Schools")):
            page.click(f'form.languages button[value="{language}"]')
            page.wait_for_selector(f'html[lang="{language}"]')
            assert page.url.endswith("/schools/?text=IS-0")
            assert page.inner_text("h1") == word
            assert page.input_value("#filter-text") == "IS-0"


def test_a_page_prints_without_its_menu(site: Site) -> None:
    with site.visit("officer") as visitor:
        page = visitor.open("indicators/S01/")
        page.emulate_media(media="print")
        assert not page.is_visible("nav.menu")
        assert not page.is_visible("form.languages")
        assert page.is_visible("h1")
        assert page.pdf(format="A4")[:4] == b"%PDF"


def test_formulas_are_drawn_and_scroll_in_their_own_box(site: Site) -> None:
    with site.visit("donor", "en", PHONE) as visitor:
        page = visitor.open("method/#level")
        boxes = page.locator(".formulas")
        assert boxes.count() > 40
        letter, fraction = (
            page.locator(f"#level .formulas {tag}").first.bounding_box() for tag in ("mi", "mfrac")
        )
        assert letter is not None
        assert fraction is not None
        assert fraction["height"] > 1.5 * letter["height"]
        widest = page.evaluate(
            "Math.max(...[...document.querySelectorAll('.formulas')].map(b => b.clientWidth))"
        )
        assert widest <= PHONE
        assert overhang(visitor) <= 0
