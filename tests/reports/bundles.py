"""Bundles unpacked and run as an evaluator would, and what they print."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.test import Client

from indicators.models import Change, Estimate, Gap, Run
from indicators.queries.answer_tables import Stored
from indicators.queries.reproduction import reproduction_of
from indicators.reports.r_bundle import r_bundle
from indicators.vocabulary import Scope

PATIENCE = 120  # seconds; far above the one or two that a script takes


def stored(run: Run, model: type[Stored], measure: str, **where: Any) -> Stored:
    """The row of a run as the door hands it out; of the project unless a scope is named."""
    if model is not Gap:
        where.setdefault("scope", Scope.PROJECT)
    waves = {Change: ("wave_from", "wave_to"), Gap: ("wave_from", "wave")}.get(model, ("wave",))
    school = () if model is Gap else ("school",)
    rows = model._default_manager.select_related("run__project", "measure", *waves, *school)
    found: Stored = rows.get(run=run, measure__code=measure, **where)
    return found


def level(run: Run, measure: str, wave: str = "W1", **where: Any) -> Stored:
    return stored(run, Estimate, measure, wave__code=wave, **where)


def change(run: Run, measure: str, **where: Any) -> Stored:
    return stored(run, Change, measure, **where)


def gap(run: Run, measure: str, wave: str = "W1", group_by: str = "sex") -> Stored:
    return stored(run, Gap, measure, wave__code=wave, group_by=group_by)


def files_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def bundle_files(row: Stored) -> dict[str, str]:
    return files_of(r_bundle(reproduction_of(row)))


def unpack(row: Stored, folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name, text in bundle_files(row).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run_r(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = ["Rscript", *(arguments or ("reproduce.R",))]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


# Starting R and its packages takes a second, a script a tenth of one.
TOGETHER = """
quit <- function(save, status = 0, ...) cat("status", status, "\\n")
for (folder in commandArgs(TRUE)) {
  cat("folder\\n")
  setwd(folder)
  source("reproduce.R")
}
"""


def run_together(folders: Iterable[Path], **env: str) -> list[str]:
    """What every script prints, all in one process; each ends with a line of its status."""
    names = [str(folder) for folder in folders]
    done = run_r(Path(names[0]), "-e", TOGETHER, *names, **env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout.split("folder\n")[1:]


def differences(printed: str) -> dict[str, float]:
    """The last column of the table that a script prints, by the name of the number."""
    rows = [line.split() for line in printed.splitlines()]
    head = rows.index(["number", "stored", "R", "difference"])
    table = rows[head + 1 : rows.index([], head)]
    return {row[0]: float(row[3]) for row in table if len(row) == 4}


def csv_rows(text: str) -> list[list[str]]:
    import csv

    return list(csv.reader(io.StringIO(text)))


def signed_in(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client
