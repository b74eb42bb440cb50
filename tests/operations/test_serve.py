"""The site served from one process: starts, says why it cannot, stops."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tests.operations.product import Product, free_port, manage

pytestmark = pytest.mark.slow


def get(port: int, path: str) -> tuple[HTTPResponse, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer, answer.read().decode()
    finally:
        connection.close()


def leave_a_run(var: Path) -> None:
    """As a process that was killed in the middle of a calculation."""
    database = sqlite3.connect(var / "db.sqlite3")
    with database:
        database.execute("update indicators_run set state = 'running', finished_at = null")
    database.close()


def states(var: Path) -> set[str]:
    database = sqlite3.connect(f"file:{var / 'db.sqlite3'}?mode=ro", uri=True)
    try:
        return {state for (state,) in database.execute("select state from indicators_run")}
    finally:
        database.close()


def stop(site: Product, number: signal.Signals) -> float:
    begin = time.monotonic()
    site.signal(number)
    assert site.finish() == 0, site.output
    return time.monotonic() - begin


def test_it_answers_and_stops(copy_of_demo: Callable[[], Path]) -> None:
    var = copy_of_demo()
    leave_a_run(var)
    port = free_port()
    with manage(var, "serve", env={"PORT": str(port)}) as site:
        site.wait_for(f"http://127.0.0.1:{port}/")
        answer, _ = get(port, "/")
        assert answer.status == 302
        assert answer.headers["Location"] == "/accounts/login/?next=/"
        answer, body = get(port, "/health/")
        assert answer.status == 200
        assert json.loads(body)["database"] == "ok"
        answer, body = get(port, "/accounts/login/?next=/")
        assert answer.status == 200
        assert "<form" in body
        assert states(var) == {"interrupted"}

        # A second one on the same port leaves the first and its calculations alone.
        leave_a_run(var)
        with manage(var, "serve", "--port", str(port)) as second:
            assert second.finish() == 1
            assert f"Port {port} is taken by another program" in second.output
            assert "PORT=" in second.output
            assert "Traceback" not in second.output
        assert states(var) == {"running"}

        assert stop(site, signal.SIGINT) < 4  # two seconds on a machine at rest
        assert "Stopped." in site.output
        assert "Traceback" not in site.output


def test_a_service_manager_stops_it_as_well(copy_of_demo: Callable[[], Path]) -> None:
    with manage(copy_of_demo(), "serve", "--port", "0") as site:
        site.wait_for("The site is on")
        assert stop(site, signal.SIGTERM) < 4
        assert "Stopped." in site.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "70000"], "There is no port 70000"),
        (["--host", "256.256.256.256"], "cannot be served on 256.256.256.256"),
    ],
)
def test_an_impossible_address_is_told_in_words(
    copy_of_demo: Callable[[], Path], arguments: list[str], words: str
) -> None:
    with manage(copy_of_demo(), "serve", *arguments) as site:
        assert site.finish() == 1
        assert words in site.output
        assert "Traceback" not in site.output


@pytest.mark.parametrize(
    ("url", "words"),
    [("", "First run: manage.py migrate"), ("sqlite:////no/such/folder/db", "does not answer")],
)
def test_a_database_that_is_not_ready_is_told_in_words(
    tmp_path: Path, url: str, words: str
) -> None:
    with manage(tmp_path, "serve", "--port", "0", env={"DATABASE_URL": url}) as site:
        assert site.finish() == 1
        assert words in site.output
        assert "Traceback" not in site.output
