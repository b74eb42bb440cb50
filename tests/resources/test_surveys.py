"""Survey files as a resource of the library: formats, dry run, errors and rows as it knows them."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from import_export.exceptions import ImportError as Refused
from openpyxl import load_workbook

from indicators.actions.reading import Reading
from indicators.models import Dataset, Project, Upload, User, Wave
from indicators.resources.formats import (
    SURVEY_FORMATS,
    SurveyCsv,
    SurveyDta,
    SurveyFormat,
    SurveySav,
    SurveyTsv,
    SurveyXlsx,
)
from indicators.resources.surveys import ROWS_SHOWN, SurveyFileResource, SurveyResult
from indicators.vocabulary import ExportFormat, FileKind
from tests.pipeline.import_cases import DEMO, DIRTY
from tests.pipeline.test_read_formats import dta

pytestmark = pytest.mark.django_db

TEACHERS = DEMO / "baseline" / "teacher_kobo.xlsx"


def load(project: Project, name: str, content: bytes, **options: Any) -> SurveyResult:
    wave = Wave.objects.get(project=project, code="W0")
    resource = SurveyFileResource(project=project, said=options.pop("said", Reading(wave=wave)))
    make: type[SurveyFormat] = options.pop("make", SurveyXlsx)
    dataset = make(encoding="utf-8").create_dataset(content)
    return resource.import_data(dataset, file_name=name, **{"dry_run": True, **options})


def rows() -> list[list[Any]]:
    cells = load_workbook(TEACHERS).worksheets[0].iter_rows(values_only=True)
    return [["" if cell is None else cell for cell in row] for row in cells]


def text(delimiter: str, encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows())
    return out.getvalue().encode(encoding)


def stata() -> bytes:
    header, *body = rows()
    names = [name.rpartition("/")[2].lstrip("_") for name in header]
    columns = zip(*[[str(cell) for cell in row] for row in body], strict=True)
    kept = {name: list(cells) for name, cells in zip(names, columns, strict=True) if name[:2] in (
        "t_", "co", "to", "st", "en"
    )}  # fmt: skip
    return dta({name: cells for name, cells in kept.items() if len(name) <= 32})


def test_the_formats_are_those_of_the_reader() -> None:
    assert [one().get_title() for one in SURVEY_FORMATS] == [
        "XLSX", "CSV", "TSV", "XLS", "ODS", "SAV", "DTA",
    ]  # fmt: skip
    assert all(one().can_import() and one().is_binary() for one in SURVEY_FORMATS)
    written = [one.written for one in SURVEY_FORMATS if one().can_export()]
    assert sorted(map(str, written)) == sorted(map(str, ExportFormat))
    for one in SURVEY_FORMATS:
        assert bool(one().create_dataset(b"")) is True  # an empty file is read and explained


@pytest.mark.parametrize(
    ("name", "make", "content", "found"),
    [
        ("a.csv", SurveyCsv, lambda: text(";"), "csv"),
        ("a.csv", SurveyCsv, lambda: text(",", "utf-16"), "csv"),
        ("a.tsv", SurveyTsv, lambda: text("\t"), "csv"),
        ("a.dta", SurveyDta, stata, "dta"),
        ("wrong.csv", SurveySav, TEACHERS.read_bytes, "xlsx"),
    ],
)
def test_the_content_decides_what_a_file_is(
    project: Project, name: str, make: type[SurveyFormat], content: Any, found: str
) -> None:
    result = load(project, name, content(), make=make)
    assert result.tried is not None
    assert result.tried.raw.format == found
    assert result.tried.reading.version is not None
    assert result.tried.reading.version.instrument.code == "teacher"
    assert not result.has_errors(), result.problems
    assert result.totals["new"] == 251


def test_a_dry_run_keeps_nothing_and_shows_the_first_rows(project: Project, officer: User) -> None:
    result = load(project, "t.xlsx", TEACHERS.read_bytes(), user=officer)
    assert (len(result.rows), result.total_rows) == (ROWS_SHOWN, 251)
    assert result.rows[0].number == 2
    assert not Upload.objects.exists()


def test_an_import_is_the_action_of_the_page(project: Project, officer: User) -> None:
    content = TEACHERS.read_bytes()
    tried = load(project, "t.xlsx", content).tried
    assert tried is not None
    result = load(project, "t.xlsx", content, dry_run=False, said=tried.reading, user=officer)
    upload = Upload.objects.get()
    assert [row.instance for row in result.rows] == [upload]
    assert (result.totals["new"], upload.created_by) == (1, officer)
    again = load(project, "t.xlsx", content, dry_run=False, said=tried.reading, user=officer)
    assert (again.totals["new"], again.totals["skip"]) == (0, 1)
    assert Dataset.objects.count() == 1


def test_errors_carry_the_row_of_the_file_and_can_be_raised(project: Project) -> None:
    name = "teacher_kobo.xlsx"
    result = load(project, name, (DIRTY / name).read_bytes())
    assert [row for row, _errors in result.row_errors()] == [1, 6, 11]
    assert result.base_errors == []
    assert result.totals["error"] == 3
    with pytest.raises(Refused, match="1: Two columns have the same meaning"):
        load(project, name, (DIRTY / name).read_bytes(), raise_errors=True)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", b"", "empty_file"),
        ("a.xlsx", b"no workbook", "file_type_mismatch"),
        ("a.csv", b"a;b\n1;2\n", "kind_not_named"),
    ],
)
def test_what_cannot_be_read_is_an_error_of_the_file(
    project: Project, name: str, content: bytes, kind: str
) -> None:
    result = load(project, name, content)
    assert kind in [problem.kind for problem in result.problems]
    assert result.base_errors
    assert result.has_errors()


def test_a_kind_that_is_named_does_not_let_the_questionnaire_be_guessed(project: Project) -> None:
    said = Reading(kind=FileKind.SURVEY)
    result = load(project, "a.csv", b"a;b\n1;2\n", said=said)
    assert [p.kind for p in result.problems] == ["wave_not_named"]
