"""What this machine offers to the tests: each function returns an address or path, or None.

Addresses come from the environment; the usual local ones are tried otherwise.
"""

import os
import shutil
import subprocess


def postgres_url() -> str | None:
    import psycopg

    url = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(
                "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
            ).fetchone()
    except psycopg.Error:
        return None
    return url if row and row[0] else None


def redis_url() -> str | None:
    import redis

    url = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3) as client:
            client.ping()
    except (redis.RedisError, OSError):
        return None
    return url


def chromium() -> str | None:
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    return None


def rscript() -> str | None:
    """R with the package survey, which the downloaded scripts use."""
    path = shutil.which("Rscript")
    if path is None:
        return None
    command = [path, "-e", 'loadNamespace("survey")']
    done = subprocess.run(command, capture_output=True, check=False)
    return None if done.returncode else path


def pspp() -> str | None:
    return shutil.which("pspp")


def gettext() -> str | None:
    names = ("msgfmt", "msgmerge", "msgcmp", "xgettext")
    return shutil.which("msgfmt") if all(map(shutil.which, names)) else None
