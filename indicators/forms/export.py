"""What an accepted dataset is handed out as."""

from __future__ import annotations

from django import forms
from django.conf import settings

from indicators.vocabulary import ExportFormat


class ExportForm(forms.Form):
    """Values come from a link of the page; anything else does not exist."""

    format = forms.ChoiceField(choices=[(one.value, one.value) for one in ExportFormat])
    language = forms.ChoiceField(choices=settings.LANGUAGES)
