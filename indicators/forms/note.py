"""The form of a finding or quote."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.actions.notes import WORDS
from indicators.forms.choices import ByCodeField
from indicators.models import Indicator, Note, Project, School, Wave
from indicators.vocabulary import Language
from indicators.words import word

LONGEST = 5_000


class NamedField(ByCodeField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {obj.name}"


class NoteForm(forms.Form):
    """The words and the wave of a note that a file brought stay as received."""

    quote = forms.CharField(
        label=_("Finding or quote"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Without names, telephone numbers or addresses of people."),
    )
    wave = NamedField(Wave.objects.none(), to_field_name="code", label=_("Wave"), empty_label=None)
    indicator = NamedField(
        Indicator.objects.none(),
        to_field_name="code",
        required=False,
        label=_("Indicator"),
        empty_label=_("none"),
        help_text=_("The quote stands on the page of this indicator."),
    )
    school = NamedField(
        School.objects.none(),
        to_field_name="code",
        required=False,
        label=_("School"),
        empty_label=_("none"),
        help_text=_("Only where the note is about one school: it then stands on its page."),
    )
    theme = forms.CharField(label=_("Theme"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language of the quote"), required=False)
    source = forms.CharField(
        label=_("Source"),
        max_length=60,
        required=False,
        help_text=_("For example: group talk 3, interview, observation."),
    )
    speaker = forms.CharField(
        label=_("Who says it"),
        max_length=120,
        required=False,
        help_text=_("A role, not a name: a teacher, a mother, a student of grade 8."),
    )
    is_publishable = forms.BooleanField(
        label=_("Readers outside the team may see it"),
        required=False,
        help_text=_("Donors and directors see the note only with this mark."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(
        self, *args: Any, project: Project, is_of_file: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choose("wave", Wave.objects.filter(project=project).order_by("position"))
        self._choose("indicator", Indicator.objects.filter(project=project).order_by("position"))
        self._choose("school", School.objects.filter(project=project).order_by("code"))
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)  # noqa: S101
        known = [(one.value, word(one)) for one in Language]
        stored = str(self.initial.get("language") or "")
        other = [(stored, stored)] if stored and stored not in dict(known) else []
        language.choices = [("", _("not said")), *known, *other]
        if is_of_file:
            for name in (*WORDS, "wave"):
                self.fields[name].disabled = True

    def _choose(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = rows

    def clean_quote(self) -> str:
        return str(self.cleaned_data["quote"]).replace("\x00", "")

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}

    @staticmethod
    def initial_of(note: Note) -> dict[str, Any]:
        return {
            **{name: getattr(note, name) for name in WORDS},
            "wave": note.wave.code,
            "indicator": note.indicator.code if note.indicator else "",
            "school": note.school.code if note.school else "",
            "is_publishable": note.is_publishable,
            "revision": note.revision,
        }
