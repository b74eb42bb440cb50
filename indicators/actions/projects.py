"""A new project, and its settings changed with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from django.core.validators import validate_slug
from django.db import transaction

from indicators.access import may_create_project
from indicators.actions.audit import record
from indicators.actions.tables import plain
from indicators.models import Membership, Project, User
from indicators.models.base import LANGUAGES
from indicators.models.project import LIMITS
from indicators.queries.definitions import needs_reason
from indicators.vocabulary import RoleName


class ProjectRefusal(StrEnum):
    ROLE = "role"  # the person may create no project
    CODE_TAKEN = "code_taken"
    NO_NAME = "no_name"
    NO_REASON = "no_reason"
    OUTSIDE = "outside"  # a setting beyond its limits


class ProjectRefused(Exception):
    """Nothing was stored; `field` names the setting that is wrong."""

    def __init__(self, reason: ProjectRefusal, field: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.field = field


class StaleRow(Exception):
    """Somebody else changed the row meanwhile; `stored` is what it says now."""

    def __init__(self, stored: Any) -> None:
        super().__init__("the row was changed by somebody else")
        self.stored = stored


@transaction.atomic
def create_project(
    *, code: str, names: Mapping[str, str], reference_date: date, by: User
) -> Project:
    """An empty project whose officer is the person. `names` by language; one is enough.

    Raises ProjectRefused, and ValidationError for a code that is no slug.
    """
    if not may_create_project(by):
        raise ProjectRefused(ProjectRefusal.ROLE)
    validate_slug(code)
    if not any(names.values()):
        raise ProjectRefused(ProjectRefusal.NO_NAME)
    if Project.objects.filter(code__iexact=code).exists():
        raise ProjectRefused(ProjectRefusal.CODE_TAKEN)
    named = {f"name_{language}": names.get(language, "") for language in LANGUAGES}
    project = Project.objects.create(code=code, reference_date=reference_date, **named)
    after = {"code": code, "reference_date": reference_date.isoformat(), **named}
    record("project.created", project, by=by, project=project, after=after)
    member = Membership.objects.create(user=by, project=project, role=RoleName.OFFICER)
    record("member.added", member, by=by, project=project, after={"role": RoleName.OFFICER.value})
    return project


@transaction.atomic
def change_settings(
    *, project: Project, values: Mapping[str, Any], revision: int, reason: str, by: User
) -> bool:
    """Names, reference date and rules; False when nothing changed.

    A project with data asks for a reason, because its results change. Raises ProjectRefused, or
    StaleRow when the stored revision is not the one read.
    """
    stored = Project.objects.select_for_update().get(pk=project.pk)
    changed = {name: new for name, new in values.items() if getattr(stored, name) != new}
    if not changed:
        return False
    if stored.revision != revision:
        raise StaleRow(stored)
    _demand_limits(changed)
    if not any(values.get(f"name_{one}", getattr(stored, f"name_{one}")) for one in LANGUAGES):
        raise ProjectRefused(ProjectRefusal.NO_NAME)
    if not reason.strip() and needs_reason(stored):
        raise ProjectRefused(ProjectRefusal.NO_REASON)
    before = {name: plain(getattr(stored, name)) for name in changed}
    for name, new in changed.items():
        setattr(stored, name, new)
    stored.revision, stored.updated_by = stored.revision + 1, by
    stored.save()
    after = {name: plain(new) for name, new in changed.items()}
    record(
        "project.settings_changed",
        stored,
        by=by,
        project=stored,
        before=before,
        after=after,
        reason=reason.strip(),
    )
    return True


def _demand_limits(values: Mapping[str, Any]) -> None:
    for name, limit in LIMITS.items():
        if name in values and not limit.low <= values[name] <= limit.high:
            raise ProjectRefused(ProjectRefusal.OUTSIDE, name)
