"""The forms that leave rows of a file out, before and after it is accepted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_ROWS = 1_000
PART = re.compile(r"(\d{1,7})(?:\s*[-–]\s*(\d{1,7}))?")


class RowsForm(forms.Form):
    rows = forms.CharField(label=_("Rows to leave out, like 3, 7-9"), max_length=8 * MOST_ROWS)

    def clean_rows(self) -> list[int]:
        """ "3, 7-9" -> [3, 7, 8, 9]."""
        found: set[int] = set()
        for part in filter(None, re.split(r"[,;\s]*[,;][,;\s]*", self.cleaned_data["rows"])):
            match = PART.fullmatch(part.strip())
            if match is None:
                raise ValidationError(_("Write row numbers like 3, 7-9."))
            first = int(match[1])
            last = int(match[2] or first)
            if last < first or last - first >= MOST_ROWS:
                raise ValidationError(_("Write row numbers like 3, 7-9."))
            found.update(range(first, last + 1))
        if not found or len(found) > MOST_ROWS:
            raise ValidationError(_("Write row numbers like 3, 7-9."))
        return sorted(found)


class ExclusionForm(RowsForm):
    reason = forms.CharField(
        label=_("Why they are left out"), max_length=2000, widget=forms.Textarea({"rows": 2})
    )


class LeftOutRowsForm(ExclusionForm):
    """Rows of a file that does not count yet; `sheets` are those whose rows can be named."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    field_order = ("sheet", "rows", "reason")

    def __init__(self, *args: Any, sheets: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sheet"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(sheet, sheet) for sheet in sheets]
        if len(sheets) < 2:
            field.widget = forms.HiddenInput()
            field.initial = sheets[0] if sheets else ""


class TakenBackForm(RowsForm):
    sheet = forms.CharField(required=False, max_length=120, strip=False)
