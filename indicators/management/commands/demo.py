"""From nothing to the job done: database, demo project, its files, calculation, summary."""

from __future__ import annotations

import shutil
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.db import OperationalError
from django.db.models import Sum
from django.utils import translation

from indicators.actions.demo import (
    ACCOUNTS,
    DEMO_DIR,
    PASSWORD_FILE,
    create_demo_accounts,
    demo_files,
    demo_password,
    one_at_a_time,
    show_demo_quotes,
)
from indicators.actions.demo_codes import load_demo_codes
from indicators.actions.demo_texts import load_demo_texts
from indicators.actions.load_project import LoadRefused, load_project
from indicators.actions.releases import publish_run
from indicators.actions.runs import is_up_to_date, request_run, run_calculation
from indicators.actions.uploads import import_file
from indicators.management.commands.serve import HOST, default_port
from indicators.models import Dataset, Project, Release, Run, School, Upload, User, Wave
from indicators.presenters.run import step_text
from indicators.presenters.summary import WIDTHS, summary_lines
from indicators.queries.project_overview import project_overview
from indicators.tasks import mark_all_interrupted
from indicators.vocabulary import FileKind, RunState, UploadState
from indicators.words import word

BAR = 30
NARROW = (0, 2, 3, 5)  # columns of the summary beside the name where not all of them fit
AGAIN = "Nothing is lost: the same command goes on from here."


class Command(BaseCommand):
    help = "Set up the demo project; running it again is quick and loses nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.progress = Progress(self.stdout)
        self.address = f"http://{HOST}:{default_port()}"
        try:
            with translation.override("en"), one_at_a_time(self._wait):
                self._set_up()
        except (OSError, OperationalError) as error:
            self.progress.leave()
            raise CommandError(
                f"{error}\nThe demo keeps its data in {settings.VAR_DIR}: this account must be "
                f"able to write there, and 100 MB must be free. {AGAIN}"
            ) from error
        except KeyboardInterrupt as stop:
            self.progress.leave()
            raise CommandError(f"Stopped. {AGAIN}", returncode=130) from stop

    def _wait(self) -> None:
        self.progress.show(0.0, "waiting for another process that sets up the demo")

    def _set_up(self) -> None:
        self.progress.show(0.0, "database")
        call_command("migrate", verbosity=0, interactive=False)
        if not settings.CELERY_BROKER_URL:
            mark_all_interrupted()
        project = self._load_project()
        create_demo_accounts(project=project, password=demo_password())
        self._load_files(project)
        self.progress.show(0.8, "themes of open answers")
        officer = User.objects.get(username="officer")
        load_demo_codes(project=project, directory=DEMO_DIR, by=officer)
        load_demo_texts(project=project, directory=DEMO_DIR, by=officer)
        run = self._calculate(project)
        self._publish_first(run)
        self.progress.show(1.0, "done")
        self.progress.leave()
        self._summary(project, run)

    def _load_project(self) -> Project:
        self.progress.show(0.05, "project, schools, questionnaires")
        try:
            return load_project(directory=DEMO_DIR, by=None).project
        except LoadRefused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _load_files(self, project: Project) -> None:
        files = list(demo_files())
        waves = {wave.code: wave for wave in Wave.objects.filter(project=project)}
        for done, file in enumerate(files):
            self.progress.show(0.15 + 0.65 * done / len(files), file.path.name)
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
            if file.kind is FileKind.NOTES and not report.already:
                show_demo_quotes(project=project)

    def _calculate(self, project: Project) -> Run:
        self.progress.show(0.8, "calculation")
        run = is_up_to_date(project=project)
        if run is not None:
            return run
        run = request_run(project=project, by=None)
        run = run_calculation(run_id=run.pk, progress=self._calculation_step)
        if run.state != RunState.DONE:
            raise CommandError(
                f"The calculation ended early ({word(RunState(run.state))}). {AGAIN}"
            )
        return run

    def _calculation_step(self, run: Run) -> None:
        share = run.done / run.total if run.total else 0.0
        self.progress.show(0.8 + 0.18 * share, f"calculation: {step_text(run.step)}")

    def _publish_first(self, run: Run) -> None:
        """The first run is shown to donors; later ones wait for the officer."""
        if not Release.objects.filter(run__project=run.project).exists():
            publish_run(run=run, by=User.objects.get(username="officer"))

    def _summary(self, project: Project, run: Run) -> None:
        overview = project_overview(project=project, run=run, min_group=1)
        room = shutil.get_terminal_size(fallback=(1000, 24)).columns
        for line in summary_lines(overview.lines):
            self.stdout.write(fitted(line, room))
        self.stdout.write("")
        if room < FULL:
            self.stdout.write(f"Changes and targets need a terminal {FULL} wide, or the site.")
        files = Upload.objects.filter(project=project, state=UploadState.ACCEPTED).count()
        schools = School.objects.filter(project=project).count()
        answers = Dataset.objects.filter(
            wave__project=project, upload__state=UploadState.ACCEPTED
        ).aggregate(n=Sum("n_used"))["n"]
        self.stdout.write(
            f"{schools} schools, {files} files, {answers} questionnaires, "
            f"{len(overview.lines)} indicators\n"
        )
        self.stdout.write(f"Site      {self.address}/p/{project.code}/")
        self.stdout.write("          while `make run` or `manage.py serve` is running")
        kept = Path(settings.VAR_DIR) / PASSWORD_FILE
        self.stdout.write(f"Password  {demo_password()}  (of all four accounts; kept in {kept})")
        for number, account in enumerate(ACCOUNTS):
            label = "" if number else "Accounts"
            role = f"{word(account.role)}:"
            self.stdout.write(f"{label:<10}{account.username:<9} {role:<16} {account.does}")


class Progress:
    """One line that fills up in a terminal; one line per step in a log."""

    def __init__(self, out: OutputWrapper) -> None:
        self.out, self.is_live, self.text, self.is_open = out, out.isatty(), "", False

    def show(self, share: float, text: str) -> None:
        if self.is_live:
            filled = round(BAR * share)
            room = shutil.get_terminal_size().columns - 1
            line = f"[{'#' * filled}{'-' * (BAR - filled)}] {share:4.0%}  {text}"
            self.out.write(f"\r{line[:room]:<{room}}", ending="")
            self.is_open = True
        elif text != self.text:
            self.out.write(f"{share:4.0%}  {text}")
        self.text = text
        self.out.flush()

    def leave(self) -> None:
        """What comes next begins on a line of its own."""
        if self.is_open:
            self.out.write("")
        self.is_open = False


FULL = sum(WIDTHS) + len(WIDTHS) - 1
STARTS = [0, *accumulate(width + 1 for width in WIDTHS)]


def fitted(line: str, room: int) -> str:
    """A line of the summary in a terminal too narrow for all columns: code, name, few values."""
    if room >= FULL:
        return line
    if set(line) == {"-"}:
        return line[:room]
    code, *values = (line[STARTS[n] : STARTS[n] + WIDTHS[n]].ljust(WIDTHS[n]) for n in NARROW)
    name = line[STARTS[1] : STARTS[1] + WIDTHS[1]]
    width = max(room - sum(WIDTHS[n] + 1 for n in NARROW), 10)
    if len(name.rstrip()) > width:
        name = name[: width - 1] + "…"
    return " ".join((code, name[:width].ljust(width), *values)).rstrip()[:room]
