"""The form of a target: percent where the indicator is a share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.actions.targets import TargetRefusal
from indicators.forms.choices import ByCodeField
from indicators.forms.numbers import TypedNumberField, as_typed
from indicators.models import Indicator, Project, School, Target, Wave
from indicators.models.base import word_choices
from indicators.vocabulary import TargetType, WaveKind, is_percent_unit

R = TargetRefusal
REFUSALS = {
    R.SELF_SELECTED: _("People chose themselves whether to answer: no target can be judged."),
    R.DESCRIPTIVE: _("This indicator only describes: it has no target."),
    R.CONTEXT: _("This indicator is context only: it has no target."),
    R.NO_DIRECTION: _("Neither higher nor lower is better here: there is no target."),
    R.WRONG_PLACE: _("School or wave belong to another project."),
    R.LIMITS: _(
        "The limits do not fit: “at least” needs the lower one, “at most” the upper one, "
        "“between” both, a change exactly one."
    ),
    R.ORDER: _("The lower limit is above the upper one."),
    R.NOT_A_SHARE: _("A share lies between 0 and 100 percent."),
    R.OUTSIDE_SCALE: _("This value cannot occur: it lies outside the scale of the indicator."),
    R.NO_RATIONALE: _("Say why the target changes: it is kept with the target."),
    R.PUBLISHED: _("A published release shows this target, so it stays. Change it instead."),
}
REFUSED_FIELDS = {
    R.LIMITS: "low",
    R.ORDER: "high",
    R.NOT_A_SHARE: "low",
    R.OUTSIDE_SCALE: "low",
    R.NO_RATIONALE: "rationale",
}
# What a person may confirm, with a reason.
CONFIRMED = frozenset({R.NOT_A_SHARE, R.OUTSIDE_SCALE})
CONFIRMATION = _(
    "I know that a value marked so cannot occur on its scale; the reason given here says why it is "
    "to stand."
)


class TargetForm(forms.Form):
    """Indicator, place and wave are fixed when an existing target is changed."""

    indicator = ByCodeField(Indicator.objects.none(), to_field_name="code", label=_("Indicator"))
    school = ByCodeField(
        School.objects.none(),
        to_field_name="code",
        required=False,
        label=_("For"),
        empty_label=_("the whole project"),
    )
    wave = ByCodeField(Wave.objects.none(), to_field_name="code", label=_("Wave"))
    type = forms.ChoiceField(label=_("The value should be"))
    low = TypedNumberField(label=_("Lower limit (at least)"))
    high = TypedNumberField(label=_("Upper limit (at most)"))
    rationale = forms.CharField(
        label=_("Why this target"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    is_confirmed = forms.BooleanField(label=CONFIRMATION, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, project: Project, is_fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "indicator": Indicator.objects.filter(project=project)
            .select_related("measure__index", "measure__item", "measure__second_item")
            .order_by("code"),
            "school": School.objects.filter(project=project).order_by("code"),
            "wave": Wave.objects.filter(project=project).exclude(kind=WaveKind.BASELINE),
        }
        for name, queryset in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
            field.queryset = queryset
            field.disabled = is_fixed
            if is_fixed:
                field.widget = forms.HiddenInput()
        kind = self.fields["type"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101
        kind.choices = word_choices(TargetType)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        indicator = cleaned.get("indicator")
        in_percent = indicator is not None and is_percent_unit(indicator.unit)
        for name in ("low", "high"):
            cleaned[name] = _stored(cleaned.get(name), in_percent=in_percent)
        if cleaned.get("type"):
            cleaned["type"] = TargetType(cleaned["type"])
        return cleaned

    @staticmethod
    def initial_of(target: Target) -> dict[str, Any]:
        """A stored target as a person would type it."""
        in_percent = is_percent_unit(target.indicator.unit)
        return {
            "indicator": target.indicator.code,
            "school": target.school.code if target.school else None,
            "wave": target.wave.code,
            "type": target.type,
            "low": as_typed(target.low, in_percent=in_percent),
            "high": as_typed(target.high, in_percent=in_percent),
            "rationale": "",
            "revision": target.revision,
        }

    def chosen(self) -> tuple[Indicator | None, School | None]:
        """What is chosen so far, valid or not yet: to show the facts beside the form."""
        return self._choice("indicator"), self._choice("school")

    def typed(self, revision: int | None) -> list[tuple[str, str]]:
        """The fields as they were typed, for posting again against another revision."""
        values = {name: self._typed(name) for name in self.fields}
        values["revision"] = str(revision or "")
        return list(values.items())

    def _typed(self, name: str) -> str:
        value = self[name].value()
        return "" if value is None else str(value)

    def _choice(self, name: str) -> Any:
        field = self.fields[name]
        try:
            return field.clean(self._typed(name))
        except forms.ValidationError:
            return None

    def refuse(self, reason: TargetRefusal) -> None:
        """Say at the right place why the action refused."""
        self.add_error(REFUSED_FIELDS.get(reason), REFUSALS[reason])
        if reason in CONFIRMED:
            self.fields["is_confirmed"].widget = forms.CheckboxInput()


class ReasonForm(forms.Form):
    """Why something is removed, returned, reopened or withdrawn."""

    reason = forms.CharField(
        label=_("Why"), max_length=2000, widget=forms.Textarea({"rows": 2}), strip=True
    )


def _stored(number: Decimal | None, *, in_percent: bool) -> float | None:
    if number is None:
        return None
    return float(number / 100 if in_percent else number)
