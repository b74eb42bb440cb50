"""manage.py load_project DIR: load or update a project from its folder."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.actions.load_messages import line
from indicators.actions.load_project import LoadRefused, LoadReport, load_project


class Command(BaseCommand):
    help = "Load a project from a folder; loading again updates it in place."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, help="the folder with project.toml")
        parser.add_argument("--code", help="load it under another project code")

    def handle(self, *args: Any, **options: Any) -> None:
        directory: Path = options["directory"]
        if not directory.is_dir():
            raise CommandError(f"There is no folder {directory}.")
        try:
            report = load_project(directory=directory, by=None, code=options["code"])
        except LoadRefused as refused:
            for problem in refused.problems:
                self.stderr.write(line(problem))
            n = len(refused.blocking)
            raise CommandError(f"{n} problem(s); nothing was stored.") from None
        self._tell(report)

    def _tell(self, report: LoadReport) -> None:
        for problem in report.notices:
            self.stdout.write(self.style.WARNING(line(problem)))
        names = sorted({*report.created, *report.updated, *report.unchanged})
        self.stdout.write(f"{'':20}{'created':>10}{'updated':>10}{'unchanged':>10}")
        for name in names:
            numbers = (report.created, report.updated, report.unchanged)
            self.stdout.write(f"{name:20}" + "".join(f"{one.get(name, 0):>10}" for one in numbers))
        self.stdout.write(self.style.SUCCESS(f"Project {report.project.code} is loaded."))
