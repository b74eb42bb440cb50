"""Serve the site from this process: the embedded way, without other services."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from indicators.tasks import mark_all_interrupted, stop_background
from mel.environment import whole

HOST = "127.0.0.1"
# What still runs then is cut off. Nothing is lost by it: every write is one transaction.
SECONDS_TO_STOP = 1.5


def default_port() -> int:
    """PORT of the environment, so that `make run PORT=8001` works."""
    try:
        return whole("PORT", 8000)
    except ImproperlyConfigured as error:
        raise CommandError(str(error)) from error


class Command(BaseCommand):
    help = "Serve the site on one address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=HOST)
        parser.add_argument("--port", type=int, help="default: PORT, or 8000")
        parser.add_argument("--threads", type=int, default=8)

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        port = default_port() if port is None else port
        _check_database()
        server = _server(host, port, options["threads"])
        if not settings.CELERY_BROKER_URL:
            # This process does the calculations: what ran before is gone. Only now, when the
            # address is ours: another copy may be running and calculating.
            mark_all_interrupted()
        number = getattr(server, "effective_port", port)  # --port 0 takes any free one
        try:
            for each in (signal.SIGINT, signal.SIGTERM):
                signal.signal(each, _stop)
            self.stdout.write(f"The site is on http://{host}:{number}/  (Ctrl-C stops)")
            self.stdout.flush()
            server.run()
        finally:
            stop_background()
            server.close()
            self.stdout.write("\nStopped.")


def _check_database() -> None:
    try:
        executor = MigrationExecutor(connection)
        is_behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise CommandError(f"The database does not answer: {error}") from error
    if is_behind:
        raise CommandError(
            "The database is empty or of an older version. First run: manage.py migrate\n"
            "With the demo project in it: manage.py demo, or make run"
        )


def _server(host: str, port: int, threads: int) -> Any:
    from waitress import create_server

    from mel.wsgi import application

    if not 0 <= port <= 65535:
        raise CommandError(f"There is no port {port}: a port is a number from 1 to 65535.")
    try:
        return create_server(application, host=host, port=port, threads=threads)
    except (OSError, ValueError) as error:
        raise CommandError(_why(host, port, error)) from error


def _why(host: str, port: int, error: Exception) -> str:
    number = getattr(error, "errno", None)
    another = "\nAnother port: make run PORT=8001, or manage.py serve --port 8001"
    if number == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program, perhaps by another copy of this site: "
            f"look at http://{host}:{port}/{another}"
        )
    if number == errno.EACCES:
        return f"Port {port} is reserved for the system.{another}"
    return f"The site cannot be served on {host}:{port} ({error})."


def _stop(number: int, frame: FrameType | None) -> None:
    """Ctrl-C or a service manager: let requests and the calculation end, but not for long."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_DFL)  # a second one stops at once
    stop_background()
    last = threading.Timer(SECONDS_TO_STOP, _cut_off)
    last.daemon = True
    last.start()
    raise SystemExit(0)


def _cut_off() -> None:
    sys.stdout.flush()
    os._exit(0)
