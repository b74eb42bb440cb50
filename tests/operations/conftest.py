"""One undisturbed demo for all tests of operation, made once even when they run in parallel."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.operations.product import digest_of, done


@dataclass(frozen=True)
class Reference:
    """A demo that nobody disturbed: its folder (look, do not write) and its content."""

    var: Path
    digest: dict[str, Any]
    output: str


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Reference:
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "undisturbed"
    shared.mkdir(exist_ok=True)
    told = shared / "told.json"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            output = done(shared / "var", "demo")
            told.write_text(json.dumps([digest_of(shared / "var"), output]))
    digest, output = json.loads(told.read_text())
    return Reference(shared / "var", digest, output)


@pytest.fixture
def copy_of_demo(reference: Reference, tmp_path: Path) -> Callable[[], Path]:
    """A finished demo of one's own, without the fifteen seconds it takes."""

    def copy() -> Path:
        return Path(shutil.copytree(reference.var, tmp_path / "var"))

    return copy
