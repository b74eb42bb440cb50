"""People who sign in, and what ties them to a project."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from indicators.models.base import choices, one_of
from indicators.vocabulary import RoleName


class User(AbstractUser):
    """One row is a person who can sign in. Rights come from memberships, not from groups."""


class Membership(models.Model):
    """One row ties a user to a project in one role; a director's row also names schools."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    project = models.ForeignKey("indicators.Project", models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=choices(RoleName))
    schools = models.ManyToManyField("indicators.School", blank=True, related_name="memberships")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["project", "user"]
        constraints = [
            models.UniqueConstraint(fields=["user", "project"], name="membership_once_per_project"),
            one_of("role", RoleName, "membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Invitation(models.Model):
    """One row is a single-use link that lets a person join a project in one role."""

    project = models.ForeignKey("indicators.Project", models.CASCADE, related_name="invitations")
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20, choices=choices(RoleName))
    schools = models.ManyToManyField("indicators.School", blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="sent_invitations")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [one_of("role", RoleName, "invitation_role_known")]

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"
