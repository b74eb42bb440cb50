"""Inviting a person, and making the account behind an invitation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from indicators.actions.members import InvitationRefusal
from indicators.models import Project, School, User
from indicators.vocabulary import RoleName
from indicators.words import word

R = InvitationRefusal
REFUSALS = {
    R.ROLE: _("You cannot give this role."),
    R.NO_SCHOOL: _("A director needs a school of this project."),
    R.INVALID: _("This link is not valid. Ask for a new one."),
    R.USED: _("This link has been used already. Sign in, or ask for a new one."),
    R.EXPIRED: _("This link has expired. Ask for a new one."),
    R.MEMBER: _("You belong to this project already."),
    R.USERNAME: _("This user name is taken."),
}


class InvitationForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))
    schools = forms.ModelMultipleChoiceField(
        School.objects.none(),
        to_field_name="code",
        required=False,
        label=_("Schools"),
        help_text=_("For directors: the schools whose checklist the person fills in."),
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Only to recognise the invitation later.")
    )

    def __init__(
        self, *args: Any, project: Project, roles: Sequence[RoleName], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        schools, role = self.fields["schools"], self.fields["role"]
        assert isinstance(schools, forms.ModelMultipleChoiceField)  # noqa: S101
        assert isinstance(role, forms.ChoiceField)  # noqa: S101
        schools.queryset = School.objects.filter(project=project).order_by("code")
        role.choices = [(name.value, word(name)) for name in roles]

    def clean_role(self) -> RoleName:
        return RoleName(self.cleaned_data["role"])


class RegistrationForm(forms.Form):
    """The account of a person who holds an invitation."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 8 characters; several words are easy to remember."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        person = User(
            username=cleaned.get("username", ""),
            first_name=cleaned.get("first_name", ""),
            last_name=cleaned.get("last_name", ""),
        )
        if cleaned.get("password"):
            try:
                password_validation.validate_password(cleaned["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned
