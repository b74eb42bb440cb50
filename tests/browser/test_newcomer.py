"""A newcomer's walk: from an empty database to the numbers of the demo, through pages only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.served import PROJECT, TIMEOUT, WATCH_POLICY, Site, Visitor, barriers, newest_run
from tests.operations.conftest import Reference
from tests.operations.digest import RESULTS
from tests.operations.product import digest_of, done, manage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "indicators" / "definitions" / "demo"
DIRTY = ROOT / "tests" / "golden" / "dirty" / "teacher_kobo.xlsx"
BASELINE, ENDLINE = DEMO / "baseline", DEMO / "endline"
CLEAN = BASELINE / "teacher_kobo.xlsx"
NOTES = BASELINE / "qualitative.csv"
FIRST_DROP = [
    *(path for path in sorted(BASELINE.glob("*.*")) if path != CLEAN),
    *sorted((BASELINE / "director_checklist").iterdir()),
    *sorted(ENDLINE.glob("*.*")),
    DIRTY,
]
PASSWORD = "walks-on-its-own-7"  # of an account that lives as long as the test
# What the demo is defined by; files and their answers also name who loaded them.
DEFINED = (
    "Project",
    "School",
    "Scale",
    "ScaleOption",
    "InstrumentVersion",
    "ItemVersion",
    "WaveInstrument",
    "IndexItem",
    "Measure",
    "Indicator",
    "Target",
)


@dataclass
class Walk:
    """What was seen on the way, and the database as it was when the results were published."""

    visitor: Visitor
    dirty: str
    freed: str
    digest: dict[str, Any]


@pytest.fixture(scope="module")
def walk(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """The whole way; only the account is there before, as an administrator makes it."""
    var = tmp_path_factory.mktemp("newcomer") / "var"
    done(var, "migrate")
    account = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    arguments = ("--noinput", "--username", "newcomer", "--email", "new@example.org")
    done(var, "createsuperuser", *arguments, env=account)
    with manage(var, "serve", "--port", "0") as server:
        server.wait_for("The site is on")
        found = re.search(r"http://[\w.:]+", server.output)
        assert found is not None
        context = site.browser.new_context(viewport={"width": 1280, "height": 800})
        context.set_default_timeout(4 * TIMEOUT)
        context.add_cookies([{"name": "django_language", "value": "en", "url": found.group()}])
        page = context.new_page()
        visitor = Visitor(page, found.group())
        page.on("console", visitor.hears)
        page.add_init_script(WATCH_POLICY)
        create_project(visitor)
        define_project(visitor)
        dirty, freed = load_files(visitor)
        publish(visitor)
        yield Walk(visitor, dirty, freed, digest_of(var))
        context.close()


def press(page: Page, words: str) -> None:
    """Press the one button or link of these words, and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator(f'main :is(a, button):text-is("{words}")').first.click()


def said(page: Page) -> str:
    return page.locator(".messages").inner_text()


def create_project(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(f"{visitor.address}/accounts/login/")
    page.fill("#id_login", "newcomer")
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.click("main button[type=submit]")
    press(page, "New project")
    page.fill("#id_name_ky", "Инновациялык мектептер")
    page.fill("#id_name_ru", "Инновационные школы")
    page.fill("#id_name_en", "Innovative schools")
    page.fill("#id_code", "innovative-schools")
    page.fill("#id_reference_date", "2027-12-01")
    press(page, "Create the project")
    assert page.url.endswith("/setup/")


def drop(page: Page, files: list[Path]) -> None:
    page.set_input_files("#id_file", files)
    press(page, "Load and check")


def define_project(visitor: Visitor) -> None:
    """The framework comes first, so that what it lacks has to be told."""
    page = visitor.page
    with page.expect_navigation():
        page.click(".step-next .button")
    drop(page, [DEMO / "framework.xlsx"])
    assert "Still missing: register of schools, questionnaire." in page.inner_text("main")
    forms = sorted((DEMO / "instruments").glob("*.xlsx"))
    drop(page, [*forms, DEMO / "register" / "schools.xlsx"])
    assert barriers(visitor) == []
    press(page, "Accept all of it")
    assert "23 schools, 70 indicators" in said(page)
    states = page.locator(".step .state").all_inner_texts()
    assert states[:4] == ["done", "done", "done", "done"]


def load_files(visitor: Visitor) -> tuple[str, str]:
    """All files at once; then those a new school frees, the notes, and the clean twin."""
    page = visitor.open("files/new/")
    drop(page, FIRST_DROP)
    accept_ready(visitor)
    freed = said(page)
    accept_ready(visitor)
    visitor.open("files/")
    with page.expect_navigation():
        page.click(f'a:text-is("{NOTES.name}")')
    page.evaluate("document.querySelector('.content-found details').open = true")
    page.select_option("#id_wave", "W0")
    with page.expect_navigation():
        page.click(".content-found button[type=submit]")
    visitor.open("files/")
    with page.expect_navigation():
        page.locator(f'tr:has(.tag-block) a:text-is("{DIRTY.name}")').click()
    dirty = page.inner_text("main")
    page.fill("form[action$='/withdraw/'] textarea", "The export was cut; a new one follows.")
    with page.expect_navigation():
        page.click("form[action$='/withdraw/'] button")
    visitor.open("files/new/")
    drop(page, [CLEAN])
    accept_ready(visitor)
    return dirty, freed


def accept_ready(visitor: Visitor) -> None:
    page = visitor.open("setup/")
    press(page, "Look and accept")
    assert barriers(visitor) == []
    press(page, "Accept the ticked files")


def publish(visitor: Visitor) -> None:
    assert newest_run(visitor) == "done"
    page = visitor.page
    with page.expect_navigation():
        page.locator("tbody a").first.click()
    with page.expect_navigation():
        page.click("form[action$='/publish/'] button")


def test_a_dirty_file_said_what_is_wrong_and_did_not_count(walk):
    assert "blocks the file" in walk.dirty
    page = walk.visitor.open("files/")
    states = page.locator(f'tr:has(a:text-is("{DIRTY.name}")) .state').all_inner_texts()
    assert sorted(states) == ["accepted", "withdrawn"]  # the clean twin has the same name


def test_the_files_of_a_merged_school_were_named_when_they_became_free(walk):
    assert "student_spss.sav" in walk.freed
    assert "teacher_kobo.csv" in walk.freed


# Nothing contradicts in the demo, so there is no finding to compare; newcomers have coded nothing.
ELSEWHERE = {"ConsistencyFinding", "OpenQuestion", "ThemeShare"}


@pytest.mark.parametrize("table", [*DEFINED, *(one for one in RESULTS if one not in ELSEWHERE)])
def test_the_rows_are_those_of_the_demo_to_the_last_bit(walk, reference: Reference, table):
    assert walk.digest["rows"][table] == reference.digest["rows"][table]
    assert walk.digest["rows"][table][0] > 0


def test_all_steps_are_done_and_the_overview_is_published(walk):
    page = walk.visitor.open("setup/")
    assert set(page.locator(".step .state").all_inner_texts()) == {"done"}
    text = walk.visitor.text("")
    assert "Not published." not in text
    assert "972" in text
    assert walk.visitor.complaints == []


def test_a_locked_wave_takes_no_more_until_it_is_unlocked(walk):
    page = walk.visitor.open("setup/waves/")
    page.check("input[value=W0]")
    press(page, "Lock")
    assert "1 wave is locked" in said(page)
    walk.visitor.open("files/")
    with page.expect_navigation():
        page.locator('tr:has-text("Baseline") a:text-is("desk_data.xlsx")').click()
    page.fill("form[action$='/withdraw/'] textarea", "Wrong file.")
    with page.expect_navigation():
        page.click("form[action$='/withdraw/'] button")
    assert "the wave “Baseline” is not open" in said(page)
    walk.visitor.open("setup/waves/")
    page.check("input[value=W0]")
    press(page, "Unlock")
    assert "Say why" in said(page)
    page.check("input[value=W0]")
    page.fill("#reason", "A wrong desk file.")
    press(page, "Unlock")
    assert "1 wave is open" in said(page)
    assert PROJECT in page.url
