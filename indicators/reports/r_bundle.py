"""A zip with which anybody who has R repeats one stored number from the answers."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from indicators.presenters.upload import harmless
from indicators.reports.r_readme import readme
from indicators.reports.r_script import function_files, reproduce_r, table_files

if TYPE_CHECKING:
    from indicators.pipeline.shapes import StratumSpec
    from indicators.queries.answer_tables import AnswerTable
    from indicators.queries.reproduction import Reproduction

TEMPLATES = Path(__file__).resolve().parent / "r_templates"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can name: the same run, the same bytes


def r_bundle(found: Reproduction) -> bytes:
    """README.txt, reproduce.R, its functions and the answers. Same run and language, same bytes."""
    files = {"README.txt": readme(found), "reproduce.R": reproduce_r(found)}
    for name in function_files(found):
        files[name] = (TEMPLATES / name).read_text(encoding="utf-8")
    for name, table in zip(table_files(found), found.tables, strict=True):
        files[name] = answers_csv(table)
    if found.strata is not None:
        files["strata.csv"] = strata_csv(found.strata)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # whatever machine packs it
            packed.writestr(entry, text.encode())
    return buffer.getvalue()


def answers_csv(table: AnswerTable) -> str:
    """UTF-8, comma, a missing answer empty, school codes as text that no spreadsheet runs."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([harmless(name) for name in table.columns])
    for row in zip(*table.columns.values(), strict=True):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def strata_csv(strata: Iterable[StratumSpec]) -> str:
    """The frame of a sample of schools: schools in every stratum, and mergers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("code", "n_schools", "merged_into"))
    for one in strata:
        writer.writerow((harmless(one.code), one.n_schools, harmless(one.merged_into)))
    return out.getvalue()
