"""One name in a file and the school it means."""

from __future__ import annotations

from typing import Any

from django import forms

from indicators.forms.choices import ByCodeField
from indicators.models import Project, School


class LeaveOutForm(forms.Form):
    """Rows of a name that is no school of the project, and why they do not count."""

    text = forms.CharField(max_length=300, strip=False)
    reason = forms.CharField(max_length=2000)


class SchoolNameForm(forms.Form):
    text = forms.CharField(max_length=300, strip=False)
    school = ByCodeField(School.objects.none(), to_field_name="code")

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["school"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = School.objects.filter(project=project)
