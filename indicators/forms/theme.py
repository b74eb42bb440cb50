"""The form of a theme, and what a coder ticks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from indicators.actions.themes import FIELDS
from indicators.forms.choices import ByCodeField
from indicators.models import Item, Theme
from indicators.models.base import LANGUAGES

CODE = forms.SlugField(
    label=_("Short code"),
    max_length=40,
    help_text=_("Latin letters, digits, - and _. It names the theme in files and stays."),
)


class ThemeForm(forms.Form):
    """At least one language; the others fall back on it. `theme` is None for a new one."""

    code = CODE
    label_ky = forms.CharField(label=_("Name in Kyrgyz"), max_length=200, required=False)
    label_ru = forms.CharField(label=_("Name in Russian"), max_length=200, required=False)
    label_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    definition = forms.CharField(
        label=_("What belongs to it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What counts and what does not, with an example: two coders read this."),
    )
    position = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=999, initial=0
    )
    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        initial=True,
        help_text=_("A theme out of use is no longer offered; its codes stay and count."),
    )
    merged_into = ByCodeField(
        Theme.objects.none(),
        to_field_name="code",
        required=False,
        label=_("Counts as"),
        empty_label=_("a theme of its own"),
        help_text=_("Merges it into another theme. Its codes stay, so this can be undone."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, item: Item, theme: Theme | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        merged = self.fields["merged_into"]
        assert isinstance(merged, forms.ModelChoiceField)  # noqa: S101
        if theme is None:
            del self.fields["merged_into"], self.fields["is_active"]
            return
        del self.fields["code"]
        others = Theme.objects.filter(item=item, is_active=True, merged_into=None)
        merged.queryset = others.exclude(pk=theme.pk)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"label_{one}") for one in LANGUAGES):
            self.add_error("label_ky", _("Give the theme a name in one language at least."))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name, True) for name in FIELDS}

    @staticmethod
    def initial_of(theme: Theme) -> dict[str, Any]:
        merged = theme.merged_into.code if theme.merged_into else ""
        return {name: getattr(theme, name) for name in (*FIELDS, "revision")} | {
            "merged_into": merged
        }


class CodingForm(forms.Form):
    """Themes of one answer, or the word that none fits: nothing ticked is no decision."""

    themes = forms.MultipleChoiceField(required=False)
    none_fits = forms.BooleanField(required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, themes: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["themes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
        field.choices = list(themes)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if not cleaned["themes"] and not cleaned["none_fits"]:
            self.add_error(None, _("Tick the themes of this answer, or that none fits."))
        if cleaned["themes"] and cleaned["none_fits"]:
            self.add_error(None, _("Themes are ticked and also that none fits: untick one."))
        return cleaned


class CodingFileForm(forms.Form):
    file = forms.FileField(
        label=_("File of codes"),
        help_text=_(
            "Excel or CSV with the columns row and themes; several themes are separated by a "
            "semicolon. A dash says that no theme fits, an empty cell that the answer is not coded."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            most = settings.UPLOAD_MAX_BYTES // 2**20
            raise ValidationError(
                _("%(name)s is larger than %(n)s MB."), params={"name": file.name, "n": most}
            )
        return file
