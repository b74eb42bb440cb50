"""The form of one entry of the quality log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.forms.choices import ByCodeField
from indicators.models import FieldLogEntry, Instrument, Project
from indicators.models.base import word_choices
from indicators.vocabulary import FieldLogKind

HIGHEST = 1_000_000


class FieldLogForm(forms.Form):
    """Counts are asked for back-checks only; elsewhere they are dropped."""

    kind = forms.ChoiceField(label=_("What was done"))
    happened_on = forms.DateField(
        label=_("Date"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    instrument = ByCodeField(
        Instrument.objects.none(),
        to_field_name="code",
        required=False,
        label=_("Questionnaire"),
        empty_label=_("all questionnaires"),
    )
    who = forms.CharField(
        label=_("Who"),
        max_length=200,
        help_text=_("For a back-check the interviewer whose sheets were asked again."),
    )
    what = forms.CharField(
        label=_("Description"), max_length=2000, widget=forms.Textarea({"rows": 2})
    )
    result = forms.CharField(
        label=_("Result"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2})
    )
    n_collected = forms.IntegerField(
        label=_("Back-check: sheets of this interviewer"),
        required=False,
        min_value=1,
        max_value=HIGHEST,
    )
    n_checked = forms.IntegerField(
        label=_("Back-check: sheets asked again"),
        help_text=_("At least 20 percent of the sheets of each interviewer."),
        required=False,
        min_value=0,
        max_value=HIGHEST,
    )
    n_agreed = forms.IntegerField(
        label=_("Back-check: sheets with the same answers"),
        required=False,
        min_value=0,
        max_value=HIGHEST,
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instrument, kind = self.fields["instrument"], self.fields["kind"]
        assert isinstance(instrument, forms.ModelChoiceField)  # noqa: S101
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101
        instrument.queryset = Instrument.objects.filter(project=project).order_by("position")
        kind.choices = word_choices(FieldLogKind)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") != FieldLogKind.BACK_CHECK:
            return cleaned | {"n_collected": None, "n_checked": None, "n_agreed": None}
        for name in ("n_collected", "n_checked"):
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, _("A back-check needs this number."))
        for few, many in (("n_checked", "n_collected"), ("n_agreed", "n_checked")):
            less, more = cleaned.get(few), cleaned.get(many)
            if less is not None and more is not None and less > more:
                self.add_error(few, _("This is more than the number above."))
        return cleaned

    @staticmethod
    def initial_of(entry: FieldLogEntry) -> dict[str, Any]:
        names = ("kind", "happened_on", "who", "what", "result")
        counts = ("n_collected", "n_checked", "n_agreed")
        values = {name: getattr(entry, name) for name in (*names, *counts)}
        return values | {"instrument": entry.instrument.code if entry.instrument else None}
