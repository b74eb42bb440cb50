"""Serve the site from this process: the embedded way, without other services."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from indicators.actions.runs import mark_interrupted


class Command(BaseCommand):
    help = "Serve the site on one address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--threads", type=int, default=8)

    def handle(self, *args: Any, **options: Any) -> None:
        from waitress import create_server

        from mel.wsgi import application

        if not settings.CELERY_BROKER_URL:
            mark_interrupted()  # this process does the calculations: what ran before is gone
        host, port = options["host"], options["port"]
        try:
            server = create_server(application, host=host, port=port, threads=options["threads"])
        except OSError as error:
            self.stderr.write(f"http://{host}:{port} is not free ({error}). Choose another --port.")
            raise SystemExit(1) from error
        self.stdout.write(f"http://{host}:{port}/  (Ctrl-C stops)")
        try:
            server.run()
        finally:
            server.close()
