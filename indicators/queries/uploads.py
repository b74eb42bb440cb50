"""Files as received, and what was found in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet

from indicators.models import Dataset, Problem, Upload
from indicators.queries.left_out_rows import may_be_left_out
from indicators.queries.paging import Paged
from indicators.vocabulary import Severity, UploadState

if TYPE_CHECKING:
    from indicators.models import Project, User

PER_PAGE = 50
MAX_PROBLEMS = 20_000
ROWS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class UploadRow:
    pk: int
    file_name: str
    wave: str
    instrument: str
    kind: str
    state: str
    n_rows: int
    problems: Mapping[str, int]  # by severity
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class UploadPage(Paged):
    rows: tuple[UploadRow, ...]
    number: int
    has_next: bool


def upload_page(*, project: Project, number: int) -> UploadPage:
    """One page of files, newest first. One query: counting drops the order of the model."""
    start = (number - 1) * PER_PAGE
    ordered = _counted(project).order_by("-created_at", "-pk")
    found = list(ordered[start : start + PER_PAGE + 1])
    return UploadPage(tuple(map(_row, found[:PER_PAGE])), number, len(found) > PER_PAGE)


def ready_rows(*, project: Project) -> tuple[UploadRow, ...]:
    """Files that nothing blocks and nobody has decided about, oldest first. One query."""
    rows = _counted(project).filter(state=UploadState.CHECKED, n_blocking=0)
    return tuple(map(_row, rows.order_by("created_at", "pk")))


def n_ready(project: Project) -> int:
    """How many files `ready_rows` would list."""
    rows = Upload.objects.filter(project=project, state=UploadState.CHECKED, n_blocking=0)
    return rows.count()


def _counted(project: Project) -> QuerySet[Upload]:
    """Files with their problems counted by severity."""
    counts = {
        f"n_{severity.value}": Count("problems", filter=Q(problems__severity=severity))
        for severity in Severity
    }
    uploads = Upload.objects.filter(project=project)
    return uploads.select_related("wave", "version__instrument", "created_by").annotate(**counts)


def _row(upload: Any) -> UploadRow:
    return UploadRow(
        pk=upload.pk,
        file_name=upload.file_name,
        wave=upload.wave.name if upload.wave else "",
        instrument=upload.version.instrument.name if upload.version else "",
        kind=upload.kind,
        state=upload.state,
        n_rows=upload.n_rows,
        problems={s.value: getattr(upload, f"n_{s.value}") for s in Severity},
        created_at=upload.created_at,
        created_by=_name(upload.created_by),
    )


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """The same thing found in several rows. `rows` lists the first of them.

    `problem`: key of the first, when its rows may be left out; else None.
    """

    severity: str
    kind: str
    column: str
    value: str
    suggestion: str
    params: Mapping[str, Any]
    sheet: str
    rows: tuple[int, ...]
    n: int
    problem: int | None = None


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """Consent: opened -> consented -> answered -> used."""

    opened: int
    consented: int
    answered: int
    used: int


@dataclass(frozen=True, slots=True)
class UploadSheet:
    """One file with everything its page shows."""

    pk: int
    file_name: str
    wave: str
    instrument: str
    version: str
    kind: str
    state: str
    format: str
    sha256: str
    size: int
    n_rows: int
    n_problems: int
    n_blocking: int
    created_at: datetime
    created_by: str
    accepted_at: datetime | None
    accepted_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawal_reason: str
    funnel: FunnelRow | None
    groups: tuple[ProblemGroup, ...]
    is_cut: bool  # more problems than the page shows


def upload_sheet(upload: Upload) -> UploadSheet:
    """Two queries."""
    dataset = Dataset.objects.filter(upload=upload).first()
    problems = list(upload.problems.order_by("id")[: MAX_PROBLEMS + 1])
    version = upload.version
    return UploadSheet(
        pk=upload.pk,
        file_name=upload.file_name,
        wave=upload.wave.name if upload.wave else "",
        instrument=version.instrument.name if version else "",
        version=version.version if version else "",
        kind=upload.kind,
        state=upload.state,
        format=upload.format,
        sha256=upload.sha256,
        size=upload.size,
        n_rows=upload.n_rows,
        n_problems=upload.n_problems,
        n_blocking=upload.n_blocking,
        created_at=upload.created_at,
        created_by=_name(upload.created_by),
        accepted_at=upload.accepted_at,
        accepted_by=_name(upload.accepted_by),
        withdrawn_at=upload.withdrawn_at,
        withdrawn_by=_name(upload.withdrawn_by),
        withdrawal_reason=upload.withdrawal_reason,
        funnel=_funnel(dataset),
        groups=problem_groups(problems[:MAX_PROBLEMS]),
        is_cut=len(problems) > MAX_PROBLEMS,
    )


def _funnel(dataset: Dataset | None) -> FunnelRow | None:
    if dataset is None:
        return None
    return FunnelRow(dataset.n_opened, dataset.n_consented, dataset.n_answered, dataset.n_used)


def problem_groups(problems: Iterable[Problem]) -> tuple[ProblemGroup, ...]:
    """Heaviest first, then as they were found."""
    found: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        key = (problem.severity, problem.kind, problem.sheet, problem.column, problem.value)
        found.setdefault((*key, str(sorted(problem.params.items()))), []).append(problem)
    order = [severity.value for severity in Severity]
    groups = [_group(same) for same in found.values()]
    return tuple(sorted(groups, key=lambda group: order.index(group.severity)))


def _group(same: list[Problem]) -> ProblemGroup:
    first = same[0]
    return ProblemGroup(
        severity=first.severity,
        kind=first.kind,
        column=first.column,
        value=first.value,
        suggestion=first.suggestion,
        params=first.params,
        sheet=first.sheet,
        rows=tuple(p.row for p in same[:ROWS_SHOWN] if p.row is not None),
        n=len(same),
        problem=first.pk if may_be_left_out(first) else None,
    )


def problem_rows(upload: Upload) -> Iterator[Problem]:
    """Every problem in order, for the download."""
    return upload.problems.order_by("id").iterator(chunk_size=2000)


def _name(person: User | None) -> str:
    return (person.get_full_name() or person.get_username()) if person else ""
