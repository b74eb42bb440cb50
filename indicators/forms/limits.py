"""The form of a questionnaire's limits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.models import Instrument
from indicators.models.base import LANGUAGES


def _box(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=2000, required=False, widget=forms.Textarea({"rows": 4})
    )


class LimitsForm(forms.Form):
    limits_ky = _box(_("In Kyrgyz"))
    limits_ru = _box(_("In Russian"))
    limits_en = _box(_("In English"))
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def texts(self) -> dict[str, str]:
        return {one: self.cleaned_data[f"limits_{one}"] for one in LANGUAGES}

    @staticmethod
    def initial_of(instrument: Instrument) -> dict[str, Any]:
        names = (*(f"limits_{one}" for one in LANGUAGES), "revision")
        return {name: getattr(instrument, name) for name in names}
