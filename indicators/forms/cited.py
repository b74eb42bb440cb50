"""Forms of texts that cite figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.actions.agenda import FIELDS, AgendaRefusal, plain_question
from indicators.forms.target import ReasonForm
from indicators.models import Indicator, Project
from indicators.models.base import LANGUAGES, word_choices
from indicators.presenters.cited_help import problem_text
from indicators.vocabulary import AgendaStatus

if TYPE_CHECKING:
    from indicators.actions.cited_texts import TextRefused
    from indicators.models import AgendaQuestion, Paragraph

LONGEST = 10_000
_SPEECH = {"ky": _("In Kyrgyz"), "ru": _("In Russian"), "en": _("In English")}
_R = AgendaRefusal
REFUSALS = {
    _R.CODE_TAKEN: ("code", _("The project has a question with this code already.")),
    _R.NO_QUESTION: (
        "question_ky",
        _("Write the question in at least one language."),
    ),
    _R.NO_CONCLUSION: (
        "conclusion_ky",
        _("A question that is no longer open needs a conclusion in at least one language."),
    ),
    _R.NO_FIGURE: (
        "no_figure_reason",
        _(
            "The conclusion cites no figure in at least one of its languages. Cite one, or say "
            "here why there is none."
        ),
    ),
}


def _box(label: Any, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": rows, "data-cites": ""}),
    )


class CitingForm(forms.Form):
    """A form with texts that cite; `stem` of the three fields that do."""

    stem = ""

    def texts(self) -> list[str]:
        """The citing texts as typed, checked or not."""
        return [str(self[f"{self.stem}_{one}"].value() or "") for one in LANGUAGES]

    def refuse_texts(self, refused: TextRefused) -> None:
        for name, problems in refused.problems.items():
            for problem in problems:
                self.add_error(name, problem_text(problem))


class AgendaForm(CitingForm):
    """`code` is asked once, for a new question."""

    stem = "conclusion"
    code = forms.RegexField(
        r"^[A-Za-z0-9_-]+$",
        label=_("Code"),
        max_length=20,
        error_messages={"invalid": _("Letters, digits, hyphens only: E26.")},
    )
    status = forms.ChoiceField(label=_("This question is"))
    conclusion_ky = _box(_("Conclusion, in Kyrgyz"), 5)
    conclusion_ru = _box(_("Conclusion, in Russian"), 5)
    conclusion_en = _box(_("Conclusion, in English"), 5)
    no_figure_reason = forms.CharField(
        label=_("Why no figure is cited"),
        help_text=_("Only where the conclusion rests on no figure."),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    is_public = forms.BooleanField(
        label=_("Donors and directors may read the conclusion"), required=False
    )
    indicators = forms.CharField(
        label=_("Indicators that answer it"),
        help_text=_("Codes, separated by spaces or commas: S01 T03 G01."),
        max_length=2000,
        required=False,
    )
    question_ky = _box(_("Question, in Kyrgyz"), 3)
    question_ru = _box(_("Question, in Russian"), 3)
    question_en = _box(_("Question, in English"), 3)
    section = forms.CharField(label=_("Where it was promised"), max_length=120, required=False)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, project: Project, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        if not is_new:
            del self.fields["code"]
        status = self.fields["status"]
        assert isinstance(status, forms.ChoiceField)  # noqa: S101
        status.choices = word_choices(AgendaStatus)
        for language in LANGUAGES:
            del self.fields[f"question_{language}"].widget.attrs["data-cites"]

    def clean_indicators(self) -> list[str]:
        typed = str(self.cleaned_data["indicators"]).replace(",", " ").replace(";", " ").split()
        known = set(Indicator.objects.filter(project=self.project).values_list("code", flat=True))
        unknown = [code for code in dict.fromkeys(typed) if code not in known]
        if unknown:
            raise forms.ValidationError(
                _("Not an indicator of this project: %(codes)s."),
                params={"codes": ", ".join(unknown)},
            )
        return list(dict.fromkeys(typed))

    def values(self) -> dict[str, Any]:
        """The checked values of the question."""
        return {name: self.cleaned_data[name] for name in (*FIELDS, "indicators")}

    def refuse(self, reason: AgendaRefusal) -> None:
        field, text = REFUSALS[reason]
        self.add_error(field, text)

    @staticmethod
    def initial_of(question: AgendaQuestion) -> dict[str, Any]:
        values = plain_question(question)
        codes = " ".join(values["indicators"])
        return values | {"indicators": codes, "revision": question.revision}


class ParagraphForm(CitingForm):
    stem = "text"
    place = forms.SlugField(
        label=_("Place in the report"),
        help_text=_("One word in Latin letters, for example: summary, safety, limits."),
        max_length=60,
    )
    text_ky = _box(_SPEECH["ky"], 6)
    text_ru = _box(_SPEECH["ru"], 6)
    text_en = _box(_SPEECH["en"], 6)
    is_public = forms.BooleanField(
        label=_("Donors and directors may read this paragraph"), required=False
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["place"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = [f"text_{one}" for one in LANGUAGES]
        if not any(cleaned.get(name) for name in names) and not _has_errors(self.errors, names):
            self.add_error("text_ky", _("Write the paragraph in at least one language."))
        return cleaned

    def values(self) -> dict[str, Any]:
        names = (*(f"text_{one}" for one in LANGUAGES), "is_public")
        return {name: self.cleaned_data[name] for name in names}

    @staticmethod
    def initial_of(paragraph: Paragraph) -> dict[str, Any]:
        names = (*(f"text_{one}" for one in LANGUAGES), "is_public", "revision")
        return {name: getattr(paragraph, name) for name in names}


class RemovalForm(ReasonForm):
    """Why a text is removed. `revision`: the text that was looked at."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    is_stale = False

    def removal(self) -> dict[str, Any]:
        """What the actions that remove ask for."""
        revision = self.cleaned_data["revision"] or 0
        return {"reason": self.cleaned_data["reason"], "revision": revision}

    def show_changed(self, stored: AgendaQuestion | Paragraph) -> None:
        """Somebody wrote meanwhile: what they wrote is shown before it may go."""
        self.is_stale = True
        data = self.data.copy()  # type: ignore[attr-defined]  # a bound form holds a QueryDict
        data["revision"] = str(stored.revision)
        self.data = data
        text = _("Somebody changed this meanwhile. Read it as it is now, then decide again.")
        self.add_error(None, text)


def _has_errors(errors: Mapping[str, Any], names: Iterable[str]) -> bool:
    return any(name in errors for name in names)
