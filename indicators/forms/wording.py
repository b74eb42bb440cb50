"""The forms that decide about wordings and link a question to the one it carries on."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.vocabulary import Comparability

SEEN = re.compile(r"(\d{1,18}):(\d{1,18})", re.ASCII)
ANSWERS = (
    (Comparability.COMPARABLE.value, pgettext_lazy("question", "comparable")),
    (Comparability.NOT_COMPARABLE.value, pgettext_lazy("question", "not comparable")),
)


class SeenQuestionsField(forms.Field):
    """ "12:7": question 12, with decision 7 in force when the page was shown; 0 for none."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> dict[int, int]:
        found = [SEEN.fullmatch(one) for one in value or ()]
        if not all(found):
            raise ValidationError(_("Choose questions of this page."))
        return {int(match[1]): int(match[2]) for match in found if match}


class DecisionForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("The answers are"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the answers are comparable.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Say why: it is kept with the decision.")},
    )

    @property
    def decision(self) -> dict[str, Any]:
        """What was decided, of a valid form."""
        is_comparable = self.cleaned_data["answer"] == Comparability.COMPARABLE
        return {"is_comparable": is_comparable, "reason": self.cleaned_data["reason"]}


class WordingForm(DecisionForm):
    questions = SeenQuestionsField(
        error_messages={"required": _("Choose at least one question.")},
    )

    @property
    def chosen(self) -> frozenset[int]:
        """Questions ticked in a form that is shown again."""
        sent = self.data.getlist("questions") if self.is_bound else ()  # type: ignore[attr-defined]
        found = (SEEN.fullmatch(one) for one in sent)
        return frozenset(int(match[1]) for match in found if match)


class LinkForm(DecisionForm):
    earlier = forms.IntegerField(min_value=1)
    later = forms.IntegerField(min_value=1)
