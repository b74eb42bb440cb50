"""The content of a database in a form two databases can be compared by: no keys, no times.

A row is named by the hash of its plain values and of the names of the rows it points to, so that
equal content gives equal names whatever the primary keys are. Floats are compared to the last bit.

As a program it prints the digest of the database that the environment names.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections import Counter
from typing import Any

from django.apps import apps
from django.db.models import DateTimeField, ForeignKey, JSONField, Model

# What may differ between two honest ways to the same data: who did what when, and how often.
HISTORY = {"AuditEvent", "Release", "Session", "LogEntry", "EmailAddress"}
RESULTS = (
    *("Estimate", "Change", "Gap", "Reliability", "DistributionTest", "Assessment"),
    *("ConsistencyCheck", "ConsistencyFinding"),
    *("ItemResult", "IndexComponent", "OpenQuestion", "ThemeShare"),
)


def row_names(run_id: int | None) -> dict[str, list[str]]:
    """Model -> sorted names of its rows; of the results those of one run only."""
    return _Names(run_id).by_model()


def digest() -> dict[str, Any]:
    """Rows and hash per model, with the results of the newest finished run, and all run states."""
    from indicators.models import Run
    from indicators.vocabulary import RunState

    newest = Run.objects.filter(state=RunState.DONE).order_by("-id").first()
    found = row_names(newest.pk if newest else None)
    return {
        "rows": {model: [len(names), _sha("\n".join(names))] for model, names in found.items()},
        "twice": {
            model: n
            for model, names in found.items()
            if (n := sum(count - 1 for count in Counter(names).values()))
        },
        "stray": {model: n for model in RESULTS if (n := _stray(model))},
        "inputs": newest.input_sha256 if newest else None,
        "runs": dict(Counter(Run.objects.order_by("state").values_list("state", flat=True))),
    }


def _stray(model: str) -> int:
    """Results of runs that did not finish: there must be none."""
    from indicators.vocabulary import RunState

    rows = apps.get_model("indicators", model)._default_manager
    return rows.exclude(run__state=RunState.DONE).count()


def results_of(run_id: int) -> dict[str, list[str]]:
    """The stored rows of one run, by table."""
    found = row_names(run_id)
    return {model: found[model] for model in RESULTS}


class _Names:
    def __init__(self, run_id: int | None) -> None:
        models = apps.get_app_config("indicators").get_models(include_auto_created=True)
        self.rows: dict[str, dict[Any, Model]] = {
            model.__name__: {row.pk: row for row in _rows(model, run_id)}
            for model in models
            if model.__name__ not in HISTORY
        }
        self.known: dict[tuple[str, Any], str] = {}

    def by_model(self) -> dict[str, list[str]]:
        return {
            model: sorted(self.name(model, pk) for pk in rows)
            for model, rows in sorted(self.rows.items())
            if model != "Run"
        }

    def name(self, model: str, pk: Any) -> str:
        if model == "Run":
            return "run"
        if (model, pk) not in self.known:
            row = self.rows[model][pk]
            self.known[model, pk] = _sha(
                json.dumps([self.plain(row, field) for field in row._meta.concrete_fields])
            )
        return self.known[model, pk]

    def plain(self, row: Model, field: Any) -> Any:
        value = getattr(row, field.attname)
        if value is None or field.primary_key or isinstance(field, DateTimeField):
            return None
        if isinstance(field, ForeignKey):
            return self.name(field.related_model.__name__, value)
        if isinstance(field, JSONField):
            return json.dumps(value, sort_keys=True)
        if field.name == "password":
            return None
        if isinstance(value, float):
            return value.hex()
        return value.hex() if isinstance(value, bytes | memoryview) else str(value)


def _rows(model: type[Model], run_id: int | None) -> Any:
    found = model._default_manager.all()
    return found.filter(run_id=run_id) if model.__name__ in RESULTS else found


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mel.settings")
    import django

    django.setup()
    json.dump(digest(), sys.stdout)
