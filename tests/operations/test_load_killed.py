"""kill -9 of the worker in the middle of a large load: everything is there, or nothing."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.operations.product import Product
from tests.operations.test_worker import Site, emptied_broker

pytestmark = [pytest.mark.redis, pytest.mark.slow]

DATABASE_NUMBER = 12
KILLS = 10
TIMES = 150  # as many teachers as in the study, so often
SEED = 60

SETUP = """
import sys, io, django; django.setup()
from datetime import timedelta
from django.utils import timezone
from indicators.actions.receive import receive_files
from indicators.actions.upload_jobs import request_job
from indicators.models import Project, Upload, UploadJob
from indicators.tasks import enqueue_load
"""
RECEIVE = """
(upload,) = receive_files(
    project=Project.objects.get(), files=[("large.csv", open(sys.argv[1], "rb"))], by=None)
print("upload", upload.pk)
"""
STEP = """
# As the officer does after some minutes of silence.
UploadJob.objects.filter(state="running").update(heard_at=timezone.now() - timedelta(hours=1))
job = request_job(upload=Upload.objects.get(pk=int(sys.argv[1])), step=sys.argv[2], by=None)
enqueue_load(job.pk)
print("job", job.pk)
"""


WITHDRAW = """
from indicators.actions.uploads import withdraw_upload
withdraw_upload(upload=Upload.objects.get(pk=int(sys.argv[1])), by=None, reason="once more")
"""


@pytest.fixture
def broker(redis_url: str) -> Iterator[str]:
    yield from emptied_broker(redis_url, DATABASE_NUMBER)


@pytest.fixture
def site(copy_of_demo: Callable[[], Path], broker: str) -> Site:
    return Site(copy_of_demo(), broker)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """The teachers of the baseline many times over, each row with a name of its own."""
    rows = load_workbook("indicators/definitions/demo/baseline/teacher_kobo.xlsx").active
    assert rows is not None
    header, *body = rows.iter_rows(values_only=True)
    place = next(n for n, name in enumerate(header) if str(name).endswith("_uuid"))
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(";".join(map(str, header)) + "\n")
        for time_ in range(TIMES):
            for row in body:
                cells = ["" if cell is None else f'"{cell}"' for cell in row]
                cells[place] = f"{row[place]}-{time_}"
                file.write(";".join(cells) + "\n")
    return path


def said(site: Site, code: str, *arguments: str) -> int:
    with Product(site.var, "-c", SETUP + code, *arguments, env=site.env) as process:
        assert process.finish() == 0, process.output
        return int(process.lines[-1].split()[-1])


def state(site: Site, job: int) -> str:
    return str(site.look("select state from indicators_uploadjob where id = ?", job)[0])


def stored(site: Site, upload: int) -> tuple[str, int, int, str | None]:
    """State of the file; its datasets and columns; the name of its data."""
    (accepted,) = site.look("select state from indicators_upload where id = ?", upload)
    n, sha256 = site.look(
        "select count(*), max(sha256) from indicators_dataset where upload_id = ?", upload
    )
    (columns,) = site.look(
        "select count(*) from indicators_answercolumn c join indicators_dataset d"
        " on c.dataset_id = d.id where d.upload_id = ?",
        upload,
    )
    return accepted, n, columns, sha256


def carried_out(site: Site, upload: int, step: str) -> float:
    """Seconds from the moment a worker takes the step until it is done."""
    job = said(site, STEP, str(upload), step)
    with site.worker() as worker:
        site.wait_until(lambda: state(site, job) != "waiting", worker)
        begun = time.monotonic()
        site.wait_until(lambda: state(site, job) not in ("waiting", "running"), worker)
        took = time.monotonic() - begun
    assert state(site, job) == "done"
    return took


def withdrawn(site: Site, upload: int) -> None:
    with Product(site.var, "-c", SETUP + WITHDRAW, str(upload), env=site.env) as process:
        assert process.finish() == 0, process.output


def test_a_killed_worker_leaves_all_of_a_large_file_or_nothing(site: Site, large: Path) -> None:
    upload = said(site, RECEIVE, str(large))
    carried_out(site, upload, "read")
    took = carried_out(site, upload, "accept")
    undisturbed = stored(site, upload)
    assert undisturbed[:2] == ("accepted", 1)
    withdrawn(site, upload)
    chance = random.Random(SEED)
    outcomes = []
    for place in range(KILLS):
        job = said(site, STEP, str(upload), "accept")
        with site.worker() as worker:
            site.wait_until(lambda job=job: state(site, job) != "waiting", worker)
            time.sleep((place + chance.random()) / KILLS * took)
            worker.kill()
        is_done = state(site, job) == "done"
        outcomes.append(is_done)
        if is_done:
            assert stored(site, upload) == undisturbed, place
            withdrawn(site, upload)
        else:
            assert stored(site, upload) == ("withdrawn", 0, 0, None), place
    assert False in outcomes  # else the moments were no moments of the load
    with site.worker() as worker:  # the next worker takes up what was left, unasked
        if outcomes[-1]:
            said(site, STEP, str(upload), "accept")
        site.wait_until(lambda: stored(site, upload)[0] == "accepted", worker)
    assert stored(site, upload) == undisturbed
