"""Survey files: the library's dry run, preview and confirmation on top of our own validator.

`import_data` hands the whole file to the action that the page and the command use. No row becomes
an object; only the first rows are shown, and everything found is translated into the library's
rows and errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from import_export.exceptions import ImportError as RowRefused
from import_export.resources import ModelResource
from import_export.results import Error, ErrorRow, Result, RowResult

from indicators.actions.dry_run import DryRun, try_file
from indicators.actions.reading import Reading
from indicators.actions.upload_check import n_rows, problem_row
from indicators.actions.uploads import ImportReport, import_file
from indicators.models import Problem, Project, Upload
from indicators.pipeline.shapes import ProblemSpec
from indicators.problem_texts import problem_text
from indicators.resources.formats import Received
from indicators.vocabulary import FileKind, Severity

ROWS_SHOWN = 200
COUNTED, LEFT_OUT, BLOCKED = (
    RowResult.IMPORT_TYPE_NEW,
    RowResult.IMPORT_TYPE_SKIP,
    RowResult.IMPORT_TYPE_ERROR,
)


class FileRefused(Exception):
    """A problem that blocks the file; the message is its sentence."""


class ShownRow(RowResult):
    """One of the first rows: its number in the file, its cells as texts, what becomes of it."""

    def __init__(self, number: int, cells: Sequence[str], import_type: str) -> None:
        super().__init__()
        self.number = number
        self.diff = list(cells)
        self.import_type = import_type


class SurveyResult(Result):
    """The library's result. What blocks is an error; everything found stands in `problems`."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[Problem] = []
        self.tried: DryRun | None = None  # of a dry run
        self.report: ImportReport | None = None  # of an import

    def row_errors(self) -> list[tuple[int, list[Error]]]:
        """With the numbers the rows have in the file, and whether they are shown or not."""
        return [(row.number, row.errors) for row in self.error_rows]

    def list_problems(self, found: Iterable[ProblemSpec]) -> None:
        by_row: dict[int, list[Error]] = {}
        for spec in found:
            row = problem_row(None, spec)
            self.problems.append(row)
            if spec.severity is Severity.BLOCK:
                error = Error(FileRefused(problem_text(row.kind, row.params)), number=row.row)
                if row.row is None:
                    self.append_base_error(error)
                else:
                    by_row.setdefault(row.row, []).append(error)
        self.error_rows = [ErrorRow(number, errors) for number, errors in sorted(by_row.items())]


class SurveyFileResource(ModelResource):
    """A file of a project. `said`: what the person named; the content shows the rest."""

    class Meta:
        model = Upload
        name = "survey files"
        fields: tuple[str, ...] = ()

    def __init__(
        self, *, project: Project | None = None, said: Reading | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.project = project
        self.said = said or Reading()

    def import_data(
        self,
        dataset: Received,
        dry_run: bool = False,
        raise_errors: bool = False,
        *,
        file_name: str,
        user: Any = None,
        **kwargs: Any,
    ) -> SurveyResult:
        """Check the file or, without `dry_run`, make it count.

        `raise_errors` raises the library's ImportError for a file that is blocked.
        """
        if self.project is None:
            raise ValueError("a survey file belongs to a project")
        result = SurveyResult()
        if dry_run:
            self._try(result, file_name, dataset.content)
        else:
            self._import(result, file_name, dataset.content, user)
        if raise_errors and result.has_errors():
            first = [*result.base_errors, *(e for row in result.error_rows for e in row.errors)][0]
            raise RowRefused(first.error, number=first.number)
        return result

    def _try(self, result: SurveyResult, file_name: str, content: bytes) -> None:
        tried = try_file(
            project=self.project,  # type: ignore[arg-type]
            file_name=file_name,
            content=content,
            said=self.said,
            by_content=True,
        )
        result.tried = tried
        result.list_problems(tried.checked.problems)
        result.total_rows = n_rows(tried.checked)
        result.totals[BLOCKED] = len(result.error_rows)
        if tried.table is not None:
            result.diff_headers = list(tried.table.header)
            result.rows = list(_shown_rows(tried))
        if tried.checked.survey is not None:
            result.totals[COUNTED] = tried.checked.survey.funnel.used
            result.totals[LEFT_OUT] = result.total_rows - tried.checked.survey.funnel.used
        else:
            result.totals[COUNTED] = result.total_rows

    def _import(self, result: SurveyResult, file_name: str, content: bytes, user: Any) -> None:
        report = import_file(
            project=self.project,  # type: ignore[arg-type]
            wave=self.said.wave,
            kind=FileKind(self.said.kind or ""),
            version=self.said.version,
            file_name=file_name,
            content=content,
            by=user,
        )
        result.report = report
        result.list_problems(report.problems)
        if report.is_accepted:
            row = ShownRow(0, (), LEFT_OUT if report.already else COUNTED)
            row.instance = report.upload
            row.add_instance_info(report.upload)
            result.append_row_result(row)
            result.increment_row_result_total(row)


def _shown_rows(tried: DryRun) -> Iterable[ShownRow]:
    """The first rows of the sheet that is read, each with what becomes of it.

    What people answered who did not consent is not shown.
    """
    table = tried.table
    if table is None:
        return
    found: dict[int, list[ProblemSpec]] = {}
    for spec in tried.checked.problems:
        if spec.row is not None and spec.sheet in ("", table.sheet):
            found.setdefault(spec.row, []).append(spec)
    survey = tried.checked.survey
    used = None if survey is None else set(survey.row_numbers.tolist())
    for number, cells in zip(table.row_numbers, table.rows[:ROWS_SHOWN], strict=False):
        own = found.get(number, [])
        severities = {spec.severity for spec in own}
        is_out = Severity.ROW in severities or (used is not None and number not in used)
        kind = BLOCKED if Severity.BLOCK in severities else LEFT_OUT if is_out else COUNTED
        lacks_consent = kind == LEFT_OUT and used is not None and not _is_explained(own)
        texts = ["" if cell is None or lacks_consent else str(cell) for cell in cells]
        yield ShownRow(number, texts, kind)


def _is_explained(found: Iterable[ProblemSpec]) -> bool:
    """Left out for what stands in the row, not for want of consent."""
    return any(spec.severity is Severity.ROW and spec.kind != "consent_blank" for spec in found)
