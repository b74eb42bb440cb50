"""One file with the answers to several questionnaires is loaded once for each of them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from indicators.actions.uploads import ImportReport, import_file
from indicators.models import Dataset, Wave
from indicators.vocabulary import FileKind
from tests.pipeline.import_cases import DEMO

SHEETS = {"student": "student_googleforms.xlsx", "teacher": "teacher_kobo.xlsx"}


@pytest.fixture(scope="module")
def both() -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, file in SHEETS.items():
        sheet = book.create_sheet(name)
        rows = load_workbook(DEMO / "baseline" / file).worksheets[0].iter_rows(values_only=True)
        for row, _ in zip(rows, range(40), strict=False):
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def load(demo: Any, content: bytes, instrument: str) -> ImportReport:
    return import_file(
        project=demo,
        wave=Wave.objects.get(project=demo, code="W0"),
        kind=FileKind.SURVEY,
        file_name="both.xlsx",
        content=content,
        instrument=instrument,
        by=None,
    )


def test_each_questionnaire_gets_its_sheet(demo: Any, both: bytes) -> None:
    for instrument in SHEETS:
        report = load(demo, both, instrument)
        assert (report.is_accepted, report.already) == (True, False)
    stored = {d.version.instrument.code: d.n_opened for d in Dataset.objects.all()}
    assert set(stored) == set(SHEETS)
    assert all(n == 39 for n in stored.values())


def test_the_same_questionnaire_twice_counts_once(demo: Any, both: bytes) -> None:
    load(demo, both, "teacher")
    again = load(demo, both, "teacher")
    assert (again.is_accepted, again.already) == (True, True)
    assert Dataset.objects.count() == 1
