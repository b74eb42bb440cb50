"""What a person may do in the admin: from memberships, never from Django's groups.

Asked many times per page, so it is read once and kept on the request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from indicators.access import my_memberships
from indicators.models import User
from indicators.roles import ROLES, Permission

KEPT = "_admin_rights"


@dataclass(frozen=True, slots=True)
class Rights:
    """Permissions by project. `is_all`: a superuser, who may do everything everywhere."""

    is_all: bool
    by_project: Mapping[int, frozenset[Permission]]

    def may(self, permission: Permission, project: int | None = None) -> bool:
        """In this project, or in any when none is given."""
        if self.is_all:
            return True
        if project is not None:
            return permission in self.by_project.get(project, frozenset())
        return any(permission in held for held in self.by_project.values())

    def projects(self, permission: Permission) -> list[int] | None:
        """Where the permission is held; None means everywhere."""
        if self.is_all:
            return None
        return [pk for pk, held in self.by_project.items() if permission in held]


def rights_of(request: HttpRequest) -> Rights:
    kept = getattr(request, KEPT, None)
    if kept is None:
        kept = _read(request.user)
        setattr(request, KEPT, kept)
    return kept


def _read(user: Any) -> Rights:
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        return Rights(False, {})
    if user.is_superuser:
        return Rights(True, {})
    held = {
        membership.project_id: ROLES[membership.role].permissions  # type: ignore[index]
        for membership in my_memberships(user)
    }
    return Rights(False, held)


def may_enter(request: HttpRequest) -> bool:
    """Staff with a role that has work here: officers and administrators."""
    rights = rights_of(request)
    return rights.may(Permission.ADMIN_TABLES) or rights.may(Permission.ADMIN_ACCOUNTS)
