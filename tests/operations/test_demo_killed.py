"""The demo survives kill -9 at any moment: started again, it ends as if nothing had happened."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.operations.conftest import Reference
from tests.operations.product import digest_of, manage

pytestmark = pytest.mark.slow

# A line of the demo's output, and up to how many seconds after it the process dies.
MOMENTS = (
    ("database", 1.5),  # between or inside migrations
    ("project, schools", 1.0),  # while the project is read and stored
    ("teacher_kobo.xlsx", 0.0),  # before a file
    ("student_spss.sav", 0.5),  # inside the largest file
    ("calculation: adding up", 0.3),  # while numbers are computed
    ("calculation: storing", 0.1),  # while they are stored
)


def test_started_again_it_ends_as_if_undisturbed(reference: Reference, tmp_path: Path) -> None:
    chance = np.random.default_rng(20261122)
    for line, delay in MOMENTS:
        with manage(tmp_path, "demo") as demo:
            demo.wait_for(line)
            time.sleep(chance.uniform(0, delay))
            assert demo.process.poll() is None  # it dies in the middle of its work
    with manage(tmp_path, "demo") as demo:
        assert demo.finish() == 0, demo.output
    found = digest_of(tmp_path)
    assert found["twice"] == found["stray"] == {}
    assert set(found["runs"]) <= {"done", "interrupted"}
    for part in ("rows", "inputs", "files"):
        assert found[part] == reference.digest[part]


def test_a_second_one_waits_for_the_first(copy_of_demo: Callable[[], Path]) -> None:
    var = copy_of_demo()
    with (var / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with manage(var, "demo") as second:
            second.wait_for("waiting for another process")
            fcntl.flock(lock, fcntl.LOCK_UN)
            assert second.finish() == 0, second.output
