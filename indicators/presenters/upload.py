"""Files and their problems in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from indicators.presenters.numbers import DASH, whole
from indicators.vocabulary import FileKind, Severity, UploadState
from indicators.words import word

ProblemText = Callable[[str, Mapping[str, Any]], str]
GROUPS_SHOWN = 200
BY_DECISION = "value_mapped"  # kind of an answer that a decision reads
# A cell that begins so would be run as a formula by a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class SeverityCount:
    key: str
    word: str
    n: str


@dataclass(frozen=True, slots=True)
class UploadLine:
    pk: int
    file_name: str
    wave: str
    instrument: str
    kind: str
    state: str
    state_word: str
    n_rows: str
    problems: tuple[SeverityCount, ...]
    created: datetime
    created_by: str


def kind_word(kind: str) -> str:
    return str(word(FileKind(kind))) if kind else gettext("not recognised: say what it is")


def upload_lines(rows: Any) -> list[UploadLine]:
    return [
        UploadLine(
            pk=row.pk,
            file_name=row.file_name,
            wave=row.wave,
            instrument=row.instrument,
            kind=kind_word(row.kind),
            state=row.state,
            state_word=str(word(UploadState(row.state))),
            n_rows=whole(row.n_rows),
            problems=severity_counts(row.problems),
            created=row.created_at,
            created_by=row.created_by,
        )
        for row in rows
    ]


def severity_counts(counts: Mapping[str, int]) -> tuple[SeverityCount, ...]:
    return tuple(
        SeverityCount(severity.value, str(word(severity)), whole(counts[severity.value]))
        for severity in Severity
        if counts.get(severity.value)
    )


@dataclass(frozen=True, slots=True)
class ProblemLine:
    text: str
    column: str
    value: str
    suggestion: str
    n: int
    where: str
    problem: int | None  # key of a problem whose rows may be left out


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """The groups of one kind: "it is read as …" for all of them; `n` counts problems."""

    text: str
    n: str
    lines: tuple[ProblemLine, ...]
    problem: int | None


@dataclass(frozen=True, slots=True)
class ProblemSection:
    """All groups of one severity, with what to do about them. `kinds` holds the lines by kind."""

    key: str
    title: str
    what_to_do: str
    n: str
    lines: tuple[ProblemLine, ...]
    n_more: int
    kinds: tuple[ProblemKind, ...]


def problem_sections(groups: Any, text: ProblemText) -> list[ProblemSection]:
    sections = []
    for severity in Severity:
        own = [group for group in groups if group.severity == severity]
        if own:
            sections.append(
                ProblemSection(
                    key=severity.value,
                    title=str(word(severity)),
                    what_to_do=_what_to_do(severity),
                    n=whole(sum(group.n for group in own)),
                    lines=tuple(_line(group, text) for group in own[:GROUPS_SHOWN]),
                    n_more=max(len(own) - GROUPS_SHOWN, 0),
                    kinds=_kinds(own, text),
                )
            )
    return sections


def _kinds(groups: Sequence[Any], text: ProblemText) -> tuple[ProblemKind, ...]:
    """By kind, in the order they were found. Counts are of all groups, also of those not shown."""
    found: dict[str, list[Any]] = {}
    for group in groups:
        found.setdefault(group.kind, []).append(group)
    shown = {id(group) for group in groups[:GROUPS_SHOWN]}
    return tuple(
        ProblemKind(
            text=text(kind, _common(same)),
            n=whole(sum(group.n for group in same)),
            lines=tuple(_line(group, text) for group in same if id(group) in shown),
            problem=same[0].problem,
        )
        for kind, same in found.items()
    )


def _common(groups: Sequence[Any]) -> dict[str, str]:
    """What a sentence about all of them may name; "…" where they are not alike."""
    first = groups[0].params
    names = {name for group in groups for name in group.params}
    is_same = {n: all(group.params.get(n) == first.get(n) for group in groups) for n in names}
    return {name: first[name] if is_same[name] else "…" for name in names}


def _what_to_do(severity: Severity) -> str:
    return {
        Severity.BLOCK: gettext(
            "The file cannot be accepted like this. Decide below what is meant, leave rows out, or "
            "correct the file and load it again."
        ),
        Severity.ROW: gettext("These rows are left out of all results. The others count."),
        Severity.CELL: gettext("These answers count as missing. The rest of the row counts."),
        Severity.WARNING: gettext("These are taken as they are. Look whether they are right."),
    }[severity]


def _line(group: Any, text: ProblemText) -> ProblemLine:
    no_answer = DASH if group.kind == BY_DECISION else ""
    return ProblemLine(
        text=text(group.kind, group.params),
        column=group.column,
        value=group.value,
        suggestion=group.suggestion or no_answer,
        n=group.n,
        where=_where(group),
        problem=group.problem,
    )


def _where(group: Any) -> str:
    """ "row 22", "3 rows: 22, 87, 140", "14 rows: 3, 4, 5, …"; the sheet comes first."""
    sheet = gettext("sheet %(name)s") % {"name": group.sheet} if group.sheet else ""
    if not group.rows and group.kind != BY_DECISION:
        return sheet
    where = _rows(group) if group.rows else _n_rows(group.params)
    return f"{sheet}, {where}" if sheet else where


def _n_rows(params: Mapping[str, Any]) -> str:
    """Of an answer that a decision reads: its rows are counted, not named."""
    n = int(params["n"])
    return ngettext("%(n)s row", "%(n)s rows", n) % {"n": whole(n)}


def _rows(group: Any) -> str:
    rows = ", ".join(map(str, group.rows)) + (", …" if group.n > len(group.rows) else "")
    return ngettext("row %(rows)s", "%(n)s rows: %(rows)s", group.n) % {
        "n": whole(group.n),
        "rows": rows,
    }


@dataclass(frozen=True, slots=True)
class FunnelStep:
    label: str
    n: int
    text: str


def funnel_steps(funnel: Any) -> list[FunnelStep]:
    if funnel is None:
        return []
    steps = (
        (gettext("opened"), funnel.opened),
        (gettext("consented"), funnel.consented),
        (gettext("answered"), funnel.answered),
        (gettext("used"), funnel.used),
    )
    return [FunnelStep(label, n, whole(n)) for label, n in steps]


@dataclass(frozen=True, slots=True)
class UploadView:
    kind: str
    state: str
    state_word: str
    n_rows: str
    size: str
    can_accept: bool
    can_check: bool
    can_withdraw: bool


def upload_view(sheet: Any) -> UploadView:
    return UploadView(
        kind=kind_word(sheet.kind),
        state=sheet.state,
        state_word=str(word(UploadState(sheet.state))),
        n_rows=whole(sheet.n_rows),
        size=_size(sheet.size),
        can_accept=sheet.state in (UploadState.CHECKED, UploadState.WITHDRAWN)
        and not sheet.n_blocking,
        can_check=sheet.state != UploadState.ACCEPTED,
        can_withdraw=sheet.state != UploadState.WITHDRAWN,
    )


def _size(n_bytes: int) -> str:
    if n_bytes < 1024 * 1024:
        return gettext("%(n)s KB") % {"n": whole(max(n_bytes / 1024, 1))}
    return gettext("%(n)s MB") % {"n": whole(n_bytes / 1024 / 1024)}


def csv_header() -> list[str]:
    return [
        gettext("severity"),
        gettext("problem"),
        gettext("sheet"),
        gettext("row"),
        gettext("column"),
        gettext("value"),
        gettext("suggestion"),
    ]


def csv_cells(problem: Any, text: ProblemText) -> list[str]:
    """One problem as cells of a table; what a spreadsheet would run is neutralised."""
    cells = (
        str(word(Severity(problem.severity))),
        text(problem.kind, problem.params),
        problem.sheet,
        "" if problem.row is None else str(problem.row),
        problem.column,
        problem.value,
        problem.suggestion,
    )
    return [harmless(cell) for cell in cells]


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
