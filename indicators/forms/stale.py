"""Two people saved the same form: neither loses what they typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

STALE = _(
    "Somebody else saved this meanwhile. What they saved stands below; what you typed stands in "
    "the fields. Save again to put it in its place."
)


def keep_typed(form: forms.Form, stored: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Let the form be saved over the stored revision; the stored values that differ, by label."""
    data = form.data.copy()  # type: ignore[attr-defined]  # a bound form holds a QueryDict
    data["revision"] = str(stored["revision"])
    form.data = data
    form.add_error(None, STALE)
    return [
        (str(field.label), _shown(field, stored.get(field.name)))
        for field in form.visible_fields()
        if field.name in stored and str(stored[field.name] or "") != str(field.value() or "")
    ]


def _shown(field: forms.BoundField, value: Any) -> str:
    """A stored value as the form shows it: the word of a choice."""
    if isinstance(field.field, forms.ChoiceField):
        words = dict(field.field.choices)  # type: ignore[arg-type]  # no groups of choices here
        return str(words.get(value or "", value or "–"))
    if isinstance(field.field, forms.BooleanField):
        return str(_("yes") if value else _("no"))
    return str(value or "–")
