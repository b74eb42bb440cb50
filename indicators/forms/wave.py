"""The form of a wave: what it is, when, and which questionnaires it uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.actions.waves import FIELDS, WaveRefusal
from indicators.models import InstrumentVersion, Wave
from indicators.models.base import word_choices
from indicators.vocabulary import Selection, WaveKind

R = WaveRefusal
REFUSALS = {
    R.CODE_TAKEN: _("There is a wave with this code already."),
    R.NO_NAME: _("Give the wave a name in one language at least."),
    R.DATES: _("The end is before the start."),
    R.VERSION_HAS_DATA: _(
        "%(what)s has data in this wave, so the wave goes on using it. Withdraw the files first."
    ),
    R.NO_REASON: _("Say why the wave is unlocked: it is kept in the audit log."),
    R.NOTHING_CHOSEN: _("Choose waves for which this step is possible."),
}
REFUSED_FIELDS = {R.CODE_TAKEN: "code", R.NO_NAME: "name_ky", R.DATES: "field_end"}
NOT_USED = ("", _("not used"))


class WaveForm(forms.Form):
    """One choice per version of a questionnaire: how its respondents came in, or not used."""

    name_ky = forms.CharField(label=_("Name in Kyrgyz"), max_length=300, required=False)
    name_ru = forms.CharField(label=_("Name in Russian"), max_length=300, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=300, required=False)
    code = forms.RegexField(
        r"^[\w-]+$",
        label=_("Code"),
        max_length=20,
        help_text=_("Short and fixed, for example W1: files and targets name the wave by it."),
    )
    kind = forms.ChoiceField(label=_("Kind"))
    field_start = forms.DateField(
        label=_("First day of the fieldwork"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    field_end = forms.DateField(
        label=_("Last day of the fieldwork"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Files are assigned to a wave by these dates."),
    )
    school_year = forms.CharField(
        label=_("School year"), max_length=20, required=False, help_text=_("For example 2027/28.")
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    def __init__(
        self, *args: Any, versions: Sequence[InstrumentVersion], is_fixed: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101
        kind.choices = word_choices(WaveKind)
        self.fields["code"].disabled = is_fixed
        self.versions = {f"use_{version.pk}": version for version in versions}
        for name, version in self.versions.items():
            self.fields[name] = forms.ChoiceField(
                label=str(version),
                required=False,
                choices=[NOT_USED, *word_choices(Selection)],
            )

    def own(self) -> Iterator[forms.BoundField]:
        return (field for field in self.visible_fields() if field.name not in self.versions)

    def uses_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.versions]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}

    def uses(self) -> dict[InstrumentVersion, Selection]:
        chosen = ((self.cleaned_data[name], version) for name, version in self.versions.items())
        return {version: Selection(selection) for selection, version in chosen if selection}

    def refuse(self, reason: WaveRefusal, what: str) -> None:
        self.add_error(REFUSED_FIELDS.get(reason), REFUSALS[reason] % {"what": what})

    @staticmethod
    def initial_of(wave: Wave, uses: dict[int, str]) -> dict[str, Any]:
        chosen = {f"use_{pk}": selection for pk, selection in uses.items()}
        return {name: getattr(wave, name) for name in (*FIELDS, "code", "revision")} | chosen
