"""Everything CI runs: check.py, or check.py --static for the checks that run no tests.

Every step runs, also after a failure; a table at the end says what passed, what failed and what
was left out and why. With REQUIRE_ALL=1 whatever was left out counts as a failure.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import services

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(sys.executable).parent
NUMBERS = "indicators/stats/*,indicators/pipeline/*"
NUMBERS_COVERAGE = 100  # percent of lines and branches

# A server as it should be set up, for `check --deploy`.
SERVER = {
    "EMBEDDED": "0",
    "HTTPS": "1",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "mel.example.org",
}


@dataclass(frozen=True)
class Step:
    name: str
    command: list[str]
    env: Mapping[str, str] = field(default_factory=dict)
    left_out: str = ""  # the reason, when something is missing


def static_steps() -> Iterator[Step]:
    ruff = str(BIN / "ruff")
    yield Step("format", [ruff, "format", "--check", "--quiet", "."])
    yield Step("lint", [ruff, "check", "--quiet", "."])
    yield Step("types", [str(BIN / "mypy")])
    yield Step("templates", [str(BIN / "djlint"), "templates", "--lint", "--quiet"])
    manage = [PYTHON, "manage.py"]
    yield Step("migrations", [*manage, "makemigrations", "--check", "--dry-run"])
    with tempfile.TemporaryDirectory() as folder:  # stays until the next step is asked for
        empty = {"VAR_DIR": folder, "DATABASE_URL": ""}
        yield Step("migrations from nothing", [*manage, "migrate", "--verbosity=0"], empty)
    yield Step(
        "settings of a server", [*manage, "check", "--deploy", "--fail-level=WARNING"], SERVER
    )
    yield Step("method page in docs/", [PYTHON, "tools/method.py", "check"])
    yield Step("published figures in docs/", [PYTHON, "tools/published.py", "check"])
    yield Step(
        "translations",
        [PYTHON, "tools/messages.py", "check"],
        left_out="" if services.gettext() else "gettext is not installed",
    )


def test_steps() -> Iterator[Step]:
    pytest = [PYTHON, "-m", "pytest", "--numprocesses=logical", "--dist=loadfile"]
    redis = services.redis_url()
    found = {"TEST_REDIS_URL": redis} if redis else {}
    absent = {
        "browser": "" if services.chromium() else "chromium is not installed",
        "pspp": "" if services.pspp() else "PSPP is not installed",
        "r": "" if services.rscript() else "Rscript with its package survey is not installed",
        "redis": "" if redis else "Redis does not answer (TEST_REDIS_URL)",
    }
    command = [*pytest, "-m", "not postgres", "--cov", "--cov-report="]
    yield Step("tests", command, found)
    for name, why in absent.items():
        if why:
            yield Step(f"tests marked {name}", [], left_out=why)
    report = [PYTHON, "-m", "coverage", "report"]
    yield Step("coverage", report)
    yield Step(
        "coverage of the numbers",
        [*report, f"--include={NUMBERS}", f"--fail-under={NUMBERS_COVERAGE}"],
    )
    postgres = services.postgres_url()
    yield Step(
        "tests on PostgreSQL",
        [*pytest, "--migrations", "-m", "database or postgres"],
        {**found, "DATABASE_URL": postgres or ""},
        left_out="" if postgres else "PostgreSQL does not answer (TEST_DATABASE_URL)",
    )


def run(step: Step) -> tuple[str, float]:
    """The outcome in a word, and seconds."""
    if step.left_out:
        return "LEFT OUT", 0.0
    print(f"\n=== {step.name}", flush=True)
    start = time.monotonic()
    done = subprocess.run(step.command, cwd=ROOT, env={**os.environ, **step.env}, check=False)
    return ("FAILED" if done.returncode else "passed"), time.monotonic() - start


def main() -> int:
    require_all = os.environ.get("REQUIRE_ALL") == "1"
    steps = static_steps() if "--static" in sys.argv else chain(static_steps(), test_steps())
    outcomes = [(step, *run(step)) for step in steps]
    print("\n=== summary")
    for step, outcome, seconds in outcomes:
        print(f"{outcome:9} {step.name:26} {step.left_out or f'{seconds:6.1f} s'}")
    words = [outcome for _, outcome, _ in outcomes]
    failed, missing = words.count("FAILED"), words.count("LEFT OUT")
    print(f"\n{words.count('passed')} passed, {failed} failed, {missing} left out")
    if missing and require_all:
        print("REQUIRE_ALL=1: nothing may be left out.")
    return bool(failed or (missing and require_all))


if __name__ == "__main__":
    sys.exit(main())
