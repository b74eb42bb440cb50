"""A real Celery worker: calculations sent to it, and a worker that is killed."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from tests.operations.conftest import Reference
from tests.operations.product import PATIENCE, Product, digest_of

pytestmark = [pytest.mark.redis, pytest.mark.slow]

DATABASE_NUMBER = 11  # the other tests use the one of TEST_REDIS_URL, and those of large files 12

ASK = """
import django; django.setup()
from indicators.actions.runs import request_run
from indicators.models import Project
from indicators.tasks import enqueue_calculation
run = request_run(project=Project.objects.get(), by=None)
enqueue_calculation(run.pk)
print("run", run.pk)
"""


def emptied_broker(redis_url: str, number: int) -> Iterator[str]:
    """One database of Redis for one file of tests: two files may run at the same time."""
    url = urlsplit(redis_url)._replace(path=f"/{number}").geturl()
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@pytest.fixture
def broker(redis_url: str) -> Iterator[str]:
    yield from emptied_broker(redis_url, DATABASE_NUMBER)


class Site:
    """A demo with a broker: who asks, who works, and what stands in the database."""

    def __init__(self, var: Path, broker: str) -> None:
        self.var = var
        self.env = {"CELERY_BROKER_URL": broker, "DJANGO_SETTINGS_MODULE": "mel.settings"}

    def worker(self) -> Product:
        arguments = (
            "-A",
            "mel.celery",
            "worker",
            "--pool=solo",
            "--without-mingle",
            "--loglevel=INFO",
        )
        return Product(self.var, "-m", "celery", *arguments, env=self.env)

    def ask(self) -> int:
        with Product(self.var, "-c", ASK, env=self.env) as process:
            assert process.finish() == 0, process.output
            return int(process.lines[-1].split()[-1])

    def look(self, sql: str, *values: object) -> tuple:
        database = sqlite3.connect(f"file:{self.var / 'db.sqlite3'}?mode=ro", uri=True)
        try:
            return database.execute(sql, values).fetchone()
        finally:
            database.close()

    def state(self, run: int) -> tuple[str, str]:
        return self.look("select state, step from indicators_run where id = ?", run)

    def n_rows(self, run: int) -> int:
        return self.look("select count(*) from indicators_estimate where run_id = ?", run)[0]

    def wait_until(self, check: Callable[[], bool], worker: Product) -> None:
        end = time.monotonic() + PATIENCE
        while not check():
            assert worker.process.poll() is None, worker.output
            assert time.monotonic() < end, worker.output
            time.sleep(0.02)


@pytest.fixture
def site(copy_of_demo: Callable[[], Path], broker: str) -> Site:
    return Site(copy_of_demo(), broker)


def test_a_worker_finds_the_same_numbers(site: Site, reference: Reference) -> None:
    with site.worker() as worker:
        worker.wait_for("ready.")
        run = site.ask()
        site.wait_until(lambda: site.state(run)[0] == "done", worker)
    found = digest_of(site.var)
    assert found["runs"] == {"done": 2}
    assert found["inputs"] == reference.digest["inputs"]
    assert found["rows"] == reference.digest["rows"]


def test_what_a_killed_worker_left_is_done_by_the_next(site: Site, reference: Reference) -> None:
    with site.worker() as worker:
        worker.wait_for("ready.")
        run = site.ask()
        site.wait_until(lambda: site.state(run) == ("running", "estimate"), worker)
        worker.kill()
    assert site.state(run)[0] == "running"
    assert site.n_rows(run) == 0

    again = site.ask()  # who does not want to wait gets a run of their own
    assert again != run

    with site.worker() as worker:
        site.wait_until(lambda: site.state(again)[0] == site.state(run)[0] == "done", worker)
    found = digest_of(site.var)
    assert found["runs"] == {"done": 3}
    assert found["stray"] == {}
    assert found["rows"] == reference.digest["rows"]
