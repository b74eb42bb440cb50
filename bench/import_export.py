"""A survey file loaded by django-import-export row by row, and by our way to an accepted dataset.

10,000 x 12 answers as CSV into SQLite: plain rows of a scratch table by the library as it comes,
by the library tuned (bulk, cached look-ups, no differences), and the same file by `import_file`:
read, validated, packed by column, audited. Each has a process and a database of its own; migrations
and set-up are not in the seconds, and the memory said is what the import added at its peak.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

ROWS, SCALES, SCHOOLS = 10_000, 10, 400
BATCH = 1_000
HEADER = ["resp_id", "school", *(f"q{number}" for number in range(SCALES))]
NAMES = {
    "ours": "our way, to an accepted dataset",
    "tuned": "django-import-export, tuned",
    "default": "django-import-export, defaults",
}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        _write(path)
        found = {way: _apart(way, path) for way in NAMES}
    ours = found["ours"]
    print(f"{ROWS:,} x {len(HEADER)} answers as CSV into SQLite")
    print(f"{'':<36} {'rows/s':>9} {'cpu s':>8} {'x ours':>7} {'peak MB':>8} {'x ours':>7}")
    for way, name in NAMES.items():
        one = found[way]
        print(
            f"{name:<36} {ROWS / one['wall']:>9,.0f} {one['cpu']:>8.2f} "
            f"{one['cpu'] / ours['cpu']:>7.1f} {one['megabytes']:>8.1f} "
            f"{one['megabytes'] / ours['megabytes']:>7.1f}"
        )
    return 0


def _write(path: Path) -> None:
    rng = np.random.default_rng(12)
    schools, answers = rng.integers(0, SCHOOLS, ROWS), rng.integers(1, 6, (ROWS, SCALES))
    lines = [",".join(HEADER)]
    for number, (school, codes) in enumerate(zip(schools, answers.tolist(), strict=True)):
        lines.append(",".join([f"r{number}", f"S{school:03}", *map(str, codes)]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _apart(way: str, path: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        settings = {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{Path(folder) / 'db.sqlite3'}"}
        command = [sys.executable, "-m", "bench.import_export", way, str(path)]
        done = subprocess.run(
            command, capture_output=True, check=True, env=os.environ | settings, text=True
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


# --- in a process of its own -----------------------------------------------------------------


def measure(way: str, path: Path) -> None:
    import django

    django.setup()
    work = {"ours": _ours, "tuned": _library, "default": _library}[way](way, path)
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the peak starts anew
    before, wall, cpu = _memory("VmRSS"), time.perf_counter(), time.process_time()
    work()
    found = {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "megabytes": max(_memory("VmHWM") - before, 0.1),
    }
    print(json.dumps(found))


def _memory(name: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition(f"{name}:")[2].split()[0]) / 1024


def _ours(way: str, path: Path) -> Callable[[], None]:
    from django.core.management import call_command

    from indicators.actions.uploads import import_file
    from indicators.vocabulary import FileKind

    call_command("migrate", verbosity=0, interactive=False)
    project, wave = _project()

    def work() -> None:
        report = import_file(
            project=project,
            wave=wave,
            kind=FileKind.SURVEY,
            file_name=path.name,
            content=path.read_bytes(),
            instrument="student",
            by=None,
        )
        assert (report.counts or {})["answers"] == ROWS, report.problems[:3]

    return work


def _project() -> tuple[Any, Any]:
    """A questionnaire of ten questions, used in one wave of a project with 400 schools."""
    from indicators import models
    from indicators.vocabulary import ItemKind, Respondent, Selection, WaveKind

    project = models.Project.objects.create(code="bench", reference_date=date(2027, 12, 1))
    models.School.objects.bulk_create(
        models.School(project=project, code=f"S{n:03}", name_en=f"School {n}")
        for n in range(SCHOOLS)
    )
    wave = models.Wave.objects.create(
        project=project,
        code="W0",
        kind=WaveKind.BASELINE,
        position=0,
        field_start=date(2025, 10, 6),
        field_end=date(2025, 11, 2),
    )
    form = models.Instrument.objects.create(
        project=project, code="student", respondent=Respondent.STUDENT, name_en="Students"
    )
    version = models.InstrumentVersion.objects.create(instrument=form, version="1")
    models.WaveInstrument.objects.create(
        wave=wave, version=version, selection=Selection.RANDOM_PEOPLE
    )
    scale = models.Scale.objects.create(project=project, code="likert")
    for code in range(1, 6):
        scale.options.create(name=str(code), code=code, label_en=f"word {code}", position=code)
    for position, name in enumerate(HEADER[1:]):
        kind = ItemKind.SCALE if position else ItemKind.SCHOOL
        item = models.Item.objects.create(
            instrument=form,
            name=name,
            kind=kind,
            scale=scale if position else None,
            label_en=name,
            position=position,
        )
        models.ItemVersion.objects.create(
            item=item, version=version, name_in_version=name, position=position, label_en=name
        )
    return project, wave


def _library(way: str, path: Path) -> Callable[[], None]:
    import tablib
    from django.db import connection

    school, answer = _scratch_models()
    with connection.schema_editor() as editor:
        for model in (school, answer):
            editor.create_model(model)
    school.objects.bulk_create(school(code=f"S{n:03}") for n in range(SCHOOLS))
    resource = _resource(school, answer, is_tuned=way == "tuned")

    def work() -> None:
        dataset = tablib.Dataset().load(path.read_text(encoding="utf-8"), format="csv")
        result = resource().import_data(dataset, raise_errors=True)
        assert result.totals["new"] == ROWS == answer.objects.count()

    return work


def _scratch_models() -> tuple[Any, Any]:
    """Schools and plain rows of answers. They are in the application's registry of this process."""
    from django.db import models

    def model(name: str, **fields: Any) -> Any:
        meta = type("Meta", (), {"app_label": "indicators"})
        return type(name, (models.Model,), {"__module__": __name__, "Meta": meta, **fields})

    school = model("ScratchSchool", code=models.CharField(max_length=20, unique=True))
    answer = model(
        "ScratchAnswer",
        resp_id=models.CharField(max_length=20, unique=True),
        school=models.ForeignKey(school, models.CASCADE),
        **{name: models.SmallIntegerField() for name in HEADER[2:]},
    )
    return school, answer


def _resource(school: Any, answer: Any, *, is_tuned: bool) -> Any:
    from import_export import fields, resources, widgets
    from import_export.instance_loaders import CachedInstanceLoader

    options: dict[str, Any] = {"model": answer, "fields": HEADER, "import_id_fields": ["resp_id"]}
    widget = widgets.ForeignKeyWidget
    if is_tuned:
        widget = widgets.CachedForeignKeyWidget
        options |= {
            "use_bulk": True,
            "batch_size": BATCH,
            "skip_diff": True,
            "instance_loader_class": CachedInstanceLoader,
            "force_init_instance": True,
        }
    field = fields.Field(
        column_name="school", attribute="school", widget=widget(school, field="code")
    )
    meta = type("Meta", (), options)
    return type("AnswerResource", (resources.ModelResource,), {"school": field, "Meta": meta})


if __name__ == "__main__":
    measure(sys.argv[1], Path(sys.argv[2]))
