"""The table of a printed report, pasted."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 200_000  # characters; some two thousand lines


class FiguresForm(forms.Form):
    table = forms.CharField(
        label=_("Figures of the report"),
        max_length=LONGEST,
        strip=False,
        help_text=_(
            "Copy a table from Excel or Word: indicator, wave, value, n. A first line with the "
            "names of the columns may add more of them."
        ),
        error_messages={"required": _("Paste the figures first: one figure per line.")},
        widget=forms.Textarea(
            {"rows": 12, "class": "wide", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
