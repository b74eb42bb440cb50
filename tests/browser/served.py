"""The served demo seen through a real browser: who looks, in which language, how wide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

PROJECT = "/p/innovative-schools"
WIDE, PHONE = 1280, 360
TIMEOUT = 30_000  # milliseconds; far above what a page takes
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
# Tells of every violation of the content policy, also of those the console leaves out.
WATCH_POLICY = """
addEventListener("securitypolicyviolation", (event) => {
  console.error("content policy: " + event.violatedDirective + " " + event.blockedURI);
});
"""


@dataclass
class Visitor:
    """A page of the browser with what its console complained about."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """A page of the project ("" is its overview), or of the site for a path with "/"."""
        self.complaints.clear()
        answer = self.page.goto(
            self.address + (path if path.startswith("/") else f"{PROJECT}/{path}")
        )
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        return self.page

    def text(self, path: str) -> str:
        return str(self.open(path).inner_text("body"))

    def hears(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


class Site:
    """The address of the site and the browser; signs people in, once per role."""

    def __init__(self, address: str, password: str, browser: Browser) -> None:
        self.address, self.password, self.browser = address, password, browser
        self.states: dict[str, object] = {}

    @contextmanager
    def visit(
        self, who: str = "", language: str = "en", width: int = WIDE, *, scripts: bool = True
    ) -> Iterator[Visitor]:
        """A page of `who` (nobody when empty), closed at the end."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=scripts,
            storage_state=self._state(who) if who else None,  # type: ignore[arg-type]
        )
        context.set_default_timeout(TIMEOUT)
        context.add_cookies([{"name": "django_language", "value": language, "url": self.address}])
        page = context.new_page()
        visitor = Visitor(page, self.address)
        page.on("console", visitor.hears)
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        page.add_init_script(WATCH_POLICY)
        try:
            yield visitor
        finally:
            context.close()

    def _state(self, who: str) -> object:
        if who not in self.states:
            context = self.browser.new_context()
            page = context.new_page()
            page.goto(f"{self.address}/accounts/login/")
            page.fill("#id_login", who)
            page.fill("#id_password", self.password)
            page.click("main button[type=submit]")
            page.wait_for_url(re.compile(PROJECT))
            self.states[who] = context.storage_state()
            context.close()
        return self.states[who]


def password_of(var: Path) -> str:
    return (var / "demo_password").read_text(encoding="utf-8").strip()


def newest_run(visitor: Visitor) -> str:
    """The state of the newest calculation once it has ended."""
    for _ in range(120):
        page = visitor.open("runs/")
        state = str(page.locator("tbody tr .state").first.get_attribute("class"))
        if not re.search("waiting|running", state):
            return state.removeprefix("state state-")
        page.wait_for_timeout(500)
    raise AssertionError("the calculation does not end")


def overhang(visitor: Visitor) -> int:
    """Pixels by which the page is wider than the window."""
    root = "document.documentElement"
    return int(visitor.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


def unfold(page: Page) -> Page:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    return page


def barriers(visitor: Visitor) -> list[str]:
    """What axe finds, each with the first place."""
    found = Axe().run(visitor.page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:200]})" for one in found]
