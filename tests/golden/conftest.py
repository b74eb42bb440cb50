"""The demo project, loaded and calculated once for a test module."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from indicators.actions.demo import DEMO_DIR, demo_files
from indicators.actions.load_project import load_project
from indicators.actions.runs import request_run, run_calculation
from indicators.actions.uploads import import_file
from indicators.models import Project, Run, Wave

HERE = Path(__file__).resolve().parent


def load_demo(directory: Path = DEMO_DIR, code: str | None = None) -> Run:
    """The whole demo project, calculated. `directory`: where its definition stands."""
    project = load_project(directory=directory, by=None, code=code).project
    waves = {wave.code: wave for wave in Wave.objects.filter(project=project)}
    for file in demo_files():
        report = import_file(
            project=project,
            wave=waves[file.wave],
            kind=file.kind,
            instrument=file.instrument,
            file_name=file.path.name,
            content=file.path.read_bytes(),
            by=None,
        )
        assert report.is_accepted, (file.path.name, report.problems[:3])
    return run_calculation(run_id=request_run(project=project, by=None).pk)


@pytest.fixture(scope="module")
def demo_run(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Run]:
    """One load for a whole module: everything is rolled back at its end."""
    folder = tmp_path_factory.mktemp("files")
    settings = override_settings(MEDIA_ROOT=str(folder))
    with django_db_blocker.unblock(), settings, transaction.atomic():
        yield load_demo()
        transaction.set_rollback(True)


@pytest.fixture
def demo_project(db: None, demo_run: Run) -> Project:
    return demo_run.project


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    """What an independent script computed from the raw files."""
    return json.loads((HERE / "truth" / "expected.json").read_text(encoding="utf-8"))
