"""Stata files: value labels and the coded missing answers (.a to .z) kept."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from indicators.pipeline.read_workbook import Unreadable
from indicators.pipeline.shapes import RawFile, RawTable

# Release 117 and later begin with a tag; earlier ones with release, byte order and a one.
TAGGED = b"<stata_dta>"
RELEASES, BYTE_ORDERS = range(104, 117), (1, 2)


def is_dta(content: bytes) -> bool:
    """Whether the content begins as a Stata file of any release does."""
    if content.startswith(TAGGED):
        return True
    head = content[:4]
    return (
        len(head) == 4
        and head[0] in RELEASES
        and head[1] in BYTE_ORDERS
        and head[2:] == b"\x01\x00"
    )


def read_dta(name: str, content: bytes) -> RawFile:
    """Answers coded .a to .z come as the letter, and the letter is among the missing codes.

    Raises Unreadable.
    """
    import pyreadstat

    try:
        columns, meta = pyreadstat.read_dta(
            io.BytesIO(content), user_missing=True, output_format="dict"
        )
    except Exception as error:  # the C library raises its own and builtin errors alike
        raise Unreadable("broken_dta_file", type(error).__name__) from error
    header = tuple(str(column) for column in columns)
    rows = tuple(zip(*(_cells(cells) for cells in columns.values()), strict=True))
    table = RawTable(
        "",
        header,
        0,
        rows,
        tuple(range(1, len(rows) + 1)),
        value_labels={column: _labels(texts) for column, texts in _by_column(meta).items()},
        missing_codes={column: frozenset(codes) for column, codes in _coded(meta).items()},
        labels={column: str(t) for column, t in meta.column_names_to_labels.items() if t},
    )
    return RawFile(name, "dta", (table,))


def _by_column(meta: Any) -> Mapping[str, Mapping[Any, Any]]:
    return meta.variable_value_labels or {}


def _coded(meta: Any) -> Mapping[str, list[str]]:
    return meta.missing_user_values or {}


def _cells(cells: list[Any]) -> list[Any]:
    return [None if cell is None or cell != cell or cell == "" else cell for cell in cells]


def _labels(texts: Mapping[Any, Any]) -> dict[float, str]:
    """Labels of numbers; those of missing codes (letters) say nothing about an answer."""
    return {float(code): str(t) for code, t in texts.items() if isinstance(code, int | float)}
