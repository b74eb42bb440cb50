"""What a project is, loaded through pages: workbooks dropped, looked at together, accepted at once.

The workbooks are read and stored by the steps of `load_project`, so both ways end in the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, BinaryIO

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.definition_files import current_files, keep_file, mark_of, workbooks
from indicators.actions.load_messages import as_json
from indicators.actions.load_project import LoadRefused, LoadReport, store_definition
from indicators.models import DefinitionCheck, DefinitionFile, Indicator, Project, User
from indicators.pipeline.framework import read_workbooks
from indicators.pipeline.framework_shapes import ProjectDefinition, ProjectHead
from indicators.pipeline.read import read_table
from indicators.pipeline.recognise_definition import recognise_definition
from indicators.pipeline.shapes import ProblemSpec
from indicators.queries.definitions import waits_on_data
from indicators.vocabulary import DefinitionState, Severity

S = DefinitionState
MOST_CHANGES = 300  # changed rows that are listed one by one


class DefinitionsChanged(Exception):
    """Files were dropped or accepted meanwhile: what was looked at is no longer what waits."""


class ReasonMissing(Exception):
    """Definitions that data rest on change with a reason only."""


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A dropped file that was not kept, and why."""

    file_name: str
    problem: ProblemSpec


@transaction.atomic
def receive_definitions(
    *, project: Project, files: Iterable[tuple[str, BinaryIO | Any]], by: User | None
) -> list[RefusedFile]:
    """Keep the workbooks that wait for acceptance and look at all of them together.

    A file that is no part of a definition, or cannot be opened, is not kept but told.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    refused = []
    for name, file in files:
        data = file.read()
        shown = PurePath(name.replace("\\", "/")).name[:255] or "file"
        raw = read_table(shown, data)
        place = recognise_definition(raw)
        if place is None or raw.format != "xlsx":
            refused.append(RefusedFile(shown, _why_not(raw.problems)))
            continue
        kept = keep_file(
            project=project, place=place, file_name=shown, data=data, state=S.WAITING, by=by
        )
        after = {"slot": kept.slot, "sha256": kept.sha256}
        record("definition.received", kept, by=by, project=project, after=after)
    check_definitions(project=project)
    return refused


def _why_not(problems: Iterable[ProblemSpec]) -> ProblemSpec:
    blocking = (one for one in problems if one.severity is Severity.BLOCK)
    return next(blocking, ProblemSpec(Severity.BLOCK, "definition_unknown"))


@transaction.atomic
def take_back_definition(*, file: DefinitionFile, by: User | None) -> bool:
    """Let a waiting workbook go; the one in use stays. False: it waited no more."""
    rows = DefinitionFile.objects.select_for_update().filter(pk=file.pk, state=S.WAITING)
    if not rows.update(state=S.TAKEN_BACK):
        return False
    record("definition.taken_back", file, by=by, project=file.project, before={"slot": file.slot})
    check_definitions(project=file.project)
    return True


def check_definitions(*, project: Project) -> None:
    """Work out anew what the waiting workbooks would do, and keep it for the page."""
    files = current_files(project)
    if not any(one.state == S.WAITING for one in files):
        DefinitionCheck.objects.filter(project=project).delete()
        return
    definition, problems = _read(project, files)
    preview: dict[str, Any] = {}
    if definition is not None:
        try:
            preview, noticed = _tried(definition, project)
            problems = (*problems, *noticed)
        except LoadRefused as refused:
            problems = (*problems, *refused.problems)
    values = {"mark": mark_of(files), "problems": list(map(as_json, problems)), "preview": preview}
    DefinitionCheck.objects.update_or_create(project=project, defaults=values)


class _TakenBack(Exception):
    """Ends the transaction of a load that was only tried."""


def _tried(
    definition: ProjectDefinition, project: Project
) -> tuple[dict[str, Any], tuple[ProblemSpec, ...]]:
    """What the load would do, found out by doing it and taking it back."""
    reports: list[LoadReport] = []
    try:
        with transaction.atomic():
            reports.append(store_definition(definition=definition, code=project.code, by=None))
            raise _TakenBack
    except _TakenBack:
        report = reports[0]
    return _preview(report), report.notices[len(definition.notices) :]


def _preview(report: LoadReport) -> dict[str, Any]:
    journal = report.journal
    return {
        "created": dict(report.created),
        "updated": dict(report.updated),
        "unchanged": dict(report.unchanged),
        "names": {model: names for model, names in journal.added.items() if names},
        "kept": {model: names for model, names in journal.kept.items() if names},
        "changed": [
            {"model": model, "label": label, "before": before, "after": after}
            for model, label, before, after in journal.changed[:MOST_CHANGES]
        ],
        "n_changed": len(journal.changed),
        "removed": [{"model": model, "label": label} for model, label in journal.removed],
    }


@transaction.atomic
def accept_definitions(*, project: Project, mark: str, reason: str, by: User) -> LoadReport:
    """Make the waiting workbooks the project's definition, all of them or none.

    `mark` names the files the person looked at. Raises DefinitionsChanged, ReasonMissing, or
    LoadRefused with everything wrong; nothing is stored then.
    """
    locked = Project.objects.select_for_update().get(pk=project.pk)
    files = current_files(locked)
    waiting = [one.pk for one in files if one.state == S.WAITING]
    if not waiting or mark_of(files) != mark:
        raise DefinitionsChanged
    if waits_on_data(locked) and not reason.strip():
        raise ReasonMissing
    definition, problems = _read(locked, files)
    if definition is None:
        raise LoadRefused(problems)
    report = store_definition(definition=definition, code=locked.code, by=by, reason=reason.strip())
    rows = DefinitionFile.objects.filter(project=locked)
    slots = [one.slot for one in files if one.state == S.WAITING]
    rows.filter(state=S.HOLDS, slot__in=slots).update(state=S.REPLACED)
    rows.filter(pk__in=waiting).update(state=S.HOLDS)
    DefinitionCheck.objects.filter(project=locked).delete()
    return report


def _read(
    project: Project, files: list[DefinitionFile]
) -> tuple[ProjectDefinition | None, tuple[ProblemSpec, ...]]:
    """The definition, with problems that name the files as they came."""
    labels = (project.name_ky, project.name_ru, project.name_en)
    head = ProjectHead(project.code, labels, project.reference_date)
    with workbooks(files) as (paths, names):
        codes = Indicator.objects.filter(project=project).values_list("code", flat=True)
        definition, problems = read_workbooks(paths, head, frozenset(codes))
    return definition, tuple(_renamed(one, names) for one in problems)


def _renamed(problem: ProblemSpec, names: Mapping[str, str]) -> ProblemSpec:
    file = problem.params.get("file", "")
    return replace(problem, params={**problem.params, "file": names.get(file, file)})
