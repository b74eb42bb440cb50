"""Columns of an accepted dataset -> the bytes of a CSV, an XLSX or a file of SPSS."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from indicators.pipeline.export_table import FORMULA_STARTS, ExportColumn
from indicators.vocabulary import ExportFormat, ItemKind

UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # signs that a workbook cannot hold
LONGEST_QUESTION = 255  # bytes of a variable label of SPSS
CODEBOOK = ("column", "question", "code", "label", "counts as missing")
MEASURES = {ItemKind.SCALE: "ordinal", ItemKind.NUMBER: "scale", ItemKind.WEIGHT: "scale"}


def write_file(format: ExportFormat, columns: Sequence[ExportColumn]) -> bytes:
    return WRITERS[format](columns)


def write_csv(columns: Sequence[ExportColumn]) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read Cyrillic; no text in it is run as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.name for column in columns])
    writer.writerows(zip(*map(_harmless, columns), strict=True))
    return text.getvalue().encode("utf-8-sig")


def _harmless(column: ExportColumn) -> Sequence[Any]:
    if column.kind is ItemKind.WEIGHT:
        return [_exact(weight) for weight in column.cells]
    if column.kind is not ItemKind.TEXT:
        return ["" if cell is None else cell for cell in column.cells]
    return [f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in column.cells]


def _exact(weight: float) -> float | str:
    """A workbook is written with 16 digits and our reader knows no exponents: else as text."""
    import numpy as np

    text = np.format_float_positional(weight, trim="-")
    return weight if float(f"{weight:.16g}") == weight and "e" not in repr(weight) else text


def write_xlsx(columns: Sequence[ExportColumn]) -> bytes:
    """The answers, and a second sheet that says what the columns and codes mean."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    answers, codebook = book.create_sheet("answers"), book.create_sheet("codebook")
    answers.append([column.name for column in columns])
    for row in zip(*(_harmless(column) for column in columns), strict=True):
        answers.append([UNWRITABLE.sub("", c) if isinstance(c, str) else c for c in row])
    codebook.append(CODEBOOK)
    for column in columns:
        codebook.append([column.name, _harmless_text(column.question)])
        for code, label in (column.labels or {}).items():
            is_missing = "x" if code in column.missing else None
            codebook.append([column.name, None, code, _harmless_text(label), is_missing])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _harmless_text(text: str) -> str:
    text = UNWRITABLE.sub("", text)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_sav(columns: Sequence[ExportColumn]) -> bytes:
    """Codes with their labels; an answer of several options is a column 0/1 for each of them."""
    import pandas as pd
    import pyreadstat

    frame: dict[str, Any] = {}
    questions: dict[str, str | None] = {}
    labels: dict[str, dict[int | float, str]] = {}
    missing: dict[str, list[Any]] = {}
    measures: dict[str, str] = {}
    for column in columns:
        if column.kind is ItemKind.CONSENT:
            continue  # everybody in it said yes
        for name, question, cells in _variables(column):
            name = _unique(_safe(name), frame)
            frame[name] = cells
            questions[name] = _cut(question, LONGEST_QUESTION)
            measures[name] = MEASURES.get(column.kind, "nominal")
            if column.kind is ItemKind.SCALE:
                labels[name] = dict(column.labels or {})
                missing[name] = list(column.missing)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.sav"
        pyreadstat.write_sav(
            pd.DataFrame(frame),
            str(path),
            column_labels=questions,
            variable_value_labels=labels,
            missing_ranges={name: codes for name, codes in missing.items() if codes},
            variable_measure=measures,
            row_compress=True,
        )
        return path.read_bytes()


def _variables(column: ExportColumn) -> list[tuple[str, str, Any]]:
    """Name, label and cells of the variables that a column becomes."""
    import numpy as np

    if column.codes is None:
        return [(column.name, column.question, list(column.cells))]
    codes = np.array([np.nan if c is None else c for c in column.codes], dtype=np.float64)
    if column.kind is not ItemKind.MULTI:
        return [(column.name, column.question, codes)]
    masks = np.nan_to_num(codes).astype(np.int64)
    found = []
    for place, (option, label) in enumerate(zip(column.options, column.labels or {}, strict=True)):
        ticked = np.where(np.isnan(codes), np.nan, masks >> place & 1)
        text = f"{column.question}: {(column.labels or {})[label]}"
        found.append((f"{column.name}__{option}", text, ticked))
    return found


def _safe(name: str) -> str:
    """A name that SPSS allows."""
    name = re.sub(r"[^A-Za-z0-9_.]", "_", name)[:60].rstrip(".")
    return name if name[:1].isalpha() else f"v{name}"


def _unique(name: str, taken: Mapping[str, Any]) -> str:
    """SPSS does not tell small letters from capital ones."""
    known, number, found = {one.casefold() for one in taken}, 1, name
    while found.casefold() in known:
        number += 1
        found = f"{name}{number}"
    return found


def _cut(text: str, n_bytes: int) -> str:
    return text.encode()[:n_bytes].decode(errors="ignore")


WRITERS: Mapping[ExportFormat, Callable[[Sequence[ExportColumn]], bytes]] = {
    ExportFormat.XLSX: write_xlsx,
    ExportFormat.CSV: write_csv,
    ExportFormat.SAV: write_sav,
}
