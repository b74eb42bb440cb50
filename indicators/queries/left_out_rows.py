"""Rows of one file that an officer left out before it was accepted, and rows that may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from indicators.models import LeftOutRow, Problem, Upload
from indicators.pipeline.shapes import ONE_SHEET
from indicators.vocabulary import FileKind, Severity

FORM_KINDS = (FileKind.SURVEY, FileKind.CHECKLIST)
# Problems whose row is no row of answers: of the header, a total, or not read at all.
OF_NO_ANSWERS = frozenset(
    [
        "unknown_extra_column",
        "header_unclear",
        "header_wording_slightly_changed",
        "duplicate_header",
        "missing_needed_column",
        "missing_required_column",
        "missing_expected_column",
        "column_without_header",
        "rows_of_other_forms",
        "no_data_rows",
        "unknown_question_row",
        "total_row",
        "left_out_row_not_found",
    ]
)


@dataclass(frozen=True, slots=True)
class LeftOutRows:
    """Rows left out for one reason by one person. `created_at`: of the first of them."""

    sheet: str
    reason: str
    rows: tuple[int, ...]
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class RowsInQuestion:
    """Rows that one problem names, or all problems of its kind on that sheet."""

    kind: str
    params: Mapping[str, Any]
    sheet: str
    rows: tuple[int, ...]


def may_be_left_out(problem: Problem) -> bool:
    """Whether it names a row of answers that counts so far."""
    is_row = problem.row is not None and problem.kind not in OF_NO_ANSWERS
    return is_row and problem.severity != Severity.ROW


def rows_left_out(upload: Upload) -> dict[str, dict[int, str]]:
    """Sheet -> row -> why, as reading takes it. One query."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for sheet, row, reason in upload.left_out_rows.values_list("sheet", "row", "reason"):
        found[sheet][row] = reason
    return dict(found)


def left_out_rows(upload: Upload) -> tuple[LeftOutRows, ...]:
    """By reason and person, in the order of their first row. One query."""
    found: dict[tuple[str, str, int | None], list[LeftOutRow]] = defaultdict(list)
    for row in upload.left_out_rows.select_related("created_by").order_by("sheet", "row"):
        found[row.sheet, row.reason, row.created_by_id].append(row)
    return tuple(
        LeftOutRows(
            sheet=sheet,
            reason=reason,
            rows=tuple(row.row for row in rows),
            created_at=min(row.created_at for row in rows),
            created_by=(by.get_full_name() or by.get_username())
            if (by := rows[0].created_by)
            else "",
        )
        for (sheet, reason, _), rows in found.items()
    )


def sheets_with_rows(upload: Upload) -> tuple[str, ...]:
    """Sheets whose rows can be named: the one read of a questionnaire, else those with problems.

    One query at most.
    """
    if upload.kind in FORM_KINDS:
        return (ONE_SHEET,)
    rows = upload.problems.filter(row__isnull=False).exclude(kind__in=OF_NO_ANSWERS)
    return tuple(rows.order_by("sheet").values_list("sheet", flat=True).distinct())


def rows_in_question(upload: Upload, pk: int, *, is_whole_kind: bool) -> RowsInQuestion | None:
    """Rows of the problem and of those that are alike; None when there is none. Two queries."""
    first = upload.problems.filter(pk=pk).first()
    if first is None or not may_be_left_out(first):
        return None
    same = upload.problems.filter(
        severity=first.severity, kind=first.kind, sheet=first.sheet, row__isnull=False
    )
    if not is_whole_kind:
        same = same.filter(column=first.column, value=first.value)
    found = [one for one in same if is_whole_kind or one.params == first.params]
    rows = tuple(sorted({one.row for one in found if one.row is not None}))
    sheet = ONE_SHEET if upload.kind in FORM_KINDS else first.sheet
    return RowsInQuestion(first.kind, {} if is_whole_kind else first.params, sheet, rows)
