"""A copy of the demonstration project that a test may spoil, cell by cell."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from indicators.pipeline.framework_cells import Problems
from indicators.pipeline.framework_shapes import FormDefinition
from indicators.pipeline.shapes import ProblemSpec
from indicators.pipeline.xlsform import read_form

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "indicators" / "definitions" / "demo"

# Forms read so far, by name and content: the form and its problems.
READ: dict[tuple[str, bytes], tuple[FormDefinition | None, list[ProblemSpec]]] = {}


def read_form_once(path: Path, problems: Problems) -> FormDefinition | None:
    """In place of `read_form`: the same form is read once, because pyxform takes its time."""
    key = (problems.file, path.read_bytes())
    if key not in READ:
        own = Problems(problems.file)
        READ[key] = (read_form(path, own), own.found)
    form, found = READ[key]
    problems.found.extend(found)
    return form


def copy_demo(tmp_path: Path) -> Path:
    copy = tmp_path / "project"
    (copy / "register").mkdir(parents=True)
    shutil.copytree(DEMO / "instruments", copy / "instruments")
    for name in ("project.toml", "framework.xlsx", "register/schools.xlsx"):
        shutil.copy(DEMO / name, copy / name)
    return copy


def spoil(path: Path, sheet: str, change: Callable[[Any], None]) -> None:
    book = load_workbook(path)
    change(book[sheet])
    book.save(path)


def columns(sheet: Any) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[1]}


def set_cell(path: Path, sheet: str, row: int, column: str, value: object) -> None:
    def change(page: Any) -> None:
        page.cell(row=row, column=columns(page)[column]).value = value

    spoil(path, sheet, change)


def row_of(path: Path, sheet: str, column: str, value: str) -> int:
    page = load_workbook(path)[sheet]
    place = columns(page)[column]
    return next(row for row in range(2, page.max_row + 1) if page.cell(row, place).value == value)
