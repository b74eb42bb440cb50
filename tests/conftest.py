"""What every test stands on; fixtures of one area live in that area's folder."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import translation

from tools import services

# Playwright's synchronous interface runs an event loop, in which Django refuses the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}
LOCAL = {"127.0.0.1", "::1", "localhost", ""}


def pytest_configure(config: pytest.Config) -> None:
    """Settings for the whole run, before the first connection or user."""
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django_settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that touch the database, and skip what this machine cannot run."""
    on_postgres = django_settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    marked = {
        name
        for item in items
        for name in ("browser", "pspp", "redis", "r")
        if item.get_closest_marker(name)
    }
    missing = {
        "postgres": "" if on_postgres else "needs DATABASE_URL of a PostgreSQL",
        "redis": "Redis does not answer" if "redis" in marked and not services.redis_url() else "",
        "browser": "no chromium here" if "browser" in marked and not services.chromium() else "",
        "pspp": "no PSPP here" if "pspp" in marked and not services.pspp() else "",
        "r": "no Rscript with survey here" if "r" in marked and not services.rscript() else "",
    }
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")
        for name, reason in missing.items():
            if reason and item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """A database of its own for every process, so that several runs do not meet.

    SQLite in a file, as in the product: threads cannot share one in memory.
    """
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        name = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    else:
        name = f"test_mel_{os.getpid()}"
    database["TEST"] = {**database.get("TEST", {}), "NAME": name}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Files received in a test go to its own folder."""
    folder = tmp_path / "files"
    settings.MEDIA_ROOT = str(folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this machine may be called."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in LOCAL:
            raise AssertionError(f"a test called {address}; only this machine may be called")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """English unless the test asks: @pytest.mark.parametrize("language", ["ky"], indirect=True)."""
    code = getattr(request, "param", "en")
    with translation.override(code):
        yield code


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser for tests marked `browser`."""
    path = services.chromium()
    assert path is not None
    return path


@pytest.fixture(scope="session")
def redis_url() -> str:
    """Address of the Redis for tests marked `redis`."""
    url = services.redis_url()
    assert url is not None
    return url
