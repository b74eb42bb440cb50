"""From nothing to the job done: database, demo project, its files, calculation, summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from indicators.actions.demo import (
    ACCOUNTS,
    DEMO_DIR,
    create_demo_accounts,
    demo_files,
    demo_password,
)
from indicators.actions.load_project import LoadRefused, load_project
from indicators.actions.releases import publish_run
from indicators.actions.runs import is_up_to_date, mark_interrupted, request_run, run_calculation
from indicators.actions.uploads import import_file
from indicators.models import Project, Release, Run, User, Wave
from indicators.presenters.summary import summary_lines
from indicators.queries.project_overview import project_overview
from indicators.words import word

BAR = 30


class Command(BaseCommand):
    help = "Set up the demo project; running it again is quick and loses nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.is_live = self.stdout.isatty()
        with translation.override("en"):
            self._bar(0.0, "database")
            call_command("migrate", verbosity=0, interactive=False)
            if not settings.CELERY_BROKER_URL:
                mark_interrupted()
            project = self._load_project()
            create_demo_accounts(project=project, password=demo_password())
            self._load_files(project)
            run = self._calculate(project)
            self._publish_first(run)
            self._bar(1.0, "done")
            self._summary(project, run)

    def _load_project(self) -> Project:
        self._bar(0.05, "project, schools, questionnaires")
        try:
            return load_project(directory=DEMO_DIR, by=None).project
        except LoadRefused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _load_files(self, project: Project) -> None:
        files = list(demo_files())
        waves = {wave.code: wave for wave in Wave.objects.filter(project=project)}
        for done, file in enumerate(files):
            self._bar(0.15 + 0.65 * done / len(files), file.path.name)
            report = import_file(
                project=project,
                wave=waves[file.wave],
                kind=file.kind,
                file_name=file.path.name,
                content=Path(file.path).read_bytes(),
                instrument=file.instrument,
                by=None,
            )
            if not report.is_accepted:
                raise CommandError(f"{file.path.name} could not be loaded: {report.problems[:5]}")

    def _calculate(self, project: Project) -> Run:
        self._bar(0.8, "calculation")
        run = is_up_to_date(project=project)
        if run is not None:
            return run
        run = request_run(project=project, by=None)
        return run_calculation(run_id=run.pk, progress=self._calculation_bar)

    def _calculation_bar(self, run: Run) -> None:
        share = run.done / run.total if run.total else 0.0
        self._bar(0.8 + 0.18 * share, f"calculation: {run.step}")

    def _publish_first(self, run: Run) -> None:
        """The first run is shown to donors; later ones wait for the officer."""
        if not Release.objects.filter(run__project=run.project).exists():
            publish_run(run=run, by=User.objects.get(username="officer"))

    def _bar(self, share: float, text: str) -> None:
        filled = round(BAR * share)
        line = f"[{'#' * filled}{'-' * (BAR - filled)}] {share:4.0%}  {text}"
        if self.is_live:
            self.stdout.write(f"\r{line[:78]:<78}", ending="\n" if share >= 1 else "")
        else:
            self.stdout.write(line)
        self.stdout.flush()

    def _summary(self, project: Project, run: Run) -> None:
        overview = project_overview(project=project, run=run, min_group=1)
        for line in summary_lines(overview.lines):
            self.stdout.write(line)
        self.stdout.write("")
        self.stdout.write(f"Site      http://127.0.0.1:8000/p/{project.code}/")
        self.stdout.write(f"Password  {demo_password()}  (of every demo account)")
        for account in ACCOUNTS:
            self.stdout.write(f"          {account.username:<10} {word(account.role)}")
