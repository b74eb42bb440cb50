"""What people come for, done with a mouse from the first page to the result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.served import PHONE, PROJECT, Site, Visitor, newest_run, unfold

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DIRTY = Path(__file__).resolve().parents[1] / "golden" / "dirty"
QUOTE = "A quote that only this test knows."
NOTES = (
    "id,theme,quote,language,source,speaker,related_indicator\n"
    f"Q99,equipment,{QUOTE},en,FG9,school director,D07\n"
)
HIDDEN = "<\u202f10"
# The lines of all tables of indicators, read at once.
LINES = """
[...document.querySelectorAll("table.lines tbody tr")].map((line) => ({
  code: line.querySelector(".code").innerText,
  n: line.querySelector("td[data-label=n]").innerText.trim(),
  values: [...line.querySelectorAll("td .value")].map((value) => value.innerText),
}))
"""


def state_of(page: Page) -> str:
    """The state of a file, by its class: words change with the language."""
    return str(page.get_attribute(".lead .state", "class")).removeprefix("state state-")


def load_file(visitor: Visitor, path: Path, **fields: str) -> Page:
    """A file dropped, and what it is said by hand."""
    page = visitor.open("files/new/")
    page.set_input_files("#id_file", path)
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/files/\d+/$"))
    page.evaluate("document.querySelector('.content-found details').open = true")
    for name, value in fields.items():
        page.select_option(f"#id_{name}", value)
    page.click(".content-found button[type=submit]")
    page.wait_for_selector(".messages .success")
    return page


def row(page: Page, code: str) -> str:
    return " ".join(
        unfold(page).locator(f'tbody tr:has(.code:text-is("{code}"))').inner_text().split()
    )


@pytest.fixture(scope="module")
def lowered_target(site: Site) -> Iterator[Site]:
    """The officer asks for 14 schools with laptops instead of 16; 15 have them."""
    with site.visit("officer") as visitor:
        assert "not met" in row(visitor.open("targets/?indicator=D05"), "D05")
        visitor.page.click('a:has-text("Change")')
        visitor.page.fill("#id_low", "14")
        visitor.page.fill("#id_rationale", "Two schools wait for their delivery.")
        visitor.page.click('main button:has-text("Save the target")')
        visitor.page.wait_for_url(re.compile(r"/targets/\?"))
        assert newest_run(visitor) == "done"
    return site


def test_a_changed_target_gets_its_status_from_the_next_calculation(lowered_target: Site) -> None:
    with lowered_target.visit("officer") as visitor:
        line = row(visitor.open("targets/?indicator=D05"), "D05")
        assert "at least 14" in line
        assert "not met" not in line
        assert "met" in line
        assert "Not published" in visitor.text("indicators/D05/")


def test_a_donor_sees_what_is_published_and_no_group_under_ten(lowered_target: Site) -> None:
    with lowered_target.visit("donor", width=PHONE) as visitor:
        page = visitor.open("")
        assert "calculation no. 1," in page.inner_text("footer")
        line = row(page, "D05")
        assert "at least 16" in line
        assert "not met" in line
        assert "972 / 928" in shown_bases(visitor.open(""))
        for path in ("schools/IS-10/", "schools/IS-09/"):
            assert any(HIDDEN in base for base in shown_bases(visitor.open(path)))
        for path in ("runs/", "files/", "audit/", "people/", "checklists/"):
            answer = visitor.page.goto(f"{visitor.address}{PROJECT}/{path}")
            assert answer is not None
            assert answer.status == 403


def shown_bases(page: Page) -> set[str]:
    """All bases of a page; a line whose bases are hidden may show no value."""
    found: set[str] = set()
    for line in unfold(page).evaluate(LINES):
        bases = [base.strip() for base in line["n"].split("/")]
        found.add(line["n"])
        if line["code"][0] in "CM":
            continue  # events and documents: no people
        numbers = [int(re.sub(r"\s", "", base)) for base in bases if base[:1].isdigit()]
        assert all(n >= 10 or n == 0 for n in numbers), line
        if all(base == HIDDEN for base in bases):
            assert set(line["values"]) == {"–"}, line
    return found


def test_a_file_with_blocking_problems_is_explained_and_cannot_be_accepted(site: Site) -> None:
    with site.visit("officer") as visitor:
        page = load_file(
            visitor, DIRTY / "teacher_kobo_wrong_slot.xlsx", kind="survey", wave="W0", version="1"
        )
        assert state_of(page) == "checked"
        assert page.locator("section[aria-labelledby=problems] li").count() > 0
        assert "blocks the file" in page.inner_text("section[aria-labelledby=problems]")
        assert page.locator('button:text-is("Accept")').count() == 0
        with page.expect_download() as download:
            page.click('a:has-text("Download all problems")')
        assert "blocks the file" in Path(download.value.path()).read_text(encoding="utf-8-sig")


def test_a_clean_file_is_accepted_and_withdrawn_again(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text(NOTES, encoding="utf-8")
    with site.visit("officer") as visitor:
        page = load_file(visitor, path, kind="notes", wave="W1")
        assert "No problem was found" in page.inner_text("main")
        address = page.url.removeprefix(visitor.address)
        page.click('button:text-is("Accept")')
        page.wait_for_selector(".lead .state-accepted")
        assert QUOTE in visitor.text("indicators/D07/")
        visitor.open(address).fill("#withdraw-reason", "Loaded by mistake.")
        page.click('button:text-is("Withdraw")')
        page.wait_for_selector(".lead .state-withdrawn")
        assert "Loaded by mistake." in page.inner_text(".lead")
        assert QUOTE not in visitor.text("indicators/D07/")
        assert newest_run(visitor) == "done"


def test_a_director_fills_the_returned_checklist_on_a_phone_without_scripts(site: Site) -> None:
    with site.visit("director", "en", PHONE, scripts=False) as visitor:
        page = visitor.open("checklists/")
        assert page.locator(".state-returned").count() == 1, "the returned one is shown first"
        page.click('td a:has-text("Open")')
        page.wait_for_selector(".alert")  # why it came back
        questions = page.locator("fieldset.question:has(input[type=radio])")
        for number in range(questions.count()):
            questions.nth(number).locator("input[type=radio]").first.check()
        page.click('button[value="save"]')
        page.wait_for_selector(".messages .success")
        assert page.locator(".state-returned").count() == 1
        page.click('button[value="send"]')
        page.wait_for_selector(".state-submitted")
        assert page.locator('button[value="send"]').count() == 0
    with site.visit("officer") as visitor:
        line = row(visitor.open("checklists/?wave=W0"), "IS-10")
        assert "sent" in line
        assert "12 of 12" in line
