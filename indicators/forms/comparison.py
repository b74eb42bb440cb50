"""The form that asks for a comparison: two groups of a measure, or two questionnaires."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.actions.comparisons import ComparisonRefusal, Sides
from indicators.models import Measure

R = ComparisonRefusal
REFUSALS = {
    R.NOT_COMPARED: _("Only indices, questions with a mean and shares of answers are compared."),
    R.NO_RESULT: _("One side has no value in this calculation. Choose another one."),
    R.SAME_SIDE: _("Both sides are the same. Choose two different ones."),
    R.OTHER_BREAKDOWN: _(
        "Choose two groups of one breakdown: girls and town schools, say, have people in common."
    ),
    R.SAME_QUESTIONNAIRE: _("Choose a question of another questionnaire."),
    R.OTHER_SCALE: _(
        "The two are answered on different scales, so their difference would mean nothing."
    ),
    R.NO_REASON: _(
        "These are two different questions. Say what makes their answers comparable: it is shown "
        "beside the numbers."
    ),
    R.SMALL: _(
        "One side has so few answers that readers outside the project could not be shown it. "
        "Choose a larger group."
    ),
}
REFUSED_FIELDS = {R.SMALL: None, R.NO_REASON: "why", R.NOT_COMPARED: None}
BETWEEN = "|"  # breakdown and group in the value of a choice


class ComparisonForm(forms.Form):
    """Either `second` (a measure) or both groups are chosen; `first` is fixed by the page."""

    first_group = forms.ChoiceField(label=_("First group"), required=False)
    second_group = forms.ChoiceField(label=_("Second group"), required=False)
    second = forms.ChoiceField(label=_("Question of the other questionnaire"), required=False)
    why = forms.CharField(
        label=_("Why these two can be compared"),
        help_text=_("Needed where the questions are not the same; shown beside the numbers."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        first: Measure,
        groups: list[tuple[str, list[tuple[str, str]]]],
        measures: dict[str, Measure],
        labels: list[tuple[str, list[tuple[str, str]]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.measures = first, measures
        for name, choices in (
            ("first_group", groups),
            ("second_group", groups),
            ("second", labels),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = [("", "—"), *choices]
        self.has_groups, self.has_others = bool(groups), bool(labels)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        sides = [cleaned[name].partition(BETWEEN) for name in ("first_group", "second_group")]
        if cleaned["second"]:
            self.sides = Sides(self.first, self.measures[cleaned["second"]])
        elif not all(side[2] for side in sides):
            name = "second_group" if sides[0][2] else "first_group"
            self.add_error(name, _("Choose both groups, or a question of another questionnaire."))
        elif sides[0][0] != sides[1][0]:
            self.refuse(R.OTHER_BREAKDOWN)
        else:
            groups = (sides[0][0], sides[0][2], sides[1][2])
            self.sides = Sides(self.first, self.first, *groups)
        return cleaned

    def refuse(self, reason: ComparisonRefusal) -> None:
        """Say at the right place why the action refused."""
        field = "second" if self.cleaned_data.get("second") else "second_group"
        self.add_error(REFUSED_FIELDS.get(reason, field), REFUSALS[reason])
