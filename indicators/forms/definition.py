"""The forms that take a project's workbooks and the officer's yes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.forms.upload import FilesField, FilesForm, FilesInput


class DefinitionFilesForm(FilesForm):
    file = FilesField(
        label=_("Workbooks"),
        widget=FilesInput(attrs={"multiple": True, "accept": ".xlsx"}),
        help_text=_(
            "One or several .xlsx: register of schools, XLSForms, framework, endline agenda."
        ),
    )


class AcceptanceForm(forms.Form):
    """`mark` names the files that were looked at."""

    mark = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )
