"""Write indicators/migrations/0001_initial.py with whole tables.

makemigrations adds each constraint in a step of its own, and SQLite copies a table for every such
step: a first start took twenty seconds. Only of use until the first release.
"""

import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mel.settings")
    import django

    django.setup()
    from django.apps import apps
    from django.db import migrations
    from django.db.migrations.state import ModelState
    from django.db.migrations.writer import MigrationWriter
    from django.utils import translation

    translation.deactivate_all()  # the texts of the source, as makemigrations writes them
    config = apps.get_app_config("indicators")
    waiting = [model for model in config.get_models() if not model._meta.proxy]
    done: set[Any] = set()
    operations = []
    while waiting:
        ready = [model for model in waiting if _needs(model) & set(waiting) <= {model}]
        if not ready:
            raise SystemExit(f"circular references: {waiting}")
        for model in sorted(ready, key=lambda model: model.__name__):
            state = ModelState.from_model(model)
            operations.append(
                migrations.CreateModel(
                    state.name,
                    list(state.fields.items()),
                    state.options,
                    state.bases,
                    state.managers,
                )
            )
            done.add(model)
        waiting = [model for model in waiting if model not in done]
    operations += [_proxy(model) for model in config.get_models() if model._meta.proxy]
    migration = type("Migration", (migrations.Migration,), {})("0001_initial", "indicators")
    migration.initial = True
    migration.operations = operations
    migration.dependencies = [("auth", "0012_alter_user_first_name_max_length")]
    path = ROOT / "indicators" / "migrations" / "0001_initial.py"
    path.write_text(MigrationWriter(migration, include_header=False).as_string(), encoding="utf-8")


def _needs(model: Any) -> set[Any]:
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return {field.related_model for field in fields if field.related_model is not None}


def _proxy(model: Any) -> Any:
    from django.db import migrations
    from django.db.migrations.state import ModelState

    state = ModelState.from_model(model)
    return migrations.CreateModel(state.name, [], state.options, state.bases, state.managers)


if __name__ == "__main__":
    main()
