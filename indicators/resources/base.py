"""What all reference tables share: columns of the project files, one cleaning, one audit.

A row is found by its natural key, cleaned by `actions.table_rows` (the rules of the project's own
files) and stored by an action. This class only fits that into django-import-export: dry run,
preview, differences, confirmation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import ModelResource
from import_export.results import Result

from indicators.actions.table_rows import RowRefused, Tables, problem_sentence
from indicators.actions.tables import project_path, save_row
from indicators.models import Project, User
from indicators.vocabulary import DefinitionSource

PROJECT = "project"
Cell = Callable[[Any], object]


class HeadersMissing(Exception):
    """The table lacks columns."""


class TableResult(Result):
    """Names rows by the number they have in the file; the library counts from the first below."""

    def __init__(self) -> None:
        super().__init__()
        self.row_numbers: Sequence[int] = ()
        self.noticed: list[tuple[int, str]] = []  # what is odd and yet taken, by row

    def append_invalid_row(self, number: int, row: Any, validation_error: Any) -> None:
        super().append_invalid_row(self.number_in_file(number), row, validation_error)

    def append_error_row(self, number: int, row: Any, errors: Any) -> None:
        super().append_error_row(self.number_in_file(number), row, errors)

    def row_errors(self) -> list[tuple[int, Any]]:
        return [(row.number, row.errors) for row in self.error_rows]

    def number_in_file(self, number: int) -> int:
        return self.row_numbers[number - 1] if self.row_numbers else number + 1


class _NoLoader(BaseInstanceLoader):
    """Rows are found by `TableResource.find`."""


class TableResource(ModelResource):
    """A table of one model. `projects` are those the person may use; None means all."""

    # Header -> what an instance shows there. The first ones identify a row.
    columns: Mapping[str, Cell] = {}
    # Columns a file may lack.
    optional: frozenset[str] = frozenset({PROJECT})
    # What to do with a file that lacks the others.
    other_way: Any = ""

    class Meta:
        fields: tuple[str, ...] = ()
        import_id_fields: tuple[str, ...] = ()
        instance_loader_class = _NoLoader
        skip_unchanged = True
        report_skipped = True
        use_bulk = False  # every row is saved and audited on its own

    def __init__(self, *, projects: Collection[int] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.projects = projects
        self.by: User | None = None
        self._tables: dict[str, Tables] = {}
        self._seen: dict[tuple[object, ...], int] = {}
        self._result = TableResult()
        self._number = 0  # of the row that is read
        self.shown = {**self.all_columns(), PROJECT: self.project_code}
        self.fields = {
            f"column_{place}": Field(column_name=header, dehydrate_method=cell)
            for place, (header, cell) in enumerate(self.shown.items())
        }

    def all_columns(self) -> Mapping[str, Cell]:
        """The columns of this table; a subclass may build them."""
        return self.columns

    def project_code(self, instance: Any) -> str:
        raise NotImplementedError

    def clean(self, tables: Tables, row: Mapping[str, Any], number: int) -> dict[str, Any]:
        """The values of a row; raises RowRefused."""
        raise NotImplementedError

    def find(self, tables: Tables, values: Mapping[str, Any]) -> models.Model | None:
        """The stored row these values belong to."""
        raise NotImplementedError

    def key(self, values: Mapping[str, Any]) -> tuple[object, ...]:
        """What may stand in a file only once."""
        raise NotImplementedError

    def store(self, instance: Any) -> None:
        save_row(row=instance, by=self.by, source=DefinitionSource.FILE)

    # --- how django-import-export calls it --------------------------------------------

    def get_queryset(self) -> models.QuerySet[Any]:
        rows = self._meta.model._default_manager.all()
        if self.projects is None:
            return rows
        return rows.filter(**{f"{project_path(self._meta.model)}__in": self.projects})

    def get_result_class(self) -> Callable[[], TableResult]:
        """The result of this import, which learns the row numbers as soon as they are known."""
        self._result = TableResult()
        return lambda: self._result

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.by = kwargs.get("user")
        self._result.row_numbers = getattr(dataset, "row_numbers", ())
        missing = [name for name in self.required() if name not in (dataset.headers or [])]
        if missing:
            dataset.wipe()  # without its columns no row can be judged
            text = _("These columns are missing: %(names)s.") % {"names": ", ".join(missing)}
            raise HeadersMissing(f"{text} {self.other_way}".strip())

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        self._number = self._result.number_in_file(kwargs["row_number"])

    def required(self) -> list[str]:
        return [name for name in self.shown if name not in self.optional]

    def get_or_init_instance(
        self, instance_loader: BaseInstanceLoader, row: dict[str, Any]
    ) -> tuple[models.Model, bool]:
        tables = self._tables_of(row)
        tables.noticed = []
        try:
            values = self.clean(tables, row, self._number)
        except RowRefused as refused:
            raise ValidationError(refused.sentences) from None
        noticed = ((self._number, problem_sentence(one)) for one in tables.noticed)
        self._result.noticed.extend(noticed)
        key = (tables.project.pk, *self.key(values))
        if key in self._seen:
            text = _("This row stands in the file already, in row %(row)s. Remove one of the two.")
            raise ValidationError(text % {"row": self._seen[key]})
        self._seen[key] = self._number
        stored = self.find(tables, values)
        # Kept for import_instance: the library reads the original in between.
        row["__values__"] = values
        return stored or self._meta.model(**self.fixed(tables)), stored is None

    def fixed(self, tables: Tables) -> dict[str, Any]:
        """What a new row has beyond the columns."""
        return {"project": tables.project}

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        for name, value in row.pop("__values__").items():
            setattr(instance, name, value)

    def skip_row(
        self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None
    ) -> bool:
        if original is None or original.pk is None or import_validation_errors:
            return False
        return all(cell(instance) == cell(original) for cell in self.shown.values())

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        self.store(instance)

    def _tables_of(self, row: Mapping[str, Any]) -> Tables:
        code = str(row.get(PROJECT) or "").strip()
        if code not in self._tables:
            self._tables[code] = Tables(self._project(code))
        return self._tables[code]

    def _project(self, code: str) -> Project:
        """The project named in the row, or the only one this person has."""
        mine = Project.objects.all()
        if self.projects is not None:
            mine = mine.filter(pk__in=self.projects)
        found = list(mine.filter(code=code) if code else mine[:2])
        if len(found) == 1:
            return found[0]
        if code:
            raise ValidationError(_("There is no project “%(code)s”.") % {"code": code})
        raise ValidationError(_("Name the project in a column “project”."))
