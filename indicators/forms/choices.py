"""Choosing an object of the project by its code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class ByCodeField(forms.ModelChoiceField):
    """A choice by code. A code with a zero byte is no code: PostgreSQL would refuse the query."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and "\x00" in value:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)
