"""Who belongs to a project, and which invitations are out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from indicators.models import Invitation, Membership

if TYPE_CHECKING:
    from indicators.models import Project


@dataclass(frozen=True, slots=True)
class MemberRow:
    name: str
    username: str
    email: str
    role: str
    schools: tuple[str, ...]
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class InvitationRow:
    email: str
    role: str
    schools: tuple[str, ...]
    invited_by: str
    created_at: datetime
    expires_at: datetime


def member_rows(project: Project) -> list[MemberRow]:
    """Members by role and name. Two queries."""
    members = (
        Membership.objects.filter(project=project)
        .select_related("user")
        .prefetch_related("schools")
        .order_by("role", "user__last_name", "user__username")
    )
    return [
        MemberRow(
            name=member.user.get_full_name() or member.user.get_username(),
            username=member.user.get_username(),
            email=member.user.email,
            role=member.role,
            schools=tuple(school.code for school in member.schools.all()),
            last_login=member.user.last_login,
        )
        for member in members
    ]


def open_invitations(project: Project) -> list[InvitationRow]:
    """Links that still work. Two queries."""
    invitations = (
        Invitation.objects.filter(
            project=project, used_at__isnull=True, expires_at__gt=timezone.now()
        )
        .select_related("invited_by")
        .prefetch_related("schools")
    )
    return [
        InvitationRow(
            email=row.email,
            role=row.role,
            schools=tuple(school.code for school in row.schools.all()),
            invited_by=row.invited_by.get_full_name() or row.invited_by.get_username(),
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
        for row in invitations
    ]
