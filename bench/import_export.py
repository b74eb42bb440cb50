"""One survey file: by the import library into plain rows, and by our way into a dataset.

The peers are django-import-export as it comes and as it can be tuned (bulk inserts, no differences,
loaded foreign keys). Ours is the whole of `import_file`: received, read, checked, accepted, with
its audit. Each has a process and an SQLite file of its own.
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

ROWS, SCALES, SCHOOLS = 10_000, 10, 200
NAMES = [f"q{number}" for number in range(SCALES)]


def main() -> int:
    found = {name: _apart(name) for name in WORK}
    ours = found["ours"]
    title = f"importing {ROWS:,} x {SCALES + 2}"
    print(f"{title:<44} {'rows/s':>9} {'cpu s':>7} {'x ours':>7} {'MB':>6}")
    for name, one in found.items():
        print(
            f"{name:<44} {ROWS / one['seconds']:>9,.0f} {one['cpu']:>7.2f} "
            f"{one['seconds'] / ours['seconds']:>7.1f} {one['megabytes']:>6.0f}"
        )
    return 0


def _content() -> bytes:
    rng = np.random.default_rng(12)
    schools, answers = rng.integers(0, SCHOOLS, ROWS), rng.integers(1, 6, (ROWS, SCALES))
    lines = [";".join(["consent", "school", *NAMES])]
    lines += [
        f"yes;S{school:03};" + ";".join(map(str, codes))
        for school, codes in zip(schools.tolist(), answers.tolist(), strict=True)
    ]
    return ("\n".join(lines) + "\n").encode()


def _apart(name: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "VAR_DIR": folder, "DATABASE_URL": "", "CELERY_BROKER_URL": ""}
        command = [sys.executable, "-m", "bench.import_export", name]
        done = subprocess.run(command, capture_output=True, check=True, env=env)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


# --- in a process of its own -----------------------------------------------------------------


def _project() -> Any:
    """A project with one wave that takes answers to one questionnaire."""
    from indicators import models as m
    from indicators.vocabulary import ItemKind, Respondent, Selection, WaveKind, WaveState

    project = m.Project.objects.create(code="p", reference_date=date(2027, 12, 1), name_en="P")
    m.School.objects.bulk_create(
        m.School(project=project, code=f"S{n:03}", name_en=f"School {n}") for n in range(SCHOOLS)
    )
    wave = m.Wave.objects.create(
        project=project,
        code="W0",
        kind=WaveKind.BASELINE,
        state=WaveState.OPEN,
        position=0,
        name_en="Baseline",
        field_start=date(2025, 10, 6),
        field_end=date(2025, 11, 2),
    )
    instrument = m.Instrument.objects.create(
        project=project, code="student", respondent=Respondent.STUDENT, name_en="Students"
    )
    version = m.InstrumentVersion.objects.create(instrument=instrument, version="1")
    m.WaveInstrument.objects.create(wave=wave, version=version, selection=Selection.CENSUS)
    yes_no = m.Scale.objects.create(project=project, code="yes_no")
    likert = m.Scale.objects.create(project=project, code="likert")
    for name, code in (("yes", 1), ("no", 0)):
        yes_no.options.create(name=name, code=code, label_en=name, position=code)
    for code in range(1, 6):
        likert.options.create(name=str(code), code=code, label_en=f"word {code}", position=code)
    kinds = [("consent", ItemKind.CONSENT, yes_no), ("school", ItemKind.SCHOOL, None)]
    kinds += [(name, ItemKind.SCALE, likert) for name in NAMES]
    for position, (name, kind, scale) in enumerate(kinds):
        item = m.Item.objects.create(
            instrument=instrument, name=name, kind=kind, scale=scale, position=position
        )
        m.ItemVersion.objects.create(
            item=item, version=version, name_in_version=name, position=position, label_en=name
        )
    return project


def _ours() -> Callable[[], None]:
    from indicators.actions.uploads import import_file
    from indicators.models import Dataset, Wave
    from indicators.vocabulary import FileKind

    project, content = _project(), _content()

    def work() -> None:
        report = import_file(
            project=project,
            wave=Wave.objects.get(),
            kind=FileKind.SURVEY,
            file_name="a.csv",
            content=content,
            instrument="student",
            by=None,
        )
        assert report.is_accepted, report.problems[:3]
        assert Dataset.objects.get().n_used == ROWS

    return work


def _resource(**tuning: Any) -> tuple[Any, Any]:
    """A resource of a scratch table with a foreign key to the schools."""
    from django.db import connection, models
    from import_export import fields, resources, widgets

    from indicators.models import School

    columns = {name: models.SmallIntegerField() for name in ("consent", *NAMES)}
    meta = type("Meta", (), {"app_label": "indicators"})
    school = models.ForeignKey(School, models.CASCADE, related_name="+")
    body = {"Meta": meta, "__module__": __name__, "school": school, **columns}
    row = type("ScratchRow", (models.Model,), body)
    with connection.schema_editor() as editor:
        editor.create_model(row)
    widget = tuning.pop("widget", widgets.ForeignKeyWidget)
    names = ("consent", "school", *NAMES)
    options = {"model": row, "fields": names, "import_id_fields": (), **tuning}
    field = fields.Field(attribute="school", column_name="school", widget=widget(School, "code"))
    body = {"school": field, "Meta": type("Meta", (), options)}
    return type("RowResource", (resources.ModelResource,), body), row


def _by_library(**tuning: Any) -> Callable[[], None]:
    import tablib

    _project()
    resource, row = _resource(**tuning)
    text = _content().decode().replace("yes;", "1;")

    def work() -> None:
        table = tablib.Dataset().load(text, format="csv", delimiter=";")
        result = resource().import_data(table, dry_run=False, raise_errors=True)
        assert not result.has_errors()
        assert row._default_manager.count() == ROWS

    return work


def _tuned() -> Callable[[], None]:
    from import_export.widgets import CachedForeignKeyWidget

    return _by_library(
        widget=CachedForeignKeyWidget,
        use_bulk=True,
        batch_size=1000,
        skip_diff=True,
        force_init_instance=True,
    )


WORK: dict[str, Callable[[], Callable[[], None]]] = {
    "ours": _ours,
    "django-import-export, as it comes": _by_library,
    "django-import-export, tuned": _tuned,
}


def _measure(name: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mel.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    work = WORK[name]()
    start, cpu = time.perf_counter(), time.process_time()
    work()
    taken = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    peak = Path("/proc/self/status").read_text(encoding="utf-8").partition("VmHWM:")[2].split()[0]
    print(json.dumps({**taken, "megabytes": int(peak) / 1024}))


if __name__ == "__main__":
    _measure(sys.argv[1])
