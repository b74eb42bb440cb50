"""Write the coding frame of an open question: themes, their words, merging, retiring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from indicators.actions.audit import record
from indicators.models import Item, Theme, User

FIELDS = ("label_ky", "label_ru", "label_en", "definition", "position", "is_active")


class ThemeExists(Exception):
    """The question has a theme with this code already."""


@dataclass
class StaleTheme(Exception):
    """Somebody else changed the theme meanwhile; `stored` is what stands there now."""

    stored: Mapping[str, Any]


class ThemeRefused(Exception):
    """A theme cannot be merged into one that is merged, out of use or of another question."""


@transaction.atomic
def add_theme(*, item: Item, code: str, values: Mapping[str, Any], by: User) -> Theme:
    """`values` hold FIELDS. Raises ThemeExists."""
    theme = Theme(item=item, code=code, updated_by=by, **values)
    try:
        with transaction.atomic():
            theme.save()
    except IntegrityError as error:
        raise ThemeExists from error
    record("theme.created", theme, by=by, project=item.instrument.project, after=plain(theme))
    return theme


@transaction.atomic
def change_theme(
    *, theme: Theme, values: Mapping[str, Any], merged_into: Theme | None, revision: int, by: User
) -> Theme:
    """Store what was typed over the revision that was read.

    A merged theme keeps its codes and is no longer offered. Raises StaleTheme or ThemeRefused.
    """
    stored = _locked(theme)
    if stored.revision != revision:
        raise StaleTheme(plain(stored) | {"revision": stored.revision})
    if merged_into is not None:
        _demand_standing(stored, merged_into)
    before = plain(stored)
    for name in FIELDS:
        setattr(stored, name, values[name])
    stored.merged_into = merged_into
    if merged_into is not None:
        stored.is_active = False
    after = plain(stored)
    if before == after:
        return stored
    stored.revision += 1
    stored.updated_by = by
    stored.save()
    project = stored.item.instrument.project
    record("theme.changed", stored, by=by, project=project, before=before, after=after)
    return stored


def _demand_standing(theme: Theme, target: Theme) -> None:
    # The target is locked: it could be merged into this one at the same moment.
    other = _locked(target)
    is_other = other.pk != theme.pk and other.item_id == theme.item_id
    if not is_other or not other.is_active or other.merged_into_id is not None:
        raise ThemeRefused


def _locked(theme: Theme) -> Theme:
    rows = Theme.objects.select_for_update(of=("self",))
    return rows.select_related("item__instrument__project", "merged_into").get(pk=theme.pk)


def plain(theme: Theme) -> dict[str, Any]:
    values = {name: getattr(theme, name) for name in FIELDS}
    merged = theme.merged_into.code if theme.merged_into else ""
    return values | {"code": theme.code, "merged_into": merged}
