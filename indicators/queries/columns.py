"""Columns of a questionnaire's file that a person decides on, and what was decided before."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.models import ColumnMapping, InstrumentVersion, ItemVersion, Upload
from indicators.vocabulary import FileKind

FORM_KINDS = (FileKind.SURVEY, FileKind.CHECKLIST)
# Problems of a header, and where its whole text stands.
OF_HEADERS = {
    "unknown_extra_column": "column",
    "header_unclear": "column",
    "header_wording_slightly_changed": "column",
    "duplicate_header": "column",
    "unknown_question_row": "value",
}
LONGEST_TEXT = 200  # of a value beside a problem; a longer one is cut
MOST_COLUMNS = 100  # shown at once


@dataclass(frozen=True, slots=True)
class AskedColumn:
    """`kind` of the problem, empty when the column was decided; `item` None while it was not."""

    header: str
    kind: str
    suggestion: str
    item: str | None  # name; empty: left out


@dataclass(frozen=True, slots=True)
class AskedColumns:
    """`items`: name, name in the file, wording."""

    columns: tuple[AskedColumn, ...]
    n_more: int
    items: tuple[tuple[str, str, str], ...]


def saved_mapping(version: InstrumentVersion | None) -> dict[str, str]:
    """Header -> name of the item, empty to leave it out. One query."""
    if version is None:
        return {}
    rows = ColumnMapping.objects.filter(instrument_id=version.instrument_id)
    found = rows.values_list("header", "item__name").order_by("id")
    return {header: name or "" for header, name in found}


def asked_columns(upload: Upload) -> list[AskedColumn]:
    """Open columns in the order of the file, then decided ones. One query."""
    if upload.kind not in FORM_KINDS or upload.version_id is None:
        return []
    found: dict[str, AskedColumn] = {}
    rows = upload.problems.filter(kind__in=OF_HEADERS).order_by("id")
    for row in rows:
        header = getattr(row, OF_HEADERS[row.kind])
        if row.kind != "unknown_question_row" or len(header) < LONGEST_TEXT:
            item = upload.mapping.get(header)
            found.setdefault(header, AskedColumn(header, row.kind, row.suggestion, item))
    for header, item in upload.mapping.items():
        found.setdefault(header, AskedColumn(header, "", "", item))
    return list(found.values())


def columns_to_decide(upload: Upload) -> AskedColumns:
    """Two queries."""
    asked = asked_columns(upload)
    rows = (
        ItemVersion.objects.filter(version_id=upload.version_id).select_related("item")
        if asked
        else ()
    )
    items = tuple((row.item.name, row.name_in_version, row.label) for row in rows)
    return AskedColumns(tuple(asked[:MOST_COLUMNS]), max(len(asked) - MOST_COLUMNS, 0), items)
