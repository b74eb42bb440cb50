"""Load one file: read, check, accept, and say what is wrong with it."""

from __future__ import annotations

import json
import tomllib
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from indicators.actions.uploads import ImportReport, import_file
from indicators.models import Project, Wave
from indicators.pipeline.shapes import ProblemSpec
from indicators.problem_texts import problem_text
from indicators.vocabulary import FileKind, Severity
from indicators.words import word

SHOWN = 50


class Command(BaseCommand):
    help = "Load a file into a wave of a project; a file with blocking problems changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--project", required=True)
        parser.add_argument("--wave", default="", help="Code of the wave.")
        parser.add_argument("--kind", required=True, choices=[kind.value for kind in FileKind])
        parser.add_argument("--instrument", default="", help="For survey answers and checklists.")
        parser.add_argument(
            "--mapping", type=Path, help="Table (YAML, JSON or TOML): column header -> item name."
        )
        parser.add_argument("--dry-run", action="store_true", help="Check only; keep nothing.")
        parser.add_argument("--json", action="store_true", help="Machine-readable outcome.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        project = Project.objects.filter(code=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']}.")
        with translation.override("en"):
            report = import_file(
                project=project,
                wave=_wave(project, options["wave"]),
                kind=FileKind(options["kind"]),
                file_name=path.name,
                content=path.read_bytes(),
                instrument=options["instrument"],
                mapping=_mapping(options["mapping"]),
                by=None,
                dry_run=options["dry_run"],
            )
            if options["json"]:
                self.stdout.write(_as_json(report))
            else:
                self._print(path, report)
        if not report.is_accepted:
            raise CommandError(f"{path.name} is blocked and was not accepted.", returncode=2)

    def _print(self, path: Path, report: ImportReport) -> None:
        for problem in report.problems[:SHOWN]:
            self.stdout.write(_line(problem))
        if len(report.problems) > SHOWN:
            self.stdout.write(f"... and {len(report.problems) - SHOWN} more")
        found = Counter(problem.severity for problem in report.problems)
        for severity in Severity:
            if found[severity]:
                self.stdout.write(f"{word(severity)}: {found[severity]}")
        if report.already:
            self.stdout.write(f"{path.name} counts already; nothing changed.")
        elif report.is_accepted:
            counts = ", ".join(f"{n} {name}" for name, n in (report.counts or {}).items())
            verb = "accepted" if report.upload else "would be accepted"
            self.stdout.write(f"{path.name} {verb}: {counts}")


def _wave(project: Project, code: str) -> Wave | None:
    if not code:
        return None
    wave = Wave.objects.filter(project=project, code=code).first()
    if wave is None:
        raise CommandError(f"The project has no wave {code}.")
    return wave


def _mapping(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            found = json.loads(text)
        elif path.suffix == ".toml":
            found = tomllib.loads(text)
        else:
            found = dict(map(_pair, filter(_says_something, text.splitlines())))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise CommandError(f"{path.name} must hold a table: column header -> item name.")
    return {str(header): str(name or "") for header, name in found.items()}


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _pair(line: str) -> tuple[str, str]:
    """One line of a flat YAML table; the last colon divides, since questions hold colons too."""
    header, colon, name = line.rpartition(":")
    if not colon:
        raise ValueError(f"no colon in {line!r}")
    return header.strip().strip("\"'"), name.strip().strip("\"'")


def _line(problem: ProblemSpec) -> str:
    place = [f"sheet {problem.sheet}"] if problem.sheet else []
    place += [f"row {problem.row}"] if problem.row is not None else []
    place += [f"column {problem.column}"] if problem.column else []
    values = {**problem.params, "value": problem.value, "suggestion": problem.suggestion}
    text = problem_text(problem.kind, values)
    given = f" «{problem.value}»" if problem.value else ""
    hint = f" -> {problem.suggestion}" if problem.suggestion else ""
    return f"[{problem.severity}] {', '.join(place) or 'file'}:{given}{hint} {text}"


def _as_json(report: ImportReport) -> str:
    found = {
        "accepted": report.is_accepted,
        "already": report.already,
        "upload": report.upload.pk if report.upload else None,
        "counts": dict(report.counts or {}),
        "problems": [asdict(problem) for problem in report.problems],
    }
    return json.dumps(found, ensure_ascii=False, indent=2, default=str)
