"""Calculate all indicators of a project."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.actions.runs import request_run, run_calculation
from indicators.models import Project
from indicators.vocabulary import RunState


class Command(BaseCommand):
    help = "Calculate all indicators of a project and store the results as a run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", required=True, help="code of the project")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(code=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']!r}.")
        run = run_calculation(run_id=request_run(project=project, by=None).pk)
        outcome = {
            "run": run.pk,
            "state": run.state,
            "estimates": run.estimates.count(),
            "changes": run.changes.count(),
            "assessments": run.assessments.count(),
            "input_sha256": run.input_sha256,
        }
        self.stdout.write(json.dumps(outcome) if options["json"] else f"Run {run.pk}: {run.state}")
        if run.state != RunState.DONE:
            raise CommandError(run.error or run.state)
