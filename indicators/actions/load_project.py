"""Load a project from its folder: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction

from indicators.actions.audit import record
from indicators.actions.definition_files import keep_loaded
from indicators.actions.load_messages import line
from indicators.actions.load_parts import Parts
from indicators.actions.load_store import Journal, Store
from indicators.actions.versions import versioned
from indicators.models import Checklist, Dataset, Project, User
from indicators.pipeline.framework import read_project
from indicators.pipeline.framework_shapes import ProjectDefinition
from indicators.pipeline.shapes import ProblemSpec
from indicators.vocabulary import DefinitionSource, Severity


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did: rows by model, and what it noticed without stopping."""

    project: Project
    created: Mapping[str, int]
    updated: Mapping[str, int]
    unchanged: Mapping[str, int]
    notices: tuple[ProblemSpec, ...]
    journal: Journal


class LoadRefused(Exception):
    """The files cannot be loaded; `problems` lists everything wrong in them. Nothing was stored."""

    def __init__(self, problems: tuple[ProblemSpec, ...]) -> None:
        self.problems = problems
        self.blocking = tuple(one for one in problems if one.severity is Severity.BLOCK)
        super().__init__("\n".join(line(problem) for problem in self.blocking))


def _no_tick(step: str) -> None:
    """Nobody watches."""


def load_project(
    *,
    directory: Path,
    by: User | None,
    code: str | None = None,
    tick: Callable[[str], None] = _no_tick,
) -> LoadReport:
    """Create or update the project of a folder, in one transaction.

    Rows are found by their natural keys (codes and names), so loading again changes only what
    the files changed. Nothing that is missing in the files is deleted. `code` loads the folder
    under another project code. `tick` is told the name of each step done.

    Raises LoadRefused with every problem of every file.
    """
    definition, problems = read_project(directory)
    if definition is None:
        raise LoadRefused(problems)
    with transaction.atomic():
        report = store_definition(
            definition=definition, code=code or definition.head.code, by=by, tick=tick
        )
        keep_loaded(project=report.project, directory=directory, definition=definition, by=by)
    return report


def store_definition(
    *,
    definition: ProjectDefinition,
    code: str,
    by: User | None,
    tick: Callable[[str], None] = _no_tick,
    reason: str = "",
) -> LoadReport:
    """Create or update the project `code`, all or nothing. Raises LoadRefused."""
    try:
        with transaction.atomic():
            return _store(definition, code, by, tick, reason)
    except IntegrityError as error:
        refusal = ProblemSpec(Severity.BLOCK, "database_refused", params={"reason": str(error)})
        raise LoadRefused((refusal,)) from error


def _store(
    definition: ProjectDefinition,
    code: str,
    by: User | None,
    tick: Callable[[str], None],
    reason: str,
) -> LoadReport:
    store = Store(by=by, has_data=_has_data(code))
    project = _project(definition, code, store)
    with versioned(project=project, by=by, source=DefinitionSource.FILE, reason=reason):
        Parts(definition, project, store).store_all(tick)
    if store.refused:
        raise LoadRefused(tuple(store.refused))
    files = {"files": dict(definition.files)}
    counts = {"created": dict(store.created), "updated": dict(store.updated)}
    record("project.loaded", project, by=by, project=project, after=files | counts, reason=reason)
    return LoadReport(
        project=project,
        created=_counts(store.created),
        updated=_counts(store.updated),
        unchanged=_counts(store.unchanged),
        notices=(*definition.notices, *store.notices),
        journal=store.journal,
    )


def _project(definition: ProjectDefinition, code: str, store: Store) -> Project:
    ky, ru, en = definition.head.names
    values = {
        "code": code,
        "name_ky": ky,
        "name_ru": ru,
        "name_en": en,
        "reference_date": definition.head.reference_date,
    }
    found = store.put(Project.objects.filter(code=code), ("code",), [values])
    project = found[code,]
    store.project = project
    return project


def _has_data(code: str) -> bool:
    """Whether answers are stored whose meaning the definitions carry."""
    return (
        Dataset.objects.filter(wave__project__code=code).exists()
        or Checklist.objects.filter(wave__project__code=code).exists()
    )


def _counts(counter: Mapping[str, int]) -> dict[str, int]:
    return {name: number for name, number in sorted(counter.items()) if number}
