"""Numbers as people type them: decimal comma or point, a percent sign, any kind of space."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

SPACES = {ord(character): None for character in " \u00a0\u202f\u2009\t"}
SIGNS = str.maketrans({"−": "-", "–": "-", ",": "."})
LONGEST = 40


def parse_number(text: str) -> Decimal | None:
    """The number in a text, None for an empty text. Raises ValueError for anything else."""
    plain = text.translate(SPACES).translate(SIGNS).rstrip("%")
    if not plain:
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not number.is_finite() or number.adjusted() > 12:
        raise ValueError(text)
    return number


def as_typed(value: float | None, *, in_percent: bool = False) -> str:
    """A stored number as a person would type it: 0.085 -> "8,5" in percent."""
    if value is None:
        return ""
    number = Decimal(repr(float(value))) * (100 if in_percent else 1)
    text = f"{number.normalize():f}"
    return text.replace(".", str(get_format("DECIMAL_SEPARATOR")))


class TypedNumberField(forms.CharField):
    """A text box for a number; gives a Decimal or None. Text keeps what phones' keypads allow."""

    default_error_messages = {"number": _("Type a number, for example 4,05.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(max_length=LONGEST, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_number(text)
        except ValueError as error:
            raise ValidationError(self.error_messages["number"], code="number") from error
