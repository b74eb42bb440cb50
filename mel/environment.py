"""What settings.py reads from the machine: variables, strictly, and the embedded secret key."""

import os
import secrets
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}


def switch(name: str, default: bool = False) -> bool:
    """A variable that is on or off; a misspelt value is an error and not silently off."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in YES:
        return True
    if value.lower() in NO:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: write 1 or 0.")


def whole(name: str, default: int) -> int:
    """A variable that is a whole number, zero or more."""
    value = os.environ.get(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number.")
    return int(value)


def one_of(name: str, *values: str) -> str:
    """A variable with few possible values; the first is the default."""
    value = os.environ.get(name, values[0])
    if value not in values:
        raise ImproperlyConfigured(f"{name}={value!r}: write one of {', '.join(values)}.")
    return value


def text(name: str, default: str = "") -> str:
    """A variable as it stands: django-environ would follow a value that begins with $."""
    return os.environ.get(name, "") or default


def required(name: str, why: str) -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {why}")
    return value


def listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def database(default_file: Path) -> dict[str, Any]:
    """SQLite in a file, or what DATABASE_URL names."""
    url = text("DATABASE_URL", f"sqlite:///{default_file}")
    if url.partition("://")[0] not in ("sqlite", "postgres", "postgresql"):
        raise ImproperlyConfigured(
            "DATABASE_URL: write postgres://user:password@host:5432/name, with special characters "
            "of the password percent-encoded, or sqlite:////path/to/file."
        )
    found: dict[str, Any] = environ.Env.db_url_config(url)
    if found["ENGINE"] == "django.db.backends.sqlite3":
        # Readers go on while one writes, a second writer waits its turn, and a transaction takes
        # the write lock at its start: so "database is locked" does not come in the middle.
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        # Per process: processes x DATABASE_POOL must stay below the server's max_connections.
        pool = {"min_size": 1, "max_size": max(whole("DATABASE_POOL", 8), 1), "timeout": 20}
        found["OPTIONS"] = {**found.get("OPTIONS", {}), "pool": pool}
        found["CONN_MAX_AGE"] = 0
    return found


def embedded_secret_key(path: Path) -> str:
    """The random key of this machine, made once; two processes that start together agree on it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)  # whole or not at all, and never over another process's key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
