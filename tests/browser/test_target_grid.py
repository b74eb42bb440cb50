"""The sheet of targets in two browsers at once, and with nothing but a keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.browser.served import PHONE, TIMEOUT, Site, Visitor, barriers

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHEET = "targets/grid/?block=students"
SECOND = "aigul"


@dataclass(frozen=True)
class Desk:
    """An officer in front of the sheet."""

    visitor: Visitor

    @property
    def page(self) -> Page:
        return self.visitor.page

    def cell(self, code: str) -> str:
        """The cell of an indicator in the endline."""
        return f'tbody tr:has(th .code:text-is("{code}")) td.cell'

    def box(self, code: str) -> str:
        return f"{self.cell(code)} input[type=text]"

    def opens(self) -> None:
        self.visitor.open(SHEET)

    def types(self, code: str, text: str) -> None:
        self.page.fill(self.box(code), text)

    def reads(self, code: str) -> str:
        return self.page.input_value(self.box(code))

    def saves(self, why: str) -> int:
        """The status of the page that answers."""
        if why:
            self.page.fill("#id_rationale", why)
        with self.page.expect_navigation() as answer:
            self.page.click('button[name=step][value="save"]')
        return answer.value.status if answer.value else 0


@pytest.fixture(scope="module")
def second_officer(site: Site) -> str:
    """The administrator invites a second officer, who makes an account with the link."""
    with site.visit("admin") as visitor:
        page = visitor.open("people/invite/")
        page.select_option("#id_role", "officer")
        page.click("main button[type=submit]")
        link = page.input_value("#link")
    context = site.browser.new_context()
    context.set_default_timeout(TIMEOUT)
    page = context.new_page()
    page.goto(link)
    page.fill("#id_username", SECOND)
    page.fill("#id_password", site.password)
    page.click("main button[type=submit]")
    page.wait_for_url("**/p/**")
    context.close()
    return SECOND


@pytest.fixture
def desks(site: Site, second_officer: str) -> Iterator[tuple[Desk, Desk]]:
    """Both have opened the same sheet before either saves."""
    with site.visit("officer") as first, site.visit(second_officer) as second:
        desks = Desk(first), Desk(second)
        for desk in desks:
            desk.opens()
        yield desks


def stored(site: Site, code: str) -> str:
    with site.visit("officer") as visitor:
        desk = Desk(visitor)
        desk.opens()
        return desk.reads(code)


def test_of_two_officers_in_one_cell_the_second_is_told_and_loses_nothing(
    site: Site, desks: tuple[Desk, Desk]
) -> None:
    first, second = desks
    first.types("S06", "≥ 4.2")
    second.types("S06", "≥ 4.3")
    second.types("S07", "≥ 4.35")
    assert first.saves("The ministry asks for more.") == 200
    assert second.saves("The schools agreed on this.") == 409
    cell = second.page.locator(second.cell("S06"))
    text = cell.inner_text()
    assert "at least 4.20" in text, "what is stored now"
    assert "The ministry asks for more." in text, "and why"
    assert second.reads("S06") == "≥ 4.3"
    assert second.reads("S07") == "≥ 4.35"
    assert second.page.input_value("#id_rationale") == "The schools agreed on this."
    assert barriers(second.visitor) == []
    second.page.set_viewport_size({"width": PHONE, "height": 800})
    assert barriers(second.visitor) == []
    assert stored(site, "S06") == "≥ 4.2"
    assert stored(site, "S07") == "≥ 4.3", "saved whole or not at all"
    # Without a choice nothing is overwritten; with one it is the second officer's.
    assert second.saves("") == 409
    cell.locator('input[type=radio]:not([value="theirs"])').check()
    assert second.saves("") == 200
    assert stored(site, "S06") == "≥ 4.3"
    assert stored(site, "S07") == "≥ 4.35"
    history = second.visitor.text("targets/history/S06/W1/")
    assert "The ministry asks for more." in history
    assert "The schools agreed on this." in history


def test_two_officers_in_different_cells_keep_both(site: Site, desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    first.types("S02", "≥ 4.15")
    second.types("S03", "≥ 4.25")
    assert first.saves("Agreed in spring.") == 200
    assert second.saves("Agreed in autumn.") == 200
    assert stored(site, "S02") == "≥ 4.15"
    assert stored(site, "S03") == "≥ 4.25"


def test_a_block_from_a_spreadsheet_is_pasted_and_taken_back_by_keyboard(site: Site) -> None:
    with site.visit("officer") as visitor:
        desk, page = Desk(visitor), visitor.page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        desk.opens()
        before = [desk.reads(code) for code in ("S15", "S16", "S17")]
        page.evaluate("navigator.clipboard.writeText('≥ 2,15\\r\\n≥ 1,9\\r\\n≥ 4,2\\r\\n')")
        page.focus(desk.box("S15"))
        page.keyboard.press("Control+v")
        assert [desk.reads(code) for code in ("S15", "S16", "S17")] == ["≥ 2,15", "≥ 1,9", "≥ 4,2"]
        assert page.locator("[data-grid-count]").inner_text().endswith("3")
        page.keyboard.press("Control+z")
        assert [desk.reads(code) for code in ("S15", "S16", "S17")] == before
        assert page.locator("[data-grid-count]").inner_text() == ""
        page.keyboard.press("Control+y")
        assert desk.reads("S17") == "≥ 4,2"
        assert desk.saves("Pasted from the plan.") == 200
        assert [desk.reads(code) for code in ("S15", "S16", "S17")] == [
            "≥ 2.15",
            "≥ 1.9",
            "≥ 4.2",
        ]
        assert visitor.complaints == []


def test_a_cell_typed_over_is_taken_back_and_keys_move_between_cells(site: Site) -> None:
    with site.visit("officer") as visitor:
        desk, page = Desk(visitor), visitor.page
        desk.opens()
        before = desk.reads("S11")
        page.focus(desk.box("S11"))
        page.keyboard.type("90")  # the whole cell is selected, so it is typed over
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.name") == page.get_attribute(
            desk.box("S12"), "name"
        )
        page.keyboard.press("ArrowUp")
        assert desk.reads("S11") == "90"
        page.keyboard.press("Control+z")
        assert desk.reads("S11") == before
        page.keyboard.press("Control+Shift+z")
        assert desk.reads("S11") == "90"
        page.keyboard.press("Control+z")
        page.keyboard.type("9")
        page.keyboard.press("Escape")
        assert desk.reads("S11") == before
