"""The product as its own process, as an operator runs it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180  # seconds until a test gives up on a process; far above what it takes
SERVICES = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "EMBEDDED", "PORT")


def environment(var: Path, **more: str) -> dict[str, str]:
    """Nothing but a folder of its own: no service of the machine the tests run on."""
    plain = {name: value for name, value in os.environ.items() if name not in SERVICES}
    return {**plain, "VAR_DIR": str(var), "PYTHONUNBUFFERED": "1", "COLUMNS": "160", **more}


class Product:
    """A running command with its output. Use as a context: it never outlives the test."""

    def __init__(self, var: Path, *command: str, env: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment(var, **(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self.lines: list[str] = []
        self.news = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self.news:
                self.lines.append(line.rstrip("\n"))
                self.news.notify_all()
        with self.news:
            self.news.notify_all()

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, text: str) -> None:
        """Until a line holds `text`; fails when the process ends without it."""
        end = time.monotonic() + PATIENCE
        with self.news:
            while not any(text in line for line in self.lines):
                assert self.reader.is_alive(), f"ended without {text!r}:\n{self.output}"
                assert time.monotonic() < end, f"no {text!r} in:\n{self.output}"
                self.news.wait(0.1)

    def finish(self) -> int:
        """The exit code, once it ends by itself."""
        code = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        return code

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """kill -9 of everything it started; no chance to tidy up."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def __enter__(self) -> Product:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def manage(var: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Product:
    return Product(var, "manage.py", *arguments, env=env)


def done(var: Path, *arguments: str, env: Mapping[str, str] | None = None) -> str:
    """The output of a command that must succeed."""
    with manage(var, *arguments, env=env) as command:
        assert command.finish() == 0, command.output
        return command.output


def digest_of(var: Path) -> dict[str, Any]:
    """Content of the database and of the stored files."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.operations.digest"],
        cwd=ROOT,
        env=environment(var),
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    files = sorted(path for path in (var / "files").rglob("*") if path.is_file())
    names = {
        str(path.relative_to(var)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
    return {**json.loads(found.stdout), "files": names}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
