"""Invite people to a project by a link that works once and expires."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from indicators.actions import audit
from indicators.models import Invitation, Membership, Project, School, User
from indicators.roles import ROLES, Permission
from indicators.vocabulary import RoleName

VALID_FOR = timedelta(days=14)
SALT = "indicators.invitation"


class InvitationRefusal(StrEnum):
    ROLE = "role"  # the inviting person may not give this role
    NO_SCHOOL = "no_school"  # a director needs a school of the project
    INVALID = "invalid"  # never issued, or changed on the way
    USED = "used"
    EXPIRED = "expired"
    MEMBER = "member"  # belongs to the project already
    USERNAME = "username"  # taken


class InvitationRefused(Exception):
    """The invitation cannot be made or used; `reason` says why."""

    def __init__(self, reason: InvitationRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def roles_to_give(role: RoleName) -> tuple[RoleName, ...]:
    """Officers invite directors and donors; who looks after accounts gives every role."""
    if Permission.ADMIN_ACCOUNTS in ROLES[role].permissions:
        return tuple(RoleName)
    if Permission.INVITE in ROLES[role].permissions:
        return RoleName.DIRECTOR, RoleName.DONOR
    return ()


@transaction.atomic
def invite(
    *,
    project: Project,
    role: RoleName,
    by: User,
    schools: Collection[School] = (),
    email: str = "",
) -> tuple[Invitation, str]:
    """A new invitation and the token of its link. Only the token's hash is stored."""
    membership = Membership.objects.filter(user=by, project=project).first()
    if membership is None or role not in roles_to_give(RoleName(membership.role)):
        raise InvitationRefused(InvitationRefusal.ROLE)
    is_bound = ROLES[role].is_bound_to_schools
    if is_bound and (not schools or any(s.project_id != project.pk for s in schools)):
        raise InvitationRefused(InvitationRefusal.NO_SCHOOL)
    token = Signer(salt=SALT).sign(secrets.token_urlsafe(24))
    invitation = Invitation.objects.create(
        project=project,
        email=email.strip(),
        role=role,
        token_hash=_hash(token),
        invited_by=by,
        expires_at=timezone.now() + VALID_FOR,
    )
    given = list(schools) if is_bound else []
    invitation.schools.set(given)
    audit.record(
        "member.invited",
        invitation,
        by=by,
        project=project,
        after={"role": role.value, "email": email, "schools": [s.code for s in given]},
    )
    return invitation, token


def find_invitation(token: str) -> Invitation:
    """The invitation behind a link that still works, else InvitationRefused."""
    try:
        Signer(salt=SALT).unsign(token)
    except BadSignature as error:
        raise InvitationRefused(InvitationRefusal.INVALID) from error
    invitation = (
        Invitation.objects.filter(token_hash=_hash(token)).select_related("project").first()
    )
    if invitation is None:
        raise InvitationRefused(InvitationRefusal.INVALID)
    if invitation.used_at is not None:
        raise InvitationRefused(InvitationRefusal.USED)
    if invitation.expires_at <= timezone.now():
        raise InvitationRefused(InvitationRefusal.EXPIRED)
    return invitation


@transaction.atomic
def register(
    *, token: str, username: str, password: str, first_name: str = "", last_name: str = ""
) -> Membership:
    """A new account for the person who holds the link, and its membership."""
    invitation = find_invitation(token)
    if User.objects.filter(username__iexact=username).exists():
        raise InvitationRefused(InvitationRefusal.USERNAME)
    user = User.objects.create_user(
        username=username,
        email=invitation.email,
        password=password,
        first_name=first_name,
        last_name=last_name,
    )
    return accept_invitation(token=token, by=user)


@transaction.atomic
def accept_invitation(*, token: str, by: User) -> Membership:
    """Make the person a member in the role of the invitation, once."""
    found = find_invitation(token)
    invitation = Invitation.objects.select_for_update().get(pk=found.pk)
    if invitation.used_at is not None:
        raise InvitationRefused(InvitationRefusal.USED)
    if Membership.objects.filter(user=by, project=invitation.project).exists():
        raise InvitationRefused(InvitationRefusal.MEMBER)
    membership = Membership.objects.create(
        user=by, project=invitation.project, role=invitation.role
    )
    membership.schools.set(invitation.schools.all())
    invitation.used_at, invitation.used_by = timezone.now(), by
    invitation.save(update_fields=["used_at", "used_by"])
    audit.record(
        "member.joined",
        membership,
        by=by,
        project=invitation.project,
        after={"role": invitation.role, "invitation": invitation.pk},
    )
    return membership


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
