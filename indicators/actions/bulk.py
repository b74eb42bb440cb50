"""Insert many plain rows at once: results of a calculation are thousands of rows of numbers.

Model instances cost more than the rows themselves (1.2 s against 0.2 s for 5,000 rows), and
results need neither signals nor defaults of instances. Column names come from the model.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models

Plain = Mapping[str, Any]


def insert_rows(model: type[models.Model], rows: Iterable[Plain]) -> int:
    """Insert `rows`, each a mapping from attribute name (`school_id`, `value`) to a plain value.

    All rows name the same attributes; model defaults are not applied. The caller holds the
    transaction. Raises IntegrityError as the database does.
    """
    rows = list(rows)
    if not rows:
        return 0
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = list(rows[0])
    is_json = [isinstance(fields[name], models.JSONField) for name in names]
    values = [_values(row, names, is_json) for row in rows]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(fields[name].column)) for name in names)
    marks = ", ".join(["%s"] * len(names))
    # Table and column names are the model's own; every value is a parameter.
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)
    return len(rows)


def _values(row: Plain, names: Sequence[str], is_json: Sequence[bool]) -> list[Any]:
    return [
        json.dumps(row[name], ensure_ascii=False) if json_ and row[name] is not None else row[name]
        for name, json_ in zip(names, is_json, strict=True)
    ]
