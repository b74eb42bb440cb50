"""The demo served by the product itself, and one browser, for all tests of a process."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.served import ARGUMENTS, Site, password_of
from tests.operations.conftest import Reference, reference
from tests.operations.product import manage

__all__ = ["reference"]  # the demo is made once, for the tests of operation as well


@pytest.fixture(scope="session")
def site(
    reference: Reference, tmp_path_factory: pytest.TempPathFactory, chromium: str
) -> Iterator[Site]:
    """A copy of the demo of one's own, served until the last test."""
    var = tmp_path_factory.mktemp("site") / "var"
    shutil.copytree(reference.var, var)
    with manage(var, "serve", "--port", "0") as server:
        server.wait_for("The site is on")
        found = re.search(r"http://[\w.:]+", server.output)
        assert found is not None
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
            yield Site(found.group(), password_of(var), browser)
            browser.close()
