"""SPSS files, with value labels and declared missing codes kept."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from indicators.pipeline.read_workbook import Unreadable
from indicators.pipeline.shapes import RawFile, RawTable


def read_sav(name: str, content: bytes) -> RawFile:
    import pyreadstat

    try:
        frame, meta = pyreadstat.read_sav(io.BytesIO(content), user_missing=True)
    except Exception as error:  # the C library raises its own and builtin errors alike
        raise Unreadable("broken_sav_file", type(error).__name__) from error
    header = tuple(str(column) for column in frame.columns)
    columns = [_cells(frame[column]) for column in frame.columns]
    rows = tuple(zip(*columns, strict=True)) if columns else ()
    labels = {
        column: {code: str(text) for code, text in by_code.items() if isinstance(code, float)}
        for column, by_code in meta.variable_value_labels.items()
    }
    missing = {
        column: _missing(ranges, set(columns[header.index(column)]))
        for column, ranges in meta.missing_ranges.items()
        if column in header
    }
    questions = {column: str(text) for column, text in meta.column_names_to_labels.items() if text}
    numbers = tuple(range(1, len(rows) + 1))
    table = RawTable("", header, 0, rows, numbers, labels, missing, questions)
    return RawFile(name, "sav", (table,))


def _cells(series: Any) -> list[Any]:
    return [None if cell is None or cell != cell else cell for cell in series.tolist()]


def _missing(ranges: Iterable[Any], present: set[Any]) -> frozenset[float | str]:
    """Declared missing codes: single ones, and those inside a range that occur."""
    codes: set[float | str] = set()
    for limits in ranges:
        low, high = limits["lo"], limits["hi"]
        if low == high:
            codes.add(low)
        else:
            codes |= {cell for cell in present if isinstance(cell, float) and low <= cell <= high}
    return frozenset(codes)
