"""Accounts and memberships: for administrators only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from indicators.actions.audit import record
from indicators.actions.tables import project_of
from indicators.admin.base import ReadOnlyAdmin, RecordedAdmin
from indicators.admin.rights import rights_of
from indicators.models import Invitation, Membership, User
from indicators.roles import Permission


class UserAddForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "email")


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class AccountAdmin(RecordedAdmin, UserAdmin):
    """Rights come from memberships. An account is closed by making it inactive, never deleted:
    what the person did keeps the name."""

    form = UserForm
    add_form = UserAddForm
    view_permission = Permission.ADMIN_ACCOUNTS
    change_permission = Permission.ADMIN_ACCOUNTS
    can_add = True
    list_display = ["username", "email", "first_name", "last_name", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_active", "memberships__role"]
    search_fields = ["username", "email", "first_name", "last_name"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Entry"), {"fields": ("is_active", "is_staff", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "email", "usable_password", "password1", "password2")}),
    )
    filter_horizontal = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        """Only a superuser sees superusers, or an administrator could take their account."""
        rows = super().get_queryset(request)
        return rows if rights_of(request).is_all else rows.filter(is_superuser=False)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            user = self.get_object(request, id)
            if user is not None:
                record("user.password_changed", user, by=_signed_in(request), project=None)
        return response


@admin.register(Membership)
class MembershipAdmin(RecordedAdmin):
    view_permission = Permission.ADMIN_ACCOUNTS
    change_permission = Permission.ADMIN_ACCOUNTS
    can_add = can_remove = True
    list_display = ["user", "project", "role", "created_at"]
    list_select_related = ["user", "project"]
    list_filter = ["role", ("project", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["user__username", "user__email"]
    autocomplete_fields = ["user", "schools"]
    fixed = ["user", "project"]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The schools of a director are rights too."""
        before = _schools(form.instance)
        super().save_related(request, form, formsets, change)
        after = _schools(form.instance)
        if before != after:
            record(
                "membership.schools_changed",
                form.instance,
                by=_signed_in(request),
                project=project_of(form.instance),
                before={"schools": before},
                after={"schools": after},
            )


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Made on the site, where the link is shown once."""

    view_permission = Permission.ADMIN_ACCOUNTS
    list_display = ["email", "role", "project", "invited_by", "expires_at", "used_at"]
    list_select_related = ["project", "invited_by"]
    list_filter = ["role"]
    search_fields = ["email"]
    exclude = ["token_hash"]


def _schools(membership: Membership) -> list[str]:
    return sorted(membership.schools.values_list("code", flat=True))


def _signed_in(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
