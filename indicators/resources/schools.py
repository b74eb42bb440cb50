"""The school register as a table, with the columns of the register file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indicators.actions.table_rows import SCHOOL_CODE, SCHOOL_COLUMNS, SCHOOL_COUNTS, Tables
from indicators.models import School
from indicators.resources.base import Cell, TableResource

# Attributes in the order of the register's other columns.
ATTRIBUTES = (
    "code", "name_ky", "name_ru", "name_en", "oblast", "oblast", "district_ky", "district_ru",
    "settlement", "remoteness", "distance_km", "languages", *SCHOOL_COUNTS, "role",
)  # fmt: skip


def _attribute(name: str) -> Cell:
    def cell(school: School) -> object:
        value = getattr(school, name)
        return "" if value is None else value

    return cell


class SchoolResource(TableResource):
    columns = {
        header: _attribute(name) for header, name in zip(SCHOOL_COLUMNS, ATTRIBUTES, strict=True)
    }

    class Meta(TableResource.Meta):
        model = School
        name = "schools"

    def project_code(self, instance: School) -> str:
        return instance.project.code

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("project")

    def clean(self, tables: Tables, row: Mapping[str, Any], number: int) -> dict[str, Any]:
        return tables.school(row, number)

    def key(self, values: Mapping[str, Any]) -> tuple[object, ...]:
        return (values["code"],)

    def find(self, tables: Tables, values: Mapping[str, Any]) -> School | None:
        return tables.schools.get(values["code"])


__all__ = ["SCHOOL_CODE", "SchoolResource"]
