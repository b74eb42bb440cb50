"""The form that leaves rows of a file out."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_ROWS = 1_000
PART = re.compile(r"(\d{1,7})(?:\s*[-–]\s*(\d{1,7}))?")


class ExclusionForm(forms.Form):
    rows = forms.CharField(label=_("Rows"), max_length=2000)
    reason = forms.CharField(
        label=_("Why"), max_length=2000, widget=forms.Textarea({"rows": 2}), strip=True
    )

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
