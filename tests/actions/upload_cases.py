"""Files of the demo and how the tests load them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from indicators.actions.uploads import ImportReport, import_file, receive_upload
from indicators.models import Project, Upload, User, Wave
from indicators.queries.import_context import version_in_wave
from indicators.vocabulary import FileKind
from tests.pipeline.import_cases import DEMO

TEACHERS = DEMO / "baseline" / "teacher_kobo.xlsx"
PARENTS = DEMO / "baseline" / "parent_forms.csv"
REGISTER = DEMO / "endline" / "register_changes.xlsx"
CHECKLISTS = DEMO / "baseline" / "director_checklist"


def load(project: Project, path: Any, kind: str, wave: str, **changes: Any) -> ImportReport:
    fields: dict[str, Any] = {"instrument": "", "by": None, **changes}
    return import_file(
        project=project,
        wave=Wave.objects.get(project=project, code=wave),
        kind=FileKind(kind),
        file_name=path.name,
        content=path.read_bytes(),
        **fields,
    )


def received(project: Project, path: Any, by: User, instrument: str = "teacher") -> Upload:
    wave = Wave.objects.get(project=project, code="W0")
    return receive_upload(
        project=project,
        file_name=path.name,
        content=path.read_bytes(),
        kind=FileKind.SURVEY,
        wave=wave,
        version=version_in_wave(project=project, wave=wave, instrument=instrument),
        by=by,
    )


def teachers(*, n_rows: int = 9, **columns: Sequence[str]) -> bytes:
    """A CSV of teachers' answers at the endline; `columns`: other cells of the first rows.

    A column the file does not have is added. Nobody is of the school that the endline adds.
    """
    path = DEMO / "endline" / "teacher_kobo.csv"
    header, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines(), delimiter=";")
    rows = [row for row in rows if "is_24" not in row][:n_rows]
    for name, cells in columns.items():
        place = next((n for n, text in enumerate(header) if text.endswith(name)), len(header))
        if place == len(header):
            header, rows = [*header, name], [[*row, ""] for row in rows]
        for row, cell in zip(rows, cells, strict=False):
            row[place] = cell
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([header, *rows])
    return text.getvalue().encode()
