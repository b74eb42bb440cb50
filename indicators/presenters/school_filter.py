"""The form that narrows a list of schools, and what was asked for as chips."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext

from indicators.presenters.indicator_filter import Chip, Choice, Select

if TYPE_CHECKING:
    from indicators.results import SchoolChoices, SchoolFilter


@dataclass(frozen=True, slots=True)
class SchoolFilterView:
    selects: tuple[Select, ...]
    text: str
    chips: tuple[Chip, ...]
    is_active: bool


def school_filter_view(choices: SchoolChoices, wanted: SchoolFilter) -> SchoolFilterView:
    """A list of choices with fewer than two is left out: there is nothing to choose."""
    lists = (
        ("region", gettext("Region (oblast)"), choices.regions),
        ("language", gettext("Language of instruction"), choices.languages),
    )
    labels = {"text": gettext("Text"), **{name: label for name, label, _pairs in lists}}
    words = {name: dict(pairs) for name, _label, pairs in lists}
    asked = {name: value for name, value in asdict(wanted).items() if value}
    return SchoolFilterView(
        selects=tuple(
            Select(
                name,
                label,
                tuple(Choice(code, text, code == asked.get(name)) for code, text in pairs),
            )
            for name, label, pairs in lists
            if len(pairs) > 1
        ),
        text=wanted.text,
        chips=tuple(
            Chip(f"{labels[name]}: {words.get(name, {}).get(value, value)}", _without(asked, name))
            for name, value in asked.items()
        ),
        is_active=wanted.is_active,
    )


def _without(asked: dict[str, str], name: str) -> str:
    return "?" + urlencode({other: value for other, value in asked.items() if other != name})
