"""The forms of a new project and of its settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from indicators.actions.projects import ProjectRefusal
from indicators.forms.numbers import TypedNumberField, as_typed
from indicators.models import Project
from indicators.models.base import LANGUAGES
from indicators.models.project import LIMITS

R = ProjectRefusal
REFUSALS = {
    R.ROLE: _("Your account may not create a project. Ask an administrator."),
    R.CODE_TAKEN: _("There is a project with this code already."),
    R.NO_NAME: _("Give the project a name in one language at least."),
    R.NO_REASON: _("Results rest on these settings: say why they change."),
    R.OUTSIDE: _("This is outside the limits named beside the field."),
}
REFUSED_FIELDS = {R.CODE_TAKEN: "code", R.NO_NAME: "name_ky", R.NO_REASON: "reason"}
SHARES = ("alpha", "margin_share", "on_track_share", "target_confidence")  # typed in percent
GROUPS = ("min_group_director", "min_group_public", "min_group_text", "min_group_verdict")


class NamesForm(forms.Form):
    """What a project is called, and the day it is judged against."""

    name_ky = forms.CharField(label=_("Name in Kyrgyz"), max_length=300, required=False)
    name_ru = forms.CharField(label=_("Name in Russian"), max_length=300, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=300, required=False)
    reference_date = forms.DateField(
        label=_("Reference date"),
        help_text=_(
            "The day against which is judged whether a wave is over and a target due; never the "
            "clock of the machine. For a running project usually the end of its last wave."
        ),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


class ProjectForm(NamesForm):
    """A new project."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=40,
        help_text=_("Part of the addresses: small Latin letters, digits and hyphens."),
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off"}),
    )
    field_order = ("name_ky", "name_ru", "name_en", "code", "reference_date")

    def names(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"name_{language}"] for language in LANGUAGES}

    def refuse(self, reason: ProjectRefusal) -> None:
        self.add_error(REFUSED_FIELDS.get(reason), REFUSALS[reason])


class SettingsForm(NamesForm):
    """The rules of a project. Each field says what it does, what is usual and how far it goes."""

    alpha = TypedNumberField(
        required=True,
        label=_("Chance of a false alarm, in percent"),
        help_text=_("A change is called clear when chance alone shows one so rarely."),
    )
    margin_sd = TypedNumberField(
        required=True,
        label=_("Smallest change that matters: means, in standard deviations"),
        help_text=_("Of the baseline. Smaller clear changes are called “a little”."),
    )
    margin_share = TypedNumberField(
        required=True,
        label=_("Smallest change that matters: shares, in percentage points"),
        help_text=_("The same for shares of answers."),
    )
    margin_nps = TypedNumberField(
        required=True,
        label=_("Smallest change that matters: recommend score, in points"),
        help_text=_("The same for the recommend score."),
    )
    on_track_share = TypedNumberField(
        required=True,
        label=_("“On track” from this share of the time gone, in percent"),
        help_text=_(
            "Before a target is due: the share of the way gone must reach this part of the share "
            "of time gone."
        ),
    )
    target_confidence = TypedNumberField(
        required=True,
        label=_("Certainty of the range a target is judged by, in percent"),
        help_text=_("“Met”, “on track” and “off track” are said only where this range agrees."),
    )
    class_correlation = TypedNumberField(
        required=True,
        label=_("Likeness of classmates (correlation within classes)"),
        help_text=_("Widens the range of one school's change where files name no classes."),
    )
    min_group_director = forms.IntegerField(
        label=_("Smallest group a director sees"), help_text=_("In the own school.")
    )
    min_group_public = forms.IntegerField(
        label=_("Smallest group that is published"),
        help_text=_("For donors and in files; smaller ones are hidden."),
    )
    min_group_text = forms.IntegerField(
        label=_("Smallest group whose open answers are shown"), help_text=_("Counted in people.")
    )
    min_group_verdict = forms.IntegerField(
        label=_("Answers of one school needed for a verdict"), help_text=_("In each wave.")
    )
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, limit in LIMITS.items():
            shown = (_typed(name, one) for one in (limit.usual, limit.low, limit.high))
            usual, low, high = shown
            text = _("%(help)s Usual: %(usual)s; possible: %(low)s to %(high)s.")
            params = {"help": self.fields[name].help_text, "usual": usual, "low": low, "high": high}
            self.fields[name].help_text = text % params

    def clean(self) -> dict[str, Any]:
        """Stored units, inside the limits."""
        cleaned = super().clean() or {}
        for name, limit in LIMITS.items():
            if cleaned.get(name) is None:
                continue
            if name not in GROUPS:
                cleaned[name] = float(cleaned[name] / 100 if name in SHARES else cleaned[name])
            if not limit.low <= cleaned[name] <= limit.high:
                self.add_error(name, ValidationError(REFUSALS[R.OUTSIDE]))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {k: v for k, v in self.cleaned_data.items() if k not in ("reason", "revision")}

    def refuse(self, reason: ProjectRefusal, field: str) -> None:
        self.add_error(field or REFUSED_FIELDS.get(reason), REFUSALS[reason])

    @staticmethod
    def initial_of(project: Project) -> dict[str, Any]:
        names = ("name_ky", "name_ru", "name_en", "reference_date", "revision")
        plain = {name: getattr(project, name) for name in names}
        return plain | {name: _typed(name, getattr(project, name)) for name in LIMITS}


def _typed(name: str, value: float) -> str:
    return str(int(value)) if name in GROUPS else as_typed(value, in_percent=name in SHARES)
