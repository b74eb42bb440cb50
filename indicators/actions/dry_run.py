"""A file read and checked, of which nothing is kept: not even the file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from indicators.actions.accept_checklists import taken_checklists
from indicators.actions.reading import FORM_KINDS, Reading, Recogniser
from indicators.actions.upload_check import effective_mapping, effective_values, what_is_missing
from indicators.actions.wave_lock import closed_wave_problems
from indicators.models import InstrumentVersion, Project, Upload
from indicators.pipeline.columns import ranked_tables
from indicators.pipeline.headers import FormIndex
from indicators.pipeline.read import read_table
from indicators.pipeline.shapes import (
    CheckedFile,
    ImportContext,
    ProblemSpec,
    RawFile,
    RawTable,
)
from indicators.pipeline.validate import validate
from indicators.queries.import_context import import_context
from indicators.vocabulary import FileKind, Severity, UploadState


@dataclass(frozen=True, slots=True)
class DryRun:
    """What accepting a file would do. `table` is the sheet that is read; None: no table at all."""

    reading: Reading
    raw: RawFile
    checked: CheckedFile
    table: RawTable | None = None
    already: Upload | None = None  # the same content counts already


def try_file(
    *,
    project: Project,
    file_name: str,
    content: bytes,
    said: Reading,
    mapping: Mapping[str, str] | None = None,
    by_content: bool = False,
) -> DryRun:
    """Read and check a file. `by_content`: what `said` leaves open is read from the content."""
    raw = read_table(file_name, content)
    reading = Recogniser(project).completed(said, raw) if by_content else said
    table = max(raw.tables, key=lambda one: len(one.row_numbers), default=None)
    missing = what_is_missing(reading.kind, reading.wave, reading.version)
    if missing or reading.kind is None:
        problem = ProblemSpec(Severity.BLOCK, missing)
        return DryRun(reading, raw, CheckedFile((problem, *_unread(reading, raw))), table)
    twin = counting(project, hashlib.sha256(content).hexdigest(), reading.kind, reading.version)
    context = import_context(
        project=project,
        kind=reading.kind,
        wave=reading.wave,
        version=reading.version,
        mapping=effective_mapping(reading.kind, reading.version, mapping),
        value_mapping=effective_values(reading.kind, reading.version),
    )
    checked = validate(raw, context)
    taken = taken_checklists(
        wave=reading.wave, version=reading.version, rows=() if twin else checked.checklists
    )
    closed = closed_wave_problems(project, reading.wave, checked)
    checked = replace(checked, problems=(*closed, *checked.problems, *taken))
    return DryRun(reading, raw, checked, _survey_table(raw, context) or table, twin)


def _unread(reading: Reading, raw: RawFile) -> tuple[ProblemSpec, ...]:
    """An unknown file may be unknown because it cannot be read: that is then the news."""
    return () if reading.kind else raw.problems


def _survey_table(raw: RawFile, context: ImportContext) -> RawTable | None:
    if context.form is None or context.kind is not FileKind.SURVEY or not raw.tables:
        return None
    return ranked_tables(raw.tables, FormIndex(context.form, context.mapping))[0][0]


def counting(
    project: Project, sha256: str, kind: FileKind | str, version: InstrumentVersion | None
) -> Upload | None:
    """The accepted file with this content, read as the same questionnaire."""
    counted_as = version if kind in FORM_KINDS else None
    return Upload.objects.filter(
        project=project, sha256=sha256, kind=kind, version=counted_as, state=UploadState.ACCEPTED
    ).first()
