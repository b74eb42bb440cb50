"""Versions of definitions, kept by whatever changes one: a page, a file, the admin, a copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from indicators.models import DefinitionVersion, Project, User
from indicators.queries.versions import (
    Fields,
    index_states,
    indicator_states,
    newest_numbers,
)
from indicators.vocabulary import DefinitionSource

INDICATOR, INDEX = "indicator", "index"
States = dict[tuple[str, int], Fields]


@contextmanager
def versioned(
    *, project: Project, by: User | None, source: DefinitionSource, reason: str = ""
) -> Iterator[None]:
    """Keep a version of every definition that what happens inside adds or changes.

    Compares the definitions of the project before and after. Use it inside the transaction of the
    change. Six queries, and two more when something changed.
    """
    before = _states(project)
    yield
    _keep(project, before, _states(project), by=by, source=source, reason=reason)


def _states(project: Project) -> States:
    return {
        **{(INDICATOR, pk): one for pk, one in indicator_states(project.pk).items()},
        **{(INDEX, pk): one for pk, one in index_states(project.pk).items()},
    }


def _keep(
    project: Project,
    before: States,
    after: States,
    *,
    by: User | None,
    source: DefinitionSource,
    reason: str,
) -> None:
    """A definition that was never changed before first gets its old state as number 1."""
    changed = {key: one for key, one in after.items() if before.get(key) != one}
    if not changed:
        return
    numbers = newest_numbers(project)
    rows = []
    for (kind, pk), fields in changed.items():
        key = {f"{kind}_id": pk, "project": project}
        number = numbers.get((kind, pk), 0)
        if not number and (kind, pk) in before:
            number = 1
            old = before[kind, pk]
            rows.append(
                DefinitionVersion(number=1, fields=old, source=DefinitionSource.BEFORE, **key)
            )
        rows.append(
            DefinitionVersion(
                number=number + 1,
                fields=fields,
                source=source,
                reason=reason,
                created_by=by,
                **key,
            )
        )
    DefinitionVersion.objects.bulk_create(rows)
